"""Forks between many rules: few of them are tried for a case, and it is decided as if all were."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random
from types import FrameType
from typing import Any

import pytest
from differential.drawing import drawn
from differential.drawn import UNITS, asked, loaded
from differential.judge import checked
from differential.targets import TARGETS
from generate import policies
from test_to_python import agrees, made

from refund_policy.engine.forks import FEW, LONGER, Fork, Path, demands, forked, rules_in
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion, Question
from refund_policy.engine.to_python import to_python

Data = Mapping[str, Any]
OPTIONS = [f"p_{n}" for n in range(100)]
FACTS: Data = {
    "product": {"type": "choice", "options": {name: name for name in OPTIONS}},
    "count": {"type": "whole_number"},
    "day": {"type": "date"},
    "paid": {"type": "money"},
    "flag": {"type": "yes_no"},
    "parts": {"type": "whole_number"},
}
OUTCOMES: Data = {"yes": {}, "some": {"outputs": {"number": "whole_number"}}}
REST: Data = {"rest": {"outcome": "yes"}}
BEATS = {"outcome": "yes", "overrides": ["rest"]}


def policy(rules: Data, **more: object) -> tuple[PolicyVersion, Question]:
    """Return a policy of these rules, and its question."""
    known = {name: fact for name, fact in FACTS.items() if name in json.dumps([rules, more])}
    written = {
        "language": 1,
        "policy": "many",
        "version": "1.0.0",
        "in_force": {"from": "beginning"},
        "currency": "USD",
        "facts": known,
        **more,
        "questions": {"ask": {"outcomes": OUTCOMES, "rules": rules}},
    }
    version, _ = load_text(json.dumps(written), "policy.yaml")
    return version, version.questions["ask"]


def each(many: int, when: Callable[[int], object]) -> Data:
    """Return so many rules, each with its condition, and one for the rest."""
    return {**REST, **{f"rule_{n}": {**BEATS, "when": when(n)} for n in range(many)}}


def by_product(many: int) -> Data:
    """Return rules of which ten at most have to do with a product."""
    return each(
        many,
        lambda n: {"all": [{"product": {"is": OPTIONS[n // 10]}}, {"count": {"at_least": n % 10}}]},
    )


def longest(path: Path) -> int:
    """Return how many rules are tried for a case at most."""
    return sum(
        max(longest(step.below), longest(step.rest)) if isinstance(step, Fork) else 1
        for step in path
    )


def forks_in(path: Path) -> Iterator[Fork]:
    """Yield the forks of a path."""
    for step in path:
        if isinstance(step, Fork):
            yield step
            yield from forks_in(step.below)
            yield from forks_in(step.rest)


def lines_run(decide: Callable[[Any], object], facts: Data) -> int:
    """Return how many lines of a generated function run for a case."""
    found = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401 - the interface
        nonlocal found
        found += event == "line" and frame.f_code.co_filename == "<policy>"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        assert decide(facts)
    finally:
        sys.settrace(before)
    return found


# ---------------------------------------------------------------- few are tried


def test_a_hundred_times_as_many_rules_run_few_more_lines() -> None:
    most = {}
    for many in (10, 100, 1000):
        version, question = policy(by_product(many))
        decide = made(version, question)
        cases = [{"product": name, "count": 0} for name in OPTIONS[: many // 10]]
        most[many] = max(lines_run(decide, facts) for facts in cases)
    assert most[100] <= most[10] + 6
    assert most[1000] <= most[100] + 6


def test_ten_rules_of_a_product_are_tried_and_no_rule_stands_twice() -> None:
    path = forked(policy(by_product(1000))[1].rules)
    assert longest(path) == 11
    assert len([*rules_in(path)]) == 1001


WHENS: Mapping[str, Callable[[int], object]] = {
    "a choice": lambda n: {"product": {"is": OPTIONS[n]}},
    "one of several": lambda n: {"product": {"one_of": [OPTIONS[n], OPTIONS[n - 1]]}},
    "a whole number": lambda n: {"count": {"is": n}},
    "a date": lambda n: {"day": {"is": f"2026-{n % 9 + 1:02}-{n // 9 + 1:02}"}},
    "money": lambda n: {"paid": {"is": f"{n}.50 USD"}},
    "part of a condition": lambda n: {"all": ["flag", {"count": {"is": n}}]},
    "either way": lambda n: {
        "any": [
            {"all": ["flag", {"count": {"is": n}}]},
            {"all": [{"count": {"is": n}}, {"product": {"is": OPTIONS[n]}}]},
        ]
    },
}


@pytest.mark.parametrize("form", WHENS)
def test_rules_are_parted_by(form: str) -> None:
    path = forked(policy(each(60, WHENS[form]))[1].rules)
    assert longest(path) <= FEW + 1


def test_rules_are_parted_by_yes_and_no_and_then_by_another_fact() -> None:
    rules = each(
        60, lambda n: {"all": [{"flag": {"is": n % 2 == 0}}, {"count": {"is": n // 2 % 6}}]}
    )
    path = forked(policy(rules)[1].rules)
    assert {fork.fact for fork in forks_in(path)} == {"flag", "count"}
    assert longest(path) <= FEW + 1


def test_rules_that_others_are_between_are_parted_by_another_fact() -> None:
    rules = {
        **each(40, lambda n: {"product": {"is": OPTIONS[n]}}),
        **{f"other_{n}": {**BEATS, "when": {"count": {"is": n}}} for n in range(40)},
    }
    path = forked(policy(rules)[1].rules)
    assert longest(path) <= 2 * FEW + 1


def test_few_rules_are_left_as_they_are() -> None:
    rules = policy(each(FEW - 1, WHENS["a choice"]))[1].rules
    assert not [*forks_in(forked(rules))]


def test_rules_that_demand_nothing_stay_in_a_row() -> None:
    rules = policy(each(60, lambda n: {"count": {"at_least": n}}))[1].rules
    assert not [*forks_in(forked(rules))]


@pytest.mark.parametrize("many", [1, 2, 3, 4, 5, 10])
def test_the_source_stays_short_however_many_values_a_rule_is_for(many: int) -> None:
    rules = each(
        80, lambda n: {"product": {"one_of": [OPTIONS[(n + 7 * m) % 80] for m in range(many)]}}
    )
    path = forked(policy(rules)[1].rules)
    assert {rule.name for rule in rules_in(path)} == {*rules}
    assert len([*rules_in(path)]) <= LONGER * len(rules)


COUNT_IS_1, COUNT_IS_2 = ({"count": {"is": n}} for n in (1, 2))
DEMANDS: Sequence[tuple[object, object]] = (
    (COUNT_IS_1, {"count": {1}}),
    ({"count": {"is": "one"}}, {"count": {1}}),
    ({"count": {"one_of": [1, 2]}}, {"count": {1, 2}}),
    ({"count": {"one_of": [1, "parts"]}}, {}),
    ({"count": {"is": "parts"}}, {}),
    ({"count": {"is_not": 1}}, {}),
    ({"count": {"at_least": 1}}, {}),
    ("flag", {"flag": {True}}),
    ({"flag": {"is_not": True}}, {"flag": {False}}),
    ({"flag": {"is": False}}, {"flag": {False}}),
    ({"not": "flag"}, {}),
    ({"paid": {"is": "1.50 USD"}}, {"paid": {Decimal("1.50")}}),
    ({"all": [COUNT_IS_1, "flag"]}, {"count": {1}, "flag": {True}}),
    ({"all": [COUNT_IS_1, {"count": {"one_of": [1, 2]}}]}, {"count": {1}}),
    ({"all": [COUNT_IS_1, COUNT_IS_2]}, {"count": set()}),
    ({"any": [COUNT_IS_1, COUNT_IS_2]}, {"count": {1, 2}}),
    ({"any": [COUNT_IS_1, {"all": [COUNT_IS_2, "flag"]}]}, {"count": {1, 2}}),
    ({"any": [COUNT_IS_1, "flag"]}, {}),
    ("named", {"count": {2}}),
)


@pytest.mark.parametrize(("when", "demanded"), DEMANDS, ids=range(len(DEMANDS)))
def test_what_a_condition_demands(when: object, demanded: object) -> None:
    used = {"all": [{"any": [item, item]} for item in ("flag", "named", {"parts": {"is": 1}})]}
    rules = {**REST, "rule": {**BEATS, "when": when}, "other": {**BEATS, "when": used}}
    more = {"terms": {"one": 1}, "conditions": {"named": COUNT_IS_2}}
    assert demands(policy(rules, **more)[1].rules[1].when) == demanded


# ---------------------------------------------------------------- decided as if all were


def test_what_more_than_one_side_uses_is_worked_out_once() -> None:
    rules = each(60, lambda n: {"all": [{"product": {"is": OPTIONS[n]}}, f"often_{n // 20}"]})
    conditions = {
        f"often_{n}": {"any": ["flag", {"count": {"at_least": 1000 + n}}]} for n in range(3)
    }
    version, question = policy(rules, conditions=conditions)
    source = to_python(version, question)
    assert [source.count(f">= {1000 + n}") for n in range(3)] == [1, 1, 1]


def test_a_division_by_zero_on_the_other_side_is_an_error() -> None:
    half = {"divided_by": [{"minus": ["count", 0]}, "parts"]}
    rules = each(
        60, lambda n: {"all": [{"product": {"is": OPTIONS[n]}}, {f"half_{n % 2}": {"at_least": 2}}]}
    )
    version, question = policy(rules, measures={"half_0": half, "half_1": half})
    decide = made(version, question)
    facts = {"product": OPTIONS[1], "count": 4}
    assert agrees(version, question, decide, {**facts, "parts": 0}) == "CalculationError"
    assert agrees(version, question, decide, {**facts, "parts": 2}) == "rule_1"


def test_rules_before_and_after_those_of_a_product_keep_their_place() -> None:
    rules = {
        **each(
            40,
            lambda n: {"all": [{"product": {"is": OPTIONS[n % 20]}}, {"count": {"is": n // 20}}]},
        ),
        "first": {**BEATS, "when": {"count": {"is": 1}}, "overrides": ["rule_21", "rule_22"]},
        "last": {**BEATS, "when": "flag"},
        "top": {
            **BEATS,
            "when": {"all": [{"product": {"is": OPTIONS[1]}}, {"day": {"before": "2026-01-01"}}]},
            "overrides": ["first", "last"],
        },
    }
    version, question = policy(rules)
    decide = made(version, question)
    met = set()
    for name in OPTIONS[:25]:
        for count in (0, 1, 2):
            for flag in (True, False):
                for day in ("2025-12-31", "2026-01-01"):
                    facts = {"product": name, "count": count, "flag": flag, "day": day}
                    met.add(agrees(version, question, decide, facts))
    assert met >= {"rest", "also", "first", "last", "top", "rule_0"}


def test_of_many_outputs_the_right_one_is_given() -> None:
    rules = each(60, WHENS["a whole number"])
    some = {
        name: {**rule, "outcome": "some", "number": {"plus": ["count", n]}}
        for n, (name, rule) in enumerate(rules.items())
        if name != "rest" and n % 5
    }
    version, question = policy({**rules, **some})
    decide = made(version, question)
    met = {agrees(version, question, decide, {"count": n}) for n in range(-1, 61)}
    assert met == {*rules}


def test_policies_drawn_with_many_rules_are_decided_alike() -> None:
    answers = parted = 0
    draw = Random(3)  # noqa: S311 - no secret
    for written in drawn(policies(units=UNITS, crowded=True), 25, 3):
        cases = asked(loaded([written]), 150, draw)
        if not [*forks_in(forked(cases.versions[0].questions["ask"].rules))]:
            continue
        parted += 1
        for _, many, found in checked(cases, {"python": TARGETS["python"]}):
            assert not found, (written, *map(str, found))
            answers += many
    assert parted > 8
    assert answers > 3000
