"""The set of cases that a path through the rules leaves possible.

Two kinds of fact bound it: whole things (days, cents, counts) through comparisons `x - y <= c`,
and choices through the options that are left. Integer difference bounds of this form are decided
by shortest paths (a difference-bound matrix; Dill, 1989), so every answer here is exact: a space
is never empty, and `witness` gives a case in it.

    >>> first_30_days = at_most(EVERYTHING, "left_on", "bought_on", 30)
    >>> in_order = at_most(first_30_days, "paid_on", "left_on", 0)
    >>> implies(in_order, "paid_on", "bought_on", 30)
    True
    >>> at_most(in_order, "bought_on", "paid_on", -31) is None
    True
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

ZERO = ""
"""The name that stands for the constant 0: `x <= c` is written `x - ZERO <= c`."""

Options = frozenset[str | bool]


@dataclass(frozen=True, slots=True)
class Space:
    """The cases that are left: `limits[x][y]` is the most that `x - y` can be.

    A pair that isn't stored is unlimited, and a name without `options` may have any of them.
    Nobody changes the mappings: spaces share them.
    """

    # INVARIANT: closed and satisfiable. Each limit is the tightest that follows from all of them,
    # a pair that has one is stored, and limits[x][x] == 0 for each name mentioned (in that order).
    # So one look-up decides `implies`, and two spaces with the same cases are equal.
    limits: Mapping[str, Mapping[str, int]]
    options: Mapping[str, Options]


EVERYTHING = Space({}, {})
"""The space of all cases."""


def at_most(space: Space, x: str, y: str, c: int) -> Space | None:
    """Keep the cases with `x - y <= c`; None when there are none.

    >>> bounds(at_most(EVERYTHING, "visits", ZERO, 10), "visits")
    (None, 10)
    """
    if implies(space, x, y, c):
        return space
    if c + limit(space, y, x) < 0:
        return None
    return Space(_tightened(space.limits, x, y, c), space.options)


def implies(space: Space, x: str, y: str, c: int) -> bool:
    """Tell whether `x - y <= c` holds in every case.

    >>> implies(EVERYTHING, "visits", "visits", 0), implies(EVERYTHING, "visits", ZERO, 0)
    (True, False)
    """
    return c >= limit(space, x, y)


def restrict(space: Space, name: str, allowed: Options) -> Space | None:
    """Keep the cases in which `name` has one of the `allowed` options; None when there are none.

    >>> restrict(EVERYTHING, "kind", frozenset({"fee", "visits"})).options["kind"] >= {"fee"}
    True
    """
    left = space.options.get(name, allowed) & allowed
    if not left:
        return None
    if left == space.options.get(name):
        return space
    return Space(space.limits, {**space.options, name: left})


def meet(a: Space, b: Space) -> Space | None:
    """Keep the cases that are in both spaces; None when there are none.

    >>> low, high = at_most(EVERYTHING, "x", ZERO, 2), at_most(EVERYTHING, ZERO, "x", -3)
    >>> meet(low, high) is None
    True
    """
    both: Space | None = a
    for name, allowed in b.options.items():
        both = both and restrict(both, name, allowed)
    for x, row in b.limits.items():
        for y, c in row.items():
            both = both and at_most(both, x, y, c)
    return both


def rename(space: Space, names: Mapping[str, str]) -> Space:
    """Give variables other names, to compare a case with one that differs from it.

    `meet(a, rename(b, {x: "another x"}))` asks whether two cases, one in `a` and one in `b`, may
    differ in `x` alone. Raises ValueError when two names would become one, or ZERO another.

    >>> bounds(rename(at_most(EVERYTHING, "x", ZERO, 2), {"x": "another x"}), "another x")
    (None, 2)
    """
    new = {name: names.get(name, name) for name in (ZERO, *space.limits, *space.options)}
    if new[ZERO] != ZERO or len(set(new.values())) < len(new):
        raise ValueError(f"can't rename so that names stay apart: {dict(names)}")
    return Space(
        {new[x]: {new[y]: c for y, c in row.items()} for x, row in space.limits.items()},
        {new[name]: left for name, left in space.options.items()},
    )


def bounds(space: Space, x: str) -> tuple[int | None, int | None]:
    """Return the least and the greatest value of `x`; None where there is no bound.

    >>> bounds(at_most(EVERYTHING, ZERO, "age", -18), "age")
    (18, None)
    """
    below = space.limits.get(ZERO, {}).get(x)
    return None if below is None else -below, space.limits.get(x, {}).get(ZERO)


def witness(space: Space, prefer: Mapping[str, int]) -> dict[str, int]:
    """Return one case: a value for each variable that the comparisons mention.

    One after the other, first in the order of `prefer` and then as first mentioned, each gets the
    value nearest to its preferred one (or 0) that the values before it leave possible.

    >>> month = at_most(EVERYTHING, "left_on", "bought_on", 30)
    >>> witness(month, {"left_on": 100, "bought_on": 0})
    {'left_on': 100, 'bought_on': 70}
    """
    values = {ZERO: 0}
    for name in dict.fromkeys((*prefer, *space.limits)):
        if name in space.limits and name != ZERO:
            values[name] = _nearest(space, values, name, prefer.get(name, 0))
    del values[ZERO]
    return values


def _nearest(space: Space, values: Mapping[str, int], name: str, wanted: int) -> int:
    """Return the value of `name` nearest to `wanted` that fits the `values` already given.

    There always is one: in a closed matrix, what fits a part of the variables fits all of them.
    """
    row = space.limits[name]
    above = (values[y] + row[y] for y in values if y in row)
    rows = ((x, space.limits.get(x, {})) for x in values)
    below = (values[x] - row[name] for x, row in rows if name in row)
    return max([min([wanted, *above]), *below])


def limit(space: Space, x: str, y: str) -> float:
    """Return the most that `x - y` can be, infinity when it is unlimited."""
    return 0 if x == y else space.limits.get(x, {}).get(y, inf)


def _tightened(
    limits: Mapping[str, Mapping[str, int]], x: str, y: str, c: int
) -> dict[str, Mapping[str, int]]:
    """Close the limits again after `x - y <= c`, which is new and leaves a case.

    Whatever gets tighter goes through the new step: u - v <= (u - x) + c + (y - v). And u - v can
    only do so if u - y and x - v do, so the pairs looked at are few.
    """
    rows = {**limits, x: limits.get(x, {x: 0}), y: limits.get(y, {y: 0})}
    starts = [(u, row[x] + c) for u, row in rows.items() if x in row]
    ends = [(v, b) for v, b in rows[y].items() if c + b < rows[x].get(v, inf)]
    for u, a in starts:
        row = rows[u]
        if a < row.get(y, inf):
            rows[u] = {**row, **{v: a + b for v, b in ends if a + b < row.get(v, inf)}}
    return rows
