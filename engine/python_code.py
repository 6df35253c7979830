"""Expressions and conditions as Python code, in which all names are made here (see `to_python`)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import assert_never

from .decide import given
from .model import (
    All,
    Any,
    Between,
    Choose,
    Compare,
    Condition,
    DividedBy,
    Expression,
    Fact,
    Greatest,
    If,
    Least,
    Literal,
    Measure,
    Minus,
    Named,
    Not,
    OneOf,
    Output,
    Plus,
    Rounded,
    Shift,
    Term,
    Times,
    Type,
    Value,
)
from .walk import Node, within

OPERATORS: Mapping[str, str] = {
    "is": "==",
    "is_not": "!=",
    "at_least": ">=",
    "at_most": "<=",
    "more_than": ">",
    "less_than": "<",
}
EXACT = ("money", "decimal")


def grouped(code: str) -> str:
    """Return code that stays together wherever it is put."""
    return code if code.isidentifier() else f"({code})"


def several(items: Iterable[str]) -> str:
    """Return code for a tuple.

    >>> several(["f0"])
    '(f0,)'
    """
    found = list(items)
    return f"({', '.join(found)}{',' * (len(found) == 1)})"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes expressions and conditions; what has a name becomes a line of its own."""

    facts: Mapping[str, str]
    calendar: bool
    constants: dict[str, str] = field(default_factory=dict)
    names: dict[tuple[str, str, bool], str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    def write(self, *lines: str) -> None:
        """Add lines to what is written."""
        self.lines.extend(lines)

    def written(self) -> list[str]:
        """Return the lines that were written, and start anew."""
        found = list(self.lines)
        self.lines.clear()
        return found

    def constant(self, known: Value | Decimal) -> str:
        """Write a value, under a name unless Python has a literal for it."""
        match known:
            case bool() | str():
                return repr(known)
            case int():
                return repr(known) if known >= 0 else f"({known})"
            case date():
                code = f"date({known.year}, {known.month}, {known.day})"
            case Decimal() | Fraction():
                code = repr(known)
        return self.constants.setdefault(code, f"K{len(self.constants)}")

    def worked_out(self, condition: Condition) -> str:
        """Write a condition as a line of its own, and return its name."""
        return self.line(self.truth(condition))

    def line(self, code: str, said: str = "") -> str:
        """Write a line that keeps what some code is worth, and return its name."""
        name = f"m{next(self.numbers)}"
        self.write(f"{name} = {code}" + (said and f"  # {said!r}"))
        return name

    def named(self, node: Measure | Named, write: Callable[[], str], *, exact: bool) -> str:
        """Return the name of what is worked out once; what may fail is written where it stands."""
        if may_fail(node):
            return grouped(write())
        key = (type(node).__name__, node.name, exact)
        if key not in self.names:
            code = write()
            self.names[key] = code if code.isidentifier() else self.line(code, node.name)
        return self.names[key]

    # ------------------------------------------------------------ expressions

    def value(self, expression: Expression, *, exact: bool) -> str:
        """Write an expression; money and decimals as Fractions where that has to be exact."""
        match expression:
            case Fact(name=name, type=kind):
                return (
                    f"Fraction({self.facts[name]})" if exact and number(kind) else self.facts[name]
                )
            case Literal(value=known, type=kind) | Term(value=known, type=kind):
                plain = given(known, kind) if number(kind) and not exact else known
                return self.constant(plain)
            case Measure(value=inner):
                write = lambda: self.value(inner, exact=exact)  # noqa: E731 - one expression
                return self.named(expression, write, exact=exact)
            case Plus(items):
                return f"({' + '.join(self.all_exact(items))})"
            case Minus(left, right):
                return f"({' - '.join(self.all_exact((left, right)))})"
            case Times(items):
                return f"({' * '.join(self.all_exact(items))})"
            case DividedBy(left, right):
                return f"divide({', '.join(self.all_exact((left, right)))})"
            case Rounded(inner, to, mode, kind):
                code = f"round_to({self.value(inner, exact=True)}, {self.constant(to)}, {mode!r})"
                return f"int({code})" if kind.kind == "whole_number" else code
            case Least(items):
                return f"min({several(self.value(item, exact=exact) for item in items)})"
            case Greatest(items):
                return f"max({several(self.value(item, exact=exact) for item in items)})"
            case Shift(day, duration, sign):
                return self.shift(day, duration, sign)
            case Between(start, end):
                return self.between(expression, start, end)
            case Choose() | If():
                return f"({self.choice(expression, lambda part: self.value(part, exact=exact))})"
        assert_never(expression)

    def all_exact(self, items: Sequence[Expression]) -> list[str]:
        """Write what is calculated with."""
        return [self.value(item, exact=True) for item in items]

    def shift(self, day: Expression, duration: Expression, sign: int) -> str:
        """Write a date moved by a duration."""
        start, count = self.value(day, exact=False), self.value(duration, exact=False)
        signed = count if sign > 0 else f"-{grouped(count)}"
        match duration.type.kind:
            case "months":
                return f"shift_months({start}, {signed})"
            case "business_days" if self.calendar:
                return f"shift_business_days({start}, {signed}, calendar)"
            case _:
                return f"shift_days({start}, {signed})"

    def between(self, between: Between, start: Expression, end: Expression) -> str:
        """Write how many units lie between two dates."""
        first, last = self.value(start, exact=False), self.value(end, exact=False)
        match between.type.kind:
            case "months":
                return f"months_between({first}, {last})"
            case "business_days" if self.calendar:
                return f"business_days_between({first}, {last}, calendar)"
            case _:
                return f"({last}.toordinal() - {first}.toordinal())"

    def choice(self, expression: Choose | If, write: Callable[[Expression], str]) -> str:
        """Write a value that depends on something, each branch in its own way."""
        # Branches stand one after the other: Python reads only so many brackets in each other.
        if isinstance(expression, If):
            holds, otherwise = self.truth(expression.condition), expression.otherwise
            last = self.choice(otherwise, write) if isinstance(otherwise, If) else write(otherwise)
            return f"{write(expression.then)} if {grouped(holds)} else {last}"
        by = self.value(expression.by, exact=False)
        *first, (_, other) = expression.branches.items()
        ifs = [f"{write(part)} if {by} == {self.constant(option)} else" for option, part in first]
        return " ".join([*ifs, write(other)])

    def output(self, expression: Expression, output: Output) -> str:
        """Write an output: money and decimals with all their digits, and rounded if need be."""
        kind = output.type
        match expression:
            case Measure(value=inner) if number(kind):
                return self.output(inner, output)
            case Choose() | If() if number(kind):
                return f"({self.choice(expression, lambda part: self.output(part, output))})"
            case Fact(type=own) if number(kind) and number(own) and own.scale == kind.scale:
                return self.value(expression, exact=False)
        if not number(kind):
            return self.value(expression, exact=not plain(expression))
        number_, parts = self.ratio(expression)
        return f"amount({number_}, {parts}, {kind.scale})"

    def ratio(self, expression: Expression) -> tuple[str, str]:
        """Write an exact number as two whole ones; where it has no value the second one is 0."""
        match expression:
            case Measure(value=inner):
                return self.ratio(inner)
            case Fact(type=kind) if number(kind):
                code = self.line(f"{self.facts[expression.name]}.as_integer_ratio()")
                return f"{code}[0]", f"{code}[1]"
            case Times(items):
                above, below = zip(*(self.ratio(item) for item in items), strict=True)
                return product(*above), product(*below)
            case DividedBy(left, right) if not may_fail(right):
                (a, b), (c, d) = self.ratio(left), self.ratio(right)
                return product(a, d), product(b, c)
        code = self.value(expression, exact=True)
        if not number(expression.type) and not isinstance(expression, DividedBy):
            return code, "1"
        code = self.line(code)
        return f"{code}.numerator", f"{code}.denominator"

    # ------------------------------------------------------------ conditions

    def truth(self, condition: Condition) -> str:
        """Write a condition."""
        match condition:
            case Compare(left, operator, Literal(value=bool() as wanted)):
                held = (operator == "is") == wanted
                code = self.value(left, exact=False)
                return code if held else f"not {code}"
            case Compare(left, operator, right):
                exact = not (plain(left) and plain(right))
                sides = [self.value(side, exact=exact) for side in (left, right)]
                return f" {OPERATORS[operator]} ".join(sides)
            case OneOf(left, options):
                exact = not all(plain(side) for side in (left, *options))
                found = several(self.value(option, exact=exact) for option in options)
                return f"{self.value(left, exact=exact)} in {found}"
            case All(items):
                return self.joined("and", "&", items) or "True"
            case Any(items):
                return self.joined("or", "|", items) or "False"
            case Not(item):
                return f"not {grouped(self.truth(item))}"
            case Named(condition=inner):
                return self.named(condition, lambda: self.truth(inner), exact=False)
        assert_never(condition)

    def joined(self, word: str, strict: str, items: Sequence[Condition]) -> str:
        """Write several conditions as one; all are looked at where one may have no value."""
        between = strict if any(may_fail(item) for item in items) else word
        return f" {between} ".join(grouped(self.truth(item)) for item in items)


def product(*factors: str) -> str:
    """Write a product of whole numbers.

    >>> product("f0", "1", "f1")
    'f0 * f1'
    """
    return " * ".join(factor for factor in factors if factor != "1") or "1"


def number(kind: Type) -> bool:
    """Return whether values of a type are exact numbers with digits after the point."""
    return kind.kind in EXACT


def plain(expression: Expression) -> bool:
    """Return whether nothing is calculated with money or decimals: Decimals are compared then."""
    if not number(expression.type):
        return True
    match expression:
        case Fact() | Literal() | Term():
            return True
        case Measure(value=inner):
            return plain(inner)
        case Least(items) | Greatest(items):
            return all(plain(item) for item in items)
        case Choose(branches=branches):
            return all(plain(part) for part in branches.values())
        case If(then=then, otherwise=otherwise):
            return plain(then) and plain(otherwise)
        case _:
            return False


def may_fail(node: Node) -> bool:
    """Return whether a value may not exist: a division by zero, a day out of the calendar."""
    return any(isinstance(part, DividedBy | Shift) for part in within(node))
