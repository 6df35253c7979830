"""`changes.xml`: the changes as an Atom feed (RFC 4287), one for each language.

An entry is dated to the first day of its version, as it begins in the policy's time zone: nothing
reads a clock. A version that holds from the beginning has no such day, and the format wants one: it
gets the first day of Unix time, which is before whatever has a date, and its text says what is so.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from xml.etree import ElementTree as ET

from ..engine.model import PolicyVersion
from .edition import Edition
from .environment import environment, rendered
from .first_use import nowhere
from .output import linker
from .pages import Page, frozen_name
from .site import Site
from .sitemap import as_bytes

FEED = "changes.xml"
ATOM = "http://www.w3.org/2005/Atom"
UNDATED = date(1970, 1, 1)


def feed(site: Site, page: Page, overrides: Path | None = None) -> bytes:
    """Return the feed of a language, given its page of changes."""
    of, language = page.edition, page.edition.locale.language
    found = [*entries(site, page, overrides)]
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    say(root, "id", site.address(FEED, language))
    say(root, "title", of.locale.say("{}: what has changed", of.title))
    say(root, "updated", max(updated(each.version) for each, _ in found).isoformat())
    link(root, "self", "application/atom+xml", site.address(FEED, language))
    link(root, "alternate", "text/html", site.address(page.path, language))
    say(ET.SubElement(root, "author"), "name", site.brand.name or of.title)
    for each, html in found:
        address = site.address(f"{frozen_name(each.version)}.html", language)
        entry(ET.SubElement(root, "entry"), each, address, html)
    return as_bytes(root)


def entries(site: Site, page: Page, overrides: Path | None) -> Iterator[tuple[Edition, str]]:
    """Yield every version with what changes by it, as HTML with whole addresses."""
    made = environment("html", page.edition.locale, overrides)
    for release in page.context()["releases"]:
        context = {"release": release, "to": linker(site, page, "feed"), "explain": nowhere}
        yield release.edition, rendered(made, "entry.jinja", context)


def summaries(content: bytes) -> Iterator[str]:
    """Yield what each entry of a feed says, as HTML."""
    for found in ET.fromstring(content).iter(f"{{{ATOM}}}content"):  # noqa: S314 - our own file
        yield found.text or ""


def entry(node: ET.Element, of: Edition, page: str, html: str) -> None:
    """Fill the entry of a version, which has a page of its own."""
    say(node, "id", page)
    say(node, "title", f"{of.title} {of.version.version}")
    say(node, "updated", updated(of.version).isoformat())
    link(node, "alternate", "text/html", page)
    say(node, "content", html).set("type", "html")


def updated(version: PolicyVersion) -> datetime:
    """Return when the first day of a version begins."""
    days = [start.day for start in version.in_force or () if start.day]
    return datetime.combine(min(days, default=UNDATED), time(), version.zone)


def say(parent: ET.Element, name: str, text: str) -> ET.Element:
    """Add an element with a text."""
    node = ET.SubElement(parent, name)
    node.text = text
    return node


def link(parent: ET.Element, rel: str, kind: str, href: str) -> None:
    """Add a link."""
    ET.SubElement(parent, "link", rel=rel, type=kind, href=href)
