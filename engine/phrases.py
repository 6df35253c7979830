"""A set of cases in words: what a path says of the facts, one plain phrase for each thing.

    `plan` is `year`
    `visits` at least 1
    `days_as_member` 8 to 30 days

Nothing is said twice: a bound that follows from the others, or that every case meets anyway, is
left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .atoms import Opaque, Path, assume
from .bounds import of_facts
from .model import Between, Compare, Fact, Measure, Minus, PolicyVersion, Type
from .ranges import Range, beside, between, days_apart, turned
from .search import NOWHERE
from .settle import every_option
from .space import ZERO, Space, at_most, implies, limit
from .speech import ENGLISH, Speech
from .vocabulary import subject_first
from .walk import facts_in
from .words import Words

Placed: TypeAlias = tuple[tuple[int, ...], str]
"""A phrase, after the places in the file of the facts that it is about."""


def phrases(
    path: Path,
    version: PolicyVersion,
    *,
    given: Path = NOWHERE,
    labels: bool = False,
    speech: Speech = ENGLISH,
) -> tuple[str, ...]:
    """Return a phrase for each thing that a path says beyond what is given, in the file's order.

    `labels` puts the customers' words in place of the names of facts and options.

    >>> from .load import load_text
    >>> from .space import EVERYTHING
    >>> version, _ = load_text(
    ...     '''
    ... language: 1
    ... policy: gym
    ... version: 1.0.0
    ... in_force: draft
    ... facts:
    ...   joined_on: {type: date, label: the day you joined}
    ...   left_on: {type: date, label: the day you left}
    ...   visits: {type: whole_number, label: your visits}
    ... measures:
    ...   days_as_member: {days: {from: joined_on, to: left_on}}
    ... questions:
    ...   refund:
    ...     asks: Do I get my fee back?
    ...     outcomes: {kept: {}}
    ...     rules: {no_refund: {outcome: kept, says: We keep the fee.}}
    ... ''',
    ...     "policy.yaml",
    ... )
    >>> left = at_most(at_most(EVERYTHING, "left_on", "joined_on", 30), ZERO, "visits", -1)
    >>> phrases(Path(left), version)
    ('`days_as_member` at most 30 days', '`visits` at least 1')
    >>> phrases(Path(left), version, labels=True)
    ('days as member: at most 30 days', 'your visits: at least 1')
    """
    teller = Teller(Words(version, labels, speech), differences(version), places(version))
    found = [
        *teller.choices(path, given),
        *teller.amounts(path, given),
        *(teller.opaque(*item) for item in path.opaque if item not in given.opaque),
    ]
    return tuple(text for _, text in sorted(found, key=lambda item: item[0]))


def needed(path: Path, given: Path, version: PolicyVersion) -> set[tuple[str, str]]:
    """Return the pairs whose limits, with the rest of the path, say all of it; none is left over.

    The rest is what is given, and what follows from comparisons outside the fragment. Where one of
    two has to go, the one that reads better stays: about a measure, about one fact.
    """
    space, given_space = of_facts(path.space), of_facts(with_opaque(given, path).space)
    told = [(x, y) for x, row in space.limits.items() for y in row]
    told = [(x, y) for x, y in told if not implies(given_space, x, y, space.limits[x][y])]
    measures = differences(version)
    place = {ZERO: -1, **places(version)}

    def clumsy(pair: tuple[str, str]) -> tuple[bool, bool, list[int]]:
        named = pair in measures or pair[::-1] in measures
        return (not named, ZERO not in pair, sorted(map(place.__getitem__, pair), reverse=True))

    for x, y in sorted(told, key=clumsy, reverse=True):
        others = [pair for pair in told if pair != (x, y)]
        if implies(limited(given_space, others, space), x, y, space.limits[x][y]):
            told = others
    return set(told)


def with_opaque(given: Path, path: Path) -> Path:
    """Return what is given with what a path assumes of comparisons outside the fragment."""
    for atom, holds in path.opaque:
        if (atom, holds) not in given.opaque:
            given = assume(given, atom, holds=holds) or given
    return given


def limited(space: Space, pairs: list[tuple[str, str]], like: Space) -> Space:
    """Return a space with some of the limits that a smaller one has."""
    for x, y in pairs:
        further = at_most(space, x, y, like.limits[x][y])
        assert further, "INVARIANT: a smaller space is not empty"
        space = further
    return space


def differences(version: PolicyVersion) -> dict[tuple[str, str], Measure]:
    """Return the measures that are the difference of two facts, by these: the greater one first."""
    found: dict[tuple[str, str], Measure] = {}
    for measure in version.measures.values():
        match measure.value:
            case Between(Fact(name=y), Fact(name=x), Type("days")) | Minus(
                Fact(name=x), Fact(name=y)
            ):
                found.setdefault((x, y), measure)
            case _:
                pass
    return found


def places(version: PolicyVersion) -> dict[str, int]:
    """Return where each fact stands in the file."""
    return {name: number for number, name in enumerate(version.facts)}


# ---------------------------------------------------------------- in words

MOST_OPTIONS = 3
"""So many options customers rather read than what they exclude."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells what a path says of the facts of a version."""

    words: Words
    measures: Mapping[tuple[str, str], Measure]
    places: Mapping[str, int]

    def placed(self, text: str, *names: str) -> Placed:
        """Return a phrase with the places of its facts."""
        return tuple(sorted(map(self.places.__getitem__, names))), text

    # ------------------------------------------------------------ choices

    def choices(self, path: Path, given: Path) -> Iterator[Placed]:
        """Yield what a path says of choices and of yes or no."""
        for name, left in path.space.options.items():
            fact = self.words.version.facts[name]
            before = given.space.options.get(name, every_option(fact))
            if left == before:
                continue
            if fact.type.kind == "yes_no":
                yield self.placed(self.words.known(fact, True in left), name)
            else:
                inside = [option for option in fact.type.options if option in left]
                outside = [option for option in fact.type.options if option in before - left]
                said = self.chosen(fact, inside, outside)
                yield self.placed(self.words.equal(fact, said), name)

    def chosen(self, choice: Fact, inside: list[str], outside: list[str]) -> str:
        """Return which options are left, or which aren't where these are fewer."""
        speech, labels = self.words.speech, self.words.labels
        is_not = len(outside) < len(inside) and not (labels and len(inside) <= MOST_OPTIONS)
        shown = [self.words.option(choice, name) for name in (outside if is_not else inside)]
        if not is_not:
            return speech.listed(shown, "{} or {}")
        if labels:
            quoted = [speech.say('"{}"', label) for label in shown]
            return speech.say("anything but {}", speech.listed(quoted))
        if len(shown) == 1:
            return speech.say("not {}", shown[0])
        return speech.say("neither {}", speech.listed(shown, "{} nor {}"))

    # ------------------------------------------------------------ amounts

    def amounts(self, path: Path, given: Path) -> Iterator[Placed]:
        """Yield what limits say of one fact, or of the difference of two."""
        space = path.space
        told = needed(path, given, self.words.version)
        pairs = dict.fromkeys(self.in_order(x, y) for x, y in told)
        for x, y in pairs:
            low, high = -limit(space, y, x), limit(space, x, y)
            ends: Range = (
                int(low) if (y, x) in told or low == high else None,
                int(high) if (x, y) in told or low == high else None,
            )
            known = (
                0 if implies(given.space, y, x, 0) else 1 if implies(given.space, x, y, 0) else None
            )
            yield self.placed(self.limited(x, y, ends, known), *filter(None, (x, y)))

    def in_order(self, x: str, y: str) -> tuple[str, str]:
        """Return two names in the order of the file; the constant comes last."""
        return (x, y) if y == ZERO or (x != ZERO and self.places[x] < self.places[y]) else (y, x)

    def limited(self, x: str, y: str, ends: Range, later: int | None) -> str:
        """Return a range of x - y; `later` says which of two dates is never before the other."""
        if measure := self.measures.get((x, y)):
            return self.ranged(measure, ends)
        if measure := self.measures.get((y, x)):
            return self.ranged(measure, turned(ends))
        fact = self.words.version.facts[x]
        if y == ZERO:
            return self.ranged(fact, ends)
        other = self.words.version.facts[y]
        if fact.type.kind == "date":
            return self.apart(fact, other, ends, later)
        name, currency = self.words.call(other), self.words.version.currency
        said = beside(ends, name, fact.type, currency, self.words.speech)
        single = ends[0] == ends[1] != 0
        return self.words.equal(fact, said) if single else self.words.about(fact, said)

    def ranged(self, thing: Fact | Measure, ends: Range) -> str:
        """Return a range of one value."""
        said = between(ends, thing.type, self.words.version.currency, self.words.speech)
        single = ends[0] == ends[1]
        return self.words.equal(thing, said) if single else self.words.about(thing, said)

    def apart(self, day: Fact, other: Fact, ends: Range, later: int | None) -> str:
        """Return how far two dates lie apart; of the two, the later one comes first if known."""
        if later == 1:
            day, other, ends = other, day, turned(ends)
        name, speech = self.words.call(other), self.words.speech
        return self.words.about(day, days_apart(ends, name, later=later is not None, speech=speech))

    # ------------------------------------------------------------ opaque

    def opaque(self, atom: Opaque, holds: bool) -> Placed:  # noqa: FBT001 - a pair of a path
        """Return a comparison that is taken as a whole, in words."""
        comparison = subject_first(atom.comparison)
        said = self.words.said_of_it(comparison, holds=holds)
        ordered = isinstance(comparison, Compare) and comparison.operator not in ("is", "is_not")
        phrase = self.words.about if ordered else self.words.equal
        return self.placed(phrase(comparison.left, said), *facts_in(atom.comparison))
