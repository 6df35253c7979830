"""Boundaries: no single value is left out between the limits of two rules.

One rule goes up to 29 days, another one begins above 30, and all else is equal: day 30 itself is a
gap, or falls to a third rule, such as a default.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from ..errors import Finding
from ..evaluate import Case, value
from ..model import Fact, Measure
from ..search import Clause, find
from ..values import in_words
from ..witness import Facts, Witness, valid
from .analysis import Analysis, with_case
from .limits import Limit, Limits, Place, at, elsewhere, limits_of, moved, neighbour, steps

Pair: TypeAlias = tuple[Limit, Limit]

STRICT = {"less_than": "at_most", "more_than": "at_least"}
STRICT_DATE = {"less_than": "on_or_before", "more_than": "on_or_after"}


def boundaries(about: Analysis) -> Iterator[Finding]:
    """Find values that are left out between two limits: a gap there, or another rule decides."""
    limits = limits_of(about.book)
    missed = dict(left_out(about))
    yield from missed.values()
    for place in limits.between():
        if place not in missed and place not in limits.named:
            yield from decided_otherwise(about, limits, place)


def left_out(about: Analysis) -> Iterator[tuple[Place, Finding]]:
    """Yield each value between two limits at which there is a gap, with the finding."""
    limits, gap = limits_of(about.book), [*about.book.gap()]
    some_rule = tuple(about.book.applies.values())
    for place in limits.between():
        if not find((*gap, *at(about.book, place))):
            continue
        for pair in limits.pairs(place):
            found = between(about, place, pair, gap)
            if found and found.facts is not None and not about.deciding(about.case(found.facts)):
                words = with_case(about.in_words(found, some_rule))
                told = f"is left out: no rule decides a case{words}"
                gap.append(elsewhere(about.book, place))
                yield place, finding(about, pair, found.facts, told)
                break


def decided_otherwise(about: Analysis, limits: Limits, place: Place) -> Iterator[Finding]:
    """Find one case on a value between two limits that a third rule decides."""
    for pair in limits.pairs(place):
        neither = [about.book.doesnt_decide(limit.rule.name) for limit in pair]
        found = between(about, place, pair, (*about.book.valid, *neither))
        if found and found.facts is not None:
            deciding = about.deciding(about.case(found.facts))
            if deciding and not {rule.name for rule in deciding} & {one.rule.name for one in pair}:
                told = f"falls to `{deciding[0].name}`"
                yield replace(finding(about, pair, found.facts, told), severity="warning")
                return


def between(about: Analysis, place: Place, pair: Pair, on_it: Iterable[Clause]) -> Witness | None:
    """Return a case on a value, next to one that each of the two rules decides, all else equal."""
    for name, by in steps(place):
        beside = [
            [
                tuple(moved(about.book.forest, part, name, step) for part in clause)
                for clause in about.book.decides(limit.rule.name)
            ]
            for limit, step in zip(pair, (-by, by), strict=True)
        ]

        def decided(case: Case, name: str = name, by: int = by) -> bool:
            near = (neighbour(case, about.book, name, step) for step in (-by, by))
            return all(
                other is not None
                and valid(about.question, other)
                and limit.rule in about.deciding(other)
                for limit, other in zip(pair, near, strict=True)
            )

        found = about.witness((*on_it, *at(about.book, place), *beside[0], *beside[1]), decided)
        if found and found.facts is not None:
            return found
    return None


def finding(about: Analysis, pair: Pair, facts: Facts, told: str) -> Finding:
    """Return the finding about two limits with a value between them."""
    first, last = sorted(pair, key=lambda limit: limit.where)
    rules = f"`{first.rule.name}` (line {first.where.line}) and `{last.rule.name}`"
    return Finding(
        code="boundary",
        where=last.where,
        message=f"{subject(about, last, facts)}, right between {rules}, {told}",
        hint=f"let one of them include it: {inclusive(first)}, or {inclusive(last)}",
        case=about.given(facts),
    )


def subject(about: Analysis, limit: Limit, facts: Facts) -> str:
    """Return the value that is left out, in words, with the name of what has it."""
    left, right = limit.comparison.left, limit.comparison.right
    side = left if isinstance(left, Fact | Measure) else right
    known = value(side, about.case(facts))
    assert known is not None, "INVARIANT: the case is complete"
    words = in_words(known, side.type, about.version.currency)
    return f"`{side.name}` {words}" if isinstance(side, Fact | Measure) else words


def inclusive(limit: Limit) -> str:
    """Return how to let a limit include the value."""
    is_date = limit.comparison.left.type.kind == "date"
    word = (STRICT_DATE if is_date else STRICT).get(limit.comparison.operator)
    return (
        f"write `{word}` in line {limit.where.line}"
        if word
        else (f"move the limit in line {limit.where.line}")
    )
