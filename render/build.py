"""Every file of a site: its pages in each language, and what stands beside them.

    public/index.html, public/de/index.html, …    pages: see `pages`
    public/data/…                                 the policy as data: see `data`, `trace`
    public/changes.xml, public/de/changes.xml     what has changed, as a feed: see `feed`
    public/sitemap.xml                            the addresses of all pages
    internal/macros.html, …                       for the company alone: see `internal`

A file is made when it is asked for, once: a preview makes the page that is looked at, a build all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from .brand import styled
from .data import TRACE, Make, data_files
from .environment import TEMPLATES
from .feed import FEED, feed
from .internal import internal_pages, strings_json
from .output import OWN_STYLE, output
from .pages import CHANGES, INTERNAL, PUBLIC, Page, pages
from .site import Site
from .sitemap import SITEMAP, sitemap
from .trace import trace

NEED_AN_ADDRESS = (FEED, SITEMAP)


def files(
    site: Site, overrides: Path | None = None, known: Mapping[str, Page] | None = None
) -> Mapping[str, Make]:
    """Return what makes each file of a site, by its path, in order; of the pages that are `known`.

    Without any, these are all pages of the site.
    """
    found = pages_by_path(site) if known is None else known
    made: dict[str, Make] = {
        path: cache(partial(page_bytes, site, page, overrides)) for path, page in found.items()
    }
    public = {path: page for path, page in found.items() if page.area == PUBLIC}
    traced = [(path.removeprefix(f"{PUBLIC}/"), page, made[path]) for path, page in public.items()]
    for path, make in beside(site, public, overrides):
        made[path] = cache(make)
    made[f"{PUBLIC}/{TRACE}"] = cache(partial(trace, site, traced))
    return made


def pages_by_path(site: Site) -> dict[str, Page]:
    """Return every page by the path of its file; what stands on it is worked out once."""
    return {
        f"{page.area}/{site.folder(language)}{page.path}": replace(
            page, context=cache(page.context)
        )
        for several in (pages, internal_pages)
        for language in site.languages
        for page in several(site, language)
    }


def beside(
    site: Site, found: Mapping[str, Page], overrides: Path | None
) -> Iterator[tuple[str, Make]]:
    """Yield what makes each file that stands beside the pages, with its path."""
    yield f"{PUBLIC}/style.css", partial(style, site, overrides)
    yield f"{INTERNAL}/{OWN_STYLE}", template_file(f"html/{OWN_STYLE}", overrides).read_bytes
    yield from ((f"{PUBLIC}/{path}", make) for path, make in data_files(site))
    for language in site.languages:
        if site.current(language).layout.strings:
            strings = partial(strings_json, site.current(language))
            yield f"{INTERNAL}/strings.{language}.json", strings
    if site.url:
        yield f"{PUBLIC}/{SITEMAP}", partial(sitemap, site, found.values())
        for page in found.values():
            if page.name == CHANGES:
                language = page.edition.locale.language
                yield (
                    f"{PUBLIC}/{site.folder(language)}{FEED}",
                    partial(feed, site, page, overrides),
                )


def left_out(site: Site) -> tuple[str, ...]:
    """Return the files that can't be made: those with whole addresses, where none is known."""
    return () if site.url else NEED_AN_ADDRESS


def page_bytes(site: Site, page: Page, overrides: Path | None) -> bytes:
    """Return a page for the web."""
    return output(site, page, "html", overrides).encode()


def style(site: Site, overrides: Path | None) -> bytes:
    """Return the style sheet of all pages, with the brand's colours and fonts."""
    return template_file("html/style.css", overrides).read_bytes() + styled(site.brand).encode()


def template_file(path: str, overrides: Path | None) -> Path:
    """Return a file among the templates; one of the overrides comes first."""
    own = overrides / path if overrides else None
    return own if own and own.is_file() else TEMPLATES / path
