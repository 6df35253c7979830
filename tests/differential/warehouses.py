"""The query for a warehouse as targets: run on DuckDB, PostgreSQL and Spark, where they are."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import duckdb as library

from differential.asked import Asked, Got
from differential.files import quoted, said, write_parquet
from refund_policy.engine.reading import Record
from refund_policy.engine.sql_facts import sql_type
from refund_policy.engine.to_sql import Asked as Wanted
from refund_policy.engine.to_sql import to_sql

Row = Mapping[str, Any]
BIN = next(Path("/usr/lib/postgresql").glob("*/bin"), Path("/usr/local/bin"))
WATCH = 'exec 3<&0; { cat <&3; "$0" -D "$1/data" -m immediate stop; rm -rf "$1"; } &'


def duckdb(asked: Asked, folder: Path) -> Iterator[Got]:
    """Decide by the query for DuckDB."""
    return answered(asked, folder, "duckdb", on_duckdb)


def postgres(asked: Asked, folder: Path) -> Iterator[Got]:
    """Decide by the query for PostgreSQL."""
    return answered(asked, folder, "postgres", on_postgres)


def spark(asked: Asked, folder: Path) -> Iterator[Got]:
    """Decide by the query for Spark."""
    return answered(asked, folder, "spark", on_spark)


def answered(
    asked: Asked, folder: Path, dialect: str, run: Callable[[Asked, Path, str], Sequence[Row]]
) -> Iterator[Got]:
    """Store the cases in columns, and pair the answers with the cases as they are stored."""
    path = write_parquet(folder / "cases.parquet", asked, {}, "number AS row")
    stored = library.execute(f"SELECT * FROM '{path}' ORDER BY row").fetchall()  # noqa: S608
    query = to_sql(asked.versions, asked.question, Wanted(dialect, ("row",)))
    rows = {row["row"]: row for row in run(asked, path, query)}
    outputs = asked.policy.output_names(asked.question)
    for number, *values in stored:
        given = zip(asked.facts, values, strict=True)
        facts = {name: value for name, value in given if value is not None}
        yield Got(number, Record(number, facts), said(rows[number], outputs))


# ---------------------------------------------------------------- DuckDB


def on_duckdb(_: Asked, path: Path, query: str) -> list[Row]:
    """Run a query over a file."""
    with library.connect() as database:
        database.execute(f"CREATE VIEW cases AS FROM '{path}'")
        found = database.execute(query)
        names = [name for name, *_ in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


# ---------------------------------------------------------------- PostgreSQL


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server of our own, on a socket in a folder."""

    folder: str
    user: str | None

    def run(self, *command: str, script: str = "") -> str:
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            input=script.encode(),
            capture_output=True,
            user=self.user,
            cwd=self.folder,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def start(self) -> None:
        """Start, with a watch that stops the server when this process ends, however it does."""
        until_the_end, _ = os.pipe()  # nobody else has its other side
        subprocess.run(
            ["/bin/sh", "-c", WATCH, str(BIN / "pg_ctl"), self.folder],
            stdin=until_the_end,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self.user,
            start_new_session=True,
            check=True,
        )
        os.close(until_the_end)
        self.run("initdb", "-D", f"{self.folder}/data", "-E", "UTF8", "--no-sync")
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c jit=off"
        files = ["-D", f"{self.folder}/data", "-l", f"{self.folder}/log"]
        self.run("pg_ctl", *files, "-o", options, "-w", "start")

    def sql(self, script: str) -> str:
        options = ["-qXAt", "-v", "ON_ERROR_STOP=1", "-h", self.folder]
        return self.run("psql", *options, "postgres", script=script)


def postgres_is_there() -> bool:
    """Return whether PostgreSQL is installed (`apt-get install postgresql`)."""
    return (BIN / "initdb").exists()


@cache
def server() -> Server:
    """Return a server that runs until this process ends."""
    folder = mkdtemp()
    user = "postgres" if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    found = Server(folder, user)
    found.start()
    return found


def on_postgres(asked: Asked, path: Path, query: str) -> list[Row]:
    """Run a query over a table of the same cases; each row comes back as JSON."""
    text = path.with_suffix(".csv")
    library.execute(f"COPY (FROM '{path}') TO '{text}' (HEADER false)")
    columns = [f"{quoted(fact.name)} {sql_type(fact.type)}" for fact in asked.facts.values()]
    found = server().sql(
        f"DROP TABLE IF EXISTS cases; CREATE TABLE cases ({', '.join(['row INT', *columns])});\n"
        f"COPY cases FROM STDIN WITH CSV;\n{text.read_bytes().decode()}\\.\n"
        f"SELECT row_to_json(found) FROM ({query}) AS found;"
    )
    return [json.loads(line, parse_float=Decimal) for line in found.strip("\n").split("\n")]


# ---------------------------------------------------------------- Spark


def spark_is_there() -> bool:
    """Return whether Spark and what it runs on are installed (`pip install pyspark`, Java)."""
    return find_spec("pyspark") is not None and shutil.which("java") is not None


@cache
def session() -> Any:  # noqa: ANN401 - pyspark may not be there
    """Return a Spark of our own that runs until this process ends."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - it may not be there

    settings: dict[str, bool | float | int | str | None] = {
        "spark.master": "local[1]",
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
    }
    return SparkSession.builder.config(map=settings).getOrCreate()


def on_spark(_: Asked, path: Path, query: str) -> list[Row]:
    """Run a query over a file."""
    session().read.parquet(str(path)).createOrReplaceTempView("cases")
    return [row.asDict() for row in session().sql(query).collect()]
