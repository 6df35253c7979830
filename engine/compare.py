"""What changes for cases from one version of a policy to another: all of it, and nothing else.

Two decisions differ when they rest on other rules, or when one of these has another outcome or
output. The cases are grouped by what decides them before and after; each group is described by a
few regions, with an example on each side of a limit that moved.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .align import Aligned, aligned
from .apart import ways_apart
from .errors import CalculationError
from .evaluate import Case, deciders, verdict
from .formula import Formula
from .model import PolicyVersion, Value
from .regions import CaseSet, Region, regions
from .rulebook import Rulebook
from .search import Clause, narrowed
from .witness import Facts, Witness, valid, witness

MOST_GROUPS = 200

Kind: TypeAlias = Literal["rule", "gap", "conflict", "no case", "error"]


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a version says of a group of cases: the rules that decide them, in its order."""

    kind: Kind
    rules: tuple[str, ...] = ()
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The cases that one version decides in one way, and the other version in another.

    The regions say which these are of all that the old version decides so (of all that the new one
    does, where a case wasn't valid before). `valid` and `others` are clauses: what is valid in both
    versions, and what is outside of the group.
    """

    old: Ruled
    new: Ruled
    facts: Facts
    cases: CaseSet
    regions: tuple[Region, ...]
    complete: bool
    valid: tuple[Clause, ...]
    others: Clause


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes for the cases of a question; `unsettled` counts what no case could show."""

    question: str
    both: Aligned
    groups: tuple[Group, ...]
    unsettled: tuple[Witness, ...] = ()
    complete: bool = True


def difference(old: PolicyVersion, new: PolicyVersion, name: str) -> Difference:
    """Return what changes for the cases of a question that both versions have."""
    both = aligned(old, new, name)
    found: dict[tuple[Ruled, Ruled], Group] = {}
    unsettled: list[Witness] = []
    known: list[Clause] = []
    for book, clauses in ways_apart(both.old, both.new):
        while len(found) < MOST_GROUPS:
            seen = witness(book, (*clauses, *known), both_differ(both))
            if seen is None:
                break
            if seen.facts is None:
                unsettled.append(seen)
                break
            group = group_of(both, seen.facts)
            found[group.old, group.new] = group
            if "error" in (group.old.kind, group.new.kind):
                break
            known.append(group.others)
    complete = len(found) < MOST_GROUPS
    return Difference(name, both, tuple(found.values()), tuple(unsettled), complete)


def both_differ(both: Aligned) -> Callable[[Case], bool]:
    """Return the test whether the versions decide a case differently."""

    def differ(case: Case) -> bool:
        return result(both.old, case.facts) != result(both.new, case.facts)

    return differ


def result(book: Rulebook, facts: Facts) -> tuple[Ruled, dict[str, Value | None]]:
    """Return what one version says of a complete case, and its outputs."""
    case = Case(facts, book.reader.calendar)
    if not valid(book.question, case):
        return Ruled("no case"), {}
    try:
        said = verdict(deciders(book.question, case).certain, case)
    except CalculationError:
        return Ruled("error"), {}
    names = tuple(rule.name for rule in said.rules)
    if not names:
        return Ruled("gap"), {}
    if said.conflict:
        return Ruled("conflict", names), {}
    return Ruled("rule", names, said.rules[0].outcome.name), dict(said.outputs)


def group_of(both: Aligned, facts: Facts) -> Group:
    """Return the group of cases to which a case belongs."""
    old, new = result(both.old, facts)[0], result(both.new, facts)[0]
    forest = both.old.forest
    sides = [(book, *ruled_so(book, ruled)) for book, ruled in ((both.old, old), (both.new, new))]
    if old.kind == "no case":
        sides.reverse()
    (first, before, not_before), (second, after, not_after) = sides
    if old.rules == new.rules and old.kind == new.kind == "rule":
        differ = both.old.differ(both.old.rules[old.rules[0]], both.new.rules[new.rules[0]])
        after.append((differ,))
        not_after.append(forest.opposite(differ))
    required = [*first.valid]
    if "no case" not in (old.kind, new.kind) and set(first.valid) != set(second.valid):
        required += second.valid
        after += second.valid
        not_after.append(forest.opposite(forest.all(part for (part,) in second.valid)))
    larger = (*first.valid, *before)
    _, start = narrowed([*larger])
    assert start, "INVARIANT: the case that was found is one of them"
    cases = CaseSet(forest, start, larger, tuple(after), tuple(not_after))
    found, complete = regions(cases)
    others = (*not_before, *not_after)
    return Group(old, new, facts, cases, found, complete, tuple(required), others)


def ruled_so(book: Rulebook, ruled: Ruled) -> tuple[list[Clause], list[Formula]]:
    """Return what valid cases meet that a version rules so; all others meet one of the formulas."""
    forest = book.forest
    match ruled.kind:
        case "no case":
            every = forest.all(part for (part,) in book.valid)
            return [(forest.opposite(every),)], [every]
        case "gap":
            names = [*book.rules]
            return [(book.fails(name),) for name in names], [book.applies[name] for name in names]
        case "error":
            return [], []
        case "rule" | "conflict":
            return decided_by(book, ruled)


def decided_by(book: Rulebook, ruled: Ruled) -> tuple[list[Clause], list[Formula]]:
    """Return the same for cases that these rules decide and no other."""
    forest = book.forest
    first, *others = [book.rules[name] for name in ruled.rules]
    differ = forest.any(book.differ(first, other) for other in others)
    differ = differ if ruled.kind == "conflict" else forest.opposite(differ)
    inside: list[Clause] = [(differ,)]
    outside: list[Formula] = [forest.opposite(differ)]
    for name in ruled.rules:
        inside += [(book.applies[name],), *book.unbeaten(name)]
        outside += book.doesnt_decide(name)
    for name in unrelated(book, ruled.rules):
        inside.append(book.doesnt_decide(name))
        decides = (book.applies[name], *(part for (part,) in book.unbeaten(name)))
        outside.append(forest.all(decides))
    return inside, outside


def unrelated(book: Rulebook, names: tuple[str, ...]) -> Iterator[str]:
    """Yield the other rules that decide some case together with these."""
    for name, rule in book.rules.items():
        related = (
            name in book.rules[other].overrides or other in rule.overrides for other in names
        )
        if name not in names and not any(related) and book.together(name, names[0]):
            yield name
