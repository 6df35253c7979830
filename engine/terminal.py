"""Decisions in words, for people at a terminal."""

from collections.abc import Iterator, Sequence

import click

from .decide import Decision
from .model import Fact, PolicyVersion, Question
from .values import in_words
from .versions import Policy


def in_full(decision: Decision, policy: Policy) -> str:
    """Return a decision with its outputs, reasons and origin, as lines of text."""
    return "\n".join(lines(decision, policy))


def lines(decision: Decision, policy: Policy) -> Iterator[str]:
    """Yield the lines of a decision."""
    if decision.version is None or decision.outcome is None:
        what = "it still depends on" if decision.version else "which version holds depends on"
        yield click.style("undecided", fg="yellow", bold=True) + f": {what}"
        yield from (f"  {name}: {asked(name, policy)}" for name in decision.missing)
        return
    version = policy.version(decision.version)
    question = version.questions[decision.question]
    label = next(found.label for found in question.outcomes if found.name == decision.outcome)
    yield click.style(decision.outcome, fg="green", bold=True) + f": {label}"
    for name, value in decision.outputs.items():
        yield f"  {name}: {output_words(name, value, question, version)}"
    if decision.holds_until:
        yield f"  this holds until {decision.holds_until}, {afterwards(decision)}"
    rules = ", ".join(f"{name}" for name in (decision.rule, *decision.also))
    yield f"because ({rules}):" if decision.reasons else f"because: {rules}"
    yield from (f"  {reason}" for reason in decision.reasons)
    yield click.style(f"{decision.policy} {decision.version} {decision.digest}", dim=True)


def afterwards(decision: Decision) -> str:
    """Return what follows when a decision holds no longer."""
    after = decision.then
    if after is None:
        return "then these facts no longer give a decision"
    return f"then {after['outcome']} ({after['rule']})"


def asked(name: str, policy: Policy) -> str:
    """Return the question that finds a fact out."""
    return next(found.facts[name].ask for found in reversed(policy.versions) if name in found.facts)


def output_words(name: str, value: object, question: Question, version: PolicyVersion) -> str:
    """Return an output with its unit."""
    kinds = [out.type for found in question.outcomes for out in found.outputs if out.name == name]
    currency = version.currency if kinds[0].kind == "money" else ""
    if isinstance(value, bool):
        return in_words(value, kinds[0])
    return f"{value} {currency}".strip()


def in_one_line(decision: Decision) -> str:
    """Return a decision as one line of text."""
    if decision.outcome is None:
        return f"undecided, needs {', '.join(decision.missing)}"
    given = "".join(f", {name} {value}" for name, value in decision.outputs.items())
    return f"{decision.outcome} ({decision.rule}){given}"


def facts_table(facts: Sequence[Fact]) -> str:
    """Return facts as a table: name, type and the question to ask, options below a choice."""
    wide = max((len(fact.name) for fact in facts), default=0)
    rows = []
    for fact in facts:
        rows.append(f"{fact.name:<{wide}}  {fact.type.kind:<12}  {fact.ask}")
        rows += [f"{'':<{wide}}    {name}: {words}" for name, words in fact.options.items()]
    return "\n".join(rows)


def plain_fact(fact: Fact) -> dict[str, object]:
    """Return a fact as it stands in JSON."""
    options = {"options": dict(fact.options)} if fact.options else {}
    scale = {"scale": fact.type.scale} if fact.type.kind in ("decimal", "money") else {}
    return {
        "name": fact.name,
        "type": fact.type.kind,
        **options,
        **scale,
        "label": fact.label,
        "ask": fact.ask,
    }
