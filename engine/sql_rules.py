"""The rules of a question as one number in SQL: the place of the rule that decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from .formula import FALSE as NEVER
from .model import PolicyVersion, Question, Rule
from .rulebook import Rulebook, rulebook
from .sql_code import Writer
from .sql_numbers import Sql, whole
from .sql_values import NULL, TRUE


@dataclass(frozen=True, slots=True)
class Ruling:
    """Rules by whether they apply, those first that override others; `first` is the first number.

    INVARIANT: `overrides` is closed, so whoever overrides a rule overrides more than that does.
    """

    question: Question
    book: Rulebook
    ordered: tuple[Rule, ...]
    applies: dict[str, Sql]
    first: int

    def number(self, rule: Rule) -> Sql:
        """Write the number of a rule."""
        return whole(self.first + self.question.rules.index(rule))

    def decides(self) -> Sql:
        """Write the number of the rule that decides; NULL where that isn't plain.

        A rule decides where it applies, and none does that overrides it. One that may apply, as
        far as is known, keeps all others from deciding.
        """
        found = exp.case()
        for at, rule in enumerate(self.ordered):
            holds = self.applies[rule.name]
            named = self.with_rivals(rule, self.ordered[at + 1 :])
            if holds == TRUE:
                return found.else_(named) if found.args.get("ifs") else named
            found = found.when(holds, named).when(holds.is_(NULL), NULL)
        return found

    def with_rivals(self, rule: Rule, later: Sequence[Rule]) -> Sql:
        """Write the number of a rule that applies, unless others may decide along with it.

        Of several that agree the first in the file is named.
        """
        found = exp.case()
        for rival in self.rivals(rule, later):
            decides = self.unbeaten(rival, later)
            if self.book.differ(rule, rival) is not NEVER:
                found = found.when(may_be(decides), NULL)
            elif self.question.rules.index(rival) < self.question.rules.index(rule):
                found = found.when(may_be(decides), exp.case().when(decides, self.number(rival)))
        return found.else_(self.number(rule)) if found.args.get("ifs") else self.number(rule)

    def rivals(self, rule: Rule, later: Iterable[Rule]) -> list[Rule]:
        """Return the rules that may decide along with one, those first that rule it out."""
        found = [
            other
            for other in later
            if other.name not in rule.overrides and self.book.together(rule.name, other.name)
        ]
        place = self.question.rules.index
        agree = {other.name: self.book.differ(rule, other) is NEVER for other in found}
        return sorted(found, key=lambda other: (agree[other.name], place(other)))

    def unbeaten(self, rule: Rule, others: Iterable[Rule]) -> Sql:
        """Write that a rule applies, and none of some others overrides it."""
        beaten = [
            exp.not_(self.applies[other.name]) for other in others if rule.name in other.overrides
        ]
        return exp.paren(exp.and_(self.applies[rule.name], *beaten))


def ruling(version: PolicyVersion, question: Question, writer: Writer, first: int) -> Ruling:
    """Return the rules of a question, with a column for each of their conditions."""
    ordered = sorted(question.rules, key=lambda rule: -len(rule.overrides))
    applies = {rule.name: writer.applies(rule) for rule in ordered}
    book = rulebook(question, version.calendar)
    return Ruling(question, book, tuple(ordered), applies, first)


def may_be(condition: Sql) -> Sql:
    """Write that a condition holds, or may hold as far as is known."""
    return exp.not_(exp.paren(condition).is_(exp.false()))
