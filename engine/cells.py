"""Rows of a table: one cell a column → the condition that all of them hold."""

from collections.abc import Sequence

from .conditions import compared, like, one_of
from .model import All, Any, Compare, Condition, Expression, Fact, If, Literal, Measure, Type
from .scope import BrokenError, Scope
from .source import ListNode, MapNode, Node, Scalar, entry

YES = Literal(True, Type("yes_no"), "yes")  # noqa: FBT003 - a literal
NO = Literal(False, Type("yes_no"), "no")  # noqa: FBT003 - a literal


def column(name: Scalar, scope: Scope) -> Expression | None:
    """Return what a column is about, or None when it is broken; a condition is yes or no."""
    try:
        if name.text in scope.conditions:
            return If(scope.condition(name.text, name.where), YES, NO, YES.type)
        found = scope.reference(name.text, name.where)
    except BrokenError:
        return None
    if isinstance(found, Fact | Measure):
        return found
    scope.note(
        "type-mismatch", name.where, f"`{name.text}` is a term, and a column is a fact or measure"
    )
    return None


def cells(node: Node, columns: Sequence[Expression | None], scope: Scope) -> Condition:
    """Return the condition that all cells of a row hold."""
    written = entry(node, "when")
    if not isinstance(written, ListNode):
        raise BrokenError
    items = written.items
    if len(items) != len(columns):
        cells, wanted = f"{len(items)} cell{'s' * (len(items) != 1)}", len(columns)
        message = f"{cells} for {wanted} column{'s' * (wanted != 1)}"
        scope.fail(
            "cell-count", written.where, message, "write `any` where a column doesn't matter"
        )
    found, broken = [], False
    for left, cell in zip(columns, items, strict=False):
        try:
            found += cell_condition(left, cell, scope)
        except BrokenError:
            broken = True
    if broken:
        raise BrokenError
    return All(tuple(found), written.where)


def cell_condition(left: Expression | None, cell: Node, scope: Scope) -> list[Condition]:
    """Return what one cell asks of its column; nothing for `any`."""
    if left is None:
        raise BrokenError
    match cell:
        case Scalar(value="any"):
            return []
        case ListNode(items=items) if any(isinstance(item, MapNode) for item in items):
            return [Any(tuple(alternative(left, item, scope) for item in items), cell.where)]
        case ListNode():
            return [one_of(left, cell, scope, cell.where)]
        case _:
            return [alternative(left, cell, scope)]


def alternative(left: Expression, item: Node, scope: Scope) -> Condition:
    """Return what a value or comparison in a cell asks of its column."""
    if isinstance(item, MapNode):
        return compared(left, item, scope)
    return Compare(left, "is", like(left, item, scope), item.where)
