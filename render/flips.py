"""An example of a change: one case, and what either version says of it.

    the day of your first purchase: 1 January 2025
    the day you contacted us: 5 February 2025
    we can't refund this charge → we refund you; your refund: $49.00
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ..engine.align import own_facts
from ..engine.comparison import Answer, Change, Shown
from ..engine.decide import Facts, decide
from ..engine.model import Question
from ..engine.values import as_json
from .edition import Edition
from .worked import fact_words, needed, outcome_of, output_words


@dataclass(frozen=True, slots=True)
class Said:
    """What a version says of a case: the outcome, and what comes with it."""

    outcome: str
    outputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """A case with the facts that matter in either version, and what both say of it."""

    facts: tuple[tuple[str, str], ...]
    before: Said
    after: Said


@dataclass(frozen=True, slots=True)
class Side:
    """A version with a case as it takes it, and its answer."""

    edition: Edition
    question: Question
    facts: Facts
    answer: Answer

    def needed(self) -> frozenset[str]:
        """Return the facts on which the answer rests; all, where it is none of a rule."""
        if self.answer.ruled.kind != "rule":
            return frozenset(self.facts)
        version = self.edition.version
        decision = decide(version, self.question, self.facts)
        return needed(version, self.question, self.facts, decision)

    def said(self, otherwise: str) -> Said:
        """Return the answer in words; `otherwise` stands in place of an outcome."""
        if self.answer.ruled.kind != "rule":
            return Said(otherwise, ())
        outcome = outcome_of(self.question, self.answer.ruled.outcome)
        outputs = (
            (output.label, output_words(self.edition, output, value))
            for output in outcome.outputs
            if (value := self.answer.outputs[output.name]) is not None
        )
        return Said(outcome.label, tuple(outputs))


def flip(change: Change, old: Edition, new: Edition, otherwise: tuple[str, str]) -> Flip:
    """Return the most telling case of a change: at a limit that moved, if any did."""
    shown = change.edges[0].inside if change.edges else change.example
    before = side(shown, shown.old, old, change.question, newer=False)
    after = side(shown, shown.new, new, change.question, newer=True)
    return Flip(tuple(facts(before, after)), before.said(otherwise[0]), after.said(otherwise[1]))


def side(shown: Shown, answer: Answer, of: Edition, name: str, *, newer: bool) -> Side:
    """Return a version with a case as it takes it."""
    question = of.version.questions[name]
    given = own_facts(shown.facts, question, newer=newer)
    types = {fact.name: fact.type for fact in question.facts}
    written = {fact: as_json(value, types[fact]) for fact, value in given.items()}
    return Side(of, question, written, answer)


def facts(before: Side, after: Side) -> Iterator[tuple[str, str]]:
    """Yield the facts that matter in either version, in words, as the newer one calls them."""
    matter = before.needed() | after.needed()
    told: set[str] = set()
    for found in (after, before):
        for fact in found.question.facts:
            if fact.name in matter - told and fact.name in found.facts:
                told.add(fact.name)
                yield fact.label, fact_words(found.edition, fact, found.facts[fact.name])
