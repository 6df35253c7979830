"""Reviews of changes in a real git repository: what is said first, and the exit status."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from git_repository import commit, edit, git, repository

from refund_policy.engine.cli import main
from refund_policy.engine.markdown import escaped, with_code

FIXTURE = Path(__file__).parent / "versions"
DRAFT = Path("policies/loans/2.0.0/policy.yaml")
CASES = DRAFT.with_name("cases.yaml")
PUBLISHED = Path("policies/loans/1.0.0/policy.yaml")
SUITE = """\
- question: fee
  given: {borrowed_on: 2027-01-01}
  cases:
    - {name: a day, facts: {returned_on: 2027-01-02}, expect: {outcome: free}}
    - {name: a year, facts: {returned_on: 2028-01-01}, expect: {outcome: late, amount: 3.00}}
"""
NOW = "{name: now, facts: {returned_on: 2027-01-01}, expect: {outcome: free}}"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A branch that has just left main."""
    folder = repository(tmp_path / "shop")
    shutil.copytree(FIXTURE, folder / "policies")
    monkeypatch.chdir(folder)
    CASES.write_text(SUITE)
    edit(DRAFT, "{amount: money}", "{amount: {type: money, better: less}}")
    edit(DRAFT, "    rules:\n", "    best_first: [free, late]\n    rules:\n")
    commit(folder)
    git(folder, "checkout", "-q", "-b", "change")
    return folder


def reviewed(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(main, ["review", *arguments])
    assert not found.stderr, found.stderr
    return found.exit_code, found.stdout


def as_json(*arguments: str) -> dict[str, Any]:
    status, text = reviewed(*arguments, "--format", "json")
    found: dict[str, Any] = json.loads(text)
    assert found["ready"] == (status == 0)
    return found


def titles(found: dict[str, Any]) -> list[str]:
    return [change["title"] for change in found["changes"]]


def codes(found: dict[str, Any], key: str = "findings") -> list[str]:
    return [finding["code"] for finding in found[key]]


# ---------------------------------------------------------------- the verdict

GIFTS = """\
      gifts:
        when: {days_kept: {more_than: 100 days}}
        outcome: late
        amount: 1.00 EUR
"""

CHANGES: dict[str, tuple[Path, str, str, str, int]] = {
    "nothing": (DRAFT, "# A test", "# Still a test", "No version changes. Ready to merge.", 0),
    "words": (
        DRAFT,
        "Lending is free.",
        "Lending is always free.",
        "Only the wording changes: every case is decided as before. Ready to merge.",
        0,
    ),
    "a rule's name": (
        DRAFT,
        "late_return:",
        "brought_late:",
        "Every result stays the same, some by another rule. Ready to merge.",
        0,
    ),
    "a later limit": (
        DRAFT,
        "loan_period: 21 days",
        "loan_period: 28 days",
        "Better for some customers, worse for none. Ready to merge.",
        0,
    ),
    "an earlier limit": (
        DRAFT,
        "loan_period: 21 days",
        "loan_period: 14 days",
        "Worse for some customers. Ready to merge.",
        0,
    ),
    "an earlier limit that a case notices": (
        DRAFT,
        "loan_period: 21 days",
        "loan_period: 0 days",
        "Worse for some customers. Not ready to merge: 1 failing case.",
        1,
    ),
    "a rule that conflicts": (
        DRAFT,
        "      late_return:\n",
        f"{GIFTS}      late_return:\n",
        (
            "Some cases get no answer any more. "
            "Not ready to merge: 1 error, 1 failing case and cases without an answer."
        ),
        1,
    ),
    "a published version": (
        PUBLISHED,
        "Lending is free.",
        "Lending is always free.",
        "Only the wording changes: every case is decided as before. Not ready to merge: 1 error.",
        1,
    ),
    "a published limit": (
        PUBLISHED,
        "14 days",
        "15 days",
        (
            "Some cases are decided otherwise; if for the better isn't said, or not settled. "
            "Not ready to merge: 1 error."
        ),
        1,
    ),
    "a deleted case": (
        CASES,
        "    - {name: a day, facts: {returned_on: 2027-01-02}, expect: {outcome: free}}\n",
        "",
        "No decision changes. Ready to merge. 1 case is deleted.",
        0,
    ),
    "a case that fails": (
        CASES,
        "2027-01-02",
        "2027-03-02",
        "No decision changes. Not ready to merge: 1 failing case.",
        1,
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_verdict_stands_first_and_is_the_exit_status(shop: Path, name: str) -> None:
    file, old, new, verdict, status = CHANGES[name]
    edit(file, old, new)
    commit(shop, name)
    found, page = reviewed()
    assert page.splitlines()[:3] == ["## Policy review", "", f"**{escaped(verdict)}**"]
    assert found == status
    found, text = reviewed("--format", "text")
    assert (found, text.splitlines()[0]) == (status, verdict)
    assert as_json()["verdict"] == verdict


def test_who_is_affected_is_shown_with_an_example(shop: Path) -> None:
    edit(DRAFT, "loan_period: 21 days", "loan_period: 14 days")
    lines = reviewed()[1].splitlines()
    base = git(shop, "rev-parse", "--short", "main")
    at = lines.index(
        "#### fee: free (`lending_is_free`) → late (`late_return`) (worse for customers)"
    )
    assert lines[at + 1 : at + 5] == [
        "",
        "- `days_kept` 15 to 21 days",
        f"- old: {base}:policies/loans/2.0.0/policy.yaml:9:3: `loan_period: 21 days`",
        "- new: policies/loans/2.0.0/policy.yaml:9:3: `loan_period: 14 days`",
    ]
    assert lines[at + 5].startswith("- at the limit: ")
    assert lines[at + 6].startswith("- just beyond: ")
    asked = "- [ ] **Approval** by who answers for the policy: it is worse for some customers."
    assert asked in lines


def test_only_a_worse_or_unclear_change_or_a_deleted_case_needs_approval(shop: Path) -> None:
    assert as_json()["approvals"] == []
    edit(DRAFT, "loan_period: 21 days", "loan_period: 28 days")
    assert as_json()["approvals"] == []
    edit(CASES, "    - {name: a year,", "    - {name: two years,")
    assert as_json()["approvals"] == ["1 case no longer guards it"]


def test_a_changed_version_tells_whether_its_cases_are_enough(shop: Path) -> None:
    edit(DRAFT, "loan_period: 21 days", "loan_period: 28 days")
    found = as_json()["changes"][0]["adequacy"]
    assert found["covered"] == found["coverable"]
    assert found["noticed"] < found["mistakes"]
    page = reviewed()[1]
    assert f"and notice {found['noticed']} of {found['mistakes']} small mistakes." in page
    for line in found["open"]:
        assert f"- {with_code(line)}" in page.splitlines()


def test_a_version_whose_cases_fail_says_nothing_of_their_adequacy(shop: Path) -> None:
    edit(CASES, "2027-01-02", "2027-03-02")
    assert as_json()["changes"][0]["adequacy"] is None


# ---------------------------------------------------------------- what is compared


def test_an_edit_that_is_not_committed_is_reviewed_too(shop: Path) -> None:
    edit(DRAFT, "Lending is free.", "Lending is always free.")
    found = as_json()
    assert titles(found) == ["`loans` 2.0.0: edited"]
    assert [item["new"] for item in found["changes"][0]["comparison"]["wording"]["sentences"]] == [
        "Lending is always free."
    ]


def test_the_branch_is_compared_with_where_it_left_main(shop: Path) -> None:
    git(shop, "checkout", "-q", "main")
    edit(DRAFT, "late_fee: 3.00 EUR", "late_fee: 4.00 EUR")
    commit(shop, "Main goes on")
    git(shop, "checkout", "-q", "change")
    assert titles(as_json()) == []
    assert titles(as_json("main")) == ["`loans` 2.0.0: edited"]


def test_origin_is_asked_before_the_own_main(shop: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(shop), "clone")
    clone = tmp_path / "clone"
    edit(clone / DRAFT, "Lending is free.", "Lending costs nothing.")
    commit(clone)
    git(clone, "branch", "main")
    folder = ("--policies", str(clone / "policies"))
    assert titles(as_json(*folder)) == ["`loans` 2.0.0: edited"]
    git(clone, "update-ref", "-d", "refs/remotes/origin/main")
    assert titles(as_json(*folder)) == []


def test_without_a_main_branch_the_last_commit_is_the_base(shop: Path) -> None:
    git(shop, "branch", "-D", "main")
    edit(DRAFT, "Lending is free.", "Lending costs nothing.")
    found = as_json()
    assert (found["base"], titles(found)) == ("HEAD", ["`loans` 2.0.0: edited"])
    commit(shop)
    assert titles(as_json()) == []


def test_a_new_version_is_compared_with_the_one_below_it(shop: Path) -> None:
    shutil.copytree(DRAFT.parent, "policies/loans/2.1.0")
    edit(Path("policies/loans/2.1.0/policy.yaml"), "version: 2.0.0", "version: 2.1.0")
    found = as_json()
    assert titles(found) == ["`loans` 2.1.0, a draft, is new, compared with 2.0.0"]
    assert found["changes"][0]["cases"] == {"added": [], "deleted": [], "changed": []}


def test_a_draft_with_another_number_is_gone_and_new(shop: Path) -> None:
    git(shop, "mv", "policies/loans/2.0.0", "policies/loans/1.2.0")
    edit(Path("policies/loans/1.2.0/policy.yaml"), "version: 2.0.0", "version: 1.2.0")
    found = as_json()
    assert titles(found) == [
        "`loans` 1.2.0, a draft, is new, compared with 1.1.0",
        "`loans` 2.0.0 is gone",
    ]
    assert found["changes"][1]["cases"]["deleted"] == []


def test_a_new_policy_has_nothing_to_compare_with(shop: Path) -> None:
    shutil.copytree(DRAFT.parent, "policies/films/1.0.0")
    file = Path("policies/films/1.0.0/policy.yaml")
    edit(file, "policy: loans\nversion: 2.0.0", "policy: films\nversion: 1.0.0")
    assert titles(as_json()) == ["`films` 1.0.0 is new"]


def test_a_folder_that_is_new_has_no_base(shop: Path) -> None:
    (shop / "policies").rename(shop / "rules")
    found = as_json("--policies", "rules")
    assert titles(found) == [
        "`loans` 1.0.0 is new",
        "`loans` 1.1.0 is new, compared with 1.0.0",
        "`loans` 2.0.0, a draft, is new, compared with 1.1.0",
    ]


def test_a_folder_can_be_the_base(shop: Path, tmp_path: Path) -> None:
    shutil.copytree("policies", tmp_path / "before")
    edit(DRAFT, "Lending is free.", "Lending costs nothing.")
    assert titles(as_json(str(tmp_path / "before"))) == ["`loans` 2.0.0: edited"]


def test_a_version_is_no_base(shop: Path) -> None:
    found = CliRunner().invoke(main, ["review", "1.0.0"])
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr == (
        "error: `1.0.0` is a version, and a review needs a git revision: two versions are compared "
        "with `refund compare`\n"
    )


# ---------------------------------------------------------------- findings


def test_findings_that_stood_at_the_base_are_told_apart(shop: Path) -> None:
    edit(PUBLISHED, "14 days", "15 days")
    commit(shop)
    edit(DRAFT, "# A test fixture", "# One more line\n# A test fixture")
    edit(Path("policies/loans/1.1.0/policy.yaml"), "21 days", "22 days")
    found = as_json("HEAD")
    assert codes(found, "before") == ["published-edited"]
    assert codes(found) == ["published-edited"]
    assert found["findings"][0]["file"] == "policies/loans/1.1.0/policy.yaml"
    assert found["verdict"].endswith("Not ready to merge: 2 errors.")
    assert codes(as_json()) == ["published-edited", "published-edited"]


def test_a_file_that_cannot_be_read_is_a_finding_and_not_a_change(shop: Path) -> None:
    edit(DRAFT, "in_force: draft", "in_force: soon")
    found = as_json()
    assert (found["ready"], titles(found)) == (False, [])
    assert {finding["file"] for finding in found["findings"]} == {str(DRAFT)}


def test_a_file_that_could_not_be_read_before_is_named(shop: Path) -> None:
    edit(DRAFT, "in_force: draft", "in_force: soon")
    commit(shop)
    edit(DRAFT, "in_force: soon", "in_force: draft")
    found = as_json("HEAD")
    assert (found["unreadable"], titles(found)) == (["loans/2.0.0/policy.yaml"], [])
    assert "couldn't be read in `HEAD`: `loans/2.0.0/policy.yaml`" in reviewed("HEAD")[1]


# ---------------------------------------------------------------- cases


@pytest.mark.parametrize(
    ("old", "new", "kind", "line"),
    [
        (
            "    - {name: a day, facts: {returned_on: 2027-01-02}, expect: {outcome: free}}\n",
            "",
            "deleted",
            "- **Deleted case:** a day (`main:policies/loans/2.0.0/cases.yaml:4`)",
        ),
        (
            "2028-01-01",
            "2029-01-01",
            "changed",
            "- Changed case: a year (`policies/loans/2.0.0/cases.yaml:5`), with other facts",
        ),
        (
            "{outcome: free}",
            "{rule: lending_is_free}",
            "changed",
            (
                "- Changed case: a day (`policies/loans/2.0.0/cases.yaml:4`), "
                "expected `outcome: free`, now `rule: lending_is_free`"
            ),
        ),
        (
            "{name: a day,",
            f"{NOW}\n    - {{name: a day,",
            "added",
            "- 1 new case: now",
        ),
    ],
)
def test_cases_that_come_and_go_are_named(
    shop: Path, old: str, new: str, kind: str, line: str
) -> None:
    edit(CASES, old, new)
    found = as_json("main")
    assert titles(found) == ["`loans` 2.0.0: its cases change"]
    assert [name for name, cases in found["changes"][0]["cases"].items() if cases] == [kind]
    assert line in reviewed("main")[1].splitlines()


def test_the_place_and_layout_of_a_case_are_no_change(shop: Path) -> None:
    CASES.write_text(
        "# The cases\n\n" + SUITE.replace("{outcome: free}", "\n        {outcome: free}")
    )
    assert titles(as_json()) == []
