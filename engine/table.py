"""A whole question as a table: every distinct situation once, with its result and an example.

The rows don't overlap, and each valid case is in one of them.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from .atoms import Path, pinned
from .decide import Decision, decide
from .diagram import Ruling
from .errors import CalculationError, ConflictError, GapError
from .evaluate import Case
from .formula import named
from .merging import Situation, said
from .model import Expression, Output, PolicyVersion, Question, Rule
from .phrases import phrases
from .resolved import resolved
from .search import NOWHERE
from .settle import OpenError, Probe, Rest
from .shortest import Shared, shortest
from .space import ZERO, limit
from .speech import ENGLISH, Speech
from .values import as_json
from .walk import facts_in
from .witness import Facts, witness
from .words import Words


@dataclass(frozen=True, slots=True)
class Row:
    """One situation: the cases on a path, in words, with the ruling that they all get.

    `outputs` says how each is worked out, and `about` names the facts that `when` leaves open and
    that matter. `example` is a case of the row with its `decision` (None for a gap or a conflict).
    Where no example was found, there may be no such case at all.
    """

    path: Path
    ruling: Ruling
    when: tuple[str, ...]
    rule: Rule | None
    outputs: tuple[tuple[Output, str], ...]
    about: frozenset[str]
    example: Facts | None
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a question, the best outcome first; `path` is what all their cases meet."""

    version: PolicyVersion
    question: Question
    path: Path
    rows: tuple[Row, ...]


def table(
    version: PolicyVersion,
    question: Question,
    *,
    within: Path = NOWHERE,
    labels: bool = False,
    speech: Speech = ENGLISH,
) -> Table:
    """Return the table of a question, for the cases on a path; `labels` are the customers' words.

    Raises TableError when the question is too large for one.
    """
    found = shortest(version, question, within)
    writer = Writer(version, question, found, Words(version, labels, speech))
    rows = sorted(map(writer.row, found.situations), key=writer.place)
    return Table(version, question, found.path, tuple(rows))


@dataclass(frozen=True, slots=True)
class Writer:
    """Puts situations into words."""

    version: PolicyVersion
    question: Question
    found: Shared
    words: Words

    def row(self, situation: Situation) -> Row:
        """Return a situation as a row."""
        rule = self.rule(situation.ruling)
        case = self.example(situation, rule)
        outputs = tuple(self.outputs(situation, rule)) if rule else ()
        items = said(situation.path, self.found.path, self.version)
        read = {name for atom, _ in items for name in named(atom)}
        read |= facts_in(*(value for _, value in outputs))
        return Row(
            situation.path,
            situation.ruling,
            self.when(situation),
            rule,
            tuple((output, self.words.told(output, value)) for output, value in outputs),
            frozenset(read - pinned(self.question.facts, situation.path).keys()),
            case,
            self.decision(case) if case and rule else None,
        )

    def when(self, situation: Situation) -> tuple[str, ...]:
        """Return the cases of a situation in words."""
        return phrases(
            situation.path,
            self.version,
            given=self.found.path,
            labels=self.words.labels,
            speech=self.words.speech,
        )

    def rule(self, ruling: Ruling) -> Rule | None:
        """Return the rule that decides; None for a gap or a conflict."""
        if ruling.conflict or not ruling.rules:
            return None
        return self.found.book.rules[ruling.rules[0]]

    def outputs(self, situation: Situation, rule: Rule) -> Iterator[tuple[Output, Expression]]:
        """Yield how the outputs of a rule are worked out in a situation."""
        rests = dict(situation.ruling.outputs)
        for output, value in rule.outputs:
            yield output, self.worked_out(value, situation, rests.get(output.name))

    def worked_out(self, value: Expression, situation: Situation, rest: Rest | None) -> Expression:
        """Return a value as it is worked out in a part of a situation, if all of it agrees."""
        whole, part = self.probe(situation.path), self.probe(situation.sample)
        shorter = resolved(value, part, self.version.currency)
        with suppress(OpenError, CalculationError):
            if whole.rest(shorter) == rest:
                return shorter
        return resolved(value, whole, self.version.currency)

    def probe(self, path: Path) -> Probe:
        """Return a look at the cases on a path."""
        facts = {**pinned(self.question.facts, path), **self.found.book.reader.facts}
        return Probe(facts, self.version.calendar, path)

    # ------------------------------------------------------------ examples

    def example(self, situation: Situation, rule: Rule | None) -> Facts | None:
        """Return a plain case of a situation that is decided as the situation says."""
        found = witness(self.found.book, (), self.as_told(rule), path=situation.path)
        return found.facts if found else None

    def as_told(self, rule: Rule | None) -> Callable[[Case], bool]:
        """Return a test of a case: whether it gets the rule, or else none."""

        def test(case: Case) -> bool:
            try:
                found = self.decision(case.facts)
            except (GapError, ConflictError, CalculationError):
                return rule is None
            return rule is not None and found.rule == rule.name

        return test

    def decision(self, facts: Facts) -> Decision:
        """Return the decision of a case."""
        given = {
            name: as_json(value, self.version.facts[name].type) for name, value in facts.items()
        }
        return decide(self.version, self.question, given)

    # ------------------------------------------------------------ order

    def place(self, row: Row) -> tuple[object, ...]:
        """Return where a row stands: by outcome (the best first), by rule, then by its bounds."""
        if row.rule is None:
            return (True, 0, 0, 0, self.bounds(row.path))
        outcome = row.rule.outcome
        return (
            False,
            outcome.rank or 0,
            self.question.outcomes.index(outcome),
            self.question.rules.index(row.rule),
            self.bounds(row.path),
        )

    def bounds(self, path: Path) -> tuple[tuple[float, ...], ...]:
        """Return the lower bounds of a path, fact by fact in the order of the file."""
        return tuple(tuple(self.low(name, path)) for name in self.version.facts)

    def low(self, name: str, path: Path) -> Iterator[float]:
        """Yield the options that a fact has, or its least value: beside other facts, and alone."""
        fact = self.version.facts[name]
        order: tuple[str | bool, ...] = fact.type.options or (True, False)
        if fact.type.kind in ("yes_no", "choice"):
            left = path.space.options.get(name, frozenset(order))
            yield from (order.index(option) for option in order if option in left)
        else:
            yield from (-limit(path.space, other, name) for other in (*self.version.facts, ZERO))
