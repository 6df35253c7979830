"""Conditions: YAML nodes → conditions of the model, every comparison between like things."""

from collections.abc import Mapping, Sequence
from functools import partial

from .errors import Where
from .expressions import expression, with_unit
from .model import (
    All,
    Any,
    Compare,
    Condition,
    Expression,
    Fact,
    Literal,
    Measure,
    Not,
    OneOf,
    Operator,
    Term,
    Type,
)
from .scope import BrokenError, Scope, all_read, described, family
from .source import ListNode, MapNode, Node, Scalar

DATE_WORDS: Mapping[str, Operator] = {
    "before": "less_than",
    "after": "more_than",
    "on_or_before": "at_most",
    "on_or_after": "at_least",
}
ORDER_WORDS: Mapping[str, Operator] = {
    "at_least": "at_least",
    "at_most": "at_most",
    "more_than": "more_than",
    "less_than": "less_than",
}
EQUAL_WORDS: Mapping[str, Operator] = {"is": "is", "is_not": "is_not"}
WORDS = (*EQUAL_WORDS, "one_of", *ORDER_WORDS, *DATE_WORDS)
FOR_DATES = {operator: word for word, operator in DATE_WORDS.items()}


def condition(node: Node | None, scope: Scope) -> Condition:
    """Return the condition that a node stands for; raises BrokenError when there is none."""
    match node:
        case Scalar(value=str(name)):
            return by_name(name, node, scope)
        case MapNode(entries=((Scalar(value="all") as key, ListNode(items=items)),)):
            return All(conditions(items, scope), key.where)
        case MapNode(entries=((Scalar(value="any") as key, ListNode(items=items)),)):
            return Any(conditions(items, scope), key.where)
        case MapNode(entries=((Scalar(value="not") as key, item),)):
            return Not(condition(item, scope), key.where)
        case MapNode(entries=((Scalar(value=str(name)) as left, MapNode() as tests),)) if (
            name not in ("all", "any", "not")
        ):
            return comparisons(left, tests, scope)
        case _:
            raise BrokenError


def conditions(nodes: Sequence[Node], scope: Scope) -> tuple[Condition, ...]:
    """Return the conditions of a list, after noting what is wrong with each."""
    found = all_read(partial(condition, scope=scope), nodes)
    if not found:
        raise BrokenError
    return tuple(found)


def by_name(name: str, node: Scalar, scope: Scope) -> Condition:
    """Return a named condition, or the comparison that a yes_no fact is true."""
    if name in scope.conditions:
        return scope.condition(name, node.where)
    if name not in scope.references:
        return scope.condition(name, node.where)
    found = scope.reference(name, node.where)
    if found.type.kind != "yes_no":
        scope.fail(
            "type-mismatch",
            node.where,
            f"`{name}` is {described(found.type)}, which doesn't hold or fail by itself",
            f"compare it, such as `{name}: {{is: …}}`",
        )
    yes = Literal(True, Type("yes_no"), "yes")  # noqa: FBT003 - a literal
    return Compare(found, "is", yes, node.where)


def comparisons(name: Scalar, tests: MapNode, scope: Scope) -> Condition:
    """Return the comparisons of one fact or measure; several of them must all hold."""
    if name.text in scope.conditions:
        scope.fail(
            "type-mismatch",
            name.where,
            f"`{name.text}` is a condition, and a comparison starts with a fact or a measure",
            f"write `{name.text}` alone, or `{{not: {name.text}}}`",
        )
    left = scope.reference(name.text, name.where)
    if not isinstance(left, Fact | Measure):
        scope.fail(
            "type-mismatch",
            name.where,
            f"`{name.text}` is a term, and a comparison starts with a fact or a measure",
        )
    return compared(left, tests, scope)


def compared(left: Expression, tests: MapNode, scope: Scope) -> Condition:
    """Return what `{at_least: 1, less_than: 5}` says of `left`."""
    found = all_read(lambda test: comparison(left, *test, scope), tests.entries)
    if not found:
        raise BrokenError
    return found[0] if len(found) == 1 else All(tuple(found), tests.where)


def comparison(left: Expression, word: Scalar, right: Node, scope: Scope) -> Condition:
    """Return one comparison, whose two sides are of one kind."""
    if word.text == "one_of":
        if not isinstance(right, ListNode) or not right.items:
            raise BrokenError
        return one_of(left, right, scope, word.where)
    operator = operator_for(word, left.type, scope)
    return Compare(left, operator, like(left, right, scope), word.where)


def one_of(left: Expression, right: ListNode, scope: Scope, where: Where) -> OneOf:
    """Return the comparison of `left` with each item of a list."""
    options = all_read(lambda item: like(left, item, scope), right.items)
    return OneOf(left, tuple(options), where)


def operator_for(word: Scalar, kind: Type, scope: Scope) -> Operator:
    """Return the operator that a word stands for with values of this kind."""
    if word.text in EQUAL_WORDS:
        return EQUAL_WORDS[word.text]
    words = DATE_WORDS if kind.kind == "date" else ORDER_WORDS
    if word.text in words and kind.kind not in ("choice", "yes_no", "text"):
        return words[word.text]
    if word.text not in WORDS:
        raise BrokenError
    message = f"`{word.text}` doesn't go with {described(kind)}"
    return scope.fail("type-mismatch", word.where, message, fitting(word.text, kind))


def fitting(word: str, kind: Type) -> str:
    """Return which words go with values of this kind instead of `word`."""
    if kind.kind == "date" and word in ORDER_WORDS:
        return f"did you mean `{FOR_DATES[ORDER_WORDS[word]]}`?"
    if kind.kind in ("choice", "yes_no", "text"):
        return "use `is`, `is_not` or `one_of`"
    words = DATE_WORDS if kind.kind == "date" else ORDER_WORDS
    return "use " + ", ".join(f"`{name}`" for name in words)


def like(left: Expression, node: Node, scope: Scope) -> Expression:
    """Return the right side of a comparison, which must be of the left side's kind."""
    right = expression(node, scope, left.type)
    if family(right.type) != family(left.type):
        scope.fail(
            "type-mismatch",
            node.where,
            f"{called(left)} is {described(left.type)} and {called(right)} is "
            f"{described(right.type)}, which can't be compared",
            with_unit(right, left.type, scope),
        )
    if set(right.type.options) != set(left.type.options):
        scope.fail(
            "type-mismatch",
            node.where,
            f"the choices {called(left)} and {called(right)} don't have the same options",
        )
    return right


def called(expression: Expression) -> str:
    """Return the author's word for one side of a comparison."""
    match expression:
        case Fact(name=word) | Term(name=word) | Measure(name=word) | Literal(text=word):
            return f"`{word}`"
        case _:
            return "the other side"
