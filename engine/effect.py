"""What a change means for customers: better or worse, by what a policy says is better for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .compare import Difference, Group, Ruled, result
from .evaluate import OPERATORS, Case
from .model import Compare, Expression, Operator, Output
from .rulebook import rounded
from .witness import witness

Effect: TypeAlias = Literal["better", "worse", "mixed", "same", "unclear", "undecided", "decided"]
"""For a group of cases: `same` changes only the rule that is named, `unclear` lies in no order that
the policy names, `undecided` no longer gets an answer, and `decided` got none before."""

BETTER: dict[str, tuple[Operator, Operator]] = {
    "more": ("more_than", "less_than"),
    "later": ("more_than", "less_than"),
    "less": ("less_than", "more_than"),
    "earlier": ("less_than", "more_than"),
}


def effect(found: Difference, group: Group) -> Effect:
    """Return what a change means for the customers of a group."""
    old, new = group.old, group.new
    if new.kind != "rule":
        return "undecided"
    if old.kind != "rule":
        return "decided"
    places = ranks(found, old, new)
    if places and places[0] != places[1]:
        return "better" if places[1] < places[0] else "worse"
    if old.outcome != new.outcome:
        return "unclear"
    return of_outputs(found, group)


def ranks(found: Difference, old: Ruled, new: Ruled) -> tuple[int, int] | None:
    """Return where two outcomes stand in the order of a version that ranks both."""
    for question in (found.both.new.question, found.both.old.question):
        known = {outcome.name: outcome.rank for outcome in question.outcomes}
        before, after = known.get(old.outcome or ""), known.get(new.outcome or "")
        if before is not None and after is not None:
            return before, after
    return None


@dataclass(frozen=True, slots=True)
class Revalued:
    """An output of one outcome, as both versions work it out."""

    output: Output
    before: Expression
    after: Expression


def of_outputs(found: Difference, group: Group) -> Effect:
    """Return what other outputs of the same outcome mean."""
    seen: set[Effect] = set()
    for item in outputs(found, group):
        if not may_be("is_not", item, found, group):
            continue
        if item.output.better is None:
            seen.add("unclear")
            continue
        more, less = BETTER[item.output.better]
        if may_be(more, item, found, group):
            seen.add("better")
        if may_be(less, item, found, group):
            seen.add("worse")
    return seen.pop() if len(seen) == 1 else "mixed" if seen else "same"


def outputs(found: Difference, group: Group) -> Iterator[Revalued]:
    """Yield the outputs that an outcome has in both versions."""
    before = found.both.old.rules[group.old.rules[0]].outputs
    after = found.both.new.rules[group.new.rules[0]].outputs
    old = {output.name: value for output, value in before}
    for output, value in after:
        if output.name in old:
            yield Revalued(output, old[output.name], value)


def may_be(operator: Operator, item: Revalued, found: Difference, group: Group) -> bool:
    """Return whether an output is, in some case of a group, as compared with what it was."""
    book, name = found.both.new, item.output.name
    sides = (rounded(item.output, item.after), rounded(item.output, item.before))
    compared = book.reader.formula(Compare(sides[0], operator, sides[1]))

    def holds(case: Case) -> bool:
        old, new = result(found.both.old, case.facts), result(found.both.new, case.facts)
        same_group = (old[0], new[0]) == (group.old, group.new)
        return same_group and OPERATORS[operator](new[1][name], old[1][name])

    clauses = (*group.cases.valid, *group.cases.inside, (compared,))
    seen = witness(book, clauses, holds, near=group.facts)
    return seen is not None and seen.facts is not None
