"""An expression as far as a path settles it: branches taken, known values in place of sums.

choose: {by: plan, …}   where `plan` is `year` → fee
min: [salary, cap]             where `salary` is at most the cap → salary
"""

from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from typing import assert_never

from .errors import CalculationError
from .evaluate import value
from .model import (
    Between,
    Choose,
    DividedBy,
    Expression,
    Fact,
    Greatest,
    If,
    Least,
    Literal,
    Measure,
    Minus,
    Plus,
    Rounded,
    Shift,
    Term,
    Times,
)
from .settle import OpenError, OutsideError, Probe, minus
from .values import in_words


def resolved(expression: Expression, probe: Probe, currency: str) -> Expression:
    """Return an expression that comes to the same in every case on the probe's path."""

    def part(node: Expression) -> Expression:
        return resolved(node, probe, currency)

    left: Expression = expression
    match expression:
        case Fact() | Term() | Literal():
            pass
        case Measure(value=inner):
            said = part(inner)
            left = expression if said == inner else said
        case If() | Choose():
            taken = branch(expression, probe)
            left = expression if taken is expression else part(taken)
        case Least(items) | Greatest(items):
            left = extreme(replace(expression, items=tuple(map(part, items))), probe)
        case Plus(items) | Times(items):
            left = shorter(replace(expression, items=tuple(map(part, items))), currency)
        case Minus(start, end) | DividedBy(start, end):
            left = replace(expression, left=part(start), right=part(end))
        case Shift(day, duration):
            left = replace(expression, day=part(day), duration=part(duration))
        case Between(start, end):
            left = replace(expression, start=part(start), end=part(end))
        case Rounded(inner):
            left = replace(expression, value=part(inner))
        case _:
            assert_never(expression)
    return known(left, probe, currency)


def known(expression: Expression, probe: Probe, currency: str) -> Expression:
    """Return the value of an expression where it is the same in every case on the path."""
    if isinstance(expression, Term | Literal):
        return expression
    with suppress(CalculationError):
        found = value(expression, probe.case())
        if found is not None:
            return Literal(found, expression.type, in_words(found, expression.type, currency))
    return expression


def branch(expression: If | Choose, probe: Probe) -> Expression:
    """Return the branch that is taken on a path, or the expression where several may be."""
    with suppress(OpenError, CalculationError):
        return probe.chosen(expression)
    return expression


def shorter(expression: Plus | Times, currency: str = "") -> Expression:
    """Return a sum without zeros, or a product without ones; it is zero where a factor is.

    >>> from .model import Type
    >>> whole = Type("whole_number")
    >>> one, three = Literal(1, whole, "1"), Literal(3, whole, "3")
    >>> shorter(Times((one, three), whole)) is three
    True
    """
    idle = 0 if isinstance(expression, Plus) else 1
    values = [getattr(item, "value", None) for item in expression.items]
    numbers = [found if isinstance(found, int | Fraction) else None for found in values]
    if idle == 1 and 0 in numbers:
        text = in_words(Fraction(0), expression.type, currency)
        return Literal(Fraction(0), expression.type, text)
    left = [i for i, n in zip(expression.items, numbers, strict=True) if n != idle]
    if len(left) < 2:  # noqa: PLR2004 - a sum or a product has two items
        return (left or expression.items)[0]
    return replace(expression, items=tuple(left))


def extreme(expression: Least | Greatest, probe: Probe) -> Expression:
    """Return the item that is the least or the greatest on a path, where one is."""

    def of_two(a: Expression, b: Expression) -> Expression:
        low, high = (a, b) if ordered(a, b, probe) else (b, a)
        return low if isinstance(expression, Least) else high

    with suppress(OpenError, OutsideError, CalculationError):
        return reduce(of_two, expression.items)
    return expression


def ordered(a: Expression, b: Expression, probe: Probe) -> bool:
    """Return whether a value is at most another one, or at least: both where they are equal.

    Raises OpenError or OutsideError where a path leaves open which it is.
    """
    with suppress(OpenError):
        return below(a, b, probe)
    return not below(b, a, probe)


def below(a: Expression, b: Expression, probe: Probe) -> bool:
    """Return whether a value is at most another one; raises OpenError or OutsideError."""
    return probe.below(minus(probe.linear(a), probe.linear(b)), strict=False)
