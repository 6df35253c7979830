"""Millions of cases: the SQL made of the policy beside SQL, NumPy and Polars by hand.

All read the same cases from a Parquet file and give outcome, rule, amount and due date, once to be
counted and once into another Parquet file, in rounds that take turns, after their answers were
compared. Time is that of the processor, which other work on the machine hardly changes; memory is
that of a process each. Ways whose libraries aren't installed are left out.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import process_time

import duckdb
from duckdb.func import FunctionNullHandling
from sqlglot import exp

from refund_policy import load
from refund_policy.engine.batch_query import Job, query
from refund_policy.engine.tables import Wanted

from .tables import table
from .volume_sql import BY_HAND, CASES, CHECKED, TRUSTED

ROWS, ROUNDS = 10_000_000, 7
POLICY = load(Path(__file__).parent.parent / "policies")
NAMES = ("outcome", "rule", "refund_amount", "respond_by")
COUNT = "SELECT count(outcome), sum(length(rule)), sum(refund_amount), max(respond_by) FROM ({})"
COPY = "COPY ({}) TO '{}' (FORMAT parquet)"
OURS, HAND = "**refund-policy**", "DuckDB by hand"
Way = Callable[[Path, Path | None], object]
"""Decides the cases of a file, and writes the answers to another or returns what is counted."""


@dataclass(frozen=True, slots=True)
class Volume:
    """Millions of cases a second of the processor, and mebibytes: counted, then written."""

    speeds: tuple[float, float]
    memory: tuple[float, float]


# ---------------------------------------------------------------- the ways


def in_sql(make: Callable[[Path], str], path: Path, output: Path | None) -> object:
    """Decide with a query of DuckDB."""
    sql = make(path)
    run = COUNT.format(sql) if output is None else COPY.format(sql, output)
    return database().execute(run).fetchone()


@cache
def database() -> duckdb.DuckDBPyConnection:
    """Return the database in which all queries run."""
    found = duckdb.connect()
    found.create_function(
        "look",
        lambda _line, _text: sys.exit("a case is left open"),
        ["BIGINT", "VARCHAR[]"],
        "VARCHAR[]",
        null_handling=FunctionNullHandling.SPECIAL,
        side_effects=True,
    )
    return found


@cache
def generated(path: Path) -> str:
    """Return the SQL that `refund decide` runs, for the same columns."""
    job = Job(
        policy=POLICY, question="refund", version=None, path=path, form="parquet", wanted=Wanted({})
    )
    found = query(job, job.input(database()), typed=True)
    return exp.select(*NAMES).from_(found.subquery("answers")).sql("duckdb")


def by_hand(parts: Mapping[str, str], path: Path) -> str:
    """Return the SQL written by hand."""
    return BY_HAND.format(**parts).replace("FROM cases", f"FROM '{path}'")


def ways() -> dict[str, Way]:
    """Return each way to decide."""
    found: dict[str, Way] = {
        OURS: partial(in_sql, generated),
        HAND: partial(in_sql, partial(by_hand, CHECKED)),
        "DuckDB by hand, every case trusted": partial(in_sql, partial(by_hand, TRUSTED)),
    }
    if find_spec("polars") and find_spec("pyarrow"):
        from .volume_arrays import with_numpy, with_polars  # noqa: PLC0415 - may be missing

        found |= {"NumPy by hand": with_numpy, "Polars by hand": with_polars}
    return found


# ---------------------------------------------------------------- measuring


def make_cases(folder: Path, rows: int) -> Path:
    """Write cases to a file, and return where it is."""
    path = folder / "cases.parquet"
    duckdb.execute(COPY.format(CASES.format(rows=rows), path))
    return path


def seconds(way: Way, path: Path, output: Path | None) -> float:
    """Return how much of the processor's time a way takes."""
    start = process_time()
    way(path, output)
    return process_time() - start


def megabytes(name: str, path: Path, output: Path | None) -> float:
    """Return the largest memory of a process that decides in one way, over one that only starts."""
    command = [sys.executable, "-m", "benchmarks.volume", name, str(path), str(output or "")]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def alone(name: str, path: Path, output: Path | None) -> None:
    """Decide in one way, and print the memory that this took."""
    way = ways()[name]
    before = peak()
    way(path, output)
    print(peak() - before)
    database().close()
    database.cache_clear()


def peak() -> float:
    """Return the largest memory that this process had, in mebibytes."""
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def measured(rows: int = ROWS) -> dict[str, Volume]:
    """Compare all answers, and return what each way takes."""
    with tempfile.TemporaryDirectory() as folder:
        path, output = make_cases(Path(folder), rows), Path(folder, "answers.parquet")
        found = ways()
        compared(found, path, output)
        times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in found}
        for _ in range(ROUNDS):
            for name, way in found.items():
                times[name][0].append(seconds(way, path, None))
                times[name][1].append(seconds(way, path, output))
        database().close()
        database.cache_clear()
        return {
            name: Volume(
                (rows / 1e6 / median(counted), rows / 1e6 / median(written)),
                (megabytes(name, path, None), megabytes(name, path, output)),
            )
            for name, (counted, written) in times.items()
        }


def compared(found: Mapping[str, Way], path: Path, output: Path) -> None:
    """Stop where what is counted or written differs from what is counted by hand."""
    wanted = found[HAND](path, None)
    for name, way in found.items():
        way(path, output)
        written = duckdb.execute(COUNT.format(f"FROM '{output}'")).fetchone()
        if not way(path, None) == written == wanted:
            sys.exit(f"{name} disagrees: {way(path, None)}, {written}, {wanted}")


def shown(found: Mapping[str, Volume]) -> str:
    """Return the speeds as a table, the quickest way first."""
    hand = found[HAND]
    rows = [
        (
            name,
            *(
                cell
                for n in (0, 1)
                for cell in (
                    f"{one.speeds[n]:.1f}",
                    f"{one.speeds[n] / hand.speeds[n]:.2f}",
                    f"{one.memory[n]:.0f}",
                )
            ),
        )
        for name, one in sorted(found.items(), key=lambda item: -item[1].speeds[0])
    ]
    return table(
        ("millions of cases", "counted", "× hand", "MiB", "written", "× hand", "MiB"), rows
    )


if __name__ == "__main__":
    name, path, output = sys.argv[1:]
    alone(name, Path(path), Path(output) if output else None)
