"""A group of cases: those that one version decides in one way, and another version in another.

Its cases are given by clauses, and described by a few regions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .align import Aligned
from .formula import FALSE, Formula, under
from .regions import CaseSet, Out, Region, regions
from .rulebook import Rulebook
from .search import Clause, narrowed
from .witness import Facts

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
    does, where a case wasn't valid before). `valid` says what is valid in both versions. Of cases
    that get an error there is one, and no region.
    """

    old: Ruled
    new: Ruled
    facts: Facts
    cases: CaseSet
    regions: tuple[Region, ...]
    complete: bool
    valid: tuple[Clause, ...]


def same_rules(one: Ruled, other: Ruled) -> bool:
    """Return whether two versions rest on the same rules, whichever of them is named first."""
    return one.kind == other.kind and {*one.rules} == {*other.rules}


def group_of(both: Aligned, old: Ruled, new: Ruled, facts: Facts) -> Group:
    """Return the group of cases that are ruled so, with one of them."""
    sides = [Side(both.old, old), Side(both.new, new)]
    first, second = sides[::-1] if old.kind == "no case" else sides
    larger = (*first.book.valid, *first.inside())
    rest, start = narrowed(both.old.forest.without_doubles(larger))
    assert start, "INVARIANT: the case that was found is one of them"
    inside, outside = [*second.inside()], [*second.outside()]
    if same_rules(old, new) and old.kind == "rule":
        differ = both.differ(*both.first(old.rules))
        inside.append((differ,))
        outside.append(((both.old.forest.opposite(differ),),))
    required = [*first.book.valid]
    if "no case" not in (old.kind, new.kind) and {*first.book.valid} != {*second.book.valid}:
        required += second.book.valid
        inside += second.book.valid
        outside += [((both.old.forest.opposite(part),),) for (part,) in second.book.valid]
    cases = CaseSet(both.old.forest, start, tuple(rest), larger, tuple(inside), tuple(outside))
    found, complete = ((), False) if "error" in (old.kind, new.kind) else regions(cases)
    return Group(old, new, facts, cases, found, complete, tuple(required))


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
            case "rule" | "conflict":
                yield (self.agreed(),)
                for name in self.ruled.rules:
                    yield (self.book.applies[name],)
                    yield from self.book.unbeaten(name)
                yield from map(self.book.doesnt_decide, self.others())
            case "error":
                return

    def outside(self) -> Iterable[Out]:
        """Yield the ways in which a valid case isn't ruled so: clauses each of which holds."""
        match self.ruled.kind:
            case "no case":
                yield ((self.all_valid(),),)
            case "gap":
                yield from (((self.book.applies[name],),) for name in self.book.rules)
            case "rule" | "conflict":
                yield ((self.book.forest.opposite(self.agreed()),),)
                for name in self.ruled.rules:
                    yield from (((part,),) for part in self.book.doesnt_decide(name))
                for name in self.others():
                    yield ((self.book.applies[name],), *self.book.unbeaten(name))
            case "error":
                return

    def all_valid(self) -> Formula:
        """Return where a case is valid."""
        return self.book.forest.all(part for (part,) in self.book.valid)

    def agreed(self) -> Formula:
        """Return where the rules agree; for a conflict, where they don't."""
        first, *others = [self.book.rules[name] for name in self.ruled.rules]
        differ = self.book.forest.any(self.book.differ(first, other) for other in others)
        return differ if self.ruled.kind == "conflict" else self.book.forest.opposite(differ)

    def others(self) -> Iterable[str]:
        """Yield the other rules that decide some case together with these."""
        names = self.ruled.rules
        clauses = [*self.book.valid, *((self.book.applies[name],) for name in names)]
        _, path = narrowed(clauses)
        for name, rule in self.book.rules.items():
            related = (
                name in self.book.rules[other].overrides or other in rule.overrides
                for other in names
            )
            if name in names or any(related) or not path:
                continue
            met = under(self.book.applies[name], path) is not FALSE
            if met and self.book.together(name, names[0]):
                yield name
