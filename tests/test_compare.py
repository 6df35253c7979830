"""Comparing two versions: held against z3 and against every case of small worlds."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
import small_world
import z3_oracle
from edits import CHANGES, edited
from flawed import FLAWS, Flaw, small
from generate import DOMAINS, KINDS, policies, text
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from large import large
from z3_question import CONFLICT, ERROR, GAP, NOT_A_CASE

from refund_policy.engine.align import own_facts
from refund_policy.engine.atoms import Opaque, Path, pins, settled
from refund_policy.engine.compare import Difference, alike, difference, result
from refund_policy.engine.comparison import Change, Comparison, Shown, compare
from refund_policy.engine.evaluate import Case, truth
from refund_policy.engine.group import Group, Ruled
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion, Value
from refund_policy.engine.regions import Region, regions
from refund_policy.engine.values import fact_value

RESULTS = {"gap": GAP, "conflict": CONFLICT, "error": ERROR, "no case": NOT_A_CASE}
Facts = Mapping[str, Value]


def version(source: str) -> PolicyVersion:
    return load_text(source, "policy.yaml")[0]


def result_of(ruled: Ruled) -> str:
    """Return what the oracles call it: the first of the rules, or what else it is."""
    return ruled.rules[0] if ruled.kind == "rule" else RESULTS[ruled.kind]


def assert_told(found: Difference, old: PolicyVersion, new: PolicyVersion) -> None:
    """Assert that the groups are those that z3 finds; clashes are told apart only by us."""
    both = found.both
    oracle = z3_oracle.differs((old, both.old.question), (new, both.new.question))
    answered = {pair_of(group) for group in found.groups if "error" not in kinds(group)}
    assert {*oracle} - {(CONFLICT, CONFLICT)} <= answered
    if not found.unsettled:
        assert answered - {(CONFLICT, CONFLICT)} <= {*oracle}


def kinds(group: Group) -> tuple[str, str]:
    return group.old.kind, group.new.kind


def pair_of(group: Group) -> tuple[str, str]:
    return result_of(group.old), result_of(group.new)


# ---------------------------------------------------------------- every case of a small world


def assert_groups_hold(found: Difference, cases: Sequence[Facts]) -> None:
    """Assert that each case lies in its group's regions, in no other's, and that none is missed."""
    both = found.both
    groups = {(group.old, group.new): group for group in found.groups}
    for facts in cases:
        old, new = result(both.old, facts), result(both.new, facts)
        key = (old[0], new[0])
        if "error" in (old[0].kind, new[0].kind):
            continue
        path = pins(facts, both.new.question.facts)
        differs = not alike(both, old, new)
        if differs and not found.unsettled:
            assert key in groups, (facts, key)
        for other, group in groups.items():
            case = Case(facts, both.new.reader.calendar)
            inside = any(lies_in(region, path, case) for region in group.regions)
            if other == key and differs:
                assert inside or not group.complete, (facts, key)
            elif starts_alike(group, old[0], new[0]):
                assert not inside, (facts, key, other)


def assert_alone_hold(found: Difference, cases: Sequence[Facts]) -> None:
    """Assert that of all valid cases those in a group's regions are in the group, and no other."""
    both = found.both
    groups = [group for group in found.groups if "error" not in kinds(group)]
    alone = [(group, *regions(group.alone)) for group in groups]
    for facts in cases:
        old, new = result(both.old, facts), result(both.new, facts)
        if "error" in (old[0].kind, new[0].kind):
            continue
        path, case = pins(facts, both.new.question.facts), Case(facts, both.new.reader.calendar)
        differs = not alike(both, old, new)
        for group, parts, complete in alone:
            if (new if group.old.kind == "no case" else old)[0].kind != "no case":
                inside = any(lies_in(region, path, case) for region in parts)
                own = (group.old, group.new) == (old[0], new[0]) and differs
                assert own is inside or (own and not complete), (facts, group.old, group.new)


def lies_in(region: Region, path: Path, case: Case) -> bool:
    """Return whether a case lies in a region; what no bounds decide, the interpreter does."""
    return all(
        (truth(atom.comparison, case) if isinstance(atom, Opaque) else settled(path, atom)) is holds
        for atom, holds in region.fixed
    )


def starts_alike(group: Group, old: Ruled, new: Ruled) -> bool:
    """Return whether a case is one of those within which a group's regions say what it is."""
    return (group.new == new) if group.old.kind == "no case" else (group.old == old)


def assert_confirmed(found: Comparison) -> None:
    """Assert that each case shown is decided as it says, by the versions as they are."""
    for change in found.changes:
        assert (change.example.old.ruled, change.example.new.ruled) == (
            change.group.old,
            change.group.new,
        )
        shown = [change.example]
        for edge in change.edges:
            assert (edge.inside.old.ruled, edge.inside.new.ruled) == (
                change.group.old,
                change.group.new,
            )
            shown += [edge.inside, *([edge.outside] if edge.outside else [])]
        for one in shown:
            assert_decided(one, change, found)


def assert_decided(shown: Shown, change: Change, found: Comparison) -> None:
    sides = ((found.old, shown.old, False), (found.new, shown.new, True))
    for side, answer, newer in sides:
        question = side.questions[change.question]
        facts = own_facts(shown.facts, question, newer=newer)
        looked = small_world.within_types(side, question, facts)
        assert looked.result == result_of(answer.ruled)
        if answer.ruled.kind == "conflict":
            assert looked.decides == answer.ruled.rules
        if answer.ruled.kind == "rule":
            assert looked.said == (answer.ruled.outcome, tuple(answer.outputs.items()))


def both_worlds(old: PolicyVersion, new: PolicyVersion) -> list[Facts]:
    questions = (old.questions["ask"], new.questions["ask"])
    return [*small_world.combined(small_world.domains(*questions))]


def changed(kind: str, seed: int, flaw: Flaw = "none") -> tuple[PolicyVersion, PolicyVersion]:
    """Return a small policy that has something of a kind to change, before and after."""
    for at in count(100 * seed):
        source = small(flaw, at)
        with suppress(IndexError):  # nothing of that kind in this one
            return version(source), version(edited(source, kind, seed))
    raise AssertionError


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("flaw", FLAWS)
@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_of_a_small_policy_is_told_whole(kind: str, flaw: Flaw, seed: int) -> None:
    old, new = changed(kind, seed, flaw)
    found = difference(old, new, "ask")
    assert_told(found, old, new)
    assert found.complete
    assert flaw == "conflict" or not found.unsettled  # whether rounded amounts agree may be open
    assert_groups_hold(found, both_worlds(old, new))
    assert_alone_hold(found, both_worlds(old, new))
    assert_confirmed(compare(old, new))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_of_a_larger_policy_is_told_whole(kind: str, seed: int) -> None:
    source = large(20, 8, seed)
    try:
        old, new = version(source), version(edited(source, kind, seed))
    except IndexError:
        pytest.skip("nothing of that kind in this one")
    found = difference(old, new, "ask")
    assert_told(found, old, new)
    assert not found.unsettled
    assert_confirmed(compare(old, new))


@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_two_policies_are_compared_as_z3_and_all_cases_have_it(data: st.DataObject) -> None:
    written = data.draw(policies(exact=True, most_facts=3))
    other = data.draw(st.one_of(policies(exact=True, most_facts=3), edits_of(written)))
    old, new = version(text(written)), version(text(other))
    found = difference(old, new, "ask")
    assume(found.complete)
    assert_told(found, old, new)
    facts = found.both.new.question.facts
    worlds: dict[str, list[Value]] = {
        fact.name: [*fact.type.options]
        or [fact_value(fact, value, new.zone) for value in DOMAINS[KINDS[fact.name.split(" ")[0]]]]
        for fact in facts
    }
    with suppress(small_world.TooManyCasesError):
        every = [*small_world.combined(worlds)]
        assert_groups_hold(found, every)
        assert_alone_hold(found, every)
    assert_confirmed(compare(old, new))


@st.composite
def edits_of(draw: Any, written: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - hypothesis
    """Draw a policy that differs from another one in a rule, in who overrides whom, or in names."""
    question = written["questions"]["ask"]
    rules = dict(question["rules"])
    names = [*rules]
    match draw(st.integers(0, 4)):
        case 0 if len(rules) > 1:  # a rule less
            gone = draw(st.sampled_from(names))
            rules = {
                name: without_override(rule, gone) for name, rule in rules.items() if name != gone
            }
            assume("tables" not in question)
        case 1:  # a rule under another name
            was = draw(st.sampled_from(names))
            assume("tables" not in question)
            rules = {
                f"{name}_renamed" if name == was else name: {
                    **rule,
                    **(
                        {
                            "overrides": [
                                f"{beaten}_renamed" if beaten == was else beaten
                                for beaten in rule["overrides"]
                            ]
                        }
                        if isinstance(rule.get("overrides"), list)
                        else {}
                    ),
                }
                for name, rule in rules.items()
            }
        case 2:  # another rule's condition
            one, other = draw(st.sampled_from(names)), draw(st.sampled_from(names))
            if "when" in rules[other]:
                rules[one] = {**rules[one], "when": rules[other]["when"]}
        case _:  # it no longer overrides anything
            one = draw(st.sampled_from(names))
            rules[one] = {key: value for key, value in rules[one].items() if key != "overrides"}
    return {**written, "questions": {"ask": {**question, "rules": rules}}}


def without_override(rule: dict[str, Any], gone: str) -> dict[str, Any]:
    """Return a rule that doesn't override another one."""
    left = [name for name in rule.get("overrides", []) if name != gone]
    rest = {key: value for key, value in rule.items() if key != "overrides"}
    if rule.get("overrides") == "all":
        return rule
    return {**rest, "overrides": left} if left else rest
