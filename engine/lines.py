"""Files of text in DuckDB, line by line: a case in each, as JSON or as cells of a table.

A line that is written plainly is taken apart here. Any other one is left to `reading`, which says
what is wrong with it: so both read the same, one fast.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

import duckdb
from sqlglot import exp

from .errors import UnusualTextError
from .foreign import in_short
from .model import Fact
from .reading import Record, cells, header_of, json_line, table_row
from .sql_facts import Source, nowhere
from .sql_numbers import LARGEST_WHOLE, Sql, whole
from .sql_reading import WHOLE, called, from_text, number, read_file, written, yes_or_no
from .sql_stages import column, named

WHOLE_LINES: Mapping[str, Sql] = {
    "delim": written("\x01"),
    "quote": written(""),
    "escape": written(""),
    "header": exp.false(),
}
COMMAS: Mapping[str, Sql] = {
    "delim": written(","),
    "quote": written('"'),
    "escape": written('"'),
    "header": exp.true(),
    "strict_mode": exp.true(),
}
BLANK = " \t\x0b\x0c\r"
UNUSUAL_JSON = r"\\|[:,\[]\s*-?([0-9.]{16}|[0-9.]+[eE])|,\s*[}\]]"
"""An escape, a number of more digits than DuckDB keeps or an exponent, a comma too many."""


@dataclass(frozen=True, slots=True)
class Input:
    """Cases as a table of DuckDB with a column `line`.

    `find` tells where in it each fact stands; where `plain` doesn't hold, nobody can tell. `text`
    lists what Python needs to read the case itself, by `record`. `own` are the input's own columns,
    `own_json` tells that they hold JSON.
    """

    table: exp.Subquery
    passing: tuple[str, ...]
    find: Callable[[Fact], Source]
    text: Sql
    record: Callable[[int, list[str | None]], Record]
    plain: Sql | None = None
    own: tuple[str, ...] = ()
    own_json: bool = False

    def own_column(self, name: str) -> Sql:
        """Write one of the input's own columns; what was JSON as text."""
        found = column(f"own {name}")
        return json_text(found) if self.own_json else found

    def own_in_json(self, name: str) -> Sql:
        """Write the JSON of one of the input's own columns."""
        found = column(f"own {name}")
        return called("COALESCE", found, written("null")) if self.own_json else in_json(found)


def read_csv(path: Path, options: Mapping[str, Sql], columns: Sequence[str]) -> Sql:
    """Write the reading of a file of text, of which nothing is guessed: each column is a text."""
    kinds = [
        exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=written("VARCHAR"))
        for name in columns
    ]
    typed = exp.Struct(expressions=kinds)
    return read_file("READ_CSV", path, **options, auto_detect=exp.false(), columns=typed)


def lines_of(path: Path, options: Mapping[str, Sql] = WHOLE_LINES) -> exp.Subquery:
    """Return the lines of a file with their numbers; a line that is empty is NULL."""
    number_ = exp.Window(this=exp.RowNumber())
    read = read_csv(path, options, ["text"])
    return exp.select(named(number_, "line"), column("text")).from_(read).subquery("lines")


def first_line(database: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Return the first line of a file, "" where it is empty; raises UnusualTextError."""
    # A cell further down may hold a line break of another kind than the one that ends its row.
    anyhow = {**WHOLE_LINES, "strict_mode": exp.false()}
    select = exp.select("text").from_(lines_of(path, anyhow)).limit(1).sql("duckdb")
    try:
        found = database.execute(select).fetchall()
    except duckdb.Error as error:
        raise UnusualTextError(f"`{path}`: {in_short(error)}") from None
    return ((found and found[0][0]) or "").removeprefix("\ufeff")


def table_lines(database: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[str]) -> Input:
    """Return the rows of a table; raises PolicyError when its header is wrong."""
    header = header_of(cells(first_line(database, path).encode()), columns)
    split = named(called("STRING_SPLIT", column("text"), written(",")), "cells")
    rows = exp.select("*", split).from_(lines_of(path))
    rows = rows.where(column("line") > whole(1), not_blank(column("text")))

    def find(fact: Fact) -> Source:
        if fact.name not in header:
            return nowhere(fact)
        cell = called("LIST_EXTRACT", column("cells"), whole(header.index(fact.name) + 1))
        return from_text(fact, called("NULLIF", cell, written("")))

    return Input(
        table=rows.subquery("cases"),
        passing=("line", "text", "cells"),
        find=find,
        text=called("LIST_VALUE", column("text")),
        record=lambda line, text: table_row(line, cells((text[0] or "").encode()), header),
        plain=exp.and_(
            called("LEN", column("cells")).eq(whole(len(header))),
            exp.not_(called("CONTAINS", column("text"), written('"'))),
        ),
    )


def parsed_lines(path: Path) -> exp.Subquery:
    """Return the lines of a file that hold something, each with its JSON if that is usual."""
    usual = exp.not_(called("REGEXP_MATCHES", column("text"), written(UNUSUAL_JSON)))
    json = exp.case().when(usual, exp.TryCast(this=column("text"), to=exp.DataType.build("JSON")))
    found = exp.select("*", named(json, "parsed")).from_(lines_of(path))
    return found.where(not_blank(column("text"))).subquery("lines")


def json_lines(path: Path, columns: Sequence[str]) -> Input:
    """Return the cases of a file of JSON Lines."""
    objects = exp.select("*", named(column("parsed"), "json")).from_(parsed_lines(path))
    members = {name: f"member {number}" for number, name in enumerate(columns)}
    found = [
        named(called("JSON_EXTRACT", column("json"), written(f'$."{name}"')), member)
        for name, member in members.items()
    ]
    there: list[Sql] = [
        exp.cast(exp.not_(column(name).is_(exp.null())), "INT") for name in members.values()
    ]
    keys = called("LEN", called("JSON_KEYS", column("json")))
    return Input(
        table=exp.select("*", *found).from_(objects.subquery("objects")).subquery("cases"),
        passing=("line", "text", "json", *members.values()),
        find=lambda fact: from_json(fact, column(members[fact.name])),
        text=called("LIST_VALUE", column("text")),
        record=lambda line, text: json_line(line, (text[0] or "").encode()),
        plain=exp.and_(
            called("JSON_TYPE", column("json")).eq(written("OBJECT")),
            # Neither an unknown name nor one twice.
            keys.eq(reduce(lambda count, one: count + one, there)),
        ),
    )


def from_json(fact: Fact, member: Sql) -> Source:
    """Read a fact from a member of a JSON object."""
    raw = exp.cast(member, "VARCHAR")
    is_text = called("JSON_TYPE", member).eq(written("VARCHAR"))
    text = exp.paren(exp.case().when(is_text, called("JSON_EXTRACT_STRING", member, written("$"))))
    match fact.type.kind:
        case "yes_no":
            return Source(member, yes_or_no(raw, ("true", '"yes"'), ("false", '"no"')))
        case "whole_number":
            return Source(member, number(raw, WHOLE, "BIGINT"), LARGEST_WHOLE, rounds=False)
        case "choice" | "date":
            return Source(member, from_text(fact, text).value)
        case _:
            return replace(from_text(fact, called("TRIM", raw, written('"'))), given=member)


def json_text(json: Sql) -> Sql:
    """Write the text that a value of JSON stands for; NULL for null."""
    is_text = called("STARTS_WITH", json, written('"'))
    text = called("JSON_EXTRACT_STRING", json, written("$"))
    return exp.paren(
        exp.case().when(is_text, text).when(json.copy().neq(written("null")), json.copy())
    )


def in_json(sql: Sql) -> Sql:
    """Write a value as JSON."""
    json = exp.cast(called("TO_JSON", sql), "VARCHAR")
    return called("COALESCE", json, written("null"))


def not_blank(text: Sql) -> Sql:
    """Write that a line holds something; most begin with it."""
    begins = called("ORD", text) > whole(ord(" "))
    return exp.or_(begins, called("TRIM", text, written(BLANK)).neq(written("")))
