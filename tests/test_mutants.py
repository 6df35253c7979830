"""Mutants: each small mistake once, what is shared changed everywhere, nothing else touched."""

from collections import Counter
from datetime import date

import pytest
from call_loop import VERSION
from generate import Data, policies, text
from hypothesis import given, settings

from refund_policy.engine.evaluate import Case, truth
from refund_policy.engine.load import load_text
from refund_policy.engine.model import Named
from refund_policy.engine.mutants import KINDS, Mutant, MutantKind, differences, mutants
from refund_policy.engine.overrides import stated
from refund_policy.engine.walk import within

POLICY = """\
language: 1
policy: club
version: 1.0.0
in_force: draft
currency: USD
terms: {trial: 14 days, discount: 25 %}
facts:
  joined_on: {type: date}
  left_on: {type: date}
  plan: {type: choice, options: {basic: basic, plus: plus, gold: gold}}
  student: {type: yes_no}
  fee: {type: money}
always:
  - left_on: {on_or_after: joined_on}
    else: Nobody leaves before joining.
measures:
  days: {days: {from: joined_on, to: left_on}}
conditions:
  in_trial: {days: {at_most: trial}}
  cheap: {any: [student, {plan: {one_of: [basic, plus]}}]}
questions:
  refund:
    outcomes:
      kept: {}
      paid: {outputs: {amount: money, by: date}}
    rules:
      keep: {outcome: kept}
      pay:
        when: {all: [in_trial, not: cheap, fee: {more_than: 1.00 USD}]}
        overrides: [keep]
        outcome: paid
        amount: {rounded: {value: {times: [fee, discount]}, to: 0.01 USD, mode: down}}
        by: {plus: [left_on, 2 days]}
      pay_all:
        when: {all: [in_trial, student]}
        overrides: [pay]
        outcome: paid
        amount: fee
        by: left_on
  visits:
    outcomes: {free: {}, full: {}}
    rules:
      free: {when: cheap, outcome: free}
      full: {when: {not: cheap}, outcome: full}
"""
CLUB = load_text(POLICY, "club.yaml")[0]
MUTANTS = tuple(mutants(CLUB))


EXPECTED = """\
14 comparison: `left_on is on or after joined_on` → `left_on is after joined_on`
14 comparison: `left_on is on or after joined_on` → `left_on is before joined_on`
29 condition: `all` of `in_trial` and 2 more → `any`
29 condition: `in_trial` dropped from `all`
29 condition: `not` `cheap` dropped from `all`
29 condition: `fee is more than 1.00 USD` dropped from `all`
19 comparison: `days is at most trial` → `days is less than trial`
19 comparison: `days is at most trial` → `days is more than trial`
6 limit: `trial`: 14 days → 15 days
6 limit: `trial`: 14 days → 13 days
29 condition: `not` before `cheap` removed
20 condition: `any` of `student is yes` and 1 more → `all`
20 condition: `student is yes` dropped from `any`
20 condition: `plan is one of basic, plus` dropped from `any`
20 comparison: `student is yes` → `student is not yes`
20 comparison: `plan is one of basic, plus` negated
20 option: `plan is one of basic, plus` without `basic`
20 option: `plan is one of basic, plus` without `plus`
20 option: `plan is one of basic, plus` or `gold`
29 comparison: `fee is more than 1.00 USD` → `fee is at least 1.00 USD`
29 comparison: `fee is more than 1.00 USD` → `fee is at most 1.00 USD`
29 limit: 1.00 USD → 1.01 USD in `fee is more than 1.00 USD`
29 limit: 1.00 USD → 0.99 USD in `fee is more than 1.00 USD`
28 expression: rounding `down` → `up`
6 limit: `discount`: 0.25 → 0.26
6 limit: `discount`: 0.25 → 0.24
28 limit: 2 days → 3 days in rule `pay`
28 limit: 2 days → 1 day in rule `pay`
35 condition: `all` of `in_trial` and 1 more → `any`
35 condition: `in_trial` dropped from `all`
35 condition: `student is yes` dropped from `all`
35 comparison: `student is yes` → `student is not yes`
44 condition: `not` before `cheap` removed
14 requirement: requirement `left_on is on or after joined_on` dropped
27 rule: rule `keep` dropped
28 rule: rule `pay` dropped
28 rule: rule `pay` applies always
34 rule: rule `pay_all` dropped
34 rule: rule `pay_all` applies always
27 outcome: outcomes of `keep` and `pay` swapped
28 outcome: outcomes of `pay` and `pay_all` swapped
34 outcome: outcomes of `pay_all` and `keep` swapped
30 override: `pay` no longer overrides `keep`
30 override: `keep` overrides `pay`, and not the other way round
36 override: `pay_all` no longer overrides `pay`
36 override: `pay` overrides `pay_all`, and not the other way round
28 output: `amount` of `pay` plus 0.01 USD
28 output: `amount` of `pay` minus 0.01 USD
28 output: `amount` of `pay` is `fee`
28 output: `by` of `pay` plus 1 day
28 output: `by` of `pay` minus 1 day
28 output: `by` of `pay` is `left_on`
34 output: `amount` of `pay_all` plus 0.01 USD
34 output: `amount` of `pay_all` minus 0.01 USD
34 output: `by` of `pay_all` plus 1 day
34 output: `by` of `pay_all` minus 1 day
43 rule: rule `free` dropped
43 rule: rule `free` applies always
44 rule: rule `full` dropped
44 rule: rule `full` applies always
43 outcome: outcomes of `free` and `full` swapped
"""


def called(what: str) -> Mutant:
    return next(mutant for mutant in MUTANTS if mutant.what == what)


def test_every_small_mistake_is_made_once_at_its_place() -> None:
    found = "".join(f"{item.where.line} {item.kind}: {item.what}\n" for item in MUTANTS)
    assert found == EXPECTED


def test_what_is_written_once_changes_wherever_it_is_used() -> None:
    rules = called("`trial`: 14 days → 15 days").version.questions["refund"].rules
    case = Case({"joined_on": date(2026, 1, 1), "left_on": date(2026, 1, 16), "student": True})
    assert [truth(rule.when, case) for rule in rules] == [True, False, True]
    assert [truth(rule.when, case) for rule in CLUB.questions["refund"].rules] == [
        True,
        False,
        False,
    ]


def test_a_shared_condition_stays_shared() -> None:
    mutant = called("`student is yes` dropped from `any`")
    cheap = mutant.version.conditions["cheap"]
    for question in mutant.version.questions.values():
        uses = [node for rule in question.rules for node in within(rule.when)]
        named = [node for node in uses if isinstance(node, Named) and node.name == "cheap"]
        assert named
        assert all(node is cheap for node in named)


def test_a_mutant_names_the_question_that_it_concerns_unless_there_are_several() -> None:
    assert called("`student is yes` dropped from `any`").question is None
    assert called("rule `full` dropped").question == "visits"


def test_what_a_mistake_does_not_concern_stays_the_same_object() -> None:
    for mutant in MUTANTS:
        for name, question in mutant.version.questions.items():
            if mutant.question not in (None, name):
                assert question is CLUB.questions[name], mutant.what


def test_a_mutant_keeps_the_digest_and_the_facts() -> None:
    for mutant in MUTANTS:
        assert mutant.version.digest == CLUB.digest
        for name, question in mutant.version.questions.items():
            assert question.facts == CLUB.questions[name].facts


def test_dropping_an_override_drops_what_follows_from_it() -> None:
    rules = called("`pay_all` no longer overrides `pay`").version.questions["refund"].rules
    assert {rule.name: set(rule.overrides) for rule in rules} == {
        "keep": set(),
        "pay": {"keep"},
        "pay_all": set(),
    }


def test_an_override_is_turned_round_only_without_a_circle() -> None:
    turned = "`cancel_anytime` overrides `refund_ends_access`, and not the other way round"
    whats = {mutant.what for mutant in mutants(VERSION)}
    assert turned not in whats  # for by way of `longer_term_agreement` it would beat itself
    assert turned.replace("refund_ends_access", "longer_term_agreement") in whats


def test_a_dropped_rule_is_named_by_no_override() -> None:
    rules = called("rule `pay` dropped").version.questions["refund"].rules
    assert [(rule.name, set(rule.overrides)) for rule in rules] == [
        ("keep", set()),
        ("pay_all", {"keep"}),
    ]


def test_overrides_are_stated_as_an_author_wrote_them() -> None:
    rules = VERSION.questions["refund"].rules
    assert stated(rules)["request_incomplete"] == (
        "special_circumstances_review",
        "money_back_guarantee",
    )
    assert "final_sale" in stated(rules)["money_back_guarantee"]  # though it follows, too


def test_the_rows_of_a_table_override_the_next_one() -> None:
    table = {
        "columns": ["plan"],
        "pick": "first",
        "outcome": "free",
        "rows": {"a": {"when": ["gold"]}, "b": {"when": ["plus"]}, "c": {"when": ["any"]}},
    }
    facts = {"plan": {"type": "choice", "options": {"gold": "gold", "plus": "plus"}}}
    question = {"outcomes": {"free": {}}, "tables": {"rows_of_it": table}}
    head = {"language": 1, "policy": "rows", "version": "1.0.0", "in_force": "draft"}
    version = load_text(text({**head, "facts": facts, "questions": {"ask": question}}), "x.yaml")[0]
    rules = version.questions["ask"].rules
    assert rules[0].overrides == {"b", "c"}
    assert stated(rules) == {"a": ("b",), "b": ("c",), "c": ()}


@given(policies())
@settings(max_examples=60)
def test_mutants_of_any_policy_differ_from_it_and_from_each_other(policy: Data) -> None:
    version = load_text(text(policy), "small.yaml")[0]
    found = [differences(version, mutant.version) for mutant in mutants(version)]
    assert found
    assert () not in found
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("kind", KINDS)
def test_the_refund_policy_has_mutants_of_almost_every_kind(kind: MutantKind) -> None:
    counts = Counter(mutant.kind for mutant in mutants(VERSION))
    assert (counts[kind] > 0) == (kind != "option"), "no rule of it says `one_of`"
