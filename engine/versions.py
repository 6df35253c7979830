"""A policy in all its versions: the library's face."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from .ahead import Ahead, Horizon
from .decide import Decision, Facts, case_of, decide
from .errors import CaseError, Finding, PolicyError, Problem, VersionError, nearest
from .frozen import replace
from .model import ALWAYS, PolicyVersion, Question
from .pick import own_facts, pick
from .ready import Functions, Tellers, ready

if TYPE_CHECKING:
    from .explanation import Explanation
    from .what_if import WhatIf


class Policy:
    """All versions of one policy, in the order of their numbers, and the warnings about them."""

    def __init__(
        self, name: str, versions: tuple[PolicyVersion, ...], warnings: tuple[Finding, ...] = ()
    ) -> None:
        self.name = name
        self.versions = versions
        self.warnings = warnings
        self.functions = Functions()
        self.tellers = Tellers()

    def __repr__(self) -> str:
        return f"Policy({self.name!r}, versions {', '.join(one.version for one in self.versions)})"

    def decide(self, question: str | None, facts: Facts, *, version: str | None = None) -> Decision:
        """Decide a case under the version in force for it, or under the version named.

        `question` None asks the policy's first. `facts` maps names to values: dates as
        `datetime.date`, an aware `datetime` or ISO text; money and decimals as `Decimal`, `int` or
        text; whole numbers as `int`; yes_no as `bool`. An unknown fact is left out.

        Raises CaseError (wrong facts), VersionError (no such question or version, none in force),
        GapError, ConflictError and CalculationError.
        """
        if version is None and (function := self.functions.get(question)):
            quick = function(facts)
            if quick is not None:
                return quick
        name, picked = self.picked(question, facts, version)
        if isinstance(picked, PolicyVersion):
            own = self.own_facts(picked, name, facts)
            asked = question_of(picked, name)
            found = decide(picked, asked, own)
            function = ready(picked, asked).function
            if function and self.is_always_in_force(picked):
                self.functions[question] = function
            return found if version else self.onward(found, picked, facts)
        return Decision(question=name, missing=picked, policy=self.name, version=None, digest=None)

    def is_always_in_force(self, version: PolicyVersion) -> bool:
        """Return whether there is no other version, and this one holds for every case."""
        starts = [(start.day, start.when) for start in version.in_force or ()]
        return len(self.versions) == 1 and starts == [(None, ALWAYS)]

    def explain(
        self, question: str | None, facts: Facts, *, version: str | None = None
    ) -> "Explanation":
        """Explain how a case is decided; takes and raises the same as `decide`."""
        if version is None and (teller := self.tellers.get(question)):
            quick = teller(facts)
            if quick is not None:
                return quick
        from .explain import explain  # noqa: PLC0415 - only needed here
        from .explanation import Explanation  # noqa: PLC0415 - ditto

        name, picked = self.picked(question, facts, version)
        if isinstance(picked, PolicyVersion):
            own = self.own_facts(picked, name, facts)
            asked = question_of(picked, name)
            found = explain(picked, asked, own)
            teller = ready(picked, asked).teller
            if teller and self.is_always_in_force(picked):
                self.tellers[question] = teller
            if version is None and found.decision:
                return replace(found, decision=self.onward(found.decision, picked, facts))
            return found
        return Explanation(self.decide(name, facts), "", ())

    def what_if(
        self, question: str | None, facts: Facts, *, version: str | None = None
    ) -> "WhatIf | None":
        """Return the smallest changes that reach a better outcome; None for an undecided case.

        Takes and raises the same as `decide`.
        """
        from .what_if import what_if  # noqa: PLC0415 - only needed here

        now = self.decide(question, facts, version=version)
        if now.outcome is None or now.version is None:
            return None
        under = self.version(now.version)
        asked = under.questions[now.question]
        case = case_of(under, asked, self.own_facts(under, asked.name, facts))

        def decided(changed: Facts) -> Decision:
            return self.decide(asked.name, {**facts, **changed}, version=version)

        return what_if(asked, case, now, decided)

    def onward(self, found: Decision, version: PolicyVersion, facts: Facts) -> Decision:
        """Return a decision whose horizon minds that a later version may come into force."""
        if found.outcome is None or len(self.versions) == 1:
            return found
        return replace(found, horizon=Ahead(self.across, found, version, facts))

    def across(self, found: Decision, version: PolicyVersion, facts: Facts) -> Horizon:
        """Return the last day on which a decision holds, whichever version is then in force."""
        from .horizon import starting_days  # noqa: PLC0415 - only when somebody asks

        question = version.questions[found.question]
        alone = found.horizon()
        case = case_of(version, question, self.own_facts(version, question.name, facts))
        for day in starting_days(question, self.asked(), case):
            eve = day - timedelta(days=1)
            if alone.until and eve > alone.until:
                break
            try:
                after = self.decide(question.name, {**facts, question.clock.name: day})  # type: ignore[union-attr]
            except PolicyError:
                return Horizon(eve)
            if (after.outcome, after.rule) != (found.outcome, found.rule):
                return Horizon(eve, after.outcome, after.rule)
            if after.version != version.version:
                return after.horizon()
        return alone

    def picked(
        self, question: str | None, facts: Facts, version: str | None
    ) -> tuple[str, PolicyVersion | tuple[str, ...]]:
        """Return the question's name, and the version or the facts that are missing to pick it."""
        if not isinstance(facts, Mapping):
            raise CaseError([Problem("", "a case is a mapping of facts to values")])
        name = self.question_name(question, version)
        if version is not None:
            return name, self.version(version)
        return name, pick(self.asked(), name, facts)

    def own_facts(self, version: PolicyVersion, question: str, facts: Facts) -> Facts:
        """Leave out the facts that only other versions of the question know."""
        question_of(version, question)
        return own_facts(self.asked(), version, question, facts)

    def asked(self, version: str | None = None) -> tuple[PolicyVersion, ...]:
        """Return the version named, else those in force, else (where there are none) the drafts."""
        if version is not None:
            return (self.version(version),)
        return tuple(found for found in self.versions if found.in_force) or self.versions

    def question(self, name: str | None, version: str | None) -> tuple[PolicyVersion, Question]:
        """Return a question of a version; by default the first one, of the newest version."""
        name = self.question_name(name, version)
        return next(
            (found, found.questions[name])
            for found in reversed(self.asked(version))
            if name in found.questions
        )

    def question_name(self, name: str | None, version: str | None = None) -> str:
        """Return the name of a question that some version has; by default the first one."""
        asked = self.asked(version)
        known = list(dict.fromkeys(name for found in reversed(asked) for name in found.questions))
        if name is None:
            return known[0]
        if name not in known:
            hint = nearest(name, known) or "questions: " + ", ".join(f"`{word}`" for word in known)
            raise VersionError(f"policy `{self.name}` has no question `{name}`: {hint}")
        return name

    def questions(self, name: str, version: str | None = None) -> list[Question]:
        """Return a question in each version that has it, the newest first."""
        asked = reversed(self.asked(version))
        return [found.questions[name] for found in asked if name in found.questions]

    def fact_names(self, question: str, version: str | None = None) -> tuple[str, ...]:
        """Return the facts of a question in any version, in the order of the newest file."""
        asked = self.questions(question, version)
        return tuple(dict.fromkeys(fact.name for one in asked for fact in one.facts))

    def output_names(self, question: str, version: str | None = None) -> tuple[str, ...]:
        """Return the outputs of a question in any version."""
        outcomes = (item for one in self.questions(question, version) for item in one.outcomes)
        return tuple(dict.fromkeys(output.name for item in outcomes for output in item.outputs))

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
