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
from .phrases import differences, needed
from .ranges import DAYS, Range, between, days_apart, turned
from .search import NOWHERE, find
from .shortest import Shared, shortest
from .space import ZERO, limit
from .speech import ENGLISH, Speech
from .table import Table, table
from .words import Words


@dataclass(frozen=True, slots=True)
class Band:
    """Some days, with what holds in them; None is no end.

    `label` says which days they are, and `heading` also what happens then.
    """

    label: str
    heading: str
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


def bands(  # noqa: PLR0913 - which days of which cases, in whose words
    version: PolicyVersion,
    question: Question,
    fact: str,
    *,
    within: Path = NOWHERE,
    labels: bool = False,
    speech: Speech = ENGLISH,
) -> Bands:
    """Return the bands of a date fact, counted from the day that it is most compared with.

    `within` leaves only the cases on a path; `labels` are the customers' words.

    Raises TableError where the fact is no date, or is compared with no other day.
    """
    day = date_fact(question, fact)
    found = shortest(version, question, within)
    since = compared_with(day, found, version)
    cutter = Cutter(question, day, since, found, Words(version, labels, speech))
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

    question: Question
    fact: Fact
    since: str
    found: Shared
    words: Words

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
        labels, speech = self.words.labels, self.words.speech
        path = self.path(ends)
        rows = table(self.words.version, self.question, within=path, labels=labels, speech=speech)
        low, high = (date.fromordinal(end) if end and self.since == ZERO else end for end in ends)
        counted, label = self.counted(ends), self.label(ends)
        heading = speech.say("{}: {}", self.words.call(self.fact), label)
        return Band(counted or label, counted or heading, low, high, rows)

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
        speech = self.words.speech
        if self.since == ZERO:
            return between(ends, self.fact.type, "", speech)
        name = self.words.call(self.words.version.facts[self.since])
        low, high = ends
        if low is None or low < 0 or (high is None and low <= 1):
            return days_apart(ends, name, later=False, speech=speech)
        first = speech.bare(low, DAYS)
        if high is None:
            return speech.say("from day {} after {}", first, name)
        if low == high:
            return speech.say("day {} after {}", first, name)
        return speech.say("day {} to {} after {}", first, speech.bare(high, DAYS), name)

    def counted(self, ends: Range) -> str:
        """Return which numbers of days a band holds, by their measure's label; else ""."""
        measures = differences(self.words.version) if self.words.labels else {}
        pair = self.fact.name, self.since
        for names, (low, high) in ((pair, ends), (pair[::-1], turned(ends))):
            measure = measures.get(names)
            if measure and low is not None and low >= 0:
                return self.words.about(measure, numbers(low, high, self.words.speech))
        return ""


def numbers(low: int, high: int | None, speech: Speech) -> str:
    """Return a range of numbers.

    >>> numbers(8, 30, ENGLISH), numbers(31, None, ENGLISH)
    ('8 to 30', '31 or more')
    """
    first = speech.bare(low, DAYS)
    if high is None:
        return speech.say("{} or more", first)
    return first if low == high else speech.say("{} to {}", first, speech.bare(high, DAYS))


def whole(day: float) -> int | None:
    """Return a number of days, or None where there is no end."""
    return int(day) if abs(day) < float("inf") else None


def contents(band: Band) -> list[tuple[object, ...]]:
    """Return what a band says of its situations."""
    return [(row.ruling, row.when, row.outputs) for row in band.table.rows]
