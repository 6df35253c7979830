"""A question shared out into as few situations of one ruling as are found.

How few there are depends on the order in which a diagram asks, so a few plausible ones are tried.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from .atoms import Atom, Path
from .diagram import MOST_NODES, TooLargeError, diagram
from .errors import TableError
from .formula import Forest, named
from .merging import Situation, merged, situations_of, stated
from .model import PolicyVersion, Question
from .phrases import phrases
from .rulebook import Rulebook, rulebook
from .search import NOWHERE

MOST_SITUATIONS = 1000
LONGEST_ORDER = 4  # times as many situations as in the first order: hardly ever fewer in the end
MOST_IN_ORDER = 400


@dataclass(frozen=True, slots=True)
class Shared:
    """The valid cases on a path, shared out: each is in one situation.

    `before` is how many situations there were before merging.
    """

    book: Rulebook
    path: Path
    situations: tuple[Situation, ...]
    before: int


def shortest(version: PolicyVersion, question: Question, within: Path = NOWHERE) -> Shared:
    """Return the fewest situations found, each said in the fewest words.

    Raises TableError when a question is too large to be shared out at all.
    """
    found = shared(version, question, within, Forest(), MOST_SITUATIONS)
    if not found:
        raise TableError(
            f"question `{question.name}` is too large for a table: it has more than "
            f"{MOST_SITUATIONS} situations, or more than {MOST_NODES} steps lead to them"
        )
    most = min(LONGEST_ORDER * found.before, MOST_IN_ORDER)
    asked = [*found.book.forest.levels]
    for order in orders(asked, [*version.facts]):
        levels = {atom: level for level, atom in enumerate(order)}
        other = shared(version, question, within, Forest(levels), most)
        if other and length(other, version) < length(found, version):
            found = other
    return found


def orders(asked: list[Atom], facts: list[str]) -> Iterator[list[Atom]]:
    """Yield orders in which to ask: fact by fact as in the file, and the last asked first."""
    by_fact = sorted(asked, key=lambda atom: min(map(facts.index, named(atom))))
    yield by_fact
    yield asked[::-1]
    yield by_fact[::-1]


def shared(
    version: PolicyVersion, question: Question, within: Path, forest: Forest, most: int
) -> Shared | None:
    """Return the situations that one order leads to; None when they are too many to merge."""
    book = rulebook(question, version.calendar, forest=forest)
    try:
        whole = diagram(book, within)
    except TooLargeError:
        return None
    parts = [*islice(situations_of(whole, forest, book.valid), most + 1)]
    if len(parts) > most:
        return None
    found = (
        replace(situation, path=stated(situation.path, whole.path, book.valid, version))
        for situation in merged(parts, book.valid)
    )
    return Shared(book, whole.path, tuple(found), len(parts))


def length(found: Shared, version: PolicyVersion) -> tuple[int, int]:
    """Return how long a table is: its rows, and all their phrases."""
    said = (phrases(situation.path, version, given=found.path) for situation in found.situations)
    return len(found.situations), sum(map(len, said))
