"""Gates: pages can't drift from the rules. One file each, run in this order on a built site."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from ...engine.errors import Finding, PolicyError, SourceError, VersionError
from ...engine.folder import gathered, read_folder
from ...engine.place import Place
from ...engine.versions import Policy
from ..site import Site, site
from .built import Built, built
from .coverage import coverage
from .examples import examples
from .expiry import expiry
from .links import links
from .literal import literal
from .mutation import mutation
from .readability import readability
from .reverse import reverse
from .targets import targets

Gate = Callable[[Built], Iterator[Finding]]

GATES: tuple[Gate, ...] = (
    literal,
    reverse,
    coverage,
    links,
    mutation,
    targets,
    examples,
    expiry,
    readability,
)


def check_pages(folder: Place, day: date, overrides: Path | None = None) -> tuple[Finding, ...]:
    """Return everything that is wrong, as of a day, with the pages of the policies in a folder.

    Policies with an error of their own have no pages yet. `overrides` are templates of one's own.
    """
    loaded, findings = read_folder(folder)
    broken = {finding.where.file for finding in findings if finding.severity == "error"}
    found: set[Finding] = set()
    for name in sorted({version.name for version in loaded}):
        policy = gathered(name, loaded, ())
        if broken.isdisjoint(version.where.file for version in policy.versions):
            found.update(policy_findings(policy, day, overrides))
    return tuple(sorted(found, key=lambda item: (item.where, item.code, item.message)))


def policy_findings(policy: Policy, day: date, overrides: Path | None) -> Iterator[Finding]:
    """Yield what the gates find on the pages of a policy; what can't be made is a finding too."""
    for part in published(policy):
        try:
            made = built(as_of(part, day), day, overrides)
            yield from (finding for gate in GATES for finding in gate(made))
        except SourceError as error:
            yield from error.findings
        except PolicyError as error:
            where = part.versions[-1].where
            yield Finding(code="not-built", where=where, message=f"no page can be made: {error}")


def published(policy: Policy) -> Iterator[Policy]:
    """Yield what pages are made of: versions with a start together, each draft alone."""
    drafts = [version for version in policy.versions if not version.in_force]
    if rest := tuple(version for version in policy.versions if version.in_force):
        yield Policy(policy.name, rest, policy.warnings)
    yield from (Policy(policy.name, (draft,), policy.warnings) for draft in drafts)


def as_of(policy: Policy, day: date) -> Site:
    """Return the site on a day; before the first version starts, the newest is in force."""
    try:
        return site(policy, day)
    except VersionError:
        return site(policy)
