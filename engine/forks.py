"""Many rules → forks by what they demand of a fact, so that a case meets few of them.

A rule that demands that `product` is `x` is only tried in cases where that may be. A row of such
rules becomes a fork: those for products before a certain one, in the order of their names, and all
others; and so on until few are left. What no rule of a few demands stands before or after.

INVARIANT: a fork passes over a rule only where its condition doesn't hold, and no rule comes before
one that overrides it. What comes of the rules that are tried then comes of all of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any as AnyValue
from typing import TypeAlias, cast

from .decide import given
from .model import All, Any, Compare, Condition, Expression, Fact, Literal, Named, OneOf, Rule, Term

FEW = 8
"""So many rules are tried one after the other in the time that forks between them would take."""
COPIES = (4, 1)
"""A rule for one of some values is tried for each: one of so many, or else of a single one."""
LONGER = 2

Ordered: TypeAlias = AnyValue
"""A value in the form in which facts are compared; all that a fact can have are of one type."""
Demands: TypeAlias = Mapping[str, frozenset[Ordered]]
"""The values that a fact must have one of, by the name of the fact."""


@dataclass(frozen=True, slots=True)
class Fork:
    """What to try in cases with less than a value of a fact, and what in the others."""

    fact: str
    value: Ordered
    below: "Path"
    rest: "Path"


Path: TypeAlias = tuple[Rule | Fork, ...]


def forked(rules: Sequence[Rule]) -> Path:
    """Return rules and forks to try one after the other; who overrides others comes first."""
    # INVARIANT: `overrides` is closed, so whoever overrides a rule overrides more than that does.
    ordered = sorted(rules, key=lambda rule: -len(rule.overrides))
    found: Path = tuple(ordered)
    if len(rules) <= FEW:
        return found
    demanded = {rule.name: demands(rule.when) for rule in rules}
    for most in COPIES:
        found = path(ordered, {name: up_to(most, own) for name, own in demanded.items()})
        if sum(1 for _ in rules_in(found)) <= LONGER * len(rules):
            break
    return found


def rules_in(found: Path) -> Iterator[Rule]:
    """Yield the rules of a path, each as often as it stands there."""
    for step in found:
        if isinstance(step, Fork):
            yield from rules_in(step.below)
            yield from rules_in(step.rest)
        else:
            yield step


# ---------------------------------------------------------------- what a condition demands


def demands(condition: Condition) -> Demands:
    """Return the values without which a condition doesn't hold, by fact.

    >>> demands(All(()))
    {}
    """
    match condition:
        case Compare(Fact(name=name), "is", Literal() | Term() as right):
            return {name: frozenset({constant(right)})}
        case Compare(Fact(name=name), "is_not", Literal(value=bool() as other)):
            return {name: frozenset({not other})}
        case OneOf(Fact(name=name), options) if all(isinstance(o, Literal | Term) for o in options):
            return {name: frozenset(map(constant, options))}
        case All(items):
            return reduce(both, map(demands, items), {})
        case Any((first, *others)):
            return reduce(either, map(demands, others), demands(first))
        case Named(condition=inner):
            return demands(inner)
        case _:
            return {}


def constant(side: Expression) -> Ordered:
    """Return a known value in the form in which facts are compared with it."""
    known = cast("Literal | Term", side)
    return given(known.value, known.type)


def both(one: Demands, other: Demands) -> Demands:
    """Return what is demanded where both are."""
    every = {**one, **other}
    return {name: one.get(name, own) & other.get(name, own) for name, own in every.items()}


def either(one: Demands, other: Demands) -> Demands:
    """Return what is demanded where one of both is."""
    return {name: own | other[name] for name, own in one.items() if name in other}


def up_to(most: int, demanded: Demands) -> Demands:
    """Return what is demanded of facts that are left with so many values at most."""
    return {name: own for name, own in demanded.items() if 1 <= len(own) <= most}


# ---------------------------------------------------------------- forks


def path(rules: Sequence[Rule], demanded: Mapping[str, Demands]) -> Path:
    """Return rules with forks by the fact that separates them best, where one does."""
    fact = separating(rules, demanded) if len(rules) > FEW else None
    if fact is None:
        return tuple(rules)
    found: list[Rule | Fork] = []
    for stage in stages(rules, {rule.name for rule in rules if fact in demanded[rule.name]}):
        own = [(rule, demanded[rule.name].get(fact, frozenset())) for rule in stage]
        found += fork(fact, own, demanded) if own[0][1] else path(stage, demanded)
    return tuple(found)


def separating(rules: Sequence[Rule], demanded: Mapping[str, Demands]) -> str | None:
    """Return the fact whose value leaves the fewest rules to try.

    Of those that demand a value of it two thirds at most share one, so that forks don't nest deep.
    """
    many: Counter[str] = Counter()
    alike: defaultdict[str, Counter[Ordered]] = defaultdict(Counter)
    for rule in rules:
        for name, values in demanded[rule.name].items():
            many[name] += 1
            alike[name].update(values)
    most = {name: max(found.values()) for name, found in alike.items()}
    apart = [name for name in many if many[name] > FEW and 3 * most[name] <= 2 * many[name]]
    return min(apart, key=lambda name: most[name] - many[name], default=None)


def stages(rules: Sequence[Rule], own: set[str]) -> list[list[Rule]]:
    """Return rules in few stages, of which every other one holds those that are `own` alone."""
    stage = {rule.name: int(rule.name in own) for rule in rules}
    for rule in rules:
        for name in rule.overrides & stage.keys():
            other = (name in own) != (rule.name in own)
            stage[name] = max(stage[name], stage[rule.name] + other)
    return [[rule for rule in rules if stage[rule.name] == n] for n in sorted({*stage.values()})]


def fork(
    fact: str,
    rules: Sequence[tuple[Rule, frozenset[Ordered]]],
    demanded: Mapping[str, Demands],
) -> Path:
    """Return rules that demand one of some values of a fact, parted in the middle."""
    values = sorted(value for _, own in rules for value in own)
    if len(rules) <= FEW or values[0] == values[-1]:
        return path([rule for rule, _ in rules], demanded)
    middle = max(values[len(values) // 2], next(value for value in values if value != values[0]))
    below = [(rule, few) for rule, own in rules if (few := frozenset(v for v in own if v < middle))]
    rest = [(rule, few) for rule, own in rules if (few := frozenset(v for v in own if v >= middle))]
    return (Fork(fact, middle, fork(fact, below, demanded), fork(fact, rest, demanded)),)
