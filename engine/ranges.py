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
from .speech import ENGLISH, Pattern, Speech

Range: TypeAlias = tuple[int | None, int | None]
DAYS = Type("days")


def turned(ends: Range) -> Range:
    """Return the range of the opposite: of y - x instead of x - y.

    >>> turned((1, None))
    (None, -1)
    """
    low, high = ends
    return None if high is None else -high, None if low is None else -low


def amount(count: int, kind: Type, currency: str, speech: Speech = ENGLISH) -> str:
    """Return so many of a type's smallest units."""
    if kind.kind == "date":  # no case lies beyond the calendar
        count = min(max(count, 1), date.max.toordinal())
    return speech.value(from_steps(count, kind), kind, currency)


def between(ends: Range, kind: Type, currency: str, speech: Speech = ENGLISH) -> str:
    """Return a range of one value; a range of a single value is just that."""
    low, high = ends
    if low is not None and low == high:
        return amount(low, kind, currency, speech)
    if low is None or high is None or is_more(low, kind) or is_less(high, kind):
        first = [] if low is None else [lower_end(low, kind, currency, speech)]
        last = [] if high is None else [upper_end(high, kind, currency, speech)]
        return speech.listed([*first, *last])
    if kind.kind == "date":
        return speech.say("from {} to {}", *(amount(end, kind, "", speech) for end in (low, high)))
    start = speech.bare(from_steps(low, kind), kind)
    return speech.say("{} to {}", start, amount(high, kind, currency, speech))


def is_more(low: int, kind: Type) -> bool:
    """Return whether a lower end is best said as more than a round value."""
    return kind.scale > 0 and low % 10**kind.scale == 1


def is_less(high: int, kind: Type) -> bool:
    """Return whether an upper end is best said as less than a round value."""
    return kind.scale > 0 and (high + 1) % 10**kind.scale == 0


def lower_end(low: int, kind: Type, currency: str, speech: Speech) -> str:
    """Return the lower end of a range."""
    if is_more(low, kind):
        return speech.say("more than {}", amount(low - 1, kind, currency, speech))
    pattern: Pattern = "on or after {}" if kind.kind == "date" else "at least {}"
    return speech.say(pattern, amount(low, kind, currency, speech))


def upper_end(high: int, kind: Type, currency: str, speech: Speech) -> str:
    """Return the upper end of a range."""
    if is_less(high, kind):
        return speech.say("less than {}", amount(high + 1, kind, currency, speech))
    pattern: Pattern = "on or before {}" if kind.kind == "date" else "at most {}"
    return speech.say(pattern, amount(high, kind, currency, speech))


# ---------------------------------------------------------------- two days


def days_apart(ends: Range, other: str, *, later: bool, speech: Speech = ENGLISH) -> str:
    """Return how far one date lies from another, named `other`; `later` is never before it.

    >>> days_apart((8, 30), "b", later=True), days_apart((None, -1), "b", later=False)
    ('8 to 30 days after b', 'before b')
    >>> days_apart((None, 30), "b", later=True), days_apart((None, 30), "b", later=False)
    ('at most 30 days after b', 'no later than 30 days after b')
    """
    way: Pattern
    match ends:
        case (0, 0):
            return speech.say("on the same day as {}", other)
        case int(low), int(high) if low == high:
            return speech.say(
                "{} after {}" if low > 0 else "{} before {}", days(low, speech), other
            )
        case int(low), int(high) if low >= 0 or high <= 0:
            near, far = sorted((abs(low), abs(high)))
            way = "{} to {} after {}" if high > 0 else "{} to {} before {}"
            return speech.say(way, speech.bare(near, DAYS), days(far, speech), other)
        case int(low), int(high):
            first, last = days(low, speech), days(high, speech)
            return speech.say("from {} before to {} after {}", first, last, other)
        case int(low), _:
            return days_from(low, other, speech)
        case _, int(high):
            return days_up_to(high, other, speech, later=later)
        case _:
            raise AssertionError("INVARIANT: what is said of two dates has an end")


def days_from(low: int, other: str, speech: Speech) -> str:
    """Return that a date lies at least so many days after another."""
    if low in (0, 1):
        return speech.say("on or after {}" if low == 0 else "after {}", other)
    pattern: Pattern = "at least {} after {}" if low > 0 else "no earlier than {} before {}"
    return speech.say(pattern, days(low, speech), other)


def days_up_to(high: int, other: str, speech: Speech, *, later: bool) -> str:
    """Return that a date lies at most so many days after another."""
    if high in (0, -1):
        return speech.say("on or before {}" if high == 0 else "before {}", other)
    after: Pattern = "at most {} after {}" if later else "no later than {} after {}"
    return speech.say("at least {} before {}" if high < 0 else after, days(high, speech), other)


def days(count: int, speech: Speech) -> str:
    """Return a number of days, however they are counted."""
    return speech.value(abs(count), DAYS, "")


# ---------------------------------------------------------------- two numbers


def beside(ends: Range, other: str, kind: Type, currency: str, speech: Speech = ENGLISH) -> str:
    """Return how a number compares to another one, named `other`.

    >>> beside((0, None), "b", DAYS, ""), beside((None, -1), "b", DAYS, "")
    ('at least b', 'less than b')
    >>> beside((2, None), "b", DAYS, "")
    'at least b plus 2 days'
    """

    def moved(count: int) -> str:
        pattern: Pattern = "{} plus {}" if count > 0 else "{} minus {}"
        more = amount(abs(count), kind, currency, speech)
        return speech.say(pattern, other, more) if count else other

    way: Pattern
    match ends:
        case (0, 0):
            return speech.say("the same as {}", other)
        case int(low), int(high) if low == high:
            return moved(low)
        case int(low), int(high):
            return speech.say("from {} to {}", moved(low), moved(high))
        case int(low), _:
            way = "more than {}" if low == 1 else "at least {}"
            return speech.say(way, other if low == 1 else moved(low))
        case _, int(high):
            way = "less than {}" if high == -1 else "at most {}"
            return speech.say(way, other if high == -1 else moved(high))
        case _:
            raise AssertionError("INVARIANT: what is said of two numbers has an end")
