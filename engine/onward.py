"""Until when a decision holds, for cases with all facts of a question that is asked often."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from .ahead import FOREVER, Horizon
from .compiled import Look
from .decide import Given, interpreted
from .errors import PolicyError
from .evaluate import Case
from .horizon import clockwork, first_change, limit_days, turning_days
from .model import PolicyVersion, Question, Rule, Value

Decides: TypeAlias = Callable[[Mapping[str, object]], int | None]
"""The number of the rule that decides a complete case; None where the interpreter has to look."""


def looker(version: PolicyVersion, question: Question, decides: Decides) -> Look:
    """Return the function that tells until when a rule decides a case, given its facts."""
    if question.clock is None:
        return lambda _rule, _facts: FOREVER
    clock, names = question.clock.name, [fact.name for fact in question.facts]
    rules = {rule.name: rule for rule in question.rules}
    work = clockwork(question, version.calendar)

    def look(rule: int, facts: tuple[Given, ...]) -> Horizon:
        known = dict(zip(names, facts, strict=True))

        def rule_on(day: date) -> Rule | None:
            known[clock] = day
            try:
                number = decides(known)
                if number is not None:
                    return question.rules[number]
                found = interpreted(version, question, known)
            except PolicyError:
                return None
            return rules[found.rule] if found.rule else None

        return first_change(days_ahead(known), question.rules[rule], rule_on)

    def days_ahead(known: Mapping[str, Given]) -> Iterable[date]:
        if not work.others:
            return limit_days(work, known)
        case = Case({name: exact(known[name]) for name in work.reads}, version.calendar)
        return turning_days(work, case)

    return look


def exact(value: Given) -> Value:
    """Return a fact as the interpreter calculates with it."""
    return Fraction(value) if isinstance(value, Decimal) else value
