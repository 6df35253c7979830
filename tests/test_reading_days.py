"""Days as they are written: dates, instants in a zone, and what is none of them."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refund_policy.engine.days import (
    parse_day,
    time_zone,
)

ONE_DAY = timedelta(days=1)
some_days = st.dates(date(1890, 1, 1), date(2110, 12, 31))


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("2026-02-28", "UTC", "2026-02-28"),
        ("2026-02-28", "Pacific/Kiritimati", "2026-02-28"),  # a date is the same in every zone
        ("2024-02-29", "UTC", "2024-02-29"),
        ("0001-01-01", "UTC", "0001-01-01"),
        ("9999-12-31", "America/New_York", "9999-12-31"),
        ("2026-02-28T23:30:00Z", "UTC", "2026-02-28"),
        ("2026-02-28t23:30:00z", "UTC", "2026-02-28"),
        ("2026-02-28 23:30:00Z", "UTC", "2026-02-28"),
        ("2026-02-28T23:59:59.999999999999Z", "UTC", "2026-02-28"),
        ("2026-03-01T00:00:00.0Z", "UTC", "2026-03-01"),
        ("2026-03-01T01:59:59+02:00", "UTC", "2026-02-28"),
        ("2026-03-01T02:00:00+02:00", "UTC", "2026-03-01"),
        ("2026-02-28T23:30:00-00:30", "UTC", "2026-03-01"),
        ("2026-02-28T23:30:00-00:00", "UTC", "2026-02-28"),
        ("2026-02-28T00:00:00+23:59", "UTC", "2026-02-27"),
        ("2026-02-28T23:59:59-23:59", "UTC", "2026-03-01"),
        # Midnight in New York is 05:00 UTC in winter and 04:00 UTC in summer.
        ("2026-01-15T04:59:59Z", "America/New_York", "2026-01-14"),
        ("2026-01-15T05:00:00Z", "America/New_York", "2026-01-15"),
        ("2026-07-15T03:59:59Z", "America/New_York", "2026-07-14"),
        ("2026-07-15T04:00:00Z", "America/New_York", "2026-07-15"),
        # The clocks go forward on 8 March 2026, so that day begins by winter time, the next not.
        ("2026-03-08T04:59:59Z", "America/New_York", "2026-03-07"),
        ("2026-03-08T05:00:00Z", "America/New_York", "2026-03-08"),
        ("2026-03-09T03:59:59Z", "America/New_York", "2026-03-08"),
        ("2026-03-09T04:00:00Z", "America/New_York", "2026-03-09"),
        # They go back on 1 November 2026.
        ("2026-11-01T04:00:00Z", "America/New_York", "2026-11-01"),
        ("2026-11-02T04:59:59Z", "America/New_York", "2026-11-01"),
        ("2026-11-02T05:00:00Z", "America/New_York", "2026-11-02"),
        # Kiritimati is 14 hours ahead; Apia left out 30 December 2011.
        ("2026-02-28T09:59:59Z", "Pacific/Kiritimati", "2026-02-28"),
        ("2026-02-28T10:00:00Z", "Pacific/Kiritimati", "2026-03-01"),
        ("2026-02-28T23:30:00-10:00", "Pacific/Kiritimati", "2026-03-01"),
        ("2011-12-30T09:59:59Z", "Pacific/Apia", "2011-12-29"),
        ("2011-12-30T10:00:00Z", "Pacific/Apia", "2011-12-31"),
        # Leap seconds belong to the minute before.
        ("2016-12-31T23:59:60Z", "UTC", "2016-12-31"),
        ("2016-12-31T23:59:60.5z", "UTC", "2016-12-31"),
        ("2016-12-31T18:59:60-05:00", "UTC", "2016-12-31"),
        ("2017-01-01T05:29:60+05:30", "UTC", "2016-12-31"),
        ("2016-12-31T23:59:60Z", "Pacific/Kiritimati", "2017-01-01"),
        ("9999-12-31T23:59:60Z", "UTC", "9999-12-31"),
    ],
)
def test_a_day_is_read_in_the_zone(text: str, zone: str, day: str) -> None:
    assert parse_day(text, time_zone(zone)) == date.fromisoformat(day)


HOW_TO_WRITE_A_DATE = "write year-month-day, such as 2026-02-03"
HOW_TO_WRITE_AN_INSTANT = "write day, time and offset, such as 2026-02-03T23:30:00Z"
HOW_TO_ADD_AN_OFFSET = "add one, such as `Z` or `+02:00`"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-02-30", "`2026-02-30` is no day of the calendar"),
        ("2026-02-29", "`2026-02-29` is no day of the calendar"),
        ("2026-13-01", "`2026-13-01` is no day of the calendar"),
        ("2026-00-10", "`2026-00-10` is no day of the calendar"),
        ("0000-01-01", "`0000-01-01` is no day of the calendar"),
        ("2026-02-30T12:00:00Z", "`2026-02-30` is no day of the calendar"),
        ("26-2-3", f"`26-2-3` is no date: {HOW_TO_WRITE_A_DATE}"),
        (
            "2026-02-28T23:30:00",
            f"`2026-02-28T23:30:00` has no offset: {HOW_TO_ADD_AN_OFFSET}",
        ),
        (
            "2026-02-28 23:30:00.5",
            f"`2026-02-28 23:30:00.5` has no offset: {HOW_TO_ADD_AN_OFFSET}",
        ),
        (
            "2026-02-28T23:59:60",
            f"`2026-02-28T23:59:60` has no offset: {HOW_TO_ADD_AN_OFFSET}",
        ),
        (
            "2016-12-31T23:58:60Z",
            "`2016-12-31T23:58:60Z` is no leap second: those come at 23:59:60 UTC",
        ),
        (
            "2016-12-31T23:59:60+01:00",
            "`2016-12-31T23:59:60+01:00` is no leap second: those come at 23:59:60 UTC",
        ),
        (
            "0001-01-01T00:00:00+00:01",
            "`0001-01-01T00:00:00+00:01` lies outside the years 1 to 9999",
        ),
        (
            "9999-12-31T23:59:60-00:01",
            "`9999-12-31T23:59:60-00:01` lies outside the years 1 to 9999",
        ),
    ],
)
def test_a_wrong_day_is_told_in_plain_words(text: str, message: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011  the whole message is compared
        parse_day(text, UTC)
    assert str(error.value) == message


@pytest.mark.parametrize(
    "text",
    [
        *("", "today", "20260203", "2026-W05", "2026-W05-2", "2026-034", "2026-2-03", "2026-02"),
        *("2026/02/03", "03.02.2026", "+2026-02-03", "-2026-02-03", "02026-02-03", "12026-02-03"),
        *(" 2026-02-03", "2026-02-03 ", "2026-02-03\n", "2026-02-03\0", "2026-02-03Z"),
        *("2026-02-03T", "20260203T233000Z", "٢٠٢٦-02-03", "٢٠٢٦-٠٢-٠٣"),
        *("2026-02-0３", "2026‐02‐03"),  # noqa: RUF001  look-alikes on purpose
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011  the whole message is compared
        parse_day(text, UTC)
    assert str(error.value) == f"`{text}` is no date: {HOW_TO_WRITE_A_DATE}"


@pytest.mark.parametrize(
    "ending",
    [
        *("T23:30Z", "T23Z", "T233000Z", "T1:30:00Z", "T24:00:00Z", "T25:00:00Z", "T23:60:00Z"),
        *("T23:30:61Z", "T23:30:00Z ", "T23:30:00Z\n", " 23:30:00 Z", "T23:30:00.Z"),
        *("T23:30:00,5Z", "T23:30:00+2", "T23:30:00+02", "T23:30:00+0200", "T23:30:00+24:00"),
        *("T23:30:00-02:60", "T23:30:00+99:99", "T23:30:00+02:00:00", "T23:30:00 UTC"),
        *("T23:30:00Z+02:00", "T23:30:00Z[Europe/Berlin]", "T23:30:0٠Z", "T23:30:00.٥Z"),  # noqa: RUF001  look-alikes on purpose
    ],
)
def test_what_is_no_instant_is_refused(ending: str) -> None:
    text = f"2026-02-28{ending}"
    with pytest.raises(ValueError) as error:  # noqa: PT011  the whole message is compared
        parse_day(text, UTC)
    assert str(error.value) == f"`{text}` is no instant: {HOW_TO_WRITE_AN_INSTANT}"


@given(some_days)
def test_a_date_is_read_as_it_is_written(day: date) -> None:
    assert parse_day(day.isoformat(), UTC) == day


offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda n: timezone(timedelta(minutes=n)))


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=offsets),  # noqa: DTZ001  bounds are naive
    st.sampled_from([UTC, *map(time_zone, ("America/New_York", "Pacific/Kiritimati"))]),
)
def test_an_instant_has_one_day_however_it_is_written(moment: datetime, zone: tzinfo) -> None:
    day = moment.astimezone(zone).date()
    assert parse_day(moment.isoformat(), zone) == day
    assert parse_day(moment.isoformat(" ", "milliseconds"), zone) == day
    assert parse_day(f"{moment.astimezone(UTC):%Y-%m-%dt%H:%M:%Sz}", zone) == day


@given(st.text() | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ].*"))
def test_no_text_raises_anything_but_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert type(parse_day(text, UTC)) is date


# Time zones


@pytest.mark.parametrize("name", ["America/New_York", "Pacific/Kiritimati", "Etc/GMT+12", "CET"])
def test_a_zone_is_found_by_its_name(name: str) -> None:
    assert str(time_zone(name)) == name


def test_every_zone_of_the_database_is_found() -> None:
    for name in available_timezones() - {"localtime", "Factory"}:
        assert str(time_zone(name)) == name


@pytest.mark.parametrize("name", ["europe/berlin", "Europe/berlin", "posix/UTC", "localtime"])
def test_a_disk_that_knows_no_capitals_makes_no_zone(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoneinfo.ZoneInfo", lambda _: UTC)
    with pytest.raises(ValueError, match="is no time zone"):
        time_zone(name)


HOW_TO_WRITE_A_ZONE = "write it like `America/New_York`"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Europe/Berln", "did you mean `Europe/Berlin`?"),
        ("Berlin", "did you mean `Europe/Berlin`?"),
        ("america/new_york", "did you mean `America/New_York`?"),
        ("utc", "did you mean `UTC`?"),
        ("UTC ", "did you mean `UTC`?"),
        ("../UTC", "did you mean `UTC`?"),
        ("Europe/Berlin/", "did you mean `Europe/Berlin`?"),
        ("Europe//Berlin", "did you mean `Europe/Berlin`?"),
        ("posix/Europe/Berlin", "did you mean `Europe/Berlin`?"),
        ("", HOW_TO_WRITE_A_ZONE),
        (".", HOW_TO_WRITE_A_ZONE),
        ("/etc/localtime", HOW_TO_WRITE_A_ZONE),
        ("/usr/share/zoneinfo/Europe/Berlin", HOW_TO_WRITE_A_ZONE),
        ("localtime", HOW_TO_WRITE_A_ZONE),
        ("a\0b", HOW_TO_WRITE_A_ZONE),
        ("\ud800", HOW_TO_WRITE_A_ZONE),
    ],
)
def test_a_wrong_zone_is_told_with_the_nearest_name(name: str, hint: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011  the whole message is compared
        time_zone(name)
    assert str(error.value) == f"`{name}` is no time zone ({hint})"


@pytest.mark.parametrize(
    "name",
    ["Europe", "Factory", "zone.tab", "leapseconds", "UTC\0", "UTC\n", "..", "/", "~", "x" * 99999],
)
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no time zone"):
        time_zone(name)


def test_missing_time_zone_data_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.available_timezones", set)
    monkeypatch.setattr("zoneinfo.ZoneInfo", {}.__getitem__)
    assert time_zone("UTC") is UTC
    with pytest.raises(ValueError) as error:  # noqa: PT011  the whole message is compared
        time_zone("Europe/Berlin")
    assert str(error.value) == (
        "`Europe/Berlin` can't be looked up: this machine has no time zone data (install tzdata)"
    )
