"""Laws that hold for every policy: tried on small random ones, all completions seen."""

import json
from collections.abc import Mapping
from fractions import Fraction

import pytest
from completions import (
    Facts,
    answer,
    assert_completes,
    differing,
    facts_of,
    law,
    loaded,
    mattering,
    read,
    tied,
    world,
)
from generate import KINDS, policies, shuffled
from hypothesis import assume, event, given
from hypothesis import strategies as st

from refund_policy.engine.decide import case_of, decide
from refund_policy.engine.errors import (
    CalculationError,
    CaseError,
)
from refund_policy.engine.evaluate import Case, truth
from refund_policy.engine.explain import explain
from refund_policy.engine.model import All, PolicyVersion, Question, Value
from refund_policy.engine.walk import facts_in


@law(200)
@given(st.data())
def test_order_never_changes_a_decision(data: st.DataObject) -> None:
    policy = data.draw(policies())
    keep = ("rows",) if "first" in json.dumps(policy) else ()
    version, question = loaded(policy)
    other, _ = loaded(data.draw(shuffled(policy, keep)))
    facts = facts_of(data, policy, question, complete=True)
    turned = {name: facts[name] for name in data.draw(st.permutations([*facts]))}
    assert answer(version, facts) == answer(other, turned)


@law(200)
@given(st.data())
def test_order_of_all_but_rules_never_changes_what_is_missing(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    other, _ = loaded(data.draw(shuffled(policy, ("rules", "rows"))))
    facts = facts_of(data, policy, question, complete=False)
    assert answer(version, facts) == answer(other, facts)


@law(300)
@given(st.data())
def test_what_a_decision_lacks_never_contradicts_it(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=False)
    found = answer(version, facts)
    seen = world(version, facts)
    event(found[0] if found[0] in ("undecided", "CaseError") else "decided")
    if found[0] in ("undecided", "CaseError"):
        return
    for full, _ in seen.results:
        assert_completes(found, answer(version, as_given(full)))


def as_given(facts: Mapping[str, Value]) -> Facts:
    """Return known values as a case gives them."""
    return {
        name: format(float(known), ".2f" if KINDS[name] == "money" else ".1f")
        if isinstance(known, Fraction)
        else known
        for name, known in facts.items()
    }


@law(400)
@given(st.data())
def test_a_case_is_decided_exactly_when_all_completions_agree(data: st.DataObject) -> None:
    policy = data.draw(policies(exact=True))
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=False)
    seen = world(version, facts)
    found = answer(version, facts)
    results = {got for _, got in seen.results}
    if not results:
        assert found == ("CaseError",)
    elif len(results) > 1:
        assert found[0] == "undecided"
    elif found[0] == "undecided":
        assert read(seen) >= found[1]  # type: ignore[operator]
    else:
        assert found[0] == next(iter(results))[0]


@law(400)
@given(st.data())
def test_missing_lists_the_facts_that_can_still_matter(data: st.DataObject) -> None:
    policy = data.draw(policies(exact=True, most_facts=data.draw(st.sampled_from([3, 3, 3, 4]))))
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=False)
    found = answer(version, facts)
    assume(found[0] == "undecided")
    seen = world(version, facts)
    needed, reads = mattering(seen), read(seen)
    missing: set[str] = found[1]  # type: ignore[assignment]
    if not reads:  # outputs that read an unknown fact are compared as they are written
        assert missing == needed
    for names in differing(seen):
        if len(names) == 1 or names <= tied(question):
            assert names & missing


@law(150)
@given(st.data())
def test_outside_the_fragment_no_fact_that_matters_is_left_out(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=False)
    found = answer(version, facts)
    seen = world(version, facts)
    for names in differing(seen):
        assert found[0] in ("undecided", "CalculationError")
        if found[0] == "undecided" and len(names) == 1:
            assert names <= found[1]  # type: ignore[operator]


WRONG = [None, 0.5, [], {}, "", "nonsense", "2026-02-30", 10**30, object(), float("nan")]


@law(150)
@given(st.data())
def test_wrong_facts_never_decide(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=False)
    name = data.draw(st.sampled_from([*(fact.name for fact in question.facts), "nonsense"]))
    with pytest.raises(CaseError) as caught:
        decide(version, question, {**facts, name: data.draw(st.sampled_from(WRONG))})
    assert name in {problem.fact for problem in caught.value.problems}


@law(200)
@given(st.data())
def test_a_case_that_breaks_a_requirement_never_decides(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=True)
    parsed = case_or_none(version, question, facts)
    if parsed is None:
        assert answer(version, facts) == ("CaseError",)
    else:
        assert all(truth(item.condition, parsed) for item in question.always)
        assert answer(version, facts) != ("CaseError",)


def case_or_none(version: PolicyVersion, question: Question, facts: Facts) -> Case | None:
    """Return the case that facts describe, or None when they are wrong."""
    try:
        return case_of(version, question, facts)
    except CaseError:
        return None


@law(200)
@given(st.data())
def test_what_is_known_of_a_condition_agrees_with_every_completion(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=False)
    seen = world(version, facts)
    known = Case(seen.known, version.calendar)
    conditions = [rule.when for rule in question.rules]
    for condition in [*conditions, All(tuple(conditions))]:
        holds = truth(condition, known)
        for full, _ in seen.results if holds is not None else ():
            assert truth(condition, Case(full, version.calendar)) is holds


@law(150)
@given(st.data())
def test_an_explanation_lists_what_each_rule_rests_on(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=True)
    case = case_or_none(version, question, facts)
    assume(case)
    try:
        found = explain(version, question, facts)
    except CalculationError:
        return
    assert case
    rules = {rule.name: rule for rule in question.rules}
    assert sorted(report.rule for report in found.rules) == sorted(rules)
    for report in found.rules:
        applies = truth(rules[report.rule].when, case)
        assert (report.status == "does_not_apply") is (applies is False)
        assert all(tested.holds is not None for tested in report.because)
        assert report.because or not facts_in(rules[report.rule].when)
