"""Every file of a site: its pages in each language, and what stands beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .environment import TEMPLATES
from .output import folder, output
from .pages import Page, pages
from .site import Site

PUBLIC, INTERNAL = "public", "internal"


@dataclass(frozen=True, slots=True)
class Build:
    """A site with the templates that it is made with."""

    site: Site
    overrides: Path | None = None

    def pages(self) -> tuple[tuple[str, Page], ...]:
        """Return every page with its path."""
        return tuple(
            (f"{PUBLIC}/{folder(self.site, language)}{page.path}", page)
            for language in self.site.languages
            for page in pages(self.site, language)
        )

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file of the site with its path."""
        for path, page in self.pages():
            yield path, output(self.site, page, "html", self.overrides).encode()
        yield f"{PUBLIC}/style.css", self.template("html/style.css").read_bytes()

    def template(self, path: str) -> Path:
        """Return a file among the templates; one of the overrides comes first."""
        own = self.overrides / path if self.overrides else None
        return own if own and own.is_file() else TEMPLATES / path
