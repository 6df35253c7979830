"""A second language without a single letter, so that what stays English shows."""

from refund_policy.engine.model import Literal, Term, Type, Value
from refund_policy.engine.speech import PATTERNS, Speech


def bracketed(number: int, parts: int) -> str:
    """Return a pattern under its number: its parts in brackets, the last one first."""
    return f"⟨{number}⟩[{'|'.join(f'{{{part}}}' for part in reversed(range(parts)))}]"


def value(_value: Value, _kind: Type, _currency: str) -> str:
    return "⟪9⟫"


def bare(_value: Value, _kind: Type) -> str:
    return "⟪8⟫"


def figure(_figure: Term | Literal) -> str:
    return "⟪7⟫"


BRACKETS = Speech(
    language="brackets",
    patterns={
        pattern: bracketed(number, pattern.count("{}")) for number, pattern in enumerate(PATTERNS)
    },
    value=value,
    bare=bare,
    figure=figure,
)
