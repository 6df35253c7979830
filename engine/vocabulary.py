"""Words for what stands in a policy: what a thing is called, an expression, a comparison.

Whoever puts a policy into words starts here, so that all say it alike.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias, assert_never

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
    Shift,
    Term,
    Times,
)
from .values import in_words

OPERATOR_WORDS = {
    "is": "is",
    "is_not": "is not",
    "at_least": "is at least",
    "at_most": "is at most",
    "more_than": "is more than",
    "less_than": "is less than",
}
DATE_WORDS = {
    **OPERATOR_WORDS,
    "at_least": "is on or after",
    "at_most": "is on or before",
    "more_than": "is after",
    "less_than": "is before",
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


def in_short(comparison: Compare | OneOf, say: Say = named, *, holds: bool = True) -> str:
    """Return a comparison as a clause, or the clause that says that it doesn't hold."""
    return f"{say(comparison.left)} {said_of_it(comparison, say, holds=holds)}"


def said_of_it(comparison: Compare | OneOf, say: Say, *, holds: bool) -> str:
    """Return what a comparison says of its left side."""
    words = DATE_WORDS if comparison.left.type.kind == "date" else OPERATOR_WORDS
    match comparison:
        case Compare(_, operator, right):
            return f"{words[operator if holds else OPPOSITE[operator]]} {say(right)}"
        case OneOf(_, options):
            return f"is {'one' if holds else 'none'} of {', '.join(map(say, options))}"
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


def conditioned(condition: Condition, say: Say) -> str:
    """Return a condition as a clause; one that has a name by its name."""
    match condition:
        case Named(name=name):
            return f"`{name}`"
        case Compare() | OneOf():
            return in_short(condition, say)
        case Not(item):
            return f"not ({conditioned(item, say)})"
        case All(items):
            return " and ".join(conditioned(item, say) for item in items) or "always"
        case Any(items):
            return " or ".join(conditioned(item, say) for item in items) or "never"
    assert_never(condition)


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return words as in a sentence.

    >>> listed(["a", "b", "c"], "or")
    'a, b or c'
    """
    *most, end = words
    return f"{', '.join(most)} {last} {end}" if most else end


# ---------------------------------------------------------------- expressions

Call: TypeAlias = Callable[[Fact | Measure], str]
SUM, PRODUCT = (Plus, Minus, Shift, Rounded), (Times, DividedBy)


def expressed(expression: Expression, call: Call) -> str:
    """Return how a value is worked out; `call` says what facts and measures are called."""

    def say(node: Expression) -> str:
        return expressed(node, call)

    def factor(node: Expression) -> str:
        return f"({say(node)})" if isinstance(node, (*SUM, Choose, If)) else say(node)

    def divisor(node: Expression) -> str:
        return f"({say(node)})" if isinstance(node, PRODUCT) else factor(node)

    def whole(node: Expression) -> str:
        return f"({say(node)})" if isinstance(node, (Minus, Plus, Choose, If)) else say(node)

    match expression:
        case Fact() | Measure():
            return call(expression)
        case Term(text=text) | Literal(text=text):
            return text
        case Plus(items):
            return " plus ".join(map(whole, items))
        case Minus(left, right):
            return f"{whole(left)} minus {whole(right)}"
        case Times((Term(text=share) | Literal(text=share), of)) if share.endswith("%"):
            return f"{share} of {factor(of)}"
        case Times((of, Term(text=share) | Literal(text=share))) if share.endswith("%"):
            return f"{share} of {factor(of)}"
        case Times(items):
            return " times ".join(map(factor, items))
        case DividedBy(left, right):
            return f"{factor(left)} divided by {divisor(right)}"
        case Rounded(value, to, mode, kind):
            way = {"up": " up", "down": " down"}.get(mode, "")
            return f"{factor(value)} rounded{way} to {in_words(to, kind)}"
        case Least(items) | Greatest(items):
            return f"the {extreme(expression)} of {listed(map(say, items))}"
        case Shift(day, duration, sign):
            return f"{whole(day)} {'plus' if sign > 0 else 'minus'} {whole(duration)}"
        case Between(start, end, kind):
            return f"the {kind.kind.replace('_', ' ')} from {say(start)} to {say(end)}"
        case Choose(by, branches):
            ways = (f"{say(way)} for {in_words(key, by.type)}" for key, way in branches.items())
            return f"by {say(by)}: {', '.join(ways)}"
        case If(condition, then, otherwise):
            return f"{whole(then)} if {conditioned(condition, say)}, else {say(otherwise)}"
    assert_never(expression)


def extreme(expression: Least | Greatest) -> str:
    """Return the word for the smallest or the largest of some items."""
    stem = {
        (Least, True): "earli",
        (Least, False): "low",
        (Greatest, True): "lat",
        (Greatest, False): "high",
    }[type(expression), expression.type.kind == "date"]
    return f"{stem}{'er' if len(expression.items) == 2 else 'est'}"  # noqa: PLR2004 - a pair
