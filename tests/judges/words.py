"""The words of a page, and whether a help desk keeps its markup."""

import re
from html.parser import HTMLParser

import nh3
from markdown_it import MarkdownIt

# What Zendesk keeps of an article ("Supported HTML for help center articles"), video apart.
TAGS = set(
    "a abbr address blockquote br caption cite code col colgroup dd del dfn div dl dt em "  # noqa: SIM905
    "figcaption figure h1 h2 h3 h4 h5 h6 hr img ins kbd li ol p pre samp small source span "
    "strong sub sup table tbody td tfoot th thead tr ul".split()
)
ATTRIBUTES = {
    "*": {"id", "class", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
SCHEMES = {"http", "https", "mailto", "tel"}

VOID = set("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905
UNSEEN = {"head", "script", "style", "template", "noscript"}
INLINE = set(
    "a abbr b bdi bdo cite code data del dfn em i ins kbd label mark q s samp small span "  # noqa: SIM905
    "strong sub sup time u var wbr".split()
)


def fixpoint(html: str) -> list[str]:
    """Return where a help desk's cleaning would change an article: nowhere, if it is safe."""
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        generic_attribute_prefixes={"data-", "aria-"},
        link_rel=None,
    )
    if clean == html:
        return []
    pairs = enumerate(zip(html, clean, strict=False))
    first = next((at for at, (one, other) in pairs if one != other), min(len(html), len(clean)))
    start = max(0, first - 20)
    return [f"`{html[start : start + 60]}` becomes `{clean[start : start + 60]}`"]


def markdown_text(markdown: str) -> str:
    """Return the words that a reader of Markdown sees, a line for each block."""
    return visible_text(MarkdownIt("commonmark").enable("table").render(markdown))


def visible_text(html: str) -> str:
    """Return the words that a reader of a page sees, a line for each block.

    >>> print(visible_text("<h1>Refunds</h1><ul><li>In <em>30 days</em>.</li><li>All</li></ul>"))
    Refunds
    In 30 days.
    All
    """
    words = _Words()
    words.feed(html)
    words.close()
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(words.parts).split("\0"))
    return "\n".join(line for line in lines if line)


class _Words(HTMLParser):
    """Collects text that is shown, with a zero byte at the edges of each block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._open: list[tuple[str, bool]] = []  # elements around, and whether each is hidden

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._edge(tag)
        if tag not in VOID:
            names = {name for name, _ in attrs}
            self._open.append((tag, tag in UNSEEN or "hidden" in names))

    def handle_endtag(self, tag: str) -> None:
        self._edge(tag)
        while self._open and tag in [name for name, _ in self._open]:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if not any(hidden for _, hidden in self._open):
            self.parts.append(data)

    def _edge(self, tag: str) -> None:
        if tag not in INLINE:
            self.parts.append("\0")
