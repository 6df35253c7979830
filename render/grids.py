"""Tables that are worked out from the rules: in bands of days, or by situations.

Each valid case that a table is about is in exactly one row.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ..engine.atoms import Path
from ..engine.bands import bands
from ..engine.days import Calendar
from ..engine.errors import Finding, SourceError, TableError
from ..engine.model import Measure, Outcome, PolicyVersion, Question
from ..engine.space import EVERYTHING, Space
from ..engine.table import Table, table
from .edition import Edition
from .layout import Glance
from .locale import Locale
from .said import Pieces

COLON = ": "
"""What stands between a fact and what is said of it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said of one fact, in words: what it is called, and what is said of it.

    >>> phrase = Phrase("the fee you paid: at least €5")
    >>> phrase.label, phrase.said
    ('the fee you paid', 'at least €5')
    """

    words: str

    @property
    def label(self) -> str:
        """What the fact is called; all the words, where these aren't a fact and its value."""
        return self.words.partition(COLON)[0]

    @property
    def said(self) -> str:
        """What is said of it."""
        return self.words.partition(COLON)[2]


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row: in which cases, what happens, with what; `days` is the band, where its first row is.

    `span` says how many rows the band has, 0 in all but its first one.
    """

    days: Phrase
    span: int
    when: tuple[Phrase, ...]
    outcome: str
    outputs: tuple[tuple[str, str], ...]
    tone: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table under its heading; `given` says which facts all its cases share."""

    name: str
    heading: Pieces
    given: tuple[tuple[str, str], ...]
    rows: tuple[GridRow, ...]
    banded: bool


def glances(edition: Edition) -> Iterator[Grid]:
    """Yield the tables of the policy page."""
    for number, glance in enumerate(edition.layout.glance, 1):
        yield grid(edition, glance, f"glance-{number}")


def whole(edition: Edition, question: Question) -> Grid:
    """Return a question as one table of all its situations."""
    return grid(edition, Glance(question.asks, question.name, None, {}), question.name)


def grid(edition: Edition, glance: Glance, name: str) -> Grid:
    """Return a table, for cases with the options that are given.

    Raises SourceError where `pages.yaml` asks for a table that the rules don't make.
    """
    question = edition.version.questions[glance.question]
    about = About(
        question=question,
        calendar=edition.version.calendar,
        currency=edition.version.currency,
        measures=tuple(edition.version.measures.values()),
        by=glance.by,
        given=frozenset(glance.given.items()),
        locale=edition.locale,
        version=edition.version,
    )
    try:
        found = rows(about)
    except TableError as error:
        if glance.where is None:
            raise
        wrong = Finding(code="not-built", where=glance.where, message=str(error))
        raise SourceError([wrong]) from error
    return Grid(
        name,
        edition.pieces(glance.heading),
        tuple(given(edition, question, glance.given)),
        found,
        banded=bool(glance.by),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the rows of a table depend on. INVARIANT: they depend on nothing else of a version."""

    question: Question
    calendar: Calendar | None
    currency: str
    measures: tuple[Measure, ...]
    by: str | None
    given: frozenset[tuple[str, frozenset[str | bool]]]
    locale: Locale
    version: PolicyVersion = field(compare=False)


@lru_cache(maxsize=256)
def rows(about: About) -> tuple[GridRow, ...]:
    """Return the rows of a table; several pages show it, and most changes leave it alone."""
    version, question = about.version, about.question
    within = Path(Space(EVERYTHING.limits, dict(about.given)))
    speech = about.locale.speech(version.currency)
    if about.by:
        cut = bands(version, question, about.by, within=within, labels=True, speech=speech)
        return tuple(row for band in cut.bands for row in banded(band.table, band.label))
    found = table(version, question, within=within, labels=True, speech=speech)
    return tuple(banded(found, ""))


def banded(found: Table, days: str) -> Iterator[GridRow]:
    """Yield the rows of a table; the first one says which days they are about."""
    for number, row in enumerate(found.rows):
        yield GridRow(
            Phrase(days),
            0 if number else len(found.rows),
            tuple(map(Phrase, row.when)),
            row.rule.outcome.label if row.rule else "",
            tuple((output.label, words) for output, words in row.outputs),
            tone(row.rule.outcome if row.rule else None, found.question.outcomes),
        )


def tone(outcome: Outcome | None, outcomes: Iterable[Outcome]) -> str:
    """Return how good an outcome is for the customer: best, last, between; plain if none ranks."""
    ranks = [outcome.rank for outcome in outcomes]
    rank = outcome.rank if outcome else None
    known = [found for found in ranks if found is not None]
    if rank is None or len(set(known)) == 1:
        return "plain"
    return "best" if rank == min(known) else "last" if rank == max(known) else "between"


def given(
    edition: Edition, question: Question, options: Mapping[str, frozenset[str | bool]]
) -> Iterator[tuple[str, str]]:
    """Yield the facts that all cases of a table share, in words."""
    for fact in question.facts:
        if fact.name in options:
            order: tuple[str | bool, ...] = fact.type.options or (True, False)
            kept = [option for option in order if option in options[fact.name]]
            words = (
                fact.options.get(str(option), str(option))
                if fact.type.options
                else edition.locale.value(option, fact.type)
                for option in kept
            )
            yield fact.label, f" {edition.locale.say('or')} ".join(words)
