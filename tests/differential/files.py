"""The batch path as targets: files of cases in, decided on DuckDB, files of answers out."""

import csv as tables
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

import duckdb

from differential.asked import Asked, Got, Said, in_text
from refund_policy.engine import batch
from refund_policy.engine.batch_query import Job
from refund_policy.engine.model import Kind
from refund_policy.engine.reading import MANY
from refund_policy.engine.sql_facts import sql_type
from refund_policy.engine.tables import Wanted

OTHER_TYPES: Mapping[Kind, Sequence[str]] = {
    "yes_no": ("VARCHAR",),
    "choice": ("VARCHAR",),
    "date": ("VARCHAR", "TIMESTAMP WITH TIME ZONE"),
    "whole_number": ("VARCHAR", "SMALLINT", "UBIGINT", "DECIMAL(12, 3)"),
    "decimal": ("VARCHAR", "DECIMAL(9, 4)", "INTEGER"),
    "money": ("VARCHAR", "DECIMAL(9, 4)", "INTEGER"),
}


def csv(asked: Asked, folder: Path) -> Iterator[Got]:
    """Decide a table of text."""
    given = folder / "cases.csv"
    write_table(given, asked)
    return by_text(asked, given, "csv", first=2)


def jsonl(asked: Asked, folder: Path) -> Iterator[Got]:
    """Decide lines of JSON."""
    given = folder / "cases.jsonl"
    given.write_text("".join(json.dumps(case) + "\n" for case in asked.cases), "utf-8")
    return by_text(asked, given, "jsonl", first=1)


def by_text(asked: Asked, given: Path, form: str, first: int) -> Iterator[Got]:
    """Decide lines of text, and pair the answers with the cases as Python reads them."""
    if not asked.facts:
        return
    said = decided(asked, given, form, given.with_name("answers.csv"))
    names = asked.policy.fact_names(asked.question)
    with given.open("rb") as stream:
        for record in MANY[form](stream, names):
            yield Got(record.line - first, record, said[record.line])


def parquet(asked: Asked, folder: Path) -> Iterator[Got]:
    """Decide a table with types, of which some aren't the usual ones."""
    if not asked.facts:
        return
    draw = Random(len(asked.cases))  # noqa: S311 - no secret
    some = [name for name in asked.facts if draw.random() < 1 / 3]
    types = {name: draw.choice(OTHER_TYPES[asked.facts[name].type.kind]) for name in some}
    given = write_parquet(folder / "cases.parquet", asked, types)
    said = decided(asked, given, "parquet", folder / "answers.parquet")
    with batch.rows(job(asked, given, "parquet")) as records:
        for record in records:
            yield Got(record.line - 1, record, said[record.line])


# ---------------------------------------------------------------- files in


def write_table(path: Path, asked: Asked) -> None:
    """Write the cases as a table of text; a name that is no fact has no column."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = tables.writer(stream, lineterminator="\n")
        rows.writerow([*asked.facts])
        rows.writerows([cell(case.get(name)) for name in asked.facts] for case in asked.cases)


def cell(value: object) -> str:
    """Return a value as a cell of a table."""
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def write_parquet(path: Path, asked: Asked, types: Mapping[str, str], *own: str) -> Path:
    """Write the cases as Parquet, numbered if asked; what doesn't fit its column is unknown."""
    numbers = [*range(len(asked.cases))]
    cells = [[cell(case.get(name)) or None for case in asked.cases] for name in asked.facts]
    texts = [f"UNNEST(?::VARCHAR[]) AS c{place}" for place in range(len(cells))]
    columns = [
        f"TRY_CAST(c{place} AS {types.get(name, sql_type(fact.type))}) AS {quoted(name)}"
        for place, (name, fact) in enumerate(asked.facts.items())
    ]
    read = f"SELECT {', '.join(['UNNEST(?::INT[]) AS number', *texts])}"
    with duckdb.connect() as database:
        select = f"SELECT {', '.join([*own, *columns])} FROM ({read}) ORDER BY number"  # noqa: S608
        database.execute(f"CREATE TABLE cases AS {select}", [numbers, *cells])
        database.execute(f"COPY cases TO '{path}' (FORMAT parquet)")
    return path


def quoted(name: str) -> str:
    """Return a name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


# ---------------------------------------------------------------- answers out


def job(asked: Asked, given: Path, form: str) -> Job:
    """Return what is to do with a file."""
    return Job(
        policy=asked.policy,
        question=asked.question,
        version=None,
        path=given,
        form=form,
        wanted=Wanted({}),
    )


def decided(asked: Asked, given: Path, form: str, output: Path) -> dict[int, Said]:
    """Decide a file, and return the answers by line."""
    for _ in batch.decide_table(job(asked, given, form), output, lambda _: None):
        pass
    names = asked.policy.output_names(asked.question)
    return {int(str(row["line"])): said(row, names) for row in rows_of(output)}


def rows_of(output: Path) -> list[dict[str, object]]:
    """Return the rows of a file of answers."""
    if output.suffix == ".csv":
        with output.open(encoding="utf-8", newline="") as stream:
            return [dict(row) for row in tables.DictReader(stream)]
    found = duckdb.execute(f"FROM '{output}'")
    names = [name for name, *_ in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def said(row: Mapping[str, object], outputs: Sequence[str]) -> Said:
    """Return a row of answers in the common form."""

    def text(name: str) -> str:
        return str(row.get(name) or "")

    return Said(
        outcome=text("outcome"),
        rule=text("rule"),
        outputs=in_text({name: row.get(name) for name in outputs}),
        missing=tuple(text("missing").split()),
        version=text("version"),
        digest=text("digest"),
        error=text("error"),
    )
