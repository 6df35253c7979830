"""The source of a question → its function, with what that calls."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Context, Decimal, Inexact, InvalidOperation
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias, cast

from .ahead import Ahead, Horizon
from .days import (
    business_days_between,
    months_between,
    shift_business_days,
    shift_days,
    shift_months,
)
from .decide import Decision, Given, Outputs, given, reasons
from .errors import PolicyError
from .evaluate import divide, round_to, to_whole
from .model import PolicyVersion, Question
from .ready import Quick
from .to_python import to_python
from .values import fact_value

DIGITS = Context(prec=60, traps=[Inexact, InvalidOperation])


def amount(number: int, parts: int, scale: int) -> Decimal:
    """Return an output of so many parts of one, rounded to its digits."""
    return Decimal(to_whole(number * 10**scale, parts)).scaleb(-scale, DIGITS)


Look: TypeAlias = Callable[[int, tuple[Given, ...]], Horizon]
"""Until when the rule of a number decides the case with some facts."""

BUILT_IN = (bool, dict, int, len, max, min, str, type, ArithmeticError, KeyError, ValueError)
LIBRARY: Mapping[str, object] = {
    "__builtins__": {built_in.__name__: built_in for built_in in BUILT_IN},
    "Decimal": Decimal,
    "Fraction": Fraction,
    "PolicyError": PolicyError,
    "amount": amount,
    "business_days_between": business_days_between,
    "date": date,
    "divide": divide,
    "months_between": months_between,
    "round_to": round_to,
    "shift_business_days": shift_business_days,
    "shift_days": shift_days,
    "shift_months": shift_months,
}


def compiled(version: PolicyVersion, question: Question) -> Quick | None:
    """Return the function of a question; None where it nests deeper than Python can read."""
    try:
        code = compile(to_python(version, question), "<policy>", "exec")
    except (SyntaxError, RecursionError, MemoryError):
        return None
    known = {**LIBRARY, "calendar": version.calendar, "read": reader(version, question)}

    def function(result: Callable[..., object]) -> Any:  # noqa: ANN401 - of what `result` returns
        made = {**known, "decision": result}
        exec(code, made)  # noqa: S102 - our own
        return made["decide"]

    @cache
    def looker() -> Look:
        from .onward import looker  # noqa: PLC0415 - the analysis, not needed to decide

        return looker(version, question, function(lambda rule, _facts, _outputs: rule))

    def look(rule: int, facts: tuple[Given, ...]) -> Horizon:
        return looker()(rule, facts)

    return cast("Quick", function(decider(version, question, look)))


def reader(version: PolicyVersion, question: Question) -> Callable[[str, object], Given]:
    """Return the function that reads a fact in any of its forms; money and decimals as Decimal."""
    facts = {fact.name: fact for fact in question.facts}

    def read(name: str, raw: object) -> Given:
        return given(fact_value(facts[name], raw, version.zone), facts[name].type)

    return read


def decider(
    version: PolicyVersion, question: Question, look: Look
) -> Callable[[int, tuple[Given, ...], dict[str, Given]], Decision]:
    """Return the function that makes the decision of a rule, given the facts and its outputs."""
    shared = [
        {
            **vars(
                Decision(
                    question=question.name,
                    policy=version.name,
                    version=version.version,
                    digest=version.digest,
                )
            ),
            "outcome": rule.outcome.name,
            "rule": rule.name,
            "reasons": reasons([rule], version),
        }
        for rule in question.rules
    ]
    blank = object.__new__

    def decision(rule: int, facts: tuple[Given, ...], outputs: dict[str, Given]) -> Decision:
        # The class's own way takes as long as all the rest: it sets one field after the other.
        found = blank(Decision)
        parts = found.__dict__
        parts.update(shared[rule])
        parts["horizon"] = Ahead(look, rule, facts)
        if outputs:
            parts["outputs"] = Outputs(outputs)
        return found

    return decision
