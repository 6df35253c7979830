"""The arithmetic of days: durations in days, months and business days, and the day of an instant.

Days are calendar days and the starting day is day 0. Months are clipped at the month's end.
Nothing here reads the clock. What has no answer raises ValueError, in words for the author.
"""

import re
from bisect import bisect_right
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

from .errors import nearest
from .frozen import Frozen

OUT_OF_RANGE = "the result lies outside the years 1 to 9999"

_DATE = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_TIME = r"(?P<minute>(?:[01][0-9]|2[0-3]):[0-5][0-9]):(?P<second>[0-5][0-9]|60)(?:\.[0-9]+)?"
_OFFSET = r"(?P<offset>[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
_DAY_OR_INSTANT = re.compile(f"{_DATE}(?:[Tt ]{_TIME}{_OFFSET}?)?")  # RFC 3339, section 5.6
_ALMOST_AN_INSTANT = re.compile(f"{_DATE}[Tt ][0-9]")

# Neither a file beside the zones, nor a zone's name in small letters, which some disks take for it.
_ZONE = re.compile(r"(?!Factory$)[A-Z][^/]*(?:/[A-Z][^/]*)*")


class Calendar(Frozen):
    """The days on which business is done: `weekdays` (0 is Monday) that are no holiday."""

    weekdays: frozenset[int]
    holidays: frozenset[date]

    def __init__(self, weekdays: frozenset[int], holidays: frozenset[date] = frozenset()) -> None:
        if not weekdays or not weekdays <= frozenset(range(7)):
            raise ValueError("a calendar needs at least one weekday, from 0 (Monday) to 6 (Sunday)")
        super().__init__(weekdays, holidays)


def shift_days(day: date, n: int) -> date:
    """Return the day that lies `n` days after the day, or before it when `n` is negative.

    >>> shift_days(date(2026, 2, 27), 2)
    datetime.date(2026, 3, 1)
    """
    return _day(day.toordinal() + n)


def shift_months(day: date, n: int) -> date:
    """Return the same day of the month `n` months on, or that month's last day if it is shorter.

    >>> shift_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    >>> shift_months(date(2026, 3, 31), -1)
    datetime.date(2026, 2, 28)
    """
    from calendar import monthrange  # noqa: PLC0415 - only for months

    year, month = divmod(12 * day.year + day.month - 1 + n, 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError(OUT_OF_RANGE)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shift_business_days(day: date, n: int, calendar: Calendar) -> date:
    """Return the `n`-th business day after the day, or before it when `n` is negative.

    For 0 it is the day itself, even when that is no business day.

    >>> week = Calendar(frozenset({0, 1, 2, 3, 4}), frozenset({date(2025, 7, 4)}))
    >>> shift_business_days(date(2025, 7, 3), 1, week)
    datetime.date(2025, 7, 7)
    >>> shift_business_days(date(2025, 7, 5), -1, week)
    datetime.date(2025, 7, 3)
    """
    before = int(n < 0)  # backwards, the day itself doesn't count: start from the eve of it
    reached = day.toordinal() - before
    wanted = business_days_through(reached, calendar) + n
    # INVARIANT: no step goes too far, as so many days hold at most so many business days.
    while still := wanted - business_days_through(reached, calendar):
        reached += still
    return _day(reached + before)


def days_between(start: date, end: date) -> int:
    """Return how many days the end lies after the start, which is day 0.

    >>> days_between(date(2026, 1, 1), date(2026, 1, 31))
    30
    """
    return end.toordinal() - start.toordinal()


def months_between(start: date, end: date) -> int:
    """Return how many months are completed from the start to the end.

    It is the largest `n` with `shift_months(start, n) <= end`; when the end comes first, it is the
    count from end to start with a minus sign. So less than a month apart, either way, is 0.

    >>> months_between(date(2026, 1, 31), date(2026, 2, 28))
    1
    >>> months_between(date(2026, 2, 28), date(2026, 1, 31))
    -1
    """
    if end < start:
        return -months_between(end, start)
    months = 12 * (end.year - start.year) + end.month - start.month
    return months - (shift_months(start, months) > end)


def business_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Return the number of business days after the start, up to and including the end.

    When the end comes first, it is the count from end to start with a minus sign.

    >>> week = Calendar(frozenset({0, 1, 2, 3, 4}))
    >>> business_days_between(date(2025, 1, 3), date(2025, 1, 8), week)
    3
    """
    through_start = business_days_through(start.toordinal(), calendar)
    return business_days_through(end.toordinal(), calendar) - through_start


def parse_day(text: str, zone: tzinfo) -> date:
    """Return the day that a date names, or the day in the zone at an RFC 3339 instant.

    >>> parse_day("2026-02-28", UTC)
    datetime.date(2026, 2, 28)
    >>> parse_day("2026-02-28T23:30:00-05:00", UTC)
    datetime.date(2026, 3, 1)
    """
    match = _DAY_OR_INSTANT.fullmatch(text)
    if not match:
        if _ALMOST_AN_INSTANT.match(text):
            example = "day, time and offset, such as 2026-02-03T23:30:00Z"
            raise ValueError(f"`{text}` is no instant: write {example}")
        raise ValueError(f"`{text}` is no date: write year-month-day, such as 2026-02-03")
    try:
        day = date.fromisoformat(match["day"])
    except ValueError:
        raise ValueError(f"`{match['day']}` is no day of the calendar") from None
    return day if match["minute"] is None else _day_of_instant(match, zone)


def time_zone(name: str) -> tzinfo:
    """Return the time zone of that name in the IANA database; `UTC` needs no database.

    >>> time_zone("UTC")
    datetime.timezone.utc
    """
    if name == "UTC":
        return UTC
    found = _known_zone(name)
    if found is None:
        raise ValueError(_no_zone(name))
    return found


def _known_zone(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - only for a zone

    try:
        return ZoneInfo(name) if _ZONE.fullmatch(name) else None
    except (LookupError, ValueError, OSError):  # as the name leads nowhere, outside or to a folder
        return None


def _no_zone(name: str) -> str:
    """Say that there is no such zone; listing those that there are takes long."""
    from zoneinfo import available_timezones  # noqa: PLC0415 - only for a zone

    known = sorted(zone for zone in available_timezones() if _ZONE.fullmatch(zone))
    if not known:
        return f"`{name}` can't be looked up: this machine has no time zone data (install tzdata)"
    in_any_case = {zone.casefold(): zone for zone in [*known, "UTC"]}
    hint = nearest(in_any_case.get(name.casefold(), name), list(in_any_case.values()))
    return f"`{name}` is no time zone ({hint or 'write it like `America/New_York`'})"


def _day(ordinal: int) -> date:
    """Return the day of that number, counted from 1 January of year 1."""
    if not date.min.toordinal() <= ordinal <= date.max.toordinal():
        raise ValueError(OUT_OF_RANGE)
    return date.fromordinal(ordinal)


@lru_cache(maxsize=64)
def lost_days(calendar: Calendar) -> tuple[int, ...]:
    """Return the numbers of the holidays that fall on the calendar's weekdays, in order."""
    holidays = (day for day in calendar.holidays if day.weekday() in calendar.weekdays)
    return tuple(sorted(day.toordinal() for day in holidays))


def business_days_through(ordinal: int, calendar: Calendar) -> int:
    """Return the number of business days from day 1, a Monday, through that day."""
    weeks, rest = divmod(ordinal, 7)
    days = weeks * len(calendar.weekdays) + sum(weekday < rest for weekday in calendar.weekdays)
    return days - bisect_right(lost_days(calendar), ordinal)


def _day_of_instant(match: re.Match[str], zone: tzinfo) -> date:
    """Return the day in the zone; fractions of a second can't change it and are left out."""
    text, leap = match[0], match["second"] == "60"
    if match["offset"] is None:
        raise ValueError(f"`{text}` has no offset: add one, such as `Z` or `+02:00`")
    second = "59" if leap else match["second"]
    moment = datetime.fromisoformat(
        f"{match['day']}T{match['minute']}:{second}{match['offset'].upper()}"
    )
    try:
        if leap and f"{moment.astimezone(UTC):%H:%M}" != "23:59":
            raise ValueError(f"`{text}` is no leap second: those come at 23:59:60 UTC")
        return moment.astimezone(zone).date()
    except OverflowError:
        raise ValueError(f"`{text}` lies outside the years 1 to 9999") from None
