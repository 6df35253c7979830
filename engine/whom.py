"""Whom several versions affect together: in one sentence, and which cases lose their answer."""

from collections.abc import Iterable

from . import comparison_text
from .comparison import Change, Comparison, verdict_of

UNANSWERED = ("gap", "conflict", "error")


def in_a_sentence(found: Iterable[Comparison]) -> str:
    """Return what changes mean for customers, in the words for a single comparison."""
    every = tuple(found)
    effects = {change.effect for comparison in every for change in comparison.changes}
    verdict = verdict_of(effects, any(comparison.wording for comparison in every))
    doubt = any(comparison.unsettled or comparison.incomplete for comparison in every)
    return comparison_text.in_a_sentence(verdict, doubt=doubt)


def unanswered(change: Change) -> bool:
    """Return whether cases have lost their answer."""
    return change.group.new.kind in UNANSWERED and change.group.old.kind not in UNANSWERED
