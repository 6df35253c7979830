"""A replay on Spark: the same SQL as on DuckDB, and the same answers (extra `spark`, Java 17).

Spark calls a Python function on all rows of a query or on none. So SQL decides alone at first; only
where it leaves cases open, these are handed to the interpreter, apart from the others.
"""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as spark_functions
from pyspark.sql.types import ArrayType, StringType
from sqlglot import exp

from .batch import NO_ROOM
from .dialects import SPARK
from .errors import PolicyError
from .foreign import in_short
from .lines import Input
from .model import Fact
from .replay import Example, Group, Replay, flows
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
from .sql_facts import Source, nowhere
from .sql_reading import HELP, INSTANT, Typed, from_column
from .sql_replay import (
    LOOK,
    Both,
    both,
    decided_apart,
    decided_in_sql,
    examples,
    first_lines,
    flips,
    groups,
    open_yet,
)
from .sql_stages import column
from .tables import record
from .writing import part_of

TYPES = {
    "boolean": "BOOLEAN",
    "string": "VARCHAR",
    "date": "DATE",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "timestamp": INSTANT,
}
"""The names that DuckDB has for Spark's types."""
CASES, DECIDED = "replayed", "decided"
PATTERN = re.compile(r"[\\\[\]{}*?]")
"""What a path may not hold as it is: Spark would take it for several."""
SETTINGS: dict[str, bool | float | int | str | None] = {
    "spark.ui.enabled": "false",
    "spark.log.level": "OFF",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
}


def replay(task: Task) -> Replay:
    """Decide all cases of a Parquet file under both versions.

    Raises PolicyError and OSError; then no file is written.
    """
    with task.path.open("rb"), session() as spark, in_our_words(task):
        given = input_of(task, spark)
        check_column(task, given)
        found = both(given, (task.old, task.new), task.question, SPARK)
        spark.udf.register(LOOK, Interpreter(found).look, ArrayType(StringType()))
        with all_cases(spark, found) as cases:
            work = Work(spark, task, found, cases)
            counted = work.groups()
            done = made(task, found, counted, work.examples(lines_to_show(flows(counted))))
            if task.output:
                work.write(task.output)
        return done


@contextmanager
def session() -> Iterator[SparkSession]:
    """Give the session of Spark that runs here already, or one on this machine."""
    java = Path(os.environ.get("JAVA_HOME", ""), "bin/java")
    if not (java.is_file() or shutil.which("java")):
        raise PolicyError("Spark needs Java 17, which isn't there: install it, or set `JAVA_HOME`")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    running = SparkSession.getActiveSession()
    if running:
        yield running
        return
    spark = SparkSession.builder.appName("refund replay").config(map=SETTINGS).getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


@contextmanager
def in_our_words(task: Task) -> Iterator[None]:
    """Say what went wrong on Spark with the place."""
    try:
        yield
    except (PySparkException, Py4JJavaError) as error:
        for number in NO_ROOM:
            if os.strerror(number) in str(error):
                file = str(task.output or task.path)
                raise OSError(number, os.strerror(number), file) from None
        words = error.java_exception.getMessage() if isinstance(error, Py4JJavaError) else error
        raise PolicyError(f"`{task.path}`: {in_short(words)}") from None


# ---------------------------------------------------------------- the cases


def input_of(task: Task, spark: SparkSession) -> Input:
    """Return the cases of a file; raises PolicyError when its columns don't fit."""
    data = spark.read.parquet(PATTERN.sub(r"\\\g<0>", str(task.path)))
    own = {name: spark_functions.col(f"`{name.replace('`', '``')}`") for name in data.columns}
    wanted = {name: spark_functions.expr(text) for name, text in task.expressions.items()}
    facts = {name: {**own, **wanted}[name] for name in task.facts if name in {**own, **wanted}}
    line = (spark_functions.col("_metadata.row_index") + 1).alias("line")
    cases = data.select(
        line,
        *(sql.alias(f"fact {name}") for name, sql in facts.items()),
        *(sql.alias(f"own {name}") for name, sql in own.items()),
    )
    cases.createOrReplaceTempView(CASES)
    types = dict(cases.dtypes)
    typed = {name: typed_column(f"fact {name}", types[f"fact {name}"]) for name in facts}
    return Input(
        table=exp.select("*").from_(CASES).subquery("cases"),
        passing=tuple(types),
        find=lambda fact: find(typed, fact),
        text=exp.array(*(exp.cast(item.sql, "VARCHAR") for item in typed.values())),
        record=lambda number, cells: record(number, typed, cells),
        own=tuple(own),
    )


def typed_column(name: str, kind: str) -> Typed:
    """Return a column with the name that DuckDB has for its type."""
    return Typed(column(name), TYPES.get(kind, kind.upper()))


def find(typed: dict[str, Typed], fact: Fact) -> Source:
    """Return where a fact stands; raises PolicyError when its type doesn't go with it."""
    if fact.name not in typed:
        return nowhere(fact)
    found = typed[fact.name]
    if found.type == "VARCHAR" and fact.type.kind == "choice":
        return Source(found.sql, found.sql)
    if found.type in ("VARCHAR", INSTANT):
        kept = HELP[fact.type.kind].partition(", or")[0]
        raise PolicyError(f"column of `{fact.name}`: it holds {found.type}: on Spark {kept}")
    return from_column(fact, found)


# ---------------------------------------------------------------- the run


@contextmanager
def all_cases(spark: SparkSession, found: Both) -> Iterator[exp.Query]:
    """Give the query of all cases, with the interpreter where SQL leaves any open.

    What SQL decides is kept meanwhile: otherwise Spark would write its conditions out into every
    filter. It doesn't find what is kept where the stages of a query stand in a `WITH`, so here they
    nest.
    """
    kept = spark.sql(decided_in_sql(found).sql("spark")).persist()
    try:
        kept.createOrReplaceTempView(DECIDED)
        left = exp.select("line").from_(DECIDED).where(open_yet(found)).limit(1)
        some = spark.sql(left.sql("spark")).collect()
        yield decided_apart(found, DECIDED) if some else exp.select("*").from_(DECIDED)
    finally:
        kept.unpersist()


@dataclass(frozen=True, slots=True)
class Work:
    """Both versions of a question on Spark: `cases` is the query of all cases."""

    spark: SparkSession
    task: Task
    found: Both
    cases: exp.Query

    def frame(self, query: exp.Query) -> DataFrame:
        """Return what a query gives."""
        return self.spark.sql(query.sql("spark"))

    def rows(self, query: exp.Query) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return [tuple(row) for row in self.frame(query).collect()]

    def groups(self) -> list[Group]:
        """Return the groups of cases."""
        rows = self.rows(groups(self.found, self.cases, self.task.by))
        check_values(self.task, rows)
        lines: dict[tuple[Any, ...], list[int]] = {row[:4]: [] for row in rows}
        for *key, line in self.rows(first_lines(self.found, self.cases, self.task.by)):
            lines[tuple(key)].append(line)
        return [group(self.found, row, sorted(lines[row[:4]])) for row in rows]

    def examples(self, lines: list[int]) -> list[Example]:
        """Return the cases that stand in some lines."""
        rows = self.rows(examples(self.found, self.cases, lines)) if lines else []
        return [example(self.found, *row) for row in rows]

    def write(self, output: Path) -> None:
        """Write the cases that change to one Parquet file, which is whole or not there."""
        select = flips(self.found, self.cases, typed=True)
        check_names(self.found, select)
        with part_of(output) as part:
            folder = part.with_suffix(".spark")
            try:
                whole = self.frame(select.order_by("line")).coalesce(1)
                whole.write.parquet(str(folder))
                next(folder.glob("*.parquet")).replace(part)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
