"""The gates against drift: quiet on right pages, and none lets a planted mistake through."""

import shutil
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_bad import TESTS

from refund_policy.engine.cli import main
from refund_policy.engine.folder import INSTALLED, load
from refund_policy.engine.model import Literal, Type
from refund_policy.render.check import as_of, check_pages
from refund_policy.render.check.bindings import any_of
from refund_policy.render.check.built import Built, built
from refund_policy.render.check.moved import beyond, further, moved_site, moves
from refund_policy.render.check.mutation import followed, told

GYM = TESTS / "gym"
CORPUS = sorted(folder.name for folder in (TESTS / "policies").iterdir())
DAY = date(2025, 6, 1)
BORROWED = {"long-sentence", "long-sentences", "stiff-word"}  # in other companies' words


def found(folder: Path, day: date = DAY, templates: Path | None = None) -> list[str]:
    """Return the codes of what is found."""
    return [finding.code for finding in check_pages(folder, day, templates)]


@pytest.fixture
def gym(tmp_path: Path) -> Path:
    """A copy of the gym, to spoil."""
    return shutil.copytree(GYM, tmp_path / "gym")


def edit(file: Path, *pairs: tuple[str, str]) -> None:
    """Replace parts of a file, each of which it holds."""
    text = file.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


# ---------------------------------------------------------------- what is right


def test_the_pages_of_call_loop_pass() -> None:
    assert [f for f in check_pages(INSTALLED, DAY) if f.severity == "error"] == []


def test_the_pages_of_the_gym_pass() -> None:
    assert found(GYM) == []


@pytest.mark.parametrize("name", CORPUS)
def test_pages_without_a_layout_pass(name: str) -> None:
    assert set(found(TESTS / "policies" / name)) <= BORROWED


# ---------------------------------------------------------------- what is wrong


def test_a_draft_is_checked_before_it_is_published(gym: Path) -> None:
    draft = shutil.copytree(gym / "1.0.0", gym / "1.1.0")
    start = ("in_force: {from: 2026-01-01}", "in_force: draft")
    unsaid = ("notes:\n", "notes:\n  more: {says: Come by.}\n")
    edit(draft / "policy.yaml", ("version: 1.0.0", "version: 1.1.0"), start, unsaid)
    (finding,) = check_pages(gym, DAY)
    assert (finding.code, Path(finding.where.file).parent.name) == ("unsaid-note", "1.1.0")


def test_a_version_to_come_is_checked_before_it_holds(gym: Path) -> None:
    coming = shutil.copytree(gym / "1.0.0", gym / "1.1.0")
    start = ("in_force: {from: 2026-01-01}", "in_force: {from: 2027-01-01}")
    edit(coming / "policy.yaml", ("version: 1.0.0", "version: 1.1.0"), start)
    edit(coming / "pages.yaml", ("says: [trial, refund.no_refund]", "says: [trial]"))
    edit(coming / "pages.yaml", ("takeaways: [trial, no_refund]", "takeaways: [trial]"))
    assert found(gym, date(2026, 1, 20)) == ["ending-notice", "ending-notice", "unsaid-rule"]


def test_a_policy_that_is_wrong_has_no_pages_to_check(gym: Path) -> None:
    edit(gym / "1.0.0" / "policy.yaml", ("outcome: kept", "outcome: kpet"))
    assert found(gym) == []


def test_an_output_that_no_page_shows_is_found(gym: Path) -> None:
    empty = gym / "templates" / "check.jinja"
    empty.parent.mkdir()
    empty.write_text('{% extends target ~ "/page.jinja" %}', "utf-8")
    edit(
        gym / "1.0.0" / "pages.yaml", ("  examples:\n", ""), ("    - {case: On", "#   - {case: On")
    )
    codes = found(gym, templates=empty.parent)
    assert sorted(set(codes)) == ["broken-link", "unshown-figure", "unshown-window"]


def test_a_figure_in_a_label_stays_in_no_data(gym: Path) -> None:
    edit(
        gym / "1.0.0" / "policy.yaml", ("label: we keep the fee", "label: after 14 days we keep it")
    )
    stuck = [f for f in check_pages(gym, DAY) if f.code == "stuck-figure"]
    assert [f.message for f in stuck] == [
        "`trial_period`: one unit further, `public/data/policy.json` still says `14 days`"
    ]


def test_what_a_feed_works_out_keeps_no_figure() -> None:
    html = "<p>In 9 days</p><p data-change='1.1.0-1'>7 to 10 days</p>"
    entry = f"<content type='html'>{escape(html)}</content>"
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{entry}</entry></feed>"
    assert told("public/changes.xml", feed.encode()) == "In 9 days"


def test_the_heading_of_a_table_shows_its_figures(gym: Path) -> None:
    table = '\n  glance: [{heading: "Within {trial_period}", question: refund, by: left_on}]'
    edit(gym / "1.0.0/pages.yaml", ("\n  opening:", f"{table}\n  opening:"))
    page = built(as_of(load(gym), DAY), DAY).files["public/index.html"].decode()
    assert 'Within <span data-term="trial_period">14 days</span></h3>' in page
    assert found(gym) == []


def test_a_table_without_bands_is_told_with_its_place(gym: Path) -> None:
    table = "\n  glance: [{heading: Pausing, question: pause, by: joined_on}]"
    edit(gym / "1.0.0/pages.yaml", ("\n  opening:", f"{table}\n  opening:"))
    (finding,) = check_pages(gym, DAY)
    assert (finding.code, Path(finding.where.file).name) == ("not-built", "pages.yaml")


def test_data_that_keeps_an_old_figure_is_found() -> None:
    before = built(as_of(load(GYM), DAY), DAY)
    move = next(move for move in moves(before.site.timeline.current) if move.term == "trial_period")
    after = built(moved_site(before.site, before.site.timeline.current, move), DAY)
    assert list(followed(move, before, after, set())) == []
    for path in ("public/data/policy.json", "public/index.html", "public/topics/pause.html"):
        spoilt = spoil(after, path, before.files[path])
        codes = {finding.code for finding in followed(move, before, spoilt, set())}
        assert codes == (set() if path.endswith("pause.html") else {"stuck-figure"})


def test_a_german_page_that_keeps_an_old_figure_is_found() -> None:
    before = built(as_of(load(INSTALLED), DAY), DAY)
    current = before.site.timeline.current
    move = next(move for move in moves(current) if move.term == "guarantee_period")
    after = built(moved_site(before.site, current, move), DAY)
    assert list(followed(move, before, after, set())) == []
    for path in ("public/de/index.html", "internal/de/macros.html", "public/data/trace.json"):
        found = followed(move, before, spoil(after, path, before.files[path]), set())
        assert {finding.code for finding in found} == {"stuck-figure"}


@pytest.mark.parametrize("target", ["zendesk", "markdown", "text"])
def test_a_figure_in_the_template_of_another_target_is_found(target: str, gym: Path) -> None:
    own = gym / "templates" / target / "page.jinja"
    own.parent.mkdir(parents=True)
    own.write_text("{% block content %}{% endblock %}\n{{ 14 }} days\n", "utf-8")
    kept = check_pages(gym, DAY, gym / "templates")
    assert {finding.code for finding in kept} == {"stuck-figure"}
    assert all(f"as {target} still says `14 days`" in finding.message for finding in kept)


def spoil(made: Built, path: str, content: bytes) -> Built:
    """Return a site with another content of one file."""
    return replace(made, files={**made.files, path: content})


# ---------------------------------------------------------------- one unit further


@pytest.mark.parametrize(
    ("name", "text"),
    [("trial_period", "15 days"), ("handling", "5.01 EUR"), ("desk", "desk@gym.examplxe")],
)
def test_a_figure_goes_one_unit_further(name: str, text: str) -> None:
    term = load(GYM).versions[0].terms[name]
    assert further(term, "EUR").text == text


def test_an_option_goes_to_the_next_one() -> None:
    kind = Type("choice", ("basic", "plus"))
    assert beyond(Literal("plus", kind, "plus"), kind, "") == Literal("basic", kind, "basic")


def test_a_value_is_not_cut_out_of_a_longer_number() -> None:
    assert any_of(["30 days"]).sub("", "1,030 days or 30 days") == "1,030 days or "


# ---------------------------------------------------------------- the command


def test_the_command_checks_pages_as_of_a_day() -> None:
    run = CliRunner().invoke(main, ["check", str(GYM), "--pages", "--as-of", "2026-03-01"])
    assert run.exit_code == 1
    assert "pages.yaml:4:53: error[past-notice] notice `works` ended on 2026-02-10" in run.output
    assert CliRunner().invoke(main, ["check", str(GYM)]).exit_code == 0
