"""Expressions and conditions as SQL, in which what isn't known is NULL (see `to_sql`).

SQL's own logic of NULL is the one of `evaluate`. Where a value may not exist at all (a division by
zero, a day out of the calendar) it is NULL as well, and `surely` collects that it isn't: nothing
of the kind is passed over because something else settles a condition.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from itertools import islice
from typing import Any as AnyValue
from typing import TypeVar, assert_never

from sqlglot import exp

from . import sql_days, sql_numbers
from .days import Calendar
from .dialects import Dialect
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
    Rule,
    Shift,
    Term,
    Times,
    Type,
    Value,
)
from .python_code import may_fail
from .sql_facts import known
from .sql_numbers import FACT, LARGEST_WHOLE, Number, Size, Sql
from .sql_stages import Stages
from .sql_values import FALSE, NULL, TRUE, amount, literal, strictly, written
from .walk import facts_in

COMPARISONS: Mapping[str, Callable[[Sql, Sql], Sql]] = {
    "is": lambda left, right: left.eq(right),
    "is_not": lambda left, right: left.neq(right),
    "at_least": lambda left, right: left >= right,
    "at_most": lambda left, right: left <= right,
    "more_than": lambda left, right: left > right,
    "less_than": lambda left, right: left < right,
}
LONG = 60
"""So many parts make an expression a column: else a query grows twofold with each step."""
Written = TypeVar("Written")
NUMBERS = ("whole_number", "decimal", "money", "days", "business_days", "months")


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Writes expressions and conditions of a version; what has a name becomes a column.

    `limits` notes how large a fact may be for all that is worked out from it.
    """

    facts: Mapping[str, exp.Column]
    calendar: Calendar | None
    dialect: Dialect
    stages: Stages
    limits: dict[str, int] = field(default_factory=dict)
    surely: list[Sql] = field(default_factory=list)
    kept: dict[tuple[str, str], Sql] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)
    long: dict[Sql, Sql] = field(default_factory=dict)
    standing: dict[tuple[str, str], tuple[AnyValue, tuple[Sql, ...]]] = field(default_factory=dict)

    # ------------------------------------------------------------ values

    def value(self, expression: Expression) -> Sql:
        """Write what isn't a number, or is one as it stands in the case."""
        return self.short(self.worked_out(expression))

    def short(self, sql: Sql) -> Sql:
        """Return a long expression as a column: what is made of it may need it several times."""
        if not any(True for _ in islice(sql.walk(), LONG, None)):
            return sql
        if sql not in self.long:
            self.long[sql] = self.stages.column("part", sql)
        return self.long[sql]

    def worked_out(self, expression: Expression) -> Sql:
        """Write how a value is worked out."""
        match expression:
            case Fact(name=name):
                return self.facts[name]
            case Literal(value=known, type=kind) | Term(value=known, type=kind):
                return written(known, kind)
            case Measure(name=name, value=inner):
                return self.named("measure", name, inner, lambda: self.value(inner))
            case Shift(start, duration, sign):
                return self.shift(start, duration, sign)
            case Least(items):
                return strictly("LEAST", [self.value(item) for item in items])
            case Greatest(items):
                return strictly("GREATEST", [self.value(item) for item in items])
            case Choose() | If():
                return self.choice(expression, self.value)
            case Plus() | Minus() | Times() | DividedBy() | Rounded() | Between():
                raise AssertionError("INVARIANT: what is calculated is written as a number")
        assert_never(expression)

    def named(
        self, kind: str, name: str, node: Expression | Condition, write: Callable[[], Sql]
    ) -> Sql:
        """Return the column of what has a name; what may fail is written where it stands."""
        key = (kind, name)
        if may_fail(node):
            return exp.paren(self.anew(key, write))
        if key not in self.kept:
            self.kept[key] = self.stages.column(name, write())
        return self.kept[key]

    def anew(self, key: tuple[str, str], write: Callable[[], Written]) -> Written:
        """Return what is written where it stands, with what has to be sure there, each time."""
        if key not in self.standing:
            before = len(self.surely)
            found = write()
            self.standing[key] = found, tuple(dict.fromkeys(self.surely[before:]))
        else:
            found, surely = self.standing[key]
            self.surely.extend(surely)
        return found

    def shift(self, day: Expression, duration: Expression, sign: int) -> Sql:
        """Write a date moved by a duration."""
        start, unit = self.value(day), duration.type.kind
        if isinstance(duration, Literal | Term) and unit != "months":
            assert isinstance(duration.value, int)
            calendar = self.calendar if unit == "business_days" else None
            moved = sql_days.shift_by(start, sign * duration.value, calendar, self.dialect)
            return exp.paren(moved)
        count = self.count(duration, sign)
        match unit:
            case "months":
                moved = sql_days.shift_months(start, count, self.dialect)
            case "business_days" if self.calendar:
                moved = sql_days.shift_business_days(
                    start, count, self.calendar, self.dialect, short=self.short
                )
            case _:
                moved = sql_days.shift_days(start, count, self.dialect)
        return exp.paren(moved)

    def count(self, duration: Expression, sign: int) -> Sql:
        """Write how many days, business days or months a duration has."""
        found = self.number(duration)
        counted = sql_numbers.product(found, sql_numbers.constant(sign))
        self.limit(counted, duration)
        return sql_numbers.times(counted.above, int(counted.factor))

    def choice(self, expression: Choose | If, write: Callable[[Expression], Sql]) -> Sql:
        """Write a value that depends on something, each branch in its own way."""
        if isinstance(expression, If):
            by = exp.paren(self.truth(expression.condition))
            found = exp.case(by).when(TRUE, write(expression.then))
            return exp.paren(found.when(FALSE, write(expression.otherwise)))
        found = exp.case()
        for option, part in expression.branches.items():
            found = found.when(self.is_option(expression.by, option), write(part))
        return exp.paren(found)

    def is_option(self, by: Expression, option: Value) -> Sql:
        """Write that a choice is one of its options, or that yes or no is said."""
        if isinstance(by, Fact) and isinstance(option, str):
            return self.option(by, option)
        return exp.paren(self.value(by)).eq(literal(option))

    # ------------------------------------------------------------ numbers

    def number(self, expression: Expression) -> Number:
        """Write a number to calculate with."""
        found = self.calculated(expression)
        by = None if found.by is None else self.short(found.by)
        return replace(found, above=self.short(found.above), by=by)

    def calculated(self, expression: Expression) -> Number:
        """Write how a number is calculated."""
        match expression:
            case Fact(name=name, type=kind):
                return self.fact(self.facts[name], kind)
            case Literal(value=known) | Term(value=known):
                assert isinstance(known, int | Fraction)
                return sql_numbers.constant(known)
            case Measure():
                return self.measure(expression)
            case Plus(items):
                return sql_numbers.plus([self.number(item) for item in items])
            case Minus(left, right):
                return sql_numbers.minus(self.number(left), self.number(right))
            case Times(items):
                return reduce(sql_numbers.product, [self.number(item) for item in items])
            case DividedBy(left, right):
                return sql_numbers.quotient(self.number(left), self.number(right))
            case Rounded(inner, to, mode):
                return sql_numbers.rounded(self.number(inner), to, mode)
            case Least(items):
                return self.extreme("LEAST", items)
            case Greatest(items):
                return self.extreme("GREATEST", items)
            case Between(start, end):
                return self.between(expression, start, end)
            case Choose() | If():
                return self.chosen(expression)
            case Shift():
                raise AssertionError("INVARIANT: a date is no number")
        assert_never(expression)

    def fact(self, column: Sql, kind: Type) -> Number:
        """Write a fact in its smallest unit; DuckDB multiplies it with all its digits."""
        if kind.kind not in ("decimal", "money"):
            return Number(column, FACT)
        unit = 10**kind.scale
        above = exp.cast(sql_numbers.times(column, unit), "BIGINT")
        return Number(above, FACT, Fraction(1, unit), limit=LARGEST_WHOLE // unit)

    def measure(self, measure: Measure) -> Number:
        """Write a number that has a name, as columns of whole numbers."""
        if may_fail(measure):
            return self.anew(("number", measure.name), lambda: self.number(measure.value))
        if measure.name not in self.numbers:
            found = self.number(measure.value)
            column = self.stages.column(measure.name, found.above)
            self.numbers[measure.name] = Number(column, found.size, found.factor, limit=found.limit)
            self.limit(found, measure)
        return self.numbers[measure.name]

    def extreme(self, function: str, items: Sequence[Expression]) -> Number:
        """Write the smallest or the largest of several numbers."""
        share, numbers = sql_numbers.in_order([self.number(item) for item in items])
        return self.one_of_these(numbers, share, strictly(function, [one.above for one in numbers]))

    def one_of_these(self, numbers: Sequence[Number], share: Fraction, above: Sql) -> Number:
        """Return a number that is one of several, which are alike."""
        size = reduce(Size.__add__, [one.size for one in numbers])
        by, by_size = numbers[0].by, numbers[0].by_size
        return sql_numbers.limited(Number(above, size, share, by, by_size), *numbers)

    def between(self, between: Between, start: Expression, end: Expression) -> Number:
        """Write how many units lie between two dates."""
        first, last = self.value(start), self.value(end)
        match between.type.kind:
            case "months":
                found = sql_days.months_between(first, last, self.dialect)
            case "business_days" if self.calendar:
                found = sql_days.business_days_between(first, last, self.calendar, self.dialect)
            case _:
                found = sql_days.days_between(first, last, self.dialect)
        return Number(exp.paren(found), Size(sql_days.LAST))

    def chosen(self, expression: Choose | If) -> Number:
        """Write a number that depends on something."""
        parts: list[Number] = []

        def write(part: Expression) -> Sql:
            parts.append(self.number(part))
            return NULL

        self.choice(expression, write)
        share, alike = sql_numbers.alike(parts)
        ahead = iter(alike)
        return self.one_of_these(alike, share, self.choice(expression, lambda _: next(ahead).above))

    def limit(self, found: Number, *nodes: Expression) -> None:
        """Note how large the facts may be from which a number is worked out."""
        for name in facts_in(*nodes):
            self.limits[name] = min(self.limits.get(name, found.limit), found.limit)

    # ------------------------------------------------------------ outputs

    def output(self, expression: Expression, output: Output) -> Sql:
        """Write an output: money and decimals with all their digits, and rounded if need be."""
        kind = output.type
        match expression:
            case Measure(value=inner) if kind.kind in NUMBERS:
                return self.output(inner, output)
            case Choose() | If() if kind.kind in NUMBERS:
                return self.choice(expression, lambda part: self.output(part, output))
            case Fact(type=own) if own.kind == kind.kind and own.scale == kind.scale:
                return self.facts[expression.name]
        if kind.kind not in NUMBERS:
            return self.value(expression)
        scaled = sql_numbers.product(self.number(expression), sql_numbers.constant(10**kind.scale))
        found = sql_numbers.to_whole(scaled)
        self.limit(found, expression)
        return amount(found.above, kind)

    # ------------------------------------------------------------ conditions

    def truth(self, condition: Condition) -> Sql:
        """Write a condition."""
        match condition:
            case Compare(left, operator, Literal(value=bool() as wanted)):
                held = (operator == "is") == wanted
                return self.value(left) if held else exp.not_(self.value(left))
            case Compare(left, operator, right):
                return self.compared(left, operator, right)
            case OneOf(left, options):
                items = [self.compared(left, "is", option) for option in options]
                return exp.paren(exp.or_(*items))
            case All(items):
                return exp.and_(*(self.truth(item) for item in items)) if items else TRUE
            case Any(items):
                return exp.paren(exp.or_(*(self.truth(item) for item in items))) if items else FALSE
            case Not(item):
                return exp.not_(exp.paren(self.truth(item)))
            case Named(name=name, condition=inner):
                return self.named("condition", name, inner, lambda: self.truth(inner))
        assert_never(condition)

    def applies(self, rule: Rule) -> Sql:
        """Return the column of whether a rule applies."""
        return self.stages.column(rule.name, self.truth(rule.when))

    def compared(self, left: Expression, operator: str, right: Expression) -> Sql:
        """Write a comparison; one in which something may have no value has to be known."""
        found = self.short(self.comparison(left, operator, right))
        if may_fail(left) or may_fail(right):
            self.surely.append(known(found))
        return found

    def comparison(self, left: Expression, operator: str, right: Expression) -> Sql:
        """Write a comparison; of an option with a choice it is a column, as it comes again."""
        compare = COMPARISONS[operator]
        if isinstance(left, Fact) and isinstance(right, Literal) and isinstance(right.value, str):
            found = self.option(left, right.value)
            return found if operator == "is" else exp.not_(found)
        if left.type.kind not in NUMBERS or as_it_stands(left, right):
            return compare(self.value(left), self.scaled(right, left.type))
        _, sides = sql_numbers.in_order((self.number(left), self.number(right)))
        for side in sides:
            self.limit(side, left, right)
        return compare(sides[0].above, sides[1].above)

    def scaled(self, right: Expression, kind: Type) -> Sql:
        """Write the right side of a comparison with the digits of the left one."""
        if isinstance(right, Literal | Term) and kind.kind in NUMBERS:
            return written(right.value, kind)
        return self.value(right)

    def option(self, fact: Fact, option: str) -> Sql:
        """Return the column of whether a choice is one of its options."""
        key = (fact.name, option)
        if key not in self.kept:
            sql = self.facts[fact.name].eq(literal(option))
            self.kept[key] = self.stages.column(f"{fact.name}_is_{option}", sql)
        return self.kept[key]


def as_it_stands(left: Expression, right: Expression) -> bool:
    """Return whether two numbers can be compared as they stand in a case."""
    if not isinstance(left, Fact):
        return False
    if isinstance(right, Literal | Term):
        assert isinstance(right.value, int | Fraction)
        return Fraction(10**left.type.scale * right.value).denominator == 1
    return isinstance(right, Fact) and right.type.scale == left.type.scale
