"""What each kind of change comes to, in whole and in words.

The golden pages are rewritten by `REWRITE=1 pytest tests/test_comparison.py`: read the difference
as the editor who made the change.
"""

import os
from pathlib import Path as File

import pytest

from refund_policy.engine.comparison import Comparison, compare
from refund_policy.engine.comparison_text import FORMATS
from refund_policy.engine.group import Ruled
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion

HERE = File(__file__).parent


def version(source: str) -> PolicyVersion:
    return load_text(source, "policy.yaml")[0]


SHOP = """\
language: 1
policy: shop
version: 1.0.0
in_force: draft
currency: USD
business_days: {week: [monday, tuesday, wednesday, thursday, friday], holidays: [2026-05-01]}
terms: {window: 30 days, fee: 5 USD}
facts:
  bought_on: {type: date}
  asked_on: {type: date}
  kind: {type: choice, options: {book: a book, game: a game}}
  member: {type: yes_no}
  price: {type: money}
always:
  - asked_on: {on_or_after: bought_on}
    else: Nobody asks before buying.
  - price: {at_least: 0 USD}
    else: No price is below zero.
measures:
  age: {days: {from: bought_on, to: asked_on}}
  working: {business_days: {from: bought_on, to: asked_on}}
questions:
  refund:
    outcomes:
      paid: {outputs: {amount: {type: money, better: more}, by: date}}
      declined: {}
    best_first: [paid, declined]
    rules:
      standard: {outcome: declined}
      in_time:
        when: {all: [age: {at_most: window}, kind: {is: book}]}
        overrides: [standard]
        outcome: paid
        amount: price
        by: {plus: [asked_on, 3 business days]}
      games:
        when: {all: [kind: {is: game}, working: {at_most: 10 business days}]}
        overrides: [standard]
        outcome: paid
        amount: fee
        by: asked_on
  visit:
    outcomes: {free: {}, full: {}}
    rules:
      members: {when: member, outcome: free}
      others: {when: {not: member}, outcome: full}
"""
IN_TIME, GAMES, STANDARD = ("in_time", "paid"), ("games", "paid"), ("standard", "declined")
Told = set[tuple[str | tuple[str, str | None], str | tuple[str, str | None], str]]


def told(found: Comparison) -> Told:
    """Return what decides each group before and after, and what that means for customers."""
    return {(said(item.group.old), said(item.group.new), item.effect) for item in found.changes}


def said(ruled: Ruled) -> str | tuple[str, str | None]:
    return (ruled.rules[0], ruled.outcome) if ruled.kind == "rule" else ruled.kind


AND_ITEMS = "    else: No price is below zero.\n  - items: {at_least: 1}\n    else: No"
AND_AT_MOST = "    else: No price is below zero.\n  - price: {at_most: 900 USD}\n    else: No"
PAYS_FEE = "        outcome: paid\n        amount: fee"
EDITS: dict[str, tuple[list[tuple[str, str]], Told]] = {
    "nothing": ([], set()),
    "a shorter window": (
        [("window: 30 days", "window: 14 days")],
        {(IN_TIME, STANDARD, "worse")},
    ),
    "a larger amount": ([("fee: 5 USD", "fee: 6 USD")], {(GAMES, GAMES, "better")}),
    "an amount larger for some": (
        [("        amount: price", "        amount: fee")],
        {(IN_TIME, IN_TIME, "mixed")},
    ),
    "a rule under another name": (
        [("      games:", "      all_games:")],
        {(GAMES, ("all_games", "paid"), "same")},
    ),
    "an outcome under another name": (
        [("declined: {}", "refused: {}"), ("declined", "refused")],
        {(STANDARD, ("standard", "refused"), "unclear")},
    ),
    "an option more": (
        [("game: a game}", "game: a game, toy: a toy}")],
        {("no case", STANDARD, "decided")},
    ),
    "an option less": (
        [(", game: a game", ""), ("      games:", "      games_:"), ("kind: {is: game}", "member")],
        {
            (GAMES, "no case", "undecided"),
            (STANDARD, "no case", "undecided"),
            (IN_TIME, "conflict", "undecided"),
        },
    ),
    "a new fact": (
        [
            ("  price: {type: money}", "  price: {type: money}\n  items: {type: whole_number}"),
            ("kind: {is: book}]", "kind: {is: book}, items: {at_least: 2}]"),
            (
                "    else: No price",
                AND_ITEMS,
            ),
        ],
        {(IN_TIME, STANDARD, "worse")},
    ),
    "a fact of another type": (
        [
            ("  member: {type: yes_no}", "  member: {type: choice, options: {basic: b, gold: g}}"),
            ("when: member,", "when: {member: {is: gold}},"),
            ("when: {not: member}", "when: {member: {is: basic}}"),
        ],
        {
            (("members", "free"), ("others", "full"), "unclear"),
            (("others", "full"), ("members", "free"), "unclear"),
        },
    ),
    "a requirement more": (
        [
            (
                "    else: No price",
                AND_AT_MOST,
            )
        ],
        {(rule, "no case", "undecided") for rule in (IN_TIME, GAMES, STANDARD)},
    ),
    "a requirement less": (
        [("  - price: {at_least: 0 USD}\n    else: No price is below zero.\n", "")],
        {("no case", rule, "decided") for rule in (IN_TIME, GAMES, STANDARD)},
    ),
    "another holiday": (
        [("[2026-05-01]", "[2026-05-01, 2026-12-25]")],
        {(IN_TIME, IN_TIME, "unclear"), (STANDARD, GAMES, "better")},
    ),
    "an override less": (
        [
            (
                "        overrides: [standard]\n        outcome: paid\n        amount: fee",
                "        outcome: paid\n        amount: fee",
            )
        ],
        {(GAMES, "conflict", "undecided")},
    ),
    "no rule for the rest": (
        [("      standard: {outcome: declined}\n", ""), ("        overrides: [standard]\n", "")],
        {(STANDARD, "gap", "undecided")},
    ),
    "rules in another order": (
        [
            ("      members: {when: member, outcome: free}\n", ""),
            ("outcome: full}\n", "outcome: full}\n      members: {when: member, outcome: free}\n"),
        ],
        set(),
    ),
    "another sentence": ([("Nobody asks", "No one asks")], set()),
    "a label for a measure": (
        [("  working: {", "  working: {label: business days since you bought it, ")],
        set(),
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_change_comes_to_what_it_means_and_to_nothing_else(name: str) -> None:
    edits, expected = EDITS[name]
    source = SHOP
    for was, now in edits:
        assert was in source
        source = source.replace(was, now)
    found = compare(version(SHOP), version(source))
    assert told(found) == expected
    assert not found.incomplete
    assert expected or not found.unsettled
    for change in found.changes:
        assert change.causes
    for form in ("text", "markdown", "json"):
        assert FORMATS[form](found)


def test_an_amount_in_another_currency_is_another_amount() -> None:
    source = SHOP.replace("USD", "EUR")
    found = told(compare(version(SHOP), version(source)))
    assert (GAMES, GAMES, "unclear") in found
    assert (IN_TIME, IN_TIME, "unclear") in found


def test_a_question_that_is_new_or_dropped_is_told_in_words() -> None:
    source = SHOP[: SHOP.index("  visit:")]
    source = source.replace("  member: {type: yes_no}\n", "")
    for old, new in ((SHOP, source), (source, SHOP)):
        found = compare(version(old), version(new))
        assert not found.changes
        assert found.verdict == "wording only"
        assert "question `visit`" in FORMATS["text"](found)


def test_agreeing_rules_in_another_order_are_told_as_another_rule() -> None:
    rules = {"a": "      a: {outcome: free}\n", "b": "      b: {when: member, outcome: free}\n"}
    head = SHOP[: SHOP.index("      members:")]
    old, new = (version(head + "".join(rules[name] for name in order)) for order in ("ab", "ba"))
    assert told(compare(old, new)) == {(("a", "free"), ("b", "free"), "same")}


# ---------------------------------------------------------------- a real change, and its words


def test_the_terms_of_vimeo_change_as_its_page_says() -> None:
    old, new = (
        load_text((HERE / f"policies/vimeo/{number}/policy.yaml").read_text("utf-8"), "p.yaml")[0]
        for number in ("1.0.0", "2.0.0")
    )
    longer = ("longer_legal_window", "full")
    assert told(compare(old, new)) == {
        (("annual_in_time", "full"), ("annual_too_late", "none"), "worse"),
        (("monthly_in_time", "full"), ("monthly_too_late", "none"), "worse"),
        (("annual_too_late", "none"), longer, "better"),
        (("monthly_too_late", "none"), longer, "better"),
        (("annual_in_time", "full"), longer, "same"),
        (("monthly_in_time", "full"), longer, "same"),
        (("bought_in_app", "none"), ("store_decides", "none"), "same"),
    }


ENDINGS = {"text": "txt", "markdown": "md", "json": "json"}
GOLDEN = {
    "limit": ([("window: 30 days", "window: 14 days"), ("fee: 5 USD", "fee: 6 USD")], "text"),
    "option": (EDITS["an option more"][0], "markdown"),
    "broken": (EDITS["an option less"][0], "markdown"),
    "amount": ([("fee: 5 USD", "fee: 4 USD")], "json"),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_a_comparison_reads_as_it_did(name: str) -> None:
    edits, form = GOLDEN[name]
    source = SHOP
    for was, now in edits:
        source = source.replace(was, now)
    found = FORMATS[form](compare(version(SHOP), version(source))) + "\n"
    file = HERE / "comparisons" / f"{name}.{ENDINGS[form]}"
    if os.environ.get("REWRITE"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(found, "utf-8")
    assert found == file.read_text("utf-8")
