"""The version in force for a case: the last one started by the day of the fact that picks it."""

from collections.abc import Mapping, Sequence
from datetime import date

from .decide import Facts, case_of
from .errors import CaseError, Problem, VersionError
from .evaluate import Case, truth
from .frozen import Frozen
from .model import Fact, PolicyVersion, Value
from .values import fact_value
from .walk import facts_in


class Started(Frozen):
    """When a version may have started for a case by its day, and whether it surely has.

    `unknown` names the facts on which the start depends.
    """

    version: PolicyVersion
    days: tuple[date, ...]
    certain: bool
    unknown: tuple[str, ...]


def pick(
    versions: Sequence[PolicyVersion], question: str, given: Facts
) -> PolicyVersion | tuple[str, ...]:
    """Return the version in force for a case, or the unknown facts on which that depends.

    Raises CaseError when a fact that picks is wrong, VersionError when nothing is in force.
    """
    asked = [found for found in versions if found.in_force and question in found.questions]
    if not asked:
        raise VersionError(f"question `{question}` stands in drafts only: name a version")
    by = asked[-1].questions[question].version_by
    if by is None and len(asked) > 1:
        raise VersionError(f"question `{question}` needs `version_by`: there are several versions")
    if by is None:
        return asked[0]
    starts = [started(found, by, picking_facts(asked, found, question, given)) for found in asked]
    sure = max((min(start.days) for start in starts if start.certain), default=date.min)
    left = [start for start in starts if start.days and max(start.days) >= sure]
    if not left:
        raise VersionError(nothing_in_force(asked, by, given))
    if len(left) == 1 and left[0].certain:
        return left[0].version
    missing = tuple(dict.fromkeys(name for start in left for name in start.unknown))
    if not missing:
        names = " and ".join(f"`{start.version.version}`" for start in left)
        raise VersionError(f"versions {names} start on the same day for this case")
    return missing


def started(version: PolicyVersion, by: Fact, facts: Mapping[str, Value]) -> Started:
    """Return when a version may have started by the day of the fact that picks it."""
    on = facts.get(by.name)
    case = Case(facts, version.calendar)
    holds = [(start, truth(start.when, case)) for start in version.in_force or ()]
    possible = [(start.day or date.min, sure) for start, sure in holds if sure is not False]
    open_yet = facts_in(*(start.when for start, sure in holds if sure is None))
    unknown = [name for name in (by.name, *version.facts) if name == by.name or name in open_yet]
    latest = on if isinstance(on, date) else date.min
    covered = any(sure for _, sure in possible) or len(possible) > 1
    return Started(
        version,
        days=tuple(day for day, _ in possible if on is None or day <= latest),
        certain=covered and all(day <= latest for day, _ in possible),
        unknown=tuple(dict.fromkeys(name for name in unknown if name not in facts)),
    )


def picking_facts(
    versions: Sequence[PolicyVersion], version: PolicyVersion, question: str, given: Facts
) -> dict[str, Value]:
    """Return the known facts on which a version's start depends, as the version reads them."""
    by = versions[-1].questions[question].version_by
    assert by, "INVARIANT: versions are picked by a fact"
    whens = facts_in(*(start.when for start in version.in_force or ()))
    names = {name for name in (by.name, *whens) if name in given and name in version.facts}
    facts: dict[str, Value] = {}
    try:
        for name in names:
            facts[name] = fact_value(version.facts[name], given[name], version.zone)
    except ValueError as error:
        own = own_facts(versions, version, question, given)
        case_of(version, version.questions[question], own)  # says all that is wrong
        raise CaseError([Problem(name, f"`{name}`: {error}")]) from None
    return facts


def own_facts(
    versions: Sequence[PolicyVersion], version: PolicyVersion, question: str, given: Facts
) -> Facts:
    """Leave out the facts that only other versions of the question know.

    Whoever asks can't know which version is in force, and gives what the newest one wants.
    """
    asked = [found.questions[question] for found in versions if question in found.questions]
    own = {fact.name for fact in version.questions[question].facts}
    others = {fact.name for found in asked for fact in found.facts} - own
    return {name: value for name, value in given.items() if name not in others}


def nothing_in_force(asked: Sequence[PolicyVersion], by: Fact, given: Facts) -> str:
    """Say that no version holds, and when the first one starts."""
    days = [(start.day or date.min, found) for found in asked for start in found.in_force or ()]
    first, version = min(days, key=lambda found: found[0])
    on = f"on {given[by.name]} (`{by.name}`)" if by.name in given else "for this case"
    starts = "from the beginning" if first == date.min else f"on {first}"
    return (
        f"no version of policy `{version.name}` is in force {on}: "
        f"the first one, `{version.version}`, starts {starts}"
    )
