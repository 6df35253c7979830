"""A question as formulas: which cases are valid, when each rule applies, and when it decides.

What a rule comes to is a list of clauses for `search.find`, so nothing big is ever built: a rule
decides where the case is valid, the rule applies, and none of the rules that override it does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .atoms import Path
from .days import Calendar
from .formula import FALSE, TRUE, Forest, Formula, Reader
from .model import (
    Choose,
    Compare,
    DividedBy,
    Expression,
    Fact,
    Greatest,
    If,
    Least,
    Literal,
    Measure,
    Minus,
    Output,
    Plus,
    Question,
    Rounded,
    Rule,
    Term,
    Value,
)
from .search import Clause, find, narrowed, narrowed_further
from .walk import parts, within


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """A question's requirements and rules as formulas of one forest."""

    question: Question
    reader: Reader
    valid: tuple[Clause, ...]
    rules: Mapping[str, Rule]
    applies: Mapping[str, Formula]
    beaters: Mapping[str, tuple[str, ...]]
    apart: dict[tuple[str, str], Formula] = field(default_factory=dict)
    met: dict[frozenset[str], bool] = field(default_factory=dict)
    begun: dict[str, tuple[list[Clause], Path | None]] = field(default_factory=dict)

    @property
    def forest(self) -> Forest:
        """Where the formulas live."""
        return self.reader.forest

    def decides(self, rule: str) -> tuple[Clause, ...]:
        """Return what holds in the cases that a rule decides (alone or with others)."""
        return (*self.valid, (self.applies[rule],), *self.unbeaten(rule))

    def unbeaten(self, rule: str) -> tuple[Clause, ...]:
        """Return that no rule which overrides this one applies."""
        return tuple((self.fails(other),) for other in self.beaters[rule])

    def doesnt_decide(self, rule: str) -> Clause:
        """Return what holds in the cases that a rule doesn't decide, valid or not."""
        return (self.fails(rule), *(self.applies[other] for other in self.beaters[rule]))

    def gap(self) -> tuple[Clause, ...]:
        """Return what holds in the cases that no rule decides."""
        return (*self.valid, *((self.fails(rule.name),) for rule in self.question.rules))

    def fails(self, rule: str) -> Formula:
        """Return where a rule doesn't apply."""
        return self.forest.opposite(self.applies[rule])

    def together(self, one: str, other: str) -> bool:
        """Return whether two rules decide some case together."""
        if other in self.rules[one].overrides or one in self.rules[other].overrides:
            return False
        pair = frozenset((one, other))
        if pair not in self.met:
            rest, path = self.narrowed(one)
            if path:  # what they apply to settles most of it
                rest, path = narrowed_further(rest, path, [(self.applies[other],)])
            if path:
                rest, path = narrowed_further(rest, path, self.unbeaten(other))
            self.met[pair] = path is not None and find(rest, path, path) is not None
        return self.met[pair]

    def narrowed(self, rule: str) -> tuple[list[Clause], Path | None]:
        """Return what is left to say of the cases that a rule decides, on the path that it leaves.

        Kept, as it is asked for again and again.
        """
        if rule not in self.begun:
            self.begun[rule] = narrowed(self.decides(rule))
        return self.begun[rule]

    def differ(self, one: Rule, other: Rule) -> Formula:
        """Return where two rules that both decide would give different results."""
        if one.outcome.name != other.outcome.name:
            return TRUE
        key = (one.name, other.name)
        if key not in self.apart:
            given = {output.name: value for output, value in other.outputs}
            self.apart[key] = self.forest.any(
                unequal(self.reader, output, value, given[output.name])
                for output, value in one.outputs
            )
        return self.apart[key]


def unequal(reader: Reader, output: Output, one: Expression, other: Expression) -> Formula:
    """Return where two values of an output differ, after both are rounded as the output is."""
    if one == other:
        return FALSE
    return reader.formula(Compare(rounded(output, one), "is_not", rounded(output, other)))


def rounded(output: Output, value: Expression) -> Expression:
    """Return a value as the output rounds it: money and decimals, half up, to their last digit."""
    if output.type.kind not in ("money", "decimal") or fits(value, output.type.scale):
        return value
    return Rounded(value, Fraction(1, 10**output.type.scale), "half_up", output.type)


def fits(value: Expression, scale: int) -> bool:
    """Return whether a value never has more digits after the point than a scale allows.

    Then rounding changes nothing, and what compares the value stays within what is exact.
    """
    match value:
        case Fact():
            return value.type.scale <= scale
        case Term(value=known) | Literal(value=known):
            return isinstance(known, int | Fraction) and (known * 10**scale) % 1 == 0
        case Measure() | Plus() | Minus() | Least() | Greatest():
            return all(fits(part, scale) for part in parts(value) if isinstance(part, Expression))
        case If(_, then, otherwise):
            return fits(then, scale) and fits(otherwise, scale)
        case Choose(branches=branches):
            return all(fits(part, scale) for part in branches.values())
        case _:
            return False


def divisors_in(question: Question) -> tuple[Expression, ...]:
    """Return what the conditions of a question divide by."""
    conditions = (
        *(item.condition for item in question.always),
        *(rule.when for rule in question.rules),
    )
    return tuple(node.right for node in within(*conditions) if isinstance(node, DividedBy))


def rulebook(
    question: Question,
    calendar: Calendar | None,
    facts: Mapping[str, Value] | None = None,
    forest: Forest | None = None,
    *,
    calendars: str = "",
) -> Rulebook:
    """Read a question as formulas; `facts` are known of every case looked at.

    `calendars` marks comparisons of business days that another question of the forest counts by
    another calendar.
    """
    reader = Reader(forest or Forest(), calendar, facts or {}, question.facts, calendars)
    applies = {rule.name: reader.formula(rule.when) for rule in question.rules}
    beaters = {
        rule.name: tuple(other.name for other in question.rules if rule.name in other.overrides)
        for rule in question.rules
    }
    valid = tuple((reader.formula(item.condition),) for item in question.always)
    rules = {rule.name: rule for rule in question.rules}
    return Rulebook(question, reader, valid, rules, applies, beaters)
