"""A replay as DuckDB runs it (see `sql_replay`); what SQL leaves open the interpreter decides."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling
from sqlglot import exp

from .batch import connected, in_our_words, quoted, run
from .dialects import DUCKDB
from .lines import Input, json_lines
from .replay import MOST_EXAMPLES, Example, Group, Replay, flows
from .replay_rows import (
    Interpreter,
    Task,
    check_column,
    check_names,
    check_values,
    example,
    group,
    lines_to_show,
    made,
)
from .sql_numbers import whole
from .sql_reading import called
from .sql_replay import LOOK, Both, both, decided, examples, flips, groups
from .sql_stages import column
from .tables import ALL, Table, Wanted
from .writing import part_of

FORMATS = {
    ".parquet": "FORMAT parquet",
    ".csv": "FORMAT csv, HEADER true",
    ".jsonl": "FORMAT json",
}
Show = Callable[[float], None]


def replay(task: Task, show: Show) -> Replay:
    """Decide all cases of a file under both versions; `show` is called with the share done.

    Raises PolicyError and OSError; then, and when the run is broken off, no file is written.
    """
    with task.path.open("rb"), connected() as database:
        given = input_of(task, database)
        check_column(task, given)
        found = both(given, (task.old, task.new), task.question, DUCKDB)
        database.create_function(
            LOOK,
            Interpreter(found).look,
            ["BIGINT", "VARCHAR[]"],
            "VARCHAR[]",
            null_handling=FunctionNullHandling.SPECIAL,
        )
        work = Work(database, task, found, show)
        counted = work.groups()
        done = made(task, found, counted, work.examples(lines_to_show(flows(counted))))
        if task.output:
            work.write(task.output)
        return done


def input_of(task: Task, database: duckdb.DuckDBPyConnection) -> Input:
    """Return the cases; raises PolicyError where the file as a whole can't be read."""
    if task.form == "jsonl":
        return json_lines(task.path, task.facts)
    wanted = Wanted(task.expressions, (ALL,))
    return Table(database, task.path, task.form, task.facts, wanted).cases()


@dataclass(frozen=True, slots=True)
class Work:
    """Both versions of a question on a database that can run them."""

    database: duckdb.DuckDBPyConnection
    task: Task
    found: Both
    show: Show

    def run(self, sql: str, file: Path) -> None:
        """Run a query; what goes wrong is said in our words, with the place."""

        def explained(error: duckdb.Error) -> Exception:
            return in_our_words(error, self.database, self.task, file)

        run(self.database, sql, self.show, explained)

    def rows(self, query: exp.Select) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        self.run(f"CREATE OR REPLACE TEMP TABLE found AS {query.sql('duckdb')}", self.task.path)
        return self.database.execute("FROM found").fetchall()

    def groups(self) -> list[Group]:
        """Return the groups of cases."""
        first = called("MIN", column("line"), whole(MOST_EXAMPLES))
        rows = self.rows(groups(self.found, decided(self.found), self.task.by, first))
        check_values(self.task, rows)
        return [group(self.found, row[:-1], row[-1]) for row in rows]

    def examples(self, lines: list[int]) -> list[Example]:
        """Return the cases that stand in some lines."""
        rows = self.rows(examples(self.found, decided(self.found), lines)) if lines else []
        return [example(self.found, *row) for row in rows]

    def write(self, output: Path) -> None:
        """Write the cases that change to a file, which is whole or not there."""
        ending = output.suffix.lower()
        select = flips(self.found, decided(self.found), typed=ending == ".parquet")
        check_names(self.found, select)
        with part_of(output) as part:
            copy = f"COPY ({select.sql('duckdb')}) TO {quoted(part)} ({FORMATS[ending]})"
            self.run(copy, output)
