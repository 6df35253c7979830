"""The meaning of a policy: what an expression is worth, when a condition holds, which rules decide.

Facts are known or unknown (absent), and everything here answers None for "can't be known yet".
A value is unknown when a fact that it needs is; `all` is false as soon as one item is, `any` true
as soon as one item is, whatever the unknown ones turn out to be. Every item is evaluated all the
same, so an item that has no value at all (a division by zero) is an error wherever it stands.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from math import prod
from typing import Any as AnyValue
from typing import assert_never, cast

from .days import (
    Calendar,
    business_days_between,
    days_between,
    months_between,
    shift_business_days,
    shift_days,
    shift_months,
)
from .errors import CalculationError
from .frozen import Frozen
from .model import (
    All,
    Any,
    Between,
    Choose,
    Compare,
    Condition,
    DividedBy,
    Expression,
    Fact,
    Greatest,
    If,
    Least,
    Literal,
    Measure,
    Minus,
    Named,
    Not,
    OneOf,
    Plus,
    Question,
    Rounded,
    Rounding,
    Rule,
    Shift,
    Term,
    Times,
    Value,
)


def never_settled(_: Compare | OneOf) -> bool | None:
    """Leave a comparison with an unknown side unknown."""
    return None


class Case(Frozen):
    """The facts known of one case; `settle` may know a comparison although a side is unknown."""

    facts: Mapping[str, Value]
    calendar: Calendar | None = None
    settle: Callable[[Compare | OneOf], bool | None] = never_settled


# ---------------------------------------------------------------- expressions


def value(expression: Expression, case: Case) -> Value | None:
    """Return what `expression` is worth, or None while a fact that it needs is unknown."""
    match expression:
        case Fact(name=name):
            return case.facts.get(name)
        case Literal(value=known) | Term(value=known):
            return known
        case Measure(value=inner):
            return value(inner, case)
        case Plus(items):
            return strict(total, items, case)
        case Minus(left, right):
            return strict(operator.sub, (left, right), case)
        case Times(items):
            return strict(product, items, case)
        case DividedBy(left, right):
            return strict(divide, (left, right), case)
        case Rounded(inner, to, mode, kind):
            make = int if kind.kind == "whole_number" else Fraction
            return strict(lambda known: make(round_to(known, to, mode)), (inner,), case)
        case Least(items):
            return strict(min, items, case)
        case Greatest(items):
            return strict(max, items, case)
        case Shift(day, duration, sign):
            return strict(shifter(duration, sign, case.calendar), (day, duration), case)
        case Between(start, end):
            return strict(counter(expression, case.calendar), (start, end), case)
        case Choose(by, branches):
            chosen = value(by, case)
            if chosen is None:
                return one_value(branches.values(), case)
            return value(branches[chosen], case)
        case If(condition, then, otherwise):
            holds = truth(condition, case)
            if holds is None:
                return one_value((then, otherwise), case)
            return value(then if holds else otherwise, case)
    assert_never(expression)


def strict(
    compute: Callable[..., AnyValue], items: Iterable[Expression], case: Case
) -> Value | None:
    """Compute with the items' values; unknown as soon as one of them is."""
    known = [value(item, case) for item in items]
    try:
        return None if None in known else cast("Value", compute(*known))
    except ValueError as error:
        raise CalculationError(str(error)) from None


def one_value(branches: Iterable[Expression], case: Case) -> Value | None:
    """Return the value on which all branches agree; None when the choice between them matters."""
    try:
        first, *others = [value(branch, case) for branch in branches]
    except CalculationError:  # of a branch that may never be taken
        return None
    return first if all(other == first for other in others) else None


def total(*items: int | Fraction) -> int | Fraction:
    """Return the sum."""
    return sum(items)


def product(*items: int | Fraction) -> int | Fraction:
    """Return the product."""
    return prod(items)


def divide(left: int | Fraction, right: int | Fraction) -> Fraction:
    """Return the exact quotient."""
    if right == 0:
        raise CalculationError("a division by zero")
    return Fraction(left) / Fraction(right)


def round_to(number: int | Fraction, to: Fraction, mode: Rounding = "half_up") -> Fraction:
    """Bring `number` to a multiple of `to`; "up" and "half_up" go away from zero.

    >>> round_to(Fraction(25, 2), Fraction(1))
    Fraction(13, 1)
    """
    ratio = Fraction(number) / to
    return to_whole(ratio.numerator, ratio.denominator, mode) * to


def to_whole(number: int, parts: int, mode: Rounding = "half_up") -> int:
    """Bring a number of so many parts of one to a whole number.

    >>> to_whole(25, 2)
    13
    """
    whole, rest = divmod(abs(number), abs(parts))
    up = {
        "half_up": 2 * rest >= abs(parts),
        "half_even": 2 * rest + whole % 2 > abs(parts),
        "up": rest > 0,
        "down": False,
    }[mode]
    return whole + up if (number < 0) == (parts < 0) else -whole - up


def shifter(
    duration: Expression, sign: int, calendar: Calendar | None
) -> Callable[[date, int], date]:
    """Return the function that moves a date by a duration of that unit."""
    match duration.type.kind:
        case "months":
            return lambda day, count: shift_months(day, sign * count)
        case "business_days" if calendar:
            return lambda day, count: shift_business_days(day, sign * count, calendar)
        case _:
            return lambda day, count: shift_days(day, sign * count)


def counter(between: Between, calendar: Calendar | None) -> Callable[[date, date], int]:
    """Return the function that counts the units between two dates."""
    match between.type.kind:
        case "months":
            return months_between
        case "business_days" if calendar:
            return lambda start, end: business_days_between(start, end, calendar)
        case _:
            return days_between


# ---------------------------------------------------------------- conditions

OPERATORS: Mapping[str, Callable[[AnyValue, AnyValue], bool]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "at_least": operator.ge,
    "at_most": operator.le,
    "more_than": operator.gt,
    "less_than": operator.lt,
}


def truth(condition: Condition, case: Case) -> bool | None:
    """Return whether `condition` holds in `case`, or None while that depends on an unknown fact."""
    match condition:
        case Compare(left, name, right):
            a, b = value(left, case), value(right, case)
            if a is None or b is None:
                return case.settle(condition)
            return OPERATORS[name](a, b)
        case OneOf(left, options):
            found = [value(option, case) for option in options]
            a = value(left, case)
            if a is None or None in found:
                return case.settle(condition)
            return a in found
        case All(items):
            return all_of([truth(item, case) for item in items])
        case Any(items):
            return negation(all_of([negation(truth(item, case)) for item in items]))
        case Not(item):
            return negation(truth(item, case))
        case Named(condition=inner):
            return truth(inner, case)
    assert_never(condition)


def all_of(holds: list[bool | None]) -> bool | None:
    """Return the conjunction in three-valued logic: false beats unknown, unknown beats true."""
    return False if False in holds else None if None in holds else True


def negation(holds: bool | None) -> bool | None:  # noqa: FBT001 - the value negated
    """Return the opposite; unknown stays unknown."""
    return None if holds is None else not holds


# ---------------------------------------------------------------- rules


class Deciders(Frozen):
    """The rules that decide for certain and those that may yet, in the order of the file."""

    certain: tuple[Rule, ...]
    possible: tuple[Rule, ...]
    applies: Mapping[str, bool | None]


def deciders(question: Question, case: Case) -> Deciders:
    """Return the rules that apply and that no other applying rule overrides."""
    applies = {rule.name: applied(rule, case) for rule in question.rules}
    beaten = overridden(question, applies, True)  # noqa: FBT003 - the status asked for
    perhaps_beaten = overridden(question, applies, None)
    certain: list[Rule] = []
    possible: list[Rule] = []
    for rule in question.rules:
        if applies[rule.name] is False or rule.name in beaten:
            continue
        open_yet = applies[rule.name] is None or rule.name in perhaps_beaten
        (possible if open_yet else certain).append(rule)
    return Deciders(tuple(certain), tuple(possible), applies)


def applied(rule: Rule, case: Case) -> bool | None:
    """Return whether a rule's condition holds; an error in it names the rule."""
    try:
        return truth(rule.when, case)
    except CalculationError as error:
        raise CalculationError(f"rule `{rule.name}`: {error}") from None


def overridden(
    question: Question,
    applies: Mapping[str, bool | None],
    status: bool | None,  # noqa: FBT001 - the status asked for
) -> set[str]:
    """Return the names of the rules overridden by one that applies, or by one that may."""
    return {
        name for rule in question.rules if applies[rule.name] is status for name in rule.overrides
    }


# ---------------------------------------------------------------- results


class Verdict(Frozen):
    """What the deciding rules say together: the first of them is named, the others agree.

    Without a rule the case is a gap; with `conflict` the rules differ. An output is None while it
    needs an unknown fact; `known` says that no output of any of the rules does.
    """

    rules: tuple[Rule, ...]
    outputs: Mapping[str, Value | None]
    conflict: bool = False
    known: bool = True


def verdict(rules: tuple[Rule, ...], case: Case) -> Verdict:
    """Return what the rules that decide a case say."""
    if not rules:
        return Verdict((), {})
    first, *others = [(rule.outcome.name, outputs(rule, case)) for rule in rules]
    return Verdict(
        rules,
        first[1],
        conflict=any(differ(first, other) for other in others),
        known=all(None not in given.values() for _, given in (first, *others)),
    )


def outputs(rule: Rule, case: Case) -> dict[str, Value | None]:
    """Return a rule's outputs; money and decimals are rounded here, once, half up."""
    found: dict[str, Value | None] = {}
    for output, expression in rule.outputs:
        try:
            exact = value(expression, case)
        except CalculationError as error:
            raise CalculationError(f"rule `{rule.name}`: `{output.name}`: {error}") from None
        if exact is not None and output.type.kind in ("money", "decimal"):
            exact = round_to(Fraction(cast("Fraction", exact)), Fraction(1, 10**output.type.scale))
        found[output.name] = exact
    return found


Said = tuple[str, Mapping[str, Value | None]]


def differ(one: Said, other: Said) -> bool:
    """Return whether two rules give different outcomes, or outputs that are known to differ."""
    if one[0] != other[0]:
        return True
    pairs = ((known, other[1][name]) for name, known in one[1].items())
    return any(a is not None and b is not None and a != b for a, b in pairs)
