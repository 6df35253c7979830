"""What every check of a question works with: its rulebook, and cases found in it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ..atoms import Path, pins
from ..errors import Finding, Where
from ..evaluate import Case, deciders
from ..model import PolicyVersion, Question, Rule
from ..rulebook import Rulebook, rulebook
from ..search import NOWHERE, Clause, find, narrowed
from ..speech import Pattern
from ..values import as_json
from ..vocabulary import listed
from ..walk import facts_in
from ..witness import Facts, Test, Witness, anything, described, witness


@dataclass(frozen=True, slots=True)
class Analysis:
    """One question of one version, read as formulas once for all checks.

    All its valid cases lie on `start`; those found lie near to `near`. `found` holds where each
    rule looked at decides, if it may.
    """

    version: PolicyVersion
    question: Question
    book: Rulebook
    near: Facts
    start: Path
    found: dict[str, Path | None] = field(default_factory=dict)

    def witness(self, clauses: Iterable[Clause], test: Test = anything) -> Witness | None:
        """Return a valid case in which the clauses hold and that passes the test.

        None is a proof that there is none; see `witness`.
        """
        return witness(self.book, clauses, test, near=self.near)

    def case(self, facts: Facts) -> Case:
        """Return a case as the interpreter takes it."""
        return Case(facts, self.version.calendar)

    def deciding(self, case: Case) -> tuple[Rule, ...]:
        """Return the rules that decide a complete case, according to the interpreter."""
        return deciders(self.question, case).certain

    def in_words(self, found: Witness, otherwise: Clause) -> str:
        """Return the facts of a case that matter, in words: "" when none does.

        A fact matters when another value of it lets `otherwise` hold.
        """
        assert found.facts is not None, "INVARIANT: only a confirmed case is told"
        return described(found.facts, self.matter(found, otherwise), self.version)

    def matter(self, found: Witness, otherwise: Clause) -> Collection[str]:
        """Return fewest facts of a case whose values alone keep a clause from holding."""
        assert found.facts is not None, "INVARIANT: only a confirmed case is told"
        assumed = found.path.opaque
        unclear = facts_in(*(atom.comparison for atom, _ in assumed))
        left = dict(found.facts)
        for name in [name for name in found.facts if name not in unclear]:
            fewer = {other: value for other, value in left.items() if other != name}
            path = replace(pins(fewer, self.question.facts), opaque=assumed)
            if find((*self.book.valid, otherwise), path) is None:
                left = fewer
        return left

    def dead(self, rule: str) -> bool:
        """Return whether it is proved that a rule decides no valid case."""
        if rule not in self.found:
            self.found[rule] = find(self.book.decides(rule), self.start)
        return self.found[rule] is None

    def unsettled(self, what: str, where: Where | None = None) -> Finding:
        """Return the warning that something may be wrong, and that no real case shows it."""
        return Finding(
            code="not-settled",
            where=where or self.question.where,
            message=f"question `{self.question.name}`: it isn't settled whether {what}",
            hint="months, business days, rounding or products of facts are compared: check by hand",
            severity="warning",
        )

    def given(self, facts: Facts) -> Mapping[str, object]:
        """Return a case as `refund decide` takes it."""
        return {fact.name: as_json(facts[fact.name], fact.type) for fact in self.question.facts}


def analysis(version: PolicyVersion, question: Question) -> Analysis:
    """Read a question for the checks; its cases lie near the day from which the version holds."""
    days = [start.day for start in version.in_force or () if start.day]
    near: dict[str, date] = {}
    if days:
        near = {fact.name: max(days) for fact in question.facts if fact.type.kind == "date"}
    book = rulebook(question, version.calendar)
    return Analysis(version, question, book, near, narrowed([*book.valid], NOWHERE)[1] or NOWHERE)


def with_case(words: str) -> str:
    """Return how to go on about a case: with the facts that matter, if any does."""
    return f" with {words}" if words else ""


def named(rules: Iterable[str], last: Pattern = "{} and {}") -> str:
    """Return rules in one line.

    >>> named(["a", "b", "c"])
    '`a`, `b` and `c`'
    """
    return listed([f"`{rule}`" for rule in rules], last)
