"""What a change means for customers: better or worse, by what a policy says is better for them."""

from typing import Literal, TypeAlias

from .align import Given
from .compare import Difference, result
from .evaluate import OPERATORS, Case
from .formula import FALSE
from .group import Group, Ruled
from .model import Operator
from .witness import witness

Effect: TypeAlias = Literal[
    "worse", "undecided", "mixed", "unclear", "better", "decided", "unanswered", "same"
]
"""For a group of cases: `undecided` no longer gets an answer, `unclear` lies in no order that the
policy names, or isn't settled, `decided` got no answer before, `unanswered` gets none before and
after, and `same` changes only the rule that is named."""

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
        return "undecided" if old.kind == "rule" else "unanswered"
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


def of_outputs(found: Difference, group: Group) -> Effect:
    """Return what other outputs of the same outcome mean."""
    old, new = found.both.old.rules[group.old.rules[0]], found.both.new.rules[group.new.rules[0]]
    before = {output.name: (output, value) for output, value in old.outputs}
    after = {output.name: (output, value) for output, value in new.outputs}
    seen: set[Effect] = {"unclear"} if before.keys() != after.keys() else set()
    for name in after.keys() & before.keys():
        seen |= of_output(before[name], after[name], found, group)
    if {"better", "worse"} <= seen or "mixed" in seen:
        return "mixed"
    return "unclear" if "unclear" in seen else seen.pop() if seen else "same"


def of_output(before: Given, after: Given, found: Difference, group: Group) -> set[Effect]:
    """Return what other values of an output mean: nothing where they are the same."""
    if may_be("is_not", before, after, found, group) is False:
        return set()
    better = after[0].better
    if better is None or not found.both.comparable(before[0], after[0]):
        return {"unclear"}
    more, less = BETTER[better]
    ways: tuple[tuple[Effect, Operator], ...] = (("better", more), ("worse", less))
    known = {way: may_be(operator, before, after, found, group) for way, operator in ways}
    open_yet: set[Effect] = {"unclear"} if None in known.values() else set()
    return {way for way, is_so in known.items() if is_so} | open_yet


def may_be(
    operator: Operator, before: Given, after: Given, found: Difference, group: Group
) -> bool | None:
    """Return whether an output is, in some case of a group, as compared; None: not settled."""
    compared, name = found.both.compared(before, operator, after), after[0].name
    comparable = found.both.comparable(before[0], after[0])

    def holds(case: Case) -> bool:
        old, new = result(found.both.old, case.facts), result(found.both.new, case.facts)
        same_group = (old[0], new[0]) == (group.old, group.new)
        return same_group and (not comparable or OPERATORS[operator](new[1][name], old[1][name]))

    clauses = (*group.cases.valid, *group.cases.inside, (compared,))
    seen = (
        witness(found.both.new, clauses, holds, near=group.facts) if compared is not FALSE else None
    )
    return None if seen and seen.facts is None else seen is not None
