"""What changes in words: each kind of edit of one small policy, and what is said of it."""

from pathlib import Path

import pytest

from refund_policy.engine import wording_text
from refund_policy.engine.folder import load
from refund_policy.engine.markdown import side_by_side
from refund_policy.engine.wording import Wording, wording

POLICY = """\
language: 1
policy: loans
version: 1.0.0
title: Loans
in_force: {from: 2026-01-01}
currency: EUR
terms:
  period: 14 days
  late_fee: 2.00 EUR
  desk: {text: the desk}
facts:
  kept_days: {type: whole_number, label: the days, ask: How many days?}
  kind:
    type: choice
    options: {book: a book, film: a film}
always:
  - kept_days: {at_least: 0}
    else: Days can't be below zero.
  - kept_days: {at_most: 999}
    else: Nobody keeps it so long.
questions:
  fee:
    asks: What does it cost?
    outcomes:
      free: {label: nothing to pay}
      late: {label: you pay, outputs: {amount: money}}
    rules:
      lending_is_free: {outcome: free, says: Lending is free.}
      late_return:
        when: {kept_days: {more_than: 14}}
        overrides: [lending_is_free]
        outcome: late
        amount: late_fee
        says: "After {period}, pay {late_fee} at {desk}."
      films:
        when: {kind: {is: film}}
        overrides: [lending_is_free, late_return]
        outcome: free
notes:
  care: {says: Bring it back clean.}
"""


def of(text: str, folder: Path) -> Wording:
    """What changes from the policy to a text."""
    for name, content in (("old", POLICY), ("new", text)):
        (folder / name).mkdir()
        (folder / name / "policy.yaml").write_text(content)
    old, new = (load(folder / name).versions[0] for name in ("old", "new"))
    return wording(old, new)


def edited(folder: Path, *edits: tuple[str, str]) -> Wording:
    text = POLICY
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return of(text, folder)


EDITS = {
    "a sentence": (
        [("Lending is free.", "Lending is always free.")],
        (
            "`fee`: rule `lending_is_free` is changed "
            "(old/policy.yaml:28:46 → new/policy.yaml:28:46)\n"
            "  - Lending is free.\n"
            "  + Lending is always free."
        ),
    ),
    "a figure": (
        [("period: 14 days", "period: 10 days")],
        (
            "`fee`: rule `late_return` reads differently, by a term "
            "(old/policy.yaml:34:15 → new/policy.yaml:34:15)\n"
            "  - After 14 days, pay 2.00 EUR at the desk.\n"
            "  + After 10 days, pay 2.00 EUR at the desk.\n"
            "term `period`: 14 days → 10 days (new/policy.yaml:8:3)"
        ),
    ),
    "a label that stays the name": ([("label: the days, ", "")], None),
    "a question": (
        [("How many days?", "For how many days?")],
        (
            "question for fact `kept_days` is changed "
            "(old/policy.yaml:12:57 → new/policy.yaml:12:57)\n"
            "  - How many days?\n"
            "  + For how many days?"
        ),
    ),
    "a title": (
        [("title: Loans", "title: Lending")],
        "title is changed (old/policy.yaml:4:8 → new/policy.yaml:4:8)\n  - Loans\n  + Lending",
    ),
    "a requirement before another": (
        [("always:\n", "always:\n  - kept_days: {is_not: 7}\n    else: Not seven.\n")],
        "what is said of an invalid case is new (new/policy.yaml:18:11)\n  + Not seven.",
    ),
    "only the condition of a requirement": ([("at_most: 999", "at_most: 998")], ""),
    "a requirement in other words": (
        [("Nobody keeps it so long.", "Nobody keeps it for years.")],
        (
            "what is said of an invalid case is changed "
            "(old/policy.yaml:20:11 → new/policy.yaml:20:11)\n"
            "  - Nobody keeps it so long.\n"
            "  + Nobody keeps it for years."
        ),
    ),
    "a rule's name": (
        [("late_return", "brought_late")],
        "rule `fee: brought_late` was called `late_return` (new/policy.yaml:29:7)",
    ),
    "a rule's name and limit": (
        [("late_return", "brought_late"), ("more_than: 14", "more_than: 15")],
        (
            "rule `fee: brought_late` is new (new/policy.yaml:29:7)\n"
            "rule `fee: late_return` is dropped (old/policy.yaml:29:7)"
        ),
    ),
    "a rule": (
        [("notes:\n", "      gifts: {when: {kept_days: {is: 3}}, outcome: free}\nnotes:\n")],
        "rule `fee: gifts` is new (new/policy.yaml:39:7)",
    ),
    "an option": (
        [("film: a film", "film: a film, map: a map")],
        (
            "fact `kind`: option `map` is new (new/policy.yaml:15:48)\n"
            "  + a map\n"
            "option `kind: map` is new (new/policy.yaml:13:3)"
        ),
    ),
    "a fact's type": (
        [("type: whole_number", "type: decimal, scale: 1")],
        "fact `kept_days`: whole_number → decimal with 1 digits (new/policy.yaml:12:3)",
    ),
    "an outcome": (
        [("{label: nothing to pay}", "{label: nothing to pay}\n      lost: {}")],
        "outcome `fee: lost` is new (new/policy.yaml:26:7)",
    ),
    "the start": (
        [("from: 2026-01-01", "from: 2027-01-01")],
        "setting `in_force`: {from: 2026-01-01} → {from: 2027-01-01} (new/policy.yaml:5:11)",
    ),
    "a note": (
        [("notes:\n  care: {says: Bring it back clean.}\n", "")],
        "note `care` is dropped (old/policy.yaml:40:16)\n  - Bring it back clean.",
    ),
    "layout": ([("language: 1\n", "# A comment\nlanguage: 1\n"), ("  kind:\n", "\n  kind:\n")], ""),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_is_said_of_a_change(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    edits, said = EDITS[name]
    found = edited(Path(), *edits)
    if said is not None:
        assert wording_text.as_text(found) == said
    assert bool(found) == bool(wording_text.as_text(found)) == bool(wording_text.as_markdown(found))


def test_a_version_against_itself_changes_nothing(tmp_path: Path) -> None:
    assert not of(POLICY, tmp_path)


def test_markdown_shows_old_and_new_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = edited(Path(), ("period: 14 days", "period: 10 days"), ("a film", "a *film* | @you"))
    assert wording_text.as_markdown(found).splitlines() == [
        "| Sentence | Old | New |",
        "| --- | --- | --- |",
        (
            "| fact `kind`: option `film`<br><sub>new/policy.yaml:15</sub> | a ~~film~~ "
            r"| a **\*film\* \| @<!-- -->you** |"
        ),
        (
            "| `fee`: rule `late_return`<br><sub>new/policy.yaml:34</sub> "
            "| After ~~14~~ days, pay 2.00 EUR at the desk. "
            "| After **10** days, pay 2.00 EUR at the desk. |"
        ),
        "",
        "| Name | Old | New |",
        "| --- | --- | --- |",
        "| term `period` | ~~14~~ days | **10** days |",
    ]


@pytest.mark.parametrize(
    ("old", "new", "cells"),
    [
        ("a b c", "a c", ("a ~~b~~ c", "a c")),
        ("a", "b", ("~~a~~", "**b**")),
        ("", "a b", ("", "**a b**")),
        ("a  b", "a b", ("a b", "a b")),
        ("<b> _a_", "`a`", (r"~~\<b\> \_a\_~~", r"**\`a\`**")),
    ],
)
def test_the_words_that_differ_are_marked(old: str, new: str, cells: tuple[str, str]) -> None:
    assert side_by_side(old, new) == cells
