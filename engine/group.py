"""A group of cases: those that one version decides in one way, and another version in another.

Its cases are given by clauses, and described by a few regions.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .align import Aligned
from .formula import FALSE, TRUE, Forest, Formula
from .regions import CaseSet, Out, Region, regions
from .rulebook import Rulebook
from .search import Clause, narrowed
from .witness import Facts

Kind: TypeAlias = Literal["rule", "gap", "conflict", "no case", "error"]


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a version says of a group of cases: the rule that it names, or all those that clash."""

    kind: Kind
    rules: tuple[str, ...] = ()
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The cases that one version decides in one way, and the other version in another.

    The regions say which these are of all that the old version decides so (of all that the new one
    does, where a case wasn't valid before), and `alone` which they are of all valid cases. `valid`
    says what is valid in both versions. Of cases that get an error there is one, and no region.
    """

    old: Ruled
    new: Ruled
    facts: Facts
    cases: CaseSet
    alone: CaseSet
    regions: tuple[Region, ...]
    complete: bool
    valid: tuple[Clause, ...]


def same_rules(one: Ruled, other: Ruled) -> bool:
    """Return whether two versions rest on the same rules, in whichever order."""
    return one.kind == other.kind and {*one.rules} == {*other.rules}


def group_of(both: Aligned, old: Ruled, new: Ruled, facts: Facts) -> Group:
    """Return the group of cases that are ruled so, with one of them."""
    sides = [Side(both.old, old), Side(both.new, new)]
    first, second = sides[::-1] if old.kind == "no case" else sides
    forest = both.old.forest
    larger = (*first.book.valid, *first.inside())
    inside, outside = [*second.inside()], [*second.outside()]
    if same_rules(old, new) and old.kind == "rule":
        differ = both.differ(*both.first(old.rules))
        inside.append((differ,))
        outside.append(((forest.opposite(differ),),))
    required = [*first.book.valid]
    if "no case" not in (old.kind, new.kind) and {*first.book.valid} != {*second.book.valid}:
        required += second.book.valid
        inside += second.book.valid
        outside += [((forest.opposite(part),),) for (part,) in second.book.valid]
    cases = case_set(forest, larger, inside, outside)
    apart = [*first.inside(), *inside], [*first.outside(), *outside]
    alone = case_set(forest, first.book.valid, *apart)
    found, complete = ((), False) if "error" in (old.kind, new.kind) else regions(cases)
    return Group(old, new, facts, cases, alone, found, complete, tuple(required))


def case_set(
    forest: Forest, valid: tuple[Clause, ...], inside: Iterable[Clause], outside: Iterable[Out]
) -> CaseSet:
    """Return a set of cases within a larger one."""
    rest, start = narrowed(forest.without_doubles(valid))
    assert start, "INVARIANT: the case that was found is one of them"
    return CaseSet(forest, start, tuple(rest), valid, tuple(inside), tuple(outside))


@dataclass(frozen=True, slots=True)
class Side:
    """What one version says of a group of cases."""

    book: Rulebook
    ruled: Ruled

    def inside(self) -> Iterable[Clause]:
        """Yield what holds in all valid cases that are ruled so, and in no other."""
        match self.ruled.kind:
            case "no case":
                yield (self.book.forest.opposite(self.all_valid()),)
            case "gap":
                yield from ((self.book.fails(name),) for name in self.book.rules)
            case "rule":
                name = self.ruled.rules[0]
                yield (self.book.applies[name],)
                yield from self.book.unbeaten(name)
                for other, differ in self.others():
                    yield (*self.book.doesnt_decide(other), self.book.forest.opposite(differ))
            case "conflict":
                yield (self.clash(),)
                for name in self.ruled.rules:
                    yield (self.book.applies[name],)
                    yield from self.book.unbeaten(name)
                for other, _ in self.others():
                    yield self.book.doesnt_decide(other)
            case "error":
                return

    def outside(self) -> Iterable[Out]:
        """Yield the ways in which a valid case isn't ruled so: clauses each of which holds."""
        match self.ruled.kind:
            case "no case":
                yield ((self.all_valid(),),)
            case "gap":
                yield from (((self.book.applies[name],),) for name in self.book.rules)
            case "rule":
                yield from (((part,),) for part in self.book.doesnt_decide(self.ruled.rules[0]))
                for other, differ in self.others():
                    yield (differ,), (self.book.applies[other],), *self.book.unbeaten(other)
            case "conflict":
                yield ((self.book.forest.opposite(self.clash()),),)
                for name in self.ruled.rules:
                    yield from (((part,),) for part in self.book.doesnt_decide(name))
                for other, _ in self.others():
                    yield (self.book.applies[other],), *self.book.unbeaten(other)
            case "error":
                return

    def all_valid(self) -> Formula:
        """Return where a case is valid."""
        return self.book.forest.all(part for (part,) in self.book.valid)

    def clash(self) -> Formula:
        """Return where rules that decide together differ."""
        first, *others = [self.book.rules[name] for name in self.ruled.rules]
        return self.book.forest.any(self.book.differ(first, other) for other in others)

    def others(self) -> Iterator[tuple[str, Formula]]:
        """Yield other rules that decide some case together with these, and where it matters.

        Beside a rule that is named, it does where it would be named first, or differs.
        """
        first = self.book.rules[self.ruled.rules[0]]
        earlier = True
        for name, rule in self.book.rules.items():
            if name in self.ruled.rules:
                earlier = earlier and name != first.name
                continue
            alone = earlier or self.ruled.kind == "conflict"
            differ = TRUE if alone else self.book.differ(first, rule)
            if differ is not FALSE and self.book.together(name, first.name):
                yield name, differ
