"""The test set is tested: what it notices, what nothing can notice, and the cases to add."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from call_loop import EXAMPLES, VERSION
from click.testing import CliRunner, Result
from generate import DOMAINS, KINDS, Data, policies, text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refund_policy.engine.adequacy import enough, for_mutant, proposals, trials
from refund_policy.engine.apart import apart, result
from refund_policy.engine.cli import main
from refund_policy.engine.coverage import coverage
from refund_policy.engine.decide import case_of
from refund_policy.engine.evaluate import Case
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion
from refund_policy.engine.mutants import mutants
from refund_policy.engine.proposals import Proposal, in_yaml
from refund_policy.engine.suite import Example, differences, examples, run, suites

ROOT = Path(__file__).parent.parent
OTHERS = sorted(path.parent for path in (ROOT / "tests" / "policies").rglob("cases.yaml"))


def every_case(version: PolicyVersion) -> list[Case]:
    """Return all complete cases of a generated policy, valid or not."""
    names = [fact.name for fact in version.questions["ask"].facts]
    worlds = product(*(DOMAINS[KINDS[name]] for name in names))
    free = unbounded(version)
    return [
        case_of(free, free.questions["ask"], dict(zip(names, values, strict=True)))
        for values in worlds
    ]


def unbounded(version: PolicyVersion) -> PolicyVersion:
    """Return a version without its requirements."""
    question = replace(version.questions["ask"], always=())
    return replace(version, questions={"ask": question})


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutant_is_the_same_only_if_no_case_tells_it_apart(data: st.DataObject) -> None:
    policy: Data = data.draw(policies(exact=True, most_facts=3))
    version = load_text(text(policy), "small.yaml")[0]
    for mutant in data.draw(st.lists(st.sampled_from([*mutants(version)]), max_size=6)):
        one, other = version.questions["ask"], mutant.version.questions["ask"]
        found = apart(version, mutant.version, "ask")
        if found is None:
            for case in every_case(version):
                assert result(one, case) == result(other, case), mutant.what
        elif found.facts is not None:
            case = Case(found.facts, version.calendar)
            assert result(one, case) != result(other, case), mutant.what


# ---------------------------------------------------------------- Call Loop


def test_the_refund_cases_notice_every_mistake_that_changes_a_decision() -> None:
    tried = [*trials(VERSION, EXAMPLES, mutants(VERSION))]
    assert {trial.mutant.what for trial in tried if trial.state != "noticed"} == {
        # the guarantee beats `credits_used` wherever something is unused
        "`charge_kind is credit_purchase` dropped from `all`",
        "`credits_unused is at most 0` dropped from `all`",
        "0 → 1 in `credits_unused is at most 0`",
    }
    assert {trial.state for trial in tried} == {"noticed", "same"}


def test_the_refund_cases_cover_all_that_can_be_covered() -> None:
    reached = coverage(VERSION, EXAMPLES)
    assert enough(reached)
    assert {item.target.what for item in reached if item.state != "covered"} == {
        "`charge_kind is credit_purchase` is false, and rule `credits_used` turns on it",
        "`credits_unused is at most 0` is false, and rule `credits_used` turns on it",
    }


def test_a_mistake_that_no_case_notices_comes_with_one_that_would() -> None:
    tried = trials(VERSION, EXAMPLES[:2], mutants(VERSION))  # day 0 and day 29
    survivors = [trial for trial in tried if trial.state == "survives"]
    assert "`guarantee_period`: 30 days → 29 days" in {trial.mutant.what for trial in survivors}
    for trial in survivors:
        assert trial.case is not None
        known = for_mutant(VERSION, trial).example
        assert differences(VERSION, known) == ()
        assert differences(trial.mutant.version, known)


# ---------------------------------------------------------------- cases to add


@pytest.mark.parametrize("folder", OTHERS, ids=lambda path: f"{path.parent.name} {path.name}")
def test_proposed_cases_pass_and_leave_nothing_to_propose(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "policy" / folder.name)
    (version, known), *_ = suites(copy)
    found = missing(version, known)
    with (copy / "cases.yaml").open("a", encoding="utf-8") as file:
        file.write(in_yaml(found) + "\n" if found else "")
    again = examples(version)
    assert len(again) == len(known) + len(found)
    assert [
        result.differences for case in again if (result := run(version, case)).differences
    ] == []
    assert missing(version, again) == []


def missing(version: PolicyVersion, known: Sequence[Example]) -> list[Proposal]:
    tried = trials(version, known, mutants(version))
    return proposals(version, known, coverage(version, known), tried)


def test_a_policy_without_cases_gets_its_first_ones(tmp_path: Path) -> None:
    copy = shutil.copytree(ROOT / "policies/refund/1.0.0", tmp_path / "refund/1.0.0")
    (copy / "cases.yaml").unlink()
    found = run_test("--propose", str(tmp_path))
    (copy / "cases.yaml").write_text(found.stdout, "utf-8")
    assert run_test("--coverage", "--mutants", str(tmp_path)).exit_code == 0


# ---------------------------------------------------------------- the command

CLUB = """\
language: 1
policy: club
version: 1.0.0
in_force: draft
facts: {days: {type: whole_number}}
questions:
  refund:
    outcomes: {kept: {}, paid: {}}
    rules:
      keep: {outcome: kept}
      pay: {when: {days: {at_most: 14}}, overrides: [keep], outcome: paid}
"""
CASES = """\
- question: refund
  cases:
    - {name: three days, facts: {days: 3}, expect: {outcome: paid, rule: pay}}
    - {name: twenty days, facts: {days: 20}, expect: {outcome: kept}}
"""


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.yaml").write_text(CLUB, "utf-8")
    (tmp_path / "cases.yaml").write_text(CASES, "utf-8")
    return tmp_path


def run_test(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["test", *arguments])


def test_the_command_tells_what_is_covered_and_shows_a_case_for_each_mistake(club: Path) -> None:
    found = run_test("--coverage", "--mutants", ".")
    assert found.exit_code == 1
    assert (
        found.stdout
        == """\
2 passed, 0 failed

club 1.0.0: what the cases cover
  rules        2 of 2
  overrides    1 of 1
  outcomes     2 of 2
  comparisons  2 of 2

club 1.0.0: 10 small mistakes, one at a time
  7 noticed by a case
  0 that change no decision
  3 not noticed
policy.yaml:11:27: not noticed: `days is at most 14` → `days is less than 14`
  this case would notice it, and get outcome `kept`, rule `keep`:
    - question: refund
      cases:
        - name: "noticed: `days is at most 14` → `days is less than 14`"
          facts:
            days: 14
          expect: {outcome: paid, rule: pay}
          because: "to be judged: a mistake would make it outcome `kept`, rule `keep`"
policy.yaml:11:27: not noticed: 14 → 15 in `days is at most 14`
  this case would notice it, and get outcome `paid`, rule `pay`:
    - question: refund
      cases:
        - name: "noticed: 14 → 15 in `days is at most 14`"
          facts:
            days: 15
          expect: {outcome: kept, rule: keep}
          because: "to be judged: a mistake would make it outcome `paid`, rule `pay`"
policy.yaml:11:27: not noticed: 14 → 13 in `days is at most 14`
  this case would notice it, and get outcome `kept`, rule `keep`:
    - question: refund
      cases:
        - name: "noticed: 14 → 13 in `days is at most 14`"
          facts:
            days: 14
          expect: {outcome: paid, rule: pay}
          because: "to be judged: a mistake would make it outcome `kept`, rule `keep`"
"""
    )


def test_uncovered_parts_are_listed_with_their_places(club: Path) -> None:
    (club / "cases.yaml").write_text(CASES.partition("    - {name: twenty")[0], "utf-8")
    found = run_test("--coverage", ".")
    assert found.exit_code == 1
    assert (
        found.stdout
        == """\
1 passed, 0 failed

club 1.0.0: what the cases cover
  rules        1 of 2
  overrides    1 of 1
  outcomes     1 of 2
  comparisons  1 of 2
policy.yaml:10:7: not covered: rule `keep` decides
policy.yaml:8:16: not covered: outcome `kept`
policy.yaml:11:27: not covered: `days is at most 14` is false, and rule `pay` turns on it
"""
    )


def test_proposals_are_few_and_edit_nothing(club: Path) -> None:
    found = run_test("--propose", ".")
    assert found.exit_code == 0
    assert (
        found.stdout
        == """\
# club 1.0.0, cases to judge: 2
- question: refund
  cases:
    - name: "noticed: `days is at most 14` → `days is less than 14`"
      facts:
        days: 14
      expect: {outcome: paid, rule: pay}
      because: "to be judged: a mistake would make it outcome `kept`, rule `keep`"
    - name: "noticed: 14 → 15 in `days is at most 14`"
      facts:
        days: 15
      expect: {outcome: kept, rule: keep}
      because: "to be judged: a mistake would make it outcome `paid`, rule `pay`"
"""
    )
    assert (club / "cases.yaml").read_text("utf-8") == CASES


def test_json_holds_cases_coverage_and_mutants(club: Path) -> None:
    told = json.loads(run_test("--coverage", "--mutants", "--json", ".").stdout)
    assert [case["passed"] for case in told["cases"]] == [True, True]
    assert told["coverage"][0]["targets"][0] == {
        "kind": "rule",
        "question": "refund",
        "what": "rule `keep` decides",
        "file": "policy.yaml",
        "line": 10,
        "column": 7,
        "state": "covered",
        "covered_by": "twenty days",
        "case": None,
    }
    assert told["mutants"][0]["mutants"][0] == {
        "kind": "comparison",
        "question": "refund",
        "what": "`days is at most 14` → `days is less than 14`",
        "file": "policy.yaml",
        "line": 11,
        "column": 27,
        "state": "survives",
        "noticed_by": None,
        "case": {"days": 14},
        "expect": {"outcome": "paid", "rule": "pay"},
        "instead": {"outcome": "kept", "rule": "keep"},
    }
    assert isinstance(json.loads(run_test("--json", ".").stdout), list)


@pytest.mark.parametrize("option", ["--coverage", "--mutants", "--propose"])
def test_failing_cases_come_first(club: Path, option: str) -> None:
    (club / "cases.yaml").write_text(CASES.replace("outcome: kept", "outcome: paid"), "utf-8")
    found = run_test(option, ".")
    assert found.exit_code == 1
    assert "1 passed, 1 failed" in found.output
    assert found.stderr.endswith("mend these first: the rest is told of cases that pass\n")


def test_proposals_are_yaml_alone(club: Path) -> None:
    found = run_test("--propose", "--json", ".")
    assert (found.exit_code, found.stdout) == (2, "")
    assert "--propose prints YAML: leave --json out" in found.stderr


def test_a_case_that_differs_only_in_rules_that_agree_says_so(club: Path) -> None:
    policy = CLUB.replace(
        "keep: {outcome: kept}", "keep: {when: {days: {more_than: 14}}, outcome: kept}"
    )
    more = "      far: {when: {days: {more_than: 90}}, outcome: kept}\n"
    (club / "policy.yaml").write_text(policy + more, "utf-8")
    found = run_test("--propose", ".").stdout
    assert "expect: {outcome: kept, rule: keep, also: [far]}" in found
    assert "expect: {outcome: kept, rule: keep, also: []}" in found


def test_a_question_without_facts_has_one_case_and_it_is_proposed(club: Path) -> None:
    rule = "    rules: {pay: {outcome: paid}}\n"
    policy = (
        CLUB.partition("questions:")[0] + "questions:\n  refund:\n    outcomes: {paid: {}}\n" + rule
    )
    (club / "policy.yaml").write_text(policy, "utf-8")
    (club / "cases.yaml").unlink()
    found = run_test("--propose", ".")
    (club / "cases.yaml").write_text(found.stdout, "utf-8")
    assert "expect: {outcome: paid, rule: pay}" in found.stdout
    assert run_test("--coverage", "--mutants", ".").exit_code == 0
