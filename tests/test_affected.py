"""Whom a change affects, in the words of customers."""

import pytest
from call_loop import VERSION
from speeches import BRACKETS

from refund_policy.engine.affected import Affected, Result, Situations, affected
from refund_policy.engine.comparison import compare
from refund_policy.engine.load import load_text

POLICY = VERSION.path.read_bytes().decode()
WRONG = (
    "what went wrong with the charge: a double charge because of a billing error, "
    "a technical problem on our side that kept you from using your credits "
    "or a charge that you didn't authorize"
)
SHOP = """
language: 1
policy: shop
version: 1.0.0
in_force: draft
currency: EUR
terms: {fee: 5 EUR, window: 30 days}
facts:
  days_kept: {type: whole_number, label: the days you kept it}
  kind: {type: choice, label: what you bought, options: {book: a book, game: a game}}
questions:
  refund:
    outcomes:
      paid: {label: we pay you back, outputs: {amount: {type: money, label: your refund}}}
      declined: {label: you keep it}
    rules:
      rest: {outcome: declined}
      in_time: {when: {days_kept: {at_most: 30}}, overrides: [rest], outcome: paid, amount: fee}
"""


def told(old: str, new: str) -> list[Affected]:
    """Return whom an edit affects."""
    found = compare(load_text(old, "policy.yaml")[0], load_text(new, "policy.yaml")[0])
    return [affected(change, found) for change in found.changes]


def test_a_shorter_guarantee_affects_these_customers() -> None:
    found = told(POLICY, POLICY.replace("guarantee_period: 30 days", "guarantee_period: 14 days"))
    said = {(item.before.label, item.after.label): item.situations for item in found}
    assert said["we refund you", "we review your charge"] == Situations(
        common=(
            "days since your first purchase: 15 to 30 days",
            "days since the charge: at most 7 days",
            WRONG,
            "we have the e-mail address of your account: yes",
            "we have the details of the charge: yes",
        ),
        others=(
            ("what you were charged for: a subscription fee",),
            ("the number of credits you haven't used: at least 1",),
        ),
        complete=True,
    )


def test_an_amount_of_nothing_is_none() -> None:
    found = told(POLICY, POLICY.replace("guarantee_period: 30 days", "guarantee_period: 14 days"))
    same = (item for item in found if item.before.label == item.after.label)
    assert [item.situations.common for item in same] == [
        (
            "days since your first purchase: 15 to 30 days",
            "what you were charged for: a purchase of credits",
            "the number of credits you haven't used: 0",
            "what went wrong with the charge: nothing",
        )
    ]


def test_an_amount_that_changes_is_told_with_how_it_is_worked_out() -> None:
    (found,) = told(SHOP, SHOP.replace("fee: 5 EUR", "fee: 6 EUR"))
    for result, amount in ((found.before, "5 EUR"), (found.after, "6 EUR")):
        assert result.label == "we pay you back"
        assert [(output.label, words) for output, words in result.outputs] == [
            ("your refund", amount)
        ]


def test_one_of_several_situations_is_told_apart_from_what_they_share() -> None:
    fewer = "{all: [days_kept: {at_most: 9}, kind: {is: book}]}"
    (found,) = told(SHOP, SHOP.replace("{days_kept: {at_most: 30}}", fewer))
    assert found.situations.common == ()
    assert set(found.situations.others) == {
        ("the days you kept it: 10 to 30",),
        ("the days you kept it: at most 30", "what you bought: a game"),
    }


def test_customers_are_told_what_they_cannot_see_in_a_rule() -> None:
    (found,) = told(
        SHOP, SHOP.replace("      rest: {", "      always: {").replace("[rest]", "[always]")
    )
    assert found.situations == Situations(("the days you kept it: at least 31",), (), complete=True)


OLD_REST, OVERRIDE = "      rest: {outcome: declined}\n", "overrides: [rest], "
BOOKS = SHOP.replace(
    "{days_kept: {at_most: 30}}", "{all: [days_kept: {at_most: 30}, kind: {is: book}]}"
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (SHOP, SHOP.replace(OLD_REST, "").replace(OVERRIDE, ""), "no rule decides"),
        (SHOP, SHOP.replace(OVERRIDE, ""), "rules contradict each other"),
        (BOOKS, BOOKS.replace(", game: a game", ""), "not a valid case"),
    ],
)
def test_cases_without_an_outcome_are_told_too(old: str, new: str, said: str) -> None:
    (found,) = told(old, new)
    assert found.after == Result(said, ())


def test_an_option_that_is_gone_keeps_its_label() -> None:
    (found,) = told(BOOKS, BOOKS.replace(", game: a game", ""))
    assert found.situations.common == ("what you bought: a game",)


def test_another_language_has_its_own_words() -> None:
    old, new = SHOP, SHOP.replace(OLD_REST, "").replace(OVERRIDE, "")
    found = compare(load_text(old, "policy.yaml")[0], load_text(new, "policy.yaml")[0])
    (gap,) = (affected(change, found, BRACKETS) for change in found.changes)
    assert gap.after.label == BRACKETS.say("no rule decides")
    limit = BRACKETS.say("at least {}", "⟪9⟫")
    assert gap.situations.common == (BRACKETS.say("{}: {}", "the days you kept it", limit),)
