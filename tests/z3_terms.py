"""Expressions and conditions as terms of z3: the model once more, by someone who doubts it.

Independent of the analysis on purpose: it reads `engine/model.py` and the page of the language,
and nothing that decides comparisons.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import assert_never

import z3
from z3_numbers import (
    LAST_DAY,
    TRUE,
    Content,
    Number,
    UnsupportedError,
    Whole,
    as_truth,
    compared,
    constant,
    counted,
    either,
    every,
    minus,
    moved,
    opposite,
    plus,
    product,
    quotient,
    rounded,
    same,
    some,
    times,
    whether,
)

from refund_policy.engine.days import Calendar
from refund_policy.engine.model import (
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
    Plus,
    Rounded,
    Shift,
    Term,
    Times,
    Type,
    Value,
)


@dataclass(frozen=True, slots=True)
class Worth:
    """What an expression or a condition is worth, and when it has a value at all."""

    content: Content
    defined: z3.BoolRef = TRUE


# ---------------------------------------------------------------- the translation


@dataclass(slots=True)
class Translation:
    """Translates the nodes of one version; `facts` are its facts as terms."""

    facts: Mapping[str, Content]
    calendar: Calendar | None
    seen: dict[int, tuple[object, Worth]] = field(default_factory=dict)

    def value(self, expression: Expression) -> Worth:
        """Return what an expression is worth."""
        return self.once(expression, self.value_of)

    def truth(self, condition: Condition) -> Worth:
        """Return when a condition holds."""
        return self.once(condition, self.truth_of)

    def once(self, node: Expression | Condition, read: Callable[..., Worth]) -> Worth:
        if id(node) not in self.seen:
            self.seen[id(node)] = (node, read(node))
        return self.seen[id(node)][1]

    def value_of(self, expression: Expression) -> Worth:
        match expression:
            case Fact(name=name):
                return Worth(self.facts[name])
            case Literal(value=known) | Term(value=known):
                return Worth(constant(known))
            case Measure(value=inner):
                return self.value(inner)
            case Plus(items):
                return self.joined(plus, items)
            case Minus(left, right):
                return self.joined(minus, (left, right))
            case Times(items):
                return self.joined(product, items)
            case DividedBy(left, right):
                return self.divided(left, right)
            case Rounded(inner, to, mode):
                found = self.value(inner)
                return Worth(rounded(number(found), to, mode), found.defined)
            case Least(items):
                return self.joined(lambda a, b: either(compared(a, "at_most", b), a, b), items)
            case Greatest(items):
                return self.joined(lambda a, b: either(compared(a, "at_least", b), a, b), items)
            case Shift(day, duration, sign):
                return self.shifted(day, duration, sign)
            case Between(start, end, kind):
                return self.between(start, end, kind)
            case Choose(by, branches):
                return self.chosen(by, branches)
            case If(condition, then, otherwise):
                return branch(self.truth(condition), self.value(then), self.value(otherwise))
        assert_never(expression)

    def joined(
        self, join: Callable[[Number, Number], Content], items: Sequence[Expression]
    ) -> Worth:
        found = [self.value(item) for item in items]
        defined = every([worth.defined for worth in found])
        content: Content = reduce(join, map(number, found))  # type: ignore[arg-type]
        return Worth(content, defined)

    def divided(self, left: Expression, right: Expression) -> Worth:
        one, other = self.value(left), self.value(right)
        divisor = number(other)
        exists = as_truth(divisor.top != 0)
        defined = every([one.defined, other.defined, exists])
        return Worth(quotient(number(one), divisor), defined)

    def shifted(self, day: Expression, duration: Expression, sign: int) -> Worth:
        kind = calculable(duration.type.kind)
        one, other = self.value(day), self.value(duration)
        found = moved(number(one).top, times(sign, whole(other)), kind, self.calendar)
        inside = every([as_truth(found >= 1), as_truth(found <= LAST_DAY)])
        return Worth(Number(found), every([one.defined, other.defined, inside]))

    def between(self, start: Expression, end: Expression, kind: Type) -> Worth:
        one, other = self.value(start), self.value(end)
        unit = calculable(kind.kind)
        found = counted(number(one).top, number(other).top, unit, self.calendar)
        return Worth(Number(found), every([one.defined, other.defined]))

    def chosen(self, by: Expression, branches: Mapping[Value, Expression]) -> Worth:
        key = self.value(by)
        (_, last), *others = [(known, self.value(inner)) for known, inner in branches.items()]
        for known, worth in others:
            last = branch(Worth(same(key.content, constant(known))), worth, last)
        return Worth(last.content, every([key.defined, last.defined]))

    def truth_of(self, condition: Condition) -> Worth:
        match condition:
            case Compare(left, name, right):
                one, other = self.value(left), self.value(right)
                holds = compared(one.content, name, other.content)
                return Worth(holds, every([one.defined, other.defined]))
            case OneOf(left, options):
                one, others = self.value(left), [self.value(option) for option in options]
                holds = some([same(one.content, other.content) for other in others])
                return Worth(holds, every([one.defined, *(other.defined for other in others)]))
            case All(items):
                found = [self.truth(item) for item in items]
                return Worth(every(contents(found)), every([part.defined for part in found]))
            case Any(items):
                found = [self.truth(item) for item in items]
                return Worth(some(contents(found)), every([part.defined for part in found]))
            case Not(item):
                inner = self.truth(item)
                return Worth(opposite(inner.content), inner.defined)
            case Named(condition=inner_condition):
                return self.truth(inner_condition)
        assert_never(condition)


def branch(holds: Worth, one: Worth, other: Worth) -> Worth:
    """Return the worth of what is taken: the other one may have no value."""
    content = either(holds.content, one.content, other.content)
    defined = whether(holds.content, one.defined, other.defined)
    return Worth(content, every([holds.defined, defined]))


def contents(found: Sequence[Worth]) -> list[z3.BoolRef]:
    """Return the truths of conditions."""
    return [worth.content for worth in found]


def number(worth: Worth) -> Number:
    """Return the content of a number, an amount, a duration or a day."""
    assert isinstance(worth.content, Number), "INVARIANT: types were checked while reading"
    return worth.content


def whole(worth: Worth) -> Whole:
    """Return the content of a duration, which is whole."""
    found = number(worth)
    if not isinstance(found.over, int) or found.over != 1:
        raise UnsupportedError("parts of days")
    return found.top


def calculable(unit: str) -> str:
    """Return a unit of days; months and years follow the calendar."""
    if unit not in ("days", "business_days"):
        raise UnsupportedError(unit)
    return unit
