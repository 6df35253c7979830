"""What a customer reads of a change: figures, sentences, who is affected, and a case that flips."""

from pathlib import Path

import pytest
from call_loop import POLICY
from two_languages import two_languages
from two_versions import edit, two_versions

from refund_policy import load
from refund_policy.render.changes import Release, releases
from refund_policy.render.internal import page_of
from refund_policy.render.output import output
from refund_policy.render.said import plain
from refund_policy.render.site import site

VIMEO = Path(__file__).parent / "policies/vimeo"


def newest(folder: Path) -> Release:
    return next(releases(site(load(folder)), "en"))


@pytest.fixture(scope="module")
def gym(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return newest(two_versions(tmp_path_factory.mktemp("two")))


# ---------------------------------------------------------------- words


def test_the_first_version_has_nothing_before_it() -> None:
    (only,) = releases(site(POLICY), "en")
    assert (only.box.version, only.since) == ("1.0.0", "")
    assert (only.figures, only.readings, only.groups) == ((), (), ())


def test_the_newest_version_comes_first(gym: Release) -> None:
    found = [item.box.version for item in releases(site(load(VIMEO)), "en")]
    assert found == ["2.0.0", "1.0.0"]
    assert (gym.box.version, gym.since) == ("1.1.0", "1.0.0")


def test_a_figure_is_told_before_and_after(gym: Release) -> None:
    (figure,) = gym.figures
    assert (figure.label, plain(figure.old), plain(figure.new)) == ("Trial", "14 days", "21 days")
    assert {piece.term for piece in (*figure.old, *figure.new)} == {"trial_period"}


def test_a_sentence_changes_by_its_words_or_by_its_figures(gym: Release) -> None:
    found = {
        item.new.id: (plain(item.old.pieces), plain(item.new.pieces))
        for item in gym.readings
        if item.old and item.new
    }
    assert found == {
        "refund.no_refund": (
            "After 14 days we don't pay fees back.",
            "After 21 days we don't pay fees back.",
        ),
        "refund.trial": (
            "You can leave within 14 days, and get your fee back less €5.",
            "You can leave within 21 days, and get your fee back less €5.",
        ),
        "pause.injury": (
            "You can pause while you are injured.",
            "You can pause for as long as you are injured.",
        ),
    }


def test_labels_and_titles_are_no_sentences_of_the_policy(tmp_path: Path) -> None:
    folder = two_versions(tmp_path, ("title: Membership fees", "title: Fees"))
    assert {item.new.id for item in newest(folder).readings if item.new} == {
        "refund.no_refund",
        "refund.trial",
        "pause.injury",
    }


def test_sentences_come_and_go(tmp_path: Path) -> None:
    folder = two_versions(
        tmp_path, ('ask_us: {says: "Questions? Write to {desk}."}', 'help: {says: "Ask {desk}."}')
    )
    edit(folder / "1.1.0/pages.yaml", ("opening: [ask_us]", "opening: [help]"))
    found = {
        (item.old.id if item.old else None, item.new.id if item.new else None)
        for item in newest(folder).readings
    }
    assert {("ask_us", None), (None, "help")} <= found


# ---------------------------------------------------------------- cases


def test_whom_a_change_affects_is_told_in_full(gym: Release) -> None:
    (group,) = gym.groups
    assert (group.asks, group.effect) == ("Do I get my fee back?", "better")
    assert (group.before.label, group.after.label) == ("we keep the fee", "you get your fee back")
    (cases,) = group.cases
    assert (cases.common, cases.others) == (("days as member: 15 to 21 days",), ())


def test_an_example_flips_under_the_newer_version(gym: Release) -> None:
    example = gym.groups[0].example
    assert example.facts == (
        ("the day you joined", "1 July 2026"),
        ("the day you left", "22 July 2026"),
        ("the fee you paid", "€10.00"),
    )
    assert (example.before.outcome, example.before.outputs) == ("we keep the fee", ())
    assert example.after.outcome == "you get your fee back"
    assert example.after.outputs == (("what you get back", "€5.00"),)


TERM = """
  end:
    asks: When does it end?
    version_by: left_on
    outcomes: {ends: {outputs: {last_day: date}}}
    rules:
      first:
        when: {since: {less_than: term}}
        outcome: ends
        last_day: {greatest: [{plus: [joined_on, term]}, {plus: [left_on, 14 days]}]}
      later:
        when: {since: {at_least: term}}
        outcome: ends
        last_day: {plus: [left_on, 14 days]}
"""


def test_an_example_isnt_alike_before_and_after_where_another_day_tells(tmp_path: Path) -> None:
    folder = two_versions(tmp_path)
    for number, term in (("1.0.0", "3 months"), ("1.1.0", "6 months")):
        edit(
            folder / number / "policy.yaml",
            ("terms:\n", f"terms:\n  term: {term}\n"),
            ("measures:\n", "measures:\n  since: {months: {from: joined_on, to: left_on}}\n"),
            ("\nnotes:", f"{TERM}\nnotes:"),
        )
    examples = [group.example for group in newest(folder).groups if "end?" in group.asks]
    assert len(examples) > 1
    assert all(example.before != example.after for example in examples)


def test_what_comes_with_an_outcome_is_told_where_the_outcome_stays(tmp_path: Path) -> None:
    folder = two_versions(
        tmp_path, ("trial_period: 21 days", "trial_period: 14 days"), ("handling: 5", "handling: 3")
    )
    (group,) = newest(folder).groups
    assert group.same_outcome
    assert [words for _, words in group.before.outputs] != [
        words for _, words in group.after.outputs
    ]
    assert group.example.before.outputs != group.example.after.outputs


def test_the_same_answer_by_another_rule_affects_nobody() -> None:
    found = newest(VIMEO)
    assert {group.effect for group in found.groups} == {"better", "worse"}


def test_wording_alone_affects_nobody(tmp_path: Path) -> None:
    folder = two_versions(tmp_path, ("trial_period: 21 days", "trial_period: 14 days"))
    found = newest(folder)
    assert (found.groups, found.figures, found.settled) == ((), (), True)
    assert [item.new.id for item in found.readings if item.new] == ["pause.injury"]


# ---------------------------------------------------------------- two languages


def test_a_version_whose_forerunner_isn_t_translated_says_so(tmp_path: Path) -> None:
    found = two_languages(load(two_versions(tmp_path)), but_not="1.0.0")
    (only,) = releases(found, "xx")
    assert (only.box.version, only.since, only.told) == ("1.1.0", "1.0.0", False)
    text = output(found, page_of(found, "xx", "changes"), "html")
    assert "Version 1.0.0, the one before, isn&#39;t translated." in text
