"""Small mistakes in a node: a limit off by one, a comparison turned round, a part gone.

Each edit is one that an editor could make in the YAML by a slip: what is written once changes once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Literal as OneWordOf
from typing import assert_never

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
    Operator,
    Plus,
    Rounded,
    Rounding,
    Shift,
    Term,
    Times,
    Type,
    Value,
)
from .values import as_json, in_words
from .vocabulary import in_short
from .walk import Node

EditKind = OneWordOf["limit", "comparison", "condition", "option", "expression"]
EDGE: Mapping[Operator, Operator] = {
    "at_most": "less_than",
    "less_than": "at_most",
    "at_least": "more_than",
    "more_than": "at_least",
}
OPPOSITE: Mapping[Operator, Operator] = {
    "is": "is_not",
    "is_not": "is",
    "at_most": "more_than",
    "more_than": "at_most",
    "at_least": "less_than",
    "less_than": "at_least",
}
OTHER_ROUNDING: Mapping[Rounding, Rounding] = {
    "half_up": "down",
    "half_even": "half_up",
    "up": "down",
    "down": "up",
}


@dataclass(frozen=True, slots=True)
class Edit:
    """What could stand in a node's place by mistake; `what` says it in one line."""

    kind: EditKind
    what: str
    new: Node


def edits(node: Node, currency: str = "") -> Iterator[Edit]:
    """Yield the mistakes that a node itself can have; its parts have their own."""
    match node:
        case Term() | Literal():
            yield from moved(node, currency)
        case Compare():
            yield from turned(node)
        case OneOf():
            yield from other_options(node)
        case All() | Any():
            yield from other_items(node)
        case Not(item):
            yield Edit("condition", f"`not` before {brief(item)} removed", item)
        case Least(items, kind):
            yield Edit("expression", "`least` → `greatest`", Greatest(items, kind))
        case Greatest(items, kind):
            yield Edit("expression", "`greatest` → `least`", Least(items, kind))
        case Rounded(mode=mode):
            other = OTHER_ROUNDING[mode]
            what = f"rounding `{mode}` → `{other}`"
            yield Edit("expression", what, replace(node, mode=other))
        case Choose():
            yield from swapped_branches(node)
        case If(_, then, otherwise):
            swapped = replace(node, then=otherwise, otherwise=then)
            yield Edit("expression", "`then` and `else` swapped", swapped)
        case Fact() | Measure() | Named():
            return
        case Plus() | Minus() | Times() | DividedBy() | Shift() | Between():
            return
        case _:
            assert_never(node)


def moved(figure: Term | Literal, currency: str) -> Iterator[Edit]:
    """Yield a figure one unit higher and lower."""
    for sign in (1, -1):
        value = one_further(figure.value, figure.type, sign)
        if value is None:
            continue
        before = in_words(figure.value, figure.type, currency)
        text = in_words(value, figure.type, currency)
        what = f"`{figure.name}`: " if isinstance(figure, Term) else ""
        yield Edit("limit", f"{what}{before} → {text}", replace(figure, value=value, text=text))


def one_further(value: Value, kind: Type, sign: int) -> Value | None:
    """Return the next value of an ordered kind, or None where there is none.

    >>> one_further(30, Type("days"), 1)
    31
    """
    match kind.kind:
        case "date" if isinstance(value, date):
            last = date.max if sign > 0 else date.min
            return value + timedelta(sign) if value != last else None
        case "decimal" | "money" if isinstance(value, Fraction):
            return value + Fraction(sign, 10**kind.scale)
        case "whole_number" | "days" | "business_days" | "months" if isinstance(value, int):
            return value + sign
        case _:
            return None


def turned(comparison: Compare) -> Iterator[Edit]:
    """Yield a comparison that leaves its limit out or takes it in, and its opposite."""
    others = (EDGE.get(comparison.operator), OPPOSITE[comparison.operator])
    for operator in others:
        if operator:
            other = replace(comparison, operator=operator)
            what = f"`{in_short(comparison)}` → `{in_short(other)}`"
            yield Edit("comparison", what, other)


def other_options(comparison: OneOf) -> Iterator[Edit]:
    """Yield the opposite of `one_of`, it with each option left out, and with each one more."""
    said, options = in_short(comparison), comparison.options
    yield Edit("comparison", f"`{said}` negated", Not(comparison, comparison.where))
    for position, option in enumerate(options):
        fewer = (*options[:position], *options[position + 1 :])
        what = f"`{said}` without {brief(option)}"
        yield Edit("option", what, replace(comparison, options=fewer))
    kind = comparison.left.type
    listed = {option.value for option in options if isinstance(option, Literal | Term)}
    for name in kind.options:
        if name not in listed:
            more = (*options, Literal(name, kind, name))
            yield Edit("option", f"`{said}` or `{name}`", replace(comparison, options=more))


def other_items(joined: All | Any) -> Iterator[Edit]:
    """Yield `all` for `any` and the other way round, and each item left out."""
    items, word, other = joined.items, "all", "any"
    if isinstance(joined, Any):
        word, other = other, word
    if len(items) > 1:
        what = f"`{word}` of {brief(items[0])} and {len(items) - 1} more → `{other}`"
        swapped = Any if isinstance(joined, All) else All
        yield Edit("condition", what, swapped(items, joined.where))
        for position, item in enumerate(items):
            fewer = (*items[:position], *items[position + 1 :])
            what = f"{brief(item)} dropped from `{word}`"
            yield Edit("condition", what, replace(joined, items=fewer))


def swapped_branches(choice: Choose) -> Iterator[Edit]:
    """Yield a choice with the values of two neighbouring options swapped."""
    options = [*choice.branches]
    for one, other in pairwise(options):
        first, second = choice.branches[one], choice.branches[other]
        if first != second:
            branches = {**choice.branches, one: second, other: first}
            named = [as_json(option, choice.by.type) for option in (one, other)]
            what = f"values of `{named[0]}` and `{named[1]}` swapped"
            yield Edit("expression", what, replace(choice, branches=branches))


def brief(node: Expression | Condition) -> str:
    """Return a node in few words."""
    match node:
        case Compare() | OneOf():
            return f"`{in_short(node)}`"
        case Named(name=word) | Fact(name=word) | Term(name=word) | Measure(name=word):
            return f"`{word}`"
        case Literal(text=word):
            return f"`{word}`"
        case Not(item):
            return f"`not` {brief(item)}"
        case All(items) | Any(items) if items:
            word = "all" if isinstance(node, All) else "any"
            rest = f" and {len(items) - 1} more" if len(items) > 1 else ""
            return f"`{word}` of {brief(items[0])}{rest}"
        case _:
            return "a value"
