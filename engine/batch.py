"""Millions of cases on DuckDB, in any amount of memory: what SQL leaves open the interpreter gets.

One query reads the cases, decides them, and writes the answers in the order of the input. For a
case on which it has no answer it calls back (`Interpreter`), so each answer is what `decide` says.
"""

import csv
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import duckdb
from duckdb.func import FunctionNullHandling
from sqlglot import exp

from .batch_query import Interpreter, Job, check_kept, query
from .database import connected, run
from .errors import PolicyError, UnusualTextError
from .foreign import broken_line, in_short
from .lines import Input
from .reading import Record
from .sql_reading import called, file, written
from .sql_stages import column
from .writing import members_of, part_of

FORMATS = {False: "FORMAT csv, HEADER true", True: "FORMAT parquet"}
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
MANY_ROWS = 2048


class Read(Protocol):
    """A file that is read, in some form."""

    @property
    def path(self) -> Path:
        """Where it is."""

    @property
    def form(self) -> str:
        """Its form."""


# ---------------------------------------------------------------- the run


def decide_table(
    job: Job, output: Path, show: Callable[[float], None]
) -> Iterator[tuple[int, str]]:
    """Decide all cases of a file; returns the wrong ones, by line, as they stand in the output.

    `show` is called with the share that is done. Raises PolicyError and OSError; then, and when
    the run is broken off, no file is written.
    """
    typed = output.suffix.lower() == ".parquet"
    with job.path.open("rb"), connected() as database:
        given = job.input(database)
        interpreter = Interpreter(job, given, typed, job.numbers())
        database.create_function(
            "look",
            interpreter.look,
            ["BIGINT", "VARCHAR[]"],
            "VARCHAR[]",
            null_handling=FunctionNullHandling.SPECIAL,
            side_effects=True,
        )
        with part_of(output) as part:
            select = query(job, given, typed=typed).sql("duckdb")
            copy = f"COPY ({select}) TO {quoted(part)} ({FORMATS[typed]})"
            run(database, copy, show, lambda error: in_our_words(error, database, job, output))
    return wrong_lines(output) if interpreter.wrong else iter(())


@contextmanager
def rows(job: Job) -> Iterator[Iterator[Record]]:
    """Read a table row by row; raises PolicyError when a column's type doesn't go with its fact."""
    with job.path.open("rb"), connected() as database:
        given = job.input(database)
        for version in job.versions():
            for fact in version.questions[job.question].facts:
                given.find(fact)
        check_kept(given, members_of())
        kept = called("LIST_VALUE", *map(given.own_in_json, given.own))
        select = exp.select(column("line"), given.text, kept).from_(given.table)
        yield records(database, given, select.sql("duckdb"), job)


def records(
    database: duckdb.DuckDBPyConnection, given: Input, select: str, job: Job
) -> Iterator[Record]:
    """Yield the rows of a table."""
    try:
        found = database.execute(select)
        while some := found.fetchmany(MANY_ROWS):
            for line, text, kept in some:
                found_here = given.record(line, text)
                yield replace(found_here, kept=dict(zip(given.own, kept, strict=True)))
    except duckdb.Error as error:
        raise in_our_words(error, database, job, job.path) from None


def wrong_lines(output: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are wrong, out of the answers."""
    if output.suffix.lower() == ".csv":
        with output.open(encoding="utf-8", newline="") as stream:
            answers = csv.DictReader(stream)
            yield from ((int(row["line"]), row["error"]) for row in answers if row["error"])
        return
    with connected() as database:
        name = file(output).sql("duckdb")
        read = f"SELECT line, error FROM read_parquet({name}) WHERE error IS NOT NULL"
        found = database.execute(read)
        while some := found.fetchmany(MANY_ROWS):
            yield from some


# ---------------------------------------------------------------- what goes wrong


def in_our_words(
    error: duckdb.Error, database: duckdb.DuckDBPyConnection, job: Read, output: Path
) -> PolicyError | OSError:
    """Return what went wrong, with the place."""
    for number in NO_ROOM:
        if os.strerror(number) in str(error):
            return OSError(number, os.strerror(number), str(output))
    if job.form == "parquet" and (place := unreadable(database, job.path)):
        return PolicyError(f"`{job.path}`: {place} can't be read")
    as_text = job.form != "parquet" and broken_line(str(error))
    kind = UnusualTextError if as_text else PolicyError
    return kind(f"`{job.path}`: {in_short(error)}")


def unreadable(database: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Return which row group of a file can't be read; "" for none."""
    name, first = file(path).sql("duckdb"), 0
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
    """Return the path of a file to write as DuckDB takes it."""
    return written(str(path)).sql("duckdb")
