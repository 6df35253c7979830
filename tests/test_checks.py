"""The checks of questions: known answers of other people's tables, two oracles, no false alarm."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import small_world
import test_dmn
import test_zen
import z3_oracle
from converters import corpus, dmn_version, zen_version
from flawed import FLAWS, Flaw, small
from generate import DOMAINS, KINDS, policies, text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from large import large
from z3_question import ERROR

from refund_policy.engine.check import check_folder, version_findings
from refund_policy.engine.decide import decide
from refund_policy.engine.errors import (
    CalculationError,
    ConflictError,
    Finding,
    GapError,
    PolicyError,
)
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion, Question
from refund_policy.engine.values import fact_value

TESTS = Path(__file__).parent
BAD = TESTS / "bad"
SHOWS: Mapping[str, type[PolicyError]] = {
    "gap": GapError,
    "boundary": GapError,
    "conflict": ConflictError,
    "may-divide-by-zero": CalculationError,
}
WITHOUT_A_CASE = {"dead-rule", "idle-override", "idle-requirement", "no-case", "not-settled"}
ONE_HIT = {"FIRST", "PRIORITY"}  # of several rows, one goes first
OTHER_CELLS = {
    "0008-listGen": "names that are options and facts at once",
    "0035-test-structure-output": "compares texts by their order",
}
Found = dict[str, list[Finding]]


def findings(version: PolicyVersion) -> Found:
    """Return what the checks of questions find, by code."""
    found: Found = {}
    for finding in version_findings(version):
        found.setdefault(finding.code, []).append(finding)
    return found


def rules_at(version: PolicyVersion, found: list[Finding]) -> set[str]:
    """Return the rules at the places of findings."""
    (question,) = version.questions.values()
    names = {rule.where: rule.name for rule in question.rules}
    return {names[finding.where] for finding in found}


def conflicts(found: Found) -> set[tuple[str, str]]:
    """Return the pairs of rules in conflict."""
    return {pair_in(finding) for finding in found.get("conflict", ())}


def pair_in(finding: Finding) -> tuple[str, str]:
    """Return the two rules that a message names first."""
    one, other = re.findall(r"`([a-z0-9_]+)`", finding.message)[:2]
    return one, other


# ---------------------------------------------------------------- tables of other people


def expected(name: str) -> Iterator[Mapping[str, str]]:
    with (corpus(name) / "analysis_expected.csv").open(newline="") as file:
        yield from csv.DictReader(file)


def has_gap(found: Found) -> bool:
    """Return whether some case is left out, be it a single value between two limits."""
    return any(
        finding.severity == "error"
        for code in ("gap", "boundary")
        for finding in found.get(code, ())
    )


def dead_rows(version: PolicyVersion, found: Found) -> set[str]:
    """Return the rows of which every part is dead: a row with alternatives is several rules."""
    (question,) = version.questions.values()
    dead = rules_at(version, found.get("dead-rule", []))
    alive = {row_of(rule.name) for rule in question.rules if rule.name not in dead}
    return {row_of(name) for name in dead} - alive


def row_of(rule: str) -> str:
    """Return the number of the row that a rule is, or is a part of.

    >>> row_of("row_12_or_1")
    '12'
    """
    return rule.removeprefix("row_").partition("_")[0]


def test_zen_tables_have_the_gaps_and_the_dead_rows_that_are_known() -> None:
    tables, wrong, looked_at = test_zen.tables(), [], 0
    for row in expected("zen"):
        key = (row["graph"], row["table"])
        if key not in test_zen.NO_FIT:
            looked_at += 1
            version = zen_version(tables[key])
            found = findings(version)
            answer = has_gap(found), dead_rows(version, found)
            known = row["complete_decimal"] == "no", set(row["unreachable_rules"].split())
            wrong += [(key, answer, known)] if answer != known or "not-settled" in found else []
    assert wrong == []
    assert looked_at == 86


def test_dmn_tables_have_the_gaps_and_the_conflicts_that_are_known() -> None:
    tables, wrong, looked_at = test_dmn.tables(), [], 0
    for row in expected("dmn-tck"):
        key = (row["test"], test_dmn.joined(row["table"]))
        if row["complete_open_string"] and row["test"] not in OTHER_CELLS:
            looked_at += 1
            found = findings(dmn_version(tables[key]))
            answer = has_gap(found), {tuple(map(row_of, pair)) for pair in conflicts(found)}
            gap = row["complete_open_string"] == "no" and not row["has_default"]
            pairs = re.findall(r"(\d+)\+(\d+) at", row["overlaps_with_different_output"])
            known = gap, set() if row["hit_policy"] in ONE_HIT or row["aggregation"] else set(pairs)
            wrong += [(key, answer, known)] if answer != known or "not-settled" in found else []
    assert wrong == []
    assert looked_at == 43


def test_the_published_hole_is_exactly_one_point_and_closed_in_the_later_table() -> None:
    tables = test_dmn.tables()
    version = dmn_version(tables["0004-lending", "prebureauriskcategorytable"])
    (finding,) = version_findings(version)
    assert (finding.code, finding.severity) == ("boundary", "error")
    assert finding.message == (
        "`application_risk_score` 130.0000, right between `row_3` (line 1) and `row_4`, is left "
        "out: no rule decides a case with `existing_customer` no, `application_risk_score` 130.0000"
    )
    assert finding.case == {"existing_customer": False, "application_risk_score": "130.0000"}
    later = dmn_version(tables["0087-chapter-11-example", "prebureauriskcategorytable"])
    assert [*version_findings(later)] == []


# ---------------------------------------------------------------- second opinions


def assert_agreed(version: PolicyVersion) -> None:
    """Assert that z3 says the same of gaps, conflicts, dead rules and overrides as the checks."""
    (question,) = version.questions.values()
    found = findings(version)
    assert "not-settled" not in found
    dead = z3_oracle.dead(version, question)
    if "no-case" in found:
        assert dead == {rule.name for rule in question.rules}
        return
    assert has_gap(found) == (z3_oracle.gap(version, question) is not None)
    assert {frozenset(pair) for pair in conflicts(found)} == {
        frozenset(pair) for pair in z3_oracle.conflicts(version, question)
    }
    assert rules_at(version, found.get("dead-rule", [])) == dead
    never = z3_oracle.never_matters(version, question)
    idle = {finding.where for finding in found.get("idle-override", ())}
    names = {rule.name for rule in question.rules}  # others that are listed are tables
    for rule in question.rules:
        written = {(rule.name, name) for name, at in rule.listed if at in idle and name in names}
        assert written <= never
    for rule in question.rules:
        for beaten, where in rule.listed:
            single = rule.overrides == {beaten} and not {rule.name, beaten} & dead
            if single and (rule.name, beaten) in never and no_other(question, rule.name, beaten):
                assert where in {finding.where for finding in found["idle-override"]}
    assert_shown(version, found)


def no_other(question: Question, rule: str, beaten: str) -> bool:
    """Return whether an override brings no other one along, to the rule or to what beats it."""
    rules = {found.name: found for found in question.rules}
    above = any(rule in other.overrides for other in question.rules)
    return not above and not rules[beaten].overrides


def assert_shown(version: PolicyVersion, found: Found) -> None:
    """Assert that the case of each finding, decided, shows what the finding says."""
    (question,) = version.questions.values()
    for code, listed in found.items():
        for finding in listed:
            if finding.case is None:
                assert code in WITHOUT_A_CASE
                continue
            case = json.loads(json.dumps(finding.case))
            if code == "boundary" and finding.severity == "warning":
                assert decide(version, question, case).rule
                continue
            with pytest.raises(SHOWS[code]):
                decide(version, question, case)


@settings(max_examples=150, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_z3_agrees_on_generated_policies(data: st.DataObject) -> None:
    version, _ = load_text(text(data.draw(policies(exact=True))), "policy.yaml")
    assert_agreed(version)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("flaw", FLAWS)
def test_the_flaw_is_found_and_no_other(flaw: Flaw, seed: int) -> None:
    version, _ = load_text(small(flaw, seed), "policy.yaml")
    assert_agreed(version)
    found = findings(version)
    seen = {"gap": has_gap(found), "conflict": "conflict" in found, "dead": "dead-rule" in found}
    assert [name for name, there in seen.items() if there] == [flaw] * (flaw != "none")


@settings(max_examples=40, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_a_small_world_has_nothing_that_no_check_finds(data: st.DataObject) -> None:
    version, _ = load_text(text(data.draw(policies())), "policy.yaml")
    (question,) = version.questions.values()
    domains = {
        fact.name: [fact_value(fact, value, version.zone) for value in DOMAINS[KINDS[fact.name]]]
        for fact in question.facts
    }
    seen, found = small_world.world(version, question, domains), findings(version)
    assert_shown(version, found)
    if "not-settled" in found:
        return
    assert has_gap(found) or not small_world.gaps(seen)
    said = {frozenset(pair) for pair in conflicts(found)}
    assert {frozenset(pair) for pair in small_world.conflicts(seen)} <= said
    assert "no-case" in found or rules_at(version, found.get("dead-rule", [])) <= (
        small_world.dead(question, seen)
    )
    divided = any(each.result == ERROR for each in seen)
    assert "may-divide-by-zero" in found or not divided


# ---------------------------------------------------------------- no false alarm


@pytest.mark.parametrize("folder", [TESTS / "policies", TESTS.parent / "policies"])
def test_sound_policies_get_no_finding(folder: Path) -> None:
    assert check_folder(folder) == ()


@pytest.mark.parametrize("rules", [25, 100])
def test_a_large_policy_has_no_finding_but_overrides_listed_by_the_family(rules: int) -> None:
    version, _ = load_text(large(rules, 40), "policy.yaml")
    assert findings(version).keys() <= {"idle-override"}


# ---------------------------------------------------------------- each check


@pytest.mark.parametrize(
    "name",
    ["gap", "boundary", "boundary-2", "conflict", "conflict-2", "may-divide-by-zero"],
)
def test_the_case_of_a_finding_shows_it(name: str) -> None:
    version, _ = load_text((BAD / f"{name}.yaml").read_text("utf-8"), "policy.yaml")
    found = findings(version)
    assert all(finding.case for listed in found.values() for finding in listed)
    assert_shown(version, found)
