"""Terms, facts, measures and conditions: YAML nodes → what a name stands for."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from .conditions import condition
from .expressions import expression
from .frozen import replace
from .model import Fact, Measure, Named, Term, Type
from .scope import BrokenError, Reference, Scope, once
from .source import ListNode, MapNode, Node, Scalar, entry
from .values import literal, minor_digits


def declare(root: MapNode, scope: Scope) -> None:
    """Give every name of the file its meaning; measures and conditions are read at first use."""
    readers: Mapping[str, Callable[[Scalar, Node, Scope], Reference]] = {
        "terms": term,
        "facts": fact,
        "measures": measure,
    }
    taken: dict[str, Scalar] = {}
    written = [entry(root, section) for section in (*readers, "conditions")]
    whole = all(part is None or isinstance(part, MapNode) for part in written)
    scope.incomplete = not whole or entry(root, "facts") is None
    for section, read in readers.items():
        for key, node in entries(root, section):
            if not is_taken(key, taken, scope):
                build = partial(read, key, node, scope)
                scope.references[key.text] = once(key.text, key.where, scope, build)
    for key, node in entries(root, "conditions"):
        if not is_taken(key, taken, scope):
            scope.conditions[key.text] = once(
                key.text, key.where, scope, partial(named, key, node, scope)
            )


def is_taken(key: Scalar, taken: dict[str, Scalar], scope: Scope) -> bool:
    """Note a name that something else has already, or take it."""
    if key.text in taken:
        scope.note(
            "name-taken",
            key.where,
            f"`{key.text}` is declared twice, first in line {taken[key.text].where.line}",
            "terms, facts, measures and conditions share their names",
        )
        return True
    taken[key.text] = key
    return False


def entries(node: Node | None, key: str) -> Iterator[tuple[Scalar, Node]]:
    """Yield the entries of the mapping under `key`; none when there is no such mapping."""
    inner = entry(node, key)
    if isinstance(inner, MapNode):
        yield from inner.entries


def words(node: Node | None, key: str, default: str = "") -> str:
    """Return the text under `key`, or the default."""
    inner = entry(node, key)
    return inner.value if isinstance(inner, Scalar) and isinstance(inner.value, str) else default


def without(node: Node, key: str) -> Node:
    """Return a node without the entry under `key`."""
    if not isinstance(node, MapNode):
        return node
    return replace(node, entries=tuple(item for item in node.entries if item[0].text != key))


def spaced(name: str) -> str:
    """Return a name in words."""
    return name.replace("_", " ")


def texts(node: Node | None, key: str) -> Iterator[Scalar]:
    """Yield the texts of the list under `key`."""
    inner = entry(node, key)
    if isinstance(inner, ListNode):
        yield from (item for item in inner.items if isinstance(item, Scalar))


def term(key: Scalar, node: Node, scope: Scope) -> Term:
    """Read a term: a literal, or a text or link for sentences."""
    if isinstance(node, MapNode):
        text = words(node, "text") or words(node, "link")
        return Term(name=key.text, type=Type("text"), value=text, text=text, where=key.where)
    if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
        raise BrokenError
    try:
        found = literal(node.value, scope.currency)
    except ValueError as error:
        scope.fail("bad-value", node.where, str(error))
    if found is None:
        scope.fail(
            "bad-value",
            node.where,
            f"`{node.text}` is no figure",
            f"for words write `{{text: {node.text}}}`",
        )
    if found.type.kind == "business_days":
        scope.require_calendar(node.where)
    return Term(name=key.text, type=found.type, value=found.value, text=found.text, where=key.where)


def fact(key: Scalar, node: Node, scope: Scope) -> Fact:
    """Read a fact."""
    label = words(node, "label", spaced(key.text))
    fixed = entry(node, "fixed")
    return Fact(
        name=key.text,
        type=declared_type(node, scope),
        label=label,
        ask=words(node, "ask", f"What is {label}?"),
        fixed=isinstance(fixed, Scalar) and fixed.value is True,
        options=option_labels(node),
        where=key.where,
    )


def option_labels(node: Node) -> dict[str, str]:
    """Return what customers call the options that a fact or an output declares."""
    named = entry(node, "options")
    return {option.text: words(named, option.text) for option, _ in entries(node, "options")}


def declared_type(node: Node, scope: Scope) -> Type:
    """Return the type that a fact or an output declares."""
    kind = node.text if isinstance(node, Scalar) else words(node, "type")
    scale = entry(node, "scale")
    match kind:
        case "yes_no" | "date" | "whole_number" as simple:
            return Type(simple)
        case "choice" if options := tuple(key.text for key, _ in entries(node, "options")):
            return Type("choice", options=options)
        case "decimal" if isinstance(scale, Scalar) and isinstance(scale.value, int):
            return Type("decimal", scale=scale.value)
        case "money":
            if not scope.currency:
                scope.fail(
                    "no-currency",
                    node.where,
                    "money needs `currency` at the top of the policy",
                    "such as `currency: USD`",
                    once=True,
                )
            return Type("money", scale=minor_digits(scope.currency))
        case _:
            raise BrokenError


def measure(key: Scalar, node: Node, scope: Scope) -> Measure:
    """Read a measure: an expression, whose type it has, and its label."""
    value = expression(without(node, "label"), scope)
    label = words(node, "label", spaced(key.text))
    return Measure(name=key.text, type=value.type, label=label, value=value, where=key.where)


def named(key: Scalar, node: Node, scope: Scope) -> Named:
    """Read a condition under its name."""
    return Named(key.text, condition(node, scope))
