"""A page as it is read: its texts, each with the marks that say where it comes from.

<p data-sentence="refund.trial">Within <span data-term="trial_period">14 days</span></p>

Text("Within", (("sentence", "refund.trial"),))
Text("14 days", (("sentence", "refund.trial"), ("term", "trial_period")))
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import Literal, TypeAlias, get_args

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
WORDED = frozenset(("alt", "title", "aria-label", "aria-description", "placeholder", "label"))
"""Attributes whose value is read, or read out."""
SPOKEN = frozenset(("description", "og:title", "og:description"))
"""The `meta` whose content is read."""
KEPT = frozenset(("href", "id"))
"""Attributes that are marks beside `data-…`."""
DATA = "application/ld+json"
"""The kind of a script that is data for search engines, which is read as well."""
ADDRESSES = frozenset(("href", "src"))
WHOLE_PAGE = frozenset(("html", "body", "main"))
"""Elements whose id is no place on the page."""
FIRST = ("id", "version")
"""Marks of an element that come before its others: where it is, and whose."""
Kind: TypeAlias = Literal["sentence", "term"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Mark: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Text:
    """A run of words with the marks around it, the outermost first.

    `attribute` names where it stands when that isn't between tags.
    """

    words: str
    marks: tuple[Mark, ...] = ()
    attribute: str = ""

    def mark(self, name: str) -> str:
        """Return the nearest mark of a name; "" without one."""
        return next((value for known, value in reversed(self.marks) if known == name), "")


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands on a page: its texts, its marks, the ids in it, and the addresses it leads to."""

    texts: tuple[Text, ...]
    marks: frozenset[Mark]
    ids: frozenset[str]
    addresses: tuple[str, ...]


@lru_cache(maxsize=1024)
def reading(html: str) -> Reading:
    """Return a page as it is read."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return Reading(
        tuple(reader.texts), frozenset(reader.marks), frozenset(reader.ids), tuple(reader.addresses)
    )


@dataclass
class Reader(HTMLParser):
    """Reads a page from its first tag to its last."""

    texts: list[Text] = field(default_factory=list)
    marks: set[Mark] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)
    around: list[tuple[str, tuple[Mark, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the attributes of an element, and go into it."""
        known = {name: value or "" for name, value in attrs}
        own = sorted(marks_of(tag, known), key=lambda mark: mark[0] not in FIRST)
        marks = (*(self.around[-1][1] if self.around else ()), *own)
        self.marks.update(own)
        self.ids.update(value for name, value in known.items() if name == "id")
        self.addresses += [value for name, value in known.items() if name in ADDRESSES]
        for name, value in known.items():
            spoken = tag == "meta" and known.get("name", known.get("property")) in SPOKEN
            if name in WORDED or (spoken and name == "content"):
                self.note(value, marks, name)
        if tag not in VOID:
            data = tag == "script" and known.get("type") == DATA
            self.around.append(("data" if data else tag, marks))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag == "script" and self.around:
            self.around.pop()
        while any(tag == other for other, _ in self.around) and self.around.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Note a run of words."""
        tag, marks = self.around[-1] if self.around else ("", ())
        if tag == "data":
            for words in leaves(json.loads(data)):
                self.note(words, marks, tag)
        elif tag not in ("script", "style"):
            self.note(data, marks)

    def note(self, words: str, marks: tuple[Mark, ...], attribute: str = "") -> None:
        """Note a text, unless it is blank."""
        if line := " ".join(words.split()):
            self.texts.append(Text(line, marks, attribute))


def leaves(found: object) -> Iterator[str]:
    """Yield the values in data, as text."""
    match found:
        case dict():
            yield from (leaf for part in found.values() for leaf in leaves(part))
        case list():
            yield from (leaf for part in found for leaf in leaves(part))
        case _:
            yield str(found)


def marks_of(tag: str, attributes: Mapping[str, str]) -> Iterator[Mark]:
    """Yield the attributes of an element that say where the text in it comes from."""
    for name, value in attributes.items():
        kept = name in KEPT and not (name == "id" and tag in WHOLE_PAGE)
        if kept or name.startswith("data-"):
            yield name.removeprefix("data-"), value


# ---------------------------------------------------------------- places


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a sentence stands, or a figure: at the nearest anchor around it.

    `version` is whose it is, "" for the page's own.
    """

    kind: Kind
    name: str
    anchor: str
    version: str


def placed(html: str) -> tuple[Place, ...]:
    """Return where sentences and figures stand on a page, each place once.

    >>> placed('<div id="cost"><p data-sentence="fee">For <b data-term="fee">$5</b></p></div>')
    ... # doctest: +NORMALIZE_WHITESPACE
    (Place(kind='sentence', name='fee', anchor='cost', version=''),
     Place(kind='term', name='fee', anchor='cost', version=''))
    """
    return tuple(dict.fromkeys(found for text in reading(html).texts for found in around(text)))


def around(text: Text) -> Iterator[Place]:
    """Yield the sentence and the figure that a text is of, with the place of each."""
    for at, (kind, name) in enumerate(text.marks):
        for known in KINDS:
            if kind == known:
                outside = Text("", text.marks[:at])
                yield Place(known, name, outside.mark("id"), outside.mark("version"))
