"""Finding a case: whether there is one in which these formulas hold, and where it lies.

Backtracking over the atoms, with what follows from one alternative taken at once (unit
propagation; Davis, Logemann and Loveland, 1962), and every step decided in the `Space` of the path.
Exact but for `Opaque` atoms, which may hold or not: a path that assumes one is a possibility only,
until the interpreter confirms a case on it (see `witness`).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from .atoms import Path, assume
from .formula import FALSE, TRUE, Formula, Node, under

Clause: TypeAlias = tuple[Formula, ...]
"""Formulas of which at least one holds."""

NOWHERE = Path()


def find(clauses: Iterable[Clause], path: Path = NOWHERE) -> Path | None:
    """Return a part of the path on which a formula of every clause holds, or None.

    >>> from .atoms import AtMost
    >>> from .formula import Forest
    >>> young, old = (Forest().formula(AtMost("age", "", 17), holds=h) for h in (True, False))
    >>> find([(young,), (young, old)]).space.limits["age"]
    {'age': 0, '': 17}
    >>> find([(young,), (old,)]) is None
    True
    """
    return next(paths(clauses, path), None)


def paths(clauses: Iterable[Clause], path: Path = NOWHERE) -> Iterator[Path]:
    """Yield parts of the path, none overlapping another, that are together all that `find` wants.

    A clause with several formulas may hold through more than one on the same part.
    """
    rest, left = narrowed(list(clauses), path)
    if left is None:
        return
    if not rest:
        yield left
        return
    node = min(rest, key=effort)[0]
    assert isinstance(node, Node), "INVARIANT: what is open is a node"
    first = node.holds is not FALSE
    for holds in (first, not first):
        further = assume(left, node.atom, holds=holds)
        if further:
            yield from paths(rest, further)


def narrowed(clauses: list[Clause], path: Path = NOWHERE) -> tuple[list[Clause], Path | None]:
    """Take what the clauses leave no choice about, and return those that are open after it.

    Without a path left, no case is.
    """
    while True:
        before, rest = path, []
        for clause in clauses:
            live = open_parts(clause, path)
            if live is None:
                continue
            if not live:
                return [], None
            forced = sole(live)
            if forced is None:
                rest.append(live)
                continue
            further = assume(path, forced.atom, holds=forced.fails is FALSE)
            if further is None:
                return [], None
            path = further
            if (forced.holds if forced.fails is FALSE else forced.fails) is not TRUE:
                rest.append(live)
        if path is before:
            return rest, path
        clauses = rest


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


def sole(live: Clause) -> Node | None:
    """Return the node of a clause that has one way on, if that is all that the clause holds."""
    node = live[0]
    if len(live) == 1 and isinstance(node, Node) and FALSE in (node.holds, node.fails):
        return node
    return None


def effort(clause: Sequence[Formula]) -> tuple[int, int]:
    """Return how much a clause leaves open: the fewest alternatives are tried first."""
    return len(clause), min(formula.level for formula in clause)
