"""Why a case is decided as it is: what each rule came to, and on which comparisons.

An explanation is data first (`as_json`), and words second (`in_text`).
"""

from collections.abc import Iterator, Mapping
from typing import Any as Json
from typing import Literal as OneWordOf
from typing import assert_never

from .decide import Decision, Facts, case_of, decide
from .errors import CalculationError, PolicyError
from .evaluate import Case, Deciders, deciders, truth, value
from .frozen import Frozen
from .model import (
    All,
    Any,
    Choose,
    Compare,
    Condition,
    Expression,
    Fact,
    If,
    Measure,
    Named,
    Not,
    OneOf,
    PolicyVersion,
    Question,
    Rule,
    Term,
)
from .values import in_words
from .vocabulary import in_short, listed
from .walk import parts

Status = OneWordOf["decides", "agrees", "applies", "open", "overridden", "does_not_apply"]
STATUS_WORDS: Mapping[Status, str] = {
    "decides": "decides",
    "agrees": "decides as well, with the same result",
    "applies": "applies, and no applying rule overrides it",
    "overridden": "applies, but is overridden by {by}",
    "does_not_apply": "does not apply",
    "open": "may apply, depending on what isn't known yet",
}


class Tested(Frozen):
    """One comparison: what was compared, in words, with the values, and whether it holds."""

    comparison: str
    left: str
    right: str
    holds: bool | None

    def as_json(self) -> dict[str, Json]:
        """Return the comparison as it stands in JSON."""
        return {
            "comparison": self.comparison,
            "left": self.left,
            "right": self.right,
            "holds": self.holds,
        }

    def in_text(self) -> str:
        """Return the comparison as a line of text."""
        verdict = {True: "yes", False: "no", None: "not known yet"}[self.holds]
        return f"{self.comparison}? {verdict} ({self.left} against {self.right})"


class RuleReport(Frozen):
    """What became of one rule, and the comparisons on which that rests.

    For a rule that decides, `outputs_from` tells which values its outputs are worked out from.
    """

    rule: str
    outcome: str
    status: Status
    overridden_by: tuple[str, ...]
    because: tuple[Tested, ...]
    outputs_from: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Return the report as it stands in JSON."""
        return {
            "rule": self.rule,
            "outcome": self.outcome,
            "status": self.status,
            "overridden_by": list(self.overridden_by),
            "because": [tested.as_json() for tested in self.because],
            "outputs_from": dict(self.outputs_from),
        }

    def in_text(self) -> Iterator[str]:
        """Yield the report as lines of text."""
        by = listed([f"`{name}`" for name in self.overridden_by]) if self.overridden_by else ""
        yield f"{self.rule} ({self.outcome}) {STATUS_WORDS[self.status].format(by=by)}"
        yield from (f"  - {tested.in_text()}" for tested in self.because)
        if self.outputs_from:
            values = ", ".join(f"{name} {words}" for name, words in self.outputs_from)
            yield f"  outputs come from {values}"


class Explanation(Frozen):
    """The decision (or the error in its place) and a report on every rule, deciding ones first."""

    decision: Decision | None
    error: str
    rules: tuple[RuleReport, ...]

    def as_json(self) -> dict[str, Json]:
        """Return the explanation as it stands in JSON."""
        return {
            "decision": self.decision and self.decision.as_json(),
            "error": self.error or None,
            "rules": [report.as_json() for report in self.rules],
        }

    def in_text(self) -> str:
        """Return the explanation as text, one line for each rule and comparison."""
        return "\n".join(line for report in self.rules for line in report.in_text())


def explain(version: PolicyVersion, question: Question, facts: Facts) -> Explanation:
    """Explain how a case is decided under one version.

    Raises CaseError for wrong facts and CalculationError. A gap or a conflict is explained.
    """
    case = within_always(question, case_of(version, question, facts))
    found: Decision | None = None
    error = ""
    try:
        found = decide(version, question, facts)
    except PolicyError as reason:
        error = str(reason)
    decided = (found.rule, *found.also) if found else ()
    standing = Standing(question, case, version, deciders(question, case), decided)
    reports = [report(rule, standing) for rule in question.rules]
    order: list[Status] = [*STATUS_WORDS]
    return Explanation(
        found, error, tuple(sorted(reports, key=lambda item: order.index(item.status)))
    )


def within_always(question: Question, case: Case) -> Case:
    """Return the case with what the requirements settle although a fact is unknown."""
    if len(case.facts) == len(question.facts):
        return case
    from .possible import completions  # noqa: PLC0415 - only for unknown facts

    left = completions(question, case)

    def settle(comparison: Compare | OneOf) -> bool | None:
        holds = left.book.reader.formula(comparison)
        fails = left.book.forest.opposite(holds)
        can = [left.may((part,)) for part in (holds, fails)]
        return None if all(can) else can[0]

    return Case(case.facts, case.calendar, settle) if left.valid() else case


class Standing(Frozen):
    """Where the rules of a question stand in one case: `decided` names those that decide it."""

    question: Question
    case: Case
    version: PolicyVersion
    found: Deciders
    decided: tuple[str | None, ...]


def report(rule: Rule, standing: Standing) -> RuleReport:
    """Return what became of one rule."""
    applies = standing.found.applies[rule.name]
    beaten_by = tuple(
        other.name
        for other in standing.question.rules
        if applies and rule.name in other.overrides and standing.found.applies[other.name]
    )
    tested = grounds(rule.when, applies, standing.case)
    because = dict.fromkeys(described(item, standing.case, standing.version) for item in tested)
    status = status_of(rule, standing, beaten=bool(beaten_by))
    read = sources(rule, standing) if status in ("decides", "agrees", "applies") else ()
    return RuleReport(rule.name, rule.outcome.name, status, beaten_by, tuple(because), tuple(read))


def sources(rule: Rule, standing: Standing) -> Iterator[tuple[str, str]]:
    """Yield the facts, measures and terms that a rule's outputs come from, with their values."""
    seen: set[str] = set()
    ahead: list[Expression | Condition] = [value for _, value in reversed(rule.outputs)]
    while ahead:
        node = ahead.pop()
        if isinstance(node, Fact | Measure | Term) and node.name not in seen:
            seen.add(node.name)
            yield node.name, valued(node, standing.case, standing.version)
        ahead += reversed(taken(node, standing.case))


def taken(node: Expression | Condition, case: Case) -> tuple[Expression | Condition, ...]:
    """Return the parts of a node on which its value rests: of two branches the one taken."""
    match node:
        case If(condition, then, otherwise) if (holds := truth(condition, case)) is not None:
            return (condition, then if holds else otherwise)
        case Choose(by, branches) if (option := value(by, case)) is not None:
            return (by, branches[option])
        case _:
            return parts(node)


def status_of(rule: Rule, standing: Standing, *, beaten: bool) -> Status:
    """Return a rule's status in one word."""
    if rule.name in standing.decided:
        return "decides" if rule.name == standing.decided[0] else "agrees"
    if standing.found.applies[rule.name] is False:
        return "does_not_apply"
    if beaten:
        return "overridden"
    return "applies" if rule in standing.found.certain else "open"


# ---------------------------------------------------------------- grounds


def grounds(condition: Condition, holds: bool | None, case: Case) -> Iterator[Compare | OneOf]:  # noqa: FBT001
    """Yield the comparisons on which it rests that a condition came to `holds`."""
    match condition:
        case Compare() | OneOf():
            yield condition
        case Named(condition=inner):
            yield from grounds(inner, holds, case)
        case Not(item):
            yield from grounds(item, None if holds is None else not holds, case)
        case All(items) | Any(items):
            for item in items:
                if truth(item, case) is holds:
                    yield from grounds(item, holds, case)
        case _:
            assert_never(condition)


def described(comparison: Compare | OneOf, case: Case, version: PolicyVersion) -> Tested:
    """Return a comparison in words, with what both sides came to."""
    holds = truth(comparison, case)
    left, text = valued(comparison.left, case, version), in_short(comparison)
    match comparison:
        case Compare(_, _, right):
            return Tested(text, left, valued(right, case, version), holds)
        case OneOf(_, options):
            against = ", ".join(valued(option, case, version) for option in options)
            return Tested(text, left, against, holds)
    assert_never(comparison)


def valued(expression: Expression, case: Case, version: PolicyVersion) -> str:
    """Return what an expression came to, in words."""
    try:
        known = value(expression, case)
    except CalculationError:  # in a branch that may never be taken
        return "no value"
    return "unknown" if known is None else in_words(known, expression.type, version.currency)
