"""The addresses of all pages, each with the same page in other languages, for search engines."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from .output import alternates
from .pages import LOST, Page
from .site import Site

SITEMAP = "sitemap.xml"
NAMES = {
    "xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xmlns:xhtml": "http://www.w3.org/1999/xhtml",
}


def sitemap(site: Site, pages: Iterable[Page]) -> bytes:
    """Return the sitemap of pages."""
    root = ET.Element("urlset", NAMES)
    for page in pages:
        if page.name != LOST:
            entry = ET.SubElement(root, "url")
            language = page.edition.locale.language
            ET.SubElement(entry, "loc").text = site.address(page.path, language)
            others(entry, site, page)
    return as_bytes(root)


def others(entry: ET.Element, site: Site, page: Page) -> None:
    """Add the same page in each language, where there are several."""
    languages = [language for language, _ in alternates(site, page)]
    for language in languages if len(languages) > 1 else ():
        href = site.address(page.path, language)
        ET.SubElement(entry, "xhtml:link", rel="alternate", hreflang=language, href=href)


def as_bytes(root: ET.Element) -> bytes:
    """Return a document as the bytes of a file."""
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()
