"""The days on which one comparison turns, as a date fact moves on and all others stay.

For comparisons outside the fragment that `atoms` describes, such as those in months or business
days. Where both sides only rise or only fall as the days pass, there is at most one such day, and
it is found exactly by halving. Others are looked at day by day, for SCANNED days.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from .errors import CalculationError
from .evaluate import Case, truth, value
from .model import (
    Between,
    Compare,
    DividedBy,
    Expression,
    Fact,
    Greatest,
    Least,
    Measure,
    Minus,
    OneOf,
    Plus,
    Rounded,
    Shift,
    Times,
)
from .walk import facts_in

END = date(9000, 1, 1)
"""Later days count as never: sums of days stay inside the calendar, and 9999-12-31 is no day."""
SCANNED = 3660

State = bool | None | str


def turns(comparison: Compare | OneOf, clock: str, case: Case) -> Iterator[date]:
    """Yield the days after the clock's on which a comparison turns, true to false or back."""
    for part in simpler(comparison):
        if one_way(part, clock, case):
            yield from halved(stated(part, clock, case), today(clock, case), END)
        else:
            yield from scanned(stated(part, clock, case), today(clock, case))


def today(clock: str, case: Case) -> date:
    """Return the day on which the clock of a case stands."""
    day = case.facts[clock]
    assert isinstance(day, date)
    return day


def stated(comparison: Compare | OneOf, clock: str, case: Case) -> Callable[[date], State]:
    """Return what tells whether a comparison holds on a day, or which error it makes."""

    def state(day: date) -> State:
        try:
            return truth(comparison, replace(case, facts={**case.facts, clock: day}))
        except CalculationError as error:
            return str(error)

    return state


def halved(state: Callable[[date], State], low: date, high: date) -> Iterator[date]:
    """Yield the days on which a state changes that never comes back."""
    if low >= high or state(low) == state(high):
        return
    before, step = low, timedelta(days=32)
    while before + step < high and state(before + step) == state(low):
        before, step = before + step, 2 * step
    after = min(before + step, high)
    while (middle := before + (after - before) // 2) != before:
        before, after = (middle, after) if state(middle) == state(low) else (before, middle)
    yield after
    yield from halved(state, after, high)


def scanned(state: Callable[[date], State], low: date) -> Iterator[date]:
    """Yield the days of the next years on which a state changes."""
    before = state(low)
    for days in range(1, min(SCANNED, (END - low).days) + 1):
        now = state(low + timedelta(days))
        if now != before:
            yield low + timedelta(days)
        before = now


# ---------------------------------------------------------------- what rises or falls


def simpler(comparison: Compare | OneOf) -> Iterable[Compare | OneOf]:
    """Yield comparisons that turn whenever this one does, with an order where there is one."""
    match comparison:
        case OneOf(left, options) if ordered(left):
            for option in options:
                yield from simpler(Compare(left, "is", option))
        case Compare(left, "is" | "is_not", right) if ordered(left):
            yield Compare(left, "at_least", right)
            yield Compare(left, "at_most", right)
        case _:
            yield comparison


def ordered(expression: Expression) -> bool:
    """Return whether values of an expression are less or more."""
    return expression.type.kind not in ("choice", "yes_no", "text")


def one_way(comparison: Compare | OneOf, clock: str, case: Case) -> bool:
    """Return whether a comparison turns at most once, as the days pass."""
    match comparison:
        case Compare(left, "at_least" | "at_most" | "more_than" | "less_than", right):
            return slope([left], [right], clock, case) is not None
        case _:
            return False


def slope(
    up: Iterable[Expression], down: Iterable[Expression], clock: str, case: Case
) -> int | None:
    """Return 1 when a difference never falls as the days pass, -1 when it never rises, else None.

    It is 0 when it stays as it is.
    """
    found = {rise(item, clock, case) for item in up}
    found |= {None if (way := rise(item, clock, case)) is None else -way for item in down}
    found.discard(0)
    return found.pop() if len(found) == 1 else None if found else 0


def rise(expression: Expression, clock: str, case: Case) -> int | None:
    """Return 1 when a value never falls as the days pass, -1 when it never rises, else None."""
    if clock not in facts_in(expression):
        return 0
    match expression:
        case Fact():
            return 1
        case Measure(value=inner) | Rounded(value=inner):
            return rise(inner, clock, case)
        case Plus(items) | Least(items) | Greatest(items):
            return slope(items, (), clock, case)
        case Minus(left, right):
            return slope([left], [right], clock, case)
        case Between(start, end):
            return slope([end], [start], clock, case)
        case Shift(day, duration, sign):
            both = ([day, duration], []) if sign > 0 else ([day], [duration])
            return slope(*both, clock, case)
        case Times(items) if len(moving := [x for x in items if clock in facts_in(x)]) == 1:
            still = [item for item in items if item is not moving[0]]
            return signed(rise(moving[0], clock, case), still, case)
        case DividedBy(left, right) if clock not in facts_in(right):
            return signed(rise(left, clock, case), [right], case)
        case _:
            return None


def signed(way: int | None, factors: Iterable[Expression], case: Case) -> int | None:
    """Return the way that a value goes when it is multiplied by factors that stay."""
    for factor in factors:
        known = value(factor, case)
        if way is None or not isinstance(known, int | Fraction):
            return None
        way = way if known >= 0 else -way
    return way
