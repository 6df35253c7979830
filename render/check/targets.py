"""Every other target follows as well: with all figures one unit further, no old one is left there.

Markdown and plain text have no marks for what a text is bound to. So all figures of a version are
moved at once, and of those that nothing in the policy has any more, none may be read there but what
the web page says as well: on it every figure is checked.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import reduce

from ...engine.errors import Finding, PolicyError
from ...engine.model import PolicyVersion
from ..build import pages_by_path
from ..filters import TARGETS
from ..internal import REVIEW
from ..marks import reading
from ..output import OWN_SITE, output
from ..site import Site
from .bindings import any_of
from .built import Built
from .moved import moved_site, moves
from .mutation import gone
from .reverse import in_templates

OTHERS = tuple(target for target in TARGETS if target != OWN_SITE)


def targets(made: Built) -> Iterator[Finding]:
    """Find figures that other targets keep when the policy changes them."""
    for version in (made.site.timeline.current, *made.site.timeline.coming):
        with suppress(PolicyError):  # one by one they can be moved: `mutation` would have said so
            yield from kept(made, version)


def kept(made: Built, version: PolicyVersion) -> Iterator[Finding]:
    """Yield a finding for each figure that a page of a version keeps."""
    after = all_moved(made.site, version)
    old = any_of(gone(version.terms, made.site, after))
    for path, page in pages_by_path(after).items():
        if page.name != REVIEW and page.edition.version.version == version.version:
            right = reading(output(after, page, OWN_SITE, made.overrides)).texts
            known = {words for text in right for words in old.findall(text.words)}
            for target in OTHERS:
                text = output(after, page, target, made.overrides)
                for words in sorted({*old.findall(text)} - known):
                    yield stuck(made, path, target, words)


def all_moved(site: Site, version: PolicyVersion) -> Site:
    """Return a site in which all figures of a version are one unit further."""
    figures = [move for move in moves(version) if move.term]
    return reduce(lambda before, move: moved_site(before, version, move), figures, site)


def stuck(made: Built, path: str, target: str, words: str) -> Finding:
    """Return the finding about a figure that stays."""
    return Finding(
        code="stuck-figure",
        where=in_templates(made, words) or made.template(path),
        message=f"with all figures one unit further, `{path}` as {target} still says `{words}`",
    )
