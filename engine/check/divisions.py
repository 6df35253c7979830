"""Divisions: no valid case divides by zero."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from ..errors import CalculationError, Finding, Where
from ..evaluate import Case, applied, outputs, truth
from ..model import (
    Choose,
    Compare,
    Condition,
    DividedBy,
    Expression,
    If,
    Literal,
    Measure,
    Not,
    OneOf,
    Rule,
)
from ..rulebook import Rulebook, rulebook
from ..search import Clause
from ..walk import Node, facts_in, parts
from ..witness import Facts, described, witness
from .analysis import Analysis, with_case

Guards: TypeAlias = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Division:
    """A division by an expression, made where the guards hold; `where` is its place, if known."""

    by: Expression
    guards: Guards = ()
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A condition or an output of a question: the cases in which it is worked out, and how."""

    subject: str
    where: Where
    book: Rulebook
    cases: tuple[Clause, ...]
    compute: Callable[[Case], object]
    node: Node

    def fails(self, case: Case) -> bool:
        """Return whether it has no value in a case."""
        try:
            self.compute(case)
        except CalculationError:
            return True
        return False


def divisions(about: Analysis) -> Iterator[Finding]:
    """Find valid cases in which a condition or an output divides by zero."""
    unsettled: dict[Where, str] = {}
    told: set[Where] = set()
    for site in sites(about):
        for division in divided(site.node):
            where = division.where or site.where
            if where in told:
                continue
            found = witness(site.book, clauses(site, division), site.fails, near=about.near)
            if found and found.facts is not None:
                told.add(where)
                yield finding(about, site, division, found.facts)
            elif found:
                unsettled.setdefault(where, site.subject)
    left = [where for where in unsettled if where not in told]
    if left:
        yield about.unsettled(f"{unsettled[left[0]]} may divide by zero", left[0])


def finding(about: Analysis, site: Site, division: Division, facts: Facts) -> Finding:
    """Return the finding that a case divides by zero."""
    read = facts_in(division.by, *division.guards)
    words = with_case(described(facts, read, about.version))
    return Finding(
        code="may-divide-by-zero",
        where=division.where or site.where,
        message=f"{site.subject} divides by zero in a case{words}",
        hint="exclude zero: by `always`, by the rule's `when`, or by `if`",
        case=about.given(facts),
    )


def clauses(site: Site, division: Division) -> list[Clause]:
    """Return what holds where a division is made by zero."""
    zero = Compare(division.by, "is", Literal(0, division.by.type, "0"))
    made = [(site.book.reader.formula(condition),) for condition in (*division.guards, zero)]
    return [*site.cases, *made]


def sites(about: Analysis) -> Iterator[Site]:
    """Yield each condition and each output of a question that divides."""
    question, book = about.question, about.book
    for item in question.always:
        if any(divided(item.condition)):
            others = tuple(other for other in question.always if other is not item)
            weaker = rulebook(replace(question, always=others), about.version.calendar)
            compute, where = partial(truth, item.condition), item.where or question.where
            yield Site("a requirement", where, weaker, (), compute, item.condition)
    for rule in question.rules:
        subject = f"`when` of rule `{rule.name}`"
        yield Site(subject, rule.where, book, (), partial(applied, rule), rule.when)
    for rule in question.rules:
        for output, value in rule.outputs:
            subject, cases = f"`{output.name}` of rule `{rule.name}`", book.decides(rule.name)
            yield Site(subject, rule.where, book, cases, partial(given, about, rule), value)


def given(about: Analysis, rule: Rule, case: Case) -> object:
    """Return what a rule gives for a case, if it decides it."""
    return outputs(rule, case) if rule in about.deciding(case) else None


# ---------------------------------------------------------------- where divisions are made


def divided(node: Node, guards: Guards = (), where: Where | None = None) -> Iterator[Division]:
    """Yield each division in a node."""
    match node:
        case Compare(where=place) | OneOf(where=place) | Measure(where=place):
            where = place or where
        case DividedBy(right=right):
            yield Division(right, guards, where)
        case _:
            pass
    for part, condition in guarded(node):
        yield from divided(part, (*guards, *condition), where)


def guarded(node: Node) -> Iterator[tuple[Node, Guards]]:
    """Yield the parts of a node, each with what holds wherever its value is needed."""
    match node:
        case If(condition, then, otherwise):
            yield from ((condition, ()), (then, (condition,)), (otherwise, (Not(condition),)))
        case Choose(by, branches):
            yield by, ()
            for option, part in branches.items():
                chosen = Compare(by, "is", Literal(option, by.type, str(option)))
                yield part, (chosen,)
        case _:
            yield from ((part, ()) for part in parts(node))
