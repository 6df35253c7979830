"""Conditions as formulas: shared, ordered diagrams over elementary comparisons.

A formula is a leaf (TRUE, FALSE), or a node that asks about one atom (see `atoms`) and goes on
with one formula if it holds and with another if it fails. Along every path the atoms come in one
order, a node with two equal ways on is left out, and equal formulas are the same object (a reduced
ordered decision diagram; Bryant, 1986).

    >>> forest = Forest()
    >>> adult = forest.formula(AtMost("age", "", 17), holds=False)
    >>> child = forest.opposite(adult)
    >>> forest.either(adult, child) is TRUE, forest.both(adult, child) is FALSE
    (True, True)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import TypeAlias, assert_never

from .atoms import Among, AtMost, Atom, Opaque, Path, assume, canonical, pinned, settled
from .days import Calendar
from .errors import CalculationError
from .model import All, Any, Compare, Condition, Fact, Named, Not, OneOf, Value
from .settle import OpenError, OutsideError, Probe
from .space import ZERO
from .walk import counts_business_days, facts_in

LAST = 1 << 60
ANYTHING = None
"""What an atom outside the fragment depends on: whatever a path says."""


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """The end of a path, with what holds there."""

    result: object
    level: int = LAST
    sure: "tuple[Node, ...]" = ()
    about: frozenset[object] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One question about a case, and where each answer leads; `level` is its place in the order.

    `sure` are other formulas of one atom that hold wherever this one does, in the same order.
    `about` says what a path has to tell more of before more is known of this node and of these.
    """

    level: int
    atom: Atom
    holds: "Formula"
    fails: "Formula"
    sure: "tuple[Node, ...]" = ()
    about: frozenset[object] = frozenset()


Formula: TypeAlias = Node | Leaf
TRUE, FALSE = Leaf(result=True), Leaf(result=False)


@dataclass(slots=True)
class Forest:
    """Formulas that share their parts; an atom's place in the order is that of its first use."""

    levels: dict[Atom, int] = field(default_factory=dict)
    nodes: dict[tuple[int, Formula, Formula], Node] = field(default_factory=dict)
    leaves: dict[object, Leaf] = field(default_factory=lambda: {True: TRUE, False: FALSE})
    merged: dict[tuple[Formula, Formula, Formula], Formula] = field(default_factory=dict)
    read: dict[Formula, frozenset[str]] = field(default_factory=dict)

    def leaf(self, result: object) -> Leaf:
        """Return the leaf with that result."""
        return self.leaves.setdefault(result, Leaf(result))

    def node(self, level: int, atom: Atom, holds: Formula, fails: Formula) -> Formula:
        """Return the formula that asks about an atom which comes before all others in it."""
        if holds is fails:
            return holds
        key = (level, holds, fails)
        if key not in self.nodes:
            sure = self.sure(level, atom, holds, fails)
            about = aspects(atom).union(*(part.about for part in sure))
            self.nodes[key] = Node(level, atom, holds, fails, sure, about)
        return self.nodes[key]

    def sure(self, level: int, atom: Atom, holds: Formula, fails: Formula) -> tuple[Node, ...]:
        """Return the formulas of one atom that hold wherever a new node does."""
        if holds is not FALSE and fails is not FALSE:
            others = all_sure(fails)
            return tuple(part for part in all_sure(holds) if part in others)
        left, ways = (holds, (TRUE, FALSE)) if fails is FALSE else (fails, (FALSE, TRUE))
        own = self.node(level, atom, *ways) if left is not TRUE else TRUE
        return (own, *all_sure(left)) if isinstance(own, Node) else ()

    def formula(self, atom: Atom, *, holds: bool = True) -> Formula:
        """Return the formula that says that an atom holds, or that it doesn't."""
        same, sense = one_spelling(atom)
        level = self.levels.setdefault(same, len(self.levels))
        return self.node(level, same, *((TRUE, FALSE) if holds is sense else (FALSE, TRUE)))

    def choose(self, test: Formula, then: Formula, otherwise: Formula) -> Formula:
        """Return the formula that is `then` where `test` holds, and `otherwise` elsewhere."""
        if isinstance(test, Leaf):
            return then if test is TRUE else otherwise
        if then is otherwise:
            return then
        if then is TRUE and otherwise is FALSE:
            return test
        key = (test, then, otherwise)
        found = self.merged.get(key)
        if found is None:
            level = min(test.level, then.level, otherwise.level)
            first = next(part for part in key if part.level == level)
            assert isinstance(first, Node), "INVARIANT: a leaf comes after every node"
            ways = [
                self.choose(*(way(part, level, holds=holds) for part in key))
                for holds in (True, False)
            ]
            found = self.merged[key] = self.node(level, first.atom, *ways)
        return found

    def both(self, a: Formula, b: Formula) -> Formula:
        """Return the formula that holds where both do."""
        return self.choose(a, b, FALSE)

    def either(self, a: Formula, b: Formula) -> Formula:
        """Return the formula that holds where at least one does."""
        return self.choose(a, TRUE, b)

    def all(self, formulas: Iterable[Formula]) -> Formula:
        """Return the formula that holds where all of them do."""
        every: Formula = TRUE
        return reduce(self.both, formulas, every)

    def any(self, formulas: Iterable[Formula]) -> Formula:
        """Return the formula that holds where at least one of them does."""
        none: Formula = FALSE
        return reduce(self.either, formulas, none)

    def opposite(self, a: Formula) -> Formula:
        """Return the formula that holds where this one doesn't."""
        return self.choose(a, FALSE, TRUE)

    def without_doubles(self, clauses: Iterable[tuple[Formula, ...]]) -> list[tuple[Formula, ...]]:
        """Return clauses less what those of one formula say already, or exclude."""
        found = [*dict.fromkeys(clauses)]
        sure = {clause[0] for clause in found if len(clause) == 1}
        return [
            clause
            if len(clause) == 1
            else tuple(part for part in clause if self.opposite(part) not in sure)
            for clause in found
            if len(clause) == 1 or sure.isdisjoint(clause)
        ]

    def reads(self, formula: Formula) -> frozenset[str]:
        """Return the names of all facts that a formula reads."""
        if isinstance(formula, Leaf):
            return frozenset()
        found = self.read.get(formula)
        if found is None:
            below = self.reads(formula.holds) | self.reads(formula.fails)
            found = self.read[formula] = below | named(formula.atom)
        return found


def all_sure(formula: Formula) -> tuple[Node, ...]:
    """Return the formulas of one atom that hold wherever a formula does, also itself."""
    if isinstance(formula, Node) and {formula.holds, formula.fails} == {TRUE, FALSE}:
        return (formula,)
    return formula.sure


def atoms_of(*formulas: Formula) -> dict[Atom, None]:
    """Return the atoms of formulas, in no order of the forest, each once."""
    found: dict[Atom, None] = {}
    seen: set[Formula] = set()
    ahead = [*formulas]
    while ahead:
        formula = ahead.pop()
        if isinstance(formula, Node) and formula not in seen:
            seen.add(formula)
            found[formula.atom] = None
            ahead += (formula.holds, formula.fails)
    return found


def way(formula: Formula, level: int, *, holds: bool) -> Formula:
    """Return where a formula leads once the atom at that place in the order is known."""
    if formula.level != level or isinstance(formula, Leaf):
        return formula
    return formula.holds if holds else formula.fails


def under(formula: Formula, path: Path, names: Mapping[str, str] | None = None) -> Formula:
    """Follow a formula as far as a path settles it: to a leaf, or to a node that is open there.

    With `names` the path knows the facts of the formula under other names.
    """
    while isinstance(formula, Node):
        holds = settled(path, renamed(formula.atom, names) if names else formula.atom)
        if holds is None:
            break
        formula = formula.holds if holds else formula.fails
    return formula


def named(atom: Atom) -> frozenset[str]:
    """Return the names of the facts that an atom is about."""
    match atom:
        case AtMost(x, y):
            return frozenset((x, y)) - {ZERO}
        case Among(name):
            return frozenset((name,))
        case Opaque(comparison):
            return frozenset(facts_in(comparison))
    assert_never(atom)


def aspects(atom: Atom) -> frozenset[object]:
    """Return what of a path it depends on whether an atom is settled, as `news` tells it."""
    match atom:
        case AtMost(x, y):
            return frozenset(((x, y), (y, x)))
        case Among(name):
            return frozenset((name,))
        case Opaque():
            return frozenset((ANYTHING,))
    assert_never(atom)


def news(path: Path, since: Path) -> set[object]:
    """Return what a path says more than one that it continues: limits, options, anything."""
    limits, known = path.space.limits, since.space.limits
    found: set[object] = {ANYTHING} if path is not since else set()
    for x, row in limits.items():
        before = known.get(x)
        if before is None:
            found.update((x, y) for y in row)
        elif row is not before:
            found.update((x, y) for y, c in row.items() if before.get(y) != c)
    options = path.space.options
    if options is not since.space.options:
        found.update(name for name in options if options[name] != since.space.options.get(name))
    return found


def renamed(atom: Atom, names: Mapping[str, str]) -> Atom:
    """Return the atom about other facts, such as those of a second case."""
    match atom:
        case AtMost(x, y, c):
            return AtMost(names.get(x, x), names.get(y, y), c)
        case Among(name, options, others):
            return Among(names.get(name, name), options, others)
        case Opaque(comparison) if not names.keys().isdisjoint(facts_in(comparison)):
            return Opaque(comparison, " and ".join(names.values()))
        case Opaque():
            return atom
    assert_never(atom)


def one_spelling(atom: Atom) -> tuple[Atom, bool]:
    """Return the atom that says the same, or (False) the opposite, in the one spelling of both."""
    match atom:
        case AtMost(x, y, c) if x == ZERO or (y != ZERO and x > y):
            return AtMost(y, x, -c - 1), False
        case Among(name, options, others) if min(options | others, key=str) in options:
            return Among(name, others, options), False
        case _:
            return atom, True


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads conditions as formulas; `facts` are known of every case looked at."""

    forest: Forest
    calendar: Calendar | None = None
    facts: Mapping[str, Value] = field(default_factory=dict)
    declared: tuple[Fact, ...] = ()
    calendars: str = ""
    done: dict[int, tuple[Condition, Formula]] = field(default_factory=dict)

    def formula(self, condition: Condition) -> Formula:
        """Return the formula that holds where a condition does."""
        kept = self.done.get(id(condition))
        if kept is None:
            kept = self.done[id(condition)] = (condition, self.compiled(condition))
        return kept[1]

    def compiled(self, condition: Condition) -> Formula:
        """Read a condition that wasn't met before."""
        match condition:
            case All(items):
                return self.forest.all(map(self.formula, items))
            case Any(items):
                return self.forest.any(map(self.formula, items))
            case Not(item):
                return self.forest.opposite(self.formula(item))
            case Named(condition=inner):
                return self.formula(inner)
            case Compare() | OneOf():
                return self.compared(condition, Path())
        assert_never(condition)

    def compared(self, comparison: Compare | OneOf, path: Path) -> Formula:
        """Return the formula of a comparison on a path: what it leaves open goes both ways."""
        known = {**pinned(self.declared, path), **self.facts}
        try:
            return TRUE if decided(Probe(known, self.calendar, path), comparison) else FALSE
        except OpenError as left_open:
            atom = left_open.atom
        except (OutsideError, CalculationError):
            base, sense = canonical(comparison)
            return self.forest.formula(Opaque(base, self.calendar_of(base)), holds=sense)
        ways = [
            self.compared(comparison, further) if further else None
            for further in (assume(path, atom, holds=holds) for holds in (True, False))
        ]
        possible = [way for way in ways if way is not None]  # one may be out of bounds
        return self.forest.choose(self.forest.formula(atom), possible[0], possible[-1])

    def calendar_of(self, comparison: Compare | OneOf) -> str:
        """Return what tells the calendar of a comparison from another one in the forest."""
        return self.calendars if counts_business_days(comparison) else ""


def decided(probe: Probe, comparison: Compare | OneOf) -> bool:
    """Return what a path says of a comparison; two values that come to the same there are equal.

    Raises OpenError and OutsideError as the probe does.
    """
    try:
        return probe.decide(comparison)
    except OutsideError:
        if isinstance(comparison, OneOf):
            raise
        if probe.rest(comparison.left) != probe.rest(comparison.right):
            raise
        return comparison.operator in ("is", "at_least", "at_most")
