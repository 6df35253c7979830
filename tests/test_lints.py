"""What is said to change nothing changes nothing, and nothing else is said.

Second opinions: z3, every case of small worlds, and the tautological cells of ZEN's tables.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from converters import KINDS, alternatives, as_comparison, corpus, fact, fact_name, mentioned
from converters import version_of as converted
from generate import policies, text
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_world import Seen, domains, world
from z3_oracle import always_or_never, comparisons

from refund_policy.engine.check import check_folder
from refund_policy.engine.check.alike import alike, nodes, possible, revised
from refund_policy.engine.check.comparisons import Trial, fixed_to, inside, reading
from refund_policy.engine.check.conditions import constants, living
from refund_policy.engine.check.terms import around, with_value
from refund_policy.engine.evaluate import Case, truth
from refund_policy.engine.load import load_text
from refund_policy.engine.model import Compare, Condition, PolicyVersion, Rule, Term
from refund_policy.engine.walk import Rebuilding, within

ROOT = Path(__file__).parent.parent
SOUND = [ROOT / "policies", *sorted((ROOT / "tests" / "policies").iterdir())]
LINTS = {
    "always-true",
    "never-true",
    "idle-comparison",
    "alike-options",
    "idle-fact",
    "idle-term",
    "empty-promise",
}
few = settings(max_examples=40)


def loaded(policy: Mapping[str, Any]) -> PolicyVersion:
    return load_text(text(dict(policy)), "policy.yaml")[0]


def cases(version: PolicyVersion) -> list[Seen]:
    (question,) = version.questions.values()
    return [each for each in world(version, question, domains(question)) if each.valid]


# ---------------------------------------------------------------- no false alarm


@pytest.mark.parametrize("folder", SOUND, ids=lambda path: path.name)
def test_a_sound_policy_gets_no_warning(folder: Path) -> None:
    assert [found for found in check_folder(folder) if found.code in LINTS] == []


# ---------------------------------------------------------------- always or never true


@given(policies(exact=True))
@few
def test_z3_finds_the_same_comparisons_always_or_never_true(policy: Mapping[str, Any]) -> None:
    version = loaded(policy)
    (question,) = version.questions.values()
    rules = living(version)
    found = constants(rules)
    alive = {rule.name for _, rule in rules}
    ours = {
        (rule.name, compared, found[id(compared)])
        for _, rule in rules
        for compared in comparisons(rule.when)
        if id(compared) in found
    }
    theirs = {each for each in always_or_never(version, question) if each[0] in alive}
    assert ours == theirs


@given(policies())
@few
def test_what_is_always_or_never_true_is_so_in_every_case(policy: Mapping[str, Any]) -> None:
    version = loaded(policy)
    rules = living(version)
    found = constants(rules)
    for seen in cases(version):
        case = Case(seen.facts, version.calendar)
        for _, rule in rules:
            for node in within(rule.when):
                if isinstance(node, Condition) and id(node) in found:
                    assert truth(node, case) is found[id(node)]


def cell_rules(table: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a rule for each cell of a table of ZEN, under the cell's name."""
    for row, rule in enumerate(table["rules"], 1):
        for column, cell in enumerate(rule["when"]):
            item = table["inputs"][column]
            parts = [
                {fact_name(item["field"]): as_comparison(part)}
                for part in alternatives(cell, item["type"])
                if part != "any"
            ]
            if parts:
                yield f"r{row}c{column + 1}", {"when": {"any": parts}, "outcome": "taken"}


def always_true_cells(table: Mapping[str, Any]) -> set[str]:
    rules = dict(cell_rules(table))
    if not rules:
        return set()
    columns = zip(*(rule["when"] for rule in table["rules"]), strict=True)
    facts = {
        fact_name(item["field"]): fact(item["type"], mentioned(cells))
        for item, cells in zip(table["inputs"], columns, strict=True)
        if item["type"] in KINDS or any(mentioned(cells))
    }
    version = converted(facts, {"outcomes": {"taken": {}}, "rules": rules})
    found = living(version)
    always = constants(found)
    return {rule.name for _, rule in found if always.get(id(rule.when))}


def test_the_cells_that_zen_takes_in_every_case_are_always_true() -> None:
    tables = json.loads((corpus("zen") / "tables.json").read_text())
    with (corpus("zen") / "analysis_expected.csv").open(newline="") as file:
        expected = {
            (row["graph"], row["table"]): {*row["tautological_cells"].split()}
            for row in csv.DictReader(file)
        }
    found = {(table["graph"], table["table"]): always_true_cells(table) for table in tables}
    assert {key: cells for key, cells in found.items() if cells} == {
        key: cells for key, cells in expected.items() if cells
    }


# ---------------------------------------------------------------- idle parts


def changes_nothing(rule: Rule, part: Condition, seen: list[Seen], *, holds: bool) -> bool:
    """Return whether the interpreter applies a rule in the same cases with a part held fixed."""
    held = Rebuilding(lambda node: fixed_to(node, {id(part): holds})).condition(rule.when)
    return all(truth(rule.when, Case(each.facts)) is truth(held, Case(each.facts)) for each in seen)


@given(policies(exact=True, most_facts=3))
@few
def test_a_part_is_idle_when_no_case_of_a_small_world_needs_it(policy: Mapping[str, Any]) -> None:
    version = loaded(policy)
    assume("calendar" not in policy)
    rules = living(version)
    standing = reading(version, rules)
    seen = cases(version)
    for part in {id(part): part for _, rule in rules for part in inside(rule.when)}.values():
        if id(part) in standing:
            idle = any(
                all(
                    changes_nothing(rule, part, seen, holds=holds) for _, rule in standing[id(part)]
                )
                for holds in (True, False)
            )
            assert Trial(standing).idle(part) is idle


def test_of_two_comparisons_that_say_the_same_one_is_idle() -> None:
    rule = {"when": {"all": [{"age": {"at_most": 17}}, {"age": {"less_than": 18}}]}}
    version = converted(
        {"age": {"type": "whole_number"}},
        {"outcomes": {"taken": {}}, "rules": {"young": {**rule, "outcome": "taken"}}},
    )
    trial = Trial(reading(version, living(version)))
    (_, only), *_ = living(version)
    idle = [part for part in inside(only.when) if trial.idle(part)]
    assert [part.operator for part in idle if isinstance(part, Compare)] == ["at_most"]


# ---------------------------------------------------------------- figures


@given(policies(exact=True, most_facts=3), st.data())
@few
def test_another_figure_is_alike_when_no_case_is_decided_otherwise(
    policy: Mapping[str, Any], data: st.DataObject
) -> None:
    version = loaded(policy)
    (question,) = version.questions.values()
    read = [node for node in within(*nodes(question)) if isinstance(node, Term)]
    books = possible(version)
    assume(read and books)
    term = data.draw(st.sampled_from(read))
    value = data.draw(st.sampled_from([*around(term)]))
    (book,) = books
    other = revised(book, with_value(term, value))
    if alike(book, other):
        facts = domains(question, other.question)
        before, after = (world(version, each, facts) for each in (question, other.question))
        assert [(each.result, each.said) for each in before] == [
            (each.result, each.said) for each in after
        ]


# ---------------------------------------------------------------- what is left alone

HEAD: dict[str, Any] = {
    "language": 1,
    "policy": "gym",
    "version": "1.0.0",
    "in_force": "draft",
    "terms": {"trial": "14 days", "longer": "30 days"},
    "facts": {
        "days_here": {"type": "whole_number"},
        "member": {"type": "yes_no"},
        "plan": {"type": "choice", "options": {"basic": "B", "plus": "P", "pro": "Pro"}},
    },
    "measures": {"since": {"times": ["days_here", "1 day"]}},
    "conditions": {"early": {"since": {"at_most": "trial"}}},
}
DEFAULT = {"no_refund": {"outcome": "kept", "says": "After {longer}, we keep it."}}
ONCE = {"overrides": ["no_refund"], "outcome": "paid_back"}
LONGER = {"longer": {"when": {"since": {"at_most": "longer"}}, **ONCE}}


def warnings(rules: Mapping[str, Any], tmp_path: Path, **parts: Any) -> list[str]:  # noqa: ANN401
    outcomes: dict[str, Any] = {"kept": {}, "paid_back": {}}
    question = {"outcomes": outcomes, "rules": {**DEFAULT, **rules}}
    policy = {**HEAD, "questions": {"refund": question}, **parts}
    file = tmp_path / "policy.yaml"
    file.write_text(json.dumps(policy))
    return [found.code for found in check_folder(file) if found.code in LINTS]


def basic(term: str) -> dict[str, Any]:
    """Return a measure whose value for the basic plan is a term."""
    return {"by": "plan", "options": {"basic": term, "plus": "longer", "pro": "longer"}}


LEFT_ALONE: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "what another rule enforces": (
        {
            "in_trial": {"when": "early", **ONCE},
            "long_members": {
                "when": {"all": [{"since": {"at_most": "longer"}}, {"not": "early"}]},
                "overrides": ["in_trial", "no_refund"],
                "outcome": "paid_back",
            },
        },
        {},
    ),
    "a name that matters in one of two rules": (
        {
            "both": {"when": {"all": ["early", {"since": {"at_most": "10 days"}}]}, **ONCE},
            "one": {"when": {"all": ["early", "member"]}, **ONCE},
            **LONGER,
        },
        {},
    ),
    "options alike beside one that isn't": (
        {"by_plan": {"when": {"since": {"at_most": "window"}}, **ONCE}},
        {"measures": {**HEAD["measures"], "window": {"choose": basic("trial")}}},
    ),
    "options that are only named apart": (
        {"paid": {"when": {"plan": {"is_not": "basic"}}, **ONCE}, **LONGER},
        {},
    ),
    "a rule that never applies": (
        {"never": {"when": {"all": ["early", {"since": {"more_than": "longer"}}]}, **ONCE}},
        {},
    ),
    "a row for every case": (
        {**LONGER, "member": {"when": "member", **ONCE}},
        {"always": [{"days_here": {"at_least": 0}, "else": "No."}]},
    ),
}


@pytest.mark.parametrize("what", LEFT_ALONE)
def test_it_is_left_alone(what: str, tmp_path: Path) -> None:
    rules, parts = LEFT_ALONE[what]
    assert warnings(rules, tmp_path, **parts) == []


def test_yes_and_no_that_come_to_the_same_are_noticed(tmp_path: Path) -> None:
    window = {"choose": {"by": "member", "options": {"yes": "trial", "no": "2 weeks"}}}
    rules = {"in_window": {"when": {"since": {"at_most": "window"}}, **ONCE}, **LONGER}
    parts = {"measures": {**HEAD["measures"], "window": window}}
    assert warnings(rules, tmp_path, **parts) == ["alike-options"]


def test_a_choice_within_a_choice_is_seen_through(tmp_path: Path) -> None:
    inner = {"choose": {"by": "plan", "options": {"basic": "longer"}, "otherwise": "trial"}}
    outer = {"choose": {"by": "plan", "options": {"basic": "trial"}, "otherwise": inner}}
    rules = {"in_window": {"when": {"since": {"at_most": "window"}}, **ONCE}, **LONGER}
    parts = {"measures": {**HEAD["measures"], "window": outer}}
    assert warnings(rules, tmp_path, **parts) == ["alike-options"]


def test_the_cause_is_named_and_not_what_contains_it(tmp_path: Path) -> None:
    always = [{"days_here": {"at_least": 0}, "else": "No."}]
    whatever = {"any": ["member", {"all": [{"days_here": {"at_least": 0}}, {"not": "member"}]}]}
    nested = {"all": [whatever, {"not": {"days_here": {"less_than": 0}}}, "early"]}
    rules = {"nested": {"when": nested, **ONCE}, **LONGER}
    assert warnings(rules, tmp_path, always=always) == ["always-true", "never-true"]


def test_one_part_of_several_that_make_a_condition_idle_is_enough(tmp_path: Path) -> None:
    inner = {"any": ["member", {"plan": {"is": "pro"}}, {"since": {"at_most": "longer"}}]}
    rules = {"narrow": {"when": {"all": ["early", inner]}, **ONCE}, **LONGER}
    assert warnings(rules, tmp_path) == ["idle-comparison"]
