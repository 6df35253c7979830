"""Walking the model: what a node is made of, and the facts that it reads."""

from collections.abc import Iterator
from typing import assert_never

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
    Plus,
    Rounded,
    Shift,
    Term,
    Times,
)


def parts(node: Expression | Condition) -> tuple[Expression | Condition, ...]:
    """Return what a node is directly made of; a fact, term or literal has no parts."""
    match node:
        case Fact() | Term() | Literal():
            return ()
        case Measure(value=value) | Rounded(value=value):
            return (value,)
        case Plus(items) | Times(items) | Least(items) | Greatest(items):
            return items
        case All(items) | Any(items):
            return items
        case OneOf(left, options):
            return (left, *options)
        case Minus(left, right) | DividedBy(left, right) | Compare(left, _, right):
            return (left, right)
        case Shift(start, end) | Between(start, end):
            return (start, end)
        case Choose(by, branches):
            return (by, *branches.values())
        case If(condition, then, otherwise):
            return (condition, then, otherwise)
        case Not(item) | Named(_, item):
            return (item,)
    assert_never(node)


def within(*nodes: Expression | Condition) -> Iterator[Expression | Condition]:
    """Yield the nodes and all that they are made of, each once."""
    seen: set[int] = set()
    ahead = list(nodes)
    while ahead:
        node = ahead.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            ahead += parts(node)


def facts_in(*nodes: Expression | Condition) -> set[str]:
    """Return the names of all facts that the nodes read, however deep.

    >>> facts_in(All(()))
    set()
    """
    return {node.name for node in within(*nodes) if isinstance(node, Fact)}
