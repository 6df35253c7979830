"""Many cases for the command `refund decide`: line by line, or on DuckDB."""

import atexit
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from .options import is_compressed, missing_of, needs_extra, opened
from .reading import MANY
from .versions import Policy

if TYPE_CHECKING:
    from .batch_query import Job
    from .many import Answer
    from .reading import Record

LARGE = 8 * 2**20
"""Below so many bytes a text file is decided faster than DuckDB starts."""
PARQUET_ENDING = ".parquet"
TABLES = (".csv", PARQUET_ENDING)
EXTRA = ("duckdb", "numpy", "sqlglot")


def decide_many(policy: Policy, case: str, form: str, options: Mapping[str, Any]) -> int:
    """Decide many cases and return the exit status."""
    from .writing import WRITERS  # noqa: PLC0415 - only needed here

    output: Path | None = options["output"]
    if output and output.suffix.lower() not in (*WRITERS, PARQUET_ENDING):
        known = ", ".join((*WRITERS, PARQUET_ENDING))
        raise click.UsageError(f"`{output}`: many decisions are written as {known}")
    if output and output.exists() and case != "-" and output.samefile(case):
        raise click.UsageError(f"`{output}` is the input: write the decisions to another file")
    with stopped_cleanly():
        if not on_duckdb(case, form, options):
            return line_by_line(policy, case, form, options)
        atexit.unregister(gc.freeze)  # DuckDB complains of what isn't tidied up at the end
        job = job_of(policy, case, form, options)
        if output is None or output.suffix.lower() not in TABLES:
            return row_by_row(job, options)
        return whole_table(job, options)


@contextmanager
def stopped_cleanly() -> Iterator[None]:
    """Let a run that is told to stop remove what it has begun to write."""
    if current_thread() is not main_thread():  # where Python sets no signals
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


# ---------------------------------------------------------------- on DuckDB


def on_duckdb(case: str, form: str, options: Mapping[str, Any]) -> bool:
    """Return whether DuckDB reads the cases: it has to for columns, and pays for a large text."""
    if not needs_duckdb(case, form, options):
        to_csv = options["output"] and options["output"].suffix.lower() == ".csv"
        return to_csv and is_large(case) and not missing_of(*EXTRA)
    needs_extra(*EXTRA)
    if case == "-":
        what = "--column, --keep and .parquet"
        raise click.UsageError(f"{what} need a file: write standard input to one first")
    return True


def needs_duckdb(case: str, form: str, options: Mapping[str, Any]) -> bool:
    """Return whether only DuckDB can read the cases, or write the answers."""
    output: Path | None = options["output"]
    to_parquet = output is not None and output.suffix.lower() == PARQUET_ENDING
    columns = options["column"] or options["keep"]
    return bool(columns) or to_parquet or form == "parquet" or is_compressed(case)


def is_large(case: str) -> bool:
    """Return whether a file is so large that DuckDB pays."""
    return case != "-" and Path(case).exists() and Path(case).stat().st_size >= LARGE


def job_of(policy: Policy, case: str, form: str, options: Mapping[str, Any]) -> "Job":
    """Return what is to do."""
    from .batch_query import Job  # noqa: PLC0415 - the extra `batch`
    from .tables import Wanted  # noqa: PLC0415 - ditto

    return Job(
        policy=policy,
        question=policy.question_name(options["question"], options["version"]),
        version=options["version"],
        path=Path(case),
        form=form,
        wanted=Wanted(dict(map(expression, options["column"])), options["keep"]),
    )


def expression(text: str) -> tuple[str, str]:
    """Return the fact and the expression of `--column`."""
    fact, equals, found = text.partition("=")
    if not equals or not found.strip():
        raise click.UsageError(f"`{text}`: write --column FACT=EXPRESSION")
    return fact.strip(), found


def whole_table(job: "Job", options: Mapping[str, Any]) -> int:
    """Decide all cases in one query and return the exit status."""
    from .batch import decide_table  # noqa: PLC0415 - the extra `batch`
    from .errors import UnusualTextError  # noqa: PLC0415 - ditto

    wrong, output = 0, options["output"]
    try:
        with bar(100, hidden=False) as show:
            found = decide_table(job, output, lambda share: show(round(100 * share)))
        for line, error in found:
            click.echo(f"{job.row} {line}: error: {error}", err=True)
            wrong = 1
    except UnusualTextError:
        if needs_duckdb(str(job.path), job.form, options):
            raise
        return line_by_line(job.policy, str(job.path), job.form, options)
    return wrong


def row_by_row(job: "Job", options: Mapping[str, Any]) -> int:
    """Decide the rows of a table one after the other and return the exit status."""
    from .batch import rows  # noqa: PLC0415 - the extra `batch`

    with rows(job) as found:
        return one_by_one(job.policy, found, options, lambda: None, row=job.row)


# ---------------------------------------------------------------- line by line


def line_by_line(policy: Policy, case: str, form: str, options: Mapping[str, Any]) -> int:
    """Decide a stream of cases and return the exit status."""
    hidden = sys.stdout.isatty() and not options["output"]
    question = policy.question_name(options["question"], options["version"])
    with opened(case) as stream, progress(stream, hidden=hidden) as advance:
        records = MANY[form](stream, policy.fact_names(question, options["version"]))
        return one_by_one(policy, records, options, advance)


def one_by_one(
    policy: Policy,
    records: Iterable["Record"],
    options: Mapping[str, Any],
    advance: Callable[[], None],
    *,
    row: str = "line",
) -> int:
    """Decide records, write the answers, and return the exit status."""
    from .many import answer  # noqa: PLC0415 - only needed here
    from .writing import WRITERS, json_lines, text_lines, whole_file  # noqa: PLC0415 - ditto

    output, version = options["output"], options["version"]
    question = policy.question_name(options["question"], version)
    columns = policy.output_names(question, version)
    found = (answer(policy, question, version, record) for record in records)
    if output:
        with whole_file(output) as out:
            return written(found, WRITERS[output.suffix.lower()](out, columns), advance, row)
    plain = sys.stdout.isatty() and not options["as_json"]
    write = (text_lines if plain else json_lines)(sys.stdout, columns)
    return written(found, write, advance, row)


def written(
    found: Iterable["Answer"],
    write: Callable[["Answer"], None],
    advance: Callable[[], None],
    row: str,
) -> int:
    """Write every answer and report the wrong ones; return the exit status."""
    wrong = 0
    for answer in found:
        write(answer)
        if answer.error:
            wrong = 1
            click.echo(f"{row} {answer.line}: error: {answer.error}", err=True)
        advance()
    return wrong


@contextmanager
def progress(stream: BinaryIO, *, hidden: bool) -> Iterator[Callable[[], None]]:
    """Show on a terminal how far a file is read; yields what to call after each line.

    Hidden where the decisions themselves appear on the terminal.
    """
    size = os.fstat(stream.fileno()).st_size if stream.seekable() else 0
    with bar(size, hidden=hidden) as show:
        yield lambda: show(stream.tell()) if size else None


@contextmanager
def bar(size: int, *, hidden: bool) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how much of something is done; yields what to call with how much is."""
    if hidden or not size or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=size, file=sys.stderr, label="deciding") as found:
        yield lambda done: found.update(done - found.pos)
