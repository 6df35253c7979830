"""The feed of changes, checked against RFC 4287."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

SPACE = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")  # RFC 3339
ONCE = ("id", "title", "updated")
AT_MOST_ONCE = {
    "feed": ("generator", "icon", "logo", "rights", "subtitle"),
    "entry": ("content", "published", "rights", "source", "summary"),
}
NEEDED = {"link": "href", "category": "term"}  # attribute that an element can't do without


def atom(path: Path) -> list[str]:
    """Return what a feed breaks of RFC 4287."""
    try:
        feed = ET.fromstring(path.read_bytes())  # noqa: S314 - a file of our own
    except ET.ParseError as error:
        return [f"not well-formed: {error}"]
    if feed.tag != f"{SPACE}feed":
        return [f"the root is `{feed.tag}`"]
    return [*_feed(feed), *_everywhere(feed)]


def _feed(feed: ET.Element) -> Iterator[str]:
    entries = feed.findall(f"{SPACE}entry")
    yield from _counts(feed, "feed")
    for entry in entries:
        yield from _counts(entry, "entry")
        yield from _content(entry)
    if feed.find(f"{SPACE}author") is None and any(
        entry.find(f"{SPACE}author") is None for entry in entries
    ):
        yield "feed: no author"
    if "self" not in [link.get("rel") for link in feed.findall(f"{SPACE}link")]:
        yield "feed: no link to itself"
    ids = Counter(entry.findtext(f"{SPACE}id") for entry in [feed, *entries])
    yield from (f"id `{name}` stands {count} times" for name, count in ids.items() if count > 1)


def _counts(node: ET.Element, kind: str) -> Iterator[str]:
    for name in (*ONCE, *AT_MOST_ONCE[kind]):
        count = len(node.findall(f"{SPACE}{name}"))
        if count > 1 or (name in ONCE and count == 0):
            yield f"{kind}: {count} of `{name}`"
    alternates = Counter(
        (link.get("type"), link.get("hreflang"))
        for link in node.findall(f"{SPACE}link")
        if link.get("rel", "alternate") == "alternate"
    )
    if any(count > 1 for count in alternates.values()):
        yield f"{kind}: two alternate links of one type and language"


def _content(entry: ET.Element) -> Iterator[str]:
    content = entry.find(f"{SPACE}content")
    links = [link.get("rel", "alternate") for link in entry.findall(f"{SPACE}link")]
    if content is None and "alternate" not in links:
        yield "entry: neither content nor an alternate link"
    if content is not None and content.get("src") and entry.find(f"{SPACE}summary") is None:
        yield "entry: content from elsewhere without a summary"


def _everywhere(feed: ET.Element) -> Iterator[str]:
    for node in feed.iter():
        name, text = node.tag.removeprefix(SPACE), (node.text or "").strip()
        if name in NEEDED and not node.get(NEEDED[name]):
            yield f"`{name}` without `{NEEDED[name]}`"
        if name in {"updated", "published"} and not _is_instant(node.text or ""):
            yield f"`{name}` is no instant: `{node.text}`"
        if name == "id" and not urlsplit(text).scheme:
            yield f"`id` is no full address: `{text}`"
        if name in {"author", "contributor"} and not node.findtext(f"{SPACE}name"):
            yield f"`{name}` without a name"
        if name in {"title", "subtitle", "summary", "rights"}:
            yield from _text(node, name)


def _text(node: ET.Element, name: str) -> Iterator[str]:
    kind = node.get("type", "text")
    if kind not in {"text", "html", "xhtml"}:
        yield f"`{name}` of type `{kind}`"
    elif kind == "xhtml" and [child.tag for child in node] != [f"{XHTML}div"]:
        yield f"`{name}` of type `xhtml` without its one `div`"
    elif kind != "xhtml" and len(node):
        yield f"`{name}` holds elements, and is of type `{kind}`"


def _is_instant(text: str) -> bool:
    if not INSTANT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
