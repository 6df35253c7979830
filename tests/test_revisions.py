"""Versions, folders and git revisions: what a name stands for, and what is said of wrong ones."""

import shutil
from pathlib import Path

import pytest
from git_repository import commit, edit, git, repository

from refund_policy.engine import revisions
from refund_policy.engine.check import check_folder
from refund_policy.engine.errors import PolicyError, SourceError
from refund_policy.engine.revisions import place_at, versions_at
from refund_policy.engine.suite import examples, run_folder

FIXTURE = Path(__file__).parent / "versions"
POLICIES = Path("policies")
LOANS = POLICIES / "loans"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two commits in a repository: in the second one the draft allows 20 days."""
    folder = repository(tmp_path / "shop")
    shutil.copytree(FIXTURE, folder / "policies")
    (folder / "policies/loans/2.0.0/cases.yaml").write_text(
        "- question: fee\n  cases:\n"
        "    - name: in time\n"
        "      facts: {borrowed_on: 2027-01-01, returned_on: 2027-01-02}\n"
        "      expect: {outcome: free}\n"
    )
    commit(folder, "Start: with a colon")
    git(folder, "tag", "first")
    edit(
        folder / "policies/loans/2.0.0/policy.yaml", "loan_period: 21 days", "loan_period: 20 days"
    )
    commit(folder, "Shorter loans")
    monkeypatch.chdir(folder)
    return folder


def days(spec: str, folder: Path = POLICIES) -> list[tuple[str, str]]:
    """Each version that a name stands for, with its loan period."""
    return [(item.version, item.terms["loan_period"].text) for item in versions_at(spec, folder)]


OLD = [("1.0.0", "14 days"), ("1.1.0", "21 days"), ("2.0.0", "21 days")]
NEW = [*OLD[:2], ("2.0.0", "20 days")]


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ("2.0.0", NEW[2:]),
        ("policies", NEW),
        ("policies/loans/2.0.0", NEW[2:]),
        ("policies/loans/2.0.0/policy.yaml", NEW[2:]),
        ("HEAD", NEW),
        ("main", NEW),
        ("refs/heads/main", NEW),
        ("HEAD~1", OLD),
        ("first", OLD),
        ("HEAD^{/Start: with}", OLD),
        ("HEAD~1:", OLD),
        ("HEAD~1:2.0.0", OLD[2:]),
        ("HEAD~1:policies", OLD),
        ("HEAD~1:./policies/loans/", OLD),
        ("HEAD~1:policies/loans/2.0.0", OLD[2:]),
        ("HEAD~1:policies/loans/2.0.0/policy.yaml", OLD[2:]),
        ("HEAD^{/Start: with}:policies/loans/1.0.0", OLD[:1]),
    ],
)
def test_a_name_stands_for_versions(here: Path, spec: str, found: list[tuple[str, str]]) -> None:
    assert days(spec) == found


def test_a_folder_comes_before_a_branch_of_its_name(here: Path) -> None:
    git(here, "branch", "policies", "HEAD~1")
    assert days("policies") == NEW
    assert days("policies:policies") == days("refs/heads/policies") == OLD


def test_a_version_comes_before_a_tag_of_its_number(here: Path) -> None:
    git(here, "tag", "1.0.0", "HEAD~1")
    assert days("1.0.0") == NEW[:1]
    assert days("refs/tags/1.0.0") == days("1.0.0:policies") == OLD


def test_a_revision_is_read_from_any_folder(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here / "policies/loans")
    assert days("HEAD~1", Path("2.0.0")) == OLD[2:]
    assert days("HEAD~1:./2.0.0") == OLD[2:]
    assert days("HEAD~1:../loans/2.0.0") == OLD[2:]
    assert days("HEAD~1:policies/loans/2.0.0") == OLD[2:]
    monkeypatch.chdir("/")
    assert days("HEAD~1", here / "policies") == OLD


def test_nothing_in_the_working_tree_changes(here: Path) -> None:
    edit(LOANS / "2.0.0/policy.yaml", "20 days", "22 days")
    before = git(here, "status", "--porcelain")
    assert days("HEAD") == NEW
    assert days("2.0.0") == [("2.0.0", "22 days")]
    assert git(here, "status", "--porcelain") == before
    assert git(here, "worktree", "list").count("\n") == 0


def test_a_folder_that_is_gone_is_still_in_the_revision(here: Path) -> None:
    shutil.rmtree("policies")
    assert days("HEAD~1") == OLD


def test_places_and_findings_name_the_revision(here: Path) -> None:
    version = versions_at("HEAD~1:2.0.0", POLICIES)[0]
    assert str(version.where) == "HEAD~1:policies/loans/2.0.0/policy.yaml:2:1"
    assert str(version.terms["loan_period"].where).startswith("HEAD~1:policies/loans/2.0.0/")
    assert examples(version)[0].where.file == "HEAD~1:policies/loans/2.0.0/cases.yaml"


def test_a_revision_is_checked_and_its_cases_run(here: Path) -> None:
    edit(LOANS / "1.0.0/policy.yaml", "14 days", "15 days")
    shutil.rmtree(LOANS / "1.1.0")
    commit(here)
    first, last = (place_at(spec, POLICIES).place for spec in ("first", "HEAD"))
    assert check_folder(first) == ()
    assert [result.passed for result in run_folder(first)] == [True]
    assert [(item.code, str(item.where)) for item in check_folder(last)] == [
        ("published-edited", "HEAD:policies/loans/1.0.0/policy.yaml:2:1"),
        ("published-gone", "HEAD:policies/loans/published.yaml:1:1"),
    ]
    with pytest.raises(SourceError, match=r"HEAD:policies/loans/1\.0\.0/policy\.yaml:2:1: error"):
        versions_at("HEAD", POLICIES)


def test_a_file_alone_keeps_its_lock_and_its_cases(here: Path) -> None:
    edit(LOANS / "1.0.0/policy.yaml", "14 days", "15 days")
    commit(here)
    with pytest.raises(SourceError, match="is published and its text has changed"):
        versions_at("HEAD:policies/loans/1.0.0/policy.yaml", POLICIES)
    version = versions_at("HEAD:policies/loans/2.0.0/policy.yaml", POLICIES)[0]
    assert len(examples(version)) == 1


def test_a_policy_that_does_not_load_gives_its_findings(here: Path) -> None:
    edit(LOANS / "2.0.0/policy.yaml", "loan_period: 20 days", "loan_period: 20 dayz")
    commit(here)
    with pytest.raises(SourceError) as caught:
        versions_at("HEAD", POLICIES)
    assert all(
        item.where.file == "HEAD:policies/loans/2.0.0/policy.yaml" for item in caught.value.findings
    )


@pytest.mark.parametrize("name", ["a b", 'with "quotes"', "ünïcode", "line\nbreak", "tab\there"])
def test_names_that_git_quotes_are_read(here: Path, name: str) -> None:
    shutil.copytree(LOANS, here / "more" / name / "loans")
    commit(here)
    assert days("HEAD", here / "more" / name) == NEW
    assert days(f"HEAD:more/{name}") == NEW


def test_a_policy_at_the_root_of_the_repository(here: Path) -> None:
    shutil.copytree(LOANS / "2.0.0", here, dirs_exist_ok=True)
    shutil.rmtree(POLICIES)
    commit(here)
    assert days("HEAD", here) == NEW[2:]
    version = versions_at("HEAD:policy.yaml", here)[0]
    assert version.where.file == "HEAD:policy.yaml"
    assert examples(version)[0].where.file == "HEAD:cases.yaml"


def test_a_git_hook_may_run_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git sets these for its hooks; taken as they are, the folder would be the whole tree."""
    monkeypatch.setenv("GIT_DIR", str(here / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(here / ".git/index"))
    assert days("HEAD~1") == OLD
    monkeypatch.chdir(LOANS)
    assert days("HEAD~1", Path("2.0.0")) == OLD[2:]


def test_a_worktree_and_a_remote_branch_are_read(here: Path, tmp_path: Path) -> None:
    git(here, "clone", "-q", str(here), str(tmp_path / "clone"))
    assert days("origin/main~1", tmp_path / "clone/policies") == OLD
    git(here, "worktree", "add", "-q", str(tmp_path / "tree"), "first")
    assert days("HEAD", tmp_path / "tree/policies") == OLD


# ---------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    "spec",
    ["maine", "", ":policies", "HEAD^{tree}", "--help", "--output=stolen", "HEAD; touch stolen"],
)
def test_a_name_that_stands_for_nothing_is_no_revision(here: Path, spec: str) -> None:
    with pytest.raises(PolicyError) as caught:
        versions_at(spec, POLICIES)
    assert str(caught.value) == (
        f"there is no folder and no git revision `{spec}`: name a version, a folder, or a branch, "
        "tag or commit"
    )
    assert not (here / "stolen").exists()


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("9.9.9", "there is no version `9.9.9` in `policies`: only `1.0.0`, `1.1.0`, `2.0.0`"),
        (
            "HEAD:9.9.9",
            "there is no version `9.9.9` in `HEAD:policies`: only `1.0.0`, `1.1.0`, `2.0.0`",
        ),
        ("HEAD:nowhere", "there is no `nowhere` in `HEAD`"),
        ("HEAD:../policies", "`../policies` is outside of the repository"),
        ("HEAD:policies/loans/published", "there is no `policies/loans/published` in `HEAD`"),
        ("HEAD:docs", "there is no `policy.yaml` under `HEAD:docs`"),
    ],
)
def test_a_wrong_name_says_what_is_wrong(here: Path, spec: str, message: str) -> None:
    (here / "docs").mkdir()
    (here / "docs/page.md").write_text("# Page\n")
    commit(here)
    with pytest.raises(PolicyError) as caught:
        versions_at(spec, POLICIES)
    assert str(caught.value) == message


def test_a_folder_that_came_later_is_not_in_the_revision(here: Path) -> None:
    shutil.copytree(POLICIES, here / "later")
    with pytest.raises(PolicyError) as caught:
        versions_at("HEAD", Path("later"))
    assert str(caught.value) == "there is no `later` in `HEAD`"


def test_a_shallow_clone_says_how_to_get_the_rest(here: Path, tmp_path: Path) -> None:
    git(here, "clone", "-q", "--depth=1", f"file://{here}", str(tmp_path / "clone"))
    assert days("HEAD", tmp_path / "clone/policies") == NEW
    with pytest.raises(PolicyError) as caught:
        versions_at("HEAD~1", tmp_path / "clone/policies")
    assert str(caught.value) == (
        "there is no folder and no git revision `HEAD~1`: this clone is shallow: run "
        "`git fetch --unshallow`, or check out with `fetch-depth: 0`"
    )


def test_outside_of_a_repository_there_are_no_revisions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FIXTURE, tmp_path / "policies")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(PolicyError) as caught:
        versions_at("HEAD", POLICIES)
    assert str(caught.value) == (
        f"there is no folder `HEAD`, and `{(tmp_path / 'policies').resolve()}` is in no git "
        "repository that could have a revision of that name"
    )


def test_without_git_a_revision_says_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert days("2.0.0") == NEW[2:]
    with pytest.raises(PolicyError, match="git isn't installed, and a revision is read with it"):
        versions_at("HEAD", POLICIES)


def test_the_installed_policies_have_no_revisions(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(revisions, "INSTALLED", tmp_path)
    with pytest.raises(PolicyError, match="the installed policies are in no git repository: name"):
        versions_at("HEAD", tmp_path)
