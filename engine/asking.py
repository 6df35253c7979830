"""Which question to ask first: the one after which the fewest others are to be expected.

The diagram of a question is read as a lottery: at a choice every option is as likely as another, at
a limit both sides are. What is then to be asked is what stands on the way to a ruling, and what its
outputs read. A date or an amount alone rarely settles a comparison with another one, so its value
only tells where it is compared with a figure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from .atoms import Among, AtMost, Atom, Path, assume
from .diagram import NO_CASE, Diagram, Ruling
from .formula import Formula, Leaf, atoms_of, named, under
from .model import Fact
from .rulebook import Rulebook
from .settle import every_option
from .space import ZERO
from .walk import facts_in

Odds: TypeAlias = Mapping[str, float]
"""How likely each fact is still to be asked."""


@dataclass(frozen=True, slots=True)
class Lottery:
    """The diagram of a question from one path on, with what is worked out of it already."""

    book: Rulebook
    path: Path
    known: frozenset[str]
    left: dict[Formula, Formula] = field(default_factory=dict)
    odds: dict[Formula, Odds] = field(default_factory=dict)

    def questions(self, root: Formula) -> float:
        """Return how many questions are to be expected."""
        return sum(self.asked(self.cut(root)).values())

    def cut(self, formula: Formula) -> Formula:
        """Return a part of the diagram without what the path settles, and what that leaves idle."""
        formula = under(formula, self.path)
        if isinstance(formula, Leaf):
            return formula
        if formula not in self.left:
            ways = (self.cut(formula.holds), self.cut(formula.fails))
            kept = [way for way in ways if way is not NO_CASE]
            self.left[formula] = (
                self.book.forest.node(formula.level, formula.atom, *ways)
                if len(kept) == len(ways)
                else (kept or ways)[0]
            )
        return self.left[formula]

    def asked(self, formula: Formula) -> Odds:
        """Return how likely each fact is to be asked from here on."""
        if formula not in self.odds:
            self.odds[formula] = self.drawn(formula)
        return self.odds[formula]

    def drawn(self, formula: Formula) -> Odds:
        """Return the odds of a part of the diagram that wasn't met before."""
        if isinstance(formula, Leaf):
            rules = formula.result.rules if isinstance(formula.result, Ruling) else ()
            outputs = (value for name in rules for _, value in self.book.rules[name].outputs)
            return dict.fromkeys(facts_in(*outputs) - self.known, 1.0)
        share = self.share(formula.atom)
        found: dict[str, float] = {}
        for way, odds in ((formula.holds, share), (formula.fails, 1 - share)):
            for name, likely in self.asked(way).items():
                found[name] = found.get(name, 0.0) + odds * likely
        return found | dict.fromkeys(named(formula.atom) - self.known, 1.0)

    def share(self, atom: Atom) -> float:
        """Return how likely an atom is to hold."""
        if not isinstance(atom, Among):
            return 0.5
        left = self.path.space.options.get(atom.name, atom.options | atom.others)
        return len(left & atom.options) / len(left)

    def along(self, path: Path, name: str) -> "Lottery":
        """Return the lottery when a fact is known as well; what doesn't read it stays as it is."""
        reads = self.book.forest.reads
        left = {part: cut for part, cut in self.left.items() if name not in reads(part)}
        return Lottery(self.book, path, self.known | {name}, left)


def best_first(
    names: Iterable[str], book: Rulebook, found: Diagram, known: Iterable[str], path: Path | None
) -> tuple[str, ...]:
    """Return names of facts, those first after which the fewest questions are to be expected.

    Those after which as many are keep their order.
    """
    assert path, "INVARIANT: where a fact is missing, some case has the known facts"
    lottery = Lottery(book, path, frozenset(known))
    declared = {fact.name: fact for fact in book.question.facts}
    root = lottery.cut(found.root)

    def further(name: str) -> float:
        parts = [*values(declared[name], root, path)]
        return sum(lottery.along(part, name).questions(root) for part in parts) / len(parts)

    return tuple(sorted(names, key=lambda name: round(further(name), 9)))


def values(fact: Fact, root: Formula, path: Path) -> Iterator[Path]:
    """Yield the path with each value of a fact that is told apart by itself."""
    if fact.type.kind in ("yes_no", "choice"):
        every = every_option(fact)
        for option in fact.type.options or (True, False):
            one = frozenset((option,))
            if part := assume(path, Among(fact.name, one, every - one), holds=True):
                yield part
        return
    alone = (fact.name, ZERO)
    limits = {a.c for a in atoms_of(root) if isinstance(a, AtMost) and (a.x, a.y) == alone}
    for low, high in pairwise((None, *sorted(limits), None)):
        if part := between(fact.name, low, high, path):
            yield part


def between(name: str, low: int | None, high: int | None, path: Path) -> Path | None:
    """Return the path with a fact above one limit and not above another."""
    part: Path | None = path
    if low is not None:
        part = part and assume(part, AtMost(name, ZERO, low), holds=False)
    if high is not None:
        part = part and assume(part, AtMost(name, ZERO, high), holds=True)
    return part
