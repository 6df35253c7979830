"""Whether all links of a folder lead somewhere: between its pages, in its sitemap and its feed."""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree as ET

ADDRESSES = {"href", "src", "action", "poster"}
ELSEWHERE = {"https", "mailto", "tel"}
IN_XML = {"loc"}  # elements of a sitemap whose text is an address


def links(folder: Path, base: str = "https://pages.invalid/") -> list[str]:
    """Return the links that lead nowhere, for a folder that is published at the address `base`.

    A fragment with `=` in it holds the state of a page, and names no place in it. Pages elsewhere
    are not looked up. Names are compared letter by letter, as most web hosts do.
    """
    site = _site(folder, base)
    assert site.pages, f"no page in {folder}"
    return [
        *(line for name, page in site.pages.items() for line in _of_page(site, name, page)),
        *(
            line
            for name in sorted(site.files)
            if name.endswith(".xml")
            for line in _xml(site, name)
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Site:
    folder: Path
    base: str
    files: frozenset[str]
    pages: dict[str, "_Page"]

    def name(self, address: str) -> str | None:
        """Return the file that an address of this site names, which may not exist."""
        path = unquote(urldefrag(address).url.removeprefix(self.base))
        if not address.startswith(self.base):
            return None
        return f"{path}index.html" if path == "" or path.endswith("/") else path


class _Page(HTMLParser):
    """What a page links to, and the places in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.places: list[str] = []
        self.alternates: dict[str, str] = {}
        self.language = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.addresses += [value for name, value in found.items() if name in ADDRESSES]
        self.addresses += [part.split()[0] for part in found.get("srcset", "").split(",") if part]
        self.places += [found["id"]] if "id" in found else []
        if tag == "html":
            self.language = found.get("lang", "")
        if tag == "link" and "hreflang" in found and found.get("rel") == "alternate":
            self.alternates[found["hreflang"]] = found.get("href", "")


def _site(folder: Path, base: str) -> _Site:
    files = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    names = sorted(name for name in files if name.endswith(".html"))
    pages = {name: _Page((folder / name).read_text("utf-8")) for name in names}
    return _Site(folder, base, frozenset(files), pages)


def _of_page(site: _Site, name: str, page: _Page) -> Iterator[str]:
    here = urljoin(site.base, name)
    for address in page.addresses:
        if reason := _broken(site, urljoin(here, address)):
            yield f"{name}: `{address}`: {reason}"
    for place in sorted({place for place in page.places if page.places.count(place) > 1}):
        yield f"{name}: `{place}` is the id of several elements"
    yield from _languages(site, name, page)


def _broken(site: _Site, address: str) -> str | None:
    """Return why a full address leads nowhere."""
    parts = urlsplit(address)
    name = site.name(address)
    if name is None:
        outside = parts.scheme not in ELSEWHERE or parts.netloc == urlsplit(site.base).netloc
        return "outside the folder" if outside else None
    if name not in site.files:
        return "no such file"
    place = unquote(parts.fragment)
    if not place or "=" in place or name not in site.pages:
        return None
    return None if place in site.pages[name].places else "no such place on the page"


def _languages(site: _Site, name: str, page: _Page) -> Iterator[str]:
    """Each page in other languages names itself too, and is named by each of them."""
    if not page.alternates:
        return
    here = urljoin(site.base, name)
    named = {tag: site.name(urljoin(here, href)) for tag, href in page.alternates.items()}
    if named.get(page.language) != name:
        yield f"{name}: not among its own languages as `{page.language}`"
    for tag, other in named.items():
        if tag == "x-default" or other not in site.pages:
            continue
        there = site.pages[other]
        if there.language != tag:
            yield f"{name}: `{other}` is in `{there.language}`, not in `{tag}`"
        back = {
            site.name(urljoin(urljoin(site.base, other), to)) for to in there.alternates.values()
        }
        if name not in back:
            yield f"{name}: `{other}` does not name it back"


def _xml(site: _Site, name: str) -> Iterator[str]:
    """A sitemap and a feed hold full addresses; all of them are of this site."""
    try:
        root = ET.fromstring((site.folder / name).read_bytes())  # noqa: S314 - a file of our own
    except ET.ParseError as error:
        yield f"{name}: not well-formed: {error}"
        return
    for node in root.iter():
        text = node.text or "" if node.tag.rpartition("}")[2] in IN_XML else None
        for address in (text, node.get("href")):
            if address is not None and (reason := _of_feed(site, address)):
                yield f"{name}: `{address}`: {reason}"


def _of_feed(site: _Site, address: str) -> str | None:
    if not urlsplit(address).scheme:
        return "not a full address"
    return _broken(site, address) if site.name(address) else "outside the folder"
