"""The arithmetic of days in SQL, as `days` has it; what lies outside the calendar is unknown.

Business days are counted with whole numbers alone: a day has a number, 1 for 1 January of year 1,
which was a Monday.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from sqlglot import exp

from . import days
from .days import Calendar, business_days_through, lost_days
from .dialects import Dialect
from .sql_numbers import UNIT, ZERO, Sql, divided, times, whole

LAST = date.max.toordinal()
MONTHS = date.max.year * 12
FARTHEST = LAST * 2
"""No count of days leads further than that within the calendar."""


def day(known: date) -> Sql:
    """Write a day that is known."""
    return exp.cast(exp.Literal.string(known.isoformat()), "DATE")


def in_calendar(sql: Sql) -> Sql:
    """Write that a day lies in the years 1 to 9999."""
    return exp.and_(sql >= day(date.min), sql <= day(date.max))


def days_between(start: Sql, end: Sql, dialect: Dialect) -> Sql:
    """Write how many days the end lies after the start."""
    return dialect.days_between(start, end)


def shift_days(start: Sql, count: Sql, dialect: Dialect) -> Sql:
    """Write the day that lies so many days after a day."""
    reached = ordinal(start, dialect) + count
    return only(between(reached, 1, LAST), dialect.plus_days(start, count))


def shift_by(start: Sql, count: int, calendar: Calendar | None, dialect: Dialect) -> Sql:
    """Write the day a known number of days after a day, or of business days in a calendar."""
    farthest = farthest_start(count, calendar)
    if not 1 <= farthest <= LAST:
        return exp.cast(exp.null(), "DATE")
    limit = day(date.fromordinal(farthest))
    inside = start >= limit if count < 0 else start <= limit
    if calendar is None or count == 0:
        return only(inside, dialect.plus_days(start, whole(count)))
    if not lost_days(calendar):
        return only(inside, dialect.plus_days(start, steps(start, count, calendar, dialect)))
    today = ordinal(start, dialect) - whole(int(count < 0))
    reached = nth_day(through_day(today, calendar) + whole(count + (count < 0)), calendar)
    return only(inside, dialect.plus_days(day(date.min), reached - UNIT))


def farthest_start(count: int, calendar: Calendar | None) -> int:
    """Return the last day, as a number, from which so many lead into the calendar.

    Backwards it is the first one.
    """
    if calendar is None or count == 0:
        return LAST - count if count >= 0 else 1 - count
    numbers = range(1, LAST + 1)
    if count > 0:
        most = business_days_through(LAST, calendar) - count
        return bisect_right(numbers, most, key=lambda day: business_days_through(day, calendar))
    least = -count - 1
    eve = bisect_right(numbers, least, key=lambda day: business_days_through(day - 1, calendar))
    return eve + 1


def steps(start: Sql, count: int, calendar: Calendar, dialect: Dialect) -> Sql:
    """Write how many days lead to the n-th business day: the same from each day of the week."""
    monday = date(2001, 1, 1)
    week = [monday + timedelta(number) for number in range(7)]
    moved = [(days.shift_business_days(one, count, calendar) - one).days for one in week]
    usual = max(moved, key=moved.count)
    found = exp.case(exp.paren(ordinal(start, dialect) % whole(7)))
    for number, step in enumerate(moved, start=1):
        if step != usual:
            found = found.when(whole(number % 7), whole(step))
    return found.else_(whole(usual)) if found.args.get("ifs") else whole(usual)


def shift_months(start: Sql, count: Sql, dialect: Dialect) -> Sql:
    """Write the same day of the month so many months on, or that month's last day."""
    month = times(part("YEAR", start), 12) + part("MONTH", start) - UNIT + count
    return only(between(month, 12, 12 * 9999 + 11), dialect.plus_months(start, count))


def months_between(start: Sql, end: Sql, dialect: Dialect) -> Sql:
    """Write how many months are completed from the start to the end."""
    forth, back = completed(start, end, dialect), completed(end, start, dialect)
    return exp.case().when(start <= end, forth).when(end < start, exp.Neg(this=exp.paren(back)))


def completed(start: Sql, end: Sql, dialect: Dialect) -> Sql:
    """Write how many months are completed from a day to one that isn't before it."""
    months = times(exp.paren(part("YEAR", end) - part("YEAR", start)), 12)
    # A month that is clipped ends with the month: on its last day it is completed.
    ends_month = part("DAY", dialect.plus_days(end, UNIT)).eq(UNIT)
    short = exp.and_(part("DAY", start) > part("DAY", end), exp.not_(ends_month))
    clipped = exp.case().when(short, UNIT).else_(ZERO)
    return months + part("MONTH", end) - part("MONTH", start) - exp.paren(clipped)


# ---------------------------------------------------------------- business days


def business_days_between(start: Sql, end: Sql, calendar: Calendar, dialect: Dialect) -> Sql:
    """Write the number of business days after the start, up to and including the end."""
    first, last = (through_day(ordinal(sql, dialect), calendar) for sql in (start, end))
    return exp.paren(last - first)


def shift_business_days(
    start: Sql, count: Sql, calendar: Calendar, dialect: Dialect, *, short: Callable[[Sql], Sql]
) -> Sql:
    """Write the n-th business day after a day, or before it when the count is below zero.

    `short` gives a name to what is long and needed several times.
    """
    today = short(ordinal(start, dialect))
    later = through_day(today, calendar) + count
    earlier = through_day(exp.paren(today - UNIT), calendar) + count + UNIT
    moved = short(exp.case().when(count > ZERO, later).when(count < ZERO, earlier))
    reached = nth_day(moved, calendar)
    last = business_days_through(LAST, calendar)
    inside = exp.and_(between(moved, 1, last), between(count, -FARTHEST, FARTHEST))
    there = only(inside, dialect.plus_days(day(date.min), reached - UNIT))
    return exp.case().when(count.eq(ZERO), start).else_(there)


def through_day(number: Sql, calendar: Calendar) -> Sql:
    """Write the number of business days from day 1 through the day of a number."""
    weeks, rest = divided(number, whole(7)), exp.paren(number % whole(7))
    counts = [sum(weekday < rest for weekday in calendar.weekdays) for rest in range(7)]
    in_week = exp.case(rest)
    for after_sunday, count in enumerate(counts):
        in_week = in_week.when(whole(after_sunday), whole(count))
    found = times(weeks, len(calendar.weekdays)) + in_week
    lost = lost_days(calendar)
    return exp.paren(found - reached_of(number, lost)) if lost else exp.paren(found)


def nth_day(count: Sql, calendar: Calendar) -> Sql:
    """Write the number of the n-th business day, counted from day 1."""
    each = len(calendar.weekdays)
    # With holidays, the n-th business day is a later one of those that the weekdays alone give.
    skipped = [
        business_days_through(lost, Calendar(calendar.weekdays)) - before
        for before, lost in enumerate(lost_days(calendar))
    ]
    place = exp.paren((count + reached_of(count, skipped) if skipped else count) - UNIT)
    weekday = exp.case(exp.paren(place % whole(each)))
    for at, found in enumerate(sorted(calendar.weekdays)):
        weekday = weekday.when(whole(at), whole(found + 1))
    return times(divided(place, whole(each)), 7) + weekday


def reached_of(number: Sql, steps: Iterable[int]) -> Sql:
    """Write how many of some rising numbers a number has reached."""
    found = exp.case()
    for count, step in reversed([*enumerate(steps, start=1)]):
        found = found.when(number >= whole(step), whole(count))
    return exp.paren(found.else_(ZERO))


# ---------------------------------------------------------------- SQL


def ordinal(sql: Sql, dialect: Dialect) -> Sql:
    """Write the number of a day."""
    return exp.paren(dialect.days_between(day(date.min), sql) + UNIT)


def part(unit: str, sql: Sql) -> Sql:
    """Write the year, month or day of a date."""
    return exp.cast(exp.Extract(this=exp.var(unit), expression=sql.copy()), "BIGINT")


def between(sql: Sql, first: int, last: int) -> Sql:
    """Write that a number lies between two known ones, these included."""
    return exp.and_(sql >= whole(first), sql <= whole(last))


def only(condition: Sql, sql: Sql) -> Sql:
    """Write a value that is unknown unless a condition holds."""
    return exp.case().when(condition, sql)
