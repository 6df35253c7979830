"""A region of cases in words: nothing is left out, nothing is said twice, and it reads well."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refund_policy.engine.atoms import Opaque, Path
from refund_policy.engine.load import load_text
from refund_policy.engine.model import Compare
from refund_policy.engine.phrases import limited, needed, phrases
from refund_policy.engine.rulebook import rulebook
from refund_policy.engine.search import find
from refund_policy.engine.space import EVERYTHING, ZERO, Options, Space, at_most, restrict

POLICY = """
language: 1
policy: gym
version: 1.0.0
in_force: draft
currency: EUR
business_days: {week: [monday, tuesday, wednesday, thursday, friday]}
terms:
  notice: 1 month
facts:
  left_on: {type: date, label: the day you left}
  joined_on: {type: date, label: the day you joined}
  paid_on: {type: date, label: the day you paid}
  visits: {type: whole_number, label: your visits}
  booked: {type: whole_number, label: your bookings}
  fee: {type: money, label: your fee}
  deposit: {type: money, label: your deposit}
  injured: {type: yes_no, label: whether you are injured}
  plan:
    type: choice
    label: your plan
    options: {day: one day, month: a month, year: a year, trial: a trial}
measures:
  days_as_member: {days: {from: joined_on, to: left_on}}
  fee_above_deposit: {minus: [fee, deposit]}
  last_day: {plus: [joined_on, notice]}
conditions:
  in_time: {left_on: {on_or_before: last_day}}
  not_in_time: {left_on: {after: last_day}}
questions:
  refund:
    asks: Do I get my fee back?
    outcomes: {kept: {}}
    rules: {no_refund: {outcome: kept, says: We keep the fee.}}
"""
VERSION = load_text(POLICY, "gym.yaml")[0]
ORDERED = at_most(EVERYTHING, "joined_on", "paid_on", 0) or EVERYTHING
Limits = Iterable[tuple[str, str, int]]


def space(limits: Limits, start: Space = EVERYTHING) -> Space:
    """Return the space with these limits."""
    left: Space | None = start
    for limit in limits:
        left = left and at_most(left, *limit)
    assert left
    return left


def options(name: str, *left: str | bool) -> Space:
    """Return the space in which a fact has one of some options."""
    allowed: Options = frozenset(left)
    found = restrict(EVERYTHING, name, allowed)
    assert found
    return found


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ([(ZERO, "visits", -1)], "`visits` at least 1"),
        ([("visits", ZERO, 4)], "`visits` at most 4"),
        ([("visits", ZERO, 4), (ZERO, "visits", -1)], "`visits` 1 to 4"),
        ([("visits", ZERO, 4), (ZERO, "visits", -4)], "`visits` is 4"),
        ([("fee", ZERO, 2000), (ZERO, "fee", -1000)], "`fee` 10.00 to 20.00 EUR"),
        ([("fee", ZERO, 1999)], "`fee` less than 20.00 EUR"),
        ([(ZERO, "fee", -1)], "`fee` more than 0.00 EUR"),
        (
            [("fee", ZERO, 1999), (ZERO, "fee", 0)],
            "`fee` at least 0.00 EUR and less than 20.00 EUR",
        ),
        ([("paid_on", ZERO, 738000)], "`paid_on` on or before 2021-07-29"),
        (
            [("paid_on", ZERO, 738000), (ZERO, "paid_on", -737000)],
            "`paid_on` from 2018-11-02 to 2021-07-29",
        ),
        ([("visits", "booked", -1)], "`visits` less than `booked`"),
        ([("booked", "visits", 2)], "`visits` at least `booked` minus 2"),
        ([("booked", "visits", 0), ("visits", "booked", 0)], "`visits` the same as `booked`"),
        ([("fee", "deposit", 0)], "`fee_above_deposit` at most 0.00 EUR"),
        ([("joined_on", "left_on", -31)], "`days_as_member` at least 31 days"),
        (
            [("joined_on", "left_on", -8), ("left_on", "joined_on", 30)],
            "`days_as_member` 8 to 30 days",
        ),
        ([("left_on", "joined_on", 1), ("joined_on", "left_on", -1)], "`days_as_member` is 1 day"),
        ([("joined_on", "paid_on", -1)], "`joined_on` before `paid_on`"),
        ([("paid_on", "joined_on", -1)], "`joined_on` after `paid_on`"),
        ([("paid_on", "joined_on", 0)], "`joined_on` on or after `paid_on`"),
        ([("joined_on", "paid_on", -31)], "`joined_on` at least 31 days before `paid_on`"),
        ([("paid_on", "joined_on", 3)], "`joined_on` no earlier than 3 days before `paid_on`"),
        ([("joined_on", "paid_on", 3)], "`joined_on` no later than 3 days after `paid_on`"),
        (
            [("joined_on", "paid_on", 3), ("paid_on", "joined_on", 1)],
            "`joined_on` from 1 day before to 3 days after `paid_on`",
        ),
        (
            [("joined_on", "paid_on", 0), ("paid_on", "joined_on", 0)],
            "`joined_on` on the same day as `paid_on`",
        ),
    ],
)
def test_a_bound_reads_as_a_person_would_say_it(limits: Limits, expected: str) -> None:
    assert phrases(Path(space(limits)), VERSION) == (expected,)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ([("paid_on", "joined_on", 30)], "`paid_on` at most 30 days after `joined_on`"),
        ([("joined_on", "paid_on", -1)], "`paid_on` after `joined_on`"),
        (
            [("paid_on", "joined_on", 30), ("joined_on", "paid_on", -8)],
            "`paid_on` 8 to 30 days after `joined_on`",
        ),
        ([("paid_on", "joined_on", 0)], "`paid_on` on the same day as `joined_on`"),
    ],
)
def test_the_later_of_two_days_comes_first_where_it_is_known(limits: Limits, expected: str) -> None:
    path = Path(space(limits, ORDERED))
    assert phrases(path, VERSION, given=Path(ORDERED)) == (expected,)


def test_what_is_given_is_not_said() -> None:
    assert phrases(Path(ORDERED), VERSION, given=Path(ORDERED)) == ()


def test_a_bound_that_follows_is_not_said() -> None:
    found = space([("visits", "booked", 0), ("booked", ZERO, 3)])
    assert phrases(Path(found), VERSION) == ("`visits` at most `booked`", "`booked` at most 3")


@pytest.mark.parametrize(
    ("left", "expected", "in_labels"),
    [
        (("plan", "day"), "`plan` is `day`", "your plan: one day"),
        (("plan", "day", "year"), "`plan` is `day` or `year`", "your plan: one day or a year"),
        (
            ("plan", "day", "year", "month"),
            "`plan` is not `trial`",
            "your plan: one day, a month or a year",
        ),
        (("injured", True), "`injured` yes", "whether you are injured: yes"),
        (("injured", False), "`injured` no", "whether you are injured: no"),
    ],
)
def test_options_are_named_or_excluded_whichever_is_shorter(
    left: tuple[str, str | bool], expected: str, in_labels: str
) -> None:
    path = Path(options(*left))
    assert phrases(path, VERSION) == (expected,)
    assert phrases(path, VERSION, labels=True) == (in_labels,)


def test_customers_read_labels() -> None:
    found = space([("joined_on", "paid_on", -31), ("booked", ZERO, 3)])
    assert phrases(Path(found), VERSION, labels=True) == (
        "the day you joined: at least 31 days before the day you paid",
        "your bookings: at most 3",
    )


def test_customers_read_the_label_of_a_measure() -> None:
    labelled = POLICY.replace(
        "{days: {from: joined", "{label: days since you joined, days: {from: joined"
    )
    version, _ = load_text(labelled, "gym.yaml")
    path = Path(space([("joined_on", "left_on", -31)]))
    assert phrases(path, version) == ("`days_as_member` at least 31 days",)
    assert phrases(path, version, labels=True) == ("days since you joined: at least 31 days",)


@pytest.mark.parametrize(
    ("condition", "holds", "expected"),
    [
        ("in_time", True, "`left_on` on or before `last_day`"),
        ("not_in_time", True, "`left_on` after `last_day`"),
        ("in_time", False, "`left_on` after `last_day`"),
    ],
)
def test_a_comparison_that_is_taken_whole_is_said_with_its_sense(
    condition: str, *, holds: bool, expected: str
) -> None:
    comparison = VERSION.conditions[condition].condition
    assert isinstance(comparison, Compare)
    path = Path(opaque=((Opaque(comparison), holds),))
    assert phrases(path, VERSION) == (expected,)


NAMES = ["left_on", "joined_on", "paid_on", "visits", ZERO]
LIMIT = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(-3, 6))


@given(st.lists(LIMIT, max_size=8), st.integers(0, 3))
def test_the_bounds_said_are_all_that_is_needed_and_none_too_many(
    limits: list[tuple[str, str, int]], known: int
) -> None:
    start = EVERYTHING
    for limit in limits[:known]:
        start = at_most(start, *limit) or start
    left = start
    for limit in limits[known:]:
        left = at_most(left, *limit) or left
    told = [*needed(Path(left), Path(start), VERSION)]
    assert limited(start, told, left) == left
    for pair in told:
        assert limited(start, [other for other in told if other != pair], left) != left


MONTHS = """
language: 1
policy: gym
version: 1.0.0
in_force: draft
facts: {joined_on: {type: date}, left_on: {type: date}}
terms: {notice: 1 month}
measures: {last_day: {plus: [joined_on, notice]}}
questions:
  refund:
    outcomes: {paid: {}}
    rules:
      late: {when: {left_on: {after: last_day}}, outcome: paid}
      later:
        when: {all: [{left_on: {after: last_day}}, {left_on: {after: joined_on}}]}
        outcome: paid
      latest:
        when:
          all:
            - left_on: {after: last_day}
            - days_after: {at_least: 40 days}
        outcome: paid
"""


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("late", ("`left_on` after `last_day`",)),
        ("later", ("`left_on` after `last_day`",)),
        ("latest", ("`left_on` after `last_day`", "`days_after` at least 40 days")),
    ],
)
def test_what_follows_from_a_comparison_that_is_said_is_not_said_again(
    rule: str, said: tuple[str, ...]
) -> None:
    measure = "measures: {days_after: {days: {from: joined_on, to: left_on}}, "
    version, _ = load_text(MONTHS.replace("measures: {", measure), "gym.yaml")
    book = rulebook(version.questions["refund"], None)
    path = find([(book.applies[rule],)])
    assert path is not None
    assert sorted(phrases(path, version)) == sorted(said)
