"""Versions follow one another: each case has one start in each of them, on different days."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from ..errors import Finding
from ..evaluate import Case, truth
from ..model import Condition, PolicyVersion, Start
from ..possible import example, explore
from ..settle import Atom, Path, Probe
from ..versions import Policy


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
    for path, holds in every_way(version, [start.when for start in listed]):
        count = sum(holds)
        if count == 1:
            continue
        words = f"for a case with {example(path, version)}" if len(listed) > 1 or count == 0 else ""
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
                    day = other.day or "the beginning"
                    case = example(path, later)
                    message = (
                        f"versions `{earlier.version}` and `{later.version}` both start on {day}"
                        + (f" for a case with {case}" if case else "")
                    )
                    yield finding("same-start", other, message, "let one of them start later")
                    return


def undated(published: Sequence[PolicyVersion]) -> Iterator[Finding]:
    """Find questions whose version can't be picked by date, or is picked by different facts."""
    for name in dict.fromkeys(name for version in published for name in version.questions):
        asked = [version for version in published if name in version.questions]
        facts = {version.questions[name].version_by for version in asked}
        names = {fact.name if fact else None for fact in facts}
        where = asked[-1].questions[name].where
        if len(asked) > 1 and None in names:
            message = f"question `{name}` has several versions and no `version_by`"
            hint = "name the date fact that picks the version"
            yield Finding(code="no-version-by", where=where, message=message, hint=hint)
        elif len(names) > 1:
            message = f"the versions of question `{name}` are picked by different facts"
            yield Finding(
                code="no-version-by",
                where=where,
                message=message,
                hint="use one fact in all versions",
            )


def every_way(
    version: PolicyVersion, conditions: Sequence[Condition]
) -> Iterator[tuple[Path, list[bool]]]:
    """Yield every way in which conditions can hold or not over all cases."""

    def step(probe: Probe) -> tuple[Path, list[bool]] | Atom:
        holds = [truth(condition, probe.case()) for condition in conditions]
        known = [held for held in holds if held is not None]
        return (probe.path, known) if len(known) == len(holds) else probe.open[0]

    return explore(Case({}, version.calendar), step)


def finding(code: str, start: Start, message: str, hint: str) -> Finding:
    """Return an error at a start."""
    return Finding(code=code, where=start.where, message=message.strip(), hint=hint)
