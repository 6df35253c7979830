"""Finding a case: whether there is one in which these formulas hold, and where it lies.

Backtracking over the atoms, with what follows from one alternative taken at once (unit
propagation; Davis, Logemann and Loveland, 1962), and every step decided in the `Space` of the path.
Exact but for `Opaque` atoms, which may hold or not: a path that assumes one is a possibility only,
until the interpreter confirms a case on it (see `witness`).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from .atoms import Path, assume, settled
from .formula import FALSE, TRUE, Formula, Node, all_sure, news, under

Clause: TypeAlias = tuple[Formula, ...]
"""Formulas of which at least one holds."""
Numbered: TypeAlias = tuple[int, Clause]

NOWHERE = Path()


def find(clauses: Iterable[Clause], path: Path = NOWHERE, since: Path | None = None) -> Path | None:
    """Return a part of the path on which a formula of every clause holds, or None.

    >>> from .atoms import AtMost
    >>> from .formula import Forest
    >>> young, old = (Forest().formula(AtMost("age", "", 17), holds=h) for h in (True, False))
    >>> find([(young,), (young, old)]).space.limits["age"]
    {'age': 0, '': 17}
    >>> find([(young,), (old,)]) is None
    True
    """
    return next(paths(clauses, path, since), None)


def paths(
    clauses: Iterable[Clause], path: Path = NOWHERE, since: Path | None = None
) -> Iterator[Path]:
    """Yield parts of the path, none overlapping another, that are together all that `find` wants.

    A clause with several formulas may hold through more than one on the same part. `since` is a
    path by which the clauses are narrowed already.
    """
    numbered = [*enumerate(clauses)]
    return explored(numbered, path, [1] * len(numbered), since)


def explored(
    clauses: list[Numbered], path: Path, weights: list[int], since: Path | None = None
) -> Iterator[Path]:
    """Yield the parts of a path; `weights` count how often each clause left no way on.

    What led into a dead end is tried first from then on, so that clauses which have nothing to do
    with it aren't gone through again and again (Boussemart and others, 2004). `since` is the path
    up to which the clauses are reduced already.
    """
    rest, left = reduced(clauses, path, weights, since)
    if left is None:
        return
    if not rest:
        yield left
        return
    _, first = min(rest, key=lambda item: effort(item, weights))
    node = first[0]
    assert isinstance(node, Node), "INVARIANT: what is open is a node"
    sense = node.holds is not FALSE
    for holds in (sense, not sense):
        further = assume(left, node.atom, holds=holds)
        if further:
            yield from explored(rest, further, weights, left)


def narrowed(
    clauses: Iterable[Clause], path: Path = NOWHERE, since: Path | None = None
) -> tuple[list[Clause], Path | None]:
    """Take what the clauses leave no choice about, and return those that are open after it.

    Without a path left, no case is. `since` is a path by which the clauses are narrowed already.
    """
    numbered = [*enumerate(clauses)]
    rest, left = reduced(numbered, path, [1] * len(numbered), since)
    return [clause for _, clause in rest], left


def narrowed_further(
    clauses: Iterable[Clause], path: Path, more: Iterable[Clause]
) -> tuple[list[Clause], Path | None]:
    """Do the same with more clauses, where a path is narrowed by some already."""
    rest, left = narrowed(more, path)
    return narrowed((*clauses, *rest), left, path) if left else ([], None)


def reduced(
    clauses: list[Numbered], path: Path, weights: list[int], since: Path | None = None
) -> tuple[list[Numbered], Path | None]:
    """Narrow a path by numbered clauses, and add weight to one that leaves no way on.

    Only a clause of which the path tells more than `since` is looked at.
    """
    while True:
        more = news(path, since) if since else None
        before, rest = path, []
        for item in clauses:
            number, clause = item
            if more is not None and all(more.isdisjoint(part.about) for part in clause):
                rest.append(item)
                continue
            live = open_parts(clause, path)
            if live is None:
                continue
            further = forced(live, path)
            if further is None:
                weights[number] += 1
                return [], None
            path = further
            rest.append((number, live))
        if path is before:
            return rest, path
        clauses, since = rest, before


def open_parts(clause: Clause, path: Path) -> Clause | None:
    """Return the formulas of a clause that the path leaves open, or None where one holds."""
    live = []
    for formula in clause:
        left = under(formula, path)
        if left is TRUE:
            return None
        if left is not FALSE:
            live.append(left)
    return tuple(live)


def forced(live: Clause, path: Path) -> Path | None:
    """Narrow a path by what has to hold for the last open formula of a clause to do so."""
    left: Path | None = path if live else None
    for part in all_sure(live[0]) if len(live) == 1 else ():
        known = settled(left, part.atom) if left else None
        if left and known is not (part.holds is TRUE):
            left = None if known is not None else assume(left, part.atom, holds=part.holds is TRUE)
    return left


def effort(item: Numbered, weights: Sequence[int]) -> tuple[float, int]:
    """Return how much a clause leaves open: the fewest alternatives are tried first."""
    number, clause = item
    return len(clause) / weights[number], min(formula.level for formula in clause)
