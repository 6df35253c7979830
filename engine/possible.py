"""Unknown facts: every way to fill them in, what these ways agree on, and which facts still matter.

`ways` walks the rules with the interpreter itself. Where a comparison depends on an unknown fact
it assumes both answers, one after the other, and drops a path as soon as no valid case can take
it. What is left is a partition of all valid completions, each part with one result.

Exact for the fragment that `settle` describes. A comparison outside of it may hold or not on every
path; and outputs that read an unknown fact are compared as they are written, so two that are worth
the same only under the path's assumptions count as different. Then a case may stay undecided that
is not, and a fact may be listed that can't matter; a decision is never made that a completion
contradicts.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import combinations
from typing import TypeVar

from .atoms import Among, AtMost, Atom, Opaque, Path, assume, from_steps, pinned
from .errors import CalculationError
from .evaluate import Case, Deciders, Verdict, deciders, outputs, truth, value, verdict
from .model import (
    All,
    Compare,
    DividedBy,
    Fact,
    Literal,
    PolicyVersion,
    Question,
    Rule,
    Value,
)
from .settle import OpenError, Probe, Rest
from .space import meet, rename, witness
from .values import in_words
from .walk import facts_in, within

Found = TypeVar("Found")
MOST_WAYS = 3000
"""Beyond this many ways the answer is no longer exact: every unknown fact is listed."""


@dataclass(frozen=True, slots=True)
class Way:
    """One part of the completions: the cases in it, and their common result.

    `needs` names the unknown facts that outputs read, and `lacks` holds, for each output that
    isn't known yet, what the path leaves of its expression.
    """

    path: Path
    verdict: Verdict
    needs: frozenset[str] = frozenset()
    lacks: frozenset[tuple[str, Rest | Value | None]] = frozenset()
    error: str = ""

    @property
    def result(self) -> tuple[object, ...]:
        """What can differ between two ways: the rule and its outputs, or gap, conflict, error."""
        if self.error or self.verdict.conflict:
            return ("error" if self.error else "conflict",)
        named = tuple(rule.name for rule in self.verdict.rules[:1])
        return (named, tuple(self.verdict.outputs.items()), self.lacks)


def valid(question: Question, case: Case) -> bool:
    """Return whether some valid case has the known facts."""
    return next(valid_paths(question, case), None) is not None


def valid_paths(question: Question, case: Case) -> Iterator[Path]:
    """Yield the paths on which a question's requirements hold."""
    requirements = required(question)

    def step(probe: Probe) -> Path | Atom | None:
        holds = truth(requirements, probe.case())
        return probe.path if holds else probe.open[0] if holds is None else None

    return explore(case, step, question.facts)


def required(question: Question) -> All:
    """Return what every valid case of a question meets."""
    return All(tuple(item.condition for item in question.always))


def divisors(question: Question, case: Case) -> set[str]:
    """Return the unknown facts by which a condition divides, where that may be by zero.

    Such a condition may have no value at all, so nothing is decided before they are known.
    """
    conditions = (required(question), *(rule.when for rule in question.rules))
    by = [node.right for node in within(*conditions) if isinstance(node, DividedBy)]
    open_yet = [divisor for divisor in by if not facts_in(divisor) <= case.facts.keys()]
    found: set[str] = set()
    for divisor in open_yet:
        zero = Compare(divisor, "is", Literal(0, divisor.type, "0"))
        paths = valid_paths(question, case)
        if any(Probe(case.facts, case.calendar, path).settle(zero) is not False for path in paths):
            found |= facts_in(divisor) - case.facts.keys()
    return found


def ways(question: Question, case: Case) -> Iterator[Way]:
    """Yield every way to fill in the unknown facts of a case, in parts with one result each."""
    return explore(case, partial(next_step, question), question.facts)


def explore(
    case: Case, step: Callable[[Probe], Found | Atom | None], facts: Sequence[Fact] = ()
) -> Iterator[Found]:
    """Walk the unknown facts of a case: assume each atom that `step` asks for both ways.

    `step` answers with an atom to assume, with what it found on this path, or with None to drop it.
    Those of `facts` that a path leaves one value are known to it.
    """
    ahead = [Path()]
    while ahead:
        path = ahead.pop()
        known = {**pinned(facts, path), **case.facts}
        found = step(Probe(known, case.calendar, path))
        if isinstance(found, AtMost | Among | Opaque):
            branches = [assume(path, found, holds=holds) for holds in (False, True)]
            ahead += [branch for branch in branches if branch]
        elif found is not None:
            yield found


def next_step(question: Question, probe: Probe) -> Way | Atom | None:
    """Return the way that a path is, or what to assume next, or None when no case is valid."""
    case = probe.case()
    holds = truth(required(question), case)
    if holds is not True:
        return probe.open[0] if holds is None else None
    try:
        found = deciders(question, case)
        said = verdict(found.certain, case)
        if found.possible and not said.conflict and not foregone(found, question, case):
            return open_atom(found, question, probe)
        return Way(probe.path, said, *open_outputs(said, probe))
    except OpenError as left_open:
        return left_open.atom
    except CalculationError as error:
        return Way(probe.path, Verdict((), {}), error=str(error))


def open_outputs(
    said: Verdict, probe: Probe
) -> tuple[frozenset[str], frozenset[tuple[str, Rest | Value | None]]]:
    """Return the unknown facts that outputs read; and, where some do, what is left of them all."""
    case = probe.case()
    given = [output for rule in said.rules for output in rule.outputs if not said.conflict]
    read = {id(expression): probe.reads(expression) for _, expression in given}
    needs = frozenset(name for names in read.values() for name in names)
    if not needs:
        return needs, frozenset()
    return needs, frozenset(
        (output.name, probe.rest(expression) if read[id(expression)] else value(expression, case))
        for output, expression in given
    )


def foregone(found: Deciders, question: Question, case: Case) -> bool:
    """Return whether the rules that may decide as well would only agree with the one that does."""
    if not found.certain:
        return False
    first = found.certain[0]
    later = [rule.name for rule in question.rules]
    later = later[later.index(first.name) :]
    return all(
        rule.name in later
        and rule.outcome == first.outcome
        and (rule.outputs == first.outputs or known_to_agree(first, rule, case))
        for rule in found.possible
    )


def known_to_agree(one: Rule, other: Rule, case: Case) -> bool:
    """Return whether two rules give the same outputs, all of them known."""
    given = outputs(one, case)
    return None not in given.values() and given == outputs(other, case)


def open_atom(found: Deciders, question: Question, probe: Probe) -> Atom:
    """Return an atom on which the first rule that may decide depends."""
    doubtful = found.possible[0]
    beating = [rule for rule in question.rules if doubtful.name in rule.overrides]
    rule = next(rule for rule in (doubtful, *beating) if found.applies[rule.name] is None)
    probe.open.clear()
    truth(rule.when, probe.case())
    return probe.open[0]


# ---------------------------------------------------------------- what is missing


def still_needed(question: Question, case: Case, found: list[Way]) -> tuple[str, ...]:
    """Return the unknown facts that can still matter, in the order of the file.

    A fact matters when an output on some way reads it, or when two valid completions with
    different results differ in it alone, or in it and in as few facts as `always` ties to it.
    """
    needed = {name for way in found for name in way.needs}
    groups: dict[object, list[Way]] = {}
    for way in found:
        groups.setdefault(way.result, []).append(way)
    unknown = {name for way in found for name in mentioned(way)} - case.facts.keys()
    met = [fact.name for fact in question.facts if fact.name in unknown]
    tied = facts_in(*(item.condition for item in question.always))
    for size in range(1, len(met) + 1):
        rest = [name for name in met if name not in needed and (size == 1 or name in tied)]
        for names in combinations(rest, size):
            if matter(names, [*groups.values()]):
                needed.update(names)
    return tuple(fact.name for fact in question.facts if fact.name in needed)


def mentioned(way: Way) -> set[str]:
    """Return the facts that a way assumes something about."""
    opaque = facts_in(*(comparison for comparison, _ in way.path.opaque))
    return {*way.path.space.limits, *way.path.space.options, *opaque}


def matter(names: tuple[str, ...], groups: Sequence[Sequence[Way]]) -> bool:
    """Return whether two completions that differ in these facts alone have different results.

    The ways of a group have one result. Only ways that assume something of the facts can be told
    apart by them.
    """
    others = {name: f"{name}'" for name in names}
    about = [[way for way in group if not mentioned(way).isdisjoint(names)] for group in groups]
    changed = [[(way, rename(way.path.space, others)) for way in group] for group in about]
    return any(
        may_differ(one, other, names) and meet(one.path.space, space)
        for here, there in combinations(range(len(groups)), 2)
        for one in about[here]
        for other, space in changed[there]
    )


def may_differ(one: Way, other: Way, names: Iterable[str]) -> bool:
    """Return whether the comparisons outside the fragment that differ read one of the facts."""
    return all(
        facts_in(comparison) & set(names)
        for comparison, holds in one.path.opaque
        if (comparison, not holds) in other.path.opaque
    )


def example(path: Path, version: PolicyVersion, names: Collection[str]) -> str:
    """Return one case on a path in words, as far as the path says something of the facts named."""
    facts = {name: fact for name, fact in version.facts.items() if name in names}
    today = date(2025, 1, 1).toordinal()
    dates = {name: today for name, fact in version.facts.items() if fact.type.kind == "date"}
    found = {
        name: from_steps(count, version.facts[name].type)
        for name, count in witness(path.space, dates).items()
    } | {name: min(left, key=str) for name, left in path.space.options.items()}
    return ", ".join(
        f"`{name}` {in_words(found[name], fact.type, version.currency)}"
        for name, fact in facts.items()
        if name in found
    )
