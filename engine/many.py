"""One case of many: its line in, its answer out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .decide import Decision
from .errors import PolicyError
from .reading import Record
from .versions import Policy


@dataclass(frozen=True, slots=True)
class Answer:
    """What one line of the input got: a decision, or the error in its place.

    `kept` are the line's own columns that are written along with it, as JSON.
    """

    line: int
    decision: Decision | None
    error: str = ""
    kept: Mapping[str, str] = field(default_factory=dict)


def answer(policy: Policy, question: str, version: str | None, record: Record) -> Answer:
    """Return the answer for one line."""
    line, kept = record.line, record.kept
    if record.error:
        return Answer(line, None, record.error, kept)
    try:
        return Answer(line, policy.decide(question, record.facts, version=version), kept=kept)
    except PolicyError as error:
        return Answer(line, None, str(error), kept)
