"""Figures that change no case: somewhat more, or somewhat less, would come to the same.

A figure that is compared directly is left out here: an idle comparison is said to be idle itself.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from ..errors import Finding
from ..model import Compare, OneOf, PolicyVersion, Term, Value
from ..versions import Policy
from ..walk import Node, Rebuilding, parts, within
from .alike import alike, nodes, possible, revised


def terms(policy: Policy) -> Iterator[Finding]:
    """Find terms that values are worked out from, and that make no difference to any case."""
    for version in policy.versions:
        books = possible(version)
        for term in worked_with(version):
            reading = [book for book in books if term in within(*nodes(book.question))]
            if reading and all(
                alike(book, revised(book, with_value(term, value)))
                for book in reading
                for value in around(term)
            ):
                yield finding(term)


def worked_with(version: PolicyVersion) -> Iterator[Term]:
    """Yield the figures that questions read inside of expressions and nowhere else."""
    read = [*within(*(node for found in version.questions.values() for node in nodes(found)))]
    sides = [part for node in read if isinstance(node, Compare | OneOf) for part in parts(node)]
    starts = within(*(start.when for start in version.in_force or ()))
    compared = {side.name for side in (*sides, *starts) if isinstance(side, Term)}
    inside = {node.name for node in read if isinstance(node, Term)} - compared
    yield from (term for name, term in version.terms.items() if name in inside)


def around(term: Term) -> Iterator[Value]:
    """Yield the values one unit, and about a tenth, below and above a figure."""
    known = term.value
    for sign in (-1, 1):
        if isinstance(known, date):
            yield from (known + timedelta(sign * days) for days in (1, 31))
        elif not isinstance(known, str):
            steps = abs(Fraction(known)) * 10**term.type.scale
            tenth = max(1, round(steps / 10))
            for step in (1, tenth):
                yield type(known)(known + Fraction(sign * step, 10**term.type.scale))


def with_value(term: Term, value: Value) -> Rebuilding:
    """Return the change that gives a term another value."""
    changed = replace(term, value=value)

    def change(node: Node) -> Node | None:
        return changed if isinstance(node, Term) and node.name == term.name else None

    return Rebuilding(change)


def finding(term: Term) -> Finding:
    """Return the warning about a term."""
    return Finding(
        code="idle-term",
        where=term.where,
        message=f"`{term.name}` changes no case: with a little more or less it is all the same",
        hint="mend the figure, or leave it out",
        severity="warning",
    )
