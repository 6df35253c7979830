"""A change of policies as a whole, for the people who decide about it: `refund review`.

Two states of a folder are compared: as it is at the base, and as it is now. Each version that is
new is held against the one below it, each edited one against itself.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .check import check_folder
from .errors import Finding, MissingError, PolicyError
from .folder import number, read_folder
from .model import PolicyVersion
from .place import PathAt, Place
from .replay import Replay
from .reports import plain
from .revisions import place_at
from .suite import Example, Result, run
from .version_change import VersionChange, cases_of, version_change
from .vocabulary import listed
from .whom import in_a_sentence, unanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a change does: `findings` are new ones, `before` those that stood at the base too.

    `replays` say what becomes of the cases of some data.
    """

    base: str
    findings: tuple[Finding, ...]
    before: tuple[Finding, ...]
    changes: tuple[VersionChange, ...]
    results: tuple[Result, ...]
    unreadable: tuple[str, ...]
    replays: tuple[Replay, ...] = ()

    @property
    def errors(self) -> int:
        """How many errors there are now, old ones among them."""
        found = (*self.findings, *self.before)
        return sum(finding.severity == "error" for finding in found)

    @property
    def failed(self) -> tuple[Result, ...]:
        """The cases that fail."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def deleted(self) -> tuple[Example, ...]:
        """The cases that are deleted, in all versions."""
        return tuple(case for change in self.changes for case in change.cases.deleted)

    @property
    def unanswered(self) -> int:
        """How many groups of cases have lost their answer."""
        return sum(unanswered(group) for change in self.changes for group in change.changes)

    @property
    def ready(self) -> bool:
        """Whether nothing keeps the change from being merged."""
        return not self.errors and not self.failed and not self.unanswered

    @property
    def verdict(self) -> str:
        """The whole review in one line: whom it affects, then whether it can be merged."""
        wrong = [counted(self.errors, "error"), counted(len(self.failed), "failing case")]
        wrong.append("cases without an answer" if self.unanswered else "")
        gate = "Ready to merge."
        if not self.ready:
            gate = f"Not ready to merge: {listed(filter(None, wrong))}."
        gone = counted(len(self.deleted), "case")
        lost = f"{gone} {'is' if len(self.deleted) == 1 else 'are'} deleted." if gone else ""
        return " ".join(item for item in (self.effect, gate, lost) if item)

    def as_json(self) -> dict[str, object]:
        """Return the review as it stands in JSON."""
        return {
            "verdict": self.verdict,
            "ready": self.ready,
            "approvals": list(self.approvals),
            "base": self.base,
            "findings": [plain(finding) for finding in self.findings],
            "before": [plain(finding) for finding in self.before],
            "unreadable": list(self.unreadable),
            "changes": [change.as_json() for change in self.changes],
            "replays": [replay.as_json() for replay in self.replays],
            "results": [result.as_json() for result in self.results],
        }

    @property
    def effect(self) -> str:
        """Whom the change affects, in a sentence."""
        if not self.changes:
            return "No version changes."
        compared = [change.comparison for change in self.changes if change.comparison]
        if any(item.changes or item.wording or item.unsettled for item in compared):
            return in_a_sentence(compared)
        if any(change.new is None for change in self.changes):
            return "A version is gone."
        if any(change.old is None for change in self.changes):
            return "A policy is new."
        return "No decision changes."

    @property
    def approvals(self) -> tuple[str, ...]:
        """Why those who answer for the policy have to agree, if they have to."""
        effects = {group.effect for change in self.changes for group in change.changes}
        worse = "it is worse for some customers" if effects & {"worse", "mixed"} else ""
        unclear = "whether it is better isn't said, or not settled" if "unclear" in effects else ""
        gone = counted(len(self.deleted), "case")
        lost = f"{gone} no longer guard{'s' * (len(self.deleted) == 1)} it" if gone else ""
        return tuple(reason for reason in (worse, unclear, lost) if reason)


def counted(many: int, what: str) -> str:
    """Return how many there are of a thing; nothing for none.

    >>> counted(2, "error"), counted(0, "case")
    ('2 errors', '')
    """
    return f"{many} {what}{'s' * (many != 1)}" if many else ""


# ---------------------------------------------------------------- two states of a folder


@dataclass(frozen=True, slots=True)
class State:
    """A folder at one time: what can be read in it, and what is wrong with it."""

    place: Place | None
    versions: Mapping[tuple[str, str], PolicyVersion]
    findings: tuple[Finding, ...]

    def broken(self) -> set[str]:
        """Return the files with an error that keeps them from being read."""
        read = {inside(item.where.file, self.place) for item in self.versions.values()}
        errors = (item for item in self.findings if item.severity == "error")
        return {inside(item.where.file, self.place) for item in errors} - read


def review(base: str, folder: Path) -> Review:
    """Review what a folder of policies changes since a base: a git revision, or another folder.

    Raises PolicyError when there is no such base.
    """
    old, new = state(base_place(base, folder)), state(folder)
    news, before = told_apart(old, new)
    return Review(
        base=base,
        findings=news,
        before=before,
        changes=tuple(changes(old, new)),
        results=tuple(results(new.versions.values())),
        unreadable=tuple(sorted(old.broken())),
    )


def base_place(base: str, folder: Path) -> Place | None:
    """Return the folder at the base; None where it wasn't there yet."""
    try:
        named = place_at(base, folder)
    except MissingError:
        return None
    if named.version:
        hint = "two versions are compared with `refund compare`"
        raise PolicyError(f"`{base}` is a version, and a review needs a git revision: {hint}")
    return named.place


def state(place: Place | None) -> State:
    """Return what stands in a folder; nothing where it isn't there yet."""
    if place is None:
        return State(None, {}, ())
    loaded, _ = read_folder(place)
    versions = {(item.name, item.version): item for item in sorted(loaded, key=number)}
    return State(place, versions, check_folder(place))


def inside(file: str, place: Place | None) -> str:
    """Return a file's path within a folder, so that two states of it can be held together."""
    if isinstance(place, PathAt):
        return os.path.relpath(file.removeprefix(f"{place.revision}:"), place.path)
    return os.path.relpath(file, place)


def told_apart(old: State, new: State) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the findings that are new, and those that stood at the base too, in any line."""
    known = Counter(kept(finding, old.place) for finding in old.findings)
    news: list[Finding] = []
    before: list[Finding] = []
    for finding in new.findings:
        key = kept(finding, new.place)
        (before if known[key] else news).append(finding)
        known[key] -= 1
    return tuple(news), tuple(before)


def kept(finding: Finding, place: Place | None) -> tuple[str, str, str]:
    """Return what stays of a finding when lines above it come and go."""
    return inside(finding.where.file, place), finding.code, finding.message


def changes(old: State, new: State) -> Iterator[VersionChange]:
    """Yield each version that differs, and each whose cases do."""
    lost = old.broken() | new.broken()
    for key in sorted({*old.versions, *new.versions}, key=in_order):
        was, now = old.versions.get(key), new.versions.get(key)
        file = file_of(was, old) or file_of(now, new)
        if file in lost:
            continue
        if was is None and now is not None:
            was = below(now, new.versions.values()) or below(now, old.versions.values())
        found = version_change(was, now)
        if found.cases or not found.same:
            yield found


def in_order(key: tuple[str, str]) -> tuple[str, tuple[int, ...]]:
    """Return a version's place among others: by policy, then by number."""
    return key[0], tuple(map(int, key[1].split(".")))


def file_of(version: PolicyVersion | None, where: State) -> str:
    """Return a version's file within its folder."""
    return inside(version.where.file, where.place) if version else ""


def below(version: PolicyVersion, known: Iterable[PolicyVersion]) -> PolicyVersion | None:
    """Return the version that a new one follows, if any: the last of those with lower numbers."""
    lower = [item for item in known if item.name == version.name and number(item) < number(version)]
    return max(lower, key=number, default=None)


def results(versions: Iterable[PolicyVersion]) -> Iterator[Result]:
    """Yield what becomes of every case under its own version."""
    for version in versions:
        for case in cases_of(version):
            yield run(version, case)
