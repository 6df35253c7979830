"""`changes.xml`: the changes as an Atom feed (RFC 4287), one for each language.

An entry is dated to the first day of its version, as it begins in the policy's time zone: nothing
reads a clock. A version that holds from the beginning has no such day, and the format wants one: it
gets the first day of Unix time, which is before whatever has a date, and its text says what is so.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from xml.etree import ElementTree as Xml

from ..engine.model import PolicyVersion
from .edition import Edition
from .output import folder
from .pages import CHANGES, frozen_name
from .site import Site
from .sitemap import as_bytes

FEED = "changes.xml"
UNDATED = date(1970, 1, 1)


def feed(site: Site, told: Mapping[str, str], of: Edition) -> bytes:
    """Return the feed in the language of an edition.

    `told` is what changes with each version, by its number, the newest first: HTML with whole
    addresses.
    """
    language = of.locale.language
    base = f"{site.url}{folder(site, language)}"
    versions = [site.policy.version(number) for number in told]
    root = Xml.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": language})
    head(root, f"{base}{FEED}", of.locale.say("Changes: {}", of.version.title), max(map(updated, versions)))
    Xml.SubElement(root, "link", rel="self", type="application/atom+xml", href=f"{base}{FEED}")
    Xml.SubElement(root, "link", rel="alternate", type="text/html", href=f"{base}{CHANGES}.html")
    Xml.SubElement(Xml.SubElement(root, "author"), "name").text = site.brand.name or of.version.title
    for version in versions:
        entry(Xml.SubElement(root, "entry"), base, version, told[version.version])
    return as_bytes(root)
