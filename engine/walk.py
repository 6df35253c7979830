"""Walking the model: what a node is made of, the facts that it reads, and a node with a change."""

from collections.abc import Callable, Iterator
from typing import Any as AnyNode
from typing import TypeAlias, assert_never, cast

from .frozen import replace
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

Node: TypeAlias = Expression | Condition


def parts(node: Node) -> tuple[Node, ...]:
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


def within(*nodes: Node) -> Iterator[Node]:
    """Yield the nodes and all that they are made of, each once."""
    seen: set[int] = set()
    ahead = list(nodes)
    while ahead:
        node = ahead.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            ahead += parts(node)


def facts_in(*nodes: Node) -> set[str]:
    """Return the names of all facts that the nodes read, however deep.

    >>> facts_in(All(()))
    set()
    """
    return {node.name for node in within(*nodes) if isinstance(node, Fact)}


def counts_business_days(*nodes: Node) -> bool:
    """Return whether what nodes are worth depends on a calendar of business days."""
    return any(
        isinstance(node, Expression) and node.type.kind == "business_days"
        for node in within(*nodes)
    )


# ---------------------------------------------------------------- changes


class Rebuilding:
    """A change of nodes, wherever they stand: `change` returns what stands in a node's place.

    It returns None for a node that stays as far as its parts do. INVARIANT: what is shared stays
    shared, and a node in which nothing changes stays the same object.
    """

    def __init__(self, change: Callable[[Node], Node | None]) -> None:
        self.change = change
        self.done: dict[int, tuple[Node, Node]] = {}

    def expression(self, node: Expression) -> Expression:
        """Return an expression with the change."""
        return cast("Expression", self.node(node))

    def condition(self, node: Condition) -> Condition:
        """Return a condition with the change."""
        return cast("Condition", self.node(node))

    def node(self, node: Node) -> Node:
        """Return a node with the change."""
        if id(node) not in self.done:
            self.done[id(node)] = (node, self.rebuilt(node))  # kept, so that no id comes twice
        return self.done[id(node)][1]

    def rebuilt(self, node: Node) -> Node:
        """Return what stands in a node's place, or the node with its parts rebuilt."""
        changed = self.change(node)
        if changed is not None:
            return changed
        old = parts(node)
        new = [self.node(part) for part in old]
        same = all(before is after for before, after in zip(old, new, strict=True))
        return node if same else with_parts(node, new)


def with_parts(node: Node, new: list[AnyNode]) -> Node:
    """Return a node made of other parts, in the order of `parts`."""
    match node:
        case Fact() | Term() | Literal():
            return node
        case Measure() | Rounded():
            return replace(node, value=new[0])
        case Plus() | Times() | Least() | Greatest():
            return replace(node, items=tuple(new))
        case All() | Any():
            return replace(node, items=tuple(new))
        case OneOf():
            return replace(node, left=new[0], options=tuple(new[1:]))
        case Minus() | DividedBy() | Compare():
            return replace(node, left=new[0], right=new[1])
        case Shift():
            return replace(node, day=new[0], duration=new[1])
        case Between():
            return replace(node, start=new[0], end=new[1])
        case Choose(branches=branches):
            return replace(node, by=new[0], branches=dict(zip(branches, new[1:], strict=True)))
        case If():
            return replace(node, condition=new[0], then=new[1], otherwise=new[2])
        case Not():
            return replace(node, item=new[0])
        case Named():
            return replace(node, condition=new[0])
    assert_never(node)
