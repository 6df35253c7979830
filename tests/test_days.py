"""The arithmetic of days, in tables, and as laws against counting day by day."""

import doctest
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from refund_policy.engine import days
from refund_policy.engine.days import (
    Calendar,
    business_days_between,
    days_between,
    months_between,
    shift_business_days,
    shift_days,
    shift_months,
)

ONE_DAY = timedelta(days=1)
MONDAY_TO_FRIDAY = frozenset(range(5))
WEEK = Calendar(MONDAY_TO_FRIDAY)
WEEK_IN_THE_USA = Calendar(
    MONDAY_TO_FRIDAY, frozenset({date(2025, 1, 1), date(2025, 7, 4), date(2025, 12, 25)})
)
OUTSIDE = "^the result lies outside the years 1 to 9999$"

some_days = st.dates(date(1890, 1, 1), date(2110, 12, 31))
near_days = st.dates(date(2023, 11, 1), date(2024, 4, 30))
calendars = st.builds(
    Calendar,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(near_days, max_size=12)
    | st.builds(
        lambda start, length: frozenset(start + ONE_DAY * i for i in range(length)),
        near_days,
        st.integers(0, 120),
    ),
)


def day_of(text: str) -> date:
    return date.fromisoformat(text)


def is_business_day(day: date, calendar: Calendar) -> bool:
    return day.weekday() in calendar.weekdays and day not in calendar.holidays


def counted_day_by_day(start: date, end: date, calendar: Calendar) -> int:
    if end < start:
        return -counted_day_by_day(end, start, calendar)
    after = (start + ONE_DAY * i for i in range(1, (end - start).days + 1))
    return sum(is_business_day(day, calendar) for day in after)


def walked_day_by_day(day: date, n: int, calendar: Calendar) -> date:
    step = ONE_DAY if n > 0 else -ONE_DAY
    left = abs(n)
    while left:
        day += step
        left -= is_business_day(day, calendar)
    return day


def test_the_examples_in_the_docstrings_run() -> None:
    results = doctest.testmod(days)
    assert results.failed == 0
    assert results.attempted >= 10


# Days


@pytest.mark.parametrize(
    ("day", "n", "result"),
    [
        ("2026-02-27", 2, "2026-03-01"),
        ("2024-02-27", 2, "2024-02-29"),
        ("2026-01-01", -1, "2025-12-31"),
        ("2026-01-01", 0, "2026-01-01"),
        ("0001-01-01", 3652058, "9999-12-31"),
    ],
)
def test_days_are_shifted_over_the_ends_of_months_and_years(day: str, n: int, result: str) -> None:
    assert shift_days(day_of(day), n) == day_of(result)
    assert days_between(day_of(day), day_of(result)) == n


@given(some_days, st.integers(-40000, 40000))
def test_days_between_inverts_a_shift_by_days(day: date, n: int) -> None:
    assert days_between(day, shift_days(day, n)) == n
    assert shift_days(day, n) == day + timedelta(days=n)


# Months


@pytest.mark.parametrize(
    ("day", "n", "result"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("1900-01-31", 1, "1900-02-28"),
        ("2000-01-31", 1, "2000-02-29"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-02-29", -12, "2023-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-31", 0, "2026-01-31"),
        ("9998-12-31", 12, "9999-12-31"),
        ("0002-01-01", -12, "0001-01-01"),
    ],
)
def test_months_are_clipped_at_the_end_of_the_month(day: str, n: int, result: str) -> None:
    assert shift_months(day_of(day), n) == day_of(result)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1),
        ("2026-01-15", "2026-02-14", 0),
        ("2026-01-15", "2026-02-15", 1),
        ("2026-02-28", "2026-03-27", 0),
        ("2026-02-28", "2026-03-28", 1),
        ("2025-12-31", "2026-01-01", 0),
        ("2026-01-01", "2026-01-01", 0),
        ("2026-02-15", "2026-01-16", 0),
        ("2026-02-15", "2026-01-15", -1),
        # Born on 29 February: a year older on the last of February where there is no 29th.
        ("2008-02-29", "2026-02-27", 18 * 12 - 1),
        ("2008-02-29", "2026-02-28", 18 * 12),
        ("2008-02-29", "2028-02-28", 20 * 12 - 1),
        ("2008-02-29", "2028-02-29", 20 * 12),
        ("0001-01-01", "9999-12-31", 9998 * 12 + 11),
        ("9999-12-31", "0001-01-01", -9998 * 12 - 11),
    ],
)
def test_only_completed_months_count(start: str, end: str, months: int) -> None:
    assert months_between(day_of(start), day_of(end)) == months


@given(some_days, st.integers(0, 3000))
def test_months_between_inverts_a_shift_by_months(day: date, n: int) -> None:
    assert months_between(day, shift_months(day, n)) == n


@given(some_days, st.integers(-1000, 1000))
def test_a_shift_by_months_keeps_the_day_or_takes_the_last_of_the_month(day: date, n: int) -> None:
    shifted = shift_months(day, n)
    assert 12 * (shifted.year - day.year) + shifted.month - day.month == n
    assert shifted.day == day.day or (shifted.day < day.day and (shifted + ONE_DAY).day == 1)


@given(some_days, some_days)
def test_months_between_is_the_largest_shift_that_is_not_past_the_end(a: date, b: date) -> None:
    start, end = min(a, b), max(a, b)
    months = months_between(start, end)
    assert shift_months(start, months) <= end < shift_months(start, months + 1)


@given(some_days, some_days, calendars)
def test_counts_from_end_to_start_only_change_their_sign(
    start: date, end: date, calendar: Calendar
) -> None:
    assert months_between(end, start) == -months_between(start, end)
    assert days_between(end, start) == -days_between(start, end)
    assert business_days_between(end, start, calendar) == -business_days_between(
        start, end, calendar
    )


@given(some_days, near_days, calendars)
@example(date(2024, 1, 31), date(2024, 2, 1), WEEK)
def test_counts_never_fall_as_the_end_goes_on(start: date, end: date, calendar: Calendar) -> None:
    ends = [end + ONE_DAY * i for i in range(-35, 35)]
    for earlier, later in pairwise(ends):
        assert months_between(start, earlier) <= months_between(start, later)
        step = business_days_between(start, later, calendar) - business_days_between(
            start, earlier, calendar
        )
        assert step == is_business_day(later, calendar)


# Business days


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2025-01-03", "2025-01-08", 3),  # Friday to Wednesday
        ("2025-07-02", "2025-07-08", 3),  # over the holiday of 4 July
        ("2025-01-03", "2025-01-05", 0),  # Friday to Sunday
        ("2025-01-04", "2025-01-06", 1),  # Saturday to Monday
        ("2025-01-06", "2025-01-06", 0),  # the starting day is day 0
        ("2025-01-06", "2025-01-13", 5),
        ("2025-01-08", "2025-01-03", -3),
        ("2024-12-31", "2025-12-31", 261 - 3),
    ],
)
def test_business_days_leave_out_weekends_and_holidays(start: str, end: str, count: int) -> None:
    assert business_days_between(day_of(start), day_of(end), WEEK_IN_THE_USA) == count


@pytest.mark.parametrize(
    ("day", "n", "result"),
    [
        ("2025-01-03", 1, "2025-01-06"),
        ("2025-01-03", 3, "2025-01-08"),
        ("2025-01-04", 1, "2025-01-06"),
        ("2025-01-04", 0, "2025-01-04"),  # a Saturday stays one
        ("2025-01-04", -1, "2025-01-03"),
        ("2025-01-05", -1, "2025-01-03"),
        ("2025-01-06", -1, "2025-01-03"),
        ("2025-07-02", 2, "2025-07-07"),
        ("2025-07-04", 1, "2025-07-07"),
        ("2025-07-04", 0, "2025-07-04"),
        ("2025-07-07", -1, "2025-07-03"),
        ("2025-12-31", -257, "2025-01-02"),
        ("2025-12-31", -258, "2024-12-31"),
    ],
)
def test_a_shift_by_business_days_lands_on_one(day: str, n: int, result: str) -> None:
    assert shift_business_days(day_of(day), n, WEEK_IN_THE_USA) == day_of(result)


@given(near_days, near_days, calendars)
def test_business_days_are_those_counted_day_by_day(
    start: date, end: date, calendar: Calendar
) -> None:
    assert business_days_between(start, end, calendar) == counted_day_by_day(start, end, calendar)


@given(near_days, st.integers(-60, 60), calendars)
def test_a_shift_by_business_days_is_the_walk_day_by_day(
    day: date, n: int, calendar: Calendar
) -> None:
    assert shift_business_days(day, n, calendar) == walked_day_by_day(day, n, calendar)


@given(some_days, st.integers(1, 10000), calendars)
def test_business_days_between_inverts_a_shift_forward(
    day: date, n: int, calendar: Calendar
) -> None:
    shifted = shift_business_days(day, n, calendar)
    assert business_days_between(day, shifted, calendar) == n
    assert is_business_day(shifted, calendar)
    assert business_days_between(day, shifted - ONE_DAY, calendar) == n - 1


@given(near_days, st.integers(1, 10000), calendars)
def test_a_shift_back_undoes_a_shift_forward_from_a_business_day(
    day: date, n: int, calendar: Calendar
) -> None:
    start = shift_business_days(day, 1, calendar)
    shifted = shift_business_days(start, n, calendar)
    assert shift_business_days(shifted, -n, calendar) == start
    assert shift_business_days(start, n + 1, calendar) == shift_business_days(shifted, 1, calendar)


def test_years_of_holidays_are_passed_over() -> None:
    first = date(2025, 1, 1)
    closed = Calendar(MONDAY_TO_FRIDAY, frozenset(first + ONE_DAY * i for i in range(3652)))
    assert shift_business_days(date(2024, 12, 31), 1, closed) == date(2035, 1, 1)
    assert shift_business_days(date(2030, 6, 1), 2, closed) == date(2035, 1, 2)
    assert shift_business_days(date(2035, 1, 1), -1, closed) == date(2024, 12, 31)
    assert business_days_between(date(2024, 12, 31), date(2034, 12, 31), closed) == 0


def test_holidays_at_the_end_of_time_leave_no_day_to_shift_to() -> None:
    closed = Calendar(frozenset({4}), frozenset({date(9999, 12, 31)}))  # a Friday
    assert shift_business_days(date(9999, 12, 23), 1, closed) == date(9999, 12, 24)
    with pytest.raises(ValueError, match=OUTSIDE):
        shift_business_days(date(9999, 12, 24), 1, closed)


def test_every_day_of_the_calendar_can_be_reached() -> None:
    every_day = Calendar(frozenset(range(7)))
    assert shift_business_days(date.min, 3652058, every_day) == date.max
    assert shift_business_days(date.max, -3652058, every_day) == date.min
    assert business_days_between(date.min, date.max, every_day) == 3652058


def test_business_days_of_thousands_of_years_are_worked_out_not_walked() -> None:
    for _ in range(1000):  # walked day by day, this outlasts the time limit of a test
        there = shift_business_days(date(1000, 1, 1), 2_000_000, WEEK)
        assert business_days_between(date(1000, 1, 1), there, WEEK) == 2_000_000


@pytest.mark.parametrize("weekdays", [[], [7], [-1], [0, 7]])
def test_a_calendar_has_a_weekday_to_do_business_on(weekdays: list[int]) -> None:
    with pytest.raises(ValueError, match="at least one weekday, from 0"):
        Calendar(frozenset(weekdays))


@pytest.mark.parametrize("n", [1, 10**9, 10**18, 10**40])
def test_a_result_outside_the_calendar_is_an_error(n: int) -> None:
    for day, by in [(date.max, n), (date.min, -n)]:
        with pytest.raises(ValueError, match=OUTSIDE):
            shift_days(day, by)
        with pytest.raises(ValueError, match=OUTSIDE):
            shift_months(day, by)
        with pytest.raises(ValueError, match=OUTSIDE):
            shift_business_days(day, by, WEEK)
