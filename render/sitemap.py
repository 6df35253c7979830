"""The addresses of all pages, each with the same page in other languages, for search engines."""

from collections.abc import Mapping
from xml.etree import ElementTree as Xml

from .output import alternates, folder
from .pages import LOST, Page
from .site import Site

SITEMAP = "sitemap.xml"
NAMES = {
    "xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xmlns:xhtml": "http://www.w3.org/1999/xhtml",
}


def sitemap(site: Site, pages: Mapping[str, Page]) -> bytes:
    """Return the sitemap of pages, given by their paths."""
    root = Xml.Element("urlset", NAMES)
    for path, page in sorted(pages.items()):
        if page.name != LOST:
            entry = Xml.SubElement(root, "url")
            Xml.SubElement(entry, "loc").text = f"{site.url}{address(path)}"
            languages(entry, site, page)
    return as_bytes(root)


def languages(entry: Xml.Element, site: Site, page: Page) -> None:
    """Add the same page in every language, where there are several."""
    found = [language for language, _ in alternates(site, page)]
    for language in found if len(found) > 1 else ():
        href = f"{site.url}{folder(site, language)}{address(page.path)}"
        Xml.SubElement(entry, "xhtml:link", rel="alternate", hreflang=language, href=href)


def address(path: str) -> str:
    """Return the address of a page: a folder's first page is the folder's.

    >>> address("de/index.html"), address("check.html")
    ('de/', 'check.html')
    """
    return path.removesuffix("index.html")


def as_bytes(root: Xml.Element) -> bytes:
    """Return a document as the bytes of a file."""
    Xml.indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, "utf-8") + b"\n"
