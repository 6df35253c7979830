"""What a set of cases covers of a policy: its rules, overrides, outcomes and comparisons.

Each target is a list of conditions that a covering case meets, so what counts depends on the policy
alone, never on how it is evaluated:

    rule         the rule applies, and no applying rule overrides it
    override     the one rule decides in this sense, and the other one applies as well
    outcome      a rule with this outcome decides
    comparison   it is true (or false), a rule would come to something else if it were not, and no
                 applying rule overrides this rule, so that the difference shows

The last one is modified condition/decision coverage (MC/DC) with masking, for each comparison of
each rule. "Something else": the rule applies or doesn't, or has another output.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal as OneWordOf

from .decide import case_of, decide
from .errors import CalculationError, PolicyError, Where
from .evaluate import Case, truth
from .explain import within_always
from .model import (
    ALWAYS,
    All,
    Any,
    Compare,
    Condition,
    Not,
    OneOf,
    PolicyVersion,
    Question,
    Rule,
    Value,
)
from .overrides import place, stated
from .rulebook import Rulebook, rounded, rulebook
from .suite import Example
from .vocabulary import in_short
from .walk import Rebuilding, within
from .witness import witness

TargetKind = OneWordOf["rule", "override", "outcome", "comparison"]
TARGET_KINDS: tuple[TargetKind, ...] = ("rule", "override", "outcome", "comparison")
State = OneWordOf["covered", "open", "impossible", "not settled"]
NEVER = Any(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing to cover: what, where, and the conditions that a covering case meets."""

    kind: TargetKind
    what: str
    where: Where
    question: str
    needs: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of a target: the name of the first case that covers it, or why there is none.

    An open target comes with a case that would cover it; none can cover an impossible one.
    """

    target: Target
    state: State
    by: str = ""
    case: Mapping[str, Value] | None = None


def coverage(version: PolicyVersion, examples: Sequence[Example]) -> tuple[Reached, ...]:
    """Return what cases cover of a version, in the order of the file."""
    return tuple(
        reached
        for question in version.questions.values()
        for reached in of_question(question, version, examples)
    )


def of_question(
    question: Question, version: PolicyVersion, examples: Iterable[Example]
) -> Iterator[Reached]:
    """Yield what cases cover of a question."""
    book = rulebook(question, version.calendar)
    cases = decided_cases(version, question.name, examples)
    near = typical(cases.values())
    for target in targets(question):
        by = next((name for name, case in cases.items() if covers(case, target)), "")
        yield Reached(target, "covered", by) if by else uncovered(target, book, near)


def decided_cases(
    version: PolicyVersion, question: str, examples: Iterable[Example]
) -> dict[str, Case]:
    """Return the cases of a question that are decided, by their names."""
    asked = (example for example in examples if example.question == question)
    found = ((example.name, decided(version, example)) for example in asked)
    return {name: case for name, case in found if case}


def typical(cases: Iterable[Case]) -> Mapping[str, Value]:
    """Return the facts of the first of the cases that know most, to stay near to."""
    return max((case.facts for case in cases), key=len, default={})


def uncovered(target: Target, book: Rulebook, near: Mapping[str, Value]) -> Reached:
    """Return a target with a case that covers it, or with the answer that none can."""
    clauses = [(book.reader.formula(need),) for need in target.needs]
    found = witness(book, clauses, lambda case: covers(case, target), near=near)
    if found is None:
        return Reached(target, "impossible")
    return Reached(target, "open" if found.facts else "not settled", case=found.facts)


def decided(version: PolicyVersion, example: Example) -> Case | None:
    """Return a case that is decided, with what requirements settle of its unknown facts."""
    question = version.questions[example.question]
    try:
        if decide(version, question, example.facts).outcome is None:
            return None
    except PolicyError:
        return None
    return within_always(question, case_of(version, question, example.facts))


def covers(case: Case, target: Target) -> bool:
    """Return whether a case surely meets all that a target needs."""
    try:
        return all(truth(need, case) for need in target.needs)
    except CalculationError:
        return False


# ---------------------------------------------------------------- targets


def targets(question: Question) -> Iterator[Target]:
    """Yield everything of a question that cases can cover."""
    beaters = {
        rule.name: tuple(other for other in question.rules if rule.name in other.overrides)
        for rule in question.rules
    }
    deciding = {rule.name: (rule.when, *unbeaten(beaters[rule.name])) for rule in question.rules}
    yield from rule_targets(question, deciding)
    yield from override_targets(question, deciding)
    yield from outcome_targets(question, deciding)
    for rule in question.rules:
        yield from comparison_targets(question, rule, unbeaten(beaters[rule.name]))


def unbeaten(beaters: Iterable[Rule]) -> tuple[Condition, ...]:
    """Return that none of the rules applies that override one."""
    return tuple(Not(rule.when) for rule in beaters)


Deciding = Mapping[str, tuple[Condition, ...]]


def rule_targets(question: Question, deciding: Deciding) -> Iterator[Target]:
    """Yield that each rule decides."""
    for rule in question.rules:
        yield Target(
            kind="rule",
            what=f"rule `{rule.name}` decides",
            where=rule.where,
            question=question.name,
            needs=deciding[rule.name],
        )


def override_targets(question: Question, deciding: Deciding) -> Iterator[Target]:
    """Yield that a rule decides where one that it overrides applies as well."""
    by_name = {rule.name: rule for rule in question.rules}
    for name, beaten in stated(question.rules).items():
        for other in beaten:
            yield Target(
                kind="override",
                what=f"rule `{name}` overrides `{other}`",
                where=place(by_name[name], other),
                question=question.name,
                needs=(by_name[other].when, *deciding[name]),
            )


def outcome_targets(question: Question, deciding: Deciding) -> Iterator[Target]:
    """Yield that each outcome is given."""
    for outcome in question.outcomes:
        ways = [deciding[rule.name] for rule in question.rules if rule.outcome.name == outcome.name]
        yield Target(
            kind="outcome",
            what=f"outcome `{outcome.name}`",
            where=outcome.where or question.where,
            question=question.name,
            needs=(Any(tuple(All(way) for way in ways)),),
        )


def comparison_targets(
    question: Question, rule: Rule, free: Sequence[Condition]
) -> Iterator[Target]:
    """Yield each comparison of a rule as true and as false, where the rule turns on it."""
    for node in within(rule.when, *(value for _, value in rule.outputs)):
        if not isinstance(node, Compare | OneOf):
            continue
        for holds, word in ((True, "true"), (False, "false")):
            yield Target(
                kind="comparison",
                what=f"`{in_short(node)}` is {word}, and rule `{rule.name}` turns on it",
                where=node.where or rule.where,
                question=question.name,
                needs=(node if holds else Not(node), turns(rule, node, to=not holds), *free),
            )


def turns(rule: Rule, comparison: Compare | OneOf, *, to: bool) -> Condition:
    """Return where a rule comes to something else when a comparison is taken for true or false."""
    forced = Rebuilding(lambda node: (ALWAYS if to else NEVER) if node is comparison else None)
    when = forced.condition(rule.when)
    apart: list[Condition] = []
    if when is not rule.when:
        apart += [All((rule.when, Not(when))), All((when, Not(rule.when)))]
    for output, value in rule.outputs:
        other = forced.expression(value)
        if other is not value:
            differs = Compare(rounded(output, value), "is_not", rounded(output, other))
            apart.append(All((rule.when, differs)))
    return Any(tuple(apart))
