"""What the marks around a text bind it to: the values that the model gives there, in words.

    data-term="trial_period"    the figure, in each form that the language has for it
    data-case="On day 14"       what is given and decided in that case
    data-grid="refund"          what is worked out for that table
    data-change="1.1.0-1"       what is worked out for the page: whom a change affects
    data-version="1.0.0"        its number, its seal, its days; and whose all that is in it is
    data-clause="2.1"           the number of a clause
    data-notice="works"         the last day of a notice

A title or a name may stand anywhere. None of this asks a template: the model says it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from re import Pattern

from ...engine.suite import examples
from ...engine.values import DURATION_TEXT
from ..edition import Edition
from ..grids import glances, whole
from ..locale import PLAIN, Locale
from ..marks import Mark, Text
from ..pages import Page
from ..said import href, plain
from ..site import Site
from ..worked import told

Values = Callable[[Site, Edition, str], Iterable[str]]
GIVEN = ("change",)
"""Marks of what is only there for a page as a whole."""
NEVER = "(?!)"
Key = tuple[str, str, tuple[Mark, ...], str, bool]
ELSEWHERE = ("mailto:", "https://", "http://")


@dataclass(frozen=True, slots=True)
class Bindings:
    """The values by which texts of a site are bound, each worked out once."""

    site: Site
    pages: Mapping[str, Page]
    known: dict[tuple[str, str, str, str], tuple[str, ...]] = field(default_factory=dict)
    patterns: dict[Key, Pattern[str]] = field(default_factory=dict)

    def rest(self, path: str, text: Text) -> str:
        """Return what is left of a text of a page without all that the model says there."""
        edition = self.edition(path, text)
        if name := text.mark("term"):
            right = text.words in self.values(edition, "term", name)
            return "" if right and leads_right(edition, name, text.mark("href")) else text.words
        bound = tuple(mark for mark in text.marks if mark[0] in BOUND)
        given = path if any(text.mark(mark) for mark in GIVEN) else ""
        whole = bool(text.attribute)
        key = (edition.version.version, edition.locale.language, bound, given, whole)
        if key not in self.patterns:
            self.patterns[key] = any_of(self.bound(edition, bound, given, whole=whole))
        return self.patterns[key].sub("", text.words)

    def bound(
        self, edition: Edition, marks: tuple[Mark, ...], given: str, *, whole: bool
    ) -> Iterator[str]:
        """Yield what marks bind to, what a page is given, and what may stand anywhere.

        An attribute holds no marks of its own: there a `whole` sentence may stand.
        """
        yield from self.values(edition, "name", "")
        for mark, value in marks:
            yield from self.values(edition, mark, value)
        yield from self.given(given) if given else ()
        yield from self.values(edition, "sentences", "") if whole else ()

    def edition(self, path: str, text: Text) -> Edition:
        """Return the edition that a text of a page is about."""
        own = self.pages[path].edition
        number = text.mark("version") or own.version.version
        return self.site.editions.get((number, own.locale.language), own)

    def values(self, edition: Edition, mark: str, value: str) -> tuple[str, ...]:
        """Return what a mark binds a text to, in an edition."""
        key = (edition.version.version, edition.locale.language, mark, value)
        if key not in self.known:
            found = (
                self.names(edition) if mark == "name" else VALUES[mark](self.site, edition, value)
            )
            self.known[key] = tuple(" ".join(words.split()) for words in found)
        return self.known[key]

    def given(self, path: str) -> tuple[str, ...]:
        """Return all words that a page is given to show."""
        page = self.pages[path]
        key = ("", page.edition.locale.language, "given", path)
        if key not in self.known:
            found = in_words([*page.context().values()], page.edition.locale)
            self.known[key] = tuple(" ".join(words.split()) for words in found)
        return self.known[key]

    def names(self, edition: Edition) -> Iterator[str]:
        """Yield what pages, figures, sentences and rules are called, and who speaks."""
        yield self.site.brand.name
        yield from edition.known
        yield from (rule.name for question in edition.questions for rule in question.rules)
        yield from (entry.label for entry in edition.layout.glossary)
        yield from (
            page.title for page in self.pages.values() if page.edition.locale == edition.locale
        )


def leads_right(edition: Edition, name: str, address: str) -> bool:
    """Return whether a figure that is an address leads there, where it leads out of the site."""
    term = edition.version.terms.get(name)
    outside = term and term.type.kind == "text" and address.startswith(ELSEWHERE)
    return not term or not outside or address == href(term.text)


def any_of(values: Iterable[str]) -> Pattern[str]:
    """Return what finds values in words, the longest first, and none inside a longer number.

    >>> any_of(["30 days", "30"]).sub("", "day 30 to 31, 30 days")
    'day  to 31, '
    """
    longest = sorted({*values} - {""}, key=lambda words: (-len(words), words))
    either = "|".join(map(re.escape, longest)) or NEVER
    return re.compile(rf"(?<!\d)(?<!\d[.,])(?:{either})(?![.,]?\d)")


def in_words(found: object, locale: Locale) -> Iterator[str]:
    """Yield the words that data holds, however deep; days in the language's format."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, date):
        yield locale.date(found)
    elif is_dataclass(found) and not isinstance(found, Edition):
        for name in (*(part.name for part in fields(found)), *worked_out(found)):
            yield from in_words(getattr(found, name), locale)
    elif isinstance(found, tuple | list):
        for item in found:
            yield from in_words(item, locale)


def worked_out(found: object) -> Iterator[str]:
    """Yield the names of the properties of data."""
    yield from (name for name, part in vars(type(found)).items() if isinstance(part, property))


# ---------------------------------------------------------------- what each mark binds to


def of_term(_site: Site, edition: Edition, name: str) -> Iterator[str]:
    """Yield a figure in each of its forms, or the place of what a decision will fill in."""
    term = edition.version.terms.get(name)
    if term is None:
        yield f"{{{name}}}"
        return
    found = DURATION_TEXT.fullmatch(term.text)
    known = edition.locale.content["units"][found[2]] if found else {}
    for form in (PLAIN, *(name for name, part in known.items() if isinstance(part, dict))):
        yield edition.locale.term(term, edition.version.currency, form)


def of_case(_site: Site, edition: Edition, name: str) -> Iterator[str]:
    """Yield what is given and decided in a case."""
    for case in examples(edition.version):
        if case.name == name:
            yield from in_words(told(edition, case, ()), edition.locale)


def of_grid(_site: Site, edition: Edition, name: str) -> Iterator[str]:
    """Yield what stands in a table."""
    asked = edition.version.questions.get(name)
    for grid in (whole(edition, asked),) if asked else glances(edition):
        if grid.name == name:
            yield from in_words(grid, edition.locale)


def of_version(site: Site, edition: Edition, _number: str) -> Iterator[str]:
    """Yield what is said of a version."""
    yield from in_words(site.box(edition), edition.locale)


def of_clause(_site: Site, edition: Edition, number: str) -> Iterator[str]:
    """Yield the number of a clause, if there is one of that number."""
    for section in edition.sections():
        known = (section.number, *(clause.number for clause in section.clauses))
        yield from (own for own in known if own == number)


def of_notice(_site: Site, edition: Edition, name: str) -> Iterator[str]:
    """Yield what is said of a notice beside its sentence."""
    for notice in edition.layout.notices:
        if notice.name == name:
            yield edition.locale.date(notice.until)


def of_sentences(_site: Site, edition: Edition, _name: str) -> Iterator[str]:
    """Yield every sentence, as it is read."""
    yield from (plain(edition.sentence(name).pieces) for name in edition.known)


BOUND: Mapping[str, Values] = {
    "case": of_case,
    "grid": of_grid,
    "version": of_version,
    "clause": of_clause,
    "notice": of_notice,
}
VALUES: Mapping[str, Values] = {**BOUND, "term": of_term, "sentences": of_sentences}
