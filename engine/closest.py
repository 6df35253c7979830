"""The values on a path that lie nearest to present ones: fewest days moved, then fewest steps.

Limits are differences, so a nearest point has every value at a limit, at its present value, or at
a limit to another one that is chosen before it. Trying each value in each turn finds it exactly.
"""

from collections.abc import Iterable, Mapping
from itertools import permutations

from .atoms import to_steps
from .evaluate import Case
from .model import Fact, Value
from .space import ZERO, Space, at_most, bounds

Cost = tuple[int, int, int]
"""How far a change goes: days moved, facts changed, other steps (cents, counts)."""


def cost(values: Mapping[str, Value], facts: Iterable[Fact], case: Case) -> Cost:
    """Return how far the values lie from those of the case."""
    days = other = changed = 0
    for fact in facts:
        changed += 1
        if fact.type.kind not in ("yes_no", "choice"):
            moved = steps_apart(to_steps(values[fact.name], fact.type), fact, case)
            days, other = (days + moved, other) if is_day(fact) else (days, other + moved)
    return days, changed, other


def is_day(fact: Fact) -> bool:
    """Return whether a fact is a date."""
    return fact.type.kind == "date"


def steps_apart(count: int, fact: Fact, case: Case) -> int:
    """Return how many steps a value lies from that of the case."""
    return abs(count - to_steps(case.facts[fact.name], fact.type))


def closest(space: Space, facts: Iterable[Fact], case: Case) -> dict[str, int]:
    """Return the nearest values of these facts, in steps, that the space leaves."""
    found = [point for order in permutations(facts) for point in points(space, order, case)]
    return min(found, key=lambda point: distance(point, tuple(facts), case))


def distance(point: Mapping[str, int], facts: Iterable[Fact], case: Case) -> tuple[int, int]:
    """Return the days and the other steps between a point and the case."""
    apart = [(fact, steps_apart(point[fact.name], fact, case)) for fact in facts]
    return (
        sum(moved for fact, moved in apart if is_day(fact)),
        sum(moved for fact, moved in apart if not is_day(fact)),
    )


def points(space: Space, order: tuple[Fact, ...], case: Case) -> Iterable[dict[str, int]]:
    """Yield points whose values lie, in that order, at a limit or at the present value."""
    if not order:
        yield {}
        return
    first, *rest = order
    low, high = bounds(space, first.name)
    now = to_steps(case.facts[first.name], first.type)
    for count in {end for end in (low, high, now) if end is not None}:
        fixed = at_most(space, first.name, ZERO, count)
        fixed = fixed and at_most(fixed, ZERO, first.name, -count)
        if fixed:
            for others in points(fixed, tuple(rest), case):
                yield {first.name: count, **others}
