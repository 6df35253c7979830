"""What a comparison comes to when a side of it is unknown: settled by what is assumed, or open.

A `Probe` looks at one path through the rules. Where the path leaves a comparison open it names the
atom on which that depends; `atoms` says what these are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import reduce
from math import ceil, floor
from typing import Any, TypeAlias

from .atoms import Among, AtMost, Atom, Opaque, Path, canonical
from .days import Calendar
from .evaluate import Case, divide, truth, value
from .model import (
    Between,
    Choose,
    Compare,
    DividedBy,
    Expression,
    Fact,
    Greatest,
    If,
    Least,
    Measure,
    Minus,
    OneOf,
    Plus,
    Shift,
    Times,
    Type,
    Value,
)
from .space import ZERO, Options, implies
from .walk import parts

Rest: TypeAlias = tuple[Any, ...]


def every_option(fact: Fact) -> Options:
    """Return all options of a choice or yes_no fact."""
    return frozenset(fact.type.options or (True, False))


class OpenError(Exception):
    """A comparison depends on an atom that the path leaves open."""

    def __init__(self, atom: Atom) -> None:
        self.atom = atom
        super().__init__()


class OutsideError(Exception):
    """An expression leaves the fragment."""


@dataclass(slots=True)
class Probe:
    """Settles comparisons along a path, and keeps the atoms that it left open."""

    facts: Mapping[str, Value]
    calendar: Calendar | None
    path: Path
    open: list[Atom] = field(default_factory=list)

    def case(self) -> Case:
        """Return the case that the interpreter evaluates along this path."""
        return Case(self.facts, self.calendar, self.settle)

    def settle(self, comparison: Compare | OneOf) -> bool | None:
        """Return whether a comparison holds everywhere on the path, nowhere (False), or None."""
        try:
            return self.decide(comparison)
        except OpenError as left_open:
            self.open.append(left_open.atom)
        except OutsideError:
            base, sense = canonical(comparison)
            for assumed, holds in self.path.opaque:
                if assumed.comparison == base:
                    return holds is sense
            self.open.append(Opaque(base))
        return None

    def decide(self, comparison: Compare | OneOf) -> bool:
        """Return what the path says of a comparison; raises OpenError or OutsideError."""
        match comparison:
            case OneOf(left, options) if left.type.kind in ("choice", "yes_no"):
                return self.among(left, options)
            case OneOf(left, options):
                return any(self.decide(Compare(left, "is", option)) for option in options)
            case Compare(left, "is", right) if left.type.kind in ("choice", "yes_no"):
                return self.among(left, (right,))
            case Compare(left, "is_not", right):
                return not self.decide(Compare(left, "is", right))
            case Compare(left, operator, right):
                return self.ordered(operator, self.linear(left), self.linear(right))

    # ------------------------------------------------------------ choices

    def among(self, left: Expression, options: Sequence[Expression]) -> bool:
        """Return whether a choice is one of some options, each of which may be a fact as well."""
        first, *others = [self.option(item) for item in (left, *options)]
        if first in others:
            return True
        for item in others:
            if isinstance(item, Fact):
                self.one_option(item)
        return isinstance(first, Fact) and self.split(first, frozenset(others))  # type: ignore[arg-type]

    def option(self, expression: Expression) -> Value | Fact:
        """Return the option that an expression comes to on the path, or the fact that it is."""
        chosen = self.chosen(expression)
        if isinstance(chosen, Fact) and chosen.name not in self.facts:
            left = self.left(chosen)
            return next(iter(left)) if len(left) == 1 else chosen
        known = value(chosen, self.case())
        assert known is not None, "INVARIANT: what isn't an unknown fact has a value"
        return known

    def chosen(self, expression: Expression) -> Expression:
        """Follow measures and choices to what they come to on the path."""
        match expression:
            case Measure(value=inner):
                return self.chosen(inner)
            case If(condition, then, otherwise):
                before = len(self.open)
                holds = truth(condition, self.case())
                if holds is None:
                    atom = self.open[before]
                    del self.open[before:]
                    raise OpenError(atom)
                return self.chosen(then if holds else otherwise)
            case Choose(by, branches):
                option = self.option(by)
                if isinstance(option, Fact):
                    self.one_option(option)
                if option not in branches:  # an option that only another version knows
                    raise OutsideError
                return self.chosen(branches[option])  # type: ignore[index]
            case _:
                return expression

    def left(self, fact: Fact) -> Options:
        """Return the options that the path leaves a fact."""
        return self.path.space.options.get(fact.name, every_option(fact))

    def split(self, fact: Fact, options: frozenset[Value]) -> bool:
        """Return whether a fact is among options; raises OpenError while it may be or not."""
        left = self.left(fact)
        inside = left & options
        if inside and left - options:
            raise OpenError(Among(fact.name, inside, every_option(fact) - inside))
        return bool(inside)

    def one_option(self, fact: Fact) -> None:
        """Raise OpenError while a choice may be the first of its options, or another."""
        if fact.type.kind in ("choice", "yes_no"):
            self.split(fact, frozenset({min(self.left(fact), key=str)}))

    # ------------------------------------------------------------ whole things

    def ordered(self, operator: str, left: "Linear", right: "Linear") -> bool:
        """Return how two linear expressions compare."""
        match operator:
            case "at_most":
                return self.below(minus(left, right), strict=False)
            case "less_than":
                return self.below(minus(left, right), strict=True)
            case "at_least":
                return self.below(minus(right, left), strict=False)
            case "more_than":
                return self.below(minus(right, left), strict=True)
            case _:
                difference, opposite = minus(left, right), minus(right, left)
                return self.below(difference, strict=False) and self.below(opposite, strict=False)

    def below(self, form: "Linear", *, strict: bool) -> bool:
        """Return whether a linear expression is at most (or less than) zero."""
        match sorted(form.factors.items(), key=lambda item: item[1]):
            case []:
                return form.constant < 0 if strict else form.constant <= 0
            case [(x, factor)] if factor > 0:
                return self.at_most(x, ZERO, limit(form.constant, factor, strict=strict))
            case [(x, factor)]:
                return self.at_most(ZERO, x, limit(form.constant, -factor, strict=strict))
            case [(y, low), (x, high)] if high == -low:
                return self.at_most(x, y, limit(form.constant, high, strict=strict))
            case _:
                raise OutsideError

    def at_most(self, x: str, y: str, c: int) -> bool:
        """Return whether x - y <= c; raises OpenError while it may hold or not."""
        if implies(self.path.space, x, y, c):
            return True
        if implies(self.path.space, y, x, -c - 1):
            return False
        raise OpenError(AtMost(x, y, c))

    def linear(self, expression: Expression) -> "Linear":
        """Return an expression as a sum of unknown facts and a constant."""
        chosen = self.chosen(expression)
        known = value(chosen, self.case())
        if known is not None:
            return Linear({}, number(known))
        match chosen:
            case Fact(name=name, type=kind):
                return Linear({name: step(kind)}, Fraction(0))
            case Plus(items):
                return reduce(plus, [self.linear(item) for item in items])
            case Minus(left, right):
                return minus(self.linear(left), self.linear(right))
            case Times(items):
                return reduce(times, [self.linear(item) for item in items])
            case DividedBy(left, right):
                return over(self.linear(left), self.linear(right))
            case Shift(day, duration, sign) if duration.type.kind == "days":
                moved = scaled(self.linear(duration), Fraction(sign))
                return plus(self.linear(day), moved)
            case Between(start, end, Type("days")):
                return minus(self.linear(end), self.linear(start))
            case Least(items):
                return reduce(self.lower, [self.linear(item) for item in items])
            case Greatest(items):
                return reduce(self.higher, [self.linear(item) for item in items])
            case _:
                raise OutsideError

    def lower(self, a: "Linear", b: "Linear") -> "Linear":
        """Return the smaller of two."""
        return a if self.below(minus(a, b), strict=False) else b

    def higher(self, a: "Linear", b: "Linear") -> "Linear":
        """Return the larger of two."""
        return b if self.below(minus(a, b), strict=False) else a

    # ------------------------------------------------------------ outputs

    def reads(self, expression: Expression) -> set[str]:
        """Return the unknown facts that an expression needs on this path."""
        if value(expression, self.case()) is not None:
            return set()
        chosen = self.chosen(expression)
        if isinstance(chosen, Fact):
            return {chosen.name}
        inner = (part for part in parts(chosen) if isinstance(part, Expression))
        return {name for part in inner for name in self.reads(part)}

    def rest(self, expression: Expression) -> Rest:
        """Return what the path leaves of an expression; two that are the same compare equal."""
        known = value(expression, self.case())
        if known is not None:
            return (known,)
        try:
            left = self.linear(expression)
        except OutsideError:
            chosen = self.chosen(expression)
            how = (getattr(chosen, name, None) for name in ("name", "type", "sign", "to", "mode"))
            inner = (self.rest(part) for part in parts(chosen) if isinstance(part, Expression))
            return (type(chosen), *how, *inner)
        return (frozenset(left.factors.items()), left.constant)


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum of facts, each with a factor, and a constant; facts count in their smallest unit."""

    factors: Mapping[str, Fraction]
    constant: Fraction


def number(known: Value) -> Fraction:
    """Return a value as a number; a date counts its days."""
    return Fraction(known.toordinal() if isinstance(known, date) else known)


def step(kind: Type) -> Fraction:
    """Return the smallest unit of a type."""
    return Fraction(1, 10**kind.scale)


def plus(a: Linear, b: Linear) -> Linear:
    """Return the sum."""
    names = {**a.factors, **b.factors}
    factors = {name: a.factors.get(name, 0) + b.factors.get(name, Fraction(0)) for name in names}
    return Linear({name: f for name, f in factors.items() if f}, a.constant + b.constant)


def minus(a: Linear, b: Linear) -> Linear:
    """Return the difference."""
    return plus(a, scaled(b, Fraction(-1)))


def scaled(a: Linear, factor: Fraction) -> Linear:
    """Return the expression times a constant."""
    factors = {name: own * factor for name, own in a.factors.items() if factor}
    return Linear(factors, a.constant * factor)


def times(a: Linear, b: Linear) -> Linear:
    """Return the product, which is linear when one side is a constant."""
    if a.factors and b.factors:
        raise OutsideError
    return scaled(b, a.constant) if not a.factors else scaled(a, b.constant)


def over(a: Linear, b: Linear) -> Linear:
    """Return the quotient, which is linear when the divisor is a constant."""
    if b.factors:
        raise OutsideError
    return scaled(a, divide(Fraction(1), b.constant))


def limit(constant: Fraction, factor: Fraction, *, strict: bool) -> int:
    """Return the largest whole u with factor × u + constant <= 0 (or < 0), for a factor above 0."""
    bound = -constant / factor
    return ceil(bound) - 1 if strict else floor(bound)
