"""A page as text: its template, filled for a target in its language."""

from collections.abc import Callable, Iterator
from pathlib import Path
from posixpath import relpath
from typing import Any

from .environment import environment, rendered
from .filters import FINISHED
from .first_use import first_uses
from .internal import internal_pages
from .pages import INTERNAL, LOST, PUBLIC, TOPICS, Page, pages
from .site import Site

Link = Callable[..., str]
OWN_STYLE = "kit.css"
"""The style sheet that pages for the company have beside that of all pages."""
OWN_SITE = "html"
"""The target whose links stay inside the site; others need whole addresses."""


def output(site: Site, page: Page, target: str, overrides: Path | None = None) -> str:
    """Return a page for a target.

    Raises SourceError with file and line where a template is wrong, and the errors of what stands
    on the page.
    """
    made = environment(target, page.edition.locale, overrides)
    context: dict[str, Any] = {
        **page.context(),
        "page": page,
        "edition": page.edition,
        "site": site,
        "to": linker(site, page, target),
        "explain": first_uses(site, page),
        "menu": [*menu(site, page)],
        "topics": [*topics(site, page)],
        "alternates": alternates(site, page),
    }
    return FINISHED[target](rendered(made, page.template, context))


def menu(site: Site, page: Page) -> Iterator[Page]:
    """Yield the pages to which every page of an area leads."""
    language = page.edition.locale.language
    if page.area == INTERNAL:
        yield from internal_pages(site, language)
        return
    for other in pages(site, language):
        if "/" not in other.name and other.name != LOST:
            yield other


def topics(site: Site, page: Page) -> Iterator[Page]:
    """Yield the short articles, to which every page for customers leads."""
    if page.area == PUBLIC:
        for other in pages(site, page.edition.locale.language):
            if other.name.startswith(TOPICS):
                yield other


def alternates(site: Site, page: Page) -> list[tuple[str, str]]:
    """Return the languages in which a page stands, each with its name for itself."""
    version = page.edition.version
    return [
        (language, found.locale.name)
        for language in site.languages
        if (found := site.edition(version, language))
    ]


def linker(site: Site, page: Page, target: str) -> Link:
    """Return what gives the address of a page, or a file, from this one."""
    own = {OWN_STYLE, page.path}
    if page.area == INTERNAL:
        own.update(other.path for other in menu(site, page))

    def to(path: str, language: str | None = None, anchor: str = "") -> str:
        prefix = site.folder(language or page.edition.locale.language)
        mark = f"#{anchor}" if anchor else ""
        if target != OWN_SITE:
            return f"{site.url}{prefix}{path}{mark}" if site.url else ""
        if page.name == LOST:
            return f"{base(site)}{prefix}{path}{mark}"
        here = site.folder(page.edition.locale.language) + page.path
        if page.area == INTERNAL:
            area = INTERNAL if path in own else PUBLIC
            start = f"{INTERNAL}/{here}".rpartition("/")[0]
            return relpath(f"{area}/{prefix}{path}", start) + mark
        return "../" * here.count("/") + prefix + path + mark

    return to


def base(site: Site) -> str:
    """Return the path under which the site is published."""
    return "/" + site.url.partition("://")[2].partition("/")[2]
