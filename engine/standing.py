"""Where the rules of a question stand in one case, and on which comparisons that rests: no words.

Which comparisons hold, and which option each choice came to, settle all of it.
"""

from collections.abc import Iterator, Sequence
from typing import Literal as OneWordOf
from typing import TypeAlias, assert_never, get_args

from .evaluate import Case, Deciders, deciders, truth, value
from .frozen import Frozen
from .model import (
    All,
    Any,
    Choose,
    Compare,
    Condition,
    Expression,
    Fact,
    If,
    Measure,
    Named,
    Not,
    OneOf,
    Question,
    Rule,
    Term,
)
from .walk import parts

Status = OneWordOf["decides", "agrees", "applies", "overridden", "does_not_apply", "open"]
STATUSES: tuple[Status, ...] = get_args(Status)
Source: TypeAlias = Fact | Measure | Term


class Standing(Frozen):
    """What became of one rule: the comparisons that this rests on, and whether each one holds.

    `sources` is what its outputs are worked out from, if it decides or could.
    """

    rule: Rule
    status: Status
    overridden_by: tuple[str, ...]
    because: tuple[tuple[Compare | OneOf, bool | None], ...]
    sources: tuple[Source, ...]


def standings(
    question: Question, case: Case, decided: Sequence[str | None]
) -> tuple[Standing, ...]:
    """Return where all rules stand, those first that decide the case (`decided`)."""
    found = deciders(question, case)
    each = [standing(rule, question, case, found, decided) for rule in question.rules]
    return tuple(sorted(each, key=lambda one: STATUSES.index(one.status)))


def standing(
    rule: Rule, question: Question, case: Case, found: Deciders, decided: Sequence[str | None]
) -> Standing:
    """Return where one rule stands."""
    applies = found.applies[rule.name]
    beaten_by = tuple(
        other.name
        for other in question.rules
        if applies and rule.name in other.overrides and found.applies[other.name]
    )
    status = status_of(rule, found, decided, beaten=bool(beaten_by))
    because = tuple((item, truth(item, case)) for item in grounds(rule.when, applies, case))
    read = sources(rule, case) if status in ("decides", "agrees", "applies") else ()
    return Standing(rule, status, beaten_by, because, tuple(read))


def status_of(
    rule: Rule, found: Deciders, decided: Sequence[str | None], *, beaten: bool
) -> Status:
    """Return a rule's status in one word."""
    if rule.name in decided:
        return "decides" if rule.name == decided[0] else "agrees"
    if found.applies[rule.name] is False:
        return "does_not_apply"
    if beaten:
        return "overridden"
    return "applies" if rule in found.certain else "open"


def grounds(condition: Condition, holds: bool | None, case: Case) -> Iterator[Compare | OneOf]:  # noqa: FBT001
    """Yield the comparisons on which it rests that a condition came to `holds`."""
    match condition:
        case Compare() | OneOf():
            yield condition
        case Named(condition=inner):
            yield from grounds(inner, holds, case)
        case Not(item):
            yield from grounds(item, None if holds is None else not holds, case)
        case All(items) | Any(items):
            for item in items:
                if truth(item, case) is holds:
                    yield from grounds(item, holds, case)
        case _:
            assert_never(condition)


def against(comparison: Compare | OneOf) -> tuple[Expression, ...]:
    """Return what a comparison compares its left side with."""
    return comparison.options if isinstance(comparison, OneOf) else (comparison.right,)


def sources(rule: Rule, case: Case) -> Iterator[Source]:
    """Yield the facts, measures and terms that a rule's outputs come from."""
    seen: set[str] = set()
    ahead: list[Expression | Condition] = [value for _, value in reversed(rule.outputs)]
    while ahead:
        node = ahead.pop()
        if isinstance(node, Source) and node.name not in seen:
            seen.add(node.name)
            yield node
        ahead += reversed(taken(node, case))


def taken(node: Expression | Condition, case: Case) -> tuple[Expression | Condition, ...]:
    """Return the parts of a node on which its value rests: of two branches the one taken."""
    match node:
        case If(condition, then, otherwise) if (holds := truth(condition, case)) is not None:
            return (condition, then if holds else otherwise)
        case Choose(by, branches) if (option := value(by, case)) is not None:
            return (by, branches[option])
        case _:
            return parts(node)
