"""The review view: each clause beside its rule, with what changes against a base."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from git_repository import commit, edit, repository

from refund_policy.engine.cli import main
from refund_policy.engine.folder import load
from refund_policy.render.build import files
from refund_policy.render.excerpt import source
from refund_policy.render.review_page import Review, review
from refund_policy.render.site import editions_of, site

TESTS = Path(__file__).parent


@pytest.fixture
def gym(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small policy in a git repository, which is the current folder."""
    monkeypatch.chdir(repository(tmp_path))
    folder = Path(shutil.copytree(TESTS / "gym", tmp_path / "policies/gym"))
    commit(tmp_path)
    return folder / "1.0.0/policy.yaml"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["render", "review", *map(str, arguments)])


def against(revision: str, target: str = "text") -> str:
    found = run("--against", revision, "--as", target)
    assert found.exit_code == 0, found.output
    return found.stdout


def of_two_versions(name: str) -> Review:
    """Return the review of the newest version of a policy, against the one before."""
    versions = load(TESTS / "policies" / name).versions[-2:]
    old, new = (editions_of(version)[0][0] for version in versions)
    return review(new, old)


def test_every_clause_stands_beside_its_yaml_in_the_order_of_the_page(gym: Path) -> None:
    (edition,), _ = editions_of(load(gym.parent).versions[0])
    clauses = [clause for part in review(edition, None).parts for clause in part.clauses]
    assert [(found.sentence.number, found.sentence.id) for found in clauses] == [
        ("", "ask_us"),
        ("1.1", "refund.trial"),
        ("1.2", "refund.no_refund"),
        ("2.1", "pause.injury"),
        ("2.2", "pause.no_pause"),
    ]
    lines = gym.read_text("utf-8").splitlines()
    for clause in clauses:
        (shown,) = clause.excerpts
        there = lines[shown.first - 1 : shown.last]
        assert [line.strip() for line in there] == [
            line.strip() for line in shown.yaml.splitlines()
        ]
        assert shown.place.startswith(f"gym/1.0.0/policy.yaml:{shown.first}")


def test_a_rule_ends_where_the_next_one_begins(gym: Path) -> None:
    (version,) = load(gym.parent).versions
    rule = next(rule for rule in version.questions["refund"].rules if rule.name == "trial")
    yaml = source(version).excerpt(rule.name, rule.where, rule.name).yaml.splitlines()
    assert (yaml[0], yaml[1]) == ("trial:", "  when: {days_as_member: {at_most: trial_period}}")
    assert yaml[-1].startswith("  says: You can leave within {trial_period}")


def test_a_note_is_shown_with_its_name(gym: Path) -> None:
    assert '    ask_us: {says: "Questions? Write to {desk}."}' in run("--as", "text").stdout


def test_without_a_version_before_nothing_is_marked(gym: Path) -> None:
    text = run("--as", "text").stdout
    assert "There is no version to compare it with." in text
    assert "This sentence" not in text


# ---------------------------------------------------------------- what changes


def test_a_moved_figure_marks_the_sentences_that_name_it(gym: Path) -> None:
    edit(gym, "trial_period: 14 days", "trial_period: 10 days")
    text = " ".join(against("HEAD").split())
    assert "Compared with version 1.0.0 (HEAD)." in text
    assert "reads differently, by a term: You can leave within [-14-] {+10+} days, and" in text
    assert text.count("! This sentence") == 2


def test_changed_decisions_come_first_with_their_cases(gym: Path) -> None:
    edit(gym, "trial_period: 14 days", "trial_period: 10 days")
    text = " ".join(against("HEAD").split())
    assert "Worse for some customers. 1 group of cases changes." in text
    decisions = text.index("refund: paid_back (`trial`) → kept (`no_refund`)")
    assert decisions < text.index("1 Leaving within 10 days")
    assert "`days_as_member` 11 to 14 days" in text
    assert "new: gym/1.0.0/policy.yaml:" in text
    assert str(gym.parent.parent) not in text


def test_new_changed_and_dropped_sentences_are_told_apart(gym: Path) -> None:
    edit(gym, "says: After {trial_period} we don't pay fees back.", "says: Too late.")
    edit(gym, "notes:\n", "notes:\n  hello: {says: Welcome to the gym.}\n")
    edit(gym, "Without an injury you can't pause.", "You can't pause.")
    markdown = against("HEAD", "markdown")
    assert "**This sentence is new:** <ins>Welcome to the gym.</ins>" in markdown
    assert "**This sentence is changed:** <del>Without an injury you</del> <ins>You</ins> " in (
        markdown
    )
    html = against("HEAD", "html")
    assert "<del>After 14 days we don&#39;t pay fees back.</del> <ins>Too late.</ins>" in html


def test_labels_that_change_are_told_apart_from_clauses(gym: Path) -> None:
    edit(gym, "label: the fee you paid", "label: what you paid")
    text = against("HEAD")
    assert "Other words that change" in text
    assert "label of fact `fee_paid` is changed: [-the fee-] {+what+} you paid" in text


def test_a_revision_without_a_change_marks_nothing(gym: Path) -> None:
    text = against("HEAD")
    assert "Nothing changes." in text
    assert "Decisions that change" not in text


def test_a_revision_that_is_not_there_is_an_error(gym: Path) -> None:
    found = run("--against", "nowhere")
    assert found.exit_code == 1
    assert "there is no folder and no git revision `nowhere`" in found.stderr


def test_a_draft_is_reviewed_against_the_version_before(gym: Path) -> None:
    draft = Path(shutil.copytree(gym.parent, gym.parent.with_name("2.0.0")))
    edit(draft / "policy.yaml", "version: 1.0.0", "version: 2.0.0")
    edit(draft / "policy.yaml", "in_force: {from: 2026-01-01}", "in_force: draft")
    edit(draft / "policy.yaml", "label: you can pause", "label: pausing is fine")
    text = run("--as", "text").stdout
    assert text.startswith("Review of version 2.0.0\n")
    assert "Compared with version 1.0.0." in text
    assert "[-you can pause-] {+pausing is fine+}" in " ".join(text.split())


# ---------------------------------------------------------------- what else a reviewer needs


def test_how_we_read_a_rule_stands_beside_its_clause() -> None:
    found = of_two_versions("vimeo")
    clauses = {item.sentence.id: item for part in found.parts for item in part.clauses}
    assert "last_day_counts" in dict(clauses["refund.annual_in_time"].readings)


def test_rules_that_no_section_says_are_named(gym: Path) -> None:
    assert "Rules that no section says" not in run("--as", "text").stdout
    edit(
        gym.with_name("pages.yaml"),
        "heading: Pausing, says: [injury, no_pause]",
        "heading: A, says: [injury]",
    )
    text = run("--as", "text").stdout
    assert "Rules that no section says" in text
    assert text.count("no_pause: {when: {not: injured}") == 2  # there, and where it is said


def test_the_view_in_the_site_does_not_depend_on_where_it_is_made(gym: Path) -> None:
    page = files(site(load(gym.parent.parent)))["internal/review.html"]().decode()
    assert 'data-source="gym/1.0.0/policy.yaml:' in page
    assert str(gym.parent.parent.parent) not in page


@pytest.mark.parametrize("name", ["mozilla", "overleaf", "tau_airline", "vimeo"])
def test_every_policy_with_two_versions_can_be_reviewed(name: str) -> None:
    found = of_two_versions(name)
    assert found.verdict
    assert any(clause.became for part in found.parts for clause in part.clauses) or found.others
