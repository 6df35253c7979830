"""From a path to a case on it: facts that a person can read, confirmed by the interpreter.

A path over difference bounds and options always has a case. One that also assumes comparisons
outside that fragment may have none, or none that is found: then the answer is "not settled".
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import islice, product

from . import space
from .atoms import Path, from_steps, to_steps
from .evaluate import Case, truth
from .model import Fact, PolicyVersion, Question, Value
from .rulebook import Rulebook
from .search import NOWHERE, Clause, paths
from .values import in_words
from .walk import facts_in

NEAR = (0, 1, 14, 27, 28, 29, 30, 31, 32, 59, 60, 61, 62, 89, 90, 92, 181, 184, 364, 365, 366, 731)
"""How far apart days are tried where months or business days are compared."""
CLOSE = 60
"""How many steps up are tried where rounding is compared."""
MOST_TRIES, MOST_PATHS = 4000, 40

Facts = Mapping[str, Value]
Test = Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class Witness:
    """A confirmed case; without facts there may be one, and none was found (not settled)."""

    facts: Facts | None
    path: Path


def anything(_: Case) -> bool:
    """Accept every case."""
    return True


def witness(
    book: Rulebook,
    clauses: Iterable[Clause],
    test: Test = anything,
    *,
    near: Facts | None = None,
    path: Path = NOWHERE,
) -> Witness | None:
    """Return a complete, valid case in which the clauses hold and that passes the test.

    None says that there is no such case, whatever the facts. `near` are the values to stay near to.
    """
    first: Path | None = None
    all_of = book.forest.without_doubles((*book.valid, *clauses))
    for way in islice(paths(all_of, path), MOST_PATHS):
        first = first or way
        for facts in candidates(way, book, near or {}):
            case = Case(facts, book.reader.calendar)
            if on_path(way, case) and valid(book.question, case) and test(case):
                return Witness(facts, way)
    return Witness(None, first) if first else None


def valid(question: Question, case: Case) -> bool:
    """Return whether a complete case breaks no requirement."""
    return all(truth(item.condition, case) for item in question.always)


def on_path(path: Path, case: Case) -> bool:
    """Return whether a case is as a path assumes of comparisons outside the fragment."""
    return all(truth(atom.comparison, case) is holds for atom, holds in path.opaque)


# ---------------------------------------------------------------- candidates


def candidates(path: Path, book: Rulebook, near: Facts) -> Iterator[Facts]:
    """Yield complete cases on a path, the plainest first; several only where one may not do."""
    counted = [*whole(book.question.facts)]
    wanted = {fact.name: to_steps(near.get(fact.name, plain(fact)), fact.type) for fact in counted}
    unclear = facts_in(*(atom.comparison for atom, _ in path.opaque))
    varied = [fact for fact in counted if fact.name in unclear]
    nearest = {**wanted, **space.witness(path.space, wanted)}
    tries = product(*(spread(nearest[fact.name], fact) for fact in varied))
    for values in islice(tries, MOST_TRIES):
        tried = {fact.name: value for fact, value in zip(varied, values, strict=True)}
        counts = {**wanted, **tried, **space.witness(path.space, {**wanted, **tried})}
        try:
            found = {fact.name: from_steps(counts[fact.name], fact.type) for fact in counted}
        except (ValueError, OverflowError):  # a day outside the calendar
            continue
        found |= options(path, book.question.facts, near) | {**book.reader.facts}
        yield {fact.name: found[fact.name] for fact in book.question.facts}


def whole(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Yield the facts that are counted in whole steps."""
    return (fact for fact in facts if fact.type.kind not in ("yes_no", "choice"))


def options(path: Path, facts: Iterable[Fact], near: Facts) -> dict[str, Value]:
    """Return the option of each choice: the one wanted, or the first that the path leaves."""
    found: dict[str, Value] = {}
    for fact in facts:
        every: tuple[Value, ...] = fact.type.options or (False, True)
        if fact.type.kind in ("yes_no", "choice"):
            left = path.space.options.get(fact.name, every)
            first = next(option for option in every if option in left)
            found[fact.name] = near[fact.name] if near.get(fact.name) in left else first
    return found


def plain(fact: Fact) -> Value:
    """Return a value that is easy to read."""
    if fact.type.kind == "date":
        return date(2025, 1, 1)
    return Fraction(10) if fact.type.kind == "money" else 1


def spread(count: int, fact: Fact) -> list[int]:
    """Return values around one, to try where a comparison isn't decided by bounds."""
    if fact.type.kind == "date":
        return [count, *(count + sign * days for days in NEAR[1:] for sign in (1, -1))]
    unit = 10**fact.type.scale
    round_ones = (0, 1, unit, *(unit * 10**n for n in range(1, 6)), -unit)
    return list(dict.fromkeys((count, *round_ones, *(count + n for n in range(2, CLOSE)))))


# ---------------------------------------------------------------- in words


def described(facts: Facts, names: Collection[str], version: PolicyVersion) -> str:
    """Return some facts of a case in one line, in the order of the file."""
    return ", ".join(
        f"`{name}` {in_words(facts[name], fact.type, version.currency)}"
        for name, fact in version.facts.items()
        if name in names and name in facts
    )
