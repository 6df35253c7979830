"""The command about the policy: its schemas, findings and tests, and a change from draft on."""

import json
import re
from pathlib import Path

import pytest
from commands import LATE, POLICIES, ROOT, prepared, run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return prepared(tmp_path, monkeypatch)


@pytest.mark.parametrize("question", ["refund", "cancellation", "credits"])
def test_generated_schemas_are_current(question: str) -> None:
    found = run("schema", question, "--policies", str(POLICIES))
    committed = ROOT / "schema" / f"refund.{question}.case.schema.json"
    assert found.stdout == committed.read_text("utf-8"), "run `just schemas`"


def test_check_prints_findings_in_four_formats(folder: Path) -> None:
    bad = (POLICIES / "refund/1.0.0/policy.yaml").read_text().replace("is_not: none", "is_not: nun")
    (folder / "policy.yaml").write_text(bad)
    text = run("check", "policy.yaml")
    assert text.exit_code == 1
    where = re.fullmatch(
        r"policy\.yaml:(\d+):(\d+): error\[unknown-option\] (.+) \((.+)\)\n", text.stdout
    )
    assert where
    line, column, message, hint = where.groups()
    assert message == "`nun` is no option here"
    assert hint.startswith("one of: none, duplicate_charge, ")
    as_json = json.loads(run("check", "policy.yaml", "--format", "json").stdout)
    assert as_json[0]["line"] == int(line)
    sarif = json.loads(run("check", "policy.yaml", "--format", "sarif").stdout)
    region = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": int(line), "startColumn": int(column)}
    github = run("check", "policy.yaml", "--format", "github").stdout
    assert github.startswith(f"::error file=policy.yaml,line={line},col={column},title=unknown-op")
    assert run("check").stderr == "0 errors, 0 warnings\n"


def test_test_shows_expected_against_got_with_the_reasons(folder: Path) -> None:
    version = folder / "policies/refund/1.0.0"
    version.mkdir(parents=True)
    (version / "policy.yaml").write_text((POLICIES / "refund/1.0.0/policy.yaml").read_text())
    facts = json.dumps(LATE)
    (version / "cases.yaml").write_text(
        f"- question: refund\n  given: {facts}\n  cases:\n"
        "    - name: A late request is refunded\n"
        "      expect: {outcome: approved, refund_amount: 49.00}\n"
        "    - name: A late request is declined\n      expect: {outcome: declined}\n"
    )
    found = run("test")
    assert found.exit_code == 1
    assert found.stdout.startswith(
        "policies/refund/1.0.0/cases.yaml:4:7: A late request is refunded\n"
        "  outcome: expected `approved`, got `declined`\n"
        "  refund_amount: expected `49.00`, got nothing\n"
        "    final_sale (declined) decides\n"
    )
    assert found.stdout.endswith("\n\n1 passed, 1 failed\n")
    assert [case["passed"] for case in json.loads(run("test", "--json").stdout)] == [False, True]


def test_a_change_is_a_new_version_from_draft_to_published(folder: Path) -> None:
    version = folder / "policies/refund/1.0.0"
    version.mkdir(parents=True)
    (version / "policy.yaml").write_text((POLICIES / "refund/1.0.0/policy.yaml").read_text())
    assert run("publish", "1.0.0").output == (
        "policies/refund/published.yaml: version 1.0.0 is published\n"
    )
    made = run("new-version").output
    assert made.startswith("policies/refund/1.1.0/policy.yaml: edit it, give `in_force` a start")
    assert run("check").exit_code == 0
    draft = folder / "policies/refund/1.1.0/policy.yaml"
    draft.write_text(draft.read_text().replace("in_force: draft", "in_force: {from: 2027-01-01}"))
    assert "error[not-published]" in run("check").output
    assert run("publish", "1.1.0").exit_code == 0
    assert run("check").exit_code == 0
    draft.write_text(draft.read_text().replace("7 days", "8 days"))
    edited = run("decide", "case.json")
    assert edited.exit_code == 1
    assert "error[published-edited] version `1.1.0` is published" in edited.stderr
