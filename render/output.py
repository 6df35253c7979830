"""A page as text: its template, filled for a target in its language."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .environment import environment, rendered
from .filters import FINISHED
from .pages import LOST, Page, pages
from .site import Site

Link = Callable[..., str]
OWN_SITE = "html"
"""The target whose links stay inside the site; others need whole addresses."""


def output(site: Site, page: Page, target: str, overrides: Path | None = None) -> str:
    """Return a page for a target.

    Raises SourceError with file and line where a template is wrong, and the errors of what stands
    on the page.
    """
    language = page.edition.locale.language
    made = environment(target, page.edition.locale, overrides)
    context: dict[str, Any] = {
        **page.context(),
        "page": page,
        "edition": page.edition,
        "site": site,
        "to": linker(site, page, target),
        "menu": [other for other in pages(site, language) if in_menu(other)],
        "alternates": alternates(site, page),
    }
    return FINISHED[target](rendered(made, page.template, context))


def in_menu(page: Page) -> bool:
    """Return whether every page leads to a page."""
    return "/" not in page.name and page.name != LOST


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

    def to(path: str, language: str | None = None, anchor: str = "") -> str:
        prefix = folder(site, language or page.edition.locale.language)
        mark = f"#{anchor}" if anchor else ""
        if target != OWN_SITE:
            return f"{site.url}{prefix}{path}{mark}" if site.url else ""
        if page.name == LOST:
            return f"{base(site)}{prefix}{path}{mark}"
        here = folder(site, page.edition.locale.language) + page.path
        return "../" * here.count("/") + prefix + path + mark

    return to


def folder(site: Site, language: str) -> str:
    """Return the folder of a language; the policy's own language needs none."""
    return "" if language == site.languages[0] else f"{language}/"


def base(site: Site) -> str:
    """Return the path under which the site is published."""
    return "/" + site.url.partition("://")[2].partition("/")[2]
