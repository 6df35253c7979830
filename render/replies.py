"""A reply to a customer, filled from a decision: the answer first, then why, and what to do next.

    You get your fee back.
    What you get back: €44.90 (€49.90 - €5)
    This holds until 15 March 2026. From 16 March 2026: we keep the fee.

An undecided case gets the questions that are still open instead, the best one first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ..engine.decide import Decision, Facts, case_of
from ..engine.errors import PolicyError
from ..engine.model import Question
from .edition import Edition, Sentence
from .site import Site
from .sums import worked_out
from .worked import answered, days, outcome_of, output_words, reasons


@dataclass(frozen=True, slots=True)
class Result:
    """What comes with an answer: what it is called, its value in words, and its sum, if any."""

    label: str
    value: str
    sum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, or what is to be asked for one (`asks`); `then` is what follows `until`."""

    question: str
    asks: tuple[str, ...] = ()
    outcome: str = ""
    results: tuple[Result, ...] = ()
    until: str = ""
    after: str = ""
    then: str = ""
    reasons: tuple[Sentence, ...] = ()
    steps: tuple[Sentence, ...] = ()
    closing: tuple[Sentence, ...] = ()


def reply(site: Site, language: str, decision: Decision, facts: Facts) -> Reply:
    """Return the reply to a customer whose case has been decided, or isn't yet.

    Raises PolicyError where the version that decides isn't there in the language.
    """
    if decision.outcome is None:
        return asking(site, language, decision)
    edition = speaking(site, language, decision)
    question = edition.version.questions[decision.question]
    case = site.policy.own_facts(edition.version, question.name, facts)
    until, after = days(edition, decision)
    return Reply(
        question=question.name,
        outcome=outcome_of(question, decision.outcome).label,
        results=tuple(results(edition, question, decision, case)),
        until=until,
        after=after,
        then=following(site, language, decision, facts),
        reasons=tuple(reasons(edition, decision)),
        steps=tuple(steps(edition, decision)),
        closing=edition.sentences(edition.layout.closing),
    )


def asking(site: Site, language: str, decision: Decision) -> Reply:
    """Return the reply that asks for what is missing, in the order in which to ask."""
    known = [*newest_first(site, language)]
    return Reply(
        question=decision.question,
        asks=tuple(
            next(found.version.facts[name].ask for found in known if name in found.version.facts)
            for name in decision.missing
        ),
        closing=known[0].sentences(known[0].layout.closing),
    )


def speaking(site: Site, language: str, decision: Decision) -> Edition:
    """Return the version that decided, in a language."""
    found = site.editions.get((decision.version or "", language))
    if found is None:
        raise PolicyError(f"version `{decision.version}` has no pages in `{language}`")
    return found


def newest_first(site: Site, language: str) -> Iterator[Edition]:
    """Yield the versions in a language, that in force first."""
    yield site.current(language)
    yield from (found for (_, tag), found in site.editions.items() if tag == language)


def following(site: Site, language: str, decision: Decision, facts: Facts) -> str:
    """Return what follows when a decision lapses: its outcome, or what is new where that stays."""
    until, then = decision.holds_until, decision.then
    if until is None or then is None or until == date.max:
        return ""
    edition = speaking(site, language, decision)
    question = edition.version.questions[decision.question]
    assert question.clock, "INVARIANT: a decision lapses as its clock moves on"
    if then["outcome"] != decision.outcome:
        return called(site, language, decision, then["outcome"])
    later = {**facts, question.clock.name: str(until + timedelta(days=1))}
    after = site.policy.decide(question.name, later)
    newer = site.editions.get((after.version or "", language), edition)
    return answered(newer, newer.version.questions[question.name], after, whole=True)


def called(site: Site, language: str, decision: Decision, name: str) -> str:
    """Return what an outcome is called, which perhaps a later version alone has."""
    known = (speaking(site, language, decision), *newest_first(site, language))
    questions = (found.version.questions.get(decision.question) for found in known)
    outcomes = (item for question in questions if question for item in question.outcomes)
    return next(item.label for item in outcomes if item.name == name)


def results(
    edition: Edition, question: Question, decision: Decision, facts: Facts
) -> Iterator[Result]:
    """Yield what comes with an answer."""
    rule = next(rule for rule in question.rules if rule.name == decision.rule)
    case = case_of(edition.version, question, facts)
    for output, expression in rule.outputs:
        yield Result(
            output.label,
            output_words(edition, output, decision.outputs[output.name]),
            worked_out(expression, case, edition.version, edition.speech),
        )


def steps(edition: Edition, decision: Decision) -> Iterator[Sentence]:
    """Yield what to do next: the sentences about asking that are about the rules that decide."""
    how = edition.layout.how_to_ask
    rules = {decision.rule, *decision.also}
    for name in how.says if how else ():
        if rules & {*edition.known[name].rules}:
            yield edition.sentence(name)
