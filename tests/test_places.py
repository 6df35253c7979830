"""The places that the parts of a policy keep: what an author would edit to change them."""

import pytest

from refund_policy.engine.load import load_text
from refund_policy.engine.model import (
    All,
    Any,
    Compare,
    Condition,
    Not,
    OneOf,
    PolicyVersion,
    Question,
    Rule,
)
from refund_policy.engine.walk import within

POLICY = """\
language: 1
policy: places
version: 1.0.0
in_force: draft
facts:
  visits: {type: whole_number}
  student: {type: yes_no}
  plan: {type: choice, options: {basic: basic, plus: plus, gold: gold}}
always:
  - visits: {at_least: 0}
    else: Nobody comes less than never.
conditions:
  young: {all: [student, {visits: {less_than: 5}}]}
  paying: {plan: {one_of: [plus, gold]}}
questions:
  refund:
    outcomes:
      paid: {}
      kept:
        outputs: {amount: whole_number}
    rules:
      nothing:
        outcome: kept
        amount: 0
        says: We keep it.
      short:
        when:
          any:
            - young
            - not: student
            - visits:
                at_least: 6
                at_most: 8
        overrides: [nothing]
        outcome: paid
    tables:
      rows_of_plans:
        columns: [plan, visits, paying]
        overrides: [nothing, short]
        says: >-
          By plan.
        outcome: paid
        rows:
          one: {when: [gold, any, yes]}
          two: {when: [[basic, plus], {more_than: 9}, any]}
          three:
            when: [any, [11, {at_least: 20}], no]
            overrides: [one]
            says: The third.
      first_of_plans:
        columns: [plan]
        pick: first
        overrides: all
        outcome: paid
        rows:
          front: {when: [basic]}
          back: {when: [plus]}
"""


@pytest.fixture(scope="module")
def version() -> PolicyVersion:
    return load_text(POLICY, "places.yaml")[0]


@pytest.fixture(scope="module")
def question(version: PolicyVersion) -> Question:
    return version.questions["refund"]


@pytest.fixture(scope="module")
def rules(question: Question) -> dict[str, Rule]:
    return {rule.name: rule for rule in question.rules}


def places(*conditions: Condition) -> set[tuple[int, int, str]]:
    """Return the line and column of each part of the conditions, and the text from there on."""
    placed = (All, Any, Compare, Not, OneOf)
    wheres = [node.where for node in within(*conditions) if isinstance(node, placed)]
    lines = POLICY.splitlines()
    return {
        (where.line, where.column, lines[where.line - 1][where.column - 1 :])
        for where in wheres
        if where
    }


YOUNG = {
    (13, 11, "all: [student, {visits: {less_than: 5}}]}"),
    (13, 17, "student, {visits: {less_than: 5}}]}"),
    (13, 36, "less_than: 5}}]}"),
}
PAYING = {(14, 19, "one_of: [plus, gold]}}")}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("nothing", set()),
        (
            "short",
            {
                *YOUNG,
                (28, 11, "any:"),
                (30, 15, "not: student"),
                (30, 20, "student"),
                (32, 17, "at_least: 6"),
                (33, 17, "at_most: 8"),
            },
        ),
        (
            "one",
            {
                *PAYING,
                (44, 23, "[gold, any, yes]}"),
                (44, 24, "gold, any, yes]}"),
                (44, 35, "yes]}"),
            },
        ),
        (
            "two",
            {
                (45, 23, "[[basic, plus], {more_than: 9}, any]}"),
                (45, 24, "[basic, plus], {more_than: 9}, any]}"),
                (45, 40, "more_than: 9}, any]}"),
            },
        ),
        (
            "three",
            {
                *PAYING,
                (47, 19, "[any, [11, {at_least: 20}], no]"),
                (47, 25, "[11, {at_least: 20}], no]"),
                (47, 26, "11, {at_least: 20}], no]"),
                (47, 31, "at_least: 20}], no]"),
                (47, 47, "no]"),
            },
        ),
    ],
)
def test_a_condition_keeps_the_place_of_its_key_or_cell(
    rules: dict[str, Rule], rule: str, expected: set[tuple[int, int, str]]
) -> None:
    assert places(rules[rule].when) == expected


def test_a_requirement_keeps_its_place(question: Question) -> None:
    (requirement,) = question.always
    assert str(requirement.where) == "places.yaml:10:5"
    assert places(requirement.condition) == {(10, 14, "at_least: 0}")}


@pytest.mark.parametrize(
    ("rule", "listed"),
    [
        ("nothing", []),
        ("short", ["nothing 34:21"]),
        ("one", ["nothing 39:21", "short 39:30"]),
        ("three", ["nothing 39:21", "short 39:30", "one 48:25"]),
        ("front", []),
        ("back", []),
    ],
)
def test_overrides_are_kept_as_their_author_lists_them(
    rules: dict[str, Rule], rule: str, listed: list[str]
) -> None:
    found = rules[rule].listed
    assert [f"{name} {where.line}:{where.column}" for name, where in found] == listed


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("nothing", "places.yaml:25:15"),
        ("short", "None"),
        ("one", "places.yaml:40:15"),
        ("three", "places.yaml:49:19"),
    ],
)
def test_a_rule_keeps_the_place_of_its_sentence(
    rules: dict[str, Rule], rule: str, place: str
) -> None:
    assert str(rules[rule].says_where) == place


def test_outcomes_and_outputs_keep_their_places(question: Question) -> None:
    paid, kept = question.outcomes
    assert str(paid.where) == "places.yaml:18:7"
    assert str(kept.where) == "places.yaml:19:7"
    assert str(kept.outputs[0].where) == "places.yaml:20:19"


def test_a_place_makes_no_two_policies_differ(version: PolicyVersion) -> None:
    moved, _ = load_text("# a comment\n\n" + POLICY, "moved.yaml")
    assert moved.questions == version.questions
    assert moved.digest == version.digest
