"""The arithmetic of days in SQL, on DuckDB, against the one of the interpreter."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import duckdb
import pytest
from sqlglot import exp

from refund_policy.engine import days, sql_days
from refund_policy.engine.days import Calendar
from refund_policy.engine.dialects import DUCKDB, Dialect
from refund_policy.engine.load import load_text
from refund_policy.engine.sql_numbers import Sql
from refund_policy.engine.to_sql import Asked, to_sql

START, END, COUNT = (exp.column(name) for name in ("start", "stop", "number"))
WEEK = Calendar(frozenset({0, 1, 2, 3, 4}))
HOLIDAYS = frozenset(
    date(2026, 1, 1) + timedelta(n) for n in (0, 1, 4, 5, 6, 90, 93, 150, 151, 152)
)
CALENDARS = [WEEK, Calendar(WEEK.weekdays, HOLIDAYS), Calendar(frozenset({2, 6}), HOLIDAYS)]
EDGES = (date.min, date.min + timedelta(6), date.max, date.max - timedelta(9), date(2024, 2, 29))


def drawn(seed: int) -> list[tuple[date, date, int]]:
    """Return pairs of days, mostly close to each other, with a number of days or months."""
    draw = Random(seed)  # noqa: S311 - no secret
    near = [date(2025, 12, 20) + timedelta(draw.randrange(200)) for _ in range(400)]
    last = [date(2024, month, 28) + timedelta(day) for month in range(1, 13) for day in range(5)]
    pool = [*near, *last, *EDGES]
    return [
        (
            draw.choice(pool),
            draw.choice(pool),
            draw.choice((draw.randint(-40, 40), 0, 1, -1, 10**7)),
        )
        for _ in range(1500)
    ]


def found(sql: Sql, rows: list[tuple[date, date, int]]) -> list[object]:
    """Return what SQL makes of each row."""
    with duckdb.connect() as database:
        database.execute("CREATE TABLE rows (start DATE, stop DATE, number BIGINT)")
        database.executemany("INSERT INTO rows VALUES (?, ?, ?)", rows)
        query = exp.select(sql).from_("rows").sql("duckdb")
        return [value for (value,) in database.execute(query).fetchall()]


def meant(compute: Callable[[date, date, int], object], row: tuple[date, date, int]) -> object:
    """Return what the interpreter makes of a row; None for what lies outside of the calendar."""
    try:
        return compute(*row)
    except ValueError:
        return None


def agree(sql: Sql, compute: Callable[[date, date, int], object], seed: int = 1) -> None:
    rows = drawn(seed)
    for row, got in zip(rows, found(sql, rows), strict=True):
        assert got == meant(compute, row), row


def test_days_agree() -> None:
    agree(sql_days.days_between(START, END, DUCKDB), lambda a, b, _: days.days_between(a, b))
    agree(sql_days.shift_days(START, COUNT, DUCKDB), lambda a, _, n: days.shift_days(a, n))


def test_months_agree() -> None:
    agree(sql_days.months_between(START, END, DUCKDB), lambda a, b, _: days.months_between(a, b))
    agree(sql_days.shift_months(START, COUNT, DUCKDB), lambda a, _, n: days.shift_months(a, n))


@pytest.mark.parametrize("calendar", CALENDARS, ids=["week", "holidays", "two days a week"])
def test_business_days_agree(calendar: Calendar) -> None:
    between = sql_days.business_days_between(START, END, calendar, DUCKDB)
    agree(between, lambda a, b, _: days.business_days_between(a, b, calendar))
    shifted = sql_days.shift_business_days(START, COUNT, calendar, DUCKDB, short=lambda sql: sql)
    agree(shifted, lambda a, _, n: days.shift_business_days(a, n, calendar))


@pytest.mark.parametrize("calendar", [None, *CALENDARS])
@pytest.mark.parametrize("count", [0, 1, -1, 2, 5, -7, 30, 4_000_000, -4_000_000])
def test_a_known_number_of_days_agrees(count: int, calendar: Calendar | None) -> None:
    def moved(start: date, _end: date, _count: int) -> date:
        if calendar:
            return days.shift_business_days(start, count, calendar)
        return days.shift_days(start, count)

    agree(sql_days.shift_by(START, count, calendar, DUCKDB), moved)


NESTED = """\
language: 1
policy: nested
version: 1.0.0
in_force: {{from: beginning}}
business_days: {{week: [monday, tuesday, wednesday, thursday, friday]}}
facts: {{day_0: {{type: date}}, today: {{type: date}}}}
measures:
{measures}
questions:
  ask:
    outcomes: {{late: {{}}, soon: {{}}}}
    rules:
      soon: {{outcome: soon}}
      late: {{when: {{today: {{after: day_5}}}}, overrides: [soon], outcome: late}}
"""
MEASURE = """\
  day_{n}:
    plus: [day_{m}, {{business_days: {{from: day_{m}, to: {{greatest: [today, day_{m}]}}}}}}]"""


def test_a_measure_that_another_uses_several_times_is_written_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = []
    write = sql_days.business_days_between

    def noted(start: Sql, end: Sql, calendar: Calendar, dialect: Dialect) -> Sql:
        written.append((start, end))
        return write(start, end, calendar, dialect)

    monkeypatch.setattr(sql_days, "business_days_between", noted)
    measures = "\n".join(MEASURE.format(n=n, m=n - 1) for n in range(1, 6))
    version, _ = load_text(NESTED.format(measures=measures), "policy.yaml")
    to_sql([version], "ask", Asked())
    assert len(written) == 5
