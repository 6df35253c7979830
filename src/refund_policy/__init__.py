"""Refund policies as code: one YAML file that decides cases and writes the customer's text.

>>> from refund_policy import load
>>> policy = load()
>>> policy.decide("credits", {"refund_requested": True}).outcome
'removed'
"""

from typing import TYPE_CHECKING

from .engine.decide import Decision
from .engine.errors import (
    CalculationError,
    CaseError,
    ConflictError,
    Finding,
    GapError,
    PolicyError,
    Problem,
    SourceError,
    VersionError,
    Where,
)
from .engine.folder import load, load_all
from .engine.versions import Policy

if TYPE_CHECKING:
    from .engine.explanation import Explanation

__all__ = [
    "CalculationError",
    "CaseError",
    "ConflictError",
    "Decision",
    "Explanation",
    "Finding",
    "GapError",
    "Policy",
    "PolicyError",
    "Problem",
    "SourceError",
    "VersionError",
    "Where",
    "load",
    "load_all",
]


def __getattr__(name: str) -> object:
    """Import what a decision doesn't need only for those who name it."""
    if name == "Explanation":
        from .engine.explanation import Explanation  # noqa: PLC0415 - only needed here

        return Explanation
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
