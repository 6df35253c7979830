"""An example of a change: one case, and what either version says of it.

    the day of your first purchase: 15 January 2027
    the day you contacted us: 1 March 2027
    we can't refund this charge → we refund you; your refund: $49.00

The comparison's own case may lie on any days. Where it comes out alike, it is moved to the first
days of the newer version, so that it could be a reader's. Where both answers are alike because two
rules may say the same, another day nearby is looked for on which they aren't.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from ..engine.align import own_facts
from ..engine.comparison import Change
from ..engine.decide import Decision, Facts, decide
from ..engine.errors import PolicyError
from ..engine.group import Ruled
from ..engine.model import Fact, Question, Value
from ..engine.values import as_json
from .edition import Edition
from .worked import fact_words, needed, outcome_of, outputs

WEEK = timedelta(days=7)
NEARBY = (1, -1, 7, -7, 31, -31)
"""By how many days a case is moved whose answers are alike."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a version says of a case: the outcome, and what comes with it."""

    outcome: str
    outputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """A case with the facts that matter in either version, and what both say of it."""

    facts: tuple[tuple[str, str], ...]
    before: Answered
    after: Answered


@dataclass(frozen=True, slots=True)
class Side:
    """A version with a case as it takes it, and its decision; None where it is none of a rule."""

    edition: Edition
    question: Question
    facts: Facts
    decision: Decision | None

    def is_ruled(self, ruled: Ruled) -> bool:
        """Return whether the case is decided by a rule, or by none as well."""
        rule = self.decision.rule if self.decision else None
        return rule == (ruled.rules[0] if ruled.kind == "rule" else None)

    def needed(self) -> frozenset[str]:
        """Return the facts on which the decision rests; all, where there is none."""
        if self.decision is None:
            return frozenset(self.facts)
        return needed(self.edition.version, self.question, self.facts, self.decision)

    def answered(self, otherwise: str) -> Answered:
        """Return the decision in words; `otherwise` stands in its place where there is none."""
        if self.decision is None:
            return Answered(otherwise, ())
        outcome = outcome_of(self.question, self.decision.outcome)
        return Answered(outcome.label, tuple(outputs(self.edition, self.question, self.decision)))


def flip(change: Change, old: Edition, new: Edition, otherwise: tuple[str, str]) -> Flip:
    """Return the most telling case of a change: at a limit that moved, if any did.

    Of the cases of the change it is the first one whose answers differ, if those of any do.
    """
    name, ruled = change.question, (change.group.old, change.group.new)
    shown = change.edges[0].inside if change.edges else change.example
    later = moved(shown.facts, name, new)
    by = new.version.questions[name].version_by
    cases = chain((later, shown.facts), nearby(later, by), nearby(shown.facts, by))
    pairs = (both(case, name, old, new) for case in cases)
    fitting = (pair for pair in pairs if all(map(Side.is_ruled, pair, ruled)))
    first = next(fitting, None) or both(shown.facts, name, old, new)
    before, after = next(filter(differ, chain((first,), fitting)), first)
    return Flip(
        tuple(facts(before, after)), before.answered(otherwise[0]), after.answered(otherwise[1])
    )


def both(case: Mapping[str, Value], name: str, old: Edition, new: Edition) -> tuple[Side, Side]:
    """Return what either version says of a case."""
    return side(case, old, name, newer=False), side(case, new, name, newer=True)


def differ(pair: tuple[Side, Side]) -> bool:
    """Return whether a reader sees a difference between two answers."""
    before, after = pair
    return before.answered("") != after.answered("")


def nearby(case: Mapping[str, Value], by: Fact | None) -> Iterator[dict[str, Value]]:
    """Yield cases with one other day, but for the day that picks the version."""
    for fact, value in case.items():
        if isinstance(value, date) and not (by and fact == by.name):
            for days in NEARBY:
                yield {**case, fact: value + timedelta(days=days)}


def moved(case: Mapping[str, Value], name: str, new: Edition) -> dict[str, Value]:
    """Return a case so many weeks later that the newer version is in force for it."""
    question = new.version.questions[name]
    starts = [start.day for start in new.version.in_force or () if start.day]
    by = question.version_by
    on = own_facts(case, question, newer=True).get(by.name) if by else None
    weeks = -((on - max(starts)) // WEEK) if starts and isinstance(on, date) else 0
    return {
        fact: value + weeks * WEEK if isinstance(value, date) else value
        for fact, value in case.items()
    }


def side(case: Mapping[str, Value], of: Edition, name: str, *, newer: bool) -> Side:
    """Return a version with a case as it takes it, and what it decides."""
    question = of.version.questions[name]
    types = {fact.name: fact.type for fact in question.facts}
    own = own_facts(case, question, newer=newer)
    given = {fact: as_json(value, types[fact]) for fact, value in own.items()}
    try:
        return Side(of, question, given, decide(of.version, question, given))
    except PolicyError:
        return Side(of, question, given, None)


def facts(before: Side, after: Side) -> Iterator[tuple[str, str]]:
    """Yield the facts that matter in either version, in words, as the newer one calls them."""
    matter = before.needed() | after.needed()
    told: set[str] = set()
    for found in (after, before):
        for fact in found.question.facts:
            if fact.name in matter - told:
                told.add(fact.name)
                yield fact.label, fact_words(found.edition, fact, found.facts[fact.name])
