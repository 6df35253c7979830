"""The review view: each clause with its sentence, the YAML that decides it, and what changes.

    1.1  gym/1.1.0/policy.yaml:44-49
         trial:                       You can leave within ~~14~~ **21** days, and …
           when: …                    We read it so: The last day is inside.

A version is held against a base: the one before it, or one of a git revision.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..engine import comparison_text
from ..engine.comparison import Comparison, compare
from ..engine.markdown import words_apart
from ..engine.model import PolicyVersion, Rule
from ..engine.place import PathAt
from ..engine.spoken import Sentence as Spoken
from ..engine.spoken import called
from ..engine.wording import Reworded
from ..engine.wording_text import became, thing_words
from .edition import Edition, Sentence
from .excerpt import Excerpt, Source, source
from .said import Piece, Pieces, Said, about, plain


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a text: `old` ones, `new` ones, or those on both sides ("")."""

    text: str
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A sentence with the YAML behind it and how we read it.

    Where it changes, `became` says how in words, and `runs` are its words before and now.
    """

    sentence: Sentence
    excerpts: tuple[Excerpt, ...]
    readings: tuple[tuple[str, str], ...]
    became: str = ""
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the policy page under its heading."""

    heading: Pieces
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """A text that changes and is no clause: what it is called, and its words before and now."""

    name: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """Cases that are decided otherwise: what becomes of them, and the lines that tell more."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A version held against its `base`; without one ("") nothing is marked."""

    base: str
    verdict: str
    parts: tuple[Part, ...]
    decided: tuple[Decided, ...]
    more: tuple[str, ...]
    others: tuple[Other, ...]
    unsaid: tuple[Excerpt, ...]


def review(new: Edition, old: Edition | None) -> Review:
    """Return a version held against another one in the same language, if there is one."""
    found = compare(old.version, new.version) if old else None
    reader = Reader(new, old, source(new.version), found.wording.sentences if found else ())
    return Review(
        base=called_base(old.version) if old else "",
        verdict=comparison_text.headline(found) if found else "",
        parts=tuple(map(reader.part, page_order(new))),
        decided=tuple(decided(found)) if found else (),
        more=tuple(more(found)) if found else (),
        others=tuple(reader.others()),
        unsaid=tuple(reader.unsaid()),
    )


def called_base(version: PolicyVersion) -> str:
    """Return what a base is called: its number, with the revision that it is read from."""
    place = version.path
    return f"{version.version} ({place.revision})" if isinstance(place, PathAt) else version.version


def page_order(edition: Edition) -> Iterator[tuple[Pieces, tuple[Sentence, ...]]]:
    """Yield all sentences under their headings, each once, in the order of the policy page."""
    layout, say = edition.layout, edition.locale.say
    sections = tuple(edition.sections())
    seen = {clause.id for section in sections for clause in section.clauses}

    def others(heading: str, names: Iterable[str]) -> tuple[Pieces, tuple[Sentence, ...]]:
        fresh = [name for name in dict.fromkeys(names) if name and name not in seen]
        seen.update(fresh)
        return edition.pieces(heading), edition.sentences(fresh)

    yield others(say("Opening"), (layout.summary, *layout.opening))
    yield others(say("Key takeaways"), layout.takeaways)
    for section in sections:
        yield (Piece(f"{section.number} "), *section.heading), section.clauses
    yield others(say("We are here to help"), layout.closing)
    yield others(say("Not on the policy page"), edition.known)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what stands behind the sentences of a version, some of which have changed."""

    new: Edition
    old: Edition | None
    source: Source
    changed: tuple[Reworded, ...]

    def part(self, part: tuple[Pieces, tuple[Sentence, ...]]) -> Part:
        """Return a part of the page."""
        heading, sentences = part
        return Part(heading, tuple(map(self.clause, sentences)))

    def clause(self, sentence: Sentence) -> Clause:
        """Return a sentence with what stands behind it."""
        found = self.new.known[sentence.id]
        change = next((item for item in self.changed if is_about(item, found)), None)
        return Clause(
            sentence=sentence,
            excerpts=tuple(self.excerpts(found)),
            readings=tuple(self.readings(found)),
            became=became(change) if change else "",
            runs=self.runs(change) if change else (),
        )

    def excerpts(self, found: Said) -> Iterator[Excerpt]:
        """Yield the YAML of a note, or of the rules that share a sentence."""
        if not found.question:
            yield self.source.excerpt(found.id, self.source.notes[found.id], found.id)
        for rule in self.rules(found):
            yield self.source.excerpt(rule.name, rule.where, rule.name)

    def rules(self, found: Said) -> Iterator[Rule]:
        """Yield the rules whose sentence it is."""
        question = self.new.version.questions.get(found.question)
        for rule in question.rules if question else ():
            if rule.name in found.rules:
                yield rule

    def readings(self, found: Said) -> Iterator[tuple[str, str]]:
        """Yield how we read the rules whose sentence it is."""
        for note in self.new.version.notes if found.question else ():
            if note.interpretation and {*about(note, self.new.version)} & {*found.rules}:
                yield note.name, note.interpretation

    def runs(self, change: Reworded) -> tuple[Run, ...]:
        """Return the words of a sentence before and now."""
        old, new = self.text(self.old, change.old), self.text(self.new, change.new)
        return tuple(marked(old, new))

    def text(self, edition: Edition | None, sentence: Spoken | None) -> str:
        """Return a sentence as its version is read."""
        return plain(edition.pieces(sentence.source)) if edition and sentence else ""

    def others(self) -> Iterator[Other]:
        """Yield the texts that change and are on no clause: labels, questions, what is dropped."""
        for item in self.changed:
            if not any(is_about(item, found) for found in self.new.known.values()):
                yield Other(f"{item.name} {became(item)}", self.runs(item))

    def unsaid(self) -> Iterator[Excerpt]:
        """Yield the rules that no section of the page says."""
        named = [self.new.known[name] for part in self.new.layout.sections for name in part.says]
        said = {(found.question, rule) for found in named for rule in found.rules}
        for question in self.new.questions:
            for rule in question.rules:
                if (question.name, rule.name) not in said:
                    yield self.source.excerpt(f"{question.name}.{rule.name}", rule.where, rule.name)


def is_about(item: Reworded, found: Said) -> bool:
    """Return whether a sentence that changes is the one that a version says."""
    if found.question:
        return item.new is not None and item.new.where == found.where
    return item.name == called(("notes", found.id, "says"))


def marked(old: str, new: str) -> Iterator[Run]:
    """Yield the words of two texts, each with the side that it is on.

    >>> [(run.text, run.side) for run in marked("in 7 days", "in 5 days")]
    [('in', ''), ('7', 'old'), ('5', 'new'), ('days', '')]
    """
    for before, after in words_apart(old, new):
        if before == after:
            yield Run(" ".join(before), "")
        else:
            sides = ((before, "old"), (after, "new"))
            yield from (Run(" ".join(words), side) for words, side in sides if words)


# ---------------------------------------------------------------- decisions


def decided(found: Comparison) -> Iterator[Decided]:
    """Yield the groups of cases that are decided otherwise, the worst first."""
    for change in comparison_text.listed_changes(found):
        heading, *lines = comparison_text.change_lines(change, found)
        kept = tuple(within_folder(line.strip().removeprefix("- "), found) for line in lines)
        yield Decided(heading, kept)


def more(found: Comparison) -> Iterator[str]:
    """Yield what else is to be said of a comparison, a line each."""
    lines = (
        *comparison_text.shared_lines(found),
        *comparison_text.left_out(found),
        *comparison_text.doubts(found),
        *map(thing_words, found.wording.things),
    )
    yield from (within_folder(line.strip(), found) for line in lines)


def within_folder(line: str, found: Comparison) -> str:
    """Return a line whose places are paths in the folder of policies, wherever that is."""
    for version in (found.old, found.new):
        line = line.replace(version.where.file, source(version).file)
    return line
