"""Files of text in DuckDB, line by line: a case in each, as JSON or as cells of a table.

A line that is written plainly is taken apart here. Any other one is left to `reading`, which says
what is wrong with it: so both read the same, one fast.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

from sqlglot import exp

from .model import Fact
from .reading import Record, cells, header_of, json_line, table_row
from .sql_facts import Source, nowhere
from .sql_numbers import LARGEST_WHOLE, Sql, whole
from .sql_reading import WHOLE, called, from_text, number, written, yes_or_no
from .sql_stages import column, named

BLANK = " \t\x0b\x0c\r"
UNUSUAL_JSON = r"\\|[0-9.]{16}|[0-9][eE]|,\s*[}\]]"
"""An escape, more digits than DuckDB keeps, an exponent, or a comma too many."""


@dataclass(frozen=True, slots=True)
class Input:
    """Cases as a table of DuckDB with a column `line`.

    `find` tells where in it each fact stands; where `plain` doesn't hold, nobody can tell. `text`
    lists what Python needs to read the case itself, by `record`. `own` are the input's own columns.
    """

    table: exp.Subquery
    passing: tuple[str, ...]
    find: Callable[[Fact], Source]
    text: Sql
    record: Callable[[int, list[str | None]], Record]
    plain: Sql | None = None
    own: tuple[str, ...] = ()


def lines_of(path: Path) -> exp.Subquery:
    """Return the lines of a file with their numbers; a line that is empty is NULL."""
    options: dict[str, Sql] = {
        "delim": written("\x01"),
        "quote": written(""),
        "escape": written(""),
        "header": exp.false(),
        "auto_detect": exp.false(),
        "columns": exp.Struct(
            expressions=[
                exp.PropertyEQ(this=exp.to_identifier("text"), expression=written("VARCHAR"))
            ]
        ),
    }
    settings = [
        exp.EQ(this=exp.to_identifier(name), expression=sql) for name, sql in options.items()
    ]
    read = exp.Anonymous(this="READ_CSV", expressions=[written(str(path)), *settings])
    number_ = exp.Window(this=exp.RowNumber())
    return exp.select(named(number_, "line"), column("text")).from_(read).subquery("lines")


def table_lines(path: Path, columns: Sequence[str]) -> Input:
    """Return the rows of a table; raises PolicyError when its header is wrong."""
    with path.open("rb") as stream:
        header = header_of(cells(stream.readline().removeprefix(b"\xef\xbb\xbf")), columns)
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


def json_lines(path: Path, columns: Sequence[str]) -> Input:
    """Return the cases of a file of JSON Lines."""
    usual = exp.not_(called("REGEXP_MATCHES", column("text"), written(UNUSUAL_JSON)))
    json = exp.case().when(usual, exp.TryCast(this=column("text"), to=exp.DataType.build("JSON")))
    objects = exp.select("*", named(json, "json")).from_(lines_of(path))
    objects = objects.where(not_blank(column("text")))
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
        table=exp.select("*", *found).from_(objects.subquery("lines")).subquery("cases"),
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


def not_blank(text: Sql) -> Sql:
    """Write that a line holds something; most begin with it."""
    begins = called("ORD", text) > whole(ord(" "))
    return exp.or_(begins, called("TRIM", text, written(BLANK)).neq(written("")))
