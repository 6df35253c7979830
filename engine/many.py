"""Many cases: a stream of lines in, a stream of answers out, in constant memory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from .decide import Decision
from .errors import PolicyError
from .reading import Record
from .versions import Policy

Read = Callable[[BinaryIO, Sequence[str]], Iterator[Record]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one line of the input got: a decision, or the error in its place."""

    line: int
    decision: Decision | None
    error: str = ""


def answers(
    policy: Policy, question: str, version: str | None, read: Read, stream: BinaryIO
) -> Iterator[Answer]:
    """Yield an answer for each case of a stream, in order; a wrong line gets its error.

    Raises PolicyError when the input as a whole can't be read, such as a header with an unknown
    column, or when there is no such version.
    """
    for record in read(stream, policy.fact_names(question, version)):
        yield answer(policy, question, version, record)


def answer(policy: Policy, question: str, version: str | None, record: Record) -> Answer:
    """Return the answer for one line."""
    if record.error:
        return Answer(record.line, None, record.error)
    try:
        return Answer(record.line, policy.decide(question, record.facts, version=version))
    except PolicyError as error:
        return Answer(record.line, None, str(error))
