"""Refund policies as code: one YAML file that decides cases and writes the customer's text.

>>> from refund_policy import load
>>> policy = load()
>>> policy.decide("credits", {"refund_requested": True}).outcome
'removed'
"""

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
from .engine.explain import Explanation
from .engine.folder import load, load_all
from .engine.versions import Policy

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
