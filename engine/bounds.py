"""What follows, in whole steps, from a comparison outside the fragment: bounds `x - y <= c`.

A month has between 28 and 31 days, and three business days take at least three days. The compared
expression itself is bounded too, under a name of its own, so that several comparisons of it keep
to their order. All of this follows, and isn't the same: it excludes cases that can't be, no others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import TypeAlias

from .errors import CalculationError
from .evaluate import Case, value
from .model import Between, Compare, Expression, Fact, Measure, OneOf, Rounded, Shift
from .space import ZERO, Space
from .walk import facts_in, within

Bound: TypeAlias = tuple[str, str, int]
"""Names x and y with the most that x - y can be."""

VALUE_OF = "the value of "
"""How the names of expressions begin; no fact has such a name."""
WHOLE = ("days", "business_days", "months", "whole_number", "date")
FINE = Fraction(1, 10**12)


@dataclass(frozen=True, slots=True)
class Reach:
    """A date between two that lie so many days after a fact, or after day 0 (ZERO)."""

    name: str
    earliest: int | None
    latest: int | None


def of_facts(space: Space) -> Space:
    """Return what a space says of facts, without the values of expressions.

    Nothing is lost with these: they are bounded by constants alone.
    """
    rows = space.limits.items()
    limits = {
        x: {y: c for y, c in row.items() if not y.startswith(VALUE_OF)}
        for x, row in rows
        if not x.startswith(VALUE_OF)
    }
    return Space(limits, space.options)


@lru_cache(maxsize=10_000)
def bounds_of(comparison: Compare | OneOf, of: str, *, holds: bool) -> tuple[Bound, ...]:
    """Return what follows when a comparison holds, or fails; `of` names another case than ours."""
    match comparison:
        case Compare(left, "at_least", right):
            return tuple(of_order(left, right, of, holds=holds))
        case Compare(left, "is", right) if holds:
            ways = (left, right), (right, left)
            return tuple(bound for way in ways for bound in of_order(*way, of, holds=True))
        case _:
            return ()


def of_order(left: Expression, right: Expression, of: str, *, holds: bool) -> Iterator[Bound]:
    """Yield what follows from left >= right, or from left < right."""
    for side, other, least in ((left, right, holds), (right, left, not holds)):
        limit = constant(other)
        if limit is not None:
            yield of_value(side, limit, of, least=least, strict=not holds)
            yield from () if of else of_count(side, limit, least=least, strict=not holds)
    if left.type.kind == "date" and not of:
        later, earlier = (left, right) if holds else (right, left)
        yield from apart(reach(earlier), reach(later), 0 if holds else -1)


def constant(expression: Expression) -> Fraction | None:
    """Return what an expression without facts is worth; a date counts its days.

    Business days are left out: they need a calendar.
    """
    kinds = {node.type.kind for node in within(expression) if isinstance(node, Expression)}
    if facts_in(expression) or ("business_days" in kinds and expression.type.kind == "date"):
        return None
    try:
        known = value(expression, Case({}))
    except CalculationError:
        return None
    day_or_number = known.toordinal() if isinstance(known, date) else known
    return None if isinstance(day_or_number, str | None) else Fraction(day_or_number)


def of_value(
    expression: Expression, limit: Fraction, of: str, *, least: bool, strict: bool
) -> Bound:
    """Return the bound of an expression's value, in whole steps of it (rounded down to these)."""
    inner = expression
    while isinstance(inner, Measure):
        inner = inner.value
    whole = inner.type.kind in WHOLE
    step = inner.to if isinstance(inner, Rounded) else Fraction(1) if whole else FINE
    name, steps = f"{VALUE_OF}{of} {inner!r}", limit / step
    if not least:
        return name, ZERO, ceil(steps) - 1 if strict else floor(steps)
    if whole or isinstance(inner, Rounded):
        return ZERO, name, -(floor(steps) + 1 if strict else ceil(steps))
    return ZERO, name, -floor(steps)


def of_count(
    expression: Expression, limit: Fraction, *, least: bool, strict: bool
) -> Iterator[Bound]:
    """Yield how far two dates are apart when months or business days between them are bounded."""
    while isinstance(expression, Measure):
        expression = expression.value
    if not isinstance(expression, Between):
        return
    start, end = reach(expression.start), reach(expression.end)
    business = expression.type.kind == "business_days"
    if least:  # count >= n
        n = floor(limit) + 1 if strict else ceil(limit)
        if n >= 1:
            yield from apart(start, end, -(n if business else shortest(n)))
        elif not business:
            yield from apart(start, end, longest(1 - n) - 1)
    else:  # count < n
        n = ceil(limit) if strict else floor(limit) + 1
        if n < 1:
            yield from apart(end, start, -(1 - n if business else shortest(1 - n)))
        elif not business:
            yield from apart(end, start, longest(n) - 1)


def apart(earlier: Reach | None, later: Reach | None, most: int) -> Iterator[Bound]:
    """Yield the bound between two facts when one date less another one is at most so many days."""
    if earlier and later and earlier.earliest is not None and later.latest is not None:
        yield earlier.name, later.name, most - earlier.earliest + later.latest


def reach(expression: Expression) -> Reach | None:
    """Return how far from which fact a date lies at least and at most."""
    known = constant(expression)
    if known is not None:
        return Reach(ZERO, int(known), int(known))
    match expression:
        case Fact(name=name):
            return Reach(name, 0, 0)
        case Measure(value=inner):
            return reach(inner)
        case Shift(start, duration, sign):
            base, count = reach(start), constant(duration)
            if base is None or count is None:
                return None
            return moved(base, duration.type.kind, sign * int(count))
        case _:
            return None


def moved(base: Reach, kind: str, count: int) -> Reach:
    """Return how far a date lies that is moved by days, business days or months."""
    low: int | None = count
    high: int | None = count
    if kind == "months":
        low, high = shortest(count), longest(count)
    elif kind == "business_days":
        low, high = (count, None) if count > 0 else (None, count) if count < 0 else (0, 0)
    return Reach(base.name, total(base.earliest, low), total(base.latest, high))


def total(*days: int | None) -> int | None:
    """Return the sum, or None where one of them is unlimited."""
    known = [count for count in days if count is not None]
    return sum(known) if len(known) == len(days) else None


def shortest(months: int) -> int:
    """Return how many days so many months take at least."""
    if months < 0:
        return -longest(-months)
    years, rest = divmod(months, 12)
    return 365 * years + 28 * rest


def longest(months: int) -> int:
    """Return how many days so many months take at most."""
    if months < 0:
        return -shortest(-months)
    years, rest = divmod(months, 12)
    return 366 * years + 31 * rest
