"""The decision diagram of a question: elementary comparisons at its nodes, rulings at its leaves.

Built from the root down. What is left of the rules on a path, with what the path says of the facts
that they still read, is built once and shared. A step that no valid case can take is left out: a
node has it lead to NO_CASE. So each path to another leaf has a case, unless it assumes comparisons
outside the fragment (`Opaque`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from .atoms import Atom, Path, assume, pinned
from .bounds import VALUE_OF
from .deciding import Live, telling, unbeaten
from .errors import CalculationError
from .formula import FALSE, TRUE, Formula, Leaf, Node, one_spelling, under
from .rulebook import Rulebook
from .search import NOWHERE, narrowed
from .settle import OpenError, Probe, Rest
from .space import ZERO
from .walk import facts_in

MOST_NODES = 5000


@dataclass(frozen=True, slots=True)
class Ruling:
    """The rules that decide, in the order of the file: none is a gap; and whether they differ.

    The first one is the one that a decision names. Rules that always agree with it may be left out.
    `outputs` holds what the path leaves of the first rule's expressions: equal where they are the
    same function of the facts that are still open.
    """

    rules: tuple[str, ...]
    conflict: bool = False
    outputs: tuple[tuple[str, Rest], ...] = ()


NO_CASE = Leaf(None)
"""Where no valid case arrives."""


class TooLargeError(Exception):
    """A diagram has more than MOST_NODES nodes."""


State: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds one diagram; `built` holds what is there of it, by what was left to decide."""

    book: Rulebook
    built: dict[State, Formula] = field(default_factory=dict)
    read: dict[str, frozenset[str]] = field(default_factory=dict)

    def diagram(self, valid: tuple[Formula, ...], live: Live, path: Path) -> Formula:
        """Return the diagram of the rules that are still alive on a path."""
        valid = tuple(left for part in valid if (left := under(part, path)) is not TRUE)
        if FALSE in valid:
            return NO_CASE
        live = self.unbeaten(tuple((name, under(part, path)) for name, part in live))
        open_parts = [*valid, *(part for _, part in live if part is not TRUE)]
        if not open_parts:
            return self.ruling(tuple(name for name, _ in live), path)
        state = (valid, live, *self.known(path, live, open_parts))
        if state not in self.built:
            if len(self.built) >= MOST_NODES:  # several may be done between two looks
                raise TooLargeError
            first = min(open_parts, key=level)
            assert isinstance(first, Node), "INVARIANT: what is open is a node"
            further = partial(self.diagram, valid, live)
            self.built[state] = self.split(first.atom, path, further)
        return self.built[state]

    def known(self, path: Path, live: Live, open_parts: Iterable[Formula]) -> State:
        """Return what a path says of the facts on which it depends what is left.

        These are the facts of open questions, and of outputs: two paths that leave the same open
        may differ in what they say of these, and so in how they are worked out.
        """
        worth = {fact for name, _ in live for fact in self.worth(name)}
        asked = (name for part in open_parts for name in self.book.forest.reads(part))
        assumed = (item for item in path.opaque if worth & facts_in(item[0].comparison))
        return (*known(path, {ZERO, *asked, *worth}), frozenset(assumed))

    def worth(self, rule: str) -> frozenset[str]:
        """Return the facts that the outputs of a rule read."""
        if rule not in self.read:
            outputs = self.book.rules[rule].outputs
            self.read[rule] = frozenset(facts_in(*(value for _, value in outputs)))
        return self.read[rule]

    def unbeaten(self, live: Live) -> Live:
        """Leave out the rules that fail, and those that a rule overrides which applies."""
        return telling(self.book, unbeaten(self.book, live))

    def ruling(self, names: tuple[str, ...], path: Path) -> Formula:
        """Return the leaf of the rules that decide, or (where outputs may differ) a node before."""
        deciding = [self.book.rules[name] for name in names]
        apart = (self.book.differ(deciding[0], other) for other in deciding[1:])
        return self.conflict(names, self.book.forest.any(apart), path)

    def conflict(self, names: tuple[str, ...], differ: Formula, path: Path) -> Formula:
        """Return the leaves of rules that decide together, by whether their results differ."""
        differ = under(differ, path)
        if isinstance(differ, Node):
            return self.split(differ.atom, path, partial(self.conflict, names, differ))
        if differ is TRUE or not names:
            return self.book.forest.leaf(Ruling(names, differ is TRUE))
        return self.worked_out(names, path)

    def worked_out(self, names: tuple[str, ...], path: Path) -> Formula:
        """Return the leaf of a rule that decides, or a node where its outputs branch."""
        reader = self.book.reader
        probe = Probe({**pinned(reader.declared, path), **reader.facts}, reader.calendar, path)
        given = self.book.rules[names[0]].outputs
        try:
            outputs = tuple((output.name, probe.rest(value)) for output, value in given)
        except OpenError as left_open:
            return self.split(left_open.atom, path, partial(self.worked_out, names))
        except CalculationError:
            outputs = ()
        return self.book.forest.leaf(Ruling(names, outputs=outputs))

    def split(self, atom: Atom, path: Path, further: Callable[[Path], Formula]) -> Formula:
        """Return the node that asks about an atom, and goes on both ways."""
        same, _ = one_spelling(atom)
        level = self.book.forest.levels.setdefault(same, len(self.book.forest.levels))
        left = [assume(path, same, holds=holds) for holds in (True, False)]
        ways = [further(part) if part else NO_CASE for part in left]
        return self.book.forest.node(level, same, *ways)


def level(formula: Formula) -> int:
    """Return the place of a formula's first atom in the order."""
    return formula.level


def known(path: Path, names: set[str]) -> State:
    """Return what a path says of some facts."""
    limits = path.space.limits
    names = names | {name for name in limits if name.startswith(VALUE_OF)}
    return (
        frozenset(
            (x, y, c)
            for x in names & limits.keys()
            for y, c in limits[x].items()
            if y in names and x != y
        ),
        frozenset((name, left) for name, left in path.space.options.items() if name in names),
    )


@dataclass(frozen=True, slots=True)
class Diagram:
    """A decision diagram with the path that leads to it: what is required of every case."""

    root: Formula
    path: Path

    def situations(self, path: Path | None = None) -> Iterator[tuple[Path, Ruling]]:
        """Yield the ways through it that a valid case can take, each with its ruling.

        `path` says more of the cases looked at; by default it is the diagram's own.
        """
        return situations(self.root, path or self.path)


def diagram(book: Rulebook, path: Path = NOWHERE) -> Diagram:
    """Return the decision diagram of a question, for the cases on a path.

    Raises TooLargeError when it would have more than MOST_NODES nodes.
    """
    _, start = narrowed([*book.valid], path)
    if start is None:
        return Diagram(NO_CASE, path)
    valid = tuple(part for (part,) in book.valid)
    return Diagram(Builder(book).diagram(valid, tuple(book.applies.items()), start), start)


def situations(found: Formula, path: Path) -> Iterator[tuple[Path, Ruling]]:
    """Yield the ways through a diagram that a valid case on the path can take, with the ruling."""
    found = under(found, path)
    if isinstance(found, Leaf):
        if isinstance(found.result, Ruling):
            yield path, found.result
        return
    for holds, way in ((True, found.holds), (False, found.fails)):
        further = assume(path, found.atom, holds=holds) if way is not NO_CASE else None
        if further:
            yield from situations(way, further)
