"""Findings as text, JSON, SARIF and GitHub annotations.

`sarif-2.1.0-rtm.5.json` is the JSON Schema of SARIF 2.1.0 by OASIS, as the npm package
`@microsoft/jest-sarif` carries it, unchanged.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker

from refund_policy.engine.check import check_folder
from refund_policy.engine.errors import Finding, Where
from refund_policy.engine.findings import MEANINGS
from refund_policy.engine.reports import as_github, as_json, as_sarif, as_text, counted

TESTS = Path(__file__).parent
SCHEMA = json.loads((TESTS / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
SARIF = Draft4Validator(SCHEMA, format_checker=FormatChecker())
CASE = {"paid": True, "count": 3}

GAP = Finding(
    code="gap",
    where=Where("policies/a b/1.0.0/polícy.yaml", 3, 7),
    message="no rule decides 100 % of cases: one, say\nor two",
    hint="add a rule",
    case=CASE,
)
UNUSED = Finding(
    code="unused-term", where=Where("policy.yaml", 1, 1), message="é", severity="warning"
)


def run_of(findings: list[Finding]) -> dict[str, Any]:
    log = json.loads(as_sarif(findings))
    assert [error.message for error in SARIF.iter_errors(log)] == []
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_text_is_a_line_for_each_finding() -> None:
    assert as_text([UNUSED]) == "policy.yaml:1:1: warning[unused-term] é"


def test_json_holds_the_case_that_shows_a_finding() -> None:
    first, second = json.loads(as_json([GAP, UNUSED]))
    assert first["case"] == CASE
    assert second == {
        "file": "policy.yaml",
        "line": 1,
        "column": 1,
        "severity": "warning",
        "code": "unused-term",
        "message": "é",
        "hint": "",
        "case": None,
    }


def test_sarif_without_findings_is_a_log_of_an_empty_run() -> None:
    assert run_of([])["results"] == []


def test_sarif_describes_each_code_once() -> None:
    run = run_of([GAP, UNUSED, UNUSED])
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [
        code for code in MEANINGS if code in ("gap", "unused-term")
    ]
    unused = next(rule for rule in rules if rule["id"] == "unused-term")
    assert unused["name"] == "UnusedTerm"
    assert unused["shortDescription"] == {"text": "nothing names this term"}
    assert unused["help"]["text"] == "See docs/findings/unused-term.md."
    assert unused["defaultConfiguration"] == {"level": "warning"}
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        "gap",
        "unused-term",
        "unused-term",
    ]


def test_a_sarif_result_has_its_place_and_its_case() -> None:
    gap, unused = run_of([GAP, UNUSED])["results"]
    assert gap["level"] == "error"
    assert gap["message"]["text"].endswith("or two (add a rule)")
    assert gap["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 7}
    assert gap["properties"] == {"case": CASE}
    assert "properties" not in unused


def test_sarif_names_files_as_seen_from_where_the_check_ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = ["a b/polícy.yaml", str(tmp_path / "x.yaml"), str(tmp_path.parent / "y.yaml")]
    findings = [Finding(code="gap", where=Where(file), message="m") for file in files]
    places = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]
        for result in run_of(findings)["results"]
    ]
    assert places == [
        {"uri": "a%20b/pol%C3%ADcy.yaml", "uriBaseId": "%SRCROOT%"},
        {"uri": "x.yaml", "uriBaseId": "%SRCROOT%"},
        {"uri": (tmp_path.parent / "y.yaml").as_uri()},
    ]


def test_every_bad_policy_makes_a_log_that_the_schema_allows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(TESTS / "bad")
    found = [finding for file in sorted(Path().glob("*.yaml")) for finding in check_folder(file)]
    assert len(run_of(found)["results"]) == len(found) > 100


def test_the_schema_notices_a_log_that_is_none() -> None:
    log = json.loads(as_sarif([GAP]))
    del log["runs"][0]["results"][0]["message"]
    assert [*SARIF.iter_errors(log)]


def test_a_github_annotation_escapes_what_would_end_it() -> None:
    assert as_github([GAP]) == (
        "::error file=policies/a b/1.0.0/polícy.yaml,line=3,col=7,title=gap::"
        "no rule decides 100 %25 of cases: one, say%0Aor two (add a rule)"
    )
    tricky = Finding(code="gap", where=Where("a:b,c%.yaml"), message="m", severity="warning")
    assert as_github([tricky]) == "::warning file=a%3Ab%2Cc%25.yaml,line=1,col=1,title=gap::m"


def test_findings_are_counted_in_words() -> None:
    assert counted([GAP, UNUSED, UNUSED]) == "1 error, 2 warnings"
