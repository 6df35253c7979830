"""A site with all its files made, as the gates look at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ...engine.errors import Where
from ...engine.folder import shown
from ..build import files, pages_by_path, template_file
from ..edition import Edition
from ..internal import REVIEW
from ..marks import Reading, reading
from ..pages import HOME, Page
from ..site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A site, its pages and its files by their paths, and the day on which it is looked at.

    The view for reviewers is among the pages and isn't made: it quotes files and comparisons.
    """

    site: Site
    day: date
    overrides: Path | None
    pages: Mapping[str, Page]
    files: Mapping[str, bytes]

    def read(self) -> Iterator[tuple[str, Reading]]:
        """Yield every file for the web with its path, as it is read."""
        for path, content in self.files.items():
            if path.endswith(".html"):
                yield path, reading(content.decode())

    def policy_pages(self) -> Iterator[tuple[Edition, Reading]]:
        """Yield the page of each version that holds on the day or will hold, in each language."""
        ahead = {f"versions/{version.version}" for version in self.site.timeline.coming}
        for path, page in self.pages.items():
            if page.name in {HOME, *ahead}:
                yield page.edition, reading(self.files[path].decode())

    def template(self, path: str) -> Where:
        """Return the template of a page, or the layout where no template of ours made it."""
        page = self.pages.get(path)
        if page is None:
            return self.site.current(self.site.languages[0]).layout.where
        return Where(shown(template_file(page.template, self.overrides)))


def built(site: Site, day: date, overrides: Path | None = None) -> Built:
    """Return a site with every file made; raises the errors of what can't be made."""
    found = pages_by_path(site)
    read = {path: page for path, page in found.items() if page.name != REVIEW}
    return Built(
        site=site,
        day=day,
        overrides=overrides,
        pages=found,
        files={path: make() for path, make in files(site, overrides, read).items()},
    )
