"""Static checks: one file each, all of the same form, run in this order."""

from collections.abc import Callable, Iterator, Sequence

from ..errors import Finding, SourceError
from ..folder import gathered, read_folder
from ..model import PolicyVersion
from ..place import Place
from ..suite import examples
from ..versions import Policy
from .published import published
from .starts import starts

Check = Callable[[Policy], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (published, starts)


def check_folder(folder: Place) -> tuple[Finding, ...]:
    """Return everything that is wrong with the policies under a folder and with their cases.

    Checks that need a whole policy run for those that have no error of their own.
    """
    loaded, findings = read_folder(folder)
    broken = {finding.where.file for finding in findings if finding.severity == "error"}
    for name in sorted({version.name for version in loaded}):
        policy = gathered(name, loaded, ())
        if broken.isdisjoint(version.where.file for version in policy.versions):
            findings += [finding for check in CHECKS for finding in check(policy)]
    findings += case_findings(loaded)
    return tuple(sorted(set(findings), key=lambda found: (found.where, found.code, found.message)))


def case_findings(versions: Sequence[PolicyVersion]) -> Iterator[Finding]:
    """Yield what is wrong with the case files beside policies."""
    for version in versions:
        try:
            examples(version)
        except SourceError as error:
            yield from error.findings
