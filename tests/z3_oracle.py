"""What is true of a policy, according to z3: the second opinion on the analysis.

Every answer comes with cases, which a test can give to the interpreter. A question that z3 can't
settle in time raises `UnsettledError`, one that the translation leaves out `UnsupportedError`
(months, years, business days with holidays).
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import z3
from z3_numbers import FALSE, TRUE, Number, compared, constant, every, opposite, same, some
from z3_question import (
    ERROR,
    GAP,
    NOT_A_CASE,
    Asked,
    Facts,
    asked,
    clashes,
    differing,
    true_in,
    variables,
)
from z3_terms import Translation

from refund_policy.engine.atoms import from_steps, to_steps
from refund_policy.engine.model import (
    All,
    Any,
    Choose,
    Compare,
    Condition,
    Expression,
    Fact,
    If,
    Named,
    Not,
    OneOf,
    PolicyVersion,
    Question,
    Value,
)
from refund_policy.engine.walk import facts_in, parts

Key = TypeVar("Key", bound=Hashable)
Pair = tuple[str, str]
PATIENCE = 60_000  # milliseconds for one question to z3, unless a test has less
AT_ONCE = 50  # formulas of which z3 looks for any: a model often meets several


class UnsettledError(Exception):
    """The solver gave up on a question."""


# ---------------------------------------------------------------- asking z3


def solver(*assumed: z3.BoolRef) -> z3.Solver:
    """Return a solver that assumes formulas."""
    found = z3.SimpleSolver()
    found.set("timeout", PATIENCE)
    found.add(*assumed)
    return found


def model_of(found: z3.Solver, *more: z3.BoolRef) -> z3.ModelRef | None:
    """Return a model of what is assumed, or None when there is none."""
    answer = found.check(*more)
    if answer == z3.unknown:
        raise UnsettledError(found.reason_unknown())
    return found.model() if answer == z3.sat else None


def reachable(question: Asked, formulas: Mapping[Key, z3.BoolRef]) -> dict[Key, Facts]:
    """Return a valid case for each formula that one meets."""
    found: dict[Key, Facts] = {}
    ask = solver(*question.given, question.valid)
    keys = [*formulas]
    for start in range(0, len(keys), AT_ONCE):
        left = {key: formulas[key] for key in keys[start : start + AT_ONCE]}
        while left and (model := model_of(ask, some([*left.values()]))):
            met = [key for key, formula in left.items() if true_in(model, formula)]
            found |= {key: question.facts(model) for key in met}
            left = {key: formula for key, formula in left.items() if key not in found}
    return found


# ---------------------------------------------------------------- one version


def gap(version: PolicyVersion, question: Question) -> Facts | None:
    """Return a valid case in which no rule applies."""
    found = asked(version, question)
    return reachable(found, {GAP: found.results[GAP]}).get(GAP)


def conflicts(version: PolicyVersion, question: Question) -> dict[Pair, Facts]:
    """Return the pairs of rules that decide a valid case differently, each with such a case."""
    found = asked(version, question)
    sound = {pair: every([found.sound, clash]) for pair, clash in clashes(found).items()}
    return reachable(found, sound)


def dead(version: PolicyVersion, question: Question) -> set[str]:
    """Return the rules that decide no valid case."""
    found = asked(version, question)
    return {*found.decides} - {*reachable(found, found.decides)}


def never_matters(version: PolicyVersion, question: Question) -> set[Pair]:
    """Return the rules with those that they override, where no valid case meets both."""
    found = asked(version, question)
    both = {
        (rule.name, beaten): every([found.applies[rule.name], found.applies[beaten]])
        for rule in question.rules
        for beaten in rule.overrides
    }
    return {*both} - {*reachable(found, both)}


def always_or_never(
    version: PolicyVersion, question: Question
) -> set[tuple[str, Compare | OneOf, bool]]:
    """Return each rule's comparisons that are true, or false, in every valid case."""
    found = asked(version, question)
    other_way = {
        (rule.name, compared, value): opposite(holds) if value else holds
        for rule in question.rules
        for compared in comparisons(rule.when)
        for holds in [found.translation.truth(compared).content]
        for value in (True, False)
    }
    return {*other_way} - {*reachable(found, other_way)}


def comparisons(condition: Condition) -> Iterator[Compare | OneOf]:
    """Yield the comparisons that a condition is made of, not those inside of a value."""
    match condition:
        case Compare() | OneOf():
            yield condition
        case All(items) | Any(items):
            for item in items:
                yield from comparisons(item)
        case Not(item) | Named(condition=item):
            yield from comparisons(item)


# ---------------------------------------------------------------- unknown facts


@dataclass(frozen=True, slots=True)
class Missing:
    """The unknown facts that can still change the result, and those that outputs read."""

    matter: frozenset[str]
    read: frozenset[str]


def missing(
    version: PolicyVersion, question: Question, known: Facts, domains: Mapping[str, Sequence[Value]]
) -> Missing:
    """Return the unknown facts that can still matter, of cases between the ends of the domains.

    Further out a requirement that is broken may get an error as well, such as a day after the last.

    A fact does when two valid completions with different results differ in it alone; or in a group
    of facts, all of them facts of `always`, of which none does so in a smaller group. And it does
    when an output of a rule that decides a valid completion reads it.
    """
    one, other = asked(version, question, mark="1:"), asked(version, question, mark="2:")
    fixed = [
        same(each.own[name].content, constant(known[name]))
        for each in (one, other)
        for name in known
    ]
    unknown = [fact.name for fact in question.facts if fact.name not in known]
    equal = {n: same(one.own[n].content, other.own[n].content) for n in unknown}
    valid = [opposite(each.results[NOT_A_CASE]) for each in (one, other)]
    valid += [end for each in (one, other) for end in ends(each, domains)]
    ask = solver(*one.given, *other.given, *fixed, *valid, results_differ(one, other))
    return Missing(changing(ask, question, equal), reading(one, unknown, fixed))


def ends(found: Asked, domains: Mapping[str, Sequence[Value]]) -> Iterator[z3.BoolRef]:
    """Yield that facts lie between the ends of their domains."""
    for name, own in found.own.items():
        if isinstance(own.content, Number):
            known = [to_steps(value, own.fact.type) for value in domains[name]]
            least, most = (from_steps(end, own.fact.type) for end in (min(known), max(known)))
            yield compared(own.content, "at_least", constant(least))
            yield compared(own.content, "at_most", constant(most))


def results_differ(one: Asked, other: Asked) -> z3.BoolRef:
    """Return when two questions give different results, or the same rule with something else."""
    agree = [
        every([one.results[name], other.results[name], opposite(rule_differs(name, one, other))])
        for name in one.results
        if name in other.results
    ]
    return every([opposite(part) for part in agree])


def rule_differs(name: str, one: Asked, other: Asked) -> z3.BoolRef:
    """Return when a rule of one name gives different outcomes or outputs."""
    rules = [
        next((rule for rule in each.question.rules if rule.name == name), None)
        for each in (one, other)
    ]
    if rules[0] is None or rules[1] is None:
        return FALSE
    return differing(rules[0], one.outputs[name], rules[1], other.outputs[name])


def changing(ask: z3.Solver, question: Question, equal: Mapping[str, z3.BoolRef]) -> frozenset[str]:
    """Return the facts in which, in the smallest groups, completions with other results differ."""
    tied = facts_in(*(item.condition for item in question.always))
    found: set[str] = set()
    for size in range(1, len(equal) + 1):
        pool = {*equal} - found if size == 1 else ({*equal} & tied) - found
        if size > len(pool):
            break
        found |= {name for group in groups(ask, equal, pool, size) for name in group}
    return frozenset(found)


def groups(
    ask: z3.Solver, equal: Mapping[str, z3.BoolRef], pool: set[str], size: int
) -> Iterator[set[str]]:
    """Yield each group of so many facts of the pool in which alone two completions differ."""
    ask.push()
    ask.add(*(holds for name, holds in equal.items() if name not in pool))
    unequal = {name: opposite(equal[name]) for name in sorted(pool)}
    ask.add(z3.AtMost(*unequal.values(), size))
    while model := model_of(ask):
        group = {name for name, differs in unequal.items() if true_in(model, differs)}
        yield group
        ask.add(some([equal[name] for name in sorted(group)]))
    ask.pop()


def reading(found: Asked, unknown: list[str], fixed: list[z3.BoolRef]) -> frozenset[str]:
    """Return the unknown facts that outputs read in some valid completion."""
    reads = {
        name: some(
            [
                every([found.decides[rule.name], reads_fact(inner, name, found.translation)])
                for rule in found.question.rules
                for _, inner in rule.outputs
            ]
        )
        for name in unknown
    }
    found.given.extend(fixed[: len(fixed) // 2])
    return frozenset(reachable(found, reads))


def reads_fact(node: Expression | Condition, name: str, translation: Translation) -> z3.BoolRef:
    """Return when the value of an expression passes through a fact, by the branches taken."""
    if name not in facts_in(node):
        return FALSE
    match node:
        case If(condition, then, otherwise):
            holds = translation.truth(condition).content
            return some(
                [
                    reads_fact(condition, name, translation),
                    every([holds, reads_fact(then, name, translation)]),
                    every([opposite(holds), reads_fact(otherwise, name, translation)]),
                ]
            )
        case Choose(by, branches):
            key = translation.value(by).content
            taken = [
                every([same(key, constant(known)), reads_fact(inner, name, translation)])
                for known, inner in branches.items()
            ]
            return some([reads_fact(by, name, translation), *taken])
        case Fact():
            return TRUE
        case _:
            return some([reads_fact(part, name, translation) for part in parts(node)])


# ---------------------------------------------------------------- two versions


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that two versions answer differently, in the facts of each."""

    old: Facts
    new: Facts


def differs(
    old: tuple[PolicyVersion, Question], new: tuple[PolicyVersion, Question]
) -> dict[Pair, Difference]:
    """Return the pairs of results, old and new, that a case gets whose answer differs, with one.

    A result is a rule's name, "gap", "conflict" or "not a case". The answer differs where the
    rule, its outcome or its outputs do. Facts of one name and kind are the same fact; a value that
    only one version allows is no case for the other. Cases that get an error are left out: every
    policy that adds days has one at the end of the year 9999.
    """
    shared = variables(old[1], new[1])
    one = asked(*old, shared, mark="old:")
    other = asked(*new, shared, mark="new:", names=one.names)
    answered = [opposite(each.results[ERROR]) for each in (one, other)]
    known = [
        some([shared[name, kind].within(fact) for fact in facts_named(name, kind, old[1], new[1])])
        for name, kind in shared
    ]
    ask = solver(*one.given, *other.given, *known, *answered, results_differ(one, other))
    found: dict[Pair, Difference] = {}
    while model := model_of(ask):
        pair = (result_in(model, one), result_in(model, other))
        found[pair] = Difference(one.facts(model), other.facts(model))
        ask.add(opposite(every([one.results[pair[0]], other.results[pair[1]]])))
    return found


def facts_named(name: str, kind: str, *questions: Question) -> Iterator[Fact]:
    """Yield the facts of questions with a name and a kind."""
    facts = (fact for question in questions for fact in question.facts)
    yield from (fact for fact in facts if (fact.name, fact.type.kind) == (name, kind))


def result_in(model: z3.ModelRef, found: Asked) -> str:
    """Return what a case gets."""
    return next(name for name, holds in found.results.items() if true_in(model, holds))
