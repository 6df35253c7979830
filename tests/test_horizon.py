"""Until when a decision holds: what deciding day after day says."""

import copy
import pickle
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from completions import facts_of, law, loaded
from generate import Data, Draw, policies
from hypothesis import event, given
from hypothesis import strategies as st

from refund_policy.engine.decide import Decision, case_of, decide
from refund_policy.engine.errors import PolicyError
from refund_policy.engine.folder import load, load_all
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion, Question
from refund_policy.engine.suite import examples, run_folder
from refund_policy.engine.versions import Policy
from refund_policy.engine.walk import facts_in

TESTS = Path(__file__).parent
POLICY = load(TESTS.parent / "policies")
VERSION = POLICY.version("1.0.0")
YEARS = 3 * 366
FEE = {
    "requested_on": date(2026, 1, 20),
    "first_purchase_on": date(2026, 1, 1),
    "charged_on": date(2026, 1, 16),
    "charge_kind": "subscription_fee",
    "amount_paid": 49,
    "special_circumstance": "none",
    "account_email_provided": True,
    "charge_details_provided": True,
}
USED = {**FEE, "charge_kind": "credit_purchase", "credits_purchased": 3, "credits_unused": 0}
BROKEN = {"special_circumstance": "technical_issue"}
CYCLE = {
    "requested_on": date(2026, 5, 4),
    "billing_cycle_ends_on": date(2026, 5, 31),
    "longer_term_agreement": False,
    "refund_requested": False,
    "subscription_canceled": True,
}


def of(question: str, facts: Mapping[str, Any]) -> tuple[date | None, str | None]:
    own = {fact.name for fact in VERSION.questions[question].facts}
    found = POLICY.decide(question, {name: v for name, v in facts.items() if name in own})
    return found.holds_until, found.then["rule"] if found.then else None


# ---------------------------------------------------------------- Call Loop


@pytest.mark.parametrize(
    ("question", "facts", "until", "then"),
    [
        ("refund", FEE, date(2026, 1, 31), "final_sale"),
        ("refund", {**FEE, **BROKEN}, date(2026, 1, 31), "late_report"),
        ("refund", USED, date(2026, 1, 31), "final_sale"),
        ("refund", {**USED, **BROKEN}, date(2026, 1, 23), "late_report"),
        ("refund", {**FEE, "requested_on": date(2026, 2, 1)}, None, None),
        ("cancellation", CYCLE, date(2026, 5, 31), None),
        ("credits", CYCLE, date(2026, 5, 31), "credits_forfeited"),
        ("credits", {**CYCLE, "subscription_canceled": False}, None, None),
        ("credits", {**CYCLE, "billing_cycle_ends_on": date.max}, None, None),
    ],
)
def test_a_decision_holds_until_the_last_day_of_its_window(
    question: str, facts: Mapping[str, Any], until: date | None, then: str | None
) -> None:
    assert of(question, facts) == (until, then)


def test_a_decision_holds_until_a_date_that_was_not_needed_to_make_it() -> None:
    unknown = {name: value for name, value in FEE.items() if name != "charged_on"}
    found = POLICY.decide("refund", unknown, version="1.0.0")
    assert (found.rule, found.holds_until) == ("money_back_guarantee", date(2026, 1, 31))
    assert found.then == {"outcome": "declined", "rule": "final_sale"}


def test_without_the_clock_nothing_is_said() -> None:
    found = POLICY.decide("credits", {"refund_requested": True}, version="1.0.0")
    assert (found.rule, found.holds_until, found.then) == ("refund_removes_credits", None, None)


def test_an_undecided_case_has_no_horizon() -> None:
    found = POLICY.decide("cancellation", {"requested_on": date(2026, 1, 1)})
    assert (found.outcome, found.holds_until, found.then) == (None, None, None)


def test_copies_and_pickles_keep_the_horizon() -> None:
    for again in (
        copy.copy(POLICY.decide("refund", FEE)),
        copy.deepcopy(POLICY.decide("refund", FEE)),
        pickle.loads(pickle.dumps(POLICY.decide("refund", FEE))),  # noqa: S301 - our own
    ):
        assert again == POLICY.decide("refund", FEE)
        assert again.as_json()["holds_until"] == "2026-01-31"
        assert again.as_json()["then"] == {"outcome": "declined", "rule": "final_sale"}


# ---------------------------------------------------------------- day by day


def day_by_day(
    version: PolicyVersion, question: Question, facts: Mapping[str, Any], days: int
) -> Iterator[tuple[date, Decision | None]]:
    """Yield what each day after a case's gives, other facts as they are."""
    for count in range(1, days + 1):
        day = today(version, question, facts) + timedelta(count)
        try:
            yield day, decide(version, question, {**facts, clock(question): day})
        except PolicyError:
            yield day, None


def clock(question: Question) -> str:
    assert question.clock
    return question.clock.name


def today(version: PolicyVersion, question: Question, facts: Mapping[str, Any]) -> date:
    found = case_of(version, question, facts).facts[clock(question)]
    assert isinstance(found, date)
    return found


def agrees(
    version: PolicyVersion, question: Question, facts: Mapping[str, Any], days: int = YEARS
) -> bool:
    """Compare the horizon of a case with what each day gives; tell whether there is a case."""
    try:
        found = decide(version, question, facts)
    except PolicyError:
        return False
    if found.outcome is None:
        return False
    if found.holds_until is None and not_told(version, question, facts, found):
        return True
    ahead = day_by_day(version, question, facts, days)
    turned = ((day, after) for day, after in ahead if after is None or after.rule != found.rule)
    day, after = next(turned, (None, None))
    if day is None:
        last = today(version, question, facts) + timedelta(days)
        assert found.holds_until is None or found.holds_until >= last
    else:
        said = {"outcome": after.outcome, "rule": after.rule} if after and after.rule else None
        assert (found.holds_until, found.then) == (day - timedelta(days=1), said)
    return True


def not_told(
    version: PolicyVersion, question: Question, facts: Mapping[str, Any], found: Decision
) -> bool:
    """Return whether an unknown fact stands beside the clock in an output of the rule."""
    known = case_of(version, question, facts).facts.keys()
    given = next(rule.outputs for rule in question.rules if rule.name == found.rule)
    read = [facts_in(value) for _, value in given]
    return any(clock(question) in names and names - known for names in read)


FOLDERS = {
    name: found
    for folder in (TESTS.parent / "policies", TESTS / "policies")
    for name, found in load_all(folder).items()
}


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_the_cases_of_all_policies_hold_as_long_as_day_after_day_says(name: str) -> None:
    for version in FOLDERS[name].versions:
        for case in examples(version):
            question = version.questions[case.question]
            if question.clock and question.clock.name in case.facts and "error" not in case.expect:
                whole = len(case.facts) == len(question.facts)
                agrees(version, question, case.facts, YEARS if whole else 400)


# ---------------------------------------------------------------- generated policies


@st.composite
def clocked(draw: Draw) -> Data:
    """Draw a policy whose question has a clock, most often without bounds on it."""
    dates = ("first_day", "second_day")
    exact = draw(st.booleans())
    policy: Data = draw(policies(exact=exact).filter(lambda drawn: {*dates} & {*drawn["facts"]}))
    clock = next(name for name in dates if name in policy["facts"])
    policy["questions"]["ask"]["clock"] = clock
    if draw(st.booleans()):
        policy["always"] = [item for item in policy["always"] if clock not in item]
    return policy


@law(150)
@given(st.data())
def test_decisions_of_generated_policies_hold_as_long_as_day_after_day_says(
    data: st.DataObject,
) -> None:
    policy = data.draw(clocked())
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=data.draw(st.booleans()))
    facts = {clock(question): "2026-02-26", **facts}
    event(f"decided: {agrees(version, question, facts, days=100)}")


# ---------------------------------------------------------------- comparisons of every kind

SMALL = """
language: 1
policy: small
version: 1.0.0
in_force: {from: beginning}
business_days: {week: [monday, tuesday, wednesday, thursday, friday], holidays: [2026-02-09]}
facts:
  today: {type: date}
  bought_on: {type: date}
  other_day: {type: date}
  count: {type: whole_number}
  flag: {type: yes_no}
measures:
  in_a_month: {plus: [today, 1 month]}
  a_month_ago: {minus: [today, 1 month]}
  two_months_on: {plus: [bought_on, 2 months]}
  a_week_on: {plus: [bought_on, 5 business days]}
  months: {months: {from: bought_on, to: today}}
  business_days: {business_days: {from: bought_on, to: today}}
  business_days_back: {business_days: {from: today, to: bought_on}}
  days: {days: {from: bought_on, to: today}}
  product: {times: [{days: {from: bought_on, to: today}}, count]}
  ratio: {divided_by: [days, {days: {from: today, to: other_day}}]}
  first: {least: [bought_on, other_day, in_a_month]}
  jump: {if: {today: {before: other_day}}, then: today, else: bought_on}
  far_jump: {if: {today: {before: 2026-03-01}}, then: bought_on, else: in_a_month}
questions:
  ask:
    clock: today
    outcomes: {kept: {}, gone: {outputs: {day: date}}}
    rules:
      kept: {outcome: kept}
      gone: {outcome: gone, overrides: [kept], day: today, when: WHEN}
"""
WHENS = (
    "{today: {after: two_months_on}}",
    "{today: {after: a_week_on}}",
    "{bought_on: {before: a_month_ago}}",
    "{months: {at_least: 2 months}}",
    "{months: {is: 0 months}}",
    "{business_days: {is: 3 business days}}",
    "{business_days_back: {is_not: -6 business days}}",
    "{product: {more_than: 30 days}}",
    "{product: {one_of: [40 days, 80 days]}}",
    "{ratio: {more_than: 2}}",
    "{today: {after: first}}",
    "{today: {one_of: [other_day, two_months_on]}}",
    "{in_a_month: {one_of: [other_day, 2026-04-30]}}",
    "{jump: {on_or_after: bought_on}}",
    "{far_jump: {after: other_day}}",
    "{any: [{today: {is: other_day}}, {a_month_ago: {after: other_day}}]}",
    "{all: [flag, {a_month_ago: {after: bought_on}}]}",
)


@pytest.mark.parametrize("when", WHENS)
def test_every_kind_of_comparison_with_the_clock_turns_when_day_after_day_says(when: str) -> None:
    version = load_text(SMALL.replace("WHEN", when), "small.yaml")[0]
    question = version.questions["ask"]
    for start, count in product((date(2026, 1, 31), date(2026, 2, 6)), (-1, 0, 1, 40)):
        days = {"today": start, "bought_on": date(2026, 1, 30), "other_day": date(2026, 3, 31)}
        facts = {**days, "count": count, "flag": True}
        own = {fact.name: facts[fact.name] for fact in question.facts}
        assert agrees(version, question, own)
        agrees(version, question, {name: own[name] for name in own if name != "flag"})


# ---------------------------------------------------------------- versions

GYM = """
language: 1
policy: gym
version: VERSION
in_force: {from: START}
facts: {left_on: {type: date}, joined_on: {type: date}}
questions:
  refund:
    version_by: left_on
    clock: left_on
    outcomes: {kept: {}, paid: {}}
    rules:
      kept: {outcome: kept}
      trial: {outcome: paid, overrides: [kept], when: {left_on: {on_or_before: LAST}}}
"""


def gym(*versions: tuple[str, str, str]) -> Policy:
    """Return a policy whose versions each have a start and a last day of the trial."""
    texts = [
        GYM.replace("VERSION", number).replace("START", start).replace("LAST", last)
        for number, start, last in versions
    ]
    return Policy("gym", tuple(load_text(text, "gym.yaml")[0] for text in texts))


@pytest.mark.parametrize(
    ("start", "last", "until"),
    [
        ("2026-03-01", "2026-01-01", date(2026, 2, 28)),  # the new version ends the trial
        ("2026-03-01", "2026-04-30", date(2026, 4, 30)),  # the new version makes it longer
        ("2026-04-01", "2026-04-30", date(2026, 4, 30)),  # from the day after its end
        ("2026-04-02", "2026-04-30", date(2026, 3, 31)),  # too late for that
    ],
)
def test_a_decision_holds_across_versions_that_decide_alike(
    start: str, last: str, until: date
) -> None:
    both = gym(("1.0.0", "beginning", "2026-03-31"), ("2.0.0", start, last))
    facts = {"left_on": date(2026, 2, 1)}
    for found in (both.decide("refund", facts), both.explain("refund", facts).decision):
        assert found is not None
        assert (found.version, found.holds_until) == ("1.0.0", until)
        assert found.then == {"outcome": "kept", "rule": "kept"}
    alone = both.decide("refund", facts, version="1.0.0")
    assert alone.holds_until == date(2026, 3, 31)


def test_a_version_that_no_longer_answers_ends_a_decision() -> None:
    later = (
        GYM.replace("VERSION", "2.0.0").replace("START", "2026-03-01").replace("LAST", "joined_on")
    )
    first = gym(("1.0.0", "beginning", "2026-03-31")).versions
    both = Policy("gym", (*first, load_text(later, "gym.yaml")[0]))
    found = both.decide("refund", {"left_on": "2026-02-01"})
    assert (found.holds_until, found.then) == (date(2026, 2, 28), None)


# ---------------------------------------------------------------- cases beside a policy


def test_a_case_may_expect_how_long_its_decision_holds(tmp_path: Path) -> None:
    folder = tmp_path / "gym" / "1.0.0"
    folder.mkdir(parents=True)
    text = GYM.replace("VERSION", "1.0.0").replace("START", "beginning")
    (folder / "policy.yaml").write_text(text.replace("LAST", "2026-03-31"))
    expect = "{holds_until: 2026-03-30, then: paid}"
    case = f"{{name: a case, facts: {{left_on: 2026-01-01}}, expect: {expect}}}"
    (folder / "cases.yaml").write_text(f"- question: refund\n  cases: [{case}]\n")
    (found,) = run_folder(tmp_path)
    assert found.differences == (
        "holds_until: expected `2026-03-30`, got `2026-03-31`",
        "then: expected `paid`, got `kept`",
    )


def test_what_can_not_be_told_is_left_out() -> None:
    text = SMALL.replace("today, when: WHEN", "mixed, when: {today: {before: bought_on}}")
    mixed = "  mixed: {if: flag, then: in_a_month, else: 2026-02-28}\nquestions:"
    version = load_text(text.replace("questions:", mixed), "small.yaml")[0]
    facts = {"today": date(2026, 1, 31), "bought_on": date(2026, 5, 1)}
    unknown = decide(version, version.questions["ask"], facts)
    known = decide(version, version.questions["ask"], {**facts, "flag": True})
    assert unknown.outputs == known.outputs == {"day": date(2026, 2, 28)}
    assert (unknown.holds_until, known.holds_until) == (None, date(2026, 4, 30))
