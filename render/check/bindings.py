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

from ...engine.suite import examples
from ...engine.values import DURATION_TEXT
from ..edition import Edition
from ..grids import glances, whole
from ..locale import PLAIN, Locale
from ..pages import Page
from ..said import href, plain
from ..site import Site
from ..worked import told
from .marks import Text

Values = Callable[[Site, Edition, str], Iterable[str]]
GIVEN = ("change",)
"""Marks of what is only there for a page as a whole."""
ELSEWHERE = ("mailto:", "https://", "http://")


@dataclass(frozen=True, slots=True)
class Bindings:
    """The values by which texts of a site are bound, each worked out once."""

    site: Site
    pages: Mapping[str, Page]
    known: dict[tuple[str, str, str, str], tuple[str, ...]] = field(default_factory=dict)

    def rest(self, path: str, text: Text) -> str:
        """Return what is left of a text of a page without all that the model says there."""
        edition = self.edition(path, text)
        if name := text.mark("term"):
            right = text.words in self.values(edition, "term", name)
            return "" if right and leads_right(edition, name, text.mark("href")) else text.words
        named = self.values(edition, "name", "")
        marked = [self.values(edition, mark, value) for mark, value in text.marks if mark in BOUND]
        if any(text.mark(mark) for mark in GIVEN):
            marked.append(self.given(path))
        if text.attribute:  # which holds no marks of its own
            marked.append(self.values(edition, "sentences", ""))
        return without(text.words, {*named, *(word for found in marked for word in found)})

    def edition(self, path: str, text: Text) -> Edition:
        """Return the edition that a text of a page is about."""
        page = self.pages.get(path)
        language = text.mark("lang") or self.site.languages[0]
        page_s = page.edition if page else self.site.current(language)
        number = text.mark("version") or page_s.version.version
        return self.site.editions.get((number, page_s.locale.language), page_s)

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
            self.known[key] = tuple(in_words([*page.context().values()], page.edition.locale))
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
    term = edition.version.terms[name]
    outside = term.type.kind == "text" and address.startswith(ELSEWHERE)
    return address == href(term.text) if outside else True


def without(words: str, values: Iterable[str]) -> str:
    """Return words without the values in them, none of which is cut out of a longer number.

    >>> without("day 30 to 31, 30 days", ["30 days", "30"])
    'day  to 31, '
    """
    longest = sorted(filter(None, values), key=len, reverse=True)
    if not longest:
        return words
    either = "|".join(map(re.escape, longest))
    return re.sub(rf"(?<!\d)(?<!\d[.,])(?:{either})(?![.,]?\d)", "", words)


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
    """Yield a figure in each of its forms."""
    term = edition.version.terms.get(name)
    if term is None:
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
