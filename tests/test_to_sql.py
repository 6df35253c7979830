"""The SQL made of a question, on DuckDB, against the interpreter: the same answers, and no other.

A case that SQL leaves open is one that the interpreter gets; what SQL answers it answers alike.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from _pytest.mark import ParameterSet
from call_loop import VERSION
from generate import KINDS, cases, policies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from large import large
from sqlglot import exp
from test_call_loop_oracle import GRIDS
from test_laws import loaded
from test_to_python import BOUNDARIES, EVERYTHING, HOSTILE, any_value, hostile

from refund_policy.engine.decide import Decision
from refund_policy.engine.errors import PolicyError
from refund_policy.engine.folder import load
from refund_policy.engine.load import load_text
from refund_policy.engine.model import Fact, PolicyVersion
from refund_policy.engine.sql_facts import sql_type
from refund_policy.engine.sql_query import Cases, answers
from refund_policy.engine.sql_stages import named
from refund_policy.engine.suite import examples
from refund_policy.engine.values import fact_value
from refund_policy.engine.versions import Policy

ROOT = Path(__file__).parent
Facts = Mapping[str, Any]
ANYTIME = settings(max_examples=100, deadline=None, suppress_health_check=[*HealthCheck])


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def decided(
    versions: Sequence[PolicyVersion], question: str, found: Sequence[Facts]
) -> list[tuple[Any, ...] | None]:
    """Return what SQL answers each case: version, rule and outputs, or None."""
    facts = {fact.name: fact for version in versions for fact in version.questions[question].facts}
    given_ = Cases(exp.to_table("given"), (named(exp.column("row"), "row"),))
    made = answers(versions, question, given_)
    with duckdb.connect() as database:
        columns = [f"{quoted(name)} {sql_type(fact.type)}" for name, fact in facts.items()]
        database.execute(f"CREATE TABLE given ({', '.join(['row INT', *columns])})")
        for row, case in enumerate(found):
            values = [row, *(case.get(name) for name in facts)]
            database.execute(f"INSERT INTO given VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608 - marks alone
        wanted = [made.answer, *(column.sql for column in made.outputs)]
        query = exp.select(*wanted).from_(made.query.subquery("cases")).order_by("row")
        rows = database.execute(query.sql("duckdb")).fetchall()
    assert len(rows) == len(found)
    return [said(made.rules, [column.name for column in made.outputs], row) for row in rows]


def said(
    rules: Sequence[tuple[PolicyVersion, Any]], names: Sequence[str], row: tuple[Any, ...]
) -> tuple[Any, ...] | None:
    """Return an answer with the outputs that its rule has."""
    if row[0] is None:
        return None
    version, rule = rules[row[0]]
    given = dict(zip(names, row[1:], strict=True))
    return (
        version.version,
        rule.name,
        {output.name: given[output.name] for output, _ in rule.outputs},
    )


def meant(decide: Callable[[Facts], Decision], facts: Facts) -> Decision | str:
    try:
        return decide(facts)
    except PolicyError as error:
        return type(error).__name__


def huge(facts: Facts) -> bool:
    return any(isinstance(value, int) and value > 10**9 for value in facts.values())


def agree(
    policy: Policy, question: str, found: Sequence[Facts], *, version: str | None = None
) -> set[str]:
    """Assert that SQL and the interpreter agree; return what the cases come to."""
    versions = [one for one in policy.asked(version) if question in one.questions]
    met = set()
    for facts, got in zip(found, decided(versions, question, found), strict=True):
        right = meant(lambda case: policy.decide(question, case, version=version), facts)
        if isinstance(right, str):
            assert got is None, (facts, got, right)
            met.add(right)
        elif got is None:
            asked = policy.version(right.version).questions[question] if right.version else None
            complete = asked and all(fact.name in facts for fact in asked.facts)
            assert right.also or not complete or huge(facts), (facts, right)
            met.add("also" if right.also else "left open")
        else:
            assert got == (right.version, right.rule, right.outputs), facts
            met.add(str(right.rule))
    return met


def alone(version: PolicyVersion) -> Policy:
    return Policy(version.name, (version,))


def as_it_is(value: object) -> object:
    return value


PARSED: Mapping[str, Callable[[str], object]]
PARSED = {"date": date.fromisoformat, "money": Decimal, "rate": Decimal}


@ANYTIME
@given(st.data())
def test_generated_policies_decide_as_the_interpreter_does(data: st.DataObject) -> None:
    policy = data.draw(policies(exact=data.draw(st.booleans())))
    version, question = loaded(policy)
    found = []
    for complete in (True,) * 8 + (False,) * 8:
        drawn = data.draw(cases(policy, complete=complete))
        found.append(
            {
                fact.name: PARSED.get(KINDS[fact.name], as_it_is)(drawn[fact.name])
                for fact in question.facts
                if fact.name in drawn
            }
        )
    agree(alone(version), "ask", found)


def corpus() -> Iterator[ParameterSet]:
    for folder in sorted((ROOT / "policies").glob("*/")):
        policy = load(folder)
        for question in dict.fromkeys(name for one in policy.asked() for name in one.questions):
            yield pytest.param(policy, question, id=f"{folder.name}-{question}")


def as_given(policy: Policy, facts: Facts) -> Facts:
    """Return facts as Python values that a database takes."""
    known: dict[str, Fact] = {
        name: fact for one in policy.versions for name, fact in one.facts.items()
    }
    found = {}
    for name, given_ in facts.items():
        kind = known[name].type
        read = fact_value(known[name], given_, policy.versions[0].zone)
        found[name] = Decimal(str(given_)) if kind.kind in ("money", "decimal") else read
    return found


@pytest.mark.parametrize(("policy", "question"), list(corpus()))
def test_policies_of_others_decide_as_the_interpreter_does(policy: Policy, question: str) -> None:
    found = [
        as_given(policy, case.facts)
        for version in policy.versions
        for case in examples(version)
        if case.question == question
    ]
    without = [
        {name: value for name, value in case.items() if name != left_out}
        for case in found[:10]
        for left_out in case
    ]
    agree(policy, question, [*found, *without])


@pytest.mark.parametrize("name", GRIDS)
def test_call_loops_cases_around_every_limit_are_decided_in_sql(name: str) -> None:
    found = GRIDS[name][:: 7 if name == "refund" else 1]
    met = agree(alone(VERSION), name, [as_given(alone(VERSION), facts) for facts in found])
    assert met == {rule.name for rule in VERSION.questions[name].rules}


@pytest.mark.parametrize("seed", range(2))
def test_a_policy_with_many_rules_is_decided_in_sql(seed: int) -> None:
    version, _ = load_text(large(60, 20, seed), "policy.yaml")
    draw = Random(seed)  # noqa: S311 - no secret
    facts = version.questions["ask"].facts
    agree(
        alone(version),
        "ask",
        [{fact.name: any_value(fact, draw) for fact in facts} for _ in range(100)],
    )


def test_boundaries_are_decided_as_the_interpreter_does() -> None:
    draw = Random(5)  # noqa: S311 - no secret
    found = [
        {name: draw.choice(values) for name, values in BOUNDARIES.items()} for _ in range(1500)
    ]
    met = agree(alone(EVERYTHING), "ask", found)
    assert met >= {"CaseError", "CalculationError", "ConflictError", "standard", "short", "rich"}


@pytest.mark.parametrize("text", [text for text in HOSTILE if text not in ("\0", "\ud800")])
def test_no_text_of_a_policy_becomes_code(text: str) -> None:
    version, question = hostile(text)
    found = [{f"{text}0": option, f"{text}1": True} for option in (text, f"{text}2")]
    assert agree(alone(version), question.name, found) == {f"{text}0", f"{text}1"}
