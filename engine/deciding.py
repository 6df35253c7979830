"""Which sets of rules decide the cases of a question: each set that some case has, once.

A rule that no other open one overrides decides where it applies. So it is asked of one such rule
after the other whether it applies, and nothing is asked that what is known already settles.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from .atoms import Path
from .formula import FALSE, TRUE, Formula, under
from .model import Rule
from .rulebook import Rulebook
from .search import NOWHERE, Clause, find, narrowed, narrowed_further

Live: TypeAlias = tuple[tuple[str, Formula], ...]


@dataclass(frozen=True, slots=True)
class Deciding:
    """Rules that decide cases together, in the order of the file, and what holds in these cases."""

    rules: tuple[str, ...]
    clauses: tuple[Clause, ...]
    path: Path


def deciding(
    book: Rulebook, clauses: Iterable[Clause], path: Path = NOWHERE, *, whole: bool = False
) -> Iterator[Deciding]:
    """Yield the sets of rules that decide the cases which meet some clauses; none is a gap.

    Unless they are wanted `whole`, rules that only agree with one before them are left out.
    """
    rest, left = narrowed(book.forest.without_doubles(clauses), path)
    some = find(rest, left, left) if left else None
    if left and some:
        yield from sets(
            book, tuple(book.applies.items()), Deciding((), tuple(rest), left), some, whole=whole
        )


def sets(
    book: Rulebook, live: Live, known: Deciding, some: Path, *, whole: bool
) -> Iterator[Deciding]:
    """Yield the sets of rules that decide, of those still alive; `some` case is known to be left.

    Whichever way that case goes, it is another one that is looked for on the other way.
    """
    live = unbeaten(book, tuple((name, under(part, known.path)) for name, part in live))
    live = live if whole else telling(book, live)
    top = topmost(book, live, some)
    if top is None:
        yield Deciding(tuple(name for name, _ in live), known.clauses, known.path)
        return
    for settled in (TRUE, FALSE):
        formula = top[1] if settled is TRUE else book.forest.opposite(top[1])
        rest, left = narrowed_further(known.clauses, known.path, [(formula,)])
        met = under(formula, some) is TRUE
        found = some if met else find(rest, left, left) if left else None
        if left and found:
            asked = tuple((name, settled if name == top[0] else part) for name, part in live)
            yield from sets(book, asked, Deciding((), tuple(rest), left), found, whole=whole)


def unbeaten(book: Rulebook, live: Live) -> Live:
    """Leave out the rules that fail, and those that a rule overrides which applies."""
    applying = (name for name, part in live if part is TRUE)
    beaten = {other for name in applying for other in book.rules[name].overrides}
    return tuple(item for item in live if item[1] is not FALSE and item[0] not in beaten)


def telling(book: Rulebook, live: Live) -> Live:
    """Leave out rules that could only agree with one before them that decides for certain."""
    overridden = {other for name, _ in live for other in book.rules[name].overrides}
    for at, (name, part) in enumerate(live):
        if part is TRUE and name not in overridden:
            first = book.rules[name]
            later = (item for item in live[at + 1 :] if not agrees(book, first, item[0], live))
            return (*live[: at + 1], *later)
    return live


def agrees(book: Rulebook, first: Rule, name: str, live: Live) -> bool:
    """Return whether a rule gives the same result as another, and overrides no third one."""
    rule = book.rules[name]
    matters = any(other in rule.overrides for other, _ in live)
    return not matters and book.differ(first, rule) is FALSE


def topmost(book: Rulebook, live: Live, some: Path) -> tuple[str, Formula] | None:
    """Return an open rule that no other open one overrides, with where it applies.

    Best one that applies to some case: it settles more about all others than one that doesn't.
    """
    left = [(name, part) for name, part in live if part is not TRUE]
    beaten = {other for name, _ in left for other in book.rules[name].overrides}
    tops = [item for item in left if item[0] not in beaten]
    applying = (item for item in tops if under(item[1], some) is TRUE)
    return next(applying, tops[0] if tops else None)
