"""One case: facts as given → a decision, or what is missing for one."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, NoReturn

from .ahead import NOTHING_AHEAD, Ahead, ahead
from .errors import (
    CaseError,
    ConflictError,
    GapError,
    PolicyError,
    Problem,
    nearest,
)
from .evaluate import Case, Verdict, deciders, truth, verdict
from .frozen import Frozen, replace
from .model import PolicyVersion, Question, Requirement, Rule, Type, Value
from .ready import ready
from .sentences import filled
from .values import as_json, fact_value, in_words, quoted
from .walk import facts_in

Facts = Mapping[str, object]


class Outputs(dict[str, Any]):
    """Outputs by name, which nobody changes; a read-only view could not be copied or pickled."""

    def __setitem__(self, name: str, value: object) -> NoReturn:
        raise TypeError("outputs of a decision can't be changed")

    __delitem__ = update = setdefault = pop = popitem = clear = __ior__ = __setitem__  # type: ignore[assignment]

    def __reduce__(self) -> tuple[type["Outputs"], tuple[dict[str, Any]]]:
        return Outputs, (dict(self),)

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


Given = bool | int | str | date | Decimal


class Decision(Frozen, kw_only=True, apart=("horizon",)):
    """The answer to a question for one case.

    Without an outcome the case is undecided, and `missing` names the facts that can still matter,
    in the order in which to ask. `outputs` are Python values: money and decimals as Decimal, dates
    as date. `also` names further rules that agree with `rule`; `reasons` are the sentences of all
    of them. The horizon follows from the rest and the facts, so two decisions don't differ by it.
    """

    question: str
    outcome: str | None = None
    rule: str | None = None
    outputs: Mapping[str, Given] = Outputs()
    also: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    policy: str
    version: str | None
    digest: str | None
    horizon: Ahead = NOTHING_AHEAD

    @property
    def holds_until(self) -> date | None:
        """The last day of the question's clock on which the same facts give the same rule.

        None where there is no such day, or no clock, and where unknown facts don't let it be told.
        """
        return self.horizon().until

    @property
    def then(self) -> Mapping[str, str] | None:
        """Outcome and rule on the day after `holds_until`; None if that day has no decision."""
        return self.horizon().then

    def as_json(self) -> dict[str, Any]:
        """Return the decision as it stands in JSON, keys in their fixed order."""
        after = self.horizon()
        return {
            "question": self.question,
            "outcome": self.outcome,
            "rule": self.rule,
            "outputs": {name: plain(value) for name, value in self.outputs.items()},
            "also": list(self.also),
            "reasons": list(self.reasons),
            "missing": list(self.missing),
            "holds_until": after.until and str(after.until),
            "then": after.then,
            "policy": self.policy,
            "version": self.version,
            "digest": self.digest,
        }


def plain(value: Given) -> bool | int | str:
    """Return an output as it stands in JSON."""
    return str(value) if isinstance(value, date | Decimal) else value


def decide(version: PolicyVersion, question: Question, given: Facts) -> Decision:
    """Decide a case under one version of the policy.

    Raises CaseError for wrong facts, GapError, ConflictError and CalculationError.
    """
    quick = ready(version, question).answer(given)
    return quick or interpreted(version, question, given)


def interpreted(version: PolicyVersion, question: Question, given: Facts) -> Decision:
    """Decide a case by the interpreter; takes and raises the same as `decide`."""
    case = case_of(version, question, given)
    found = answer(version, question, case)
    if isinstance(found, Verdict):
        return decision(version, question, case, found)
    return undecided(version, question, found)


def answer(version: PolicyVersion, question: Question, case: Case) -> Verdict | tuple[str, ...]:
    """Return what decides a case that breaks no requirement, or the facts that can still matter."""
    if len(case.facts) == len(question.facts):
        return settled(question, verdict(deciders(question, case).certain, case))
    from .incomplete import answer as of_incomplete  # noqa: PLC0415 - only for unknown facts

    return of_incomplete(version, question, case)


def rule_on(version: PolicyVersion, question: Question, case: Case, day: date) -> Rule | None:
    """Return the rule that decides a case on another day of the question's clock, if one does."""
    assert question.clock
    case = replace(case, facts={**case.facts, question.clock.name: day})
    try:
        if any(truth(item.condition, case) is False for item in question.always):
            return None
        found = answer(version, question, case)
    except PolicyError:
        return None
    return found.rules[0] if isinstance(found, Verdict) else None


def facts_in_words(names: Sequence[str], case: Case, version: PolicyVersion) -> str:
    """Return facts with their values."""
    types = {name: version.facts[name].type for name in names}
    return ", ".join(f"`{name}` {in_words(case.facts[name], types[name])}" for name in names)


def undecided(version: PolicyVersion, question: Question, missing: tuple[str, ...]) -> Decision:
    """Return the answer that asks for more facts."""
    return Decision(
        question=question.name,
        missing=missing,
        policy=version.name,
        version=version.version,
        digest=version.digest,
    )


def settled(question: Question, said: Verdict) -> Verdict:
    """Return a verdict that is a decision; raises GapError or ConflictError otherwise."""
    if not said.rules:
        raise GapError(f"no rule of question `{question.name}` decides this case")
    if said.conflict:
        names = " and ".join(f"`{rule.name}` ({rule.outcome.name})" for rule in said.rules)
        raise ConflictError(
            f"rules {names} decide this case with different results, and none overrides the other"
        )
    return said


def decision(version: PolicyVersion, question: Question, case: Case, said: Verdict) -> Decision:
    """Return a verdict with its reasons, where it comes from, and how long it holds."""
    first, *others = said.rules
    types = {output.name: output.type for output in first.outcome.outputs}
    known = {name: given(value, types[name]) for name, value in said.outputs.items()}
    return Decision(
        question=question.name,
        outcome=first.outcome.name,
        rule=first.name,
        outputs=Outputs(known),
        also=tuple(rule.name for rule in others),
        reasons=reasons(said.rules, version),
        policy=version.name,
        version=version.version,
        digest=version.digest,
        horizon=ahead(question, case, first, partial(rule_on, version, question, case)),
    )


def given(value: Value | None, kind: Type) -> Given:
    """Return an output as a Python value that shows its digits: `Decimal("12.30")`."""
    assert value is not None, "INVARIANT: a decision knows its outputs"
    return Decimal(str(as_json(value, kind))) if isinstance(value, Fraction) else value


def reasons(rules: Sequence[Rule], version: PolicyVersion) -> tuple[str, ...]:
    """Return the sentences of the deciding rules, none twice."""
    said = (filled(rule.says, version.terms) for rule in rules if rule.says)
    return tuple(dict.fromkeys(said))


# ---------------------------------------------------------------- facts


def case_of(version: PolicyVersion, question: Question, given: Facts) -> Case:
    """Return the case that the given facts describe; raises CaseError with all that is wrong."""
    problems: list[Problem] = []
    facts: dict[str, Value] = {}
    allowed = {fact.name: fact for fact in question.facts}
    for name, raw in given.items():
        if name not in allowed:
            problems.append(Problem(str(name), unknown_name(str(name), version, question)))
            continue
        try:
            facts[name] = fact_value(allowed[name], raw, version.zone)
        except ValueError as error:
            problems.append(Problem(name, f"`{name}`: {error}"))
    case = Case(facts, version.calendar)
    problems += broken(question.always, case, version)
    if problems:
        raise CaseError(problems)
    return case


def unknown_name(name: str, version: PolicyVersion, question: Question) -> str:
    """Say that a name is no fact of the question, and what may have been meant."""
    if name in version.facts:
        others = [q.name for q in version.questions.values() if name in {f.name for f in q.facts}]
        whose = (
            f"it belongs to {', '.join(f'`{other}`' for other in others)}"
            if others
            else "no rule uses it"
        )
        return f"{quoted(name)} is no fact of question `{question.name}`: {whose}"
    known = [fact.name for fact in question.facts]
    hint = nearest(name, known) or "there are " + ", ".join(f"`{word}`" for word in known)
    return f"{quoted(name)} is no fact of question `{question.name}`: {hint}"


def broken(always: Sequence[Requirement], case: Case, version: PolicyVersion) -> list[Problem]:
    """Return a problem for each requirement that the known facts break."""
    problems = []
    for requirement in always:
        if truth(requirement.condition, case) is False:
            read = facts_in(requirement.condition)
            names = [name for name in version.facts if name in read and name in case.facts]
            values = facts_in_words(names, case, version)
            problems.append(
                Problem(names[0] if names else "", f"{requirement.otherwise} ({values})")
            )
    return problems
