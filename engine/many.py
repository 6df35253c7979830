"""One case of many: its line in, its answer out."""

from dataclasses import dataclass

from .decide import Decision
from .errors import PolicyError
from .reading import Record
from .versions import Policy


@dataclass(frozen=True, slots=True)
class Answer:
    """What one line of the input got: a decision, or the error in its place."""

    line: int
    decision: Decision | None
    error: str = ""


def answer(policy: Policy, question: str, version: str | None, record: Record) -> Answer:
    """Return the answer for one line."""
    if record.error:
        return Answer(record.line, None, record.error)
    try:
        return Answer(record.line, policy.decide(question, record.facts, version=version))
    except PolicyError as error:
        return Answer(record.line, None, str(error))
