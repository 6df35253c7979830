"""The support kit: a macro for each answer that a question can get, and lines for apps.

    You get your fee back (trial)
        What you get back: {{amount}}
        You can leave within 14 days, and get your fee back less €5.
        To know before: When did you join? When did you leave? …

A help desk puts the outputs of a decision in the place of `{{…}}`, an app in that of `{…}`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..engine.decide import Decision
from ..engine.model import Fact, Outcome, Question, Rule
from ..engine.sentences import placeholders
from ..engine.walk import facts_in
from .edition import Edition, Sentence
from .layout import String
from .read_layout import HOLDS_UNTIL
from .said import NOTHING, Pieces, plain
from .worked import outcome_of, output_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """An answer as support gives it: for which rules, in which words, and what it rests on."""

    rules: tuple[str, ...]
    outcome: str
    outputs: tuple[tuple[str, str], ...]
    sentences: tuple[Sentence, ...]
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Macros:
    """The macros of a question, the best answer for the customer first."""

    name: str
    asks: str
    macros: tuple[Macro, ...]


def macros(edition: Edition) -> Iterator[Macros]:
    """Yield the macros of each question."""
    for question in edition.questions:
        yield Macros(question.name, question.asks, tuple(of_question(edition, question)))


def of_question(edition: Edition, question: Question) -> Iterator[Macro]:
    """Yield the macros of a question; rules that give one answer in one sentence share theirs."""
    said = {
        rule: found.id
        for found in edition.known.values()
        if found.question == question.name
        for rule in found.rules
    }
    together: dict[tuple[str, str], list[Rule]] = {}
    for rule in sorted(question.rules, key=lambda rule: rule.outcome.rank or 0):
        together.setdefault((rule.outcome.name, said.get(rule.name, "")), []).append(rule)
    for (_, sentence), rules in together.items():
        yield macro(edition, question, rules, (sentence,) if sentence else ())


def macro(
    edition: Edition, question: Question, rules: list[Rule], sentences: tuple[str, ...]
) -> Macro:
    """Return the macro of rules that give the same answer."""
    outcome = rules[0].outcome
    return Macro(
        rules=tuple(rule.name for rule in rules),
        outcome=outcome.label,
        outputs=tuple((output.label, slot(output.name)) for output in outcome.outputs),
        sentences=edition.sentences(sentences),
        asks=tuple(fact.ask for fact in rests_on(question, rules)),
    )


def slot(name: str) -> str:
    """Return the place of an output in a macro.

    >>> slot("amount")
    '{{amount}}'
    """
    return f"{{{{{name}}}}}"


def rests_on(question: Question, rules: list[Rule]) -> Iterator[Fact]:
    """Yield the facts that rules read to decide, and those of the rules to which they give way."""
    beaten = {rule.name for rule in rules}
    above = [rule for rule in question.rules if beaten & rule.overrides]
    values = (value for rule in rules for _, value in rule.outputs)
    read = facts_in(*(rule.when for rule in (*rules, *above)), *values)
    yield from (fact for fact in question.facts if fact.name in read)


# ---------------------------------------------------------------- lines for apps


@dataclass(frozen=True, slots=True)
class Line:
    """A line for an app, by its name."""

    name: str
    pieces: Pieces


def lines(edition: Edition, decision: Decision | None = None) -> Iterator[Line]:
    """Yield the lines of a version, or those that a decision fills in and is the time for.

    Until it is filled in, `{amount}` stays as it is.
    """
    for string in edition.layout.strings:
        values = NOTHING if decision is None else filling(edition, string, decision)
        if values is not None:
            yield Line(string.name, edition.pieces(string.says, values))


def filling(edition: Edition, string: String, decision: Decision) -> Mapping[str, str] | None:
    """Return the values of a line's outputs; None where a decision has another outcome, or none."""
    if (string.question, string.outcome) != (decision.question, decision.outcome):
        return None
    values = {
        output.name: output_words(edition, output, decision.outputs[output.name])
        for output in shown_for(edition, string).outputs
    }
    if decision.holds_until:
        values[HOLDS_UNTIL] = edition.locale.date(decision.holds_until)
    return values if types(edition, string).keys() <= values.keys() else None


def shown_for(edition: Edition, string: String) -> Outcome:
    """Return the outcome for which a line is shown."""
    return outcome_of(edition.version.questions[string.question], string.outcome)


def as_json(edition: Edition) -> dict[str, Any]:
    """Return the lines of a version as an app reads them, with the type of what is to fill in."""
    return {
        "policy": edition.version.name,
        "version": edition.version.version,
        "language": edition.locale.language,
        "strings": {
            string.name: {
                "question": string.question,
                "outcome": string.outcome,
                "says": plain(edition.pieces(string.says)),
                "fill_in": types(edition, string),
            }
            for string in edition.layout.strings
        },
    }


def types(edition: Edition, string: String) -> dict[str, str]:
    """Return the types of what is to be filled in."""
    kinds = {item.name: item.type.kind for item in shown_for(edition, string).outputs}
    known = {**kinds, HOLDS_UNTIL: "date"}
    return {name: known[name] for name in placeholders(string.says) if name in known}
