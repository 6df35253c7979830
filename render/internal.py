"""What only the company reads: the support kit, and the view in which a change is reviewed.

macros     internal/macros.html      an answer for each outcome and rule, to be filled in
strings    internal/strings.html     lines for apps; the same as data in strings.en.json
review     internal/review.html      each clause beside its rule, with what changes
reply      (`refund render` alone)   a case's answer in a customer's words
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from ..engine.decide import Decision, Facts
from ..engine.errors import PolicyError, nearest
from ..engine.model import PolicyVersion
from .edition import Edition
from .kit import as_json, lines, macros
from .pages import INTERNAL, Page, pages
from .replies import reply, speaking
from .review_page import review
from .site import Site, editions_of

MACROS, STRINGS, REVIEW, REPLY = "macros", "strings", "review", "reply"


@dataclass(frozen=True, slots=True)
class Decided:
    """A case with its decision."""

    decision: Decision
    facts: Facts


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked for: with which case, against which version; the default of both."""

    case: Decided | None = None
    against: PolicyVersion | None = None


NOTHING_ASKED = Asked()


def internal_pages(site: Site, language: str, asked: Asked = NOTHING_ASKED) -> Iterator[Page]:
    """Yield the pages for the company in a language."""
    yield macros_page(site.current(language))
    yield from strings_page(site, language, asked.case)
    yield from review_page(site, language, asked.against)
    if asked.case:
        yield reply_page(site, language, asked.case)


def macros_page(edition: Edition) -> Page:
    """Return the page of macros."""
    return Page(
        name=MACROS,
        template="macros.jinja",
        title=edition.locale.say("Macros for support"),
        edition=edition,
        context=lambda: {"questions": [*macros(edition)]},
        area=INTERNAL,
    )


def strings_page(site: Site, language: str, case: Decided | None) -> Iterator[Page]:
    """Yield the page of lines for apps: all of them, or those for a case's decision."""
    decision = case.decision if case else None
    edition = site.current(language)
    if decision and decision.version:
        edition = speaking(site, language, decision)
    if edition.layout.strings:
        yield Page(
            name=STRINGS,
            template="strings.jinja",
            title=edition.locale.say("Lines for apps"),
            edition=edition,
            context=lambda: {"lines": [*lines(edition, decision)]},
            area=INTERNAL,
        )


def reply_page(site: Site, language: str, case: Decided) -> Page:
    """Return the reply to the customer of a case."""
    edition = site.current(language)
    return Page(
        name=REPLY,
        template="reply.jinja",
        title=edition.locale.say("Reply"),
        edition=edition,
        context=lambda: {"reply": reply(site, language, case.decision, case.facts)},
        area=INTERNAL,
    )


def review_page(site: Site, language: str, against: PolicyVersion | None) -> Iterator[Page]:
    """Yield the view of the newest version, drafts included, beside another one.

    Without one, that is the version before, if there is any.
    """
    *earlier, newest = site.policy.versions
    base = against or (earlier[-1] if earlier else None)
    if new := site.edition(newest, language):
        yield Page(
            name=REVIEW,
            template="review.jinja",
            title=new.locale.say("Review of version {}", newest.version),
            edition=new,
            context=lambda: {"review": review(new, before(base, language))},
            area=INTERNAL,
        )


def before(base: PolicyVersion | None, language: str) -> Edition | None:
    """Return a base in a language; None where it isn't translated, or its pages are wrong."""
    editions = editions_of(base)[0] if base else ()
    return next((found for found in editions if found.locale.language == language), None)


def strings_json(edition: Edition) -> bytes:
    """Return the lines for apps as a file."""
    return (json.dumps(as_json(edition), indent=2, ensure_ascii=False) + "\n").encode()


def page_of(site: Site, language: str, name: str, asked: Asked = NOTHING_ASKED) -> Page:
    """Return a page by its name; raises PolicyError with the nearest one."""
    every = (*pages(site, language), *internal_pages(site, language, asked))
    found = {page.name: page for page in every}
    if name not in found:
        hint = nearest(name, [*found]) or "pages: " + ", ".join(f"`{known}`" for known in found)
        raise PolicyError(f"there is no page `{name}`: {hint}")
    return found[name]
