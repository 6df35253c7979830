"""The words of one version: what its facts are called, and how its values are worked out.

Tools say names in backticks. Customers read labels, with a colon before what is said of them, so
that in no language a label has to bend.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    Kind,
    Least,
    Literal,
    Measure,
    Minus,
    Named,
    Not,
    OneOf,
    Output,
    Plus,
    PolicyVersion,
    Rounded,
    Rounding,
    Shift,
    Term,
    Times,
    Value,
)
from .speech import ENGLISH, Pattern, Speech
from .vocabulary import Say, said_of_it

SUM, PRODUCT = (Plus, Minus, Shift, Rounded), (Times, DividedBy)
Extreme: TypeAlias = Least | Greatest

ROUNDED: Mapping[Rounding, Pattern] = {
    "up": "{} rounded up to {}",
    "down": "{} rounded down to {}",
    "half_up": "{} rounded to {}",
    "half_even": "{} rounded to {}",
}
BETWEEN: Mapping[Kind, Pattern] = {
    "days": "the days from {} to {}",
    "business_days": "the business days from {} to {}",
    "months": "the months from {} to {}",
}
OF_TWO: Mapping[tuple[type[Extreme], bool], Pattern] = {
    (Least, True): "the earlier of {}",
    (Least, False): "the lower of {}",
    (Greatest, True): "the later of {}",
    (Greatest, False): "the higher of {}",
}
OF_MORE: Mapping[tuple[type[Extreme], bool], Pattern] = {
    (Least, True): "the earliest of {}",
    (Least, False): "the lowest of {}",
    (Greatest, True): "the latest of {}",
    (Greatest, False): "the highest of {}",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one version: names in backticks, or the customers' labels.

    While an output is told, its options are called as it calls them.
    """

    version: PolicyVersion
    labels: bool = False
    speech: Speech = ENGLISH
    output: Output | None = None

    def call(self, thing: Fact | Measure) -> str:
        """Return what a fact or a measure is called."""
        return thing.label if self.labels else f"`{thing.name}`"

    def option(self, choice: Expression, name: str) -> str:
        """Return what an option of a choice is called."""
        return self.options(choice).get(name, name) if self.labels else f"`{name}`"

    def options(self, choice: Expression) -> Mapping[str, str]:
        """Return the labels of a choice's options: its own, or those of a choice that is alike."""
        if isinstance(choice, Fact):
            return choice.options
        others = (self.output, *self.version.facts.values())
        alike = (other for other in others if other and other.type == choice.type)
        return next((other.options for other in alike), {})

    def value(self, thing: Expression, value: Value) -> str:
        """Return a value of a thing."""
        if thing.type.kind == "choice" and self.labels:
            return self.option(thing, str(value))
        return self.speech.value(value, thing.type, self.version.currency)

    def known(self, fact: Fact, value: Value) -> str:
        """Return the value of a fact, after what it is called."""
        return self.about(fact, self.value(fact, value))

    def about(self, thing: Expression, said: str) -> str:
        """Return a phrase: a thing, and a limit of it or the like."""
        return self.speech.say("{}: {}" if self.labels else "{} {}", self.say(thing), said)

    def equal(self, thing: Expression, said: str) -> str:
        """Return a phrase: a thing, and what it is."""
        return self.speech.say("{}: {}" if self.labels else "{} is {}", self.say(thing), said)

    # ------------------------------------------------------------ expressions

    def told(self, output: Output, value: Expression) -> str:
        """Return how an output is worked out."""
        return replace(self, output=output).say(value)

    def say(self, expression: Expression) -> str:
        """Return what a value is called, or how it is worked out."""
        say, pattern = self.say, self.speech.say
        match expression:
            case Fact() | Measure():
                return self.call(expression)
            case Term() | Literal():
                return self.figure(expression)
            case Plus(items):
                return self.speech.joined(map(self.whole, items), "{} plus {}")
            case Minus(left, right):
                return pattern("{} minus {}", self.whole(left), self.whole(right))
            case Times((share, of)) if is_share(share):
                return pattern("{} of {}", say(share), self.factor(of))
            case Times((of, share)) if is_share(share):
                return pattern("{} of {}", say(share), self.factor(of))
            case Times(items):
                return self.speech.joined(map(self.factor, items), "{} times {}")
            case DividedBy(left, right):
                return pattern("{} divided by {}", self.factor(left), self.divisor(right))
            case Rounded(value, to, mode, kind):
                currency = self.version.currency if self.labels else ""
                unit = self.speech.value(to, kind, currency)
                return pattern(ROUNDED[mode], self.factor(value), unit)
            case Least(items) | Greatest(items):
                return pattern(extreme(expression), self.speech.listed(map(say, items)))
            case Shift(day, duration, sign):
                way: Pattern = "{} plus {}" if sign > 0 else "{} minus {}"
                return pattern(way, self.whole(day), self.whole(duration))
            case Between(start, end, kind):
                return pattern(BETWEEN[kind.kind], say(start), say(end))
            case Choose(by, branches):
                ways = (
                    pattern("{} for {}", say(way), self.value(by, key))
                    for key, way in branches.items()
                )
                return pattern("by {}: {}", say(by), self.speech.joined(ways))
            case If(condition, then, otherwise):
                when = self.conditioned(condition)
                return pattern("{} if {}, else {}", self.whole(then), when, say(otherwise))
        assert_never(expression)

    def figure(self, figure: Term | Literal) -> str:
        """Return a figure of the policy."""
        is_option = figure.type.kind == "choice" and self.labels
        return self.value(figure, figure.value) if is_option else self.speech.figure(figure)

    def factor(self, node: Expression) -> str:
        """Return a value as a part of a product."""
        return self.grouped(node, *SUM, Choose, If)

    def divisor(self, node: Expression) -> str:
        """Return a value by which another one is divided."""
        return self.grouped(node, *PRODUCT, *SUM, Choose, If)

    def whole(self, node: Expression) -> str:
        """Return a value as a part of a sum."""
        return self.grouped(node, Minus, Plus, Choose, If)

    def grouped(self, node: Expression, *kinds: type[Expression]) -> str:
        """Return a value, in parentheses where it is of some kinds."""
        return (
            self.speech.say("({})", self.say(node)) if isinstance(node, kinds) else self.say(node)
        )

    # ------------------------------------------------------------ conditions

    def conditioned(self, condition: Condition) -> str:
        """Return a condition as a clause; one that has a name by its name, except for customers."""
        match condition:
            case Named(name=name, condition=inner):
                return self.conditioned(inner) if self.labels else f"`{name}`"
            case Compare() | OneOf():
                return self.equal(condition.left, self.said_of_it(condition))
            case Not(item) if self.labels and isinstance(inner := plain(item), Compare | OneOf):
                return self.equal(inner.left, self.said_of_it(inner, holds=False))
            case Not(item):
                return self.speech.say("not ({})", self.conditioned(item))
            case All(()):
                return self.speech.say("always")
            case All(items):
                return self.speech.joined(map(self.one_of_all, items), "{} and {}")
            case Any(()):
                return self.speech.say("never")
            case Any(items):
                return self.speech.joined(map(self.conditioned, items), "{} or {}")
        assert_never(condition)

    def one_of_all(self, condition: Condition) -> str:
        """Return a condition that holds with others, in parentheses where it has alternatives."""
        said = self.conditioned(condition)
        several = isinstance(plain(condition) if self.labels else condition, Any)
        return self.speech.say("({})", said) if several else said

    def said_of_it(self, comparison: Compare | OneOf, *, holds: bool = True) -> str:
        """Return what a comparison says of its left side, or the opposite if it doesn't hold."""
        match comparison:
            case Compare(left, "is" | "is_not" as operator, Literal(bool(value))) if self.labels:
                return self.value(left, (operator == "is") == (value == holds))
            case _:
                return said_of_it(
                    comparison, self.beside(comparison.left), self.speech, holds=holds
                )

    def beside(self, thing: Expression) -> Say:
        """Return how values are called that a thing is compared with."""

        def say(node: Expression) -> str:
            if self.labels and isinstance(node, Literal) and node.type.kind == "choice":
                return self.value(thing, node.value)
            return self.say(node)

        return say


def plain(condition: Condition) -> Condition:
    """Return what stands under a name."""
    return plain(condition.condition) if isinstance(condition, Named) else condition


def is_share(expression: Expression) -> bool:
    """Return whether a value is written as a percentage."""
    return isinstance(expression, Term | Literal) and expression.text.endswith("%")


def extreme(expression: Extreme) -> Pattern:
    """Return the words for the smallest or the largest of some items."""
    patterns = OF_TWO if len(expression.items) == 2 else OF_MORE  # noqa: PLR2004 - a pair
    return patterns[type(expression), expression.type.kind == "date"]
