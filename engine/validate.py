"""The shape of a file: JSON Schema errors → findings in our own words, at the place of the word."""

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache, reduce
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from .advice import advice
from .characters import quoted
from .errors import Finding, Where, nearest, one_line
from .source import ListNode, MapNode, Node, Scalar, entry, plain

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
    ("Overrides", "enum"): "write a list such as `[no_refund]`, or `all`",
    ("Draft", "enum"): "write `draft`, or a start such as `{from: 2026-03-01}`",
    ("Condition", "maxProperties"): "put several conditions in `all: […]` or `any: […]`",
    ("Requirement", "maxProperties"): "give one condition and `else`; put several in `all: […]`",
    ("Requirement", "minProperties"): "give a condition beside `else`",
    ("Expression", "maxProperties"): "nest one operation in the other",
    ("Measure", "maxProperties"): "nest one operation in the other",
    ("Measure", "minProperties"): "give an operation beside `label`, such as `days: {…}`",
    ("Question", "minProperties"): "add `rules`, or `tables`",
}


COMMA = "give a value; or put a text with a comma or a colon in quotes"
QUOTE = '"'


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
    """Return a validator for a file in the schema folder, which refers to its own parts alone."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, seldom needed
    from jsonschema.validators import extend  # noqa: PLC0415 - ditto

    written = json.loads((SCHEMAS / schema).read_text("utf-8"))

    @cache
    def part(place: str) -> Any:  # noqa: ANN401 - JSON
        return reduce(getitem, place.split("/")[1:], written)

    def referred(
        own: Draft202012Validator, place: str, value: object, _: object
    ) -> "Iterator[ValidationError]":
        # To look it up as an address takes a third of the time of validation.
        return own.descend(cast("Any", value), part(place))

    extended: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {"$ref": referred}
    )
    return extended(written)


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
                hint = COMMA if entry(node, key.text) == empty(key) else key_hint(key.text, keys)
                yield bad("unknown-key", key.where, f"unknown key `{key.text}`", hint)
        case "required":
            for name in value:
                if name not in asked:
                    yield from missing_key(error, name, where)
        case "type":
            message = f"{wanted(error)} is needed here, not {found(error.instance)}"
            yield bad("wrong-type", where, message, instead(error))
        case "minProperties" if set(required(error.schema)) - set(asked):
            return  # the missing key is said already
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


def missing_key(error: "ValidationError", name: str, where: Where) -> Iterator[Finding]:
    """Say that a key is missing, unless it stands there misspelt, which is said already."""
    keys = [str(key) for key in cast("Any", error.instance) if key not in properties(error.schema)]
    meant = next((key for key in keys if nearest(key, [name])), "")
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    if not meant or schema.get("additionalProperties") is not False:
        hint = f"is `{meant}` meant to be it?" if meant else ""
        yield bad("missing-key", where, f"{subject(error)} needs `{name}`", hint)


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


def empty(key: Scalar) -> Scalar:
    """Return the value that a key without one has."""
    return Scalar(None, key.where, "")


def instead(error: "ValidationError") -> str:
    """Return what to write instead of a value of another shape."""
    title = kind_of(error)[0]
    match title, error.instance:
        case _, None:
            return COMMA
        case "Comparison", list():
            return "write `{one_of: […]}`"
        case "Comparison", given:
            return f"write `{{is: {json.dumps(given, default=str).strip(QUOTE)}}}`"
        case "Condition", list():
            return "write `{all: […]}` or `{any: […]}`"
        case "Operand", dict():
            return "name the calculation under `measures`"
        case "Rows", list():
            return "give each row a name, such as `light: {…}`"
        case _:
            return described(error)


def properties(schema: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return the keys that a schema knows."""
    return list(schema.get("properties", ())) if isinstance(schema, Mapping) else []


def required(schema: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return the keys that a schema asks for."""
    return list(schema.get("required", ())) if isinstance(schema, Mapping) else []


def unknown_keys(node: Node, known: list[str]) -> Iterator[Any]:
    """Yield the keys of a mapping that aren't known."""
    if isinstance(node, MapNode):
        yield from (key for key, _ in node.entries if key.text not in known)


def key_hint(name: str, known: list[str]) -> str:
    """Return the nearest known key, or all of them."""
    return advice(name, known) or "known here: " + ", ".join(f"`{key}`" for key in known)


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
    hint = advice(str(error.instance), allowed) or HINTS.get(kind_of(error)) or listed
    return f"{found(error.instance)} isn't allowed here", hint


def limit(error: "ValidationError") -> str:
    """Return the message for a value outside a limit of the schema."""
    instance: Any = error.instance
    match error.validator:
        case "minProperties" if instance:
            return f"{subject(error)} needs more than {', '.join(f'`{key}`' for key in instance)}"
        case "minLength" | "minItems" | "minProperties":
            short = "empty" if not instance else "too short"
            return f"{found(instance) if instance else subject(error)} is {short}"
        case "maxItems" | "maxProperties" | "maxLength":
            most = error.validator_value
            return f"{subject(error)} has {len(instance)} entries, and takes at most {most}"
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
    text = text[:1].lower() + text[1:]
    example = next((word for word in schema.get("examples", []) if isinstance(word, str)), None)
    return f"{text}, such as `{example}`" if text and example else text
