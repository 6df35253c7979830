"""Every file of a site: its pages in each language, and what stands beside them.

A file is made when it is asked for, once: a preview makes the page that is looked at, a build all.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

from .environment import TEMPLATES
from .output import folder, output
from .pages import Page, pages
from .site import Site

PUBLIC, INTERNAL = "public", "internal"
Make = Callable[[], bytes]


def files(site: Site, overrides: Path | None = None) -> Mapping[str, Make]:
    """Return what makes each file of a site, by its path, in order."""
    made: dict[str, Make] = {
        path: partial(page_bytes, site, page, overrides)
        for path, page in pages_by_path(site).items()
    }
    made[f"{PUBLIC}/style.css"] = template_file("html/style.css", overrides).read_bytes
    return {path: cache(make) for path, make in made.items()}


def pages_by_path(site: Site) -> dict[str, Page]:
    """Return every public page by the path of its file."""
    return {
        f"{PUBLIC}/{folder(site, language)}{page.path}": page
        for language in site.languages
        for page in pages(site, language)
    }


def page_bytes(site: Site, page: Page, overrides: Path | None) -> bytes:
    """Return a page for the web."""
    return output(site, page, "html", overrides).encode()


def template_file(path: str, overrides: Path | None) -> Path:
    """Return a file among the templates; one of the overrides comes first."""
    own = overrides / path if overrides else None
    return own if own and own.is_file() else TEMPLATES / path
