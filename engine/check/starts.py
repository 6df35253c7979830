"""Versions follow one another: each case has one start in each of them, on different days."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations

from ..atoms import Atom, Path
from ..errors import Finding, Severity, Where
from ..evaluate import Case, truth
from ..model import ALWAYS, Condition, PolicyVersion, Question, Start
from ..possible import example, explore, required
from ..settle import Probe
from ..versions import Policy
from ..walk import facts_in


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
    read = facts_in(*(start.when for start in listed))
    for path, holds in every_way(version, [start.when for start in listed]):
        count = sum(holds)
        if count == 1:
            continue
        words = (
            f"for a case with {example(path, version, read)}"
            if len(listed) > 1 or count == 0
            else ""
        )
        if count == 0:
            message = f"version `{version.version}` never starts {words}"
            yield finding("start-hole", listed[0], message, "add a start for these cases")
        else:
            twice = [start for start, held in zip(listed, holds, strict=True) if held]
            message = f"version `{version.version}` starts twice {words}"
            yield finding(
                "start-overlap", twice[1], message, "let the `when` of starts exclude each other"
            )
        return


def coinciding(earlier: PolicyVersion, later: PolicyVersion) -> Iterator[Finding]:
    """Find two versions that start on the same day for the same case."""
    for one in earlier.in_force or ():
        for other in later.in_force or ():
            if one.day != other.day:
                continue
            for path, holds in every_way(later, [one.when, other.when]):
                if all(holds):
                    day = f"on {other.day}" if other.day else "at the beginning"
                    case = example(path, later, facts_in(one.when, other.when))
                    message = (
                        f"versions `{earlier.version}` and `{later.version}` both start {day}"
                        + (f" for a case with {case}" if case else "")
                    )
                    yield finding("same-start", other, message, "let one of them start later")
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


def every_way(
    version: PolicyVersion, conditions: Sequence[Condition]
) -> Iterator[tuple[Path, list[bool]]]:
    """Yield every way in which conditions can hold or not over all valid cases of a question."""

    def step(question: Question, probe: Probe) -> tuple[Path, list[bool]] | Atom | None:
        valid = truth(required(question), probe.case())
        holds = [truth(condition, probe.case()) for condition in conditions]
        known = [held for held in holds if held is not None]
        if valid is False:
            return None
        return probe.open[0] if probe.open else (probe.path, known)

    for question in version.questions.values():
        yield from explore(Case({}, version.calendar), partial(step, question))


def finding(code: str, start: Start, message: str, hint: str) -> Finding:
    """Return an error at a start."""
    return Finding(code=code, where=start.where, message=message.strip(), hint=hint)
