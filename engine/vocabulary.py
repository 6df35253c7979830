"""Words for what stands in a policy: what a thing is called, and what a comparison says of it.

Whoever puts a policy into words starts here, so that all say it alike.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias, assert_never

from .model import Compare, Expression, Fact, If, Literal, Measure, Named, OneOf, Operator, Term
from .speech import ENGLISH, Pattern, Speech

AMOUNTS: Mapping[Operator, Pattern] = {
    "is_not": "not {}",
    "at_least": "at least {}",
    "at_most": "at most {}",
    "more_than": "more than {}",
    "less_than": "less than {}",
}
DAYS: Mapping[Operator, Pattern] = {
    "is_not": "not {}",
    "at_least": "on or after {}",
    "at_most": "on or before {}",
    "more_than": "after {}",
    "less_than": "before {}",
}
OPPOSITE: dict[Operator, Operator] = {
    "is": "is_not",
    "is_not": "is",
    "at_least": "less_than",
    "at_most": "more_than",
    "more_than": "at_most",
    "less_than": "at_least",
}
MIRRORED: dict[Operator, Operator] = {
    "is": "is",
    "is_not": "is_not",
    "at_least": "at_most",
    "at_most": "at_least",
    "more_than": "less_than",
    "less_than": "more_than",
}

Say: TypeAlias = Callable[[Expression], str]
"""How an expression is called."""

listed = ENGLISH.listed
"""Words as in a sentence."""


def named(expression: Expression) -> str:
    """Return what an expression is called, in a word."""
    match expression:
        case Fact(name=name) | Measure(name=name) | Term(name=name):
            return name
        case If(condition=Named(name=name)):
            return name
        case Literal(text=text):
            return text
        case _:
            return "a value"


def in_short(comparison: Compare | OneOf, say: Say = named) -> str:
    """Return a comparison as a clause."""
    return ENGLISH.say("{} is {}", say(comparison.left), said_of_it(comparison, say))


def said_of_it(
    comparison: Compare | OneOf, say: Say, speech: Speech = ENGLISH, *, holds: bool = True
) -> str:
    """Return what a comparison says of its left side, or the opposite where it doesn't hold."""
    match comparison:
        case Compare(left, operator, right):
            patterns = DAYS if left.type.kind == "date" else AMOUNTS
            pattern = patterns.get(operator if holds else OPPOSITE[operator])
            return speech.say(pattern, say(right)) if pattern else say(right)
        case OneOf(_, options):
            names = speech.joined(map(say, options))
            return speech.say("one of {}" if holds else "none of {}", names)
    assert_never(comparison)


def subject_first(comparison: Compare | OneOf) -> Compare | OneOf:
    """Return the comparison that says the same of its right side, if that makes the better subject.

    A fact is a better one than a measure, and that than what has no name.
    """
    match comparison:
        case Compare(left, operator, right) if weight(right) > weight(left):
            return Compare(right, MIRRORED[operator], left)
        case _:
            return comparison


def weight(expression: Expression) -> int:
    """Return how well an expression does as the subject of a clause."""
    return 2 if isinstance(expression, Fact) else int(isinstance(expression, Measure))
