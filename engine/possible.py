"""Unknown facts: every way to fill them in, what these ways agree on, and which facts still matter.

The decision diagram of the question holds all ways at once; the facts that are known lead into a
part of it. Exact for the fragment that `atoms` describes. A comparison outside of it may hold or
not on every path: then a case may stay undecided that is not, and a fact may be listed that can't
matter; a decision is never made that a completion contradicts.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, islice

from .atoms import Opaque, Path, assume, pinned, pins
from .days import Calendar
from .diagram import Diagram, Ruling, TooLargeError, diagram
from .errors import CalculationError
from .evaluate import Case, Verdict, verdict
from .kept import Kept, kept
from .model import Compare, Expression, Literal, Question, Rule, Value
from .pairs import matter
from .rulebook import Rulebook, divisors_in, rulebook
from .search import Clause, find, narrowed, paths
from .settle import OpenError, Probe
from .walk import facts_in

MOST_WAYS = 3000
"""Beyond this many ways the answer is no longer exact: every unknown fact is listed."""


@dataclass(frozen=True, slots=True)
class Way:
    """One part of the completions, the common result of the cases in it, and what outputs lack.

    `needs` names the unknown facts that outputs read; `fixed` holds those that they read as well,
    and that the path leaves one value.
    """

    path: Path
    verdict: Verdict
    needs: frozenset[str] = frozenset()
    fixed: frozenset[tuple[str, Value]] = frozenset()
    error: str = ""

    @property
    def result(self) -> tuple[object, ...]:
        """What can differ between two ways: the rule and its outputs, or gap, conflict, error."""
        if self.error or self.verdict.conflict:
            return ("error" if self.error else "conflict",)
        first = tuple(rule.name for rule in self.verdict.rules[:1])
        return (first, tuple(self.verdict.outputs.items()))


@dataclass(frozen=True, slots=True)
class Completions:
    """A case with unknown facts: the part of the question's rules that it leaves open."""

    question: Question
    case: Case
    book: Rulebook
    path: Path | None

    def valid(self) -> bool:
        """Return whether some valid case has the known facts."""
        return self.may()

    def may(self, *clauses: Clause) -> bool:
        """Return whether some valid case has the known facts, and meets the clauses."""
        return self.path is not None and find([*self.book.valid, *clauses], self.path) is not None

    def diagram(self) -> Diagram:
        """Return the question's diagram, into which the known facts lead; raises TooLargeError."""
        found = kept(_DIAGRAMS, (self.book,), partial(drawn, self.book))
        if found is None:
            raise TooLargeError
        return found

    def ways(self) -> Iterator[Way]:
        """Yield every way to fill in the unknown facts, in parts with one result each."""
        assert self.path
        for path, ruling in self.diagram().situations(self.path):
            yield from self.split(path, ruling)

    def split(self, path: Path, ruling: Ruling) -> Iterator[Way]:
        """Yield a situation as it is, or in parts where outputs are worked out differently."""
        known = {**pinned(self.question.facts, path), **self.case.facts}
        probe = Probe(known, self.case.calendar, path)
        rules = tuple(self.book.rules[name] for name in ruling.rules)
        try:
            if ruling.conflict:
                yield Way(path, Verdict(rules, {}, conflict=True))
                return
            needs = reads(rules, probe)
            all_read = reads(rules, Probe(self.case.facts, self.case.calendar, path))
            fixed = frozenset((name, known[name]) for name in all_read & known.keys())
            yield Way(path, verdict(rules, probe.case()), frozenset(needs), fixed)
        except OpenError as left_open:
            for holds in (False, True):
                if further := assume(path, left_open.atom, holds=holds):
                    yield from self.split(further, ruling)
        except CalculationError as error:
            yield Way(path, Verdict((), {}), error=str(error))

    # ------------------------------------------------------------ what is missing

    def needed_by_outputs(self) -> set[str]:
        """Return the unknown facts that an output of some rule that may decide reads."""
        assert self.path
        found: set[str] = set()
        for rule in self.question.rules:
            read = facts_in(*(value for _, value in rule.outputs)) - self.case.facts.keys()
            if read <= found:
                continue
            parts = paths(self.book.decides(rule.name), self.path)
            ways = (way for path in parts for way in self.split(path, Ruling((rule.name,))))
            values: dict[str, Value] = {}
            for way in islice(ways, MOST_WAYS):
                found |= way.needs
                told = ((name, values.setdefault(name, value), value) for name, value in way.fixed)
                found |= {name for name, first, value in told if first != value}
                if read <= found:
                    break
        return found

    def still_needed(self) -> set[str]:
        """Return the unknown facts that can still matter.

        A fact matters when an output on some way reads it, or when two valid completions with
        different results differ in it alone, or in it and in as few facts as `always` ties to it.
        """
        assert self.path
        needed = self.needed_by_outputs()
        found = self.diagram()
        tied = facts_in(*(item.condition for item in self.question.always))
        unknown = [fact.name for fact in self.question.facts if fact.name not in self.case.facts]
        for size in range(1, len(unknown) + 1):
            rest = [name for name in unknown if name not in needed and (size == 1 or name in tied)]
            if not matter(rest, self.book, found, self.path):
                break
            for names in combinations(rest, size):
                if matter(names, self.book, found, self.path):
                    needed.update(names)
        return needed


def reads(rules: Sequence[Rule], probe: Probe) -> set[str]:
    """Return the unknown facts that the rules' outputs need on a path."""
    return {name for rule in rules for _, value in rule.outputs for name in probe.reads(value)}


# ---------------------------------------------------------------- what is kept

_BOOKS: Kept[tuple[Rulebook, bool]] = OrderedDict()
_DIAGRAMS: Kept[Diagram | None] = OrderedDict()
_DIVISORS: Kept[tuple[Expression, ...]] = OrderedDict()


def drawn(book: Rulebook) -> Diagram | None:
    """Return the diagram of a question; None where it is too large."""
    try:
        return diagram(book)
    except TooLargeError:
        return None


def completions(question: Question, case: Case) -> Completions:
    """Return what a case with unknown facts leaves open.

    The formulas of a question are read once. Where a comparison lies outside the fragment they are
    read again for each case, since the known facts may bring it in.
    """
    book, exact = kept(_BOOKS, (question, case.calendar), partial(read, question, case.calendar))
    if exact:
        start = pins(case.facts, question.facts)
    else:
        book = rulebook(question, case.calendar, case.facts)
        start = Path()
    return Completions(question, case, book, narrowed([*book.valid], start)[1])


def read(question: Question, calendar: Calendar | None) -> tuple[Rulebook, bool]:
    """Return a question as formulas, and whether all that a case may ask of it is in the fragment.

    What outputs and divisors come to is asked on the way to an answer alone. It is looked at here,
    so that the first case is answered like any later one.
    """
    book = rulebook(question, calendar)
    for divisor in divisors_in(question):
        book.reader.formula(is_zero(divisor))
    if is_exact(book):
        kept(_DIAGRAMS, (book,), partial(drawn, book))
    return book, is_exact(book)


def is_exact(book: Rulebook) -> bool:
    """Return whether no comparison that was read so far lies outside the fragment."""
    return not any(isinstance(atom, Opaque) for atom in book.forest.levels)


# ---------------------------------------------------------------- divisions


def divisors(question: Question, case: Case) -> set[str]:
    """Return the unknown facts by which a condition divides, where that may be by zero.

    Such a condition may have no value at all, so nothing is decided before they are known.
    """
    by = kept(_DIVISORS, (question,), partial(divisors_in, question))
    open_yet = [divisor for divisor in by if not facts_in(divisor) <= case.facts.keys()]
    if not open_yet:
        return set()
    left = completions(question, case)
    found: set[str] = set()
    for divisor in open_yet:
        if left.may((left.book.reader.formula(is_zero(divisor)),)):
            found |= facts_in(divisor) - case.facts.keys()
    return found


def is_zero(divisor: Expression) -> Compare:
    """Return the condition that a divisor is zero."""
    return Compare(divisor, "is", Literal(0, divisor.type, "0"))
