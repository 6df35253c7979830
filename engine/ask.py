"""A question, fact by fact: asks what can still matter, until the case is decided.

Prompts go to standard error, so that standard output holds the decision alone.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace

import click

from .decide import Decision
from .errors import CaseError, Problem, nearest
from .model import Fact, PolicyVersion
from .values import YES_NO, Cell, digits_allowed, fact_value, quoted
from .versions import Policy

UNKNOWN = ("", "?")
HELP = "Press Enter when you don't know. `back` corrects the answer before, `quit` stops."


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """What was answered so far (None: not known), and what the policy says to that.

    `number` is the version to use, None for the one in force.
    """

    policy: Policy
    number: str | None
    answers: Mapping[str, Cell | None]
    decision: Decision


def begin(policy: Policy, question: str | None, number: str | None) -> Interview:
    """Return an interview without any answer."""
    decision = policy.decide(question, {}, version=number)
    return Interview(policy=policy, number=number, answers={}, decision=decision)


def due(interview: Interview) -> Fact | None:
    """Return the fact to ask next, or None when no answer can change anything any more."""
    left = (name for name in interview.decision.missing if name not in interview.answers)
    name = next(left, None)
    return declared(interview, name)[1] if name else None


def declared(interview: Interview, name: str) -> tuple[PolicyVersion, Fact]:
    """Return a fact in the version that decides; until it is known, in the newest with the fact."""
    versions = interview.policy.asked(interview.decision.version)
    return next((one, one.facts[name]) for one in reversed(versions) if name in one.facts)


def answered(interview: Interview, fact: Fact, text: str) -> Interview:
    """Return the interview with one more answer.

    Raises CaseError when it isn't a value of the fact, or can't be true besides the others.
    """
    if text in UNKNOWN and text not in fact.type.options:
        return replace(interview, answers={**interview.answers, fact.name: None})
    version, _ = declared(interview, fact.name)
    try:
        cell = Cell(as_written(fact, text, version.currency))
        fact_value(fact, cell, version.zone)
    except ValueError as error:
        raise CaseError([Problem(fact.name, str(error))]) from None
    answers = {**interview.answers, fact.name: cell}
    known = {name: given for name, given in answers.items() if given is not None}
    decision = interview.policy.decide(interview.decision.question, known, version=interview.number)
    return replace(interview, answers=answers, decision=decision)


# ---------------------------------------------------------------- what people write


def as_written(fact: Fact, text: str, currency: str) -> str:
    """Return an answer as a table would hold it; raises ValueError when it means nothing."""
    match fact.type.kind:
        case "yes_no":
            return yes_or_no(text)
        case "choice":
            return option(fact, text)
        case "money":
            return text.upper().removesuffix(currency).strip()
        case _:
            return text


def yes_or_no(text: str) -> str:
    """Return yes or no in full.

    >>> yes_or_no("Y")
    'yes'
    """
    for word in YES_NO:
        if text.lower() in (word, str(word)[0]):
            return str(word)
    raise ValueError(f"{quoted(text)} is neither yes nor no")


def option(fact: Fact, text: str) -> str:
    """Return the option that is meant by its number in the list, its name or its label."""
    meant = {
        name
        for number, (name, label) in enumerate(fact.options.items(), 1)
        if text in (str(number), name) or text.casefold() == label.casefold()
    }
    if len(meant) > 1:
        raise ValueError(f"{quoted(text)} is one option's number and another one's name")
    if not meant:
        hint = nearest(text, [*fact.options, *fact.options.values()])
        number = f"write its number, 1 to {len(fact.options)}"
        raise ValueError(f"{quoted(text)} is none of these options: {hint or number}")
    return meant.pop()


# ---------------------------------------------------------------- at the terminal


def conversation(policy: Policy, question: str | None, number: str | None) -> Decision:
    """Ask until nothing is left to ask, and return what the policy says then.

    Raises EOFError when the answers end before, PolicyError when the policy has no answer.
    """
    steps: tuple[Interview, ...] = (begin(policy, question, number),)
    asked = policy.question(question, number)[1]
    click.echo(f"{click.style(asked.asks, bold=True)}\n{HELP}\n", err=True)
    while fact := due(steps[-1]):
        click.echo(prompt(fact, declared(steps[-1], fact.name)[0].currency), err=True)
        steps = one_answer(steps, fact)
    click.echo(err=True)
    return steps[-1].decision


def one_answer(steps: tuple[Interview, ...], fact: Fact) -> tuple[Interview, ...]:
    """Read until there is an answer that can be, or until the last one is taken back."""
    while True:
        text = line()
        word = "" if text in fact.type.options else text.lower()
        if word == "quit":
            raise EOFError
        if word == "back" and len(steps) > 1:
            return steps[:-1]
        if word == "back":
            click.echo("  there is no answer before this one", err=True)
            continue
        try:
            return *steps, answered(steps[-1], fact, text)
        except CaseError as error:
            for problem in error.problems:
                click.echo(f"  {problem.message}", err=True)


def line() -> str:
    """Read a line; where nobody types, show it, so that questions and answers read as one."""
    click.echo("> ", nl=False, err=True)
    raw = sys.stdin.buffer.readline()
    if not raw:
        raise EOFError
    text = raw.decode("utf-8", "replace").strip()
    if not sys.stdin.isatty():
        click.echo(text, err=True)
    return text


def prompt(fact: Fact, currency: str) -> str:
    """Return the question for a fact, and how to write the answer."""
    asks = click.style(fact.ask, bold=True)
    if fact.type.kind != "choice":
        return f"{asks} ({form(fact, currency)})"
    wide = len(str(len(fact.options)))
    listed = (f"  {n:>{wide}}  {label}" for n, label in enumerate(fact.options.values(), 1))
    return "\n".join([asks, *listed])


def form(fact: Fact, currency: str) -> str:
    """Return how a value is written."""
    match fact.type.kind:
        case "yes_no":
            return "yes or no"
        case "date":
            return "year-month-day, such as 2026-02-03"
        case "money":
            return f"in {currency}"
        case "whole_number":
            return "a whole number"
        case _:
            return f"a number, at most {digits_allowed(fact.type)}"
