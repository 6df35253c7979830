"""How facts are read out of text and of typed columns in DuckDB, each as `values` reads it.

What is written in the usual way is read; anything else is left unknown, and so to the interpreter.
"""

import glob
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from math import ceil
from pathlib import Path

from sqlglot import exp

from .errors import PolicyError
from .model import Fact, Kind
from .sql_facts import Source, sql_type
from .sql_numbers import LARGEST_WHOLE, Sql

WHOLE = r"-?(0|[1-9][0-9]{0,17})"
DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
BITS = {"TINYINT": 7, "SMALLINT": 15, "INTEGER": 31, "BIGINT": 63, "HUGEINT": 127}
WHOLE_BITS = {**BITS, **{f"U{name}": bits + 1 for name, bits in BITS.items()}}
INSTANT = "TIMESTAMP WITH TIME ZONE"
YES, NO = ("true", "yes"), ("false", "no")
HELP: Mapping[Kind, str] = {
    "yes_no": "yes_no is stored as BOOLEAN",
    "choice": "a choice is stored as text",
    "date": "a date is stored as DATE, or as TIMESTAMP WITH TIME ZONE",
    "whole_number": "a whole number is stored as an integer",
    "decimal": "a decimal is stored as DECIMAL",
    "money": "money is stored as DECIMAL",
}


# ---------------------------------------------------------------- text


def written(text: str) -> Sql:
    """Write a text."""
    return exp.Literal.string(text)


def file(path: Path) -> Sql:
    """Write the path of a file to read: DuckDB would take one such as `cases[1].csv` for several.

    >>> file(Path("cases[1].csv")).sql("duckdb")
    "'cases[[]1].csv'"
    """
    return written(glob.escape(str(path)))


def read_file(function: str, path: Path, **settings: Sql) -> Sql:
    """Write the reading of one file by a function of DuckDB; its folders' names are no columns."""
    every = {**settings, "hive_partitioning": exp.false()}
    given = [exp.EQ(this=exp.to_identifier(name), expression=sql) for name, sql in every.items()]
    return called(function, file(path), *given)


def called(function: str, *arguments: Sql) -> Sql:
    """Write a call of a function of DuckDB."""
    return exp.Anonymous(this=function, expressions=[item.copy() for item in arguments])


def from_text(fact: Fact, cell: Sql) -> Source:
    """Read a fact from a cell; `cell` is NULL where nothing stands."""
    digits = 18 - fact.type.scale
    match fact.type.kind:
        case "yes_no":
            value = yes_or_no(cell, YES, NO)
        case "choice":
            value = cell
        case "date":
            value = day(cell)
        case "whole_number":
            value = number(cell, WHOLE, sql_type(fact.type))
        case _:
            form = rf"-?(0|[1-9][0-9]{{0,{digits - 1}}})(\.[0-9]{{1,{max(fact.type.scale, 1)}}})?"
            form = form if fact.type.scale else WHOLE
            value = number(cell, form, sql_type(fact.type))
    return Source(cell, value, LARGEST_WHOLE, rounds=False)


def yes_or_no(cell: Sql, yes: tuple[str, ...], no: tuple[str, ...]) -> Sql:
    """Write what stands for yes or no, as a truth value."""
    found = exp.case()
    for words, truth in ((yes, exp.true()), (no, exp.false())):
        found = found.when(cell.isin(*map(written, words)), truth)
    return exp.paren(found)


def day(cell: Sql) -> Sql:
    """Write a text as a day, if it is written as year-month-day."""
    read = exp.TryCast(this=cell.copy(), to=exp.DataType.build("DATE"))
    return exp.paren(exp.case().when(exp.cast(read, "VARCHAR").eq(cell), read))


def number(cell: Sql, form: str, kind: str) -> Sql:
    """Write a text as a number, if it has a form."""
    matches = called("REGEXP_FULL_MATCH", cell, written(form))
    return exp.paren(exp.case().when(matches, exp.cast(cell, kind)))


# ---------------------------------------------------------------- typed columns


@dataclass(frozen=True, slots=True)
class Typed:
    """A column of a table, with DuckDB's name of its type.

    If the file tells them, `extremes` are the smallest and largest values of its parts, as texts.
    """

    sql: Sql
    type: str
    extremes: tuple[str, ...] = ()

    @property
    def largest(self) -> Decimal | None:
        """The largest number, whatever its sign; None where it isn't told."""
        try:
            return max((abs(Decimal(text)) for text in self.extremes), default=None)
        except InvalidOperation:
            return None

    @property
    def in_calendar(self) -> bool:
        """Whether it is told that all days lie in the years 1 to 9999."""
        try:
            return bool([date.fromisoformat(text) for text in self.extremes])
        except ValueError:
            return False


def from_column(fact: Fact, column: Typed) -> Source:
    """Read a fact from a typed column; raises PolicyError when the type doesn't go with it."""
    if column.type == "VARCHAR":
        return from_text(fact, column.sql)
    found = READERS[fact.type.kind](fact, column)
    if found is None:
        raise PolicyError(
            f"column of `{fact.name}`: it holds {column.type}: {HELP[fact.type.kind]}, or as text"
        )
    return found


def read_yes_no(_fact: Fact, column: Typed) -> Source | None:
    """Read a truth value."""
    return Source(column.sql, column.sql) if column.type == "BOOLEAN" else None


def read_choice(_fact: Fact, column: Typed) -> Source | None:
    """Read the name of an option."""
    if not column.type.startswith("ENUM"):
        return None
    return Source(column.sql, exp.cast(column.sql, "VARCHAR"))


def read_date(_fact: Fact, column: Typed) -> Source | None:
    """Read a day; an instant, whose day depends on the time zone, is left to the interpreter."""
    if column.type == INSTANT:
        return Source(column.sql, exp.cast(exp.null(), "DATE"))
    if column.type != "DATE":
        return None
    return Source(column.sql, column.sql, in_calendar=column.in_calendar)


def read_number(fact: Fact, column: Typed) -> Source | None:
    """Read a number, with what is known of its size and digits from the column's type."""
    unit = 10**fact.type.scale
    if column.type in WHOLE_BITS:
        most, scale = 2 ** WHOLE_BITS[column.type] + 1, 0
    elif found := DECIMAL.fullmatch(column.type):
        scale = int(found[2])
        most = 10 ** (int(found[1]) - scale)
    else:
        return None
    told = column.largest
    largest = most * unit - 1 if told is None else ceil(told) * unit
    return Source(column.sql, column.sql, largest, rounds=scale > fact.type.scale)


READERS: Mapping[Kind, Callable[[Fact, Typed], Source | None]] = {
    "yes_no": read_yes_no,
    "choice": read_choice,
    "date": read_date,
    "whole_number": read_number,
    "decimal": read_number,
    "money": read_number,
}


def as_text(column: Typed) -> Sql:
    """Write the text that a table cell would hold for a typed column."""
    if column.type == INSTANT:
        moment = called("MAKE_TIMESTAMP", called("EPOCH_US", column.sql))
        return called("STRFTIME", moment, written("%Y-%m-%dT%H:%M:%S.%fZ"))
    return exp.cast(column.sql, "VARCHAR")
