"""What a law of cases needs: small policies, and every completion of a case, as the oracle.

TRY_HARDER=10 in the environment tries ten times as many.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from generate import DOMAINS, KINDS, Data, cases, text
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from refund_policy.engine.decide import Decision, case_of, decide
from refund_policy.engine.errors import (
    CalculationError,
    CaseError,
    PolicyError,
)
from refund_policy.engine.evaluate import Case, deciders, value, verdict
from refund_policy.engine.load import canonical, digest, load_text
from refund_policy.engine.model import Fact, PolicyVersion, Question, Value
from refund_policy.engine.source import MapNode
from refund_policy.engine.source import read as read_yaml
from refund_policy.engine.walk import facts_in

Facts = dict[str, Any]
Result = tuple[object, ...]


def law(examples: int) -> settings:
    """Return the settings of a law that is tried on so many policies."""
    examples *= int(os.environ.get("TRY_HARDER", "1"))
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=examples, suppress_health_check=slow)


def loaded(policy: Data) -> tuple[PolicyVersion, Question]:
    """Return a generated policy with its question; its shape is right and isn't checked."""
    source = text(policy)
    root, _ = read_yaml(source, "small.yaml")
    assert isinstance(root, MapNode)
    version, _ = load_text(source, "small.yaml", {digest(canonical(root))})
    return version, version.questions["ask"]


def facts_of(data: st.DataObject, policy: Data, question: Question, *, complete: bool) -> Facts:
    """Draw a case of a question."""
    names = {fact.name for fact in question.facts}
    drawn = data.draw(cases(policy, complete=complete))
    return {name: given for name, given in drawn.items() if name in names}


# ---------------------------------------------------------------- what a case gets


def answer(version: PolicyVersion, facts: Facts) -> Result:
    """Return what a case gets: its outcome, outputs and rules; or what is missing; or the error."""
    try:
        found = decide(version, version.questions["ask"], facts)
    except PolicyError as error:
        return (type(error).__name__,)
    return said(found)


def said(found: Decision) -> Result:
    """Return a decision so that the order of the file doesn't show."""
    if found.outcome is None:
        return ("undecided", frozenset(found.missing))
    rules = frozenset({found.rule, *found.also})
    return (found.outcome, tuple(sorted(found.outputs.items())), rules)


# ---------------------------------------------------------------- the oracle: all completions


@dataclass(frozen=True)
class World:
    """All valid completions of a case, each with its result; looked at one by one."""

    version: PolicyVersion
    question: Question
    known: Mapping[str, Value]
    results: tuple[tuple[Mapping[str, Value], Result], ...]

    @property
    def unknown(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.question.facts if fact.name not in self.known)


def world(version: PolicyVersion, facts: Facts) -> World:
    """Look at every completion of a case."""
    question = version.questions["ask"]
    unknown = [fact.name for fact in question.facts if fact.name not in facts]
    found = []
    for values in product(*(DOMAINS[KINDS[name]] for name in unknown)):
        full = {**facts, **dict(zip(unknown, values, strict=True))}
        try:
            case = case_of(version, question, full)
        except CaseError:
            continue
        found.append((case.facts, result(question, case)))
    known = {name: found[0][0][name] for name in facts} if found else {}
    return World(version, question, known, tuple(found))


def result(question: Question, case: Case) -> Result:
    """Return what a complete case gets: the rule named and its outputs, or the kind of error."""
    try:
        got = verdict(deciders(question, case).certain, case)
    except CalculationError:
        return ("CalculationError",)
    if got.conflict:
        return ("ConflictError",)
    if not got.rules:
        return ("GapError",)
    return (got.rules[0].outcome.name, got.rules[0].name, tuple(got.outputs.items()))


def differing(found: World) -> Iterator[frozenset[str]]:
    """Yield the facts in which two valid completions with different results differ."""
    for (one, first), (other, second) in combinations(found.results, 2):
        if first != second:
            yield frozenset(name for name in one if one[name] != other[name])


def tied(question: Question) -> set[str]:
    """Return the facts that `always` is about."""
    return facts_in(*(item.condition for item in question.always))


def mattering(found: World) -> set[str]:
    """Return the facts that can change the result, read by outputs or not.

    A fact can when two valid completions with different results differ in it alone, or in it and
    in as few other facts as `always` ties to it.
    """
    sets = set(differing(found))
    matter: set[str] = set()
    about = tied(found.question)
    for size in range(1, len(found.unknown) + 1):
        now = [names for names in sets if len(names) == size and not names & matter]
        matter.update(*(names for names in now if size == 1 or names <= about))
    return matter


def read(found: World) -> set[str]:
    """Return the unknown facts that an output reads on some completion."""
    reads: set[str] = set()
    for facts, _ in found.results:
        case = Case(facts, found.version.calendar)
        try:
            certain = deciders(found.question, case).certain
        except CalculationError:
            continue
        for expression in (inner for rule in certain for _, inner in rule.outputs):
            reads.update(
                fact.name
                for fact in found.unknown
                if reads_it(expression, facts, fact.name, found.version)
            )
    return reads


def reads_it(
    expression: Any,  # noqa: ANN401 - an expression
    facts: Mapping[str, Value],
    name: str,
    version: PolicyVersion,
) -> bool:
    """Return whether an expression has no value without a fact, all others known."""
    without = {other: known for other, known in facts.items() if other != name}
    try:
        return value(expression, Case(without, version.calendar)) is None
    except CalculationError:
        return False


def assert_completes(found: Result, full: Result) -> None:
    """Assert that a completed case gets what was said before; more rules may agree then."""
    assert found[:2] == full[:2]
    if len(found) > 2:
        assert found[2] <= full[2]  # type: ignore[operator]
