"""A set of cases, given as clauses, as a few regions: bounds and options that are easy to say.

A region starts at one way into the set, with all that it assumes, and is widened: what can be left
out without taking in a case that isn't in the set is left out. So each region lies inside the set,
and together they are the set as soon as no case of it is left outside of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from .atoms import Atom, Path, assume, settled
from .formula import Forest, atoms_of
from .search import NOWHERE, Clause, find, narrowed, narrowed_further

MOST_REGIONS = 6

Fixed: TypeAlias = tuple[tuple[Atom, bool], ...]
"""What a region says: atoms that hold in it, or fail."""
Out: TypeAlias = tuple[Clause, ...]
"""What holds in cases outside of a set: each of these clauses."""


@dataclass(frozen=True, slots=True)
class Region:
    """Cases that have a few things in common, beside what all valid cases have."""

    fixed: Fixed
    path: Path


@dataclass(frozen=True, slots=True)
class CaseSet:
    """A set of cases within a larger one.

    The larger set is the cases that meet `valid`. They lie on `given`, and `open` is what is left
    to say of them then. Those of the set meet `inside`; all others go a way `outside`.
    """

    forest: Forest
    given: Path
    open: tuple[Clause, ...]
    valid: tuple[Clause, ...]
    inside: tuple[Clause, ...]
    outside: tuple[Out, ...]

    def has_nothing_else(self, path: Path) -> bool:
        """Return whether all valid cases on a path are in the set.

        One way out after the other: what excludes one has nothing to do with what excludes another.
        """
        rest, left = narrowed(self.open, path, self.given)
        return left is None or not any(map(partial(meets, rest, left), self.outside))

    def some(self, *more: Clause, path: Path | None = None) -> Path | None:
        """Return a part of the set that meets more clauses, or None."""
        clauses = (*self.valid, *self.inside, *more)
        return find(self.forest.without_doubles(clauses), path or self.given)


def meets(clauses: Iterable[Clause], path: Path, more: Iterable[Clause]) -> bool:
    """Return whether a case on a path, narrowed by some clauses, meets these and more."""
    rest, left = narrowed_further(clauses, path, more)
    return left is not None and find(rest, left, left) is not None


def regions(cases: CaseSet) -> tuple[tuple[Region, ...], bool]:
    """Return regions inside a set, and whether they are the whole of it."""
    atoms = sorted(
        atoms_of(*(part for clause in (*cases.valid, *cases.inside) for part in clause)),
        key=lambda atom: cases.forest.levels[atom],
    )
    found: list[Region] = []
    beyond: list[Clause] = []
    while way := cases.some(*beyond):
        if len(found) == MOST_REGIONS:
            return tuple(found), False
        region = widened(way, atoms, cases)
        found.append(region)
        beyond.append(
            tuple(cases.forest.formula(atom, holds=not sense) for atom, sense in region.fixed)
        )
    return tuple(found), True


def widened(way: Path, atoms: Iterable[Atom], cases: CaseSet) -> Region:
    """Return the widest region around a way into a set that leaves out one thing after another.

    Many at once where that goes: what is kept is little beside all that a way assumes.
    """
    fixed = ((atom, sense) for atom in atoms if (sense := settled(way, atom)) is not None)
    kept = [item for item in fixed if settled(cases.given, item[0]) is None]
    many = len(kept)
    while many:
        for end in range(len(kept), 0, -many):
            fewer = kept[: max(end - many, 0)] + kept[end:]
            path = along(fewer, cases.given)
            if path and cases.has_nothing_else(path):
                kept = fewer
        many //= 2
    path = along(kept, cases.given)
    assert path, "INVARIANT: what a path settles doesn't contradict itself"
    return Region(tuple(kept), path)


def along(fixed: Iterable[tuple[Atom, bool]], start: Path = NOWHERE) -> Path | None:
    """Return the path on which some more atoms are fixed; None where they contradict each other."""
    path: Path | None = start
    for atom, holds in fixed:
        known = settled(path, atom) if path else None
        if path and known is None:
            path = assume(path, atom, holds=holds)
        elif known is not holds:
            return None
    return path
