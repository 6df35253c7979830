"""What is true of a policy in a small world: every case of a few values a fact, one by one.

Only the interpreter is asked. `domains` picks values around every figure of the question, so that
the limits show; where `always` keeps cases inside of the domains, the answers are the whole truth.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import chain, combinations, product
from math import floor, prod

from z3_question import CONFLICT, ERROR, GAP, NOT_A_CASE

from refund_policy.engine.errors import CalculationError
from refund_policy.engine.evaluate import Case, deciders, differ, outputs, truth
from refund_policy.engine.model import (
    All,
    Any,
    Compare,
    Condition,
    Fact,
    Kind,
    Literal,
    Named,
    Not,
    OneOf,
    PolicyVersion,
    Question,
    Term,
    Type,
    Value,
)
from refund_policy.engine.walk import facts_in, within

Facts = Mapping[str, Value]
Domains = Mapping[str, Sequence[Value]]
Pair = tuple[str, str]
MOST_CASES = 200_000
ANCHOR = date(2026, 3, 1)


class TooManyCasesError(Exception):
    """The world isn't small."""


# ---------------------------------------------------------------- the cases


@dataclass(frozen=True, slots=True)
class Seen:
    """One case with what it gets: a rule's name, "gap", "conflict", "error" or "not a case"."""

    facts: Facts
    result: str
    said: tuple[object, ...] = ()
    applies: frozenset[str] = frozenset()
    decides: tuple[str, ...] = ()
    clashes: frozenset[Pair] = frozenset()

    @property
    def valid(self) -> bool:
        """Whether the conditions of the case have values, and no requirement is broken."""
        return self.result not in (NOT_A_CASE, ERROR) or bool(self.decides)


def look(version: PolicyVersion, question: Question, facts: Facts) -> Seen:
    """Ask the interpreter what a case gets."""
    case = Case(facts, version.calendar)
    try:
        if not all([truth(item.condition, case) for item in question.always]):  # noqa: C419
            return Seen(facts, NOT_A_CASE)
        found = deciders(question, case)
    except CalculationError:
        return Seen(facts, ERROR)
    applies = frozenset(name for name, holds in found.applies.items() if holds)
    decides = tuple(rule.name for rule in found.certain)
    try:
        said = [(rule.outcome.name, outputs(rule, case)) for rule in found.certain]
    except CalculationError:
        return Seen(facts, ERROR, (), applies, decides)
    if not said:
        return Seen(facts, GAP, (), applies)
    pairs = combinations(zip(decides, said, strict=True), 2)
    clashes = frozenset((one, other) for (one, a), (other, b) in pairs if differ(a, b))
    if clashes:
        return Seen(facts, CONFLICT, (), applies, decides, clashes)
    first = (said[0][0], tuple(said[0][1].items()))
    return Seen(facts, decides[0], first, applies, decides)


def world(version: PolicyVersion, question: Question, known: Domains) -> list[Seen]:
    """Look at every case of the domains."""
    return [
        look(version, question, facts)
        for facts in combined({fact.name: known[fact.name] for fact in question.facts})
    ]


def combined(known: Domains) -> Iterator[Facts]:
    """Yield every combination of values."""
    if prod(len(values) for values in known.values()) > MOST_CASES:
        raise TooManyCasesError
    for values in product(*known.values()):
        yield dict(zip(known, values, strict=True))


# ---------------------------------------------------------------- values around the figures


def domains(*questions: Question) -> Domains:
    """Return the values to try for each fact of the questions: around each figure of its kind."""
    figures: dict[Kind, set[Value]] = {}
    for question in questions:
        expressions = [inner for rule in question.rules for _, inner in rule.outputs]
        conditions = [item.condition for item in question.always]
        conditions += [rule.when for rule in question.rules]
        for node in within(*expressions, *conditions):
            if isinstance(node, Literal | Term):
                figures.setdefault(node.type.kind, set()).add(node.value)
    facts = {fact.name: fact for question in questions for fact in question.facts}
    found = {name: around(fact.type, figures) for name, fact in facts.items()}
    for name, fact in facts.items():
        if fact.type.kind == "choice":
            every = [f.type.options for q in questions for f in q.facts if f.name == name]
            found[name] = list(dict.fromkeys(chain(*every)))
    return found


def around(kind: Type, figures: Mapping[Kind, set[Value]]) -> list[Value]:
    """Return the values of a type on and beside the figures."""
    match kind.kind:
        case "yes_no":
            return [False, True]
        case "choice":
            return [*kind.options]
        case "date":
            return [*dates(figures)]
        case "whole_number":
            numbers = {floor(each) for each in numeric(figures, "whole_number", "decimal")}
            return sorted({n + step for n in numbers or {0} for step in (-1, 0, 1)})
        case _:
            step, unit = Fraction(1, 10**kind.scale), kind.kind
            amounts = numeric(figures, unit, *(["whole_number"] if unit == "decimal" else []))
            floors = {floor(each / step) for each in amounts or {Fraction(0)}}
            return sorted({(n + more) * step for n in floors for more in (-1, 0, 1)})


def numeric(figures: Mapping[Kind, set[Value]], *kinds: str) -> set[Fraction]:
    """Return the figures of numeric kinds."""
    return {
        Fraction(each)
        for kind, values in figures.items()
        if kind in kinds
        for each in values
        if isinstance(each, int | Fraction)
    }


def dates(figures: Mapping[Kind, set[Value]]) -> list[date]:
    """Return days around each date of the policy and, from the first on, around each duration."""
    named = sorted(each for each in figures.get("date", ()) if isinstance(each, date)) or [ANCHOR]
    spans = [0, *(int(each) for each in numeric(figures, "days"))]
    days = {day + timedelta(step) for day in named for step in (-1, 0, 1)}
    return sorted(days | {named[0] + timedelta(span + step) for span in spans for step in (0, 1)})


# ---------------------------------------------------------------- what is true of them


def gaps(seen: Sequence[Seen]) -> list[Facts]:
    """Return the cases that no rule decides."""
    return [each.facts for each in seen if each.result == GAP]


def conflicts(seen: Sequence[Seen]) -> set[Pair]:
    """Return the pairs of rules that decide a case differently."""
    return {pair for each in seen for pair in each.clashes}


def dead(question: Question, seen: Sequence[Seen]) -> set[str]:
    """Return the rules that decide no case."""
    return {rule.name for rule in question.rules} - {name for each in seen for name in each.decides}


def never_matters(question: Question, seen: Sequence[Seen]) -> set[Pair]:
    """Return the rules with those that they override, where no case meets both."""
    pairs = {(rule.name, beaten) for rule in question.rules for beaten in rule.overrides}
    return {pair for pair in pairs if not any(each.applies.issuperset(pair) for each in seen)}


def always_or_never(
    version: PolicyVersion, question: Question, seen: Sequence[Seen]
) -> set[tuple[str, Compare | OneOf, bool]]:
    """Return each rule's comparisons that are true, or false, in every valid case."""
    cases = [Case(each.facts, version.calendar) for each in seen if each.valid]
    return {
        (rule.name, compared, value)
        for rule in question.rules
        for compared in comparisons(rule.when)
        for value in (True, False)
        if all(truth(compared, case) is value for case in cases)
    }


def comparisons(condition: Condition) -> Iterator[Compare | OneOf]:
    """Yield the comparisons that a condition is made of, not those inside of a value."""
    match condition:
        case Compare() | OneOf():
            yield condition
        case All(items) | Any(items):
            for item in items:
                yield from comparisons(item)
        case Not(item) | Named(condition=item):
            yield from comparisons(item)


def mattering(question: Question, seen: Sequence[Seen], known: Facts) -> set[str]:
    """Return the unknown facts that can change the result of a case.

    A fact can when two valid completions with different results differ in it alone; or in a group
    of facts, all of them facts of `always`, of which none does so in a smaller group.
    """
    left = [
        each for each in seen if each.result != NOT_A_CASE and known.items() <= each.facts.items()
    ]
    groups = {
        frozenset(name for name in one.facts if one.facts[name] != other.facts[name])
        for one, other in combinations(left, 2)
        if (one.result, one.said) != (other.result, other.said)
    }
    tied = facts_in(*(item.condition for item in question.always))
    found: set[str] = set()
    for size in range(1, len(question.facts) + 1):
        now = [group for group in groups if len(group) == size and not group & found]
        found.update(*(group for group in now if size == 1 or group <= tied))
    return found


def differs(
    old: tuple[PolicyVersion, Question], new: tuple[PolicyVersion, Question], known: Domains
) -> set[Pair]:
    """Return the pairs of results, old and new, of cases that two versions answer differently.

    Cases that get an error are left out.
    """
    found: set[Pair] = set()
    names = dict.fromkeys(fact.name for _, question in (old, new) for fact in question.facts)
    for facts in combined({name: known[name] for name in names}):
        one, other = within_types(*old, facts), within_types(*new, facts)
        if ERROR in (one.result, other.result):
            continue
        if (one.result, one.said) != (other.result, other.said):
            found.add((one.result, other.result))
    return found


def within_types(version: PolicyVersion, question: Question, facts: Facts) -> Seen:
    """Ask what a case gets from a version, which may know fewer facts and options."""
    own = {fact.name: facts[fact.name] for fact in question.facts}
    if any(not allowed(fact, own[fact.name]) for fact in question.facts):
        return Seen(own, NOT_A_CASE)
    return look(version, question, own)


def allowed(fact: Fact, value: Value) -> bool:
    """Return whether a fact can have a value that is right for its namesake."""
    return fact.type.kind != "choice" or value in fact.type.options
