"""The valid cases of a question as situations: as few as possible, each said in few words.

    situations_of   a diagram → situations that don't overlap, one for each way to a ruling
    merged          these → fewer, which share out the same valid cases
    stated          a path → the same valid cases, without what each of them meets anyway

The last two are proven with `find`: a step that moves a valid case elsewhere is not taken.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from .atoms import Among, AtMost, Atom, Path, assume
from .bounds import of_facts
from .diagram import NO_CASE, Diagram, Ruling, situations
from .formula import Forest, Formula, Leaf
from .model import PolicyVersion
from .phrases import needed, with_opaque
from .search import Clause, find
from .settle import Rest, every_option, number
from .space import Space, bounds, limit, meet

Item: TypeAlias = tuple[Atom, bool]
"""One thing that a situation says: that an atom holds, or that it doesn't."""


@dataclass(frozen=True, slots=True)
class Situation:
    """The cases on a path, with their ruling; `sample` is a part of it that has a valid case."""

    path: Path
    ruling: Ruling
    sample: Path


# ---------------------------------------------------------------- from the diagram


def situations_of(found: Diagram, forest: Forest, valid: Sequence[Clause]) -> Iterator[Situation]:
    """Yield the situations of a diagram, none of which overlaps another.

    Of rules that agree the first alone is told.
    """
    for path, ruling in situations(shortened(found.root, forest), found.path):
        parts = (part for part, own in found.situations(path) if as_told(own) == ruling)
        if sample := next((part for part in parts if find(valid, part)), None):
            yield Situation(path, ruling, sample)


def shortened(root: Formula, forest: Forest) -> Formula:
    """Return a diagram without questions on which no ruling, as it is told, depends."""
    done: dict[Formula, Formula] = {NO_CASE: NO_CASE}

    def short(formula: Formula) -> Formula:
        if formula not in done:
            done[formula] = shorter(formula)
        return done[formula]

    def shorter(formula: Formula) -> Formula:
        if isinstance(formula, Leaf):
            assert isinstance(formula.result, Ruling)
            return forest.leaf(as_told(formula.result))
        holds, fails = short(formula.holds), short(formula.fails)
        if NO_CASE in (holds, fails):
            return fails if holds is NO_CASE else holds
        return forest.node(formula.level, formula.atom, holds, fails)

    return short(root)


def as_told(ruling: Ruling) -> Ruling:
    """Return a ruling by its first rule; rules that conflict are all told."""
    return ruling if ruling.conflict else replace(ruling, rules=ruling.rules[:1])


# ---------------------------------------------------------------- fewer


def merged(found: Iterable[Situation], valid: Sequence[Clause]) -> list[Situation]:
    """Return fewer situations for the same valid cases: several become one that holds them all.

    That is done where it holds no valid case of another ruling.
    """
    ahead, done = list(found), list[Situation]()
    while ahead:
        situation = ahead.pop(0)
        every = [situation, *done, *ahead]
        joins = (joined(situation, other, every, valid) for other in every[1:])
        if both := next(filter(None, joins), None):
            ahead = [both, *(other for other in ahead if not within(other.path, both.path))]
            done = [other for other in done if not within(other.path, both.path)]
        else:
            done.append(situation)
    return done


def joined(
    one: Situation, other: Situation, every: Sequence[Situation], valid: Sequence[Clause]
) -> Situation | None:
    """Return the least situation that holds two and all that it meets, if one ruling fits these."""
    if not agrees(one, other.ruling):
        one, other = other, one
    if not agrees(one, other.ruling):
        return None
    path = hull(one.path, other.path)
    grown = True
    while grown:
        before = path
        for situation in every:
            if overlap(before, situation.path, valid):
                if not agrees(situation, other.ruling):
                    return None
                path = hull(path, situation.path)
        grown = path != before
    return replace(other, path=path)


def agrees(situation: Situation, ruling: Ruling) -> bool:
    """Return whether a ruling gives the cases of a situation what their own one gives."""
    own = situation.ruling
    if own == ruling or own.conflict or own.rules != ruling.rules:
        return own == ruling
    return len(own.outputs) == len(ruling.outputs) and all(
        mine == theirs or same_value(mine, theirs, situation.path)
        for (_, mine), (_, theirs) in zip(own.outputs, ruling.outputs, strict=True)
    )


def same_value(known: Rest, left: Rest, path: Path) -> bool:
    """Return whether an output that is known equals a sum of facts that a path leaves one value."""
    if len(known) != 1 or isinstance(known[0], bool | str) or not isinstance(left[0], frozenset):
        return False
    factors, total = left
    for name, factor in factors:
        low, high = bounds(path.space, name)
        if low is None or low != high:
            return False
        total += factor * low
    return bool(total == number(known[0]))


def overlap(a: Path, b: Path, valid: Sequence[Clause]) -> bool:
    """Return whether two paths may have a valid case in common."""
    common = meeting(a, b)
    return common is not None and find(valid, common) is not None


def hull(a: Path, b: Path) -> Path:
    """Return the least path that holds two others."""
    theirs = of_facts(b.space).limits
    limits = {
        x: {y: max(c, theirs[x][y]) for y, c in row.items() if y in theirs[x]}
        for x, row in of_facts(a.space).limits.items()
        if x in theirs
    }
    options = {
        name: left | b.space.options[name]
        for name, left in a.space.options.items()
        if name in b.space.options
    }
    common = tuple(item for item in a.opaque if item in b.opaque)
    return with_opaque(Path(Space(limits, options)), Path(opaque=common))


def meeting(a: Path, b: Path) -> Path | None:
    """Return what two paths have in common; None when that is nothing."""
    if clash(a.space, b.space) or any((atom, not holds) in b.opaque for atom, holds in a.opaque):
        return None
    space = meet(a.space, b.space)
    return Path(space, tuple(dict.fromkeys((*a.opaque, *b.opaque)))) if space else None


def clash(a: Space, b: Space) -> bool:
    """Return whether two spaces can be told apart at a glance: by one fact or one pair of them."""
    for name, left in a.options.items():
        if name in b.options and not left & b.options[name]:
            return True
    return any(
        c + b.limits[y][x] < 0
        for x, row in a.limits.items()
        for y, c in row.items()
        if y in b.limits and x in b.limits[y]
    )


def within(a: Path, b: Path) -> bool:
    """Return whether a path lies in another one, as far as that shows without a search."""
    return (
        all(limit(a.space, x, y) <= c for x, row in b.space.limits.items() for y, c in row.items())
        and all(
            a.space.options.get(name, left | {None}) <= left
            for name, left in b.space.options.items()
        )
        and all(item in a.opaque for item in b.opaque)
    )


# ---------------------------------------------------------------- in few words


def stated(path: Path, given: Path, valid: Sequence[Clause], version: PolicyVersion) -> Path:
    """Return a path that holds the same valid cases and says no more than it has to."""
    items = list(said(path, given, version))
    for item in list(items):
        rest = [other for other in items if other is not item]
        atom, holds = item
        outside = assume(built(given, rest), atom, holds=not holds)
        if outside is None or find(valid, outside) is None:
            items = rest
    return built(given, [*items, *other_ends(items, given, valid)])


def said(path: Path, given: Path, version: PolicyVersion) -> Iterator[Item]:
    """Yield what a path says beyond what is given, what reads worst first."""
    for x, y in sorted(needed(path, given, version), key=lambda pair: "" in pair):
        yield AtMost(x, y, path.space.limits[x][y]), True
    for name, left in path.space.options.items():
        before = given.space.options.get(name, every_option(version.facts[name]))
        if left < before:
            yield Among(name, left, before - left), True
    yield from (item for item in path.opaque if item not in given.opaque)


def built(given: Path, items: Iterable[Item]) -> Path:
    """Return what is given with more assumptions, which leave a case."""
    path: Path | None = given
    for atom, holds in items:
        path = path and assume(path, atom, holds=holds)
    assert path, "INVARIANT: what a path says leaves its cases"
    return path


def other_ends(items: Sequence[Item], given: Path, valid: Sequence[Clause]) -> Iterator[Item]:
    """Yield the ends that make a limit a single value, because no valid case lies further on."""
    path = built(given, items)
    for atom, _ in items:
        if isinstance(atom, AtMost):
            further = assume(path, replace(atom, c=atom.c - 1), holds=True)
            if further and find(valid, further) is None:
                yield AtMost(atom.y, atom.x, -atom.c), True
