"""The facts that are still needed, against z3: on larger questions than brute force can look at."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import z3_oracle
from flawed import small
from generate import cases, policies, text
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from large import large

from refund_policy.engine.decide import case_of, decide
from refund_policy.engine.errors import CaseError, PolicyError
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion, Question, Value

REFUND = Path(__file__).parent.parent / "policies" / "refund" / "1.0.0" / "policy.yaml"


def wide(question: Question) -> dict[str, tuple[Value, ...]]:
    """Return ends between which z3 looks: far out, but short of the calendar's last day."""
    ends: dict[str, tuple[Value, ...]] = {
        "date": (date(1900, 1, 1), date(2200, 1, 1)),
        "yes_no": (False, True),
    }
    numbers: tuple[Value, ...] = (-1_000_000, 1_000_000)
    return {
        fact.name: fact.type.options or ends.get(fact.type.kind, numbers) for fact in question.facts
    }


def assert_needed(version: PolicyVersion, question: Question, facts: Mapping[str, object]) -> None:
    """Check that what is missing is what matters, and what outputs read."""
    try:
        found = decide(version, question, facts)
    except CaseError:
        return  # no valid case has these facts
    known = case_of(version, question, facts).facts
    wanted = z3_oracle.missing(version, question, known, wide(question))
    if found.outcome is None:
        assert wanted.matter <= set(found.missing) <= wanted.matter | wanted.read
    else:
        assert not wanted.matter


@settings(max_examples=60, suppress_health_check=[*HealthCheck], deadline=None)
@given(st.data())
def test_what_is_missing_matters_according_to_z3(data: st.DataObject) -> None:
    policy = data.draw(policies(exact=True))
    version, _ = load_text(text(policy), "policy.yaml")
    (question,) = version.questions.values()
    names = {fact.name for fact in question.facts}
    drawn = data.draw(cases(policy, complete=False))
    facts = {name: value for name, value in drawn.items() if name in names}
    try:
        assert_needed(version, question, facts)
    except PolicyError:  # every completion is a gap, a conflict or an error
        assume(False)  # noqa: FBT003 - hypothesis has it so


@pytest.mark.parametrize("seed", range(6))
def test_what_is_missing_matters_in_questions_of_some_size(seed: int) -> None:
    version, _ = load_text(small("none", seed), "policy.yaml")
    (question,) = version.questions.values()
    assert_needed(version, question, {})


@pytest.mark.parametrize("name", ["refund", "cancellation", "credits"])
def test_what_our_own_questions_need_is_what_z3_says(name: str) -> None:
    version, _ = load_text(REFUND.read_text("utf-8"), "policy.yaml")
    assert_needed(version, version.questions[name], {})


def test_beyond_the_diagram_every_unknown_fact_is_listed() -> None:
    version, _ = load_text(large(200, 40, 1), "policy.yaml")
    (question,) = version.questions.values()
    found = decide(version, question, {})
    assert set(found.missing) == {fact.name for fact in question.facts}


def test_a_few_known_facts_bring_a_large_question_within_reach() -> None:
    version, _ = load_text(large(25, 12, 1), "policy.yaml")
    (question,) = version.questions.values()
    flags = [fact.name for fact in question.facts if fact.type.kind == "yes_no"]
    assert_needed(version, question, dict.fromkeys(flags[:2], True))
