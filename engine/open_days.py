"""On which days a case with unknown facts may turn: the parts of its completions that lie ahead."""

from dataclasses import replace
from datetime import date
from itertools import islice

from .atoms import Path
from .diagram import TooLargeError
from .evaluate import Case
from .model import Question
from .possible import MOST_WAYS, completions
from .space import ZERO, at_most, bounds
from .turns import END, today, turns
from .walk import facts_in


def open_days(question: Question, clock: str, case: Case) -> list[date]:
    """Return the days on which a part of the completions begins or ends, in order.

    None where that can't be told: where there are too many parts, or an unknown fact is compared
    with the clock outside the fragment that `atoms` describes.
    """
    now = today(clock, case).toordinal()
    others = {name: value for name, value in case.facts.items() if name != clock}
    left = completions(question, replace(case, facts=others))
    start = at_most(left.path.space, ZERO, clock, -now) if left.path else None
    if left.path is None or start is None:
        return []
    further = replace(left, path=Path(start, left.path.opaque))
    try:
        ways = list(islice(further.ways(), MOST_WAYS))
    except TooLargeError:
        return []
    opaque = {atom.comparison for way in ways for atom, _ in way.path.opaque}
    odd = [comparison for comparison in opaque if clock in facts_in(comparison)]
    if len(ways) == MOST_WAYS or not facts_in(*odd) <= case.facts.keys():
        return []
    ends = [bounds(way.path.space, clock) for way in ways]
    found = {low for low, _ in ends if low} | {high + 1 for _, high in ends if high}
    days = {date.fromordinal(n) for n in found if now < n <= END.toordinal()}
    return sorted(days.union(*(turns(comparison, clock, case) for comparison in odd)))
