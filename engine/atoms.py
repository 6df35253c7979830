"""What is assumed about unknown facts, one `Atom` after the other, and the path that this makes.

    AtMost(x, y, c)   x - y <= c, over whole things: days, minor units, counts, scaled decimals
    Among(x, {…})     a choice or yes_no fact is one of some options
    Opaque(…)         a comparison outside that fragment (months, business days, products of
                      unknown facts), taken as a whole: it may hold or not, as far as the `bounds`
                      that follow from it leave both possible

The first two are decided exactly by the `Space` of cases that the path leaves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .bounds import bounds_of
from .model import Compare, Fact, OneOf, Type, Value
from .space import EVERYTHING, ZERO, Options, Space, at_most, bounds, implies, restrict


@dataclass(frozen=True, slots=True)
class AtMost:
    """The assumption that x - y <= c."""

    x: str
    y: str
    c: int


@dataclass(frozen=True, slots=True)
class Among:
    """The assumption that a choice or yes_no fact is one of some options."""

    name: str
    options: Options
    others: Options


@dataclass(frozen=True, slots=True)
class Opaque:
    """The assumption that a comparison outside the fragment holds; `of` tells two cases apart."""

    comparison: Compare | OneOf
    of: str = ""


Atom = AtMost | Among | Opaque


@dataclass(frozen=True, slots=True)
class Path:
    """What is assumed so far, and the space of cases that it leaves."""

    space: Space = EVERYTHING
    opaque: tuple[tuple[Opaque, bool], ...] = ()


def assume(path: Path, atom: Atom, *, holds: bool) -> Path | None:
    """Return the path with one more assumption, or None when no case is left."""
    match atom:
        case AtMost(x, y, c):
            left = at_most(path.space, x, y, c) if holds else at_most(path.space, y, x, -c - 1)
        case Among(name, options, others):
            left = restrict(path.space, name, options if holds else others)
        case Opaque():
            bounded = following(path.space, atom, holds=holds)
            return Path(bounded, (*path.opaque, (atom, holds))) if bounded else None
    return Path(left, path.opaque) if left else None


def following(space: Space, atom: Opaque, *, holds: bool) -> Space | None:
    """Return the space with the bounds that follow from an assumption outside the fragment."""
    left: Space | None = space
    for x, y, c in bounds_of(atom.comparison, atom.of, holds=holds):
        left = left and at_most(left, x, y, c)
    return left


def settled(path: Path, atom: Atom) -> bool | None:
    """Return whether an atom holds everywhere on a path, nowhere (False), or None."""
    match atom:
        case AtMost(x, y, c):
            if implies(path.space, x, y, c):
                return True
            return False if implies(path.space, y, x, -c - 1) else None
        case Among(name, options):
            left = path.space.options.get(name)
            if left is None or (left & options and left - options):
                return None
            return bool(left & options)
        case Opaque():
            assumed = next((holds for assumed, holds in path.opaque if assumed == atom), None)
            if assumed is not None:
                return assumed
            ways = [following(path.space, atom, holds=holds) for holds in (True, False)]
            return bool(ways[0]) if None in ways else None


def pinned(facts: Iterable[Fact], path: Path) -> dict[str, Value]:
    """Return the facts that a path leaves one value: on it they are as good as known."""
    found: dict[str, Value] = {
        name: option
        for name, left in path.space.options.items()
        if len(left) == 1
        for option in left
    }
    for fact in facts:
        low, high = bounds(path.space, fact.name)
        is_day = fact.type.kind != "date" or (low and 1 <= low <= date.max.toordinal())
        if low is not None and low == high and is_day:
            found[fact.name] = from_steps(low, fact.type)
    return found


def pins(facts: Mapping[str, Value], declared: Iterable[Fact]) -> Path:
    """Return the path on which some facts have the values given."""
    known = [fact for fact in declared if fact.name in facts]
    chosen = [fact for fact in known if fact.type.kind in ("yes_no", "choice")]
    counts = {f.name: to_steps(facts[f.name], f.type) for f in known if f not in chosen}
    space: Space | None = EVERYTHING
    for name, count in counts.items():
        space = space and at_most(space, name, ZERO, count)
        space = space and at_most(space, ZERO, name, -count)
    assert space, "INVARIANT: values don't contradict each other"
    options: dict[str, Options] = {f.name: frozenset((facts[f.name],)) for f in chosen}  # type: ignore[arg-type]
    return Path(Space(space.limits, options))


def to_steps(value: Value, kind: Type) -> int:
    """Return a value in its type's smallest units."""
    if isinstance(value, date):
        return value.toordinal()
    return int(Fraction(value) * 10**kind.scale)


def from_steps(count: int, kind: Type) -> Value:
    """Return the value that is so many of its type's smallest units."""
    match kind.kind:
        case "date":
            return date.fromordinal(count)
        case "decimal" | "money":
            return Fraction(count, 10**kind.scale)
        case _:
            return count


def canonical(comparison: Compare | OneOf) -> tuple[Compare | OneOf, bool]:
    """Return the comparison that says the same, or (False) the opposite, in one spelling."""
    match comparison:
        case Compare(left, "is_not", right):
            return Compare(left, "is", right), False
        case Compare(left, "less_than", right):
            return Compare(left, "at_least", right), False
        case Compare(left, "at_most", right):
            return Compare(right, "at_least", left), True
        case Compare(left, "more_than", right):
            return Compare(right, "at_least", left), False
        case _:
            return comparison, True
