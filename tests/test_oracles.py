"""The oracles agree with each other: z3 and small worlds, on policies of all shapes."""

from collections import Counter
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
import small_world
import z3_oracle
from edits import CHANGES, edited
from flawed import FLAWS, Flaw, small
from generate import DOMAINS, KINDS, policies, text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from large import large

from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion, Question
from refund_policy.engine.values import fact_value

POLICY = Path(__file__).parent.parent / "policies" / "refund" / "1.0.0" / "policy.yaml"
Asked = tuple[PolicyVersion, Question]


def asked(source: str) -> Asked:
    """Return a policy's question `ask`."""
    version, _ = load_text(source, "policy.yaml")
    return version, version.questions["ask"]


def assert_agreed(policy: Asked, domains: small_world.Domains) -> None:
    """Assert that both oracles say the same of a policy, and that each case shows it."""
    version, question = policy
    seen = small_world.world(version, question, domains)
    gap = z3_oracle.gap(version, question)
    assert (gap is None) == (not small_world.gaps(seen))
    assert gap is None or small_world.look(version, question, gap).result == "gap"
    conflicts = z3_oracle.conflicts(version, question)
    assert conflicts.keys() == small_world.conflicts(seen)
    for pair, facts in conflicts.items():
        assert pair in small_world.look(version, question, facts).clashes
    assert z3_oracle.dead(version, question) == small_world.dead(question, seen)
    never = small_world.never_matters(question, seen)
    assert z3_oracle.never_matters(version, question) == never
    settled = small_world.always_or_never(version, question, seen)
    assert z3_oracle.always_or_never(version, question) == settled


# ---------------------------------------------------------------- one version


def test_z3_and_the_small_world_agree_on_generated_policies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(z3_oracle, "PATIENCE", 500)  # a few policies take z3 minutes
    seen: Counter[str] = Counter()

    @settings(max_examples=60, suppress_health_check=[*HealthCheck])
    @given(st.data())
    def each(data: st.DataObject) -> None:
        with suppress(z3_oracle.UnsettledError):
            assert_agreed_on_one_of_any_shape(data)
            seen["settled"] += 1
        seen["drawn"] += 1

    each()
    assert seen["settled"] > 0.8 * seen["drawn"]


def assert_agreed_on_one_of_any_shape(data: st.DataObject) -> None:
    """Assert that both oracles say the same of a generated policy, and of what is missing."""
    version, question = asked(text(data.draw(policies(exact=data.draw(st.booleans())))))
    domains = {
        fact.name: [fact_value(fact, value, version.zone) for value in DOMAINS[KINDS[fact.name]]]
        for fact in question.facts
    }
    assert_agreed((version, question), domains)
    known = {
        name: data.draw(st.sampled_from(values))
        for name, values in domains.items()
        if data.draw(st.booleans())
    }
    seen = small_world.world(version, question, domains)
    missing = z3_oracle.missing(version, question, known, domains)
    assert missing.matter == small_world.mattering(question, seen, known)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("flaw", FLAWS)
def test_both_find_the_flaw_and_no_other(flaw: Flaw, seed: int) -> None:
    version, question = asked(small(flaw, seed))
    assert_agreed((version, question), small_world.domains(question))
    found = {
        "gap": z3_oracle.gap(version, question),
        "conflict": z3_oracle.conflicts(version, question),
        "dead": z3_oracle.dead(version, question),
    }
    assert [name for name, what in found.items() if what] == [flaw] * (flaw != "none")


@pytest.mark.parametrize("name", ["refund", "cancellation", "credits"])
def test_the_refund_policy_has_no_gap_no_conflict_and_no_dead_rule(name: str) -> None:
    version, _ = load_text(POLICY.read_text("utf-8"), "policy.yaml")
    question = version.questions[name]
    assert z3_oracle.gap(version, question) is None
    assert not z3_oracle.conflicts(version, question)
    assert not z3_oracle.dead(version, question)


# ---------------------------------------------------------------- two versions


def changed(kind: str, seed: int) -> tuple[Asked, Asked]:
    """Return a small policy that has something of a kind to change, before and after."""
    for at in count(100 * seed):
        source = small("none", at)
        with suppress(IndexError):  # nothing of that kind in this one
            return asked(source), asked(edited(source, kind, seed))
    raise AssertionError


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", CHANGES)
def test_both_see_who_is_affected_by_a_change(kind: str, seed: int) -> None:
    old, new = changed(kind, seed)
    found = z3_oracle.differs(old, new)
    assert found.keys() == small_world.differs(old, new, small_world.domains(old[1], new[1]))
    for pair, case in found.items():
        assert small_world.look(*old, case.old).result == pair[0]
        assert small_world.look(*new, case.new).result == pair[1]


def test_no_case_tells_a_policy_from_itself() -> None:
    policy = asked(small("none", 1))
    assert not z3_oracle.differs(policy, policy)


# ---------------------------------------------------------------- large policies


@pytest.mark.parametrize(("rules", "facts"), [(25, 12), (100, 30), (200, 40)])
def test_a_large_policy_loads_without_findings(rules: int, facts: int) -> None:
    source = large(rules, facts)
    version, findings = load_text(source, "policy.yaml")
    assert not findings
    assert len(version.questions["ask"].rules) == rules


@pytest.mark.parametrize("seed", [1, 2])
def test_a_large_policy_has_no_gap_no_conflict_and_no_dead_rule(seed: int) -> None:
    policy = asked(large(60, 40, seed))
    assert z3_oracle.gap(*policy) is None
    assert not z3_oracle.conflicts(*policy)
    assert not z3_oracle.dead(*policy)
