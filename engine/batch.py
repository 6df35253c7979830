"""Millions of cases on DuckDB, in any amount of memory: what SQL leaves open the interpreter gets.

One query reads the cases, decides them, and writes the answers in the order of the input. For a
case on which it has no answer it calls back (`Interpreter`), so each answer is what `decide` says.
"""

import csv
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

import duckdb
from duckdb.func import FunctionNullHandling
from sqlglot import exp

from .errors import PolicyError
from .lines import Input, json_lines, table_lines
from .many import Answer, answer
from .model import PolicyVersion, Rule
from .reading import Record
from .sql_code import NULL, literal
from .sql_numbers import UNIT, Sql, whole
from .sql_query import Answers, Cases, answers
from .sql_reading import called, written
from .sql_stages import column, named
from .tables import Table, Wanted, in_short
from .versions import Policy
from .writing import cells_of, part_of

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
FORMATS = {False: "FORMAT csv, HEADER true", True: "FORMAT parquet"}
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
MOST_DIGITS = 18
MANY_ROWS = 2048


class Read(Protocol):
    """A file that is read, in some form."""

    @property
    def path(self) -> Path:
        """Where it is."""

    @property
    def form(self) -> str:
        """Its form."""


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
        """Return the versions of the question."""
        asked = self.policy.asked(self.version)
        return [found for found in asked if self.question in found.questions]

    def input(self, database: duckdb.DuckDBPyConnection) -> Input:
        """Return the cases; raises PolicyError where the file as a whole can't be read."""
        facts = self.policy.fact_names(self.question, self.version)
        if self.form == "parquet" or self.wanted.anything:
            return Table(database, self.path, self.form, facts, self.wanted).cases()
        return {"csv": table_lines, "jsonl": json_lines}[self.form](self.path, facts)


@dataclass(slots=True)
class Interpreter:
    """What decides the cases on which SQL has no answer; it counts those that are wrong."""

    job: Job
    given: Input
    outputs: tuple[str, ...]
    typed: bool
    wrong: int = 0

    def look(self, line: int, text: list[str | None]) -> list[str | None]:
        """Return the answer to a case as cells."""
        job = self.job
        try:
            record = self.given.record(line, text)
            found = answer(job.policy, job.question, job.version, record)
        except PolicyError as error:
            found = Answer(line, None, str(error))
        if self.typed and (name := too_long(found)):
            found = Answer(line, None, f"`{name}` has too many digits for .parquet: write .csv")
        self.wrong += bool(found.error)
        return [
            str(cell) if cell not in ("", None) else None for cell in cells_of(found, self.outputs)
        ]


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


def query(job: Job, given: Input, outputs: tuple[str, ...], *, typed: bool) -> exp.Select:
    """Return the query of all that is written."""
    kept = tuple(named(column(name), name) for name in given.passing)
    cases = Cases(given.table, kept, given.find, plain=given.plain)
    made = answers(job.versions(), job.question, cases, by_date=job.version is None)
    call = exp.Anonymous(this="LOOK", expressions=[column("line"), given.text])
    looked = named(exp.case().when(made.answer.is_(NULL), call), "looked at")
    inner = exp.select("*", looked).from_(made.query.subquery("cases"))
    columns = [*settled(made, outputs, typed=typed).items()]
    for name in {name for name, _ in columns}.intersection(given.own):
        raise PolicyError(f"`{name}` can't be kept: the answers have a column of that name")
    own = [named(column(f"own {name}"), name) for name in given.own]
    found = [named(either(made, sql, place), name) for place, (name, sql) in enumerate(columns)]
    return exp.select(*own, *found).from_(inner.subquery("cases"))


def settled(made: Answers, outputs: tuple[str, ...], *, typed: bool) -> dict[str, Sql]:
    """Return the columns to write, as they are for cases that SQL decides."""
    known = {found.name: found for found in made.outputs}
    found: dict[str, Sql] = {"line": column("line")}
    found["outcome"] = one_by_rule(made, lambda _, rule: rule.outcome.name)
    found["rule"] = one_by_rule(made, lambda _, rule: rule.name)
    for name in outputs:
        sql = known[name].sql if name in known else exp.cast(NULL, "VARCHAR")
        found[name] = sql if typed else exp.cast(sql, "VARCHAR")
    found["missing"] = exp.cast(NULL, "VARCHAR")
    found["version"] = one_by_rule(made, lambda version, _: version.version)
    found["digest"] = one_by_rule(made, lambda version, _: version.digest)
    found["error"] = exp.cast(NULL, "VARCHAR")
    return found


def one_by_rule(made: Answers, text: Callable[[PolicyVersion, Rule], str]) -> Sql:
    """Write a text that depends on the rule that decides."""
    texts = [text(version, rule) for version, rule in made.rules]
    if len(set(texts)) == 1:
        return literal(texts[0])
    listed = exp.array(*map(literal, texts))
    return called("LIST_EXTRACT", listed, made.answer + UNIT)


def either(made: Answers, sql: Sql, place: int) -> Sql:
    """Write what SQL found, or what the interpreter did."""
    if place == 0:
        return sql
    looked = called("LIST_EXTRACT", column("looked at"), whole(place + 1))
    kind = next((found.type for found in made.outputs if found.sql == sql), "VARCHAR")
    found = looked if kind == "VARCHAR" else exp.cast(looked, kind)
    return exp.case().when(made.answer.is_(NULL), found).else_(sql)


# ---------------------------------------------------------------- the run


def decide_table(
    job: Job, output: Path, show: Callable[[float], None]
) -> Iterator[tuple[int, str]]:
    """Decide all cases of a file; returns the wrong ones, by line, as they stand in the output.

    `show` is called with the share that is done. Raises PolicyError and OSError; then, and when
    the run is broken off, no file is written.
    """
    typed = output.suffix.lower() == ".parquet"
    with job.path.open("rb"), duckdb.connect(config=SETTINGS) as database:
        given = job.input(database)
        outputs = job.policy.output_names(job.question, job.version)
        interpreter = Interpreter(job, given, outputs, typed)
        database.create_function(
            "look",
            interpreter.look,
            ["BIGINT", "VARCHAR[]"],
            "VARCHAR[]",
            null_handling=FunctionNullHandling.SPECIAL,
            side_effects=True,
        )
        with part_of(output) as part:
            select = query(job, given, outputs, typed=typed).sql("duckdb")
            copy = f"COPY ({select}) TO {quoted(part)} ({FORMATS[typed]})"
            run(database, copy, show, lambda error: in_our_words(error, database, job, output))
    return wrong_lines(output) if interpreter.wrong else iter(())


@contextmanager
def rows(job: Job) -> Iterator[Iterator[Record]]:
    """Read a table row by row."""
    with job.path.open("rb"), duckdb.connect(config=SETTINGS) as database:
        given = job.input(database)
        select = exp.select(column("line"), given.text).from_(given.table)
        yield records(database, given, select.sql("duckdb"), job)


def records(
    database: duckdb.DuckDBPyConnection, given: Input, select: str, job: Job
) -> Iterator[Record]:
    """Yield the rows of a table."""
    try:
        found = database.execute(select)
        while some := found.fetchmany(MANY_ROWS):
            yield from (given.record(line, text) for line, text in some)
    except duckdb.Error as error:
        raise in_our_words(error, database, job, job.path) from None


def run(
    database: duckdb.DuckDBPyConnection,
    sql: str,
    show: Callable[[float], None],
    explained: Callable[[duckdb.Error], Exception],
) -> None:
    """Run a query, and show how far it is; whatever breaks it off stops it."""
    failed: list[duckdb.Error] = []
    done = Event()  # a thread whose `join` is broken off by a signal looks as if it had ended

    def work() -> None:
        try:
            database.execute(sql)
        except duckdb.Error as error:
            failed.append(error.with_traceback(None))
        finally:
            done.set()

    Thread(target=work).start()
    try:
        while not done.wait(0.1):
            show(max(database.query_progress(), 0) / 100)
    finally:
        if not done.is_set():
            database.interrupt()
            done.wait()
    if failed:
        raise explained(failed[0])
    show(1)


def wrong_lines(output: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are wrong, out of the answers."""
    if output.suffix.lower() == ".csv":
        with output.open(encoding="utf-8", newline="") as stream:
            answers = csv.DictReader(stream)
            yield from ((int(row["line"]), row["error"]) for row in answers if row["error"])
        return
    with duckdb.connect(config=SETTINGS) as database:
        read = f"SELECT line, error FROM read_parquet({quoted(output)}) WHERE error IS NOT NULL"
        found = database.execute(read)
        while some := found.fetchmany(MANY_ROWS):
            yield from some


# ---------------------------------------------------------------- what goes wrong


class UnusualTextError(PolicyError):
    """A file of text that DuckDB doesn't read line by line as Python does."""


def in_our_words(
    error: duckdb.Error, database: duckdb.DuckDBPyConnection, job: Read, output: Path
) -> PolicyError | OSError:
    """Return what went wrong, with the place."""
    for number in NO_ROOM:
        if os.strerror(number) in str(error):
            return OSError(number, os.strerror(number), str(output))
    if job.form == "parquet" and (place := unreadable(database, job.path)):
        return PolicyError(f"`{job.path}`: {place} can't be read")
    as_text = job.form != "parquet" and isinstance(error, duckdb.InvalidInputException)
    kind = UnusualTextError if as_text and "CSV" in str(error) else PolicyError
    return kind(f"`{job.path}`: {in_short(error)}")


def unreadable(database: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Return which row group of a file can't be read; "" for none."""
    name, first = quoted(path), 0
    sizes = "SELECT DISTINCT row_group_id, row_group_num_rows"
    groups = database.execute(f"{sizes} FROM parquet_metadata({name}) ORDER BY 1").fetchall()
    read = f"SELECT max(hash(COLUMNS(*))) FROM read_parquet({name}, file_row_number=true)"
    for group, size in groups:
        try:
            last = first + size - 1
            database.execute(f"{read} WHERE file_row_number BETWEEN {first} AND {last}").fetchall()
        except duckdb.Error:
            return f"row group {group + 1} (rows {first + 1} to {last + 1})"
        first += size
    return ""


def quoted(path: Path) -> str:
    """Return a path as DuckDB takes it."""
    return written(str(path)).sql("duckdb")
