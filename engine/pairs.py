"""Two cases that differ in some facts alone, walked through a diagram side by side."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .atoms import Path, assume
from .diagram import NO_CASE, Diagram, Ruling, State, known
from .formula import Formula, Leaf, Node, renamed, under
from .rulebook import Rulebook
from .space import ZERO, meet, rename


def matter(names: Iterable[str], book: Rulebook, found: Diagram, path: Path) -> bool:
    """Return whether valid cases on a path that differ in these facts alone differ in result."""
    others = {name: f"{name}'" for name in names}
    if book.forest.reads(found.root).isdisjoint(others):
        return False
    both = meet(path.space, rename(path.space, others))
    assert both, "INVARIANT: two cases may be the same"
    pair = Pair(book, others)
    return pair.differs(found.root, found.root, Path(both, path.opaque))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cases: the second has its own values of some facts, under other names.

    `alike` keeps the parts of the diagram that were found to give both the same result.
    """

    book: Rulebook
    others: dict[str, str]
    alike: set[State] = field(default_factory=set)

    def differs(self, one: Formula, other: Formula, path: Path) -> bool:
        """Return whether the cases may come to different results from here on."""
        one, other = under(one, path), under(other, path, self.others)
        if one is NO_CASE or other is NO_CASE:
            return False
        if one is other and self.book.forest.reads(one).isdisjoint(self.others):
            return False
        if isinstance(one, Leaf) and isinstance(other, Leaf):
            return said(one) != said(other)
        state = (one, other, path.opaque, *known(path, self.read(one, other)))
        if state in self.alike:
            return False
        asked = one.atom if isinstance(one, Node) else None
        if asked is None or other.level < one.level:
            assert isinstance(other, Node), "INVARIANT: a leaf comes after every node"
            asked = renamed(other.atom, self.others)
        ways = (assume(path, asked, holds=holds) for holds in (True, False))
        if any(way and self.differs(one, other, way) for way in ways):
            return True
        self.alike.add(state)
        return False

    def read(self, one: Formula, other: Formula) -> set[str]:
        """Return the facts that parts of the diagram read, each under the names of its case."""
        forest = self.book.forest
        second = (self.others.get(name, name) for name in forest.reads(other))
        return {ZERO, *forest.reads(one), *second}


def said(leaf: Leaf) -> object:
    """Return what a leaf says: a conflict, a gap, or the rule that is named with its outputs."""
    ruling = leaf.result
    assert isinstance(ruling, Ruling)
    return "conflict" if ruling.conflict else (ruling.rules[:1], ruling.outputs)
