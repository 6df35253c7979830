"""Choices whose options all come to the same, and facts that no question reads.

Options may be alike on purpose: several that share an answer are often named apart because
customers see them so. So only a fact that can't matter at all is taken for a slip.
"""

from collections.abc import Iterable, Iterator

from ..errors import Finding
from ..model import Choose, Fact, PolicyVersion, Value
from ..rulebook import Rulebook
from ..versions import Policy
from ..walk import Node, Rebuilding, facts_in
from .alike import alike, nodes, possible, revised


def options(policy: Policy) -> Iterator[Finding]:
    """Find facts that are asked for and come to nothing, and facts that are never asked for."""
    for version in policy.versions:
        books = possible(version)
        picking = facts_in(*(start.when for start in version.in_force or ()))
        for fact in version.facts.values():
            reading = [book for book in books if fact.name in facts_in(*nodes(book.question))]
            unpicked = reading and fact.name not in picking
            if unpicked and all(never_matters(fact, book) for book in reading):
                yield same_value(fact)
        yield from unread(version)


def never_matters(fact: Fact, book: Rulebook) -> bool:
    """Return whether a fact does nothing but pick among values, which come to the same."""
    every: tuple[Value, ...] = (True, False) if fact.type.kind == "yes_no" else fact.type.options
    changes = [with_option(fact, option) for option in every]
    if not changes or fact.name in facts_in(*map(changes[0].node, nodes(book.question))):
        return False
    first, *others = [revised(book, change) for change in changes]
    return all(alike(first, other) for other in others)


def with_option(fact: Fact, option: Value) -> Rebuilding:
    """Return the change that puts one option's value in the place of each choice by a fact."""

    def change(node: Node) -> Node | None:
        if isinstance(node, Choose) and node.by == fact:
            return again.node(node.branches[option])
        return None

    again = Rebuilding(change)
    return again


def same_value(fact: Fact) -> Finding:
    """Return the warning about a choice that comes to the same whatever is chosen."""
    which = "yes and no" if fact.type.kind == "yes_no" else "all options"
    return Finding(
        code="alike-options",
        where=fact.where,
        message=f"{which} of `{fact.name}` come to the same in every case",
        hint="give them different values, or leave the fact out",
        severity="warning",
    )


def unread(version: PolicyVersion) -> Iterator[Finding]:
    """Find facts that `always` alone names: no question has them, so nobody asks for them."""
    asked = {fact.name for question in version.questions.values() for fact in question.facts}
    named = facts_in(*version.measures.values(), *version.conditions.values())
    for name, fact in version.facts.items():
        if name in words(version.content.get("always", ())) and name not in asked | named:
            yield Finding(
                code="idle-fact",
                where=fact.where,
                message=f"only `always` names fact `{name}`, and no question reads it",
                hint="use it in a rule, or delete it with its requirement",
                severity="warning",
            )


def words(content: object) -> set[str]:
    """Return every word of a part of the file."""
    match content:
        case str():
            return {content}
        case dict():
            return words([*content, *content.values()])
        case Iterable():
            return {word for part in content for word in words(part)}
        case _:
            return set()
