"""Mutants: the policy with one small mistake, to see whether some case notices it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal as OneWordOf
from typing import TypeAlias, TypeVar, cast

from .edits import EditKind, brief, edits
from .errors import Where
from .model import (
    ALWAYS,
    Compare,
    Expression,
    Fact,
    Literal,
    Measure,
    OneOf,
    Output,
    Plus,
    PolicyVersion,
    Question,
    Requirement,
    Rule,
    Shift,
    Term,
    Type,
)
from .overrides import place, restated, stated
from .values import in_words
from .walk import Node, Rebuilding, parts, within

MutantKind = EditKind | OneWordOf["requirement", "rule", "override", "outcome", "output"]
KINDS: tuple[MutantKind, ...] = (
    *("limit", "comparison", "condition", "option", "expression"),
    *("requirement", "rule", "override", "outcome", "output"),
)
Site: TypeAlias = tuple[Node, Where, str]
"""A node, the nearest known place, and what it stands in, in words."""
AnyNode = TypeVar("AnyNode", bound=Node)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A policy with one mistake: what it is, in one line, and where.

    `question` is the question that it concerns, None when there are several. The digest is the
    original's.
    """

    kind: MutantKind
    what: str
    where: Where
    question: str | None
    version: PolicyVersion


@dataclass(frozen=True, slots=True)
class Change:
    """A mistake before it is known whether it makes a difference."""

    kind: MutantKind
    what: str
    where: Where
    version: PolicyVersion


def mutants(version: PolicyVersion) -> Iterator[Mutant]:
    """Yield every mutant of a version; none equals the version or another one in its model."""
    met: set[object] = set()
    for change in (*changed_nodes(version), *changed_questions(version)):
        found = differences(version, change.version)
        if found and found not in met:
            met.add(found)
            names = {name for name, *_ in found}
            yield Mutant(
                kind=change.kind,
                what=change.what,
                where=change.where,
                question=names.pop() if len(names) == 1 else None,
                version=change.version,
            )


def differences(old: PolicyVersion, new: PolicyVersion) -> tuple[tuple[str, object], ...]:
    """Return what is new in a version and what is gone, by question."""
    return tuple(
        (name, difference)
        for name, question in new.questions.items()
        if question is not old.questions[name]
        and any(difference := difference_of(old.questions[name], question))
    )


def difference_of(old: Question, new: Question) -> tuple[tuple[object, ...], ...]:
    """Return the rules and requirements of a question that are new, and those that are gone."""
    rules, always = set(map(id, old.rules)), set(map(id, old.always))
    fresh = [rule for rule in new.rules if id(rule) not in rules and rule not in old.rules]
    gone = {rule.name for rule in old.rules} - {rule.name for rule in new.rules}
    required = [item for item in new.always if id(item) not in always and item not in old.always]
    dropped = [item for item in old.always if item not in new.always]
    return tuple(fresh), tuple(sorted(gone)), tuple(required), tuple(dropped)


# ---------------------------------------------------------------- nodes


def changed_nodes(version: PolicyVersion) -> Iterator[Change]:
    """Yield a version with a mistake in one node that its rules or requirements are made of."""
    inside = {id(root): frozenset(map(id, within(root))) for root in roots(version)}
    for node, where, around in sites(version):
        for edit in edits(node, version.currency):
            what = f"{edit.what} in {around}" if isinstance(node, Literal) else edit.what
            yield Change(edit.kind, what, where, with_node(version, node, edit.new, inside))


def roots(version: PolicyVersion) -> Iterator[Node]:
    """Yield everything that a version's nodes are reached from."""
    yield from version.terms.values()
    yield from version.measures.values()
    yield from version.conditions.values()
    for question in version.questions.values():
        yield from (root for root, *_ in read_by(question))


def read_by(question: Question) -> Iterator[Site]:
    """Yield what a question's requirements and rules read, with their places."""
    for item in question.always:
        yield item.condition, item.where or question.where, "a requirement"
    for rule in question.rules:
        yield rule.when, rule.where, f"rule `{rule.name}`"
        yield from ((value, rule.where, f"rule `{rule.name}`") for _, value in rule.outputs)


def sites(version: PolicyVersion) -> Iterator[Site]:
    """Yield each node that rules and requirements read, once, with the nearest known place."""
    met: set[int] = set()
    for question in version.questions.values():
        ahead = [*read_by(question)][::-1]
        while ahead:
            node, where, around = ahead.pop()
            if id(node) not in met:
                met.add(id(node))
                where = getattr(node, "where", None) or where
                yield node, where, around
                inner = brief(node) if isinstance(node, Compare | OneOf | Measure) else around
                ahead += [(part, where, inner) for part in reversed(parts(node))]


def with_node(
    version: PolicyVersion, old: Node, new: Node, inside: Mapping[int, frozenset[int]]
) -> PolicyVersion:
    """Return a version with another node in one's place, wherever it is used."""
    renewed = Rebuilding(lambda node: new if node is old else None)

    def renew(root: AnyNode) -> AnyNode:
        return cast("AnyNode", renewed.node(root)) if id(old) in inside[id(root)] else root

    def rule(old_rule: Rule) -> Rule:
        when = renew(old_rule.when)
        outputs = tuple((output, renew(value)) for output, value in old_rule.outputs)
        pairs = zip(outputs, old_rule.outputs, strict=True)
        same = when is old_rule.when and all(a[1] is b[1] for a, b in pairs)
        return old_rule if same else replace(old_rule, when=when, outputs=outputs)

    def requirement(item: Requirement) -> Requirement:
        condition = renew(item.condition)
        return item if condition is item.condition else replace(item, condition=condition)

    questions = [
        with_parts_of(
            question,
            always=tuple(requirement(item) for item in question.always),
            rules=tuple(rule(item) for item in question.rules),
        )
        for question in version.questions.values()
    ]
    return replace(
        version,
        terms={name: renew(term) for name, term in version.terms.items()},
        measures={name: renew(measure) for name, measure in version.measures.items()},
        conditions={name: renew(condition) for name, condition in version.conditions.items()},
        questions={question.name: question for question in questions},
    )


def with_parts_of(
    question: Question, always: tuple[Requirement, ...], rules: tuple[Rule, ...]
) -> Question:
    """Return a question with other requirements and rules; the question itself if they're its."""
    old, new = (*question.always, *question.rules), (*always, *rules)
    if len(old) == len(new) and all(a is b for a, b in zip(old, new, strict=True)):
        return question
    return replace(question, always=always, rules=rules)


# ---------------------------------------------------------------- requirements and rules


def changed_questions(version: PolicyVersion) -> Iterator[Change]:
    """Yield a version with a mistake in the requirements or rules of its questions."""
    yield from without_requirements(version)
    for item in version.questions.values():
        rules = (*changed_rules(item.rules), *changed_overrides(item.rules))
        for kind, what, where, new in (*rules, *changed_outputs(item, version.currency)):
            yield Change(kind, what, where, with_rules(version, item, new))


def without_requirements(version: PolicyVersion) -> Iterator[Change]:
    """Yield a version without one of its requirements, in all questions that share it."""
    questions = version.questions.values()
    required = {id(item): (item, question) for question in questions for item in question.always}
    for item, question in required.values():
        rest = {
            name: with_parts_of(found, tuple(i for i in found.always if i is not item), found.rules)
            for name, found in version.questions.items()
        }
        what = f"requirement {brief(item.condition)} dropped"
        where = item.where or question.where
        yield Change("requirement", what, where, replace(version, questions=rest))


def with_rules(
    version: PolicyVersion, question: Question, rules: tuple[Rule, ...]
) -> PolicyVersion:
    """Return a version with other rules of one question."""
    new = replace(question, rules=rules)
    return replace(version, questions={**version.questions, question.name: new})


Changed = tuple[MutantKind, str, Where, tuple[Rule, ...]]


def changed_rules(rules: tuple[Rule, ...]) -> Iterator[Changed]:
    """Yield rules with one of them gone, applying always, or with the outcome of the next one."""
    for position, rule in enumerate(rules):
        rest = (*rules[:position], *rules[position + 1 :])
        freed = tuple(replace(r, overrides=r.overrides - {rule.name}) for r in rest)
        yield "rule", f"rule `{rule.name}` dropped", rule.where, freed
        always = replaced(rules, replace(rule, when=ALWAYS))
        yield "rule", f"rule `{rule.name}` applies always", rule.where, always
    for rule in rules:
        other = next((r for r in following(rules, rule) if result(r) != result(rule)), None)
        if other:
            first = replace(rule, outcome=other.outcome, outputs=other.outputs)
            second = replace(other, outcome=rule.outcome, outputs=rule.outputs)
            what = f"outcomes of `{rule.name}` and `{other.name}` swapped"
            yield "outcome", what, rule.where, replaced(rules, first, second)


def following(rules: tuple[Rule, ...], rule: Rule) -> tuple[Rule, ...]:
    """Return the other rules, those after one first."""
    position = rules.index(rule)
    return (*rules[position + 1 :], *rules[:position])


def result(rule: Rule) -> object:
    """Return what a rule answers."""
    return rule.outcome.name, rule.outputs


def replaced(rules: tuple[Rule, ...], *new: Rule) -> tuple[Rule, ...]:
    """Return rules with new ones in the place of those of the same names."""
    by_name = {rule.name: rule for rule in new}
    return tuple(by_name.get(rule.name, rule) for rule in rules)


def changed_overrides(rules: tuple[Rule, ...]) -> Iterator[Changed]:
    """Yield rules with one override gone, or turned round where that makes no circle."""
    pairs = stated(rules)
    for rule in rules:
        for beaten in pairs[rule.name]:
            where = place(rule, beaten)
            kept = tuple(name for name in pairs[rule.name] if name != beaten)
            without = {**pairs, rule.name: kept}
            turned = {**without, beaten: (*pairs[beaten], rule.name)}
            if dropped := restated(rules, without):
                what = f"`{rule.name}` no longer overrides `{beaten}`"
                yield "override", what, where, dropped
            if round_about := restated(rules, turned):
                what = f"`{beaten}` overrides `{rule.name}`, and not the other way round"
                yield "override", what, where, round_about


# ---------------------------------------------------------------- outputs


def changed_outputs(question: Question, currency: str) -> Iterator[Changed]:
    """Yield rules with another value for one output, or with the values of two swapped."""
    values = [value for rule in question.rules for _, value in rule.outputs]
    facts = [value for value in dict.fromkeys(values) if isinstance(value, Fact)]
    for rule in question.rules:
        for output, value in rule.outputs:
            others = [*other_values(output, value, currency)]
            others += [(f"is `{fact.name}`", fact) for fact in alike(facts, value)]
            for what, other in others:
                new = tuple((o, other if o is output else v) for o, v in rule.outputs)
                said = f"`{output.name}` of `{rule.name}` {what}"
                yield "output", said, rule.where, replaced(question.rules, with_outputs(rule, new))
        yield from swapped_outputs(rule, question.rules)


def with_outputs(rule: Rule, outputs: tuple[tuple[Output, Expression], ...]) -> Rule:
    """Return a rule with other outputs."""
    return replace(rule, outputs=outputs)


def alike(facts: Iterable[Fact], value: Expression) -> Iterator[Fact]:
    """Yield the facts of a value's type, but not the one that it is."""
    yield from (fact for fact in facts if fact.type == value.type and fact != value)


def swapped_outputs(rule: Rule, rules: tuple[Rule, ...]) -> Iterator[Changed]:
    """Yield rules with the values of two outputs of one of them swapped."""
    for position, (one, first) in enumerate(rule.outputs):
        for other, second in rule.outputs[position + 1 :]:
            if first.type == second.type:
                changed = {one.name: second, other.name: first}
                new = tuple((o, changed.get(o.name, v)) for o, v in rule.outputs)
                what = f"`{one.name}` and `{other.name}` of `{rule.name}` swapped"
                yield "output", what, rule.where, replaced(rules, with_outputs(rule, new))


def other_values(
    output: Output, value: Expression, currency: str
) -> Iterator[tuple[str, Expression]]:
    """Yield a value one unit higher and lower, or another option; figures are moved elsewhere."""
    kind = output.type
    if isinstance(value, Literal | Term):
        options = kind.options or ((True, False) if kind.kind == "yes_no" else ())
        for option in options:
            text = in_words(option, kind)
            yield f"is `{text}`", Literal(option, kind, text)
        return
    for sign, word in ((1, "plus"), (-1, "minus")):
        match kind.kind:
            case "date":
                day = Literal(1, Type("days"), "1 day")
                yield f"{word} 1 day", Shift(value, day, sign)
            case "decimal" | "money":
                step = Fraction(1, 10**kind.scale)
                words = in_words(step, kind, currency)
                yield f"{word} {words}", Plus((value, Literal(sign * step, kind, words)), kind)
            case "whole_number" | "days" | "business_days" | "months":
                words = in_words(1, kind)
                yield f"{word} {words}", Plus((value, Literal(sign, kind, words)), kind)
            case _:
                return
