"""What the markup of a page says of its text: which sentence it is, which figure, of which version.

<p data-sentence="how_to_ask">Write to <a data-term="support_email">…</a>.</p>
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal, TypeAlias, get_args

Kind: TypeAlias = Literal["sentence", "term"]
Attributes: TypeAlias = dict[str, str]
KINDS: tuple[Kind, ...] = get_args(Kind)
WITHOUT_END = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
WHOLE_PAGE = frozenset(("html", "body", "main"))
"""Elements whose anchor is no place on the page."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A part of a page that is a sentence, or shows a figure.

    `anchor` is the nearest one around it; `version` is whose it is, "" for the page's own.
    """

    kind: Kind
    name: str
    anchor: str
    version: str


def marks(html: str) -> tuple[Mark, ...]:
    """Return the marks of a page, in its order.

    >>> marks('<div id="cost"><p data-sentence="fee">It costs <b data-term="fee">$5</b>.</p></div>')
    ... # doctest: +NORMALIZE_WHITESPACE
    (Mark(kind='sentence', name='fee', anchor='cost', version=''),
     Mark(kind='term', name='fee', anchor='cost', version=''))
    """
    reader = Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.found)


class Reader(HTMLParser):
    """Reads a page and keeps the marks; `open` are the elements around the place it is at."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, Attributes]] = []
        self.found: list[Mark] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that begins."""
        given = {name: value or "" for name, value in attrs}
        self.open.append((tag, given))
        self.found += self.marks_of(given)
        if tag in WITHOUT_END:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, with those in it that don't say where they end."""
        at = next((at for at in reversed(range(len(self.open))) if self.open[at][0] == tag), None)
        if at is not None:
            del self.open[at:]

    def marks_of(self, given: Attributes) -> Iterator[Mark]:
        """Yield the marks of the element at hand."""
        for kind in KINDS:
            if name := given.get(f"data-{kind}"):
                yield Mark(kind, name, self.nearest("id"), self.nearest("data-version"))

    def nearest(self, name: str) -> str:
        """Return an attribute of the nearest element around that has it, or ""."""
        around = (given for tag, given in reversed(self.open) if tag not in WHOLE_PAGE)
        return next((given[name] for given in around if given.get(name)), "")
