"""What every check of a question works with: its rulebook, and cases found in it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from ..atoms import pins
from ..evaluate import Case
from ..model import PolicyVersion, Question
from ..rulebook import Rulebook, rulebook
from ..search import Clause, find
from ..values import as_json
from ..walk import facts_in
from ..witness import Facts, Test, Witness, anything, described, witness


@dataclass(frozen=True, slots=True)
class Analysis:
    """One question of one version, read as formulas once for all checks."""

    version: PolicyVersion
    question: Question
    book: Rulebook
    near: Facts

    def witness(self, clauses: Iterable[Clause], test: Test = anything) -> Witness | None:
        """Return a valid case in which the clauses hold and that passes the test.

        None is a proof that there is none; see `witness`.
        """
        return witness(self.book, clauses, test, near=self.near)

    def case(self, facts: Facts) -> Case:
        """Return a case as the interpreter takes it."""
        return Case(facts, self.version.calendar)

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

    def given(self, facts: Facts) -> Mapping[str, object]:
        """Return a case as `refund decide` takes it."""
        return {fact.name: as_json(facts[fact.name], fact.type) for fact in self.question.facts}


def analysis(version: PolicyVersion, question: Question) -> Analysis:
    """Read a question for the checks; its cases lie near the day from which the version holds."""
    days = [start.day for start in version.in_force or () if start.day]
    near: dict[str, date] = {}
    if days:
        near = {fact.name: max(days) for fact in question.facts if fact.type.kind == "date"}
    return Analysis(version, question, rulebook(question, version.calendar), near)
