"""`data/trace.json`: which sentence stands for which rules and shows which figures, and where.

It leads both ways: from a sentence to its rules, its terms and the pages that say it; and from a
rule, a term or a page to sentences. Where something stands on a page is read from the page itself.
Files are named from the folder of the policy, pages from the folder of the site.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..engine.errors import Where
from ..engine.model import PolicyVersion, Term
from ..engine.sentences import placeholders
from .data import Make, about, as_bytes
from .edition import Edition
from .marks import Kind, Place, placed
from .pages import Page
from .said import Said, plain
from .site import Site


@dataclass(frozen=True, slots=True)
class Traced:
    """A page by its path, with the marks of the version in force that are on it."""

    path: str
    page: Page
    marks: tuple[Place, ...]

    def names(self, kind: Kind) -> list[str]:
        """Return the sentences, or the terms, that stand on the page."""
        return sorted({mark.name for mark in self.marks if mark.kind == kind})


def trace(site: Site, pages: Iterable[tuple[str, Page, Make]]) -> bytes:
    """Return the trace of the version in force over pages, each with its path and what makes it."""
    version = site.timeline.current
    found = [traced(version, *item) for item in pages]
    editions = {language: site.current(language) for language in site.languages}
    source = editions[site.languages[0]]
    return as_bytes(
        {
            "policy": version.name,
            **about(version),
            "sentences": {name: sentence(name, editions, found) for name in source.known},
            "rules": dict(rules(source)),
            "terms": {name: term(item, editions, found) for name, item in version.terms.items()},
            "pages": {item.path: page_data(item) for item in found},
        }
    )


def traced(version: PolicyVersion, path: str, page: Page, make: Make) -> Traced:
    """Return a page with those of its marks that are a version's."""
    number = page.edition.version.version
    found = placed(make().decode())
    own = {mark for mark in found if (mark.version or number) == version.version}
    return Traced(path, page, tuple(sorted(own)))


def page_data(item: Traced) -> dict[str, object]:
    """Return what stands on a page."""
    return {
        "language": item.page.edition.locale.language,
        "version": item.page.edition.version.version,
        "sentences": item.names("sentence"),
        "terms": item.names("term"),
    }


def sentence(
    name: str, editions: Mapping[str, Edition], pages: Iterable[Traced]
) -> dict[str, object]:
    """Return what a sentence is about, how it reads in each language, and where it stands."""
    known = next(iter(editions.values()))
    own = known.known[name]
    return {
        "rules": rules_of(own, known.version),
        "terms": terms_of(own),
        "languages": {
            language: {
                "source": edition.known[name].source,
                "text": plain(edition.sentence(name).pieces),
                "where": place(edition.known[name].where or edition.version.where, edition),
            }
            for language, edition in editions.items()
        },
        "pages": places("sentence", name, pages),
    }


def rules_of(own: Said, version: PolicyVersion) -> list[str]:
    """Return the rules that a sentence speaks for, or is about, with their questions."""
    asked = [own.question] if own.question else [*version.questions]
    return [
        f"{question}.{rule.name}"
        for question in asked
        for rule in version.questions[question].rules
        if rule.name in own.rules
    ]


def terms_of(own: Said) -> list[str]:
    """Return the terms that a sentence shows."""
    return sorted(set(placeholders(own.source)))


def rules(edition: Edition) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every rule with its outcome, its place, and the sentences that speak for it."""
    said = {name: rules_of(own, edition.version) for name, own in edition.known.items()}
    for question in edition.questions:
        for rule in question.rules:
            name = f"{question.name}.{rule.name}"
            yield (
                name,
                {
                    "outcome": rule.outcome.name,
                    "where": place(rule.where, edition),
                    "sentences": [sentence for sentence, about in said.items() if name in about],
                },
            )


def term(own: Term, editions: Mapping[str, Edition], pages: Iterable[Traced]) -> dict[str, object]:
    """Return a figure: how each language writes it, which sentences show it, where it stands."""
    known = next(iter(editions.values()))
    return {
        "value": own.text,
        "where": place(own.where, known),
        "languages": {
            language: edition.locale.term(edition.version.terms[own.name], edition.version.currency)
            for language, edition in editions.items()
        },
        "sentences": [name for name, said in known.known.items() if own.name in terms_of(said)],
        "pages": places("term", own.name, pages),
    }


def places(kind: Kind, name: str, pages: Iterable[Traced]) -> list[str]:
    """Return the pages on which a sentence or a figure stands, with the anchors."""
    return [
        f"{item.path}#{mark.anchor}" if mark.anchor else item.path
        for item in pages
        for mark in item.marks
        if (mark.kind, mark.name) == (kind, name)
    ]


def place(where: Where, edition: Edition) -> str:
    """Return a place in a file of a version: the file from the policy's folder, and the line."""
    return f"{edition.version.version}/{PurePosixPath(where.file).name}:{where.line}"
