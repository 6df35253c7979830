"""What changes for cases from one version of a policy to another: all of it, and nothing else.

Two decisions differ when they name another rule, or when this rule has another outcome or output.
The cases are grouped by the rules named before and after; each group is described by a few regions,
with an example on each side of a limit that moved.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeAlias

from .align import Aligned, aligned
from .apart import changed, decided_only, no_longer_overridden, required_only
from .atoms import Path
from .deciding import Deciding, deciding
from .errors import CalculationError
from .evaluate import Case, deciders, verdict
from .formula import FALSE, Formula
from .group import Group, Ruled, group_of, same_rules
from .model import PolicyVersion, Value
from .rulebook import Rulebook
from .search import NOWHERE, Clause
from .witness import Facts, Witness, valid, witness

MOST_GROUPS = 100

Key: TypeAlias = tuple[Ruled, Ruled]
Said: TypeAlias = tuple[Ruled, Mapping[str, Value | None]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes for the cases of a question; `unsettled` holds what no case could show."""

    question: str
    both: Aligned
    groups: tuple[Group, ...]
    unsettled: tuple[Witness, ...] = ()
    complete: bool = True


def difference(old: PolicyVersion, new: PolicyVersion, name: str) -> Difference:
    """Return what changes for the cases of a question that both versions have."""
    both = aligned(old, new, name)
    search = Search(both)
    complete = True
    for key, book, way in ways_apart(both):
        if key in search.cases:
            continue
        if len(search.cases) >= MOST_GROUPS:
            complete = False
            break
        search.look(key, book, way)
    found = {**search.cases, **search.errors}
    groups = tuple(group_of(both, *key, facts) for key, facts in found.items())
    return Difference(name, both, groups, tuple(search.unsettled.values()), complete)


@dataclass(frozen=True, slots=True)
class Search:
    """Looks for a case of each group, and keeps those that get an error in one version only."""

    both: Aligned
    cases: dict[Key, Facts] = field(default_factory=dict)
    errors: dict[Key, Facts] = field(default_factory=dict)
    unsettled: dict[Key, Witness] = field(default_factory=dict)

    def look(self, key: Key, book: Rulebook, way: Deciding) -> None:
        """Look for a case that both versions decide as the key says, and differently."""

        def differ(case: Case) -> bool:
            old, new = (result(side, case.facts) for side in (self.both.old, self.both.new))
            found = (old[0], new[0])
            if "error" in (found[0].kind, found[1].kind) and found[0] != found[1]:
                self.errors.setdefault(found, case.facts)
            return found == key and not alike(self.both, old, new)

        seen = None
        for near in self.both.places:
            seen = witness(book, way.clauses, differ, near=near, path=way.path)
            if seen is None or seen.facts is not None:
                break
        if seen and seen.facts is not None:
            self.cases[key] = seen.facts
            self.unsettled.pop(key, None)
        elif seen:
            self.unsettled[key] = seen


# ---------------------------------------------------------------- what may differ


def ways_apart(both: Aligned) -> Iterator[tuple[Key, Rulebook, Deciding]]:
    """Yield how the versions may decide a case, where not alike, and what holds in such cases.

    The rulebook says by whose requirements they are valid.
    """
    for here, there in ((both.old, both.new), (both.new, both.old)):
        for item in required_only(there, here):
            fails = here.forest.opposite(here.reader.formula(item.condition))
            for ruled, way in ruled_ways(here, [*here.valid, (fails,)]):
                yield in_order(both, here, ruled, Ruled("no case")), here, way
    for here, clauses in differing(both):
        there = both.new if here is both.old else both.old
        for ruled, way in ruled_ways(there, [*here.valid, *there.valid, *clauses]):
            for other, further in ruled_ways(here, way.clauses, way.path):
                key = in_order(both, here, other, ruled)
                yield from ((key, here, left) for left in apart(both, key, further))


def in_order(both: Aligned, here: Rulebook, ours: Ruled, theirs: Ruled) -> Key:
    """Return what both versions say, the old one first."""
    return (ours, theirs) if here is both.old else (theirs, ours)


def differing(both: Aligned) -> Iterator[tuple[Rulebook, list[Clause]]]:
    """Yield what holds where a changed rule decides in one version, and other rules in the other.

    See `changed` for why nothing else has to be looked at.
    """
    names = changed(both.old, both.new)
    names += [name for name in both.old.rules if pays(both, name) and name not in names]
    for here, there in ((both.old, both.new), (both.new, both.old)):
        for name in names:
            if name in here.rules:
                yield here, decided_only(name, here, there)
            for freed in no_longer_overridden(name, here, there):
                yield here, [*here.decides(name), *there.decides(freed)]
    for name in names:
        before, after = both.old.rules.get(name), both.new.rules.get(name)
        if before and after and (differ := both.differ(before, after)) is not FALSE:
            yield both.old, [*both.old.decides(name), *both.new.decides(name), (differ,)]
    for name, other in turned(both):
        yield both.old, [*both.old.decides(name), *both.new.decides(other)]


def turned(both: Aligned) -> Iterator[tuple[str, str]]:
    """Yield rules that stand in another order in the new version: the other one may be named."""
    order = [name for name in both.new.rules if name in both.old.rules]
    for name, other in combinations((name for name in both.old.rules if name in order), 2):
        if order.index(name) > order.index(other) and both.old.together(name, other):
            yield name, other


def pays(both: Aligned, name: str) -> bool:
    """Return whether a rule has an amount that both versions count in different currencies."""
    given = both.old.rules[name].outputs
    return not both.one_currency and any(output.type.kind == "money" for output, _ in given)


def ruled_ways(
    book: Rulebook, clauses: Iterable[Clause], path: Path = NOWHERE
) -> Iterator[tuple[Ruled, Deciding]]:
    """Yield what a version may say of the cases that meet some clauses."""
    for found in deciding(book, clauses, path):
        if not found.rules:
            yield Ruled("gap"), found
            continue
        first, *others = [book.rules[name] for name in found.rules]
        differ = book.forest.any(book.differ(first, other) for other in others)
        agree = book.forest.opposite(differ)
        if agree is not FALSE:
            yield Ruled("rule", (first.name,), first.outcome.name), with_clause(found, agree)
        if differ is not FALSE:
            clash = with_clause(found, differ)
            for way in deciding(book, clash.clauses, clash.path, whole=True):
                yield Ruled("conflict", way.rules), way


def with_clause(way: Deciding, formula: Formula) -> Deciding:
    """Return the cases in which a formula holds as well."""
    return Deciding(way.rules, (*way.clauses, (formula,)), way.path)


def apart(both: Aligned, key: Key, way: Deciding) -> Iterator[Deciding]:
    """Yield what holds in those of these cases that aren't decided alike, if there are any.

    Without an answer before and after, nothing changes for a case on which the same rules clash.
    """
    if not same_rules(*key):
        yield way
    elif key[0].kind == "rule":
        differ = both.differ(*both.first(key[0].rules))
        if differ is not FALSE:
            yield with_clause(way, differ)


# ---------------------------------------------------------------- what a case gets


def result(book: Rulebook, facts: Facts) -> Said:
    """Return what one version says of a complete case, and its outputs."""
    case = Case(facts, book.reader.calendar)
    try:
        if not valid(book.question, case):
            return Ruled("no case"), {}
        said = verdict(deciders(book.question, case).certain, case)
    except CalculationError:
        return Ruled("error"), {}
    names = tuple(rule.name for rule in said.rules)
    if not names:
        return Ruled("gap"), {}
    if said.conflict:
        return Ruled("conflict", names), {}
    return Ruled("rule", names[:1], said.rules[0].outcome.name), dict(said.outputs)


def alike(both: Aligned, old: Said, new: Said) -> bool:
    """Return whether two versions say the same of a case."""
    if not same_rules(old[0], new[0]) or old[0].kind != "rule":
        return same_rules(old[0], new[0])
    before, after = both.first(old[0].rules)
    if before.outcome.name != after.outcome.name or old[1].keys() != new[1].keys():
        return False
    types = {output.name: output for output, _ in before.outputs}
    return all(
        both.comparable(types[output.name], output) and old[1][output.name] == new[1][output.name]
        for output, _ in after.outputs
    )
