"""A policy in all its versions: the one in force for a case decides it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from .decide import Decision, Facts, case_of, decide
from .errors import CaseError, Finding, Problem, VersionError, nearest
from .evaluate import Case, truth
from .model import Fact, PolicyVersion, Question, Value, facts_in
from .values import fact_value

if TYPE_CHECKING:
    from .explain import Explanation


@dataclass(frozen=True, slots=True)
class Policy:
    """All versions of one policy, in the order of their numbers, and the warnings about them."""

    name: str
    versions: tuple[PolicyVersion, ...]
    warnings: tuple[Finding, ...] = ()

    def decide(self, question: str | None, facts: Facts, *, version: str | None = None) -> Decision:
        """Decide a case under the version in force for it, or under the version named.

        `question` None asks the policy's first. `facts` maps names to values: dates as
        `datetime.date`, an aware `datetime` or ISO text; money and decimals as `Decimal`, `int` or
        text; whole numbers as `int`; yes_no as `bool`. An unknown fact is left out.

        Raises CaseError (wrong facts), VersionError (no such question or version, none in force),
        GapError, ConflictError and CalculationError.
        """
        name = self.question_name(question)
        picked = pick(self, name, facts) if version is None else self.version(version)
        if isinstance(picked, PolicyVersion):
            return decide(picked, question_of(picked, name), self.own_facts(picked, name, facts))
        return Decision(question=name, missing=picked, policy=self.name, version=None, digest=None)

    def explain(
        self, question: str | None, facts: Facts, *, version: str | None = None
    ) -> "Explanation":
        """Explain how a case is decided; takes and raises the same as `decide`."""
        from .explain import Explanation, explain  # noqa: PLC0415 - only needed here

        name = self.question_name(question)
        picked = pick(self, name, facts) if version is None else self.version(version)
        if isinstance(picked, PolicyVersion):
            return explain(picked, question_of(picked, name), self.own_facts(picked, name, facts))
        return Explanation(self.decide(name, facts), "", ())

    def own_facts(self, version: PolicyVersion, question: str, facts: Facts) -> Facts:
        """Leave out the facts that only other versions of the question know.

        Whoever asks can't know which version is in force, and gives what the newest one wants.
        """
        own = {fact.name for fact in question_of(version, question).facts}
        others = set(self.fact_names(question)) - own
        return {name: value for name, value in facts.items() if name not in others}

    def question(self, name: str | None, version: str | None) -> tuple[PolicyVersion, Question]:
        """Return a question of a version; by default the first one, of the newest version."""
        name = self.question_name(name)
        asked = [found for found in self.versions if name in found.questions]
        chosen = self.version(version) if version else asked[-1]
        return chosen, question_of(chosen, name)

    def question_name(self, name: str | None) -> str:
        """Return the name of a question that some version has; by default the first one."""
        known = list(
            dict.fromkeys(name for found in reversed(self.versions) for name in found.questions)
        )
        if name is None:
            return known[0]
        if name not in known:
            hint = nearest(name, known) or "questions: " + ", ".join(f"`{word}`" for word in known)
            raise VersionError(f"policy `{self.name}` has no question `{name}`: {hint}")
        return name

    def fact_names(self, question: str) -> tuple[str, ...]:
        """Return the facts of a question in any version, in the order of the newest file."""
        asked = [
            found.questions[question]
            for found in reversed(self.versions)
            if question in found.questions
        ]
        return tuple(dict.fromkeys(fact.name for one in asked for fact in one.facts))

    def output_names(self, question: str) -> tuple[str, ...]:
        """Return the outputs of a question in any version."""
        asked = [
            found.questions[question]
            for found in reversed(self.versions)
            if question in found.questions
        ]
        return tuple(
            dict.fromkeys(
                output.name
                for one in asked
                for outcome in one.outcomes
                for output in outcome.outputs
            )
        )

    def version(self, number: str) -> PolicyVersion:
        """Return the version of that number, drafts included."""
        for found in self.versions:
            if found.version == number:
                return found
        known = ", ".join(f"`{found.version}`" for found in self.versions)
        raise VersionError(f"policy `{self.name}` has no version `{number}`: there is {known}")


def question_of(version: PolicyVersion, name: str) -> Question:
    """Return a question of a version."""
    if name not in version.questions:
        raise VersionError(f"version `{version.version}` has no question `{name}`")
    return version.questions[name]


# ---------------------------------------------------------------- picking


def pick(policy: Policy, question: str, given: Facts) -> PolicyVersion | tuple[str, ...]:
    """Return the version in force for a case, or the unknown facts on which that depends."""
    asked = [found for found in policy.versions if found.in_force and question in found.questions]
    if not asked:
        raise VersionError(f"question `{question}` stands in drafts only: name a version")
    by = asked[-1].questions[question].version_by
    if by is None and len(asked) > 1:
        raise VersionError(f"question `{question}` needs `version_by`: there are several versions")
    if by is None:
        return asked[0]
    facts = picking_facts(asked, question, by, given)
    starts = [(found, started(found, facts, by.name)) for found in asked]
    sure = max((min(start.days) for _, start in starts if start.certain), default=date.min)
    left = [(found, start) for found, start in starts if start.days and max(start.days) >= sure]
    if not left:
        raise VersionError(nothing_in_force(policy, by, facts))
    if len(left) == 1 and left[0][1].certain:
        return left[0][0]
    missing = missing_to_pick([found for found, _ in left], by, facts)
    if not missing:
        names = " and ".join(f"`{found.version}`" for found, _ in left)
        raise VersionError(f"versions {names} start on the same day for this case")
    return missing


@dataclass(frozen=True, slots=True)
class Started:
    """The days on which a version may have started for a case, and whether it surely has."""

    days: tuple[date, ...]
    certain: bool


def started(version: PolicyVersion, facts: Mapping[str, Value], by: str) -> Started:
    """Return when a version may have started by the day of the fact that picks it."""
    on = facts.get(by)
    case = Case(facts, version.calendar)
    holds = [(start.day or date.min, truth(start.when, case)) for start in version.in_force or ()]
    possible = [(day, sure) for day, sure in holds if sure is not False]
    by_then = [day for day, _ in possible if on is None or day <= on]  # type: ignore[operator]
    latest = on if isinstance(on, date) else date.min
    covered = any(sure for _, sure in possible) or len(possible) > 1
    certain = covered and all(day <= latest for day, _ in possible)
    return Started(tuple(by_then), certain)


def picking_facts(
    asked: Sequence[PolicyVersion], question: str, by: Fact, given: Facts
) -> dict[str, Value]:
    """Return the known facts that pick a version; raises CaseError when a fact is wrong."""
    facts: dict[str, Value] = {}
    problems: dict[str, Problem] = {}
    for version in asked:
        whens = facts_in(*(start.when for start in version.in_force or ()))
        for name in (by.name, *(name for name in version.facts if name in whens)):
            if name in given and name in version.facts:
                try:
                    facts[name] = fact_value(version.facts[name], given[name], version.zone)
                except ValueError as error:
                    problems[name] = Problem(name, f"`{name}`: {error}")
    if problems:
        case_of(asked[-1], asked[-1].questions[question], given)  # says what else is wrong
        raise CaseError(list(problems.values()))
    return facts


def missing_to_pick(
    versions: Iterable[PolicyVersion], by: Fact, facts: Mapping[str, Value]
) -> tuple[str, ...]:
    """Return the unknown facts on which the version in force depends."""
    names = {
        by.name: None,
        **{
            name: None
            for version in versions
            for start in version.in_force or ()
            if truth(start.when, Case(facts, version.calendar)) is None
            for name in version.facts
            if name in facts_in(start.when)
        },
    }
    return tuple(name for name in names if name not in facts)


def nothing_in_force(policy: Policy, by: Fact, facts: Mapping[str, Value]) -> str:
    """Say that no version holds, and when the first one starts."""
    days = [
        (start.day or date.min, found.version)
        for found in policy.versions
        for start in found.in_force or ()
    ]
    first, number = min(days)
    return (
        f"no version of policy `{policy.name}` is in force on {facts.get(by.name)} (`{by.name}`): "
        f"the first one, `{number}`, starts on {first}"
    )
