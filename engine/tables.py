"""Tables as DuckDB reads them: which column is which fact, and whether its type goes with that."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

from .errors import PolicyError, nearest
from .foreign import in_short
from .lines import COMMAS, Input, first_line, read_csv
from .model import Fact
from .reading import Record, cells
from .sql_facts import Source, nowhere
from .sql_numbers import UNIT, Sql
from .sql_reading import Typed, as_text, called, file, from_column, read_file
from .sql_stages import column, named
from .values import Cell, quoted

ALL = "*"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a table: facts by expressions over it, and columns of its own to keep.

    `strict` tells that a column that is neither is a mistake where nothing is asked for.
    """

    expressions: Mapping[str, str]
    keep: tuple[str, ...] = ()
    strict: bool = True

    @property
    def anything(self) -> bool:
        """Whether anything is asked for, so that other columns are no mistake."""
        return bool(self.expressions or self.keep or not self.strict)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with columns, and the facts that are asked for.

    `rows` is the query of them, with `line` and no other column yet; `own` reads one to keep.
    `extremes` are the smallest and largest values of a column's parts, where the file tells all.
    """

    database: duckdb.DuckDBPyConnection
    rows: exp.Select
    header: tuple[str, ...]
    facts: tuple[str, ...]
    wanted: Wanted
    own: Callable[[str], Sql] = column
    extremes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def types(self, rows: exp.Select) -> dict[str, str]:
        """Return the columns of a query with their types."""
        found = self.database.execute(f"DESCRIBE {rows.sql('duckdb')}").fetchall()
        return {name: kind for name, kind, *_ in found}

    def cases(self) -> Input:
        """Return the cases; raises PolicyError when the columns don't fit."""
        keep = self.header if ALL in self.wanted.keep else dict.fromkeys(self.wanted.keep)
        sources = {name: self.source(name) for name in self.facts}
        found = {name: sql for name, sql in sources.items() if sql is not None}
        facts = {name: f"fact {name}" for name in found}
        read = [named(sql, facts[name]) for name, sql in found.items()]
        read += [named(self.own(name), f"own {name}") for name in keep]
        rows = self.rows.select(*read)
        types = self.types(rows)
        asked = self.wanted.expressions
        own = {name: told for name, told in self.extremes.items() if name not in asked}
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

    def source(self, fact: str) -> Sql | None:
        """Return where a fact stands; None where the table doesn't have it."""
        if fact not in self.wanted.expressions:
            return column(fact) if fact in self.header else None
        text = self.wanted.expressions[fact]
        try:
            found = exp.paren(sqlglot.parse_one(text, dialect="duckdb"))
            self.types(self.rows.select(found))
        except sqlglot.errors.SqlglotError as error:
            raise PolicyError(f"column of `{fact}`: {quoted(text)}: {in_short(error)}") from None
        except duckdb.Error as error:
            said = self.unknown(found) or in_short(error)
            raise PolicyError(f"column of `{fact}`: {quoted(text)}: {said}") from None
        return found

    def unknown(self, sql: exp.Expression) -> str:
        """Return which column of an expression isn't there; "" for none."""
        known = {name.lower() for name in self.header}
        names = (item.name for item in sql.find_all(exp.Column) if not item.table)
        name = next((name for name in names if name.lower() not in known), "")
        return name and f"there is no column {quoted(name)}: {hint(name, self.header)}"


def parquet_table(
    database: duckdb.DuckDBPyConnection, path: Path, facts: tuple[str, ...], wanted: Wanted
) -> Input:
    """Return the rows of a Parquet file; raises PolicyError when its columns don't fit."""
    whole = read_file("READ_PARQUET", path)
    try:
        found = database.execute(f"DESCRIBE FROM {whole.sql('duckdb')}").fetchall()
        told = extremes(database, path)
    except duckdb.Error as error:
        raise PolicyError(f"`{path}`: {in_short(error)}") from None
    header = tuple(name for name, *_ in found)
    check(header, facts, wanted)
    numbered = read_file("READ_PARQUET", path, file_row_number=exp.true())
    rows = exp.select(named(column("file_row_number") + UNIT, "line")).from_(numbered)
    return Table(database, rows, header, facts, wanted, extremes=told).cases()


def extremes(database: duckdb.DuckDBPyConnection, path: Path) -> dict[str, tuple[str, ...]]:
    """Return the smallest and largest values of a Parquet file's columns, where all are told.

    Raises PolicyError where DuckDB would give a column another name, since it knows no case.
    """
    parts = "SELECT path_in_schema, list(stats_min_value), list(stats_max_value)"
    told = f"{parts} FROM parquet_metadata({file(path).sql('duckdb')}) GROUP BY column_id, 1"
    found = database.execute(f"{told} ORDER BY column_id").fetchall()
    without_case(name for name, *_ in found)
    return {name: (*least, *most) for name, least, most in found if None not in least + most}


def csv_table(
    database: duckdb.DuckDBPyConnection, path: Path, facts: tuple[str, ...], wanted: Wanted
) -> Input:
    """Return the rows of a table in text; raises PolicyError when its columns don't fit."""
    header = header_of(first_line(database, path))
    check(header, facts, wanted)
    line = exp.Window(this=exp.RowNumber()) + UNIT
    rows = exp.select(named(line, "line")).from_(read_csv(path, COMMAS, header))
    return Table(database, rows, header, facts, wanted).cases()


def header_of(line: str) -> tuple[str, ...]:
    """Return the columns of a table; one without a name is called by its place.

    >>> header_of(",a,b")
    ('column1', 'a', 'b')
    """
    found = [name or f"column{at}" for at, name in enumerate(cells(line.encode()), start=1)]
    if not found:
        raise PolicyError("line 1: the table has no header")
    if len(found) == 1 and set(found[0]) & {";", "\t"}:
        raise PolicyError(f"line 1: {quoted(found[0])}: separate the columns by commas")
    without_case(found)
    return tuple(found)


def without_case(names: Iterable[str]) -> None:
    """Raise PolicyError where two names are one in SQL, which knows no case."""
    known: dict[str, str] = {}
    for name in names:
        other = known.get(name.lower())
        if other == name:
            raise PolicyError(f"column {quoted(name)} stands twice")
        if other is not None:
            raise PolicyError(f"columns {quoted(other)} and {quoted(name)} differ in case alone")
        known[name.lower()] = name


def check(header: Sequence[str], facts: Sequence[str], wanted: Wanted) -> None:
    """Raise PolicyError when a column is no fact, unless it may be there for another reason."""
    if "" in header:
        raise PolicyError("a column has no name")
    for name in wanted.expressions:
        if name not in facts:
            raise PolicyError(f"{quoted(name)} is no fact: {hint(name, facts)}")
    for name in wanted.keep:
        if name not in (*header, ALL):
            raise PolicyError(f"there is no column {quoted(name)}: {hint(name, header)}")
    for name in () if wanted.anything else header:
        if name not in facts:
            more = "--keep takes other columns along"
            raise PolicyError(f"column {quoted(name)} is no fact: {hint(name, facts)}; {more}")


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
