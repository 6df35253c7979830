"""A replay as DuckDB runs it (see `sql_replay`); what SQL leaves open the interpreter decides."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling
from sqlglot import exp

from .batch import in_our_words, quoted
from .database import connected, run
from .dialects import DUCKDB
from .lines import Input
from .replay import MOST_EXAMPLES, Example, Group, Replay, flows
from .replay_rows import (
    Interpreter,
    Task,
    check_names,
    check_values,
    example,
    group,
    lines_to_show,
    made,
)
from .sql_numbers import whole
from .sql_reading import called
from .sql_replay import LOOK, Both, both, decided, examples, flips, groups, in_json_lines
from .sql_stages import column
from .table_forms import TABLES
from .tables import ALL, Wanted
from .writing import part_of

FORMATS = {
    ".parquet": "FORMAT parquet",
    ".csv": "FORMAT csv, HEADER true",
    ".jsonl": "FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE ''",
}
Show = Callable[[float], None]


def replay(task: Task, show: Show) -> Replay:
    """Decide all cases of a file under both versions; `show` is called with the share done.

    Raises PolicyError and OSError; then, and when the run is broken off, no file is written.
    """
    with task.path.open("rb"), connected() as database:
        given = input_of(task, database)
        found = both(given, (task.old, task.new), task.question, DUCKDB)
        database.create_function(
            LOOK,
            Interpreter(found).look,
            ["BIGINT", "VARCHAR[]"],
            "VARCHAR[]",
            null_handling=FunctionNullHandling.SPECIAL,
        )
        work = Work(database, task, found)
        first, second, *third = parts_of(show, 3 if task.output else 2)
        counted = work.groups(first)
        shown = work.examples(lines_to_show(flows(counted)), second)
        if task.output:
            work.write(task.output, *third)
        return made(task, found, counted, shown)


def parts_of(show: Show, many: int) -> list[Show]:
    """Return what shows the share done of each of several parts that follow each other."""
    return [partial(show_part, show, at, many) for at in range(many)]


def show_part(show: Show, at: int, many: int, share: float) -> None:
    """Show how much is done of the whole, by the share of one of its parts."""
    show((at + share) / many)


def input_of(task: Task, database: duckdb.DuckDBPyConnection) -> Input:
    """Return the cases; raises PolicyError where the file as a whole can't be read."""
    by = () if task.by is None else (task.by,)
    wanted = Wanted(task.expressions, (ALL,) if task.output else by, strict=False)
    found = TABLES[task.form](database, task.path, task.facts, wanted)
    if task.most is None:
        return found
    first = exp.select("*").from_(found.table).limit(task.most)
    return replace(found, table=first.subquery("cases"))


@dataclass(frozen=True, slots=True)
class Work:
    """Both versions of a question on a database that can run them."""

    database: duckdb.DuckDBPyConnection
    task: Task
    found: Both

    def run(self, sql: str, file: Path, show: Show) -> None:
        """Run a query; what goes wrong is said in our words, with the place."""

        def explained(error: duckdb.Error) -> Exception:
            return in_our_words(error, self.database, self.task, file)

        run(self.database, sql, show, explained)

    def rows(self, query: exp.Select, show: Show) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        sql = f"CREATE OR REPLACE TEMP TABLE found AS {query.sql('duckdb')}"
        self.run(sql, self.task.path, show)
        return self.database.execute("FROM found").fetchall()

    def groups(self, show: Show) -> list[Group]:
        """Return the groups of cases."""
        first = called("MIN", column("line"), whole(MOST_EXAMPLES))
        rows = self.rows(groups(self.found, decided(self.found), self.task.by, first), show)
        check_values(self.task, rows)
        return [group(self.found, row[:-1], row[-1]) for row in rows]

    def examples(self, lines: list[int], show: Show) -> list[Example]:
        """Return the cases that stand in some lines."""
        if not lines:
            return []
        rows = self.rows(examples(self.found, decided(self.found), lines), show)
        return [example(self.found, *row) for row in rows]

    def write(self, output: Path, show: Show) -> None:
        """Write the cases that change to a file, which is whole or not there."""
        ending = output.suffix.lower()
        select = flips(self.found, decided(self.found), typed=ending == ".parquet")
        check_names(self.found, select)
        if ending == ".jsonl":
            select = in_json_lines(self.found, select)
        with part_of(output) as part:
            copy = f"COPY ({select.sql('duckdb')}) TO {quoted(part)} ({FORMATS[ending]})"
            self.run(copy, output, show)
