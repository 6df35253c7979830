"""The function made of a question: where it answers, and that it says then what is meant.

That the library says the same with it as without is tried in `test_differential.py`.

The source of a small policy that has everything in it stands in `compiled/`; after a change on
purpose write it anew by `REWRITE=1 pytest tests/test_to_python.py`, and read the difference.
"""

import os
import pickle
from collections.abc import Mapping
from copy import copy, deepcopy
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from enum import IntEnum, StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from call_loop import RULES, VERSION
from click.testing import CliRunner
from differential.asked import in_python
from differential.written import WRITTEN
from test_call_loop_oracle import GRIDS

from refund_policy.engine.cli import main
from refund_policy.engine.compiled import compiled
from refund_policy.engine.decide import Decision, decide, interpreted
from refund_policy.engine.errors import PolicyError
from refund_policy.engine.folder import load
from refund_policy.engine.load import load_text
from refund_policy.engine.model import (
    ALWAYS,
    Compare,
    Expression,
    Fact,
    If,
    Literal,
    Outcome,
    Output,
    PolicyVersion,
    Question,
    Rule,
    Type,
)
from refund_policy.engine.ready import OFTEN, Quick
from refund_policy.engine.suite import examples
from refund_policy.engine.to_python import to_python
from refund_policy.engine.values import Cell
from refund_policy.engine.versions import Policy

ROOT = Path(__file__).parent
GOLDEN = ROOT / "compiled" / "policy.py.txt"
EVERYTHING, _ = load_text((ROOT / "compiled/policy.yaml").read_text("utf-8"), "policy.yaml")
ASK = EVERYTHING.questions["ask"]
Facts = Mapping[str, Any]


def made(version: PolicyVersion, question: Question) -> Quick:
    """Return the function of a question."""
    found = compiled(version, question)
    assert found
    return found


def written(found: Decision) -> list[str]:
    """Return each part of a decision as Python writes it."""
    return [repr(getattr(found, part.name)) for part in fields(found) if part.compare]


def agrees(version: PolicyVersion, question: Question, quick: Quick, facts: Facts) -> str:
    """Assert that the function says what is meant where it answers; return what is meant.

    It answers for every case with all facts that a single rule decides.
    """
    found = quick(facts)
    try:
        meant = interpreted(version, question, facts)
    except PolicyError as error:
        assert found is None, (facts, found)
        return type(error).__name__
    if found is None:
        assert meant.also or len(facts) < len(question.facts), facts
        return "also" if meant.also else "incomplete"
    assert found == meant
    assert written(found) == written(meant), facts
    return str(meant.rule)


# ---------------------------------------------------------------- the same as the interpreter


@pytest.mark.parametrize("name", WRITTEN)
def test_complete_cases_are_decided_by_the_function(name: str) -> None:
    asked = WRITTEN[name]()
    made_ = {one.version: made(one, one.questions[asked.question]) for one in asked.versions}
    met = set()
    for case in asked.cases[:MANY]:
        facts = in_python(case, asked.facts)
        picked = asked.policy.picked(asked.question, facts, None)[1]
        if isinstance(picked, PolicyVersion):
            own = asked.policy.own_facts(picked, asked.question, facts)
            question = picked.questions[asked.question]
            met.add(agrees(picked, question, made_[picked.version], own))
    assert met >= MET.get(name, set())


MANY = 1500
MET = {
    **{f"call_loop {name}": set(rules) for name, rules in RULES.items()},
    "everything": {
        *("CaseError", "CalculationError", "ConflictError"),
        *("standard", "short", "rich", "cheap_one"),
    },
}
QUICK = {name: made(VERSION, question) for name, question in VERSION.questions.items()}


@pytest.mark.parametrize("name", GRIDS)
def test_call_loops_decisions_hold_as_long(name: str) -> None:
    for facts in GRIDS[name][::350]:
        found, meant = QUICK[name](facts), interpreted(VERSION, VERSION.questions[name], facts)
        assert found
        assert (found.holds_until, found.then) == (meant.holds_until, meant.then)


BEFORE = {
    "bought_on": date(2026, 2, 28),
    "asked_on": date(2026, 3, 2),
    "paid": Decimal("1.50"),
    "share": Decimal("0.17"),
    "parts": 1,
    "used": 1,
    "plan": "plus",
    "gift": False,
}


def test_a_division_by_zero_is_an_error_though_another_item_settles_the_condition() -> None:
    quick = made(EVERYTHING, ASK)
    assert agrees(EVERYTHING, ASK, quick, {**BEFORE, "gift": True, "parts": 0}) == (
        "CalculationError"
    )


# ---------------------------------------------------------------- facts in every form


class Three(IntEnum):
    THREE = 3


class Plan(StrEnum):
    PLUS = "plus"


class Day(date):
    """A date of somebody else's making."""


FORMS: Mapping[str, tuple[Any, ...]] = {
    "bought_on": (
        "2026-01-31",
        "2026-02-30",
        "2026-01-31T23:30:00-05:00",
        datetime(2026, 1, 31, 9, tzinfo=UTC),
        datetime(2026, 1, 31, 9),  # noqa: DTZ001 - without a zone, on purpose
        Day(2026, 1, 31),
        20260131,
    ),
    "paid": (
        1,
        "1.5",
        "1.505",
        "x",
        1.5,
        True,
        Cell("1.50"),
        *map(Decimal, ("1", "1.5", "1.500", "1.505", "-0.00", "0", "0E+50", "1E+18", "1E+19")),
        *map(Decimal, ("99999999999999999999.00", "NaN", "sNaN", "Infinity", "-Infinity")),
        Decimal("1.500000000000000000000000000000"),
        Fraction(3, 2),
        10**30,
    ),
    "parts": (True, 3.0, "3", Cell("3"), Decimal(3), Decimal("3.5"), 10**18, 10**5000, Three.THREE),
    "plan": ("gold", "Plus", Cell("plus"), Plan.PLUS, ["plus"], 1, b"plus"),
    "gift": ("yes", "no", Cell("TRUE"), 1, 0, "true", "maybe"),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_fact_in_another_form_means_the_same_or_is_wrong(name: str) -> None:
    quick = made(EVERYTHING, ASK)
    for form in (None, object(), *FORMS[name]):
        agrees(EVERYTHING, ASK, quick, {**BEFORE, name: form})


def test_unknown_and_missing_names_are_left_to_the_interpreter() -> None:
    quick = made(EVERYTHING, ASK)
    without = {name: value for name, value in BEFORE.items() if name != "gift"}
    for facts in ({}, without, {**without, "gfit": True}, {**BEFORE, "more": 1}):
        assert quick(facts) is None


def test_only_a_dict_is_taken_apart() -> None:
    quick = made(EVERYTHING, ASK)

    class Given(dict[str, Any]):
        pass

    assert quick(dict(BEFORE))
    assert quick(Given(BEFORE)) is None


def test_the_precision_that_a_service_calculates_with_changes_nothing() -> None:
    quick = made(EVERYTHING, ASK)
    facts = {**BEFORE, "paid": Decimal("12345678.91"), "parts": 30000, "used": 29999}
    with localcontext() as here:
        here.prec = 3
        found = quick({**facts, "gift": True})
    assert found == interpreted(EVERYTHING, ASK, {**facts, "gift": True})


# ---------------------------------------------------------------- the library


def test_a_question_asked_often_gets_the_same_answers() -> None:
    policy = Policy("refund", (VERSION,))
    facts, wrong = dict(GRIDS["refund"][0]), {**GRIDS["refund"][0], "amount_paid": 1.5}
    said = set()
    for _ in range(OFTEN + 3):
        found = policy.decide("refund", facts)
        said.add(repr(found.as_json()))
        with pytest.raises(PolicyError) as error:
            policy.decide("refund", wrong)
        said.add(str(error.value))
    assert policy.functions.keys() == {"refund"}
    assert len(said) == 2


def test_the_first_decisions_of_a_question_are_the_interpreters() -> None:
    policy = Policy("refund", (replace(VERSION),))
    for _ in range(OFTEN - 1):
        policy.decide("refund", GRIDS["refund"][0])
    assert not policy.functions


def test_a_copied_or_pickled_policy_makes_its_own_functions() -> None:
    policy = Policy("refund", (VERSION,))
    policy.functions["refund"] = QUICK["refund"]
    for other in (deepcopy(policy.functions), pickle.loads(pickle.dumps(policy.functions))):  # noqa: S301 - our own
        assert not other


def test_a_policy_whose_versions_are_picked_keeps_on_picking() -> None:
    policy = load(ROOT / "policies" / "vimeo")
    case = next(case for case in examples(policy.versions[1]) if not case.without)
    before = policy.decide(case.question, case.facts)
    for _ in range(OFTEN + 3):
        assert policy.decide(case.question, case.facts) == before
    assert not policy.functions


def test_a_decision_of_the_function_can_be_copied_pickled_and_not_changed() -> None:
    found = made(EVERYTHING, ASK)(BEFORE)
    assert found
    for other in (copy(found), deepcopy(found), pickle.loads(pickle.dumps(found))):  # noqa: S301 - our own
        assert other == found
        assert other.holds_until == found.holds_until
        assert hash(other) == hash(found)
    with pytest.raises(AttributeError):
        found.rule = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        found.outputs["more"] = 1  # type: ignore[index]


def test_a_later_change_of_the_callers_facts_doesnt_move_the_horizon() -> None:
    facts = dict(GRIDS["refund"][0])
    found, meant = QUICK["refund"](facts), interpreted(VERSION, VERSION.questions["refund"], facts)
    facts.clear()
    assert found
    assert (found.holds_until, found.then) == (meant.holds_until, meant.then)


# ---------------------------------------------------------------- hostile policies

HOSTILE = (
    *("'", '"', "'''", '"""', "\\", "\\'", "\n", "\r", "\u2028", "\x0c", "\0", "\ud800", "#"),
    *("{}", "%s", "{f0}", "f0", "decision", "None", "__class__", "é"),
    *("\N{FULLWIDTH APOSTROPHE}", "\N{RIGHT-TO-LEFT OVERRIDE}"),
    *(
        "'] + [__import__('os').abort()] #",
        '"""\nimport os\nos.abort()\n"""',
        "\nraise SystemExit\n",
    ),
)


def hostile(text: str) -> tuple[PolicyVersion, Question]:
    """Return a policy in which every text is the one given."""
    where = VERSION.where
    kinds: tuple[Type, ...] = (Type("choice", (text, text + "2")), Type("yes_no"))
    facts = tuple(
        Fact(name=f"{text}{n}", type=kind, label=text, ask=text, where=where)
        for n, kind in enumerate(kinds)
    )
    said, other = (Literal(word, kinds[0], word) for word in (text, text + "2"))
    output = Output(text, kinds[0], text)
    value = If(Compare(facts[0], "is", said), said, other, kinds[0])
    rules = tuple(
        Rule(
            name=f"{text}{n}",
            when=Compare(facts[0], "is", said) if n else ALWAYS,
            outcome=Outcome(f"{text}{n}", text, (output,)),
            outputs=((output, value),),
            overrides=frozenset({f"{text}0"} if n else ()),
            says=text.replace("{", "").replace("}", ""),
            where=where,
        )
        for n in range(2)
    )
    question = Question(
        name=text,
        asks=text,
        version_by=None,
        clock=None,
        facts=facts,
        always=(),
        outcomes=tuple(rule.outcome for rule in rules),
        rules=rules,
        where=where,
    )
    version = replace(VERSION, name=text, version=text, facts={fact.name: fact for fact in facts})
    return replace(version, questions={text: question}), question


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_of_a_policy_becomes_code(text: str) -> None:
    version, question = hostile(text)
    quick = made(version, question)
    for option, rule in ((text, 1), (f"{text}2", 0)):
        facts = {f"{text}0": option, f"{text}1": True}
        assert agrees(version, question, quick, facts) == f"{text}{rule}"
    assert to_python(version, question).count("\n") == to_python(*hostile("plain")).count("\n")


def test_the_function_knows_no_more_than_it_needs() -> None:
    known = made(EVERYTHING, ASK).__globals__
    assert not known["__builtins__"].keys() & {"__import__", "open", "eval", "exec", "getattr"}


def nested(*, first: bool) -> Question:
    """Return a question with a value of 300 branches in each other, in their first or last part."""
    value: Expression = Literal(Fraction(1), Type("money", scale=2), "1")
    gift = Compare(EVERYTHING.facts["gift"], "is", Literal(True, Type("yes_no"), "yes"))  # noqa: FBT003
    for n in range(300):
        other = Literal(Fraction(n), value.type, str(n))
        then, otherwise = (value, other) if first else (other, value)
        value = If(gift, then, otherwise, value.type)
    *rules, last = ASK.rules
    deep = replace(last, outputs=((last.outputs[0][0], value), *last.outputs[1:]))
    return replace(ASK, rules=(*rules, deep))


def test_a_long_row_of_branches_is_no_depth() -> None:
    question = nested(first=False)
    quick = made(EVERYTHING, question)
    assert agrees(EVERYTHING, question, quick, {**BEFORE, "gift": True}) == "cheap_one"


def test_what_nests_deeper_than_python_reads_is_left_to_the_interpreter() -> None:
    version, question = replace(EVERYTHING), nested(first=True)
    assert compiled(version, question) is None
    for _ in range(OFTEN + 3):
        assert decide(version, question, {**BEFORE, "gift": True}).rule == "cheap_one"


# ---------------------------------------------------------------- the command


def test_the_source_of_a_small_policy_reads_well() -> None:
    found = CliRunner().invoke(
        main, ["compile", "--to", "python", "--policies", str(GOLDEN.parent / "policy.yaml")]
    )
    assert found.exit_code == 0, found.output
    if os.environ.get("REWRITE"):
        GOLDEN.write_text(found.stdout, "utf-8")
    assert found.stdout == GOLDEN.read_text("utf-8")


def test_a_question_is_named() -> None:
    found = CliRunner().invoke(main, ["compile", "--to", "python", "--question", "credits"])
    assert found.stdout == to_python(VERSION, VERSION.questions["credits"])
