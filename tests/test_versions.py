"""Two versions and a draft at work (tests/versions), locks, drafts and publishing."""

import json
import shutil
from pathlib import Path

import pytest

from refund_policy import CaseError, PolicyError, SourceError, VersionError, load
from refund_policy.engine.check import check_folder
from refund_policy.engine.publish import new_version, publish

FIXTURE = Path(__file__).parent / "versions"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the fixture to change, in the current folder."""
    shutil.copytree(FIXTURE, tmp_path / "policies")
    monkeypatch.chdir(tmp_path)
    return Path("policies")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def codes(folder: Path) -> list[str]:
    return [finding.code for finding in check_folder(folder)]


@pytest.mark.parametrize(
    ("borrowed_on", "member", "version"),
    [
        ("2020-01-01", True, "1.0.0"),
        ("2023-12-31", True, "1.0.0"),
        ("2024-01-01", True, "1.1.0"),
        ("2024-01-01", False, "1.0.0"),
        ("2024-06-30", False, "1.0.0"),
        ("2024-07-01", False, "1.1.0"),
        ("2030-01-01", True, "1.1.0"),
    ],
)
def test_the_date_fact_picks_the_version_in_force_for_the_case(
    borrowed_on: str,
    member: bool,  # noqa: FBT001 - a case
    version: str,
) -> None:
    facts = {"borrowed_on": borrowed_on, "returned_on": borrowed_on}
    policy = load(FIXTURE)
    assert policy.decide("fee", {**facts, "member": member}).version == version


def test_the_version_changes_the_decision() -> None:
    policy = load(FIXTURE)
    facts = {"borrowed_on": "2024-02-01", "returned_on": "2024-02-20"}
    assert policy.decide("fee", {**facts, "member": True}).outcome == "free"
    assert policy.decide("fee", {**facts, "member": False}).outcome == "late"


def test_facts_that_pick_the_version_are_asked_only_where_they_matter() -> None:
    policy = load(FIXTURE)
    on_day = {"borrowed_on": "2024-02-01", "returned_on": "2024-02-02"}
    assert policy.decide("fee", on_day).missing == ("member",)
    assert policy.decide("fee", {"member": True}).missing == ("borrowed_on",)
    before = {"borrowed_on": "2023-02-01", "returned_on": "2023-02-02"}
    assert policy.decide("fee", before).version == "1.0.0"
    after = {"borrowed_on": "2024-08-01", "returned_on": "2024-08-02"}
    assert policy.decide("fee", after).version == "1.1.0"


def test_nothing_in_force_names_the_day_and_the_first_start() -> None:
    with pytest.raises(VersionError) as caught:
        load(FIXTURE).decide("fee", {"borrowed_on": "2019-12-31", "returned_on": "2019-12-31"})
    assert str(caught.value) == (
        "no version of policy `loans` is in force on 2019-12-31 (`borrowed_on`): "
        "the first one, `1.0.0`, starts on 2020-01-01"
    )


def test_a_wrong_date_is_reported_with_everything_else_that_is_wrong() -> None:
    with pytest.raises(CaseError) as caught:
        load(FIXTURE).decide("fee", {"borrowed_on": "2024-02-30", "returned": "2024-03-01"})
    assert [problem.message for problem in caught.value.problems] == [
        "`borrowed_on`: `2024-02-30` is no day of the calendar",
        "`returned` is no fact of question `fee`: did you mean `returned_on`?",
    ]


def test_a_version_can_be_named_a_draft_too() -> None:
    policy = load(FIXTURE)
    facts = {"borrowed_on": "2024-08-01", "returned_on": "2024-09-01"}
    decision = policy.decide("fee", facts, version="2.0.0")
    assert (decision.version, str(decision.outputs["amount"])) == ("2.0.0", "3.00")
    with pytest.raises(VersionError, match=r"policy `loans` has no version `9\.9\.9`: there is"):
        policy.decide("fee", facts, version="9.9.9")


# ---------------------------------------------------------------- the lock


def test_the_fixture_is_sound() -> None:
    assert check_folder(FIXTURE) == ()


def test_an_edited_published_version_is_refused(folder: Path) -> None:
    edit(folder / "loans/1.0.0/policy.yaml", "14 days", "15 days")
    with pytest.raises(SourceError) as caught:
        load(folder)
    assert str(caught.value) == (
        "policies/loans/1.0.0/policy.yaml:2:1: error[published-edited] version `1.0.0` is "
        "published and its text has changed (undo the edit, and make a new version with "
        "`refund new-version`)"
    )


def test_the_order_of_rules_is_published_as_well(folder: Path) -> None:
    """It changes no outcome and no digest, but names one of several agreeing rules."""
    file = folder / "loans/1.0.0/policy.yaml"
    first = "      lending_is_free: {outcome: free, says: Lending is free.}\n"
    before = load(folder).version("1.0.0").digest
    edit(file, first, "")
    file.write_text(file.read_text("utf-8") + first, "utf-8")
    assert codes(folder) == ["published-edited"]
    (folder / "loans/published.yaml").unlink()
    assert load(folder).version("1.0.0").digest == before


@pytest.mark.parametrize("lock", ["[1]", "abc: x", "1.0.0: sha256:12", "1.0.0: 1"])
def test_a_spoilt_lock_is_an_error(folder: Path, lock: str) -> None:
    (folder / "loans/published.yaml").write_text(lock)
    assert codes(folder) == ["bad-lock"]


def test_layout_and_comments_of_a_published_version_may_change(folder: Path) -> None:
    edit(folder / "loans/1.0.0/policy.yaml", "terms:\n", "terms:\n  # figures\n")
    edit(folder / "loans/1.0.0/policy.yaml", "{from: 2020-01-01}", "\n  from: 2020-01-01")
    assert codes(folder) == []


def test_a_deleted_published_version_is_noticed(folder: Path) -> None:
    shutil.rmtree(folder / "loans/1.0.0")
    assert codes(folder) == ["published-gone"]


def test_a_version_in_force_must_be_published_where_others_are(folder: Path) -> None:
    edit(folder / "loans/2.0.0/policy.yaml", "in_force: draft", "in_force: {from: 2027-01-01}")
    assert codes(folder) == ["not-published"]
    publish(load(folder), "2.0.0")
    assert codes(folder) == []


def test_the_folder_has_the_versions_number(folder: Path) -> None:
    (folder / "loans/2.0.0").rename(folder / "loans/2.1.0")
    assert codes(folder) == ["wrong-folder"]


# ---------------------------------------------------------------- starts


def starting(folder: Path, in_force: str) -> list[str]:
    """Return what `check` says when the draft starts like this."""
    file = folder / "loans/2.0.0/policy.yaml"
    edit(file, "always:", "  member: {type: yes_no}\n\nalways:")
    edit(file, "in_force: draft", f"in_force: {in_force}")
    (folder / "loans/published.yaml").unlink()
    return [finding.message for finding in check_folder(folder) if finding.severity == "error"]


def test_two_versions_with_the_same_start_are_an_error(folder: Path) -> None:
    assert starting(folder, "{from: 2024-07-01}") == [
        "versions `1.1.0` and `2.0.0` both start on 2024-07-01 for a case with `member` no"
    ]


def test_the_same_start_for_different_cases_is_no_error(folder: Path) -> None:
    same_days = "[{from: 2025-07-01, when: {not: member}}, {from: 2024-07-01, when: member}]"
    assert starting(folder, same_days) == []


def test_starts_that_leave_cases_out_are_a_hole(folder: Path) -> None:
    assert starting(folder, "[{from: 2025-01-01, when: member}]") == [
        "version `2.0.0` never starts for a case with `member` no"
    ]


def test_starts_that_cover_a_case_twice_are_an_error(folder: Path) -> None:
    twice = "[{from: 2025-01-01, when: member}, {from: 2025-06-01}]"
    assert starting(folder, twice) == ["version `2.0.0` starts twice for a case with `member` yes"]


# ---------------------------------------------------------------- new versions


def test_new_version_is_a_draft_that_keeps_comments_and_passes_check(folder: Path) -> None:
    shutil.rmtree(folder / "loans/2.0.0")
    draft = new_version(load(folder), None)
    assert draft == (folder / "loans/1.2.0/policy.yaml").resolve()
    text = draft.read_text("utf-8")
    assert text.startswith("# A test fixture, not a real policy")
    assert "version: 1.2.0\nin_force: draft\ncurrency: EUR\n" in text
    assert codes(folder) == ["unused-fact"], "only the start of 1.1.0 asked for `member`"
    facts = {"borrowed_on": "2030-01-01", "returned_on": "2030-01-02", "member": True}
    assert load(folder).decide("fee", facts).version == "1.1.0"


def test_new_version_takes_only_a_higher_number_and_no_taken_folder(folder: Path) -> None:
    with pytest.raises(VersionError, match=r"`1\.5\.0` isn't above the newest version, `2\.0\.0`"):
        new_version(load(folder), "1.5.0")
    with pytest.raises(VersionError, match=r"`soon` is no version number: write three numbers"):
        new_version(load(folder), "soon")


@pytest.mark.parametrize(
    "text",
    [
        "{version: 1.0.0, in_force: {from: beginning}, %s}",
        "  version: 1.0.0\n  in_force: {from: beginning}\n",
    ],
)
def test_an_odd_layout_is_refused_before_anything_is_written(folder: Path, text: str) -> None:
    file = folder / "odd/1.0.0/policy.yaml"
    file.parent.mkdir(parents=True)
    rest = {
        "language": 1,
        "policy": "odd",
        "facts": {},
        "questions": {"q": {"outcomes": {"a": {}}, "rules": {"r": {"outcome": "a"}}}},
    }
    flow = json.dumps(rest)[1:-1]
    lines = "".join(f"  {key}: {json.dumps(value)}\n" for key, value in rest.items())
    file.write_text(text % flow if "%s" in text else text + lines)
    with pytest.raises(PolicyError, match="`version` and `in_force` must each start a line"):
        new_version(load(folder, policy="odd"), None)
    assert [path.name for path in (folder / "odd").iterdir()] == ["1.0.0"]


def test_a_version_whose_cases_fail_is_not_published(folder: Path) -> None:
    edit(folder / "loans/2.0.0/policy.yaml", "in_force: draft", "in_force: {from: 2027-01-01}")
    (folder / "loans/2.0.0/cases.yaml").write_text(
        "- question: fee\n  cases:\n"
        "    - {name: wrong, facts: {borrowed_on: 2027-01-01}, expect: {outcome: late}}\n"
    )
    with pytest.raises(VersionError, match=r"1 of 1 cases of version `2\.0\.0` fail"):
        publish(load(folder), "2.0.0")


def test_a_version_whose_start_coincides_is_not_published(folder: Path) -> None:
    same = "[{from: 2024-07-01, when: {borrowed_on: {after: 2000-01-01}}}]"
    edit(folder / "loans/2.0.0/policy.yaml", "in_force: draft", f"in_force: {same}")
    with pytest.raises(SourceError, match="never starts for a case with `borrowed_on` 2000-01-01"):
        publish(load(folder), "2.0.0")


def test_a_draft_keeps_line_endings(folder: Path) -> None:
    file = folder / "loans/2.0.0/policy.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    draft = new_version(load(folder), None).read_bytes()
    assert draft.count(b"\n") == draft.count(b"\r\n")


def test_a_deleted_published_version_stops_decisions(folder: Path) -> None:
    (folder / "loans/1.0.0/policy.yaml").unlink()
    with pytest.raises(SourceError, match=r"version `1\.0\.0` is published and its file is gone"):
        load(folder)


def test_a_draft_with_a_new_question_changes_nothing_for_published_versions(folder: Path) -> None:
    edit(
        folder / "loans/2.0.0/policy.yaml",
        "questions:\n",
        "questions:\n  lost:\n    outcomes: {pay: {}}\n    rules: {always: {outcome: pay}}\n",
    )
    policy = load(folder)
    assert policy.decide(None, {}).question == "fee"
    assert policy.decide("fee", {}).missing == ("borrowed_on", "member")
    with pytest.raises(VersionError, match="policy `loans` has no question `lost`"):
        policy.decide("lost", {})
    assert policy.decide("lost", {}, version="2.0.0").outcome == "pay"
    assert policy.question(None, None)[0].version == "1.1.0"


def test_each_version_reads_an_instant_in_its_own_time_zone(folder: Path) -> None:
    edit(
        folder / "loans/1.1.0/policy.yaml", "currency:", "time_zone: Pacific/Kiritimati\ncurrency:"
    )
    (folder / "loans/published.yaml").unlink()
    facts = {"borrowed_on": "2023-12-31T12:00:00Z", "returned_on": "2024-02-01", "member": True}
    assert load(folder).decide("fee", facts).version == "1.1.0", "in Kiritimati it is 2024"


def test_publish_refuses_drafts_and_published_versions(folder: Path) -> None:
    with pytest.raises(VersionError, match=r"`2\.0\.0` is a draft: give `in_force` a start first"):
        publish(load(folder), "2.0.0")
    with pytest.raises(VersionError, match=r"version `1\.0\.0` is published already"):
        publish(load(folder), "1.0.0")
