"""Where a figure stands for the first time on a page: there it leads to the glossary."""

from collections.abc import Callable

from .pages import GLOSSARY, PUBLIC, Page
from .site import Site

Explain = Callable[[str], bool]


def first_uses(site: Site, page: Page) -> Explain:
    """Return what says of a figure, as a page comes to it, whether it is to be explained there.

    A former version leads nowhere: its figures may not be those of the glossary.
    """
    current = page.edition is site.current(page.edition.locale.language)
    asked = current and page.area == PUBLIC and page.name != GLOSSARY
    left = {entry.name for entry in page.edition.layout.glossary if entry.says} if asked else set()

    def explain(name: str) -> bool:
        first = name in left
        left.discard(name)
        return first

    return explain


def nowhere(_name: str) -> bool:
    """Say of every figure that it isn't explained there: what is no page has no first use."""
    return False
