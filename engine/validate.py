"""The shape of a file: JSON Schema errors → findings in our own words, at the place of the word."""

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from .characters import quoted
from .errors import Finding, Where, nearest, one_line
from .source import ListNode, MapNode, Node, Scalar, plain

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

SCHEMAS = Path(__file__).parent.parent / "schema"
JSON_WORDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
HINTS = {
    ("Overrides", "enum"): "write a list such as `[final_sale]`, or `all`",
    ("Draft", "enum"): "write `draft`, or a start such as `{from: 2026-03-01}`",
    ("Condition", "maxProperties"): "put several conditions in `all: […]` or `any: […]`",
    ("Requirement", "maxProperties"): "give one condition and `else`; put several in `all: […]`",
    ("Requirement", "minProperties"): "give a condition beside `else`",
    ("Expression", "maxProperties"): "nest one operation in the other",
    ("Question", "minProperties"): "add `rules`, or `tables`",
}


def violations(node: Node, schema: str) -> list[Finding]:
    """Return everything in `node` that the schema file `schema` doesn't allow, in file order."""
    found = {
        finding: None
        for error in validator(schema).iter_errors(cast("Any", plain(node)))
        for finding in explained(error, node)
    }
    return sorted(found, key=lambda finding: finding.where)


@cache
def validator(schema: str) -> "Validator":
    """Return a validator for a file in the schema folder."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, seldom needed

    return Draft202012Validator(json.loads((SCHEMAS / schema).read_text("utf-8")))


def explained(error: "ValidationError", root: Node) -> Iterator[Finding]:
    """Say what one schema error means, in the words of the file's author."""
    node = at(root, error.absolute_path)
    where = node.where
    value: Any = error.validator_value
    asked: Any = error.instance
    keys = properties(error.schema)
    match error.validator:
        case "additionalProperties":
            for key in unknown_keys(node, keys):
                yield bad(
                    "unknown-key", key.where, f"unknown key `{key.text}`", key_hint(key.text, keys)
                )
        case "required":
            for name in value:
                if name not in asked:
                    yield bad("missing-key", where, f"{subject(error)} needs `{name}`")
        case "type":
            yield bad(
                "wrong-type", where, f"{wanted(error)} is needed here, not {found(error.instance)}"
            )
        case "enum" | "const":
            yield bad("bad-value", where, *not_one_of(error))
        case _ if "propertyNames" in error.schema_path:
            key = key_place(node, str(error.instance))
            yield bad(
                "bad-name",
                key,
                f"{quoted(str(error.instance))} can't be a name here",
                described(error),
            )
        case _:
            yield bad("bad-value", where, limit(error), described(error))


def bad(code: str, where: Where, message: str, hint: str = "") -> Finding:
    """Return an error."""
    return Finding(code=code, where=where, message=one_line(message), hint=one_line(hint))


def at(root: Node, path: Iterable[str | int]) -> Node:
    """Return the node that a path of keys and list positions leads to."""
    node = root
    for step in path:
        match node:
            case MapNode(entries=entries):
                node = next(value for key, value in entries if key.text == step)
            case ListNode(items=items):
                node = items[int(step)]
            case Scalar():
                break
    return node


def key_place(node: Node, name: str) -> Where:
    """Return where a key of a mapping stands."""
    entries = node.entries if isinstance(node, MapNode) else ()
    return next((key.where for key, _ in entries if key.text == name), node.where)


def properties(schema: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return the keys that a schema knows."""
    return list(schema.get("properties", ())) if isinstance(schema, Mapping) else []


def unknown_keys(node: Node, known: list[str]) -> Iterator[Any]:
    """Yield the keys of a mapping that aren't known."""
    if isinstance(node, MapNode):
        yield from (key for key, _ in node.entries if key.text not in known)


def key_hint(name: str, known: list[str]) -> str:
    """Return the nearest known key, or all of them."""
    return nearest(name, known) or "known here: " + ", ".join(f"`{key}`" for key in known)


def subject(error: "ValidationError") -> str:
    """Return what the violated part of the schema describes, in words."""
    title = error.schema.get("title") if isinstance(error.schema, Mapping) else None
    return f"this {title.lower()}" if title else "this"


def kind_of(error: "ValidationError") -> tuple[str, str]:
    """Return what identifies a kind of mistake: the violated schema's title and its keyword."""
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    return str(schema.get("title")), str(error.validator)


def wanted(error: "ValidationError") -> str:
    """Return the types that would have fitted, in words."""
    kinds: Any = error.validator_value
    names = [JSON_WORDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    return " or ".join(names)


def found(instance: object) -> str:
    """Return what stands there instead, in words."""
    match instance:
        case None:
            return "an empty value"
        case bool() | int():
            return f"`{json.dumps(instance)}`"
        case Decimal():
            return f"`{instance}`"
        case str():
            return quoted(instance)
        case list():
            return "a list"
        case _:
            return "a mapping"


def not_one_of(error: "ValidationError") -> tuple[str, str]:
    """Return the message and hint for a value that isn't one of those allowed."""
    value: Any = error.validator_value
    allowed = [str(word) for word in (value if error.validator == "enum" else [value])]
    listed = "one of: " + ", ".join(f"`{word}`" for word in allowed)
    if len(allowed) == 1:
        listed = f"write `{allowed[0]}`"
    hint = nearest(str(error.instance), allowed) or HINTS.get(kind_of(error)) or listed
    return f"{found(error.instance)} isn't allowed here", hint


def limit(error: "ValidationError") -> str:
    """Return the message for a value outside a limit of the schema."""
    instance: Any = error.instance
    match error.validator:
        case "minLength" | "minItems" | "minProperties":
            few = f"at least {error.validator_value}"
            return (
                f"{found(error.instance)} is too short"
                if error.instance
                else f"empty: {few} needed"
            )
        case "maxItems" | "maxProperties" | "maxLength":
            return (
                f"{subject(error)} takes at most {error.validator_value}, and holds {len(instance)}"
            )
        case "uniqueItems":
            return "a value stands twice in this list"
        case "minimum" | "maximum":
            return f"{found(error.instance)} is outside the limits"
        case _:
            return f"{found(error.instance)} doesn't fit here"


def described(error: "ValidationError") -> str:
    """Return the schema's own description, with its first example, as a hint."""
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    if given := HINTS.get(kind_of(error)):
        return given
    text = str(schema.get("description", "")).rstrip(".")
    example = next((word for word in schema.get("examples", []) if isinstance(word, str)), None)
    return f"{text}, such as `{example}`" if text and example else text
