"""From a path to a case on it: facts that a person can read, confirmed by the interpreter.

A path over difference bounds and options always has a case. One that also assumes comparisons
outside that fragment may have none, or none that is found: then the answer is "not settled".
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import islice, product
from math import floor

from . import space
from .atoms import Path, from_steps, to_steps
from .bounds import longest, shortest
from .errors import CalculationError
from .evaluate import Case, truth
from .model import Compare, Fact, Literal, OneOf, PolicyVersion, Question, Term, Value
from .rulebook import Rulebook
from .search import NOWHERE, Clause, paths
from .values import in_words
from .walk import facts_in, within

BESIDE = (1, 2, 3, 4, 5)
"""How far a day lies at most from where the bounds of months leave it."""
NEAR = (0, 1, 14, 27, 28, 29, 30, 31, 32, 59, 60, 61, 62, 89, 90, 92, 181, 184, 364, 365, 366, 731)
"""How far apart days are tried where months or business days are compared."""
CLOSE = 60
"""How many steps up are tried where rounding is compared."""
MOST_PATHS, MOST_YEARS = 40, 200

Facts = Mapping[str, Value]
Test = Callable[[Case], bool]
Marked = Callable[[Compare | OneOf], str]
Order = Callable[..., Iterator[tuple[int, ...]]]


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
    all_of = book.forest.without_doubles((*book.valid, *clauses))
    seen: list[Path] = []
    ways: Iterable[Path] = noted(islice(paths(all_of, path), MOST_PATHS), seen)
    for order, most in LOOKS:
        for way in ways:
            for facts in islice(candidates(way, book, near or {}, order), most):
                if confirmed(way, book, Case(facts, book.reader.calendar), test):
                    return Witness(facts, way)
        ways = tuple(seen)
    return Witness(None, seen[0]) if seen else None


def noted(ways: Iterable[Path], seen: list[Path]) -> Iterator[Path]:
    """Yield paths, and note them."""
    for way in ways:
        seen.append(way)
        yield way


def no_other(_: Compare | OneOf) -> str:
    """Say that every comparison is of one calendar."""
    return ""


def confirmed(path: Path, book: Rulebook, case: Case, test: Test) -> bool:
    """Return whether a complete case lies on a path, is valid and passes the test."""
    try:
        return (
            on_path(path, case, book.reader.calendar_of)
            and valid(book.question, case)
            and test(case)
        )
    except CalculationError:  # a case that has no answer
        return False


def valid(question: Question, case: Case) -> bool:
    """Return whether a complete case breaks no requirement."""
    return all(truth(item.condition, case) for item in question.always)


def on_path(
    path: Path, case: Case, calendar_of: Callable[[Compare | OneOf], str] = no_other
) -> bool:
    """Return whether a case is as a path assumes of comparisons outside the fragment.

    Not of those that another version counts by a calendar of its own.
    """
    own = (
        (atom.comparison, holds)
        for atom, holds in path.opaque
        if atom.of == calendar_of(atom.comparison)
    )
    return all(truth(comparison, case) is holds for comparison, holds in own)


# ---------------------------------------------------------------- candidates


def candidates(path: Path, book: Rulebook, near: Facts, order: Order = product) -> Iterator[Facts]:
    """Yield complete cases on a path, the plainest first; several only where one may not do."""
    counted = [*whole(book.question.facts)]
    wanted = {fact.name: to_steps(near.get(fact.name, plain(fact)), fact.type) for fact in counted}
    unclear = facts_in(*(atom.comparison for atom, _ in path.opaque))
    varied = [fact for fact in counted if fact.name in unclear]
    nearest = {**wanted, **space.witness(path.space, wanted)}
    nodes = within(*(atom.comparison for atom, _ in path.opaque))
    figures = [node for node in nodes if isinstance(node, Literal | Term)]
    for values in order(*(spread(nearest[fact.name], fact, figures) for fact in varied)):
        tried = {fact.name: value for fact, value in zip(varied, values, strict=True)}
        counts = {**wanted, **tried, **space.witness(path.space, {**wanted, **tried})}
        try:
            found = {fact.name: from_steps(counts[fact.name], fact.type) for fact in counted}
        except (ValueError, OverflowError):  # a day outside the calendar
            continue
        found |= options(path, book.question.facts, near) | {**book.reader.facts}
        yield {fact.name: found[fact.name] for fact in book.question.facts}


def together(*values: list[int]) -> Iterator[tuple[int, ...]]:
    """Yield a value of each list, those first that stand early in all of them.

    >>> [*together([1, 2], [5, 6])]
    [(1, 5), (1, 6), (2, 5), (2, 6)]
    """
    for rank in range(sum(len(each) - 1 for each in values) + 1):
        yield from ranked(values, rank)


def ranked(values: Sequence[list[int]], rank: int) -> Iterator[tuple[int, ...]]:
    """Yield a value of each list, whose places add up to a rank."""
    if not values:
        yield from () if rank else ((),)
        return
    first, *rest = values
    for place in range(min(rank, len(first) - 1) + 1):
        for others in ranked(rest, rank - place):
            yield (first[place], *others)


LOOKS: tuple[tuple[Order, int], ...] = ((product, 100), (together, 200))
"""In which orders values are tried, and how many on each path: a few on all paths come first."""


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


def spread(count: int, fact: Fact, figures: Collection[Literal | Term]) -> list[int]:
    """Return values around one, to try where a comparison isn't decided by bounds.

    First come those that the figures of such comparisons lead to.
    """
    unit = 10**fact.type.scale
    if fact.type.kind == "date":
        led_to = (day for figure in figures for day in days_of(figure))
        days = dict.fromkeys((*BESIDE, *led_to, *NEAR[1:]))
        return [count, *(count + sign * day for day in days for sign in (1, -1))]
    known = [figure.value for figure in figures if isinstance(figure.value, int | Fraction)]
    steps = [floor(value * unit) + n for value in known for n in (0, 1, -1)]
    round_ones = (0, 1, unit, *(unit * 10**n for n in range(1, 6)), -unit)
    close = (count + n for n in range(2, CLOSE))
    return list(dict.fromkeys((count, *steps, *round_ones, *close)))


def days_of(figure: Literal | Term) -> Iterable[int]:
    """Return how many days a duration may take; a whole number may count years."""
    if not isinstance(figure.value, int):
        return ()
    length = abs(figure.value)
    match figure.type.kind:
        case "months" if length < 12 * MOST_YEARS:
            return range(shortest(length) - 1, longest(length) + 2)
        case "business_days" if length < MOST_YEARS:
            return range(length, 2 * length + 7)
        case "whole_number" if length < MOST_YEARS:
            return range(shortest(12 * length), longest(12 * length) + 2)
        case _:
            return (length,)


# ---------------------------------------------------------------- in words


def described(facts: Facts, names: Collection[str], version: PolicyVersion) -> str:
    """Return some facts of a case in one line, in the order of the file."""
    return ", ".join(
        f"`{name}` {in_words(facts[name], fact.type, version.currency)}"
        for name, fact in version.facts.items()
        if name in names and name in facts
    )
