"""Ranges in words: of one value, of the days between two dates, of a value beside another.

A range is the least and the greatest count of a type's smallest units; None where there is no end.

    >>> between((8, 30), Type("days"), "")
    '8 to 30 days'
    >>> between((None, 0), Type("money", scale=2), "USD")
    'at most 0.00 USD'
    >>> between((1, None), Type("money", scale=2), "USD")
    'more than 0.00 USD'
"""

from datetime import date
from typing import TypeAlias

from .atoms import from_steps
from .model import Type
from .values import in_words

Range: TypeAlias = tuple[int | None, int | None]
DAYS = Type("days")


def turned(ends: Range) -> Range:
    """Return the range of the opposite: of y - x instead of x - y.

    >>> turned((1, None))
    (None, -1)
    """
    low, high = ends
    return None if high is None else -high, None if low is None else -low


def amount(count: int, kind: Type, currency: str) -> str:
    """Return so many of a type's smallest units."""
    if kind.kind == "date":  # no case lies beyond the calendar
        count = min(max(count, 1), date.max.toordinal())
    return in_words(from_steps(count, kind), kind, currency)


def between(ends: Range, kind: Type, currency: str) -> str:
    """Return a range of one value."""
    low, high = ends
    if low is not None and low == high:
        return f"is {amount(low, kind, currency)}"
    ways = [*lower_end(low, kind, currency), *upper_end(high, kind, currency)]
    if low is None or high is None or not all(way.startswith(("at ", "on ")) for way in ways):
        return " and ".join(ways)
    if kind.kind == "date":
        return f"from {amount(low, kind, '')} to {amount(high, kind, '')}"
    first = str(low) if kind.kind == "days" else amount(low, kind, "")
    return f"{first} to {amount(high, kind, currency)}"


def lower_end(low: int | None, kind: Type, currency: str) -> list[str]:
    """Return the lower end of a range, where there is one."""
    if low is None:
        return []
    if kind.scale and low % 10**kind.scale == 1:
        return [f"more than {amount(low - 1, kind, currency)}"]
    return [f"{'on or after' if kind.kind == 'date' else 'at least'} {amount(low, kind, currency)}"]


def upper_end(high: int | None, kind: Type, currency: str) -> list[str]:
    """Return the upper end of a range, where there is one."""
    if high is None:
        return []
    if kind.scale and (high + 1) % 10**kind.scale == 0:
        return [f"less than {amount(high + 1, kind, currency)}"]
    word = "on or before" if kind.kind == "date" else "at most"
    return [f"{word} {amount(high, kind, currency)}"]


def days_apart(ends: Range, *, later: bool) -> str:
    """Return how far one date lies from another; `later` is never before it.

    >>> days_apart((8, 30), later=True), days_apart((None, -1), later=False)
    ('8 to 30 days after', 'before')
    >>> days_apart((None, 30), later=True), days_apart((None, 30), later=False)
    ('at most 30 days after', 'no later than 30 days after')
    """
    match ends:
        case (0, 0):
            return "on the same day as"
        case int(low), int(high) if low == high:
            return f"{days(low)} {side(low)}"
        case int(low), int(high) if low >= 0 or high <= 0:
            near, far = sorted((abs(low), abs(high)))
            return f"{near} to {days(far)} {side(low or high)}"
        case int(low), int(high):
            return f"from {days(low)} before to {days(high)} after"
        case int(low), _:
            return days_from(low)
        case _, int(high):
            return days_up_to(high, later=later)
        case _:
            raise AssertionError("INVARIANT: what is said of two dates has an end")


def days_from(low: int) -> str:
    """Return that a date lies at least so many days after another."""
    if low in (0, 1):
        return "on or after" if low == 0 else "after"
    return f"{'at least' if low > 0 else 'no earlier than'} {days(low)} {side(low)}"


def days_up_to(high: int, *, later: bool) -> str:
    """Return that a date lies at most so many days after another."""
    if high in (0, -1):
        return "on or before" if high == 0 else "before"
    word = "at least" if high < 0 else "at most" if later else "no later than"
    return f"{word} {days(high)} {side(high)}"


def days(count: int) -> str:
    """Return a number of days, however they are counted."""
    return in_words(abs(count), DAYS)


def side(count: int) -> str:
    """Return on which side of a date so many days lie."""
    return "after" if count > 0 else "before"


def beside(ends: Range, other: str, kind: Type, currency: str) -> str:
    """Return how a number compares to another one, named `other`.

    >>> beside((0, None), "b", DAYS, ""), beside((None, -1), "b", DAYS, "")
    ('at least b', 'less than b')
    >>> beside((2, None), "b", DAYS, "")
    'at least b plus 2 days'
    """

    def moved(count: int) -> str:
        sign = "plus" if count > 0 else "minus"
        return f"{other} {sign} {amount(abs(count), kind, currency)}" if count else other

    match ends:
        case int(low), int(high) if low == high:
            return f"is {moved(low)}" if low else f"the same as {other}"
        case int(low), int(high):
            return f"from {moved(low)} to {moved(high)}"
        case int(low), _:
            return f"more than {other}" if low == 1 else f"at least {moved(low)}"
        case _, int(high):
            return f"less than {other}" if high == -1 else f"at most {moved(high)}"
        case _:
            raise AssertionError("INVARIANT: what is said of two numbers has an end")
