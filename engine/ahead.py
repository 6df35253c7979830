"""What lies ahead of a decision: until when it holds, found when somebody asks."""

from collections.abc import Callable
from datetime import date
from functools import partial

from .evaluate import Case
from .frozen import Frozen
from .model import Question, Rule

RuleOn = Callable[[Case], Rule | None]
"""The rule that decides a case; None where it isn't valid, or isn't decided."""


class Horizon(Frozen):
    """The last day on which a decision holds, and what the day after decides.

    Without a day it holds for ever, or there is nothing to say. Without a rule the day after has
    no decision: the facts would contradict each other, or one that is unknown would matter.
    """

    until: date | None = None
    outcome: str | None = None
    rule: str | None = None


class Ahead(partial[Horizon]):
    """A horizon that is found when it is first asked for, and kept."""

    def __call__(self) -> Horizon:
        """Return the horizon."""
        if "found" not in self.__dict__:
            self.__dict__["found"] = super().__call__()
        found: Horizon = self.__dict__["found"]
        return found

    def __reduce__(self) -> tuple[Callable[[Horizon], "Ahead"], tuple[Horizon]]:
        return found_before, (self(),)


def found_before(horizon: Horizon) -> Ahead:
    """Return a horizon that is known already."""
    return Ahead(lambda: horizon)


NOTHING_AHEAD = found_before(Horizon())


def ahead(question: Question, case: Case, rule: Rule, rule_on: RuleOn) -> Ahead:
    """Return until when a rule decides a case; nothing is worked out before it is asked for."""
    return Ahead(look, question, case, rule, rule_on)


def look(question: Question, case: Case, rule: Rule, rule_on: RuleOn) -> Horizon:
    """Return until when a rule decides a case."""
    if question.clock is None or question.clock.name not in case.facts:
        return Horizon()
    from .horizon import horizon  # noqa: PLC0415 - the analysis, which a decision doesn't need

    return horizon(question, case, rule, rule_on)
