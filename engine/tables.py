"""Tables as DuckDB reads them: which column is which fact, and whether its type goes with that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

from .errors import PolicyError, nearest
from .lines import Input
from .model import Fact
from .reading import Record
from .sql_facts import Source, nowhere
from .sql_numbers import UNIT, Sql
from .sql_reading import Typed, as_text, called, from_column, written
from .sql_stages import column, named
from .values import Cell, quoted

ALL = "*"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a table: facts by expressions over it, and columns of its own to keep."""

    expressions: Mapping[str, str]
    keep: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.expressions or self.keep)


@dataclass(frozen=True, slots=True)
class Table:
    """A file with columns, and the facts that are asked for."""

    database: duckdb.DuckDBPyConnection
    path: Path
    form: str
    facts: tuple[str, ...]
    wanted: Wanted

    def rows(self) -> exp.Select:
        """Return the query that reads all of it, each row with its number."""
        path = written(str(self.path))
        if self.form == "parquet":
            numbered = exp.EQ(this=exp.to_identifier("file_row_number"), expression=exp.true())
            read = exp.Anonymous(this="READ_PARQUET", expressions=[path, numbered])
            line: Sql = column("file_row_number") + UNIT
        else:
            options = ("header", "all_varchar", "strict_mode")
            settings = [
                exp.EQ(this=exp.to_identifier(name), expression=exp.true()) for name in options
            ]
            read = exp.Anonymous(this="READ_CSV", expressions=[path, *settings])
            line = exp.Window(this=exp.RowNumber()) + UNIT
        return exp.select(named(line, "line")).from_(read)

    def types(self, rows: exp.Select) -> dict[str, str]:
        """Return the columns of a query with their types."""
        found = self.database.execute(f"DESCRIBE {rows.sql('duckdb')}").fetchall()
        return {name: kind for name, kind, *_ in found}

    def extremes(self) -> dict[str, tuple[str, ...]]:
        """Return the smallest and largest values of a column's parts, where the file tells all."""
        if self.form != "parquet":
            return {}
        parts = "SELECT path_in_schema, list(stats_min_value), list(stats_max_value)"
        told = f"{parts} FROM parquet_metadata({written(str(self.path)).sql('duckdb')}) GROUP BY 1"
        found = self.database.execute(told).fetchall()
        return {name: (*least, *most) for name, least, most in found if None not in least + most}

    def cases(self) -> Input:
        """Return the cases; raises PolicyError when the columns don't fit."""
        rows = self.rows()
        try:
            header = [*self.types(rows.select("*"))]
            extremes = self.extremes()
        except duckdb.Error as error:
            raise PolicyError(f"`{self.path}`: {in_short(error)}") from None
        header = [name for name in header if name not in ("line", "file_row_number")]
        self.check(header)
        keep = header if ALL in self.wanted.keep else [*self.wanted.keep]
        sources = {name: self.source(name, header) for name in self.facts}
        found = {name: sql for name, sql in sources.items() if sql is not None}
        facts = {name: f"fact {name}" for name in found}
        read = [named(sql, facts[name]) for name, sql in found.items()]
        read += [named(column(name), f"own {name}") for name in keep]
        rows = rows.select(*read)
        types = self.types(rows)
        own = {name: told for name, told in extremes.items() if name not in self.wanted.expressions}
        typed = {
            name: Typed(column(alias), types[alias], own.get(name, ()))
            for name, alias in facts.items()
        }
        return Input(
            table=rows.subquery("cases"),
            passing=tuple(types),
            find=lambda fact: find(typed, fact),
            text=called("LIST_VALUE", *map(as_text, typed.values())),
            record=lambda line, cells: record(line, typed, cells),
            own=tuple(keep),
        )

    def check(self, header: Sequence[str]) -> None:
        """Raise PolicyError when a column is no fact, unless it may be there for another reason."""
        for name in self.wanted.expressions:
            if name not in self.facts:
                raise PolicyError(f"{quoted(name)} is no fact: {hint(name, self.facts)}")
        for name in self.wanted.keep:
            if name not in (*header, ALL):
                raise PolicyError(f"there is no column {quoted(name)}: {hint(name, header)}")
        if not self.wanted.anything:
            for name in header:
                if name not in self.facts:
                    raise PolicyError(f"column {quoted(name)} is no fact: {hint(name, self.facts)}")

    def source(self, fact: str, header: Sequence[str]) -> Sql | None:
        """Return where a fact stands; None where the table doesn't have it."""
        if fact not in self.wanted.expressions:
            return column(fact) if fact in header else None
        text = self.wanted.expressions[fact]
        try:
            found = exp.paren(sqlglot.parse_one(text, dialect="duckdb"))
            self.types(self.rows().select(found))
        except (sqlglot.errors.SqlglotError, duckdb.Error) as error:
            raise PolicyError(f"column of `{fact}`: {quoted(text)}: {in_short(error)}") from None
        return found


def find(typed: Mapping[str, Typed], fact: Fact) -> Source:
    """Return where a fact stands."""
    return from_column(fact, typed[fact.name]) if fact.name in typed else nowhere(fact)


def record(line: int, facts: Mapping[str, Typed], cells: Sequence[str | None]) -> Record:
    """Return a row as Python reads it."""
    given = zip(facts, cells, strict=True)
    return Record(line, {name: Cell(cell) for name, cell in given if cell is not None})


def hint(name: str, known: Sequence[str]) -> str:
    """Return which names there are."""
    return nearest(name, known) or "there are " + ", ".join(f"`{word}`" for word in known)


def in_short(error: object) -> str:
    """Return the first line of somebody else's error, without what kind it calls it.

    >>> in_short(ValueError("Binder Error: No such column!"))
    'no such column'
    """
    first = str(error).strip().splitlines()[0].rpartition(" Error: ")[2].rstrip(".!")
    return first[:1].lower() + first[1:]
