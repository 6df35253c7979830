"""Reviews of a change with the cases of some data: what becomes of them, on the same page."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from git_repository import commit, edit, repository
from replayed import POLICY

from refund_policy.engine.case_changes import CaseChanges
from refund_policy.engine.cli import main
from refund_policy.engine.comparison import compare
from refund_policy.engine.load import load_text
from refund_policy.engine.review_data import replays
from refund_policy.engine.version_change import VersionChange

VERSIONS = Path(__file__).parent / "versions"
DRAFT = Path("policies/loans/2.0.0/policy.yaml")
CASES = """\
borrowed_on,returned_on,member,branch
2027-01-01,2027-01-10,yes,Harbour
2027-01-01,2027-01-20,yes,Harbour
2027-01-01,2028-01-21,no,Harbour
"""


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A draft whose period gets shorter, and some loans."""
    folder = repository(tmp_path / "shop")
    shutil.copytree(VERSIONS, folder / "policies")
    monkeypatch.chdir(folder)
    commit(folder)
    edit(DRAFT, "loan_period: 21 days", "loan_period: 14 days")
    Path("loans.csv").write_text(CASES)
    return folder


def review(*arguments: str) -> str:
    found = CliRunner().invoke(main, ["review", "HEAD", *arguments], catch_exceptions=False)
    assert (found.exit_code, found.stderr) == (0, ""), found.output
    return found.stdout


def test_the_page_says_what_becomes_of_the_cases() -> None:
    page = review("--data", "loans.csv")
    assert "### loans 2.0.0 → 2.0.0 (a draft): `fee` on loans.csv" in page
    assert "**1 of 3 cases changes (33.3 %). `amount`: +3.00 EUR.**" in page
    assert "| 1 | free | late | 0.00 | 3.00 | +3.00 |" in page
    assert "<details><summary>By which rules, with examples</summary>" in page


def test_the_text_and_the_json_say_it_too() -> None:
    assert "1 of 3 cases changes (33.3 %)." in review("--data", "loans.csv", "--format", "text")
    found = json.loads(review("--data", "loans.csv", "--format", "json"))
    assert [(item["question"], item["changed"]) for item in found["replays"]] == [("fee", 1)]


def test_without_data_the_review_is_as_it_was() -> None:
    assert "loans.csv" not in review()
    assert json.loads(review("--format", "json"))["replays"] == []


def test_without_a_change_nothing_is_replayed() -> None:
    edit(DRAFT, "loan_period: 14 days", "loan_period: 21 days")
    assert "loans.csv" not in review("--data", "loans.csv")


def test_data_about_something_else_is_refused() -> None:
    Path("other.csv").write_text("colour\nred\n")
    found = CliRunner().invoke(main, ["review", "HEAD", "--data", "other.csv"])
    said = "`other.csv` leaves cases of `fee` undecided: no column holds `borrowed_on`"
    assert (found.exit_code, said in found.stderr) == (1, True)


def test_a_single_case_is_no_data() -> None:
    found = CliRunner().invoke(main, ["review", "HEAD", "--data", "case.yaml"])
    assert found.exit_code == 2
    assert "many cases are read from .parquet, .csv, .jsonl" in found.stderr


# ---------------------------------------------------------------- several questions

FACTS = "requested_on,first_purchase_on,charged_on,charge_kind,amount_paid,special_circumstance"
CHARGES = f"""\
{FACTS},account_email_provided,charge_details_provided
2026-01-20,2026-01-01,2026-01-01,subscription_fee,10.00,none,yes,yes
"""
STAYS = "requested_on,billing_cycle_ends_on,longer_term_agreement,refund_requested"
CANCELLATIONS = f"{STAYS}\n2026-01-20,2026-01-31,yes,no\n"
EDITS = {
    "refund": ("guarantee_period: 30 days", "guarantee_period: 14 days"),
    "cancellation": ("[cancel_anytime, longer_term_agreement]", "[cancel_anytime]"),
    "words": ("You can cancel at any time", "You may cancel at any time"),
}


def replayed(text: str, *edited: str) -> list[tuple[str, int]]:
    """Return the questions that a review shows for some cases, with how many change."""
    Path("cases.csv").write_text(text)
    old = POLICY.read_text("utf-8")
    new = old
    for name in edited:
        assert EDITS[name][0] in new
        new = new.replace(*EDITS[name])
    sides = load_text(old, "old.yaml")[0], load_text(new, "new.yaml")[0]
    change = VersionChange(*sides, compare(*sides), CaseChanges(), None)
    found = replays([change], Path("cases.csv"), "csv", lambda _: None)
    return [(item.question, item.changed) for item in found]


def test_each_question_that_changes_is_shown_if_the_data_is_about_it() -> None:
    both = ("refund", "cancellation")
    assert replayed(CHARGES, *both) == [("refund", 1)]
    assert replayed(CANCELLATIONS.replace("yes,no", "yes,yes"), *both) == [("cancellation", 1)]
    table = [line.split(",") for text in (CHARGES, CANCELLATIONS) for line in text.splitlines()]
    names, values = table[0] + table[2][1:], table[1] + table[3][1:-1] + ["yes"]
    assert replayed(f"{','.join(names)}\n{','.join(values)}\n", *both) == [
        ("refund", 1),
        ("cancellation", 1),
    ]


def test_a_question_that_stays_as_it_was_isnt_shown() -> None:
    assert replayed(CANCELLATIONS, "cancellation") == [("cancellation", 0)]


def test_where_only_words_change_the_first_question_shows_that_nothing_does() -> None:
    assert replayed(CHARGES, "words") == [("refund", 0)]
