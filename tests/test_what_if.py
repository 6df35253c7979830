"""What would lead to a better outcome: what trying every change says."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from completions import facts_of, law, loaded
from generate import DOMAINS, KINDS, Data, Draw, policies
from hypothesis import event, given
from hypothesis import strategies as st

from refund_policy.engine.closest import Cost, cost
from refund_policy.engine.decide import Decision, case_of, decide
from refund_policy.engine.decide import given as given_as
from refund_policy.engine.errors import PolicyError
from refund_policy.engine.evaluate import Case
from refund_policy.engine.folder import load, load_all
from refund_policy.engine.load import load_text
from refund_policy.engine.model import Fact, PolicyVersion, Question, Value
from refund_policy.engine.suite import examples
from refund_policy.engine.values import fact_value
from refund_policy.engine.versions import Policy
from refund_policy.engine.what_if import MOST_TOGETHER, WhatIf, better
from refund_policy.engine.what_if_text import in_text

TESTS = Path(__file__).parent
POLICY = load(TESTS.parent / "policies")
FEE = {
    "requested_on": date(2026, 4, 2),
    "first_purchase_on": date(2026, 3, 1),
    "charged_on": date(2026, 3, 1),
    "charge_kind": "subscription_fee",
    "amount_paid": 49,
    "special_circumstance": "none",
    "account_email_provided": True,
    "charge_details_provided": True,
}
CREDITS = {**FEE, "charge_kind": "credit_purchase", "credits_purchased": 3, "credits_unused": 0}
CYCLE = {
    "requested_on": date(2026, 6, 1),
    "billing_cycle_ends_on": date(2026, 5, 31),
    "refund_requested": False,
    "subscription_canceled": True,
}


def words(question: str, facts: Mapping[str, Any]) -> list[str]:
    found = POLICY.what_if(question, facts)
    return in_text(found, POLICY.decide(question, facts), POLICY).splitlines()


# ---------------------------------------------------------------- in words

BY = "if `requested_on` had been 2026-03-31, 2 days earlier (now 2026-04-02)"
EVE = "if `requested_on` had been 2026-05-31, 1 day earlier (now 2026-06-01)"
WITHOUT = {
    "email": "and with `account_email_provided` no (now yes)",
    "details": "and with `charge_details_provided` no (now yes)",
}
NO_REVIEW = "review: nothing that can change leads there"
TEXTS = {
    "too late": [
        f"approved (money_back_guarantee): {BY}",
        f"more_information (request_incomplete): {BY} {WITHOUT['email']}",
        f"more_information (request_incomplete): {BY} {WITHOUT['details']}",
        NO_REVIEW,
    ],
    "incomplete": [
        "approved (money_back_guarantee): with `account_email_provided` yes (now no)",
        NO_REVIEW,
    ],
    "in time": ["no outcome is better than approved"],
    "canceled": [
        "usable (credits_last_while_active): with `subscription_canceled` no (now yes)",
        f"usable_until_cycle_end (credits_last_until_cycle_end): {EVE}",
    ],
    "undecided": ["what would lead to a better outcome is told once there is a decision"],
}
MARCH = {"requested_on": date(2026, 3, 2)}


@pytest.mark.parametrize(
    ("case", "question", "facts"),
    [
        ("too late", "refund", FEE),
        ("incomplete", "refund", {**FEE, **MARCH, "account_email_provided": False}),
        ("in time", "refund", {**FEE, **MARCH}),
        ("canceled", "credits", CYCLE),
        ("undecided", "cancellation", MARCH),
    ],
)
def test_changes_read_well(case: str, question: str, facts: Mapping[str, Any]) -> None:
    assert words(question, facts) == TEXTS[case]


def test_as_json_a_change_holds_what_it_decides() -> None:
    found = POLICY.what_if("credits", CYCLE)
    assert found is not None
    said = found.as_json()
    facts = {"requested_on": {"now": "2026-06-01", "instead": "2026-05-31"}}
    assert said["changes"][1]["facts"] == facts
    assert said["changes"][1]["decision"]["outputs"] == {"usable_until": "2026-05-31"}
    assert {name: said[name] for name in said if name != "changes"} == {
        "out_of_reach": [],
        "unsettled": [],
        "ranked": True,
    }


LATER = "from 2026-02-28 on until 2030-12-31, 58 days later (now 2026-01-01)"
SMALL = """
language: 1
policy: small
version: 1.0.0
in_force: {from: beginning}
currency: USD
facts:
  today: {type: date}
  born_on: {type: date, fixed: true}
  fee: {type: money}
measures: {of_age_on: {plus: [born_on, 18 years]}}
questions:
  ask:
    clock: today
    outcomes: {no: {}, yes: {}, late: {}}
    rules:
      no: {outcome: no}
      yes:
        outcome: yes
        overrides: [no]
        when:
          all:
            - today: {on_or_after: of_age_on, before: 2031-01-01}
            - fee: {at_most: 5 USD}
"""


def test_a_later_day_of_the_clock_is_said_with_its_end_and_all_outcomes_count_without_ranks() -> (
    None
):
    policy = Policy("small", (load_text(SMALL, "small.yaml")[0],))
    facts = {"today": "2026-01-01", "born_on": "2008-02-29", "fee": "7.50"}
    found = policy.what_if("ask", facts)
    assert in_text(found, policy.decide("ask", facts), policy).splitlines() == [
        "the policy doesn't say which outcomes are better (`best_first`): here are all others",
        f"yes (yes): with `today` {LATER} and with `fee` 5.00 USD (now 7.50 USD)",
        "late: nothing that can change leads there",
    ]


# ---------------------------------------------------------------- every change, tried


@dataclass(frozen=True)
class World:
    """A case, and all values that are tried for some of its facts."""

    version: PolicyVersion
    question: Question
    case: Case
    domains: Mapping[str, Iterable[Value]]

    def outcome(self, changed: Mapping[str, Value]) -> str | None:
        """Return the outcome of the case with some facts changed; None without a decision."""
        types = {fact.name: fact.type for fact in self.question.facts}
        facts = {**self.case.facts, **changed}
        try:
            whole = {name: given_as(value, types[name]) for name, value in facts.items()}
            return decide(self.version, self.question, whole).outcome
        except PolicyError:
            return None

    def others(self, facts: Iterable[Fact]) -> Iterator[dict[str, Value]]:
        """Yield all other values of some facts."""
        names = [fact.name for fact in facts]
        for values in product(*(self.domains[name] for name in names)):
            found = dict(zip(names, values, strict=True))
            if all(value != self.case.facts[name] for name, value in found.items()):
                yield found


def tried(world: World, outcome: str) -> dict[frozenset[str], Cost]:
    """Return the cost of the nearest change of each smallest set of facts."""
    free = [fact for fact in world.question.facts if not fact.fixed]
    best: dict[frozenset[str], Cost] = {}
    for size in range(1, MOST_TOGETHER + 1):
        for facts in combinations(free, size):
            names = frozenset(fact.name for fact in facts)
            if any(smaller <= names for smaller in best):
                continue
            costs = [
                cost(values, facts, world.case)
                for values in world.others(facts)
                if world.outcome(values) == outcome
            ]
            if costs:
                best[names] = min(costs)
    return best


def sound(found: WhatIf, world: World) -> None:
    """Check that each change reaches its outcome, and that undoing any part of it doesn't."""
    for change in found.changes:
        assert not any(fact.fixed for fact in change.changed)
        new = {name: value for name, (_, value) in change.facts.items()}
        assert world.outcome(new) == change.decision.outcome == change.outcome
        for size in range(len(new)):
            for kept in combinations(new, size):
                assert world.outcome({name: new[name] for name in kept}) != change.outcome


def complete(found: WhatIf, world: World, now: Decision) -> None:
    """Check that the changes are those that trying all values finds."""
    for outcome in better(world.question, now)[1]:
        got = {
            frozenset(change.facts): change.cost
            for change in found.changes
            if change.outcome == outcome
        }
        assert got == tried(world, outcome)
        assert not got or outcome not in (*found.out_of_reach, *found.unsettled)


@st.composite
def ranked(draw: Draw, *, exact: bool) -> Data:
    """Draw a policy that ranks its outcomes or not, with some facts that are fixed."""
    policy: Data = draw(policies(exact=exact))
    if draw(st.booleans()):
        best_first = list(draw(st.permutations(["yes", "no", "value"])))
        policy["questions"]["ask"]["best_first"] = best_first
    for name, fact in policy["facts"].items():
        policy["facts"][name] = {**fact, "fixed": draw(st.integers(0, 4)) == 0}
    return policy


def values_of(fact: Fact, version: PolicyVersion) -> list[Value]:
    """Return all values of a fact in the generated policies."""
    return [fact_value(fact, value, version.zone) for value in DOMAINS[KINDS[fact.name]]]


@pytest.mark.parametrize("exact", [True, False])
@law(80)
@given(st.data())
def test_changes_are_those_that_trying_all_values_finds(exact: bool, data: st.DataObject) -> None:  # noqa: FBT001
    policy = data.draw(ranked(exact=exact))
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=True)
    try:
        now = decide(version, question, facts)
    except PolicyError:
        return
    found = Policy("small", (version,)).what_if("ask", facts, version="1.0.0")
    assert found is not None
    domains = {fact.name: values_of(fact, version) for fact in question.facts}
    world = World(version, question, case_of(version, question, facts), domains)
    sound(found, world)
    if exact:
        complete(found, world, now)
    event(f"changes: {len(found.changes)}")


@law(60)
@given(st.data())
def test_with_unknown_facts_every_change_reaches_its_outcome(data: st.DataObject) -> None:
    policy = data.draw(ranked(exact=True))
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=False)
    try:
        found = Policy("small", (version,)).what_if("ask", facts, version="1.0.0")
    except PolicyError:
        return
    if found is not None:
        sound(found, World(version, question, case_of(version, question, facts), {}))
        event(f"changes: {len(found.changes)}")


@law(40)
@given(st.data())
def test_in_the_refund_policy_changes_are_those_that_trying_all_values_finds(
    data: st.DataObject,
) -> None:
    version = POLICY.version("1.0.0")
    question = version.questions[data.draw(st.sampled_from([*version.questions]))]
    domains = {fact.name: domain(fact) for fact in question.facts}
    facts = {name: data.draw(st.sampled_from(values)) for name, values in domains.items()}
    try:
        now = decide(version, question, facts)
    except PolicyError:
        return
    found = POLICY.what_if(question.name, facts)
    assert found is not None
    world = World(version, question, case_of(version, question, facts), domains)
    sound(found, world)
    complete(found, world, now)
    event(f"{question.name}: {len(found.changes)} changes")


def domain(fact: Fact) -> list[Any]:
    """Return the values that are tried for a fact of the refund policy."""
    tried: Mapping[str, list[Any]] = {
        "date": [date(2026, 3, 1) + timedelta(count) for count in range(45)],
        "yes_no": [True, False],
        "choice": list(fact.type.options),
        "money": [49],
        "whole_number": [0, 1, 3],
    }
    return tried[fact.type.kind]


@pytest.mark.parametrize("name", sorted(path.name for path in (TESTS / "policies").iterdir()))
def test_every_change_in_the_cases_of_other_policies_reaches_its_outcome(name: str) -> None:
    for policy in load_all(TESTS / "policies" / name).values():
        for version in policy.versions:
            for case in examples(version):
                question = version.questions[case.question]
                try:
                    found = policy.what_if(question.name, case.facts, version=version.version)
                except PolicyError:
                    continue
                if found is not None:
                    known = case_of(version, question, case.facts)
                    sound(found, World(version, question, known, {}))
