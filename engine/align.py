"""Two versions of a question over the same facts, so that one case can be put to both.

A fact of both versions is one fact where it has the same kind of value; a choice has the options
of both, and a case with an option that a version doesn't know is no case of it. A fact that changed
its type becomes two, and one that only one version has is a fact of the case all the same.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from .atoms import Opaque, canonical
from .formula import FALSE, TRUE, Forest, Formula
from .model import (
    Compare,
    Expression,
    Fact,
    Literal,
    OneOf,
    Operator,
    Output,
    PolicyVersion,
    Question,
    Requirement,
    Rule,
    Type,
    Value,
)
from .rulebook import Rulebook, rounded, rulebook
from .walk import Node, Rebuilding, counts_business_days, facts_in

Given: TypeAlias = tuple[Output, Expression]

MOST_HOLIDAYS = 3
NEW = " (new)"
"""What marks a fact of the newer version that has another type in the older one."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two versions of a question as formulas of one forest, over one tuple of facts."""

    old: Rulebook
    new: Rulebook
    one_currency: bool

    @property
    def places(self) -> tuple[dict[str, Value], ...]:
        """Where to look for cases: anywhere, and a week before a holiday of one version only."""
        sides = (self.old.reader.calendar, self.new.reader.calendar)
        known = [side.holidays if side else frozenset() for side in sides]
        days = sorted(known[0] ^ known[1])[:MOST_HOLIDAYS]
        dates = [fact.name for fact in self.new.question.facts if fact.type.kind == "date"]
        before: list[dict[str, Value]] = [dict.fromkeys(dates, day - timedelta(7)) for day in days]
        return ({}, *before)

    def first(self, names: tuple[str, ...]) -> tuple[Rule, Rule]:
        """Return the first of some rules that both versions have, as each of them has it."""
        return self.old.rules[names[0]], self.new.rules[names[0]]

    def differ(self, before: Rule, after: Rule) -> Formula:
        """Return where a rule of the old version and one of the new give different results."""
        given = {output.name: (output, value) for output, value in before.outputs}
        if before.outcome.name != after.outcome.name or len(given) != len(after.outputs):
            return TRUE
        return self.old.forest.any(
            self.compared(given[output.name], "is_not", (output, value))
            if output.name in given
            else TRUE
            for output, value in after.outputs
        )

    def compared(self, before: Given, operator: Operator, after: Given) -> Formula:
        """Return where an output of the new version is so, compared with one of the old version.

        Of another kind, or in another currency, it is another output: only `is_not` holds.
        """
        if not self.comparable(before[0], after[0]):
            return TRUE if operator == "is_not" else FALSE
        was, now = rounded(*before), rounded(*after)
        one_calendar = self.old.reader.calendar == self.new.reader.calendar
        if one_calendar or not counts_business_days(was, now):
            same = was == now
            return FALSE if same else self.old.reader.formula(Compare(now, operator, was))
        atom, holds = canonical(Compare(now, operator, was))
        return self.old.forest.formula(Opaque(atom, "both calendars"), holds=holds)

    def comparable(self, before: Output, after: Output) -> bool:
        """Return whether the values of two outputs are of one kind, and in one currency."""
        return before.type.kind == after.type.kind and (
            self.one_currency or after.type.kind != "money"
        )


def aligned(old: PolicyVersion, new: PolicyVersion, name: str) -> Aligned:
    """Return a question of two versions over the facts of both."""
    one, other = old.questions[name], new.questions[name]
    by_name = {fact.name: fact for fact in one.facts}
    merged = {
        fact.name: over_both(by_name[fact.name], fact)
        for fact in other.facts
        if fact.name in by_name and alike(by_name[fact.name], fact, old, new)
    }
    apart = {fact.name for fact in other.facts if fact.name in by_name.keys() - merged.keys()}
    before = changed(one, lambda fact: merged.get(fact.name, fact))
    after = changed(
        other,
        lambda fact: (
            replace(fact, name=fact.name + NEW)
            if fact.name in apart
            else merged.get(fact.name, fact)
        ),
    )
    before, after = granted(before, after), granted(after, before)
    facts = tuple({fact.name: fact for fact in (*after.facts, *before.facts)}.values())
    forest = Forest()
    calendars = "" if old.calendar == new.calendar else "new"
    return Aligned(
        rulebook(replace(before, facts=facts), old.calendar, forest=forest),
        rulebook(replace(after, facts=facts), new.calendar, forest=forest, calendars=calendars),
        old.currency == new.currency,
    )


def granted(question: Question, other: Question) -> Question:
    """Return a question that requires what another one does of facts which only that one has.

    It knows no case that could break it.
    """
    known = {fact.name for fact in question.facts}
    more = (item for item in other.always if facts_in(item.condition) - known)
    return replace(question, always=(*question.always, *more))


def alike(one: Fact, other: Fact, old: PolicyVersion, new: PolicyVersion) -> bool:
    """Return whether a fact has the same kind of value in two versions."""
    same = (one.type.kind, one.type.scale) == (other.type.kind, other.type.scale)
    return same and (one.type.kind != "money" or old.currency == new.currency)


def over_both(one: Fact, other: Fact) -> Fact:
    """Return a fact with the options that it has in either version."""
    labels = {**one.options, **other.options}
    options = tuple(dict.fromkeys((*other.type.options, *one.type.options)))
    return replace(other, type=replace(other.type, options=options), options=labels)


def changed(question: Question, change: Callable[[Fact], Fact]) -> Question:
    """Return a question with other facts, and its own options as what it requires of them."""

    def in_place(node: Node) -> Node | None:
        return change(node) if isinstance(node, Fact) else None

    build = Rebuilding(in_place)
    required = [*known_options(question.facts, change)]
    required += [
        replace(item, condition=build.condition(item.condition)) for item in question.always
    ]
    rules = [
        replace(
            rule,
            when=build.condition(rule.when),
            outputs=tuple((output, build.expression(value)) for output, value in rule.outputs),
        )
        for rule in question.rules
    ]
    facts = tuple(change(fact) for fact in question.facts)
    return replace(question, facts=facts, always=tuple(required), rules=tuple(rules))


def known_options(facts: Iterable[Fact], change: Callable[[Fact], Fact]) -> Iterable[Requirement]:
    """Yield that a choice is one of the options that its version knows."""
    for fact in facts:
        both = change(fact)
        if set(both.type.options) > set(fact.type.options):
            literals = tuple(
                Literal(option, Type("choice"), option) for option in fact.type.options
            )
            yield Requirement(OneOf(both, literals), "")


def own_facts(facts: Mapping[str, Value], question: Question, *, newer: bool) -> dict[str, Value]:
    """Return the facts of a case that one version of a question knows, under its names."""
    known = [fact.name for fact in question.facts]
    marked = {name: name + NEW if newer and name + NEW in facts else name for name in known}
    return {name: facts[marked[name]] for name in known}
