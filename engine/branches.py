"""Expressions with one of several values: `choose`, `if` and `table`."""

from collections.abc import Mapping, Sequence

from .cells import cells, column
from .conditions import condition
from .declarations import texts
from .expressions import (
    Expected,
    Read,
    body,
    expression,
    of_family,
    several,
    under,
    unified,
    unknown_option,
)
from .model import Choose, Expression, If, Type, Value
from .scope import BrokenError, Scope, all_read
from .source import ListNode, MapNode, Node, Scalar, entry
from .values import YES_NO


def choose(node: Node, scope: Scope, expected: Expected) -> Expression:
    """Read `choose: {by, options, otherwise}`: a value for each option of a choice."""
    argument = body(node)[1]
    by = of_family(expression(entry(argument, "by"), scope), ("choice", "yes_no"), node, scope)
    written = entry(argument, "options")
    if not isinstance(written, MapNode):
        raise BrokenError
    branches = {key_of(key, by.type, scope): branch for key, branch in written.entries}
    rest = entry(argument, "otherwise")
    wanted: Sequence[Value] = by.type.options if by.type.kind == "choice" else (True, False)
    missing = [option for option in wanted if option not in branches]
    if missing and rest is None:
        words: Mapping[Value, str] = {True: "yes", False: "no"}
        names = ", ".join(f"`{words.get(name, name)}`" for name in missing)
        scope.fail("missing-option", node.where, f"no value for {names}", "add it, or `otherwise`")
    if rest is not None and not missing:
        scope.fail("unknown-key", rest.where, "`otherwise` is never used: every option has a value")
    nodes = [branches.get(option, rest) for option in wanted]
    found = several(nodes, scope, expected)
    kind = unified([item.type for item in found], node, scope)
    return Choose(by, dict(zip(wanted, found, strict=True)), kind)


def key_of(key: Scalar, by: Type, scope: Scope) -> Value:
    """Return the option (or yes or no) that a key of `options` names."""
    if by.kind == "yes_no":
        if key.text not in YES_NO:
            scope.fail("unknown-option", key.where, f"`{key.text}` is neither yes nor no")
        return YES_NO[key.text]
    if key.text not in by.options:
        unknown_option(key, by, scope)
    return key.text


def if_then_else(node: Node, scope: Scope, expected: Expected) -> Expression:
    """Read `if`, `then` and `else`."""
    holds = condition(entry(node, "if"), scope)
    then, otherwise = several(under(node, "then", "else"), scope, expected)
    return If(holds, then, otherwise, unified([then.type, otherwise.type], node, scope))


def table(node: Node, scope: Scope, expected: Expected) -> Expression:
    """Read `table: {columns, rows, otherwise}`: the value of the first row whose cells hold."""
    argument = body(node)[1]
    columns = [column(name, scope) for name in texts(argument, "columns")]
    written = entry(argument, "rows")
    rows = written.items if isinstance(written, ListNode) else ()
    whens = all_read(lambda row: cells(row, columns, scope), rows)
    nodes = [*(entry(row, "value") for row in rows), entry(argument, "otherwise")]
    *values, found = several(nodes, scope, expected)
    kind = unified([item.type for item in (*values, found)], node, scope)
    for when, value in reversed(list(zip(whens, values, strict=True))):
        found = If(when, value, found, kind)
    return found


BRANCHES: Mapping[str, Read] = {
    "choose": choose,
    "if": if_then_else,
    "then": if_then_else,
    "else": if_then_else,
    "table": table,
}
