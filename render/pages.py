"""Which pages there are: their addresses, their templates, and what stands on them.

policy               index.html                 the policy on one page
check                check.html                 every situation with its answer
how-to-ask           how-to-ask.html            asking, step by step
topics/cancelling    topics/cancelling.html     a short article
changes              changes.html               what changed, version by version
versions/1.0.0       versions/1.0.0.html        a version as it was, whole
glossary             glossary.html              what the words mean
404                  404.html                   for addresses that lead nowhere
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..engine.model import PolicyVersion
from .box import Box
from .changes import releases
from .edition import Edition
from .grids import glances, whole
from .layout import Topic
from .linked_data import linked_data
from .said import Pieces, plain
from .site import Site
from .worked import worked

Context = Mapping[str, Any]
PUBLIC, INTERNAL = "public", "internal"
HOME, CHECK, HOW, CHANGES, GLOSSARY, LOST = (
    "policy",
    "check",
    "how-to-ask",
    "changes",
    "glossary",
    "404",
)
TOPICS = "topics/"
"""How the names of short articles begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page: its name, its template, its heading, and how what stands on it is worked out.

    `area` says whether customers read it, or the company alone; `about` is the sentence by which
    search engines describe it, "" for that which sums up the policy.
    """

    name: str
    template: str
    title: str
    edition: Edition
    context: Callable[[], Context]
    area: str = PUBLIC
    about: str = ""

    @property
    def path(self) -> str:
        """Where it stands among the pages of its language."""
        return "index.html" if self.name == HOME else f"{self.name}.html"


def pages(site: Site, language: str) -> Iterator[Page]:
    """Yield every page in a language."""
    edition = site.current(language)
    say = edition.locale.say
    yield policy_page(HOME, site, edition)
    yield Page(
        name=CHECK,
        template="check.jinja",
        title=say("Check your case"),
        edition=edition,
        context=lambda: {"grids": [whole(edition, question) for question in edition.questions]},
    )
    for topic in edition.articles:
        yield article(topic, edition)
    yield Page(
        name=CHANGES,
        template="changes.jinja",
        title=say("What has changed"),
        edition=edition,
        context=cache(lambda: {"releases": [*releases(site, language)]}),
    )
    yield Page(
        name=GLOSSARY,
        template="glossary.jinja",
        title=say("What the words mean"),
        edition=edition,
        context=lambda: {"entries": [*glossary(edition)]},
    )
    for version in site.timeline.public:
        if frozen := site.edition(version, language):
            yield policy_page(frozen_name(version), site, frozen)
    yield Page(
        name=LOST,
        template="lost.jinja",
        title=say("This page isn't here"),
        edition=edition,
        context=dict,
    )


def frozen_name(version: PolicyVersion) -> str:
    """Return the name of the page on which a version stays as it is."""
    return f"versions/{version.version}"


def policy_page(name: str, site: Site, edition: Edition) -> Page:
    """Return the policy on one page; `name` says whether it is a frozen copy."""
    layout = edition.layout
    here = site.address("index.html", edition.locale.language)

    def context() -> Context:
        return {
            "summary": edition.sentence(layout.summary) if layout.summary else None,
            "opening": edition.sentences(layout.opening),
            "takeaways": edition.sentences(layout.takeaways),
            "grids": [*glances(edition)],
            "sections": [*edition.sections()],
            "examples": [*worked(edition)],
            "closing": edition.sentences(layout.closing),
            "notices": list(site.notices(edition)) if name == HOME else [],
            "box": site.box(edition),
            "frozen": name != HOME,
            "coming": [*coming(site, edition)] if name == HOME else [],
            "linked_data": linked_data(edition, here) if name == HOME else None,
        }

    title = edition.title
    return Page(
        name=name,
        template="policy.jinja",
        title=title if name == HOME else f"{title} {edition.version.version}",
        edition=edition,
        context=context,
    )


def coming(site: Site, edition: Edition) -> Iterator[Box]:
    """Yield the versions to come, the next one first, as far as they are in the language."""
    for version in site.timeline.coming:
        if found := site.edition(version, edition.locale.language):
            yield site.box(found)


def article(topic: Topic, edition: Edition) -> Page:
    """Return a short article."""
    return Page(
        name=topic.name if topic.name == HOW else f"{TOPICS}{topic.name}",
        template="topic.jinja",
        title=plain(edition.pieces(topic.title)),
        edition=edition,
        context=lambda: {
            "sentences": edition.sentences(topic.says),
            "question": topic.question,
        },
        about=topic.says[0] if topic.says else "",
    )


@dataclass(frozen=True, slots=True)
class Defined:
    """An entry of the glossary as it is read; `says` is empty where nothing more is said."""

    name: str
    label: str
    figure: Pieces
    says: Pieces


def glossary(edition: Edition) -> Iterator[Defined]:
    """Yield the entries of the glossary."""
    for entry in edition.layout.glossary:
        yield Defined(
            entry.name,
            entry.label,
            edition.pieces(f"{{{entry.name}}}"),
            edition.pieces(entry.says),
        )
