"""Expressions: YAML nodes → typed expressions of the model.

Each operator has a function in `OPERATORS` with one signature: (node, scope, expected type). The
expected type is only a hint: it tells which choice a bare option name belongs to.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from .errors import nearest
from .model import (
    Between,
    DividedBy,
    Expression,
    Greatest,
    Kind,
    Least,
    Literal,
    Minus,
    Plus,
    Rounded,
    Rounding,
    Shift,
    Times,
    Type,
)
from .scope import BrokenError, Scope, all_read, described, family
from .source import ListNode, MapNode, Node, Scalar, entry
from .values import YES_NO, literal

Expected = Type | None
Read = Callable[[Node, Scope, Expected], Expression]
DURATIONS = ("days", "business_days", "months")
UNITS = ("money", *DURATIONS)
ORDERED = ("number", "money", "date", *DURATIONS)


def expression(node: Node | None, scope: Scope, expected: Expected = None) -> Expression:
    """Return the typed expression that a node stands for; raises BrokenError when there is none."""
    match node:
        case Scalar():
            return scalar(node, scope, expected)
        case MapNode(entries=((Scalar(value=str(key)), _), *_)) if key in OPERATORS:
            return OPERATORS[key](node, scope, expected)
        case _:
            raise BrokenError


def scalar(node: Scalar, scope: Scope, expected: Expected) -> Expression:
    """Return the option, literal, fact, term or measure that a scalar names."""
    if node.value is None:
        raise BrokenError
    if expected and expected.kind == "choice" and node.text in expected.options:
        if node.text in scope.references:
            scope.fail(
                "ambiguous-name",
                node.where,
                f"`{node.text}` is an option here, and a fact, term or measure as well",
                "rename one of the two",
            )
        return Literal(node.text, expected, node.text)
    if expected and expected.kind == "yes_no" and node.text in YES_NO:
        return Literal(YES_NO[node.text], expected, node.text)
    try:
        found = literal(node.value, scope.currency)
    except ValueError as error:
        scope.fail("bad-value", node.where, str(error))
    if found and found.type.kind == "business_days":
        scope.require_calendar(node.where)
    if found:
        return found
    if expected and expected.kind == "choice" and node.text not in scope.references:
        unknown_option(node, expected, scope)
    if node.text in YES_NO and node.text not in scope.references:
        return Literal(YES_NO[node.text], Type("yes_no"), node.text)
    return scope.reference(node.text, node.where)


def unknown_option(node: Scalar, expected: Type, scope: Scope) -> None:
    """Note that a word is no option of the choice that it stands beside."""
    hint = nearest(node.text, expected.options) or "one of: " + ", ".join(expected.options)
    scope.fail("unknown-option", node.where, f"`{node.text}` is no option here", hint)


# ---------------------------------------------------------------- types


def unified(types: Sequence[Type], node: Node, scope: Scope) -> Type:
    """Return the one type that values of these types have in common."""
    first = types[0]
    for other in types[1:]:
        if family(other) != family(first) or set(other.options) != set(first.options):
            scope.fail(
                "type-mismatch",
                node.where,
                f"{described(first)} and {described(other)} don't go together here",
            )
    if family(first) == "number" and any(kind.kind == "decimal" for kind in types):
        return Type("decimal", scale=max(kind.scale for kind in types))
    return first


def of_family(found: Expression, wanted: Sequence[str], node: Node, scope: Scope) -> Expression:
    """Return the expression itself, or note that it is of another family than wanted."""
    if family(found.type) not in wanted:
        words = " or ".join(described(Type(kind)) for kind in map(kind_of, wanted))
        scope.fail(
            "type-mismatch",
            node.where,
            f"{words} is needed here, and this is {described(found.type)}",
        )
    return found


def kind_of(wanted: str) -> Kind:
    """Return a kind that belongs to a family."""
    return "whole_number" if wanted == "number" else wanted  # type: ignore[return-value]


# ---------------------------------------------------------------- operators


def body(node: Node) -> tuple[str, Node]:
    """Return an operator's name and its argument."""
    assert isinstance(node, MapNode)
    key, argument = node.entries[0]
    return key.text, argument


def operands(node: Node, scope: Scope, expected: Expected = None) -> list[Expression]:
    """Return the operands that stand in an operator's list."""
    argument = body(node)[1]
    if not isinstance(argument, ListNode) or len(argument.items) < 2:  # noqa: PLR2004 - a pair
        raise BrokenError
    return several(argument.items, scope, expected)


def several(
    nodes: Sequence[Node | None], scope: Scope, expected: Expected = None
) -> list[Expression]:
    """Return the expressions of several nodes, after noting what is wrong with each."""
    return all_read(lambda node: expression(node, scope, expected), nodes)


def under(node: Node, *keys: str) -> list[Node | None]:
    """Return the nodes under several keys."""
    return [entry(node, key) for key in keys]


def plus(node: Node, scope: Scope, _expected: Expected) -> Expression:
    """Read a sum, or a date followed by durations."""
    items = operands(node, scope)
    if family(items[0].type) == "date":
        moved = items[0]
        for duration in items[1:]:
            moved = Shift(moved, of_family(duration, DURATIONS, node, scope), 1)
        return moved
    for item in items:
        of_family(item, ("number", "money", *DURATIONS), node, scope)
    return Plus(tuple(items), unified([item.type for item in items], node, scope))


def minus(node: Node, scope: Scope, _expected: Expected) -> Expression:
    """Read a difference, or a date moved back by a duration."""
    left, right = operands(node, scope)[:2]
    if family(left.type) == "date" and family(right.type) == "date":
        scope.fail(
            "type-mismatch",
            node.where,
            "a date less a date is a count of days, business days or months",
            "write `days: {from: …, to: …}`",
        )
    if family(left.type) == "date":
        return Shift(left, of_family(right, DURATIONS, node, scope), -1)
    of_family(left, ("number", "money", *DURATIONS), node, scope)
    return Minus(left, right, unified([left.type, right.type], node, scope))


def times(node: Node, scope: Scope, _expected: Expected) -> Expression:
    """Read a product: numbers, and at most one amount of money or duration."""
    items = operands(node, scope)
    units = [item for item in items if family(item.type) != "number"]
    if not units:
        return Times(tuple(items), unified([item.type for item in items], node, scope))
    of_family(units[0], ("money", *DURATIONS), node, scope)
    decimal = any(item.type.kind == "decimal" for item in items)
    if len(units) > 1 or (decimal and units[0].type.kind != "money"):
        scope.fail(
            "type-mismatch",
            node.where,
            "a product holds numbers and one amount of money, or whole numbers and one duration",
        )
    return Times(tuple(items), units[0].type)


def divided_by(node: Node, scope: Scope, _expected: Expected) -> Expression:
    """Read a quotient: by a number, or of two values of one kind (which is a number)."""
    left, right = operands(node, scope)[:2]
    of_family(left, ("number", "money", *DURATIONS), node, scope)
    if family(right.type) == "number" and family(left.type) in ("number", "money"):
        return DividedBy(left, right, left.type if left.type.kind == "money" else Type("decimal"))
    unified([left.type, right.type], node, scope)
    return DividedBy(left, right, Type("decimal"))


def share(node: Node, scope: Scope, _expected: Expected) -> Expression:
    """Read `share: {of, part, whole}`, which is of × part ÷ whole."""
    argument = body(node)[1]
    of, part, whole = several(under(argument, "of", "part", "whole"), scope)
    of_family(of, ("number", "money"), node, scope)
    of_family(part, ("number", "money", *DURATIONS), node, scope)
    unified([part.type, whole.type], node, scope)
    kind = of.type if of.type.kind == "money" else Type("decimal")
    return Times((of, DividedBy(part, whole, Type("decimal"))), kind)


ROUNDING_MODES: tuple[Rounding, ...] = ("half_up", "half_even", "up", "down")


def rounded(node: Node, scope: Scope, _expected: Expected) -> Expression:
    """Read `rounded: {value, to, mode}`."""
    argument = body(node)[1]
    value, to = several(under(argument, "value", "to"), scope)
    of_family(value, ("number", "money"), node, scope)
    unified([value.type, to.type], node, scope)
    if not isinstance(to, Literal) or Fraction(to.value) <= 0:  # type: ignore[arg-type]
        scope.fail("bad-value", node.where, "`to` takes a literal above zero, such as `0.05 USD`")
    written = entry(argument, "mode")
    mode = next(
        (name for name in ROUNDING_MODES if isinstance(written, Scalar) and written.text == name),
        None,
    )
    if mode is None:
        raise BrokenError
    return Rounded(value, Fraction(to.value), mode, to.type)  # type: ignore[arg-type]


def least(node: Node, scope: Scope, _expected: Expected) -> Expression:
    """Read the smallest or earliest of several values."""
    items, kind = ordered(node, scope)
    return Least(items, kind)


def greatest(node: Node, scope: Scope, _expected: Expected) -> Expression:
    """Read the largest or latest of several values."""
    items, kind = ordered(node, scope)
    return Greatest(items, kind)


def ordered(node: Node, scope: Scope) -> tuple[tuple[Expression, ...], Type]:
    """Return operands that have an order, and their type."""
    items = operands(node, scope)
    for item in items:
        of_family(item, ORDERED, node, scope)
    return tuple(items), unified([item.type for item in items], node, scope)


def between(node: Node, scope: Scope, _expected: Expected) -> Expression:
    """Read `days`, `business_days`, `months` or `years` from one date to another."""
    unit, argument = body(node)
    start, end = several(under(argument, "from", "to"), scope)
    for side in (start, end):
        of_family(side, ("date",), node, scope)
    if unit == "business_days":
        scope.require_calendar(node.where)
    if unit == "years":
        months = Between(start, end, Type("months"))
        return Rounded(
            DividedBy(months, Literal(12, Type("months"), "1 year"), Type("decimal")),
            Fraction(1),
            "down",
            Type("whole_number"),
        )
    return Between(start, end, Type(unit))  # type: ignore[arg-type]


def branching(node: Node, scope: Scope, expected: Expected) -> Expression:
    """Read an expression that has one of several values."""
    from .branches import BRANCHES  # noqa: PLC0415 - expressions and conditions hold each other

    return BRANCHES[body(node)[0]](node, scope, expected)


OPERATORS: Mapping[str, Read] = {
    "plus": plus,
    "minus": minus,
    "times": times,
    "divided_by": divided_by,
    "share": share,
    "rounded": rounded,
    "least": least,
    "greatest": greatest,
    "days": between,
    "business_days": between,
    "months": between,
    "years": between,
    **dict.fromkeys(("choose", "if", "then", "else", "table"), branching),
}


def assignable(found: Expression, wanted: Type, node: Node, scope: Scope) -> Expression:
    """Return the expression as a value of an output, or note that it doesn't fit the output."""
    same_options = set(found.type.options) == set(wanted.options)
    fits = family(found.type) == family(wanted) and same_options
    if fits and wanted.kind == "whole_number" and found.type.kind == "decimal":
        scope.fail(
            "type-mismatch",
            node.where,
            "a whole number is needed here, and this may have digits after the point",
            "wrap it in `rounded: {value: …, to: 1, mode: half_up}`",
        )
    if not fits:
        scope.fail(
            "type-mismatch",
            node.where,
            f"{described(wanted)} is needed here, and this is {described(found.type)}",
            with_unit(found, wanted, scope),
        )
    return found


def with_unit(found: Expression, wanted: Type, scope: Scope) -> str:
    """Return the hint to give a bare number its unit, or "" where that isn't what is wrong."""
    unit = scope.currency if wanted.kind == "money" else wanted.kind.replace("_", " ")
    bare = isinstance(found, Literal) and family(found.type) == "number"
    return f"write `{found.text} {unit}`" if bare and wanted.kind in UNITS else ""  # type: ignore[union-attr]
