"""Conditions that come to the same in every valid case, wherever they stand.

Only what is proven is said. The conditions of a rule that never applies are no news: the rule is.
"""

from collections.abc import Iterator, Mapping, Sequence

from ..errors import Finding, Where
from ..model import ALWAYS, All, Any, Compare, Condition, Named, Not, OneOf, PolicyVersion, Rule
from ..rulebook import Rulebook, rulebook
from ..search import find
from ..vocabulary import in_short
from ..walk import Node, parts, within

Living = tuple[Rulebook, Rule]
"""A rule that applies in some valid case, with its question."""

Constants = Mapping[int, bool]
"""What a condition always comes to, by the identity of the condition."""


def conditions(rules: Sequence[Living], found: Constants) -> Iterator[Finding]:
    """Find conditions that are always or never true, and not those that are so because of them."""
    outer = (node for _, rule in rules for node in outermost(read_by(rule), found))
    causes = [cause for node in outer for cause in causes_of(node, found)]
    for condition in {place(cause): cause for cause in causes}.values():
        if found[id(condition)]:
            yield finding("always-true", condition, "every")
        else:
            yield finding("never-true", condition, "no")


def living(version: PolicyVersion) -> list[Living]:
    """Return the rules that apply in some valid case."""
    books = (rulebook(question, version.calendar) for question in version.questions.values())
    return [
        (book, rule)
        for book in books
        for rule in book.question.rules
        if find((*book.valid, (book.applies[rule.name],)))
    ]


def read_by(rule: Rule) -> tuple[Node, ...]:
    """Return the condition of a rule, and the values of its outputs."""
    return (rule.when, *(value for _, value in rule.outputs))


def constants(rules: list[Living]) -> Constants:
    """Return the conditions that all of the rules' valid cases agree about."""
    met: dict[tuple[int, int], bool | None] = {}
    for book, rule in rules:
        for node in within(*read_by(rule)):
            key = (id(node), id(book))
            if isinstance(node, Condition) and not empty(node) and key not in met:
                met[key] = settled(book, node)
    found: dict[int, set[bool | None]] = {}
    for (condition, _), holds in met.items():
        found.setdefault(condition, set()).add(holds)
    agreed = {condition: next(iter(each)) for condition, each in found.items() if len(each) == 1}
    return {condition: holds for condition, holds in agreed.items() if holds is not None}


def empty(condition: Condition) -> bool:
    """Return whether a condition asks nothing: that of a rule, or a row, for every case."""
    return condition == ALWAYS


def settled(book: Rulebook, condition: Condition) -> bool | None:
    """Return whether a condition holds in all valid cases, in none (False), or in some."""
    holds = book.reader.formula(condition)
    if not find((*book.valid, (holds,))):
        return False
    return None if find((*book.valid, (book.forest.opposite(holds),))) else True


# ---------------------------------------------------------------- causes


def outermost(nodes: tuple[Node, ...], found: Constants) -> Iterator[Condition]:
    """Yield the conditions that always come to the same and stand in no other such condition."""
    for node in nodes:
        if isinstance(node, Condition) and id(node) in found:
            yield node
        else:
            yield from outermost(parts(node), found)


def causes_of(condition: Condition, found: Constants) -> Iterator[Condition]:
    """Yield the parts that alone make a condition come to what it does, or the condition."""
    causes = [*forcing(condition, found)]
    for cause in causes:
        yield from causes_of(cause, found)
    if not causes:
        yield condition


def forcing(condition: Condition, found: Constants) -> Iterator[Condition]:
    """Yield the parts of a condition each of which is enough for what it comes to."""
    match condition:
        case All(items) | Any(items):
            enough = isinstance(condition, Any)
            forced = found[id(condition)] is enough
            yield from (item for item in items if forced and found.get(id(item)) is enough)
        case Not(item) | Named(_, item):
            yield from (part for part in (item,) if id(part) in found)
        case Compare() | OneOf():
            yield from outermost(parts(condition), found)


def place(condition: Condition) -> Where:
    """Return where a condition stands."""
    if isinstance(condition, Named):
        return place(condition.condition)
    assert condition.where, "INVARIANT: what an author wrote has a place"
    return condition.where


def finding(code: str, condition: Condition, cases: str) -> Finding:
    """Return the warning about a condition that is true in every, or in no, valid case."""
    return Finding(
        code=code,
        where=place(condition),
        message=f"{called(condition)} is true in {cases} valid case",
        hint="leave it out, or mend it",
        severity="warning",
    )


def called(condition: Condition) -> str:
    """Return a condition in words; one that holds several comparisons is `this condition`."""
    match condition:
        case Compare() | OneOf():
            return f"`{in_short(condition)}`"
        case Named(_, Named() as inner):
            return called(inner)
        case Named(name, _):
            return f"condition `{name}`"
        case _:
            return "this condition"
