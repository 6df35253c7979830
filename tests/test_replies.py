"""Replies to customers: the answer first, with its sum, then why, and what to do next."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from git_repository import edit
from judges import fixpoint, markdown_text

from refund_policy.engine.cli import main

ROOT = Path(__file__).parent.parent
CREDITS = {
    "requested_on": "2026-03-20",
    "first_purchase_on": "2026-03-01",
    "charged_on": "2026-03-05",
    "charge_kind": "credit_purchase",
    "amount_paid": "100.00",
    "credits_purchased": 300,
    "credits_unused": 200,
    "special_circumstance": "none",
    "account_email_provided": True,
    "charge_details_provided": True,
}


@pytest.fixture
def gym(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "tests/gym", tmp_path / "gym"))


def reply(
    folder: Path,
    facts: object,
    *more: str,
    policies: Path = ROOT / "policies",
    target: str = "text",
) -> Result:
    case = folder / "case.json"
    case.write_text(json.dumps(facts))
    asked = ["--case", str(case), "--policies", str(policies), "--as", target, *more]
    return CliRunner().invoke(main, ["render", "reply", *asked])


def paragraphs(found: Result) -> list[str]:
    assert found.exit_code == 0, found.output
    return [" ".join(part.split()) for part in found.stdout.split("\n\n")]


def test_the_answer_comes_first_then_the_amount_with_its_sum(tmp_path: Path) -> None:
    first, amount, until, *_ = paragraphs(reply(tmp_path, CREDITS))
    assert first == "We refund you."
    assert amount == "Your refund: $66.67 ($100.00 × 200 ÷ 300)"
    assert until == (
        "This holds until 31 March 2026. From 1 April 2026: we can't refund this charge."
    )


def test_an_amount_that_is_a_fact_needs_no_sum(tmp_path: Path) -> None:
    found = reply(tmp_path, {**CREDITS, "charge_kind": "subscription_fee"})
    assert paragraphs(found)[1] == "Your refund: $100.00"


def test_a_day_that_is_counted_shows_from_where(tmp_path: Path) -> None:
    review = {"first_purchase_on": "2026-01-01", "charged_on": "2026-03-17"}
    found = reply(tmp_path, {**CREDITS, **review, "special_circumstance": "duplicate_charge"})
    day = "The day by which we answer: 24 March 2026 (20 March 2026 + 2 business days)"
    assert paragraphs(found)[1] == day


def test_then_come_the_reasons_what_to_do_and_the_offer_of_help(tmp_path: Path) -> None:
    text = reply(tmp_path, CREDITS).stdout
    order = ("This is why:", "This guarantee covers", "What you can do next:", "help@callloop.com")
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert text.endswith("We are glad to help.\n")


def test_what_is_missing_is_what_to_do(tmp_path: Path) -> None:
    text = reply(tmp_path, {**CREDITS, "account_email_provided": False}).stdout
    assert text.startswith("We need a little more information from you.\n")
    assert "Send us the e-mail address of your account" in text


def test_an_answer_without_steps_has_none(gym: Path, tmp_path: Path) -> None:
    kept = {"joined_on": "2026-03-01", "left_on": "2026-03-16", "fee_paid": "9.00"}
    assert paragraphs(reply(tmp_path, kept, policies=gym)) == [
        "We keep the fee.",
        "This is why:",
        "After 14 days we don't pay fees back.",
    ]


def test_an_undecided_case_asks_for_what_is_missing_the_best_question_first(
    gym: Path, tmp_path: Path
) -> None:
    found = reply(tmp_path, {"joined_on": "2026-03-01"}, policies=gym)
    assert found.exit_code == 3
    assert found.stdout.splitlines() == [
        "Before we can answer you, we need to know:",
        "",
        "* When did you leave?",
        "* How much did you pay?",
    ]


def test_a_case_that_may_fall_under_several_versions_asks_for_its_date(
    gym: Path, tmp_path: Path
) -> None:
    found = reply(tmp_path, {"left_on": "2026-03-16"}, policies=gym)
    assert found.exit_code == 3
    assert found.stdout.endswith("\n\n* When did you join?\n")


def test_facts_that_no_longer_matter_are_not_asked_for(tmp_path: Path) -> None:
    found = reply(tmp_path, {**CREDITS, "charge_kind": "subscription_fee"})
    assert found.exit_code == 0
    without = {name: value for name, value in CREDITS.items() if name != "credits_unused"}
    asked = reply(tmp_path, without)
    assert asked.exit_code == 3
    assert asked.stdout.count("* ") == 1
    assert "* How many of these credits are still unused?" in asked.stdout


def test_a_wrong_case_is_an_error_and_no_reply(tmp_path: Path) -> None:
    found = reply(tmp_path, {**CREDITS, "charge_kind": "credits"})
    assert (found.exit_code, found.stdout) == (1, "")
    assert "`charge_kind`: `credits` is none of" in found.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("reply",), "`reply` needs the case to answer: --case"),
        (("policy", "--case", "case.json"), "--case is for `reply` and `strings`"),
        (("reply", "--case", "cases.csv"), "one case is answered at a time"),
        (("policy", "--against", "main"), "--against is for `review`"),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[str, ...], message: str) -> None:
    found = CliRunner().invoke(main, ["render", *arguments])
    assert found.exit_code == 2
    assert message in found.stderr


def test_a_case_may_ask_another_question(tmp_path: Path) -> None:
    facts = {"requested_on": "2026-03-20", "subscription_canceled": False}
    found = reply(tmp_path, {**facts, "refund_requested": False}, "--question", "credits")
    assert found.stdout.startswith("Your credits are valid.\n")


def test_the_version_that_decides_speaks(gym: Path, tmp_path: Path) -> None:
    later = Path(shutil.copytree(gym / "1.0.0", gym / "2.0.0"))
    edit(later / "policy.yaml", "version: 1.0.0", "version: 2.0.0")
    edit(later / "policy.yaml", "from: 2026-01-01", "from: 2026-06-01")
    edit(later / "policy.yaml", "trial_period: 14 days", "trial_period: 21 days")
    edit(later / "policy.yaml", "label: we keep the fee", "label: the fee stays with us")
    facts = {"joined_on": "2026-05-01", "left_on": "2026-05-10", "fee_paid": "9.00"}
    text = reply(tmp_path, facts, policies=gym).stdout
    assert "within 14 days" in text
    assert "From 16 May 2026: we keep the fee." in text
    later_on = {**facts, "joined_on": "2026-06-01", "left_on": "2026-06-10"}
    assert "within 21 days" in reply(tmp_path, later_on, policies=gym).stdout


def test_where_the_outcome_stays_what_follows_is_told_in_full(gym: Path, tmp_path: Path) -> None:
    edit(gym / "1.0.0/policy.yaml", "outcome: kept", "outcome: paid_back\n        amount: 1 EUR")
    facts = {"joined_on": "2026-05-01", "left_on": "2026-05-10", "fee_paid": "9.00"}
    text = " ".join(reply(tmp_path, facts, policies=gym).stdout.split())
    assert "From 16 May 2026: you get your fee back; what you get back: €1.00." in text


def test_each_target_says_the_same(tmp_path: Path) -> None:
    text = paragraphs(reply(tmp_path, CREDITS))
    markdown = markdown_text(reply(tmp_path, CREDITS, target="markdown").stdout)
    assert markdown.splitlines() == text
    article = reply(tmp_path, CREDITS, target="zendesk").stdout
    assert fixpoint(article) == []
    assert "<strong>$66.67</strong> ($100.00 × 200 ÷ 300)" in article
    assert "<h1>Reply</h1>" in reply(tmp_path, CREDITS, target="html").stdout
