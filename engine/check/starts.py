"""Versions follow one another: each case has one start in each of them, on different days."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from ..errors import Finding, Severity, Where
from ..model import ALWAYS, Condition, Not, PolicyVersion, Start
from ..rulebook import rulebook
from ..versions import Policy
from ..walk import facts_in
from ..witness import Witness, described, witness


def starts(policy: Policy) -> Iterator[Finding]:
    """Find cases that a version's starts leave out or cover twice, and starts that coincide."""
    published = [version for version in policy.versions if version.in_force]
    for version in published:
        yield from covered_once(version)
    for earlier, later in combinations(published, 2):
        yield from coinciding(earlier, later)
    yield from undated(published)


def covered_once(version: PolicyVersion) -> Iterator[Finding]:
    """Find cases for which a version starts never, or on two days."""
    listed = version.in_force or ()
    if never := some_case(version, [Not(start.when) for start in listed]):
        message = f"version `{version.version}` never starts"
        yield finding("start-hole", listed[0], message, never, "add a start for these cases")
    for start, later in combinations(listed, 2):
        if twice := some_case(version, [start.when, later.when]):
            message = f"version `{version.version}` starts twice"
            hint = "let the `when` of starts exclude each other"
            yield finding("start-overlap", later, message, twice, hint)
            return


def coinciding(earlier: PolicyVersion, later: PolicyVersion) -> Iterator[Finding]:
    """Find two versions that start on the same day for the same case."""
    for one in earlier.in_force or ():
        for other in later.in_force or ():
            if one.day != other.day:
                continue
            if same := some_case(later, [one.when, other.when]):
                day = f"on {other.day}" if other.day else "at the beginning"
                message = f"versions `{earlier.version}` and `{later.version}` both start {day}"
                yield finding("same-start", other, message, same, "let one of them start later")
                return


def undated(published: Sequence[PolicyVersion]) -> Iterator[Finding]:
    """Find questions whose version can't be picked by date, or is picked by different facts.

    Versions from before there was a second one may lack `version_by`: the newest names it.
    """
    for name in dict.fromkeys(name for version in published for name in version.questions):
        asked = [version.questions[name] for version in published if name in version.questions]
        where = asked[-1].where
        others = {found.version_by.name for found in asked if found.version_by}
        if len(others) > 1:
            listed = " and ".join(f"`{other}`" for other in sorted(others))
            message = f"the versions of question `{name}` are picked by different facts: {listed}"
            yield picked_by("error", where, message, "use one fact in all versions")
        elif asked[-1].version_by is None and len(asked) > 1:
            message = f"question `{name}` has several versions and no `version_by`"
            yield picked_by("error", where, message, "name the date fact that picks the version")
        elif asked[-1].version_by is None and any(dated(version) for version in published):
            message = (
                f"question `{name}` has no `version_by`, so the start of its version is ignored"
            )
            hint = "name the date fact that picks the version, or write `{from: beginning}`"
            yield picked_by("warning", where, message, hint)


def picked_by(severity: Severity, where: Where, message: str, hint: str) -> Finding:
    """Return a finding about `version_by`."""
    return Finding(code="no-version-by", severity=severity, where=where, message=message, hint=hint)


def dated(version: PolicyVersion) -> bool:
    """Return whether a version starts on a day, or for some cases only."""
    return any(start.day or start.when != ALWAYS for start in version.in_force or ())


Sample = tuple[Witness, str]


def some_case(version: PolicyVersion, conditions: Sequence[Condition]) -> Sample | None:
    """Return a valid case of some question that meets all conditions, and its facts in words."""
    read = facts_in(*conditions)
    for question in version.questions.values():
        with_all = replace(question, facts=tuple(version.facts.values()))
        book = rulebook(with_all, version.calendar)
        clauses = [(book.reader.formula(condition),) for condition in conditions]
        if found := witness(book, clauses):
            return found, described(found.facts or {}, read, version)
    return None


def finding(code: str, start: Start, message: str, sample: Sample, hint: str) -> Finding:
    """Return an error at a start, or a warning where no real case shows it."""
    found, case = sample
    if found.facts is None:
        message = f"it isn't settled whether {message}"
        return Finding(
            code="not-settled", where=start.where, message=message, hint=hint, severity="warning"
        )
    words = f"{message} for a case with {case}" if case else message
    return Finding(code=code, where=start.where, message=words, hint=hint)
