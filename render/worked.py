"""Worked examples: cases of `cases.yaml`, decided when the page is made, in a customer's words.

    the day of your first purchase: 1 March 2026
    the day you contacted us: 31 March 2026       the last day on which this holds
    → we refund you; your refund: $49.00

Only the facts are shown without which the case would be decided otherwise, or not at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from ..engine.days import Calendar
from ..engine.decide import Decision, Facts, decide
from ..engine.errors import CaseError, PolicyError, Problem
from ..engine.model import Fact, Outcome, Output, PolicyVersion, Question, Value
from ..engine.suite import Example, examples
from ..engine.values import fact_value
from .edition import Edition, Sentence
from .grids import tone
from .said import Pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """An example as it is read; `until` is the last day on which it holds, `then` what follows."""

    name: str
    heading: Pieces
    facts: tuple[tuple[str, str], ...]
    outcome: str
    tone: str
    outputs: tuple[tuple[str, str], ...]
    reasons: tuple[Sentence, ...]
    until: str
    after: str
    then: str


def worked(edition: Edition) -> Iterator[Worked]:
    """Yield the examples of the policy page."""
    cases = {case.name: case for case in examples(edition.version)}
    for shown in edition.layout.examples:
        yield told(edition, cases[shown.case], edition.pieces(shown.heading))


def told(edition: Edition, case: Example, heading: Pieces) -> Worked:
    """Return a case with its decision in words.

    Raises the errors of `decide`, and CaseError for a case that stays undecided.
    """
    version = edition.version
    question = version.questions[case.question]
    decision, kept = decided(
        Asked(
            question=question,
            given=repr(case.facts),
            facts=case.facts,
            calendar=version.calendar,
            zone=version.zone,
            version=version,
        )
    )
    if decision.outcome is None:
        missing = ", ".join(f"`{name}`" for name in decision.missing)
        raise CaseError([Problem("", f"example `{case.name}` stays undecided without {missing}")])
    outcome = outcome_of(question, decision.outcome)
    until, after = days(edition, decision)
    return Worked(
        name=case.name,
        heading=heading,
        facts=tuple(
            (fact.label, fact_words(edition, fact, case.facts[fact.name]))
            for fact in question.facts
            if fact.name in kept
        ),
        outcome=outcome.label,
        tone=tone(outcome, question.outcomes),
        outputs=tuple(outputs(edition, question, decision)),
        reasons=tuple(reasons(edition, decision)),
        until=until,
        after=after,
        then=following(edition, question, case.facts, decision),
    )


def following(edition: Edition, question: Question, facts: Facts, decision: Decision) -> str:
    """Return what follows a decision that holds until a day, in words; "" where nothing does."""
    until, then = decision.holds_until, decision.then
    if not (until and then and question.clock) or until == date.max:
        return ""
    next_day = {**facts, question.clock.name: str(until + timedelta(days=1))}
    after = decide(edition.version, question, next_day)
    return answered(edition, question, after, whole=after.outcome == decision.outcome)


def answered(edition: Edition, question: Question, decision: Decision, *, whole: bool) -> str:
    """Return a decision in words: its outcome, and as a whole what comes with it."""
    found = outputs(edition, question, decision) if whole else ()
    label = outcome_of(question, decision.outcome).label
    return "; ".join([label, *(f"{name}: {value}" for name, value in found)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the decision of a case depends on; of its version, on nothing else.

    `given` is how its facts are written.
    """

    question: Question
    given: str
    facts: Facts = field(compare=False)
    calendar: Calendar | None
    zone: tzinfo
    version: PolicyVersion = field(compare=False)


@lru_cache(maxsize=256)
def decided(asked: Asked) -> tuple[Decision, frozenset[str]]:
    """Return the decision of a case, and the facts that it needs; several pages show it.

    Raises the errors of `decide`.
    """
    decision = decide(asked.version, asked.question, asked.facts)
    return decision, needed(asked.version, asked.question, asked.facts, decision)


def needed(
    version: PolicyVersion, question: Question, facts: Facts, decision: Decision
) -> frozenset[str]:
    """Return the facts of a case without which it would be decided otherwise, or not at all."""
    kept = dict(facts)
    for fact in reversed(question.facts):
        if fact.name in kept:
            fewer = {name: value for name, value in kept.items() if name != fact.name}
            if same(version, question, fewer, decision):
                kept = fewer
    return frozenset(kept)


def same(version: PolicyVersion, question: Question, facts: Facts, decision: Decision) -> bool:
    """Return whether some facts get a decision, with all that it holds."""
    try:
        found = decide(version, question, facts)
    except PolicyError:
        return False
    return found == decision and found.holds_until == decision.holds_until


def days(edition: Edition, decision: Decision) -> tuple[str, str]:
    """Return the last day on which a decision holds, and the first one after it; "" for none."""
    until, say = decision.holds_until, edition.locale.date
    if until is None:
        return "", ""
    follows = decision.then and until < date.max
    return say(until), say(until + timedelta(days=1)) if follows else ""


def outcome_of(question: Question, name: str | None) -> Outcome:
    """Return an outcome by its name."""
    return next(outcome for outcome in question.outcomes if outcome.name == name)


def outputs(edition: Edition, question: Question, decision: Decision) -> Iterator[tuple[str, str]]:
    """Yield what comes with a decision: what it is called, and its value in words."""
    for output in outcome_of(question, decision.outcome).outputs:
        yield output.label, output_words(edition, output, decision.outputs[output.name])


def output_words(edition: Edition, output: Output, value: Value | Decimal) -> str:
    """Return the value of an output in words."""
    exact = Fraction(value) if isinstance(value, Decimal) else value
    return edition.locale.value(exact, output.type, edition.version.currency)


def fact_words(edition: Edition, fact: Fact, given: object) -> str:
    """Return the value of a fact in words."""
    value = fact_value(fact, given, edition.version.zone)
    if fact.options:
        return fact.options.get(str(value), str(value))
    return edition.locale.value(value, fact.type, edition.version.currency)


def reasons(edition: Edition, decision: Decision) -> Iterator[Sentence]:
    """Yield the sentences of the rules that decide, with their numbers on the page, none twice."""
    rules, numbers = {decision.rule, *decision.also}, edition.numbers
    for found in edition.known.values():
        if found.question == decision.question and rules & set(found.rules):
            yield edition.sentence(found.id, numbers.get(found.id, ""))
