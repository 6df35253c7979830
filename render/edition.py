"""One version of a policy in one language: what every page is made from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..engine.model import PolicyVersion, Question
from ..engine.speech import Speech
from .layout import Layout, Topic
from .locale import Locale
from .said import NOTHING, Pieces, Said, pieces, plain, said


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it is read: its id, its number on the page, and its pieces."""

    id: str
    pieces: Pieces
    number: str = ""


@dataclass(frozen=True, slots=True)
class Clauses:
    """A section as it is read: numbered clauses under a heading."""

    name: str
    number: str
    heading: Pieces
    clauses: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A version whose words are in one language, with its layout; `known` are its sentences."""

    version: PolicyVersion
    layout: Layout
    locale: Locale
    known: Mapping[str, Said]

    @property
    def speech(self) -> Speech:
        """How the language says what is worked out from the policy."""
        return self.locale.speech(self.version.currency)

    @property
    def title(self) -> str:
        """The heading of the policy page."""
        return plain(self.pieces(self.layout.title))

    def sentence(self, name: str, number: str = "") -> Sentence:
        """Return a sentence by its id."""
        return Sentence(name, self.pieces(self.known[name].source), number)

    def sentences(self, names: Iterable[str]) -> tuple[Sentence, ...]:
        """Return sentences by their ids."""
        return tuple(map(self.sentence, names))

    def pieces(self, text: str, values: Mapping[str, str] = NOTHING) -> Pieces:
        """Return words of the layout or the policy as pieces; `values` are further figures."""
        return pieces(text, self.version, self.locale, values)

    def sections(self) -> Iterator[Clauses]:
        """Yield the sections of the policy page, numbered."""
        for number, section in enumerate(self.layout.sections, 1):
            clauses = (
                self.sentence(name, f"{number}.{place}")
                for place, name in enumerate(section.says, 1)
            )
            yield Clauses(section.name, str(number), self.pieces(section.heading), tuple(clauses))

    @property
    def numbers(self) -> Mapping[str, str]:
        """The number of each sentence that is a clause of the policy page."""
        return {found.id: found.number for part in self.sections() for found in part.clauses}

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of the version."""
        return tuple(self.version.questions.values())

    @property
    def articles(self) -> tuple[Topic, ...]:
        """The short articles, the one about asking first."""
        how = self.layout.how_to_ask
        return (*((how,) if how else ()), *self.layout.topics)


def edition(version: PolicyVersion, layout: Layout, locale: Locale) -> Edition:
    """Return a version, its words in the language of a locale, with its layout."""
    return Edition(version=version, layout=layout, locale=locale, known=said(version))
