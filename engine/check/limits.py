"""The limits of a question's rules: comparisons that let values in up to one, or from one on."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TypeAlias

from ..atoms import AtMost, Atom, Opaque, from_steps, to_steps
from ..errors import Where
from ..evaluate import Case
from ..formula import FALSE, TRUE, Forest, Formula, Leaf, Node, named
from ..model import Compare, OneOf, Rule
from ..rulebook import Rulebook
from ..search import Clause
from ..space import ZERO
from ..walk import within

Place: TypeAlias = tuple[str, str, int]
"""Names x and y, and a value of x - y in smallest steps."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A comparison that bounds a rule."""

    rule: Rule
    comparison: Compare

    @property
    def where(self) -> Where:
        """Where it stands."""
        return self.comparison.where or self.rule.where


@dataclass(frozen=True, slots=True)
class Limits:
    """By the greatest value that they let in, by the least one; and the values that are named."""

    greatest: dict[Place, list[Limit]] = field(default_factory=dict)
    least: dict[Place, list[Limit]] = field(default_factory=dict)
    named: set[Place] = field(default_factory=set)

    def between(self) -> Iterator[Place]:
        """Yield each value right behind one limit and right before another one."""
        for x, y, value in self.greatest:
            if (x, y, value + 2) in self.least:
                yield x, y, value + 1

    def pairs(self, place: Place) -> Iterator[tuple[Limit, Limit]]:
        """Yield the limits of two rules right before a value and right after it."""
        x, y, value = place
        for pair in product(self.greatest[x, y, value - 1], self.least[x, y, value + 1]):
            if pair[0].rule is not pair[1].rule:
                yield pair


def limits_of(book: Rulebook) -> Limits:
    """Return the limits of all rules."""
    found = Limits()
    for rule in book.question.rules:
        for part in within(rule.when):
            if isinstance(part, Compare | OneOf):
                note(found, rule, part, book.reader.formula(part))
    return found


def note(found: Limits, rule: Rule, comparison: Compare | OneOf, formula: Formula) -> None:
    """Note what a comparison limits, and the values that it names."""
    match formula:
        case Node(atom=AtMost(x, y, c), holds=holds) if isinstance(
            comparison, Compare
        ) and leads_nowhere(formula):
            place = (x, y, c) if holds is TRUE else (x, y, c + 1)
            side = found.greatest if holds is TRUE else found.least
            side.setdefault(place, []).append(Limit(rule, comparison))
            found.named.add(place)
        case _:
            for atom in atoms(formula):
                if isinstance(atom, AtMost):
                    found.named.update(((atom.x, atom.y, atom.c), (atom.x, atom.y, atom.c + 1)))


def leads_nowhere(node: Node) -> bool:
    """Return whether a node asks the only question."""
    return {node.holds, node.fails} == {TRUE, FALSE}


def atoms(formula: Formula) -> Iterator[Atom]:
    """Yield the atoms of a formula."""
    if isinstance(formula, Node):
        yield formula.atom
        yield from atoms(formula.holds)
        yield from atoms(formula.fails)


# ---------------------------------------------------------------- one value, and those beside it


def at(book: Rulebook, place: Place) -> tuple[Clause, ...]:
    """Return that x - y has a value."""
    x, y, value = place
    below = book.forest.formula(AtMost(x, y, value - 1), holds=False)
    return (book.forest.formula(AtMost(x, y, value)),), (below,)


def elsewhere(book: Rulebook, place: Place) -> Clause:
    """Return that x - y has another value."""
    x, y, value = place
    above = book.forest.formula(AtMost(x, y, value), holds=False)
    return book.forest.formula(AtMost(x, y, value - 1)), above


def steps(place: Place) -> Iterator[tuple[str, int]]:
    """Yield each fact by which x - y can change, with the change of it that adds 1 to x - y."""
    x, y, _ = place
    yield x, 1
    if y != ZERO:
        yield y, -1


def neighbour(case: Case, book: Rulebook, name: str, by: int) -> Case | None:
    """Return the case with one fact changed by so many steps, if there is such a value."""
    kind = next(fact.type for fact in book.question.facts if fact.name == name)
    try:
        changed = from_steps(to_steps(case.facts[name], kind) + by, kind)
    except (ValueError, OverflowError):  # a day outside the calendar
        return None
    return replace(case, facts={**case.facts, name: changed})


def moved(forest: Forest, formula: Formula, name: str, by: int) -> Formula:
    """Return where a formula holds once a fact has changed by so many steps."""
    done: dict[Formula, Formula] = {}

    def after(part: Formula) -> Formula:
        if isinstance(part, Leaf):
            return part
        if part not in done:
            test = forest.formula(moved_atom(part.atom, name, by))
            done[part] = forest.choose(test, after(part.holds), after(part.fails))
        return done[part]

    return after(formula)


def moved_atom(atom: Atom, name: str, by: int) -> Atom:
    """Return what an atom says of a case once a fact has changed by so many steps."""
    match atom:
        case AtMost(x, y, c):
            return AtMost(x, y, c - by * (x == name) + by * (y == name))
        case Opaque(comparison) if name in named(atom):
            return Opaque(comparison, f"{name} {by:+}")
        case _:
            return atom
