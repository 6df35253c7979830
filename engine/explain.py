"""Why a case is decided as it is: where each rule stands in it (`standing`), in words."""

from collections.abc import Callable, Iterable

from .decide import Decision, Facts, case_of, decide
from .errors import CalculationError, PolicyError
from .evaluate import Case, value
from .explanation import Explanation, RuleReport, Tested
from .model import Compare, Expression, OneOf, PolicyVersion, Question
from .ready import ready
from .standing import Standing, against, standings
from .values import in_words
from .vocabulary import in_short


def explain(version: PolicyVersion, question: Question, facts: Facts) -> Explanation:
    """Explain how a case is decided under one version.

    Raises CaseError for wrong facts and CalculationError. A gap or a conflict is explained.
    """
    quick = ready(version, question).explanation(facts)
    return quick or interpreted(version, question, facts)


def interpreted(version: PolicyVersion, question: Question, facts: Facts) -> Explanation:
    """Explain a case by the interpreter; takes and raises the same as `explain`."""
    case = within_always(question, case_of(version, question, facts))
    found: Decision | None = None
    error = ""
    try:
        found = decide(version, question, facts)
    except PolicyError as reason:
        error = str(reason)
    decided = (found.rule, *found.also) if found else ()
    stand = standings(question, case, decided)
    return Explanation(found, error, reports(stand, version, case))


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


# ---------------------------------------------------------------- words


Words = Callable[..., str]
"""What expressions came to, in words."""


def reports(
    stand: Iterable[Standing], version: PolicyVersion, case: Case
) -> tuple[RuleReport, ...]:
    """Return where rules stand in a case, in words."""

    def words(*sides: Expression) -> str:
        return ", ".join(valued(side, case, version) for side in sides)

    return tuple(report(one, words) for one in stand)


def report(stand: Standing, words: Words) -> RuleReport:
    """Return what became of one rule, in words."""
    because = dict.fromkeys(tested(item, holds, words) for item, holds in stand.because)
    read = tuple((source.name, words(source)) for source in stand.sources)
    rule = stand.rule
    return RuleReport(
        rule.name, rule.outcome.name, stand.status, stand.overridden_by, tuple(because), read
    )


def tested(comparison: Compare | OneOf, holds: bool | None, words: Words) -> Tested:  # noqa: FBT001
    """Return a comparison in words, with what both sides came to."""
    left, right = words(comparison.left), words(*against(comparison))
    return Tested(in_short(comparison), left, right, holds)


def valued(expression: Expression, case: Case, version: PolicyVersion) -> str:
    """Return what an expression came to, in words."""
    try:
        known = value(expression, case)
    except CalculationError:  # in a branch that may never be taken
        return "no value"
    return "unknown" if known is None else in_words(known, expression.type, version.currency)
