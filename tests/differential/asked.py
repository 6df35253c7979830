"""What is asked of every target, and the one form in which all of them answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from refund_policy.engine.decide import Decision, interpreted, plain
from refund_policy.engine.errors import PolicyError
from refund_policy.engine.model import Fact, PolicyVersion
from refund_policy.engine.reading import Record
from refund_policy.engine.versions import Policy, question_of
from refund_policy.engine.writing import json_cell

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a policy in all its versions, and cases of it as JSON holds them."""

    policy: Policy
    question: str
    cases: Sequence[Facts]

    @property
    def versions(self) -> list[PolicyVersion]:
        return [one for one in self.policy.asked() if self.question in one.questions]

    @property
    def facts(self) -> dict[str, Fact]:
        """The facts of the question by name; where versions differ, with the most digits."""
        every = [fact for one in self.versions for fact in one.questions[self.question].facts]
        return {fact.name: fact for fact in sorted(every, key=lambda fact: fact.type.scale)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer: a decision, facts that are missing, or an error; outputs are exact texts."""

    outcome: str = ""
    rule: str = ""
    outputs: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    version: str = ""
    digest: str = ""
    error: str = ""
    kind: str = ""

    def __str__(self) -> str:
        parts = {part.name: getattr(self, part.name) for part in fields(self)}
        return ", ".join(f"{name} {value!r}" for name, value in parts.items() if value) or "nothing"


@dataclass(frozen=True, slots=True)
class Got:
    """What a target says of one of the cases; `record` is the case as it came to it."""

    case: int
    record: Record
    said: Said


def meant(asked: Asked, record: Record) -> Said:
    """Return what is right: what the interpreter says, without anything generated."""
    if record.error:
        return Said(error=record.error)
    return answer(lambda facts: interpret(asked, facts), record.facts)


def interpret(asked: Asked, facts: Facts) -> Decision:
    """Decide a case by the interpreter alone, under the version in force."""
    policy = asked.policy
    name, picked = policy.picked(asked.question, facts, None)
    if isinstance(picked, PolicyVersion):
        own = policy.own_facts(picked, name, facts)
        return interpreted(picked, question_of(picked, name), own)
    return Decision(question=name, missing=picked, policy=policy.name, version=None, digest=None)


def answer(decide: Callable[[Facts], Decision], facts: Facts) -> Said:
    """Return an answer in the common form."""
    try:
        found = decide(facts)
    except PolicyError as error:
        return Said(error=str(error), kind=type(error).__name__)
    return Said(
        outcome=found.outcome or "",
        rule=found.rule or "",
        outputs=in_text({name: plain(value) for name, value in found.outputs.items()}),
        also=found.also,
        reasons=found.reasons,
        missing=found.missing,
        version=found.version or "",
        digest=found.digest or "",
    )


def in_text(outputs: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return outputs as exact texts, by name; without those that aren't there."""
    cells = {name: json_cell(value) for name, value in outputs.items() if value not in (None, "")}
    return tuple(sorted((name, str(cell)) for name, cell in cells.items()))


# ---------------------------------------------------------------- cases as Python gives them

PARSED: Mapping[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "money": Decimal,
    "decimal": Decimal,
}


def in_python(case: Facts, known: Mapping[str, Fact]) -> Facts:
    """Return a case with dates and amounts as a service in Python has them."""
    return {name: parsed(value, known.get(name)) for name, value in case.items()}


def parsed(value: object, fact: Fact | None) -> object:
    """Return a text as a date or an exact number, where it is one."""
    if fact is None or not isinstance(value, str) or fact.type.kind not in PARSED:
        return value
    try:
        return PARSED[fact.type.kind](value)
    except (ValueError, ArithmeticError):
        return value


def in_json(facts: Facts) -> Facts:
    """Return a case as JSON holds it."""
    return {
        name: str(value) if isinstance(value, date | Decimal) else value
        for name, value in facts.items()
    }
