"""What stands where on the pages of a version, as data; `read_layout` reads it from `pages.yaml`.

A layout names sentences and doesn't hold them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ..engine.errors import Where


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the sentences under it, by id; `name` is its anchor."""

    name: str
    heading: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A short article; `question` is what its readers can check their case with."""

    name: str
    title: str
    says: tuple[str, ...]
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Glance:
    """A table of a question, in bands of the date `by`, for cases with the options `given`."""

    heading: str
    question: str
    by: str | None
    given: Mapping[str, frozenset[str | bool]]
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A case of `cases.yaml` to show, under a heading."""

    case: str
    heading: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that stands at the top until a day."""

    name: str
    says: str
    until: date
    where: Where


@dataclass(frozen=True, slots=True)
class Entry:
    """What a term is called, and what it means."""

    name: str
    label: str
    says: str


@dataclass(frozen=True, slots=True)
class String:
    """A line for an app, shown for an outcome; it names outputs and terms in braces."""

    name: str
    question: str
    outcome: str
    says: str
    where: Where


@dataclass(frozen=True, slots=True)
class Brand:
    """Who speaks, in which colours and fonts; empty where the default does."""

    name: str = ""
    accent: str = ""
    accent_dark: str = ""
    font: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The pages of a version; `where` is the file that says so.

    `schema_org` is the type of schema.org's that the policy is; "" where it is none.
    """

    language: str = "en"
    url: str = ""
    schema_org: str = ""
    brand: Brand = Brand()
    notices: tuple[Notice, ...] = ()
    title: str
    summary: str = ""
    opening: tuple[str, ...] = ()
    takeaways: tuple[str, ...] = ()
    glance: tuple[Glance, ...] = ()
    sections: tuple[Section, ...]
    examples: tuple[Shown, ...] = ()
    closing: tuple[str, ...] = ()
    how_to_ask: Topic | None = None
    topics: tuple[Topic, ...] = ()
    glossary: tuple[Entry, ...] = ()
    strings: tuple[String, ...] = ()
    where: Where = field(compare=False)
