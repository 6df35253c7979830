"""Truths, numbers, days and choices as terms of z3.

Everything is a whole number or a truth, so that z3 needs no real numbers:

    yes_no                    a truth
    choice                    a truth for each option, of which exactly one holds
    date                      days since 0001-01-01, which is 1
    numbers, money, durations `top` over `over`, which is above zero
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from typing import TypeAlias

import z3

from refund_policy.engine.days import Calendar
from refund_policy.engine.model import Operator, Rounding, Type, Value

TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)  # noqa: FBT003 - the truth itself
LAST_DAY = date.max.toordinal()
Whole: TypeAlias = "z3.ArithRef | int"


class UnsupportedError(Exception):
    """The question holds something that this translation leaves out."""


@dataclass(frozen=True, slots=True)
class Number:
    """A rational number, or an ordinal of a day."""

    top: Whole
    over: Whole = 1


Options: TypeAlias = Mapping[str, z3.BoolRef]
Content: TypeAlias = "z3.BoolRef | Options | Number"


# ---------------------------------------------------------------- truths


def every(parts: Sequence[z3.BoolRef]) -> z3.BoolRef:
    """Return the conjunction, without what always holds."""
    kept = [part for part in parts if not z3.is_true(part)]
    if any(z3.is_false(part) for part in kept):
        return FALSE
    return z3.And(*kept) if len(kept) > 1 else kept[0] if kept else TRUE


def some(parts: Sequence[z3.BoolRef]) -> z3.BoolRef:
    """Return the disjunction, without what never holds."""
    kept = [part for part in parts if not z3.is_false(part)]
    if any(z3.is_true(part) for part in kept):
        return TRUE
    return z3.Or(*kept) if len(kept) > 1 else kept[0] if kept else FALSE


def opposite(part: z3.BoolRef) -> z3.BoolRef:
    """Return the negation."""
    return FALSE if z3.is_true(part) else TRUE if z3.is_false(part) else z3.Not(part)


def as_truth(known: "z3.BoolRef | bool") -> z3.BoolRef:
    """Return a comparison of two constants as a term as well."""
    return z3.BoolVal(known) if isinstance(known, bool) else known


# ---------------------------------------------------------------- numbers


def times(one: Whole, other: Whole) -> Whole:
    """Return the product, left alone by a factor of one."""
    if isinstance(one, int) and one == 1:
        return other
    return one if isinstance(other, int) and other == 1 else one * other


def alike(one: Number, other: Number) -> tuple[Whole, Whole, Whole]:
    """Return both numerators over one denominator, and that."""
    if isinstance(one.over, int) and isinstance(other.over, int):
        over = lcm(one.over, other.over)
        return times(one.top, over // one.over), times(other.top, over // other.over), over
    return times(one.top, other.over), times(other.top, one.over), times(one.over, other.over)


def plus(one: Number, other: Number) -> Number:
    """Return the sum."""
    left, right, over = alike(one, other)
    return Number(left + right, over)


def minus(one: Number, other: Number) -> Number:
    """Return the difference."""
    left, right, over = alike(one, other)
    return Number(left - right, over)


def product(one: Number, other: Number) -> Number:
    """Return the product in lowest terms, as far as they are known."""
    top, over = times(one.top, other.top), times(one.over, other.over)
    if isinstance(top, int) and isinstance(over, int):
        return Number(top // gcd(top, over), over // gcd(top, over))
    return Number(top, over)


def quotient(one: Number, other: Number) -> Number:
    """Return the quotient; it has no meaning where the divisor is zero."""
    top, over = times(one.top, other.over), times(one.over, other.top)
    if isinstance(over, int):
        return Number(top if over > 0 else -top, abs(over) or 1)
    return Number(z3.If(over < 0, -top, top), z3.If(over < 0, -over, z3.If(over == 0, 1, over)))


def rounded(number: Number, to: Fraction, mode: Rounding) -> Number:
    """Bring a number to a multiple of `to`; half up, and up, go away from zero."""
    top, step = times(number.top, to.denominator), times(number.over, to.numerator)
    if isinstance(top, int):
        top = z3.IntVal(top)
    size = z3.If(top < 0, -top, top)
    whole, rest = size / step, size % step
    more = {
        "half_up": 2 * rest >= step,
        "half_even": z3.Or(2 * rest > step, z3.And(2 * rest == step, whole % 2 == 1)),
        "up": rest > 0,
        "down": FALSE,
    }[mode]
    steps = whole + z3.If(more, 1, 0)
    return Number(times(z3.If(top < 0, -steps, steps), to.numerator), to.denominator)


def as_output(content: Content, kind: Type) -> Content:
    """Round an output as the interpreter does, unless it has no more digits anyway."""
    if kind.kind not in ("money", "decimal") or not isinstance(content, Number):
        return content
    scale = 10**kind.scale
    if isinstance(content.over, int) and scale % content.over == 0:
        return content
    return rounded(content, Fraction(1, scale), "half_up")


ORDERS: Mapping[Operator, Callable[[Whole, Whole], z3.BoolRef | bool]] = {
    "is": lambda one, other: one == other,
    "is_not": lambda one, other: one != other,
    "at_least": lambda one, other: one >= other,
    "at_most": lambda one, other: one <= other,
    "more_than": lambda one, other: one > other,
    "less_than": lambda one, other: one < other,
}


# ---------------------------------------------------------------- contents of any kind


def same(one: Content, other: Content) -> z3.BoolRef:
    """Return when two values are equal."""
    if isinstance(one, Number) and isinstance(other, Number):
        return compared(one, "is", other)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return some([every([holds, other[name]]) for name, holds in one.items() if name in other])
    return opposite(one) if z3.is_false(other) else one if z3.is_true(other) else one == other


def compared(one: Content, name: Operator, other: Content) -> z3.BoolRef:
    """Return when a comparison holds."""
    if isinstance(one, Number) and isinstance(other, Number):
        left, right, _ = alike(one, other)
        return as_truth(ORDERS[name](left, right))
    equal = same(one, other)
    return equal if name == "is" else opposite(equal)


def either(holds: z3.BoolRef, one: Content, other: Content) -> Content:
    """Return the first content where `holds` does, otherwise the second."""
    if isinstance(one, Number) and isinstance(other, Number):
        if isinstance(one.over, int) and isinstance(other.over, int):
            left, right, over = alike(one, other)
            return Number(z3.If(holds, left, right), over)
        return Number(z3.If(holds, one.top, other.top), z3.If(holds, one.over, other.over))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        names = dict.fromkeys((*one, *other))
        return {n: whether(holds, one.get(n, FALSE), other.get(n, FALSE)) for n in names}
    return whether(holds, one, other)


def whether(holds: z3.BoolRef, one: z3.BoolRef, other: z3.BoolRef) -> z3.BoolRef:
    """Return the first truth where `holds` does, otherwise the second."""
    return every([some([opposite(holds), one]), some([holds, other])])


def constant(known: Value) -> Content:
    """Return a known value as a term."""
    match known:
        case bool():
            return z3.BoolVal(known)
        case str():
            return {known: TRUE}
        case date():
            return Number(known.toordinal())
        case _:
            return Number(Fraction(known).numerator, Fraction(known).denominator)


# ---------------------------------------------------------------- business days


def through(day: Whole, week: Sequence[int]) -> Whole:
    """Return how many business days there are from day 1, a Monday, up to and including a day."""
    rest = day % 7
    return len(week) * (day / 7) + sum(z3.If(rest > weekday, 1, 0) for weekday in week)


def nth(position: Whole, week: Sequence[int]) -> Whole:
    """Return the business day with so many before it."""
    rest = position % len(week)
    weekday = reduce(
        lambda later, at: z3.If(rest == at, week[at], later), range(len(week)), week[0]
    )
    return 7 * (position / len(week)) + weekday + 1


def business_week(calendar: Calendar | None) -> Sequence[int]:
    """Return the weekdays of a calendar without holidays."""
    if not calendar or calendar.holidays:
        raise UnsupportedError("business days with holidays")
    return sorted(calendar.weekdays)


def moved(day: Whole, count: Whole, kind: str, calendar: Calendar | None) -> Whole:
    """Return the day that lies so many days or business days later."""
    if kind == "days":
        return day + count
    week, start = business_week(calendar), z3.IntVal(day) if isinstance(day, int) else day
    before = z3.If(z3.IntVal(0) + count > 0, through(start, week) - 1, through(start - 1, week))
    return z3.If(z3.IntVal(0) + count == 0, start, nth(before + count, week))


def counted(start: Whole, end: Whole, kind: str, calendar: Calendar | None) -> Whole:
    """Return how many days or business days lie between two days."""
    if kind == "days":
        return end - start
    week = business_week(calendar)
    return through(z3.IntVal(0) + end, week) - through(z3.IntVal(0) + start, week)
