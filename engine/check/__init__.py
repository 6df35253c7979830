"""Static checks: one file each, run in this order.

POLICY_CHECKS   a policy with all its versions → findings
CHECKS          one question of one version, as formulas (`Analysis`) → findings
"""

from collections.abc import Callable, Iterator, Sequence

from ..errors import Finding, SourceError
from ..folder import gathered, read_folder
from ..model import PolicyVersion
from ..place import Place
from ..suite import examples
from ..versions import Policy
from .analysis import Analysis, analysis
from .boundaries import boundaries
from .comparisons import comparisons
from .conflicts import conflicts
from .dead import dead_rules
from .divisions import divisions
from .gaps import gaps
from .options import options
from .overrides import idle_overrides
from .promises import promises
from .published import published
from .requirements import idle_requirements, no_case
from .starts import starts
from .terms import terms

PolicyCheck = Callable[[Policy], Iterator[Finding]]
Check = Callable[[Analysis], Iterator[Finding]]

POLICY_CHECKS: tuple[PolicyCheck, ...] = (
    published,
    starts,
    comparisons,
    options,
    terms,
    promises,
)
CHECKS: tuple[Check, ...] = (
    idle_requirements,
    boundaries,
    gaps,
    conflicts,
    dead_rules,
    idle_overrides,
    divisions,
)


def check_folder(folder: Place) -> tuple[Finding, ...]:
    """Return everything that is wrong with the policies under a folder and with their cases.

    Checks that need a whole policy run for those that have no error of their own.
    """
    loaded, findings = read_folder(folder)
    broken = {finding.where.file for finding in findings if finding.severity == "error"}
    for name in sorted({version.name for version in loaded}):
        policy = gathered(name, loaded, ())
        if broken.isdisjoint(version.where.file for version in policy.versions):
            findings += [finding for check in POLICY_CHECKS for finding in check(policy)]
            for version in policy.versions:
                findings += version_findings(version)
    findings += case_findings(loaded)
    return tuple(sorted(set(findings), key=lambda found: (found.where, found.code, found.message)))


def version_findings(version: PolicyVersion) -> Iterator[Finding]:
    """Yield what the checks of questions find in a version."""
    for question in version.questions.values():
        about = analysis(version, question)
        if none := [*no_case(about)]:
            yield from none
            continue
        for check in CHECKS:
            yield from check(about)


def case_findings(versions: Sequence[PolicyVersion]) -> Iterator[Finding]:
    """Yield what is wrong with the case files beside policies."""
    for version in versions:
        try:
            examples(version)
        except SourceError as error:
            yield from error.findings
