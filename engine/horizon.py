"""How long a decision holds: the last day on which the same facts give the same rule.

The days on which anything can turn are found first: those of the comparisons that read the clock
(`turning_days`), or of the parts of the diagram where unknown facts are compared with it
(`open_days`). Between two of them nothing changes, so the rule is asked for on these days only, in
order, until it is another one.

Found when it is first asked for, so a decision costs nothing more (`Ahead`).
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from itertools import combinations
from typing import Any

from .ahead import FOREVER, Horizon, RuleOn
from .atoms import AtMost, Opaque
from .days import Calendar
from .evaluate import Case
from .formula import Forest, Reader, named
from .kept import Kept, kept
from .model import (
    Compare,
    Condition,
    DividedBy,
    Literal,
    OneOf,
    PolicyVersion,
    Question,
    Rule,
)
from .rulebook import divisors_in, rounded
from .turns import END, today, turns
from .walk import facts_in, within


def horizon(question: Question, case: Case, rule: Rule, rule_on: RuleOn) -> Horizon:
    """Return until when a rule decides a case, as the question's clock moves on."""
    return first_change(days_ahead(question, case, rule), rule, rule_on)


def first_change(days: Iterable[date], rule: Rule, rule_on: RuleOn) -> Horizon:
    """Return until when a rule decides, given the days on which another one may."""
    for day in days:
        after = rule_on(day)
        if after is None:
            return Horizon(day - timedelta(days=1))
        if after.name != rule.name:
            return Horizon(day - timedelta(days=1), after.outcome.name, after.name)
    return FOREVER


def days_ahead(question: Question, case: Case, rule: Rule) -> Iterable[date]:
    """Return the days after the clock's on which another rule may decide; none if it can't be told.

    While nothing unknown is compared with the clock, the comparisons turn on days that are known.
    """
    work = clockwork(question, case.calendar)
    known = case.facts.keys()
    if len(known) < len(question.facts) and blurred(question, rule, work.clock) - known:
        return ()
    if work.reads <= known:
        return turning_days(work, case)
    from .open_days import open_days  # noqa: PLC0415 - only for unknown facts

    return open_days(question, work.clock, case)


# ---------------------------------------------------------------- comparisons that read the clock


@dataclass(frozen=True, slots=True)
class Clockwork:
    """The comparisons of a question that read its clock, and all the facts that they read.

    Of a limit, the fact after which it turns (ZERO is the calendar's beginning), and in how many
    days.
    """

    clock: str
    limits: tuple[tuple[str, int], ...]
    others: tuple[Compare | OneOf, ...]
    reads: frozenset[str]


LAST = END.toordinal()
_CLOCKWORKS: Kept[Clockwork] = OrderedDict()


def clockwork(question: Question, calendar: Calendar | None) -> Clockwork:
    """Return the comparisons of a question that read its clock; the last few are kept."""
    return kept(_CLOCKWORKS, (question, calendar), partial(clockwork_of, question, calendar))


def clockwork_of(question: Question, calendar: Calendar | None) -> Clockwork:
    """Return the comparisons of a question that read its clock, as simple as they can be."""
    assert question.clock
    clock = question.clock.name
    reader = Reader(Forest(), calendar, declared=question.facts)
    for comparison in (*compared(question), *apart(question), *divided(question)):
        if clock in facts_in(comparison):
            reader.formula(comparison)
    atoms = [atom for atom in reader.forest.levels if clock in named(atom)]
    return Clockwork(
        clock=clock,
        limits=tuple(turn_of(atom, clock) for atom in atoms if isinstance(atom, AtMost)),
        others=tuple(atom.comparison for atom in atoms if isinstance(atom, Opaque)),
        reads=frozenset(name for atom in atoms for name in named(atom)),
    )


def compared(question: Question) -> Iterator[Compare | OneOf]:
    """Yield the comparisons of requirements and rules."""
    conditions: list[Condition] = [item.condition for item in question.always]
    conditions += [rule.when for rule in question.rules]
    return (node for node in within(*conditions) if isinstance(node, Compare | OneOf))


def apart(question: Question) -> Iterator[Compare]:
    """Yield where the outputs of two rules differ that may decide together: a conflict."""
    assert question.clock
    clock = question.clock.name
    for one, other in combinations(question.rules, 2):
        beaten = one.name in other.overrides or other.name in one.overrides
        if one.outcome.name == other.outcome.name and not beaten:
            given = {output.name: value for output, value in other.outputs}
            for output, value in one.outputs:
                if value != given[output.name] and clock in facts_in(value, given[output.name]):
                    sides = rounded(output, value), rounded(output, given[output.name])
                    yield Compare(sides[0], "is_not", sides[1])


def divided(question: Question) -> Iterator[Compare]:
    """Yield where a divisor in an output is zero: an error."""
    given = [value for rule in question.rules for _, value in rule.outputs]
    for node in within(*given):
        if isinstance(node, DividedBy):
            yield Compare(node.right, "is", Literal(Fraction(0), node.right.type, "0"))


def blurred(question: Question, rule: Rule, clock: str) -> frozenset[str]:
    """Return the facts that stand beside the clock in an output of the rule, or in a divisor.

    While one is unknown, results may turn on days that no comparison tells.
    """
    mixed = [*divisors_in(question), *(value for _, value in rule.outputs)]
    together = [names for value in mixed if clock in (names := facts_in(value))]
    return frozenset(name for names in together for name in names)


# ---------------------------------------------------------------- days


def turning_days(work: Clockwork, case: Case) -> list[date]:
    """Return the days after the clock's on which a comparison turns, in order."""
    days = set(limit_days(work, case.facts))
    for comparison in work.others:
        days.update(turns(comparison, work.clock, case))
    return sorted(days)


def limit_days(work: Clockwork, facts: Mapping[str, Any]) -> list[date]:
    """Return the days after the clock's on which a limit turns, in order."""
    now = facts[work.clock].toordinal()
    turning = {
        n
        for name, days in work.limits
        if now < (n := (facts[name].toordinal() if name else 0) + days) <= LAST
    }
    return [date.fromordinal(n) for n in sorted(turning)]


def turn_of(limit: AtMost, clock: str) -> tuple[str, int]:
    """Return when a limit on the clock is first broken, or kept again: days after which fact."""
    return (limit.y, limit.c + 1) if limit.x == clock else (limit.x, -limit.c)


def starting_days(question: Question, versions: Iterable[PolicyVersion], case: Case) -> list[date]:
    """Return the days after the clock's on which another version may come into force, in order."""
    if question.clock is None or question.clock.name not in case.facts:
        return []
    clock, found = question.clock.name, set()
    by_clock = question.version_by is not None and question.version_by.name == clock
    for start in (start for version in versions for start in version.in_force or ()):
        if by_clock and start.day and start.day > today(clock, case):
            found.add(start.day)
        for node in within(start.when):
            if isinstance(node, Compare | OneOf) and clock in facts_in(node):
                found.update(turns(node, clock, case))
    return sorted(found)
