"""Outcomes: YAML nodes → outcomes with their outputs, and what is better for the customer."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from .declarations import declared_type, entries, option_labels, spaced, words
from .errors import nearest
from .expressions import assignable, expression
from .model import Better, Kind, Outcome, Output, Type
from .scope import BrokenError, Scope, described
from .source import ListNode, Node, Scalar, entry

AMOUNTS: tuple[Better, ...] = ("more", "less")
DAYS: tuple[Better, ...] = ("later", "earlier")
BETTER: Mapping[Kind, tuple[Better, ...]] = {
    "whole_number": AMOUNTS,
    "decimal": AMOUNTS,
    "money": AMOUNTS,
    "date": DAYS,
}


def outcome(key: Scalar, node: Node, rank: Mapping[str, int], scope: Scope) -> Outcome | None:
    """Read an outcome with its outputs."""
    try:
        outputs = tuple(output(name, part, scope) for name, part in entries(node, "outputs"))
    except BrokenError:
        return None
    for found in outputs:
        default = entry(entry(entry(node, "outputs"), found.name), "default")
        with suppress(BrokenError):
            if default:
                assignable(expression(default, scope, found.type), found.type, default, scope)
    return Outcome(
        name=key.text,
        label=words(node, "label", spaced(key.text)),
        outputs=outputs,
        rank=rank.get(key.text),
        where=key.where,
    )


def output(key: Scalar, node: Node, scope: Scope) -> Output:
    """Read an output."""
    kind = declared_type(node, scope)
    return Output(
        name=key.text,
        type=kind,
        label=words(node, "label", spaced(key.text)),
        better=better(node, kind, scope),
        options=option_labels(node),
        where=key.where,
    )


def defaults(question: Node) -> Iterator[tuple[tuple[str, str], Node]]:
    """Yield the default of each output that has one, by the names of outcome and output."""
    for name, part in entries(question, "outcomes"):
        for own, declared in entries(part, "outputs"):
            if default := entry(declared, "default"):
                yield (name.text, own.text), default


def ranks(node: Node | None, outcomes: Sequence[str], scope: Scope) -> dict[str, int]:
    """Return the rank of each outcome that `best_first` lists, 0 for the best.

    Outcomes in a list of their own are equally good. Each outcome of the question stands there
    once; what doesn't is noted.
    """
    found: dict[str, int] = {}
    unknown = False
    for rank, name in ranked(node) if outcomes else ():
        if name.text in found:
            message = f"outcome `{name.text}` stands twice in `best_first`"
            scope.note("bad-value", name.where, message, "keep one of the two")
        elif name.text in outcomes:
            found[name.text] = rank
        else:
            unknown = True
            hint = nearest(name.text, outcomes) or "outcomes here: " + ", ".join(outcomes)
            message = f"there is no outcome `{name.text}`"
            scope.note("unknown-outcome", name.where, message, hint)
    left_out = [f"`{name}`" for name in outcomes if name not in found]
    if isinstance(node, ListNode) and left_out and not unknown:
        message = f"`best_first` leaves out {', '.join(left_out)}"
        hint = "name every outcome once, equally good ones in a list of their own"
        scope.note("missing-outcome", node.where, message, hint)
    return found


def ranked(node: Node | None) -> Iterator[tuple[int, Scalar]]:
    """Yield each name in a list, also in the lists within it, with its place in the outer list."""
    for rank, item in enumerate(node.items if isinstance(node, ListNode) else ()):
        for name in item.items if isinstance(item, ListNode) else (item,):
            if isinstance(name, Scalar) and isinstance(name.value, str):
                yield rank, name


def better(node: Node, kind: Type, scope: Scope) -> Better | None:
    """Return which values of an output are better for the customer, or None when it doesn't say."""
    written = entry(node, "better")
    if not isinstance(written, Scalar):
        return None
    fitting = BETTER.get(kind.kind, ())
    for word in fitting:
        if written.text == word:
            return word
    if written.text in (*AMOUNTS, *DAYS):
        message = f"`{written.text}` doesn't go with {described(kind)}"
        hint = "use " + " or ".join(f"`{word}`" for word in fitting) if fitting else "leave it out"
        scope.note("type-mismatch", written.where, message, hint)
    return None
