"""Conflicts: rules that decide a case together agree, or one overrides the other."""

from collections.abc import Iterator

from ..errors import Finding
from ..evaluate import Case, Said, differ, outputs
from ..formula import FALSE
from ..model import Rule
from ..search import find, narrowed
from ..values import in_words
from ..witness import Facts
from .analysis import Analysis, with_case


def conflicts(about: Analysis) -> Iterator[Finding]:
    """Find pairs of rules that decide a case together, with different results."""
    unsettled = []
    for one, other in possible_pairs(about):
        clauses = [*about.book.decides(one.name), *about.book.decides(other.name)]
        apart = about.book.differ(one, other)

        def differing(case: Case, one: Rule = one, other: Rule = other) -> bool:
            deciding = about.deciding(case)
            return one in deciding and other in deciding and differ(*said(one, other, case))

        found = about.witness([*clauses, (apart,)], differing)
        if found and found.facts is not None:
            agree = about.book.forest.opposite(apart)
            doesnt = (about.book.doesnt_decide(rule.name) for rule in (one, other))
            words = about.in_words(found, (*(part for clause in doesnt for part in clause), agree))
            yield finding(about, one, other, found.facts, words)
        elif found:
            unsettled.append((one, other))
    if unsettled:
        one, other = unsettled[0]
        more = f" ({len(unsettled)} pairs of rules in all)" if len(unsettled) > 1 else ""
        what = f"`{one.name}` and `{other.name}` decide a case with different results{more}"
        yield about.unsettled(what, other.where)


def possible_pairs(about: Analysis) -> Iterator[tuple[Rule, Rule]]:
    """Yield pairs of rules that may decide a case together with different results."""
    book = about.book
    for place, other in enumerate(book.question.rules):
        rest, path = narrowed([*book.decides(other.name)], about.start)
        if path is None:
            continue
        for one in book.question.rules[:place]:
            if one.name in other.overrides or other.name in one.overrides:
                continue
            both = [(book.applies[one.name],), (book.applies[other.name],)]
            if not find(both, path) or book.differ(one, other) is FALSE:
                continue
            if find([*both, *rest, *book.unbeaten(one.name), (book.differ(one, other),)], path):
                yield one, other


def said(one: Rule, other: Rule, case: Case) -> list[Said]:
    """Return what two rules give for a case."""
    return [(rule.outcome.name, outputs(rule, case)) for rule in (one, other)]


def finding(about: Analysis, one: Rule, other: Rule, facts: Facts, words: str) -> Finding:
    """Return the finding that two rules decide a case with different results."""
    results = difference(about, one, other, facts)
    return Finding(
        code="conflict",
        where=other.where,
        message=(
            f"`{one.name}` (line {one.where.line}) and `{other.name}` both decide "
            f"a case{with_case(words)}, and differ: {results}"
        ),
        hint=advice(about, one, other),
        case=about.given(facts),
    )


def difference(about: Analysis, one: Rule, other: Rule, facts: Facts) -> str:
    """Return the outcomes of two rules, or the first output that is different."""
    if one.outcome.name != other.outcome.name:
        return f"`{one.outcome.name}` and `{other.outcome.name}`"
    case = about.case(facts)
    values = outputs(one, case), outputs(other, case)
    output = next(out for out in one.outcome.outputs if values[0][out.name] != values[1][out.name])
    words = (
        in_words(found, output.type, about.version.currency)
        for found in (given[output.name] for given in values)
        if found is not None
    )
    return f"`{output.name}` {' and '.join(words)}"


def advice(about: Analysis, one: Rule, other: Rule) -> str:
    """Return which rule should override the other: one that applies in fewer cases."""
    for rule, wider in ((one, other), (other, one)):
        book = about.book
        if not find([*book.valid, (book.applies[rule.name],), (book.fails(wider.name),)]):
            return f"add `overrides: [{wider.name}]` to `{rule.name}`, which is the narrower one"
    return (
        f"add `overrides: [{other.name}]` to `{one.name}`, or `overrides: [{one.name}]` to "
        f"`{other.name}`"
    )
