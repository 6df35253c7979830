"""Comparing two versions: held against z3 and against every case of small worlds."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path as File
from typing import Any

import pytest
import small_world
import z3_oracle
from edits import CHANGES, edited
from flawed import FLAWS, Flaw, small
from generate import DOMAINS, KINDS, policies, text
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from large import large
from z3_question import CONFLICT, ERROR, GAP, NOT_A_CASE

from refund_policy.engine.align import own_facts
from refund_policy.engine.atoms import Opaque, Path, pins, settled
from refund_policy.engine.compare import Difference, alike, difference, result
from refund_policy.engine.comparison import Change, Comparison, Shown, compare
from refund_policy.engine.comparison_text import FORMATS
from refund_policy.engine.evaluate import Case, truth
from refund_policy.engine.group import Group, Ruled
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion, Value
from refund_policy.engine.regions import Region
from refund_policy.engine.values import fact_value

HERE = File(__file__).parent
RESULTS = {"gap": GAP, "conflict": CONFLICT, "error": ERROR, "no case": NOT_A_CASE}
Facts = Mapping[str, Value]


def version(source: str) -> PolicyVersion:
    return load_text(source, "policy.yaml")[0]


def result_of(ruled: Ruled) -> str:
    """Return what the oracles call it: the first of the rules, or what else it is."""
    return ruled.rules[0] if ruled.kind == "rule" else RESULTS[ruled.kind]


def assert_told(found: Difference, old: PolicyVersion, new: PolicyVersion) -> None:
    """Assert that the groups are those that z3 finds; clashes are told apart only by us."""
    both = found.both
    oracle = z3_oracle.differs((old, both.old.question), (new, both.new.question))
    answered = {pair_of(group) for group in found.groups if "error" not in kinds(group)}
    assert {*oracle} - {(CONFLICT, CONFLICT)} <= answered
    if not found.unsettled:
        assert answered - {(CONFLICT, CONFLICT)} <= {*oracle}


def kinds(group: Group) -> tuple[str, str]:
    return group.old.kind, group.new.kind


def pair_of(group: Group) -> tuple[str, str]:
    return result_of(group.old), result_of(group.new)


# ---------------------------------------------------------------- every case of a small world


def assert_groups_hold(found: Difference, cases: Sequence[Facts]) -> None:
    """Assert that each case lies in its group's regions, in no other's, and that none is missed."""
    both = found.both
    groups = {(group.old, group.new): group for group in found.groups}
    for facts in cases:
        old, new = result(both.old, facts), result(both.new, facts)
        key = (old[0], new[0])
        if "error" in (old[0].kind, new[0].kind):
            continue
        path = pins(facts, both.new.question.facts)
        differs = not alike(both, old, new)
        if differs and not found.unsettled:
            assert key in groups, (facts, key)
        for other, group in groups.items():
            case = Case(facts, both.new.reader.calendar)
            inside = any(lies_in(region, path, case) for region in group.regions)
            if other == key and differs:
                assert inside or not group.complete, (facts, key)
            elif starts_alike(group, old[0], new[0]):
                assert not inside, (facts, key, other)


def lies_in(region: Region, path: Path, case: Case) -> bool:
    """Return whether a case lies in a region; what no bounds decide, the interpreter does."""
    return all(
        (truth(atom.comparison, case) if isinstance(atom, Opaque) else settled(path, atom)) is holds
        for atom, holds in region.fixed
    )


def starts_alike(group: Group, old: Ruled, new: Ruled) -> bool:
    """Return whether a case is one of those within which a group's regions say what it is."""
    return (group.new == new) if group.old.kind == "no case" else (group.old == old)


def assert_confirmed(found: Comparison) -> None:
    """Assert that each case shown is decided as it says, by the versions as they are."""
    for change in found.changes:
        assert (change.example.old.ruled, change.example.new.ruled) == (
            change.group.old,
            change.group.new,
        )
        shown = [change.example]
        for edge in change.edges:
            assert (edge.inside.old.ruled, edge.inside.new.ruled) == (
                change.group.old,
                change.group.new,
            )
            shown += [edge.inside, *([edge.outside] if edge.outside else [])]
        for one in shown:
            assert_decided(one, change, found)


def assert_decided(shown: Shown, change: Change, found: Comparison) -> None:
    sides = ((found.old, shown.old, False), (found.new, shown.new, True))
    for side, answer, newer in sides:
        question = side.questions[change.question]
        facts = own_facts(shown.facts, question, newer=newer)
        looked = small_world.within_types(side, question, facts)
        assert looked.result == result_of(answer.ruled)
        if answer.ruled.kind == "conflict":
            assert looked.decides == answer.ruled.rules
        if answer.ruled.kind == "rule":
            assert looked.said == (answer.ruled.outcome, tuple(answer.outputs.items()))


def both_worlds(old: PolicyVersion, new: PolicyVersion) -> list[Facts]:
    questions = (old.questions["ask"], new.questions["ask"])
    return [*small_world.combined(small_world.domains(*questions))]


def changed(kind: str, seed: int, flaw: Flaw = "none") -> tuple[PolicyVersion, PolicyVersion]:
    """Return a small policy that has something of a kind to change, before and after."""
    for at in count(100 * seed):
        source = small(flaw, at)
        with suppress(IndexError):  # nothing of that kind in this one
            return version(source), version(edited(source, kind, seed))
    raise AssertionError


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("flaw", FLAWS)
@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_of_a_small_policy_is_told_whole(kind: str, flaw: Flaw, seed: int) -> None:
    old, new = changed(kind, seed, flaw)
    found = difference(old, new, "ask")
    assert_told(found, old, new)
    assert found.complete
    assert flaw == "conflict" or not found.unsettled  # whether rounded amounts agree may be open
    assert_groups_hold(found, both_worlds(old, new))
    assert_confirmed(compare(old, new))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_of_a_larger_policy_is_told_whole(kind: str, seed: int) -> None:
    source = large(20, 8, seed)
    try:
        old, new = version(source), version(edited(source, kind, seed))
    except IndexError:
        pytest.skip("nothing of that kind in this one")
    found = difference(old, new, "ask")
    assert_told(found, old, new)
    assert not found.unsettled
    assert_confirmed(compare(old, new))


@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_two_policies_are_compared_as_z3_and_all_cases_have_it(data: st.DataObject) -> None:
    written = data.draw(policies(exact=True, most_facts=3))
    other = data.draw(st.one_of(policies(exact=True, most_facts=3), edits_of(written)))
    old, new = version(text(written)), version(text(other))
    found = difference(old, new, "ask")
    assume(found.complete)
    assert_told(found, old, new)
    facts = found.both.new.question.facts
    worlds: dict[str, list[Value]] = {
        fact.name: [*fact.type.options]
        or [fact_value(fact, value, new.zone) for value in DOMAINS[KINDS[fact.name.split(" ")[0]]]]
        for fact in facts
    }
    with suppress(small_world.TooManyCasesError):
        assert_groups_hold(found, [*small_world.combined(worlds)])
    assert_confirmed(compare(old, new))


@st.composite
def edits_of(draw: Any, written: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - hypothesis
    """Draw a policy that differs from another one in a rule, in who overrides whom, or in names."""
    question = written["questions"]["ask"]
    rules = dict(question["rules"])
    names = [*rules]
    match draw(st.integers(0, 4)):
        case 0 if len(rules) > 1:  # a rule less
            gone = draw(st.sampled_from(names))
            rules = {
                name: without_override(rule, gone) for name, rule in rules.items() if name != gone
            }
            assume("tables" not in question)
        case 1:  # a rule under another name
            was = draw(st.sampled_from(names))
            assume("tables" not in question)
            rules = {
                f"{name}_renamed" if name == was else name: {
                    **rule,
                    **(
                        {
                            "overrides": [
                                f"{beaten}_renamed" if beaten == was else beaten
                                for beaten in rule["overrides"]
                            ]
                        }
                        if isinstance(rule.get("overrides"), list)
                        else {}
                    ),
                }
                for name, rule in rules.items()
            }
        case 2:  # another rule's condition
            one, other = draw(st.sampled_from(names)), draw(st.sampled_from(names))
            if "when" in rules[other]:
                rules[one] = {**rules[one], "when": rules[other]["when"]}
        case _:  # it no longer overrides anything
            one = draw(st.sampled_from(names))
            rules[one] = {key: value for key, value in rules[one].items() if key != "overrides"}
    return {**written, "questions": {"ask": {**question, "rules": rules}}}


def without_override(rule: dict[str, Any], gone: str) -> dict[str, Any]:
    """Return a rule that doesn't override another one."""
    left = [name for name in rule.get("overrides", []) if name != gone]
    rest = {key: value for key, value in rule.items() if key != "overrides"}
    if rule.get("overrides") == "all":
        return rule
    return {**rest, "overrides": left} if left else rest


# ---------------------------------------------------------------- one kind of change each

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
    file = (
        HERE / "comparisons" / f"{name}.{ {'text': 'txt', 'markdown': 'md', 'json': 'json'}[form] }"
    )
    if os.environ.get("REWRITE"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(found, "utf-8")
    assert found == file.read_text("utf-8")
