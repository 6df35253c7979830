"""A question by the day on which something happens: bands of days, closed, without gap or overlap.

    day 0 to 30 after `joined_on`   the situations in these days
    from day 31 after `joined_on`   the situations then

The bands end where a comparison of the two days changes; those with the same situations are one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from .atoms import AtMost, Path, assume
from .errors import TableError, nearest
from .model import Fact, PolicyVersion, Question
from .phrases import needed, words_of
from .ranges import Range, between, days_apart
from .search import find
from .shortest import Shared, shortest
from .space import ZERO, limit
from .table import Table, table


@dataclass(frozen=True, slots=True)
class Band:
    """Some days, with what holds in them; None is no end. `label` says which days they are."""

    label: str
    low: int | date | None
    high: int | date | None
    table: Table


@dataclass(frozen=True, slots=True)
class Bands:
    """The bands of a date, from the first to the last; `since` is day 0, None for calendar days.

    Each valid case is in one row of one band.
    """

    version: PolicyVersion
    question: Question
    fact: Fact
    since: Fact | None
    bands: tuple[Band, ...]


def bands(version: PolicyVersion, question: Question, fact: str, *, labels: bool = False) -> Bands:
    """Return the bands of a date fact, counted from the day that it is most compared with.

    Raises TableError where the fact is no date, or is compared with no other day.
    """
    day = date_fact(question, fact)
    found = shortest(version, question)
    since = compared_with(day, found, version)
    cutter = Cutter(version, question, day, since, found, labels)
    parts = cutter.together(cutter.ranges())
    return Bands(version, question, day, version.facts.get(since), tuple(parts))


def date_fact(question: Question, name: str) -> Fact:
    """Return the date fact of that name."""
    dates = {fact.name: fact for fact in question.facts if fact.type.kind == "date"}
    if name not in dates:
        hint = nearest(name, [*dates]) or "dates: " + ", ".join(f"`{known}`" for known in dates)
        raise TableError(f"question `{question.name}` has no date `{name}`: {hint}")
    return dates[name]


def compared_with(fact: Fact, found: Shared, version: PolicyVersion) -> str:
    """Return the date with which most situations compare another one; ZERO for calendar days."""
    others = Counter(
        other
        for situation in found.situations
        for other in {
            y if x == fact.name else x
            for x, y in needed(situation.path, found.path, version)
            if fact.name in (x, y)
        }
    )
    if not others:
        raise TableError(
            f"`{fact.name}` has no bands: no situation depends on the number of days between it "
            "and another date (months and business days make none)"
        )
    order = [*version.facts, ZERO]
    return min(others, key=lambda name: (-others[name], order.index(name)))


@dataclass(frozen=True, slots=True)
class Cutter:
    """Cuts the days of a fact, counted from another one, into bands."""

    version: PolicyVersion
    question: Question
    fact: Fact
    since: str
    found: Shared
    labels: bool

    def ranges(self) -> Iterator[Range]:
        """Yield the ranges between the days at which a comparison changes."""
        space = self.found.path.space
        first, last = (
            -limit(space, self.since, self.fact.name),
            limit(space, self.fact.name, self.since),
        )
        cuts = sorted({first - 1, last, *(day for day in self.cuts() if first <= day < last)})
        for before, end in pairwise(cuts):
            ends = whole(before + 1), whole(end)
            if find(self.found.book.valid, self.path(ends)):
                yield ends

    def cuts(self) -> Iterator[float]:
        """Yield the last days before a comparison changes."""
        for atom in self.found.book.forest.levels:
            match atom:
                case AtMost(x, y, c) if (x, y) == (self.fact.name, self.since):
                    yield c
                case AtMost(x, y, c) if (y, x) == (self.fact.name, self.since):
                    yield -c - 1
                case _:
                    pass

    def path(self, ends: Range) -> Path:
        """Return the path of the cases in a range of days."""
        low, high = ends
        path: Path | None = self.found.path
        if low is not None:
            path = path and assume(path, AtMost(self.since, self.fact.name, -low), holds=True)
        if high is not None:
            path = path and assume(path, AtMost(self.fact.name, self.since, high), holds=True)
        assert path, "INVARIANT: a band lies between the first and the last day"
        return path

    def band(self, ends: Range) -> Band:
        """Return the band of a range of days."""
        rows = table(self.version, self.question, within=self.path(ends), labels=self.labels)
        low, high = (date.fromordinal(end) if end and self.since == ZERO else end for end in ends)
        return Band(self.label(ends), low, high, rows)

    def together(self, parts: Iterable[Range]) -> list[Band]:
        """Return the bands of some ranges, of which neighbours with the same situations are one."""
        found: list[tuple[Range, Band]] = []
        for ends in parts:
            band = self.band(ends)
            if found and contents(found[-1][1]) == contents(band):
                (low, _), _ = found.pop()
                both = low, ends[1]
                found.append((both, self.band(both)))
            else:
                found.append((ends, band))
        return [band for _, band in found]

    def label(self, ends: Range) -> str:
        """Return which days a band holds."""
        words = words_of(self.version, labels=self.labels)
        if self.since == ZERO:
            return between(ends, self.fact.type, "").removeprefix("is ")
        name = words.call(self.version.facts[self.since])
        low, high = ends
        if low is None or low < 0 or (high is None and low <= 1):
            return f"{days_apart(ends, later=False)} {name}"
        if high is None:
            return f"from day {low} after {name}"
        return f"day {low} after {name}" if low == high else f"day {low} to {high} after {name}"


def whole(day: float) -> int | None:
    """Return a number of days, or None where there is no end."""
    return int(day) if abs(day) < float("inf") else None


def contents(band: Band) -> list[tuple[object, ...]]:
    """Return what a band says of its situations."""
    return [(row.ruling, row.when, row.outputs) for row in band.table.rows]
