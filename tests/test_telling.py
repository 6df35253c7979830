"""Explanations by form: they say what the interpreter says, for every case that they explain."""

import inspect
import pickle
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import copy, deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest
from call_loop import VERSION
from differential.asked import Asked, in_python
from differential.prove import questions
from differential.written import WRITTEN
from test_call_loop_oracle import GRIDS
from test_to_python import ASK, BEFORE, EVERYTHING, HOSTILE, ROOT, hostile, made, nested

from refund_policy.engine import ready, telling
from refund_policy.engine.errors import PolicyError
from refund_policy.engine.explain import interpreted
from refund_policy.engine.explanation import Explanation, Reports
from refund_policy.engine.folder import load
from refund_policy.engine.model import Measure, PolicyVersion, Question
from refund_policy.engine.ready import OFTEN, Teller, Tellers
from refund_policy.engine.suite import examples
from refund_policy.engine.telling import teller
from refund_policy.engine.versions import Policy

Facts = Mapping[str, Any]


def made_teller(version: PolicyVersion, question: Question) -> Teller:
    """Return the function that explains a question."""
    return teller(version, question, made(version, question))


def explained(version: PolicyVersion, question: Question, tell: Teller, facts: Facts) -> str:
    """Assert that a case is explained as the interpreter does, the first time and by form.

    Return how: by form, by the interpreter, or with an error.
    """
    first, found = tell(facts), tell(facts)
    try:
        meant = interpreted(version, question, facts)
    except PolicyError:
        assert found is None
        return "error"
    for one in (first, found):
        if one is not None:
            assert one == meant, facts
            assert replace(one, decision=None).as_json() == replace(meant, decision=None).as_json()
            assert one.in_text() == meant.in_text()
    return "form" if found and isinstance(found.rules, Reports) else "interpreter"


def all_explained(asked: Asked, many: int) -> set[str]:
    """Assert that cases are explained as the interpreter does; return how they are."""
    tellers = {
        one.version: made_teller(one, one.questions[asked.question]) for one in asked.versions
    }
    found = set()
    for case in asked.cases[:many]:
        for facts in (case, in_python(case, asked.facts)):
            try:
                _, picked = asked.policy.picked(asked.question, facts, None)
            except PolicyError:
                continue
            if isinstance(picked, PolicyVersion):
                own = asked.policy.own_facts(picked, asked.question, facts)
                question = picked.questions[asked.question]
                found.add(explained(picked, question, tellers[picked.version], own))
    return found


# ---------------------------------------------------------------- the same as the interpreter


@pytest.mark.parametrize("name", WRITTEN)
def test_policies_of_people_are_explained_alike(name: str) -> None:
    assert all_explained(WRITTEN[name](), MANY) >= ({"form"} if name in COMPLETE else set())


MANY = 300
COMPLETE = {*(f"call_loop {name}" for name in GRIDS), "everything", "many rules 0", "many rules 1"}


def test_policies_drawn_are_explained_alike() -> None:
    found = set[str]()
    for _, asked in islice(questions(3, 40), 60):
        found |= all_explained(asked, 40)
    assert found == {"form", "interpreter", "error"}


# ---------------------------------------------------------------- what is kept

REFUND = VERSION.questions["refund"]
CASES = [dict(facts) for facts in GRIDS["refund"]]


def by_form(facts: Facts = BEFORE) -> Explanation:
    """Return an explanation that is written by a form."""
    tell = made_teller(EVERYTHING, ASK)
    tell(facts)
    found = tell(facts)
    assert found
    assert isinstance(found.rules, Reports)
    return found


def test_a_kind_of_cases_is_explained_by_the_interpreter_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tell = made_teller(EVERYTHING, ASK)
    tell(BEFORE)
    monkeypatch.setattr(telling, "standings", None)
    alike = {**BEFORE, "bought_on": date(2026, 2, 27), "paid": Decimal("1.60")}
    found = tell(alike)
    assert found == interpreted(EVERYTHING, ASK, alike)
    with pytest.raises(TypeError):
        tell({**BEFORE, "gift": True})


def test_no_more_forms_are_kept_than_have_so_many_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "KEPT", 20)
    tell = made_teller(VERSION, REFUND)
    how = {explained(VERSION, REFUND, tell, facts) for facts in CASES[::50]}
    assert how == {"form", "interpreter"}
    assert len(forms_of(tell)) == 20 // len(REFUND.rules)


def forms_of(tell: Teller) -> dict[object, object]:
    """Return the forms that a function keeps."""
    inside = inspect.getclosurevars(tell).nonlocals["forms"]
    assert isinstance(inside, dict)
    return inside


def test_an_explanation_by_form_can_be_copied_pickled_and_compared() -> None:
    found, meant = by_form(), interpreted(EVERYTHING, ASK, BEFORE)
    for other in (found, copy(found), deepcopy(found), pickle.loads(pickle.dumps(found))):  # noqa: S301 - our own
        assert other == meant
        assert meant == other
        assert hash(other.rules) == hash(meant.rules)
        assert repr(other) == repr(meant)
    assert len(found.rules) == len(meant.rules)
    assert found.rules[1:] == meant.rules[1:]
    assert found.rules[0] in found.rules
    assert found.rules != [*meant.rules[1:]]


def test_what_is_written_out_is_the_readers_own() -> None:
    found = by_form()
    before = found.as_json()
    found.as_json()["rules"][0]["because"].clear()
    assert found.as_json() == before


# ---------------------------------------------------------------- policies of any kind


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_of_a_policy_becomes_code(text: str) -> None:
    version, question = hostile(text)
    tell = made_teller(version, question)
    for option in (text, f"{text}2"):
        facts = {f"{text}0": option, f"{text}1": True}
        assert explained(version, question, tell, facts) == "form"


def test_what_nests_deeper_than_python_reads_is_left_to_the_interpreter() -> None:
    question = nested(first=True)
    *rules, last = question.rules
    (output, value), *others = last.outputs
    deep = Measure(name="deep", type=value.type, label="deep", value=value, where=last.where)
    rules = [*rules, replace(last, outputs=((output, deep), *others))]
    tell = teller(EVERYTHING, replace(question, rules=tuple(rules)), made(EVERYTHING, ASK))
    assert tell({**BEFORE, "gift": True}) is None


# ---------------------------------------------------------------- the library


def test_a_question_explained_often_gets_the_same_explanations() -> None:
    policy = Policy("refund", (replace(VERSION),))
    facts, wrong = CASES[0], {**CASES[0], "amount_paid": 1.5}
    said = set()
    for _ in range(OFTEN + 3):
        said.add(repr(policy.explain("refund", facts).as_json()))
        with pytest.raises(PolicyError) as error:
            policy.explain("refund", wrong)
        said.add(str(error.value))
    assert policy.tellers.keys() == {"refund"}
    assert len(said) == 2
    assert isinstance(policy.explain("refund", facts).rules, Reports)


def test_threads_that_ask_at_once_are_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "OFTEN", 20)
    policy, cases = Policy("refund", (replace(VERSION),)), CASES[::199]
    meant = [interpreted(VERSION, REFUND, facts) for facts in cases]

    def ask(_: int) -> list[Explanation]:
        for facts, one in zip(cases, meant, strict=True):
            assert policy.decide("refund", facts) == one.decision
        return [policy.explain("refund", facts) for facts in cases]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert all(found == meant for found in pool.map(ask, range(8)))
    finally:
        sys.setswitchinterval(interval)
    assert policy.functions.keys() == policy.tellers.keys() == {"refund"}


def test_a_version_that_is_picked_has_forms_as_well() -> None:
    policy = load(ROOT / "policies" / "vimeo")
    found = next(case for case in examples(policy.versions[1]) if not case.without)
    before = policy.explain(found.question, found.facts)
    for _ in range(OFTEN + 3):
        again = policy.explain(found.question, found.facts)
        assert again == before
        assert again.as_json() == before.as_json()
    assert isinstance(again.rules, Reports)
    assert not policy.tellers


def test_a_copied_policy_makes_its_own_functions() -> None:
    tellers = Tellers({"refund": made_teller(VERSION, REFUND)})
    for other in (deepcopy(tellers), pickle.loads(pickle.dumps(tellers))):  # noqa: S301 - our own
        assert not other
