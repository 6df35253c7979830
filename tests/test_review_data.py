"""Reviews of a change with the cases of some data: what becomes of them, on the same page."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from git_repository import commit, edit, repository

from refund_policy.engine.cli import main

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
    said = "`other.csv` leaves all cases of `fee` undecided: no column holds `borrowed_on`"
    assert (found.exit_code, said in found.stderr) == (1, True)


def test_a_single_case_is_no_data() -> None:
    found = CliRunner().invoke(main, ["review", "HEAD", "--data", "case.yaml"])
    assert found.exit_code == 2
    assert "many cases are read from .parquet, .csv, .jsonl" in found.stderr
