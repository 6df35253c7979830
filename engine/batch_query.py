"""What is written of many cases, as one query: SQL's answers, and the interpreter's for the rest.

Both give an answer as a number, which stands for a rule under a version, so that names are mapped
from it once. A number of its own stands for each version under which a case is undecided.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import duckdb
from sqlglot import exp

from .decide import Decision
from .errors import PolicyError
from .lines import Input, json_lines, table_lines
from .many import Answer, answer
from .model import PolicyVersion, Rule
from .sql_numbers import UNIT, Sql, whole
from .sql_query import Answers, Cases, Column, answers
from .sql_reading import called
from .sql_stages import column, named
from .sql_values import NULL, literal
from .table_forms import TABLES
from .tables import Wanted
from .versions import Policy
from .writing import cells_of, columns_of

Place: TypeAlias = tuple[PolicyVersion, Rule | None]
MOST_DIGITS = 18
LOOKED, NUMBER = "looked at", "its number"
"""Columns beside those of the stages, in whose names there is no blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A file of cases to decide: in which form it is, and what is asked of it."""

    policy: Policy
    question: str
    version: str | None
    path: Path
    form: str
    wanted: Wanted

    @property
    def row(self) -> str:
        """What one case of the file is called."""
        return "row" if self.form == "parquet" else "line"

    def versions(self) -> list[PolicyVersion]:
        """Return the versions that a case may be decided by: the one named, or those in force."""
        asked = self.policy.asked(self.version)
        return [
            found
            for found in asked
            if self.question in found.questions and (self.version or found.in_force)
        ]

    def input(self, database: duckdb.DuckDBPyConnection) -> Input:
        """Return the cases; raises PolicyError where the file as a whole can't be read."""
        facts = self.policy.fact_names(self.question, self.version)
        if self.form == "parquet" or self.wanted.anything:
            return TABLES[self.form](database, self.path, facts, self.wanted)
        if self.form == "csv":
            return table_lines(database, self.path, facts)
        return json_lines(self.path, facts)

    def places(self) -> tuple[Place, ...]:
        """Return what each number of an answer stands for, the rules in the order of the query."""
        versions = self.versions()
        rules: list[Place] = [
            (version, rule)
            for version in versions
            for rule in version.questions[self.question].rules
        ]
        return (*rules, *((version, None) for version in versions))

    def numbers(self) -> dict[tuple[str, str | None], int]:
        """Return the number of each version and rule, by their names."""
        return {
            (version.version, rule.name if rule else None): number
            for number, (version, rule) in enumerate(self.places())
        }

    def outputs(self) -> tuple[str, ...]:
        """Return the names of all outputs."""
        return self.policy.output_names(self.question, self.version)


@dataclass(slots=True)
class Interpreter:
    """What decides the cases on which SQL has no answer; it counts those that are wrong.

    `typed` tells that the columns to write have types, which hold only so many digits; `numbers`
    stand for rules under versions.
    """

    job: Job
    given: Input
    typed: bool
    numbers: Mapping[tuple[str, str | None], int]
    wrong: int = 0

    def look(self, line: int, text: list[str | None]) -> list[str | None]:
        """Return the answer to a case: its number, its outputs, what is missing, the error."""
        job = self.job
        try:
            record = self.given.record(line, text)
            found = answer(job.policy, job.question, job.version, record)
        except PolicyError as error:
            found = Answer(line, None, str(error))
        if self.typed and (name := too_long(found)):
            found = Answer(line, None, f"`{name}` has too many digits for .parquet: write .csv")
        self.wrong += bool(found.error)
        _line, _outcome, _rule, *outputs, missing, _version, _digest, wrong = cells_of(
            found, job.outputs()
        )
        cells = (self.number(found.decision), *outputs, missing, wrong)
        return [None if cell in ("", None) else str(cell) for cell in cells]

    def number(self, found: Decision | None) -> int | None:
        """Return the number that stands for a decision; None where there is no version."""
        if found is None or found.version is None:
            return None
        return self.numbers[found.version, found.rule]


def too_long(found: Answer) -> str:
    """Return the name of an output that has more digits than its column; "" for none."""
    given = found.decision.outputs if found.decision else {}
    for name, value in given.items():
        if isinstance(value, Decimal) and len(value.as_tuple().digits) > MOST_DIGITS:
            return name
        if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
            return name
    return ""


# ---------------------------------------------------------------- the query


def query(job: Job, given: Input, *, typed: bool) -> exp.Select:
    """Return the query of all that is written."""
    check_kept(given, columns_of(job.outputs()))
    kept = tuple(named(column(name), name) for name in given.passing)
    cases = Cases(given.table, kept, given.find, plain=given.plain)
    made = answers(job.versions(), job.question, cases, by_date=job.version is None)
    call = exp.Anonymous(this="LOOK", expressions=[column("line"), given.text])
    looked = named(exp.case().when(made.answer.is_(NULL), call), LOOKED)
    decided = exp.select("*", looked).from_(made.query.subquery("cases"))
    number = called("COALESCE", made.answer, exp.cast(looked_at(0), "INT"))
    numbered = exp.select("*", named(number, NUMBER)).from_(decided.subquery("cases"))
    own = [named(given.own_column(name), name) for name in given.own]
    written = [named(sql, name) for name, sql in columns(job, made, typed=typed).items()]
    return exp.select(*own, *written).from_(numbered.subquery("cases"))


def check_kept(given: Input, names: Iterable[str]) -> None:
    """Raise PolicyError where a column to keep has the name of one of the answers."""
    for name in set(names).intersection(given.own):
        raise PolicyError(f"`{name}` can't be kept: the answers have a column of that name")


def columns(job: Job, made: Answers, *, typed: bool) -> dict[str, Sql]:
    """Return the columns to write."""
    places, outputs = job.places(), job.outputs()
    by_name = {found.name: found for found in made.outputs}
    return {
        "line": column("line"),
        "outcome": mapped([rule.outcome.name if rule else None for _, rule in places]),
        "rule": mapped([rule.name if rule else None for _, rule in places]),
        **{
            name: output_of(made, by_name.get(name), place, typed=typed)
            for place, name in enumerate(outputs, start=1)
        },
        "missing": looked_at(len(outputs) + 1),
        "version": mapped([version.version for version, _ in places]),
        "digest": mapped([version.digest for version, _ in places]),
        "error": looked_at(len(outputs) + 2),
    }


def mapped(texts: Sequence[str | None]) -> Sql:
    """Write the text that belongs to the number of the answer."""
    listed = exp.array(*(NULL if text is None else literal(text) for text in texts))
    return called("LIST_EXTRACT", listed, column(NUMBER) + UNIT)


def looked_at(place: int) -> Sql:
    """Write what the interpreter said, by its place; NULL where it didn't look."""
    return called("LIST_EXTRACT", column(LOOKED), whole(place + 1))


def output_of(made: Answers, found: Column | None, place: int, *, typed: bool) -> Sql:
    """Write an output that SQL found, or else the interpreter."""
    looked = looked_at(place)
    if found is None:
        return looked
    kind = found.type if typed else "VARCHAR"
    sql = exp.cast(found.sql, kind)
    return exp.case().when(made.answer.is_(NULL), exp.cast(looked, kind)).else_(sql)
