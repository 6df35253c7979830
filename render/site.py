"""All editions of a policy, and what every page of them shares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ..engine.errors import Finding, PolicyError, SourceError
from ..engine.model import PolicyVersion
from ..engine.versions import Policy
from .box import Box, box
from .edition import Edition, edition
from .layout import Brand, Notice
from .locale import locale
from .pairs import languages
from .read_layout import layout, pages_node
from .texts import texts
from .timeline import Timeline, timeline
from .translation import translated, wrong_forms


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The editions by version and language; the first language is the policy's own.

    They are those of all versions that customers read, and of the newest draft.
    """

    policy: Policy
    timeline: Timeline
    languages: tuple[str, ...]
    editions: Mapping[tuple[str, str], Edition]
    as_of: date | None

    def current(self, language: str) -> Edition:
        """Return the version in force in a language; raises PolicyError without a translation."""
        found = self.edition(self.timeline.current, language)
        if found is None:
            known = ", ".join(f"`{name}`" for name in self.languages)
            raise PolicyError(f"there is no translation to `{language}`: languages are {known}")
        return found

    def edition(self, version: PolicyVersion, language: str) -> Edition | None:
        """Return a version in a language; None where it isn't translated."""
        return self.editions.get((version.version, language))

    @property
    def url(self) -> str:
        """Where the site is published; "" where nothing says so."""
        return self.current(self.languages[0]).layout.url

    def folder(self, language: str) -> str:
        """Return the folder of a language's pages; the policy's own language needs none."""
        return "" if language == self.languages[0] else f"{language}/"

    def address(self, path: str, language: str) -> str:
        """Return the whole address of a page; a folder's first page has that of the folder."""
        return f"{self.url}{self.folder(language)}{path.removesuffix('index.html')}"

    @property
    def brand(self) -> Brand:
        """Who speaks."""
        return self.current(self.languages[0]).layout.brand

    def notices(self, of: Edition) -> Iterator[Notice]:
        """Yield the notices that stand on the day of the site."""
        yield from (
            notice
            for notice in of.layout.notices
            if self.as_of is None or self.as_of <= notice.until
        )

    def box(self, of: Edition) -> Box:
        """Return what a page says of its version."""
        after = self.timeline.after(of.version)
        newer = self.edition(after, of.locale.language) if after else None
        return box(of, self.timeline.standing(of.version), newer)


def site(policy: Policy, as_of: date | None = None) -> Site:
    """Return the site of a policy as it stands on a day.

    Raises SourceError with everything that is wrong with layouts and translations.
    """
    found = timeline(policy, as_of)
    editions: dict[tuple[str, str], Edition] = {}
    findings: list[Finding] = []
    for version in (*found.public, *newest_draft(policy, found)):
        ready, wrong = editions_of(version)
        editions |= {(version.version, one.locale.language): one for one in ready}
        findings += wrong
    if findings:
        raise SourceError(findings)
    current = found.current.version
    return Site(
        policy=policy,
        timeline=found,
        languages=tuple(language for number, language in editions if number == current),
        editions=editions,
        as_of=as_of,
    )


def newest_draft(policy: Policy, found: Timeline) -> Iterator[PolicyVersion]:
    """Yield the newest version, which the company reviews, where customers don't read it."""
    newest = policy.versions[-1]
    if newest.version not in {version.version for version in found.public}:
        yield newest


def editions_of(version: PolicyVersion) -> tuple[list[Edition], list[Finding]]:
    """Return a version in each language, in its own one first, and what is wrong with them."""
    made: list[Edition] = []
    findings: list[Finding] = []
    try:
        root = pages_node(version)
        own = layout(version, root)
    except SourceError as error:
        return [], [*error.findings]
    words = locale(own.language)
    findings += wrong_forms(texts(version, root), version, words)
    made.append(edition(version, own, words))
    for language in languages(version):
        try:
            other = translated(version, root, own, language)
        except SourceError as error:
            findings += error.findings
        else:
            made.append(edition(*other, locale(language)))
    return made, findings
