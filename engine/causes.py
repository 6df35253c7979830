"""Which lines of two versions make a group of cases come out differently.

A rule is what its `when`, outputs and overrides are made of. What one version has and the other has
not is the cause: a term with another value, a comparison, an override. Where no part of the rules
differs, the rules themselves are.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from .errors import Where
from .model import Compare, Fact, Literal, OneOf, Question, Rule, Term, Type
from .vocabulary import listed
from .walk import Node, Rebuilding, within

Part: TypeAlias = tuple[object, ...]
Said: TypeAlias = tuple[str, Where]
Parts: TypeAlias = dict[Part, Said]
NO_TYPE = Type("text")


@dataclass(frozen=True, slots=True)
class Cause:
    """A line of the old or the new version, and what stands there."""

    side: str
    what: str
    where: Where


def causes(old: Question, new: Question, names: Iterable[str]) -> tuple[Cause, ...]:
    """Return the lines in which the rules named differ, those of the old version first."""
    before, after = ({rule.name: rule for rule in question.rules} for question in (old, new))
    found: list[Cause] = []
    for name in names:
        one, other = before.get(name), after.get(name)
        if one and other:
            found += between(dict(made_of(one)), dict(made_of(other)))
        else:
            found += [Cause("old", f"rule `{name}`", one.where)] if one else []
            found += [Cause("new", f"rule `{name}`", other.where)] if other else []
    return tuple(sorted(set(found), key=lambda cause: (cause.side == "new", cause.where)))


def required(old: Question, new: Question) -> tuple[Cause, ...]:
    """Return the lines by which a case is valid in one version and not in the other."""
    both = {fact.name for fact in old.facts} & {fact.name for fact in new.facts}
    return tuple(between(dict(valid_by(old, both)), dict(valid_by(new, both))))


def between(had: Parts, has: Parts) -> Iterator[Cause]:
    """Yield what only one side is made of; a whole condition only where none of its parts is."""
    only = (
        *(("old", had[part], part) for part in had if part not in has),
        *(("new", has[part], part) for part in has if part not in had),
    )
    inner = any(part[0] in ("comparison", "term") for _, _, part in only)
    yield from (
        Cause(side, *said) for side, said, part in only if not (inner and part[0] == "when")
    )


def valid_by(question: Question, names: Collection[str]) -> Iterator[tuple[Part, Said]]:
    """Yield what makes a case of a question valid: options of some choices, and requirements."""
    plain = Rebuilding(without_values)
    for fact in question.facts:
        if fact.name in names and fact.type.options:
            options = fact.type.options
            said = f"`{fact.name}` is one of {listed(f'`{option}`' for option in options)}"
            yield ("fact", fact.name, *sorted(options)), (said, fact.where)
    for item in question.always:
        if item.where:
            said = f"requirement: {item.otherwise}"
            yield ("always", plain.condition(item.condition)), (said, item.where)
            yield from terms((item.condition,))


def made_of(rule: Rule) -> Iterator[tuple[Part, Said]]:
    """Yield what a rule is made of, so that it can be compared, with its words and its place."""
    plain = Rebuilding(without_values)
    yield ("outcome", rule.outcome.name), (f"outcome of `{rule.name}`", rule.where)
    for name, where in rule.listed:
        yield ("override", name), (f"`{rule.name}` overrides `{name}`", where)
    for output, value in rule.outputs:
        shape = plain.expression(value)
        yield ("output", output.name, shape), (f"`{output.name}` of `{rule.name}`", rule.where)
    yield ("when", plain.condition(rule.when)), (f"`when` of `{rule.name}`", rule.where)
    nodes = (rule.when, *(value for _, value in rule.outputs))
    yield from terms(nodes)
    for node in within(*nodes):
        if isinstance(node, Compare | OneOf) and node.where:
            yield ("comparison", plain.node(node)), (f"`when` of `{rule.name}`", node.where)


def terms(nodes: Iterable[Node]) -> Iterator[tuple[Part, Said]]:
    """Yield the terms that nodes read, with their values."""
    for node in within(*nodes):
        if isinstance(node, Term):
            yield ("term", node.name, node.value), (f"`{node.name}: {node.text}`", node.where)


def without_values(node: Node) -> Node | None:
    """Leave of a node what its author writes there: of a fact and a term the name."""
    match node:
        case Fact():
            return replace(node, type=NO_TYPE, label="", ask="", options={}, fixed=False)
        case Term():
            return replace(node, type=NO_TYPE, value="", text="")
        case Literal():
            return replace(node, type=NO_TYPE)
        case _:
            return None
