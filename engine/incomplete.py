"""A case with unknown facts: what decides it whatever they are, or the facts that still matter."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from .asking import best_first
from .decide import facts_in_words, settled
from .diagram import TooLargeError
from .errors import CalculationError, CaseError, Problem
from .evaluate import Case, Verdict, deciders, verdict
from .model import PolicyVersion, Question
from .possible import MOST_WAYS, Completions, Way, completions, divisors


def answer(version: PolicyVersion, question: Question, case: Case) -> Verdict | tuple[str, ...]:
    """Return what decides a case that breaks no requirement, or the facts that can still matter.

    Raises CaseError where no valid case has the known facts.
    """
    left = completions(question, case)
    if not left.valid():
        raise CaseError([impossible(version, question, case)])
    if unsafe := divisors(question, case):
        return in_order(question, unsafe)
    found = deciders(question, case)
    if not found.possible:
        said = settled(question, verdict(found.certain, case))
        if said.known:
            return said
    return by_every_way(question, left)


def by_every_way(question: Question, left: Completions) -> Verdict | tuple[str, ...]:
    """Answer a case with unknown facts: all ways to fill them in must have one result."""
    unknown = {fact.name for fact in question.facts} - left.case.facts.keys()
    try:
        found = list(islice(alike(left.ways()), MOST_WAYS))
        if found[-1].result != found[0].result or found[-1].needs:
            needed = in_order(question, left.still_needed())
            return best_first(needed, left.book, left.diagram(), left.case.facts, left.path)
    except TooLargeError:
        return in_order(question, unknown)
    if len(found) == MOST_WAYS:
        return in_order(question, unknown)
    if found[0].error:
        raise CalculationError(found[0].error)
    return settled(question, common(found[0], left))


def alike(ways: Iterable[Way]) -> Iterator[Way]:
    """Yield ways with one result that is known, and the first that is otherwise, if any."""
    first = None
    for way in ways:
        first = first or way
        yield way
        if way.needs or way.result != first.result:
            return


def in_order(question: Question, names: Collection[str]) -> tuple[str, ...]:
    """Return names of facts in the order of the file."""
    return tuple(fact.name for fact in question.facts if fact.name in names)


def impossible(version: PolicyVersion, question: Question, case: Case) -> Problem:
    """Say that no valid case has the known facts, naming only those that exclude each other."""
    named = list(case.facts)
    for name in case.facts:
        others = {other: case.facts[other] for other in named if other != name}
        if not completions(question, Case(others, case.calendar)).valid():
            named.remove(name)
    if not named:
        return Problem("", "no case is valid: the policy requires what can't be")
    return Problem(
        named[0],
        f"no valid case has {facts_in_words(named, case, version)}: "
        "what the policy requires of every case leaves no way to complete them",
    )


def common(found: Way, left: Completions) -> Verdict:
    """Return the verdict of all ways; rules that agree only on some of them aren't named."""
    said = found.verdict
    if said.conflict or not said.rules:
        return said
    first = said.rules[0]
    also = (
        rule
        for rule in left.question.rules
        if rule.name != first.name and not left.may(left.book.doesnt_decide(rule.name))
    )
    return Verdict((first, *also), said.outputs)
