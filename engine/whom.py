"""Whom several versions affect together: in one sentence, and which cases lose their answer."""

from collections.abc import Iterable

from .comparison import Change, Comparison, verdict_of
from .comparison_text import VERDICTS

UNANSWERED = ("gap", "conflict", "error")


def in_a_sentence(found: Iterable[Comparison]) -> str:
    """Return what changes mean for customers, in the words for a single comparison."""
    every = tuple(found)
    effects = {change.effect for comparison in every for change in comparison.changes}
    said = VERDICTS[verdict_of(effects, any(comparison.wording for comparison in every))]
    doubt = any(comparison.unsettled or comparison.incomplete for comparison in every)
    return f"{said} Not everything could be settled." if doubt else said


def unanswered(change: Change) -> bool:
    """Return whether cases have lost their answer."""
    return change.group.new.kind in UNANSWERED and change.group.old.kind not in UNANSWERED
