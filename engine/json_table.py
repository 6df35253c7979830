"""JSON Lines as a table: each name that stands in some line is a column, as in a table of text.

Facts keep their meaning in JSON. The other columns are there for `--column`, to be kept, and to
count by; a nested value is a text of JSON.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from json.decoder import JSONDecoder
from pathlib import Path

import duckdb
from duckdb.func import FunctionNullHandling
from sqlglot import exp

from .database import run
from .errors import PolicyError, UnusualTextError
from .foreign import in_short
from .lines import Input, from_json, json_text, parsed_lines
from .model import Fact
from .reading import Record, json_line, object_of
from .sql_facts import Source, nowhere
from .sql_numbers import Sql, whole
from .sql_reading import called, written
from .sql_stages import column, named
from .tables import ALL, Table, Wanted, check, without_case

NAMES, MEMBERS = "json_names", "json_members"
LINE, TEXT, JSON, LIST = "this line", "this text", "this json", "these members"
NAME = r'"[^"]*"\s*:'
DECIMAL = re.compile(r"-?\d+\.\d+")
SPACE = re.compile(r"[ \t\r\n]*")
DECODER = JSONDecoder()
MOST_NAMES = 1000


def json_table(
    database: duckdb.DuckDBPyConnection, path: Path, facts: tuple[str, ...], wanted: Wanted
) -> Input:
    """Return the cases of a file of JSON Lines; raises PolicyError when a column isn't there."""
    names = names_of(database, path)
    check(names, facts, wanted)
    if ALL in wanted.keep and len(names) > MOST_NAMES:
        raise PolicyError(f"`{path}` has more than {MOST_NAMES:,} names: too many to keep them all")
    used = used_of(names, facts, wanted)
    create(database, MEMBERS, lambda text: [*map(members(text).get, used)])
    rows = exp.select(named(column(LINE), "line"), *(column(name) for name in (TEXT, JSON)))
    mapped = tuple(wanted.expressions)
    found = {name: f"member {name}" for name in facts if name in names and name not in mapped}
    rows = rows.select(*(named(extracted(name), member) for name, member in found.items()))
    rows = rows.from_(in_columns(path, used).subquery("rows"))
    cases = Table(database, rows, names, mapped, wanted, lambda name: column(raw(name))).cases()
    return replace(
        cases,
        find=lambda fact: cases.find(fact) if fact.name in mapped else find(fact, found),
        text=called("LIST_VALUE", column(TEXT), *cases.text.expressions),
        record=lambda line, text: both(line, text, found, cases.record),
        plain=exp.not_(column(JSON).is_(exp.null())),
        own_json=True,
    )


def used_of(names: Sequence[str], facts: Sequence[str], wanted: Wanted) -> Sequence[str]:
    """Return the names that are asked for; lines may have any number of others."""
    if ALL in wanted.keep:
        return names
    asked = {*facts, *wanted.keep}
    texts = " ".join(wanted.expressions.values()).replace('""', '"').lower()
    return [name for name in names if name in asked or name.lower() in texts]


def find(fact: Fact, found: Mapping[str, str]) -> Source:
    """Return where a fact stands that no expression gives."""
    return from_json(fact, column(found[fact.name])) if fact.name in found else nowhere(fact)


def both(
    line: int,
    text: list[str | None],
    names: Mapping[str, str],
    mapped: Callable[[int, list[str | None]], Record],
) -> Record:
    """Return a case as Python reads it: facts in JSON, and those that expressions give."""
    case = json_line(line, (text[0] or "").encode())
    facts = {name: value for name, value in case.facts.items() if name in names}
    return Record(line, {**facts, **mapped(line, text[1:]).facts}, case.error)


# ---------------------------------------------------------------- lines into columns


def plain_lines(path: Path) -> exp.Select:
    """Return the lines of a file, each with its object, if that is written plainly.

    An object in which a name stands twice isn't. Where objects are nested, all names have to
    differ: else Python looks.
    """
    text, parsed = column("text"), column("parsed")
    no_brace = called("REPLACE", text, written("{"), written(""))
    flat = called("LEN", text) - called("LEN", no_brace) <= whole(1)
    keys = called("JSON_KEYS", parsed)
    every = called("REGEXP_EXTRACT_ALL", text, written(NAME))
    unique = exp.case().when(flat, no_two(keys)).else_(no_two(every))
    is_object = called("JSON_TYPE", parsed).eq(written("OBJECT"))
    found = exp.case().when(exp.and_(is_object, exp.paren(unique)), parsed)
    return exp.select("line", "text", named(found, "json")).from_(parsed_lines(path))


def no_two(listed: Sql) -> Sql:
    """Write that nothing stands twice in a list."""
    return called("LEN", listed).eq(called("LEN", called("LIST_DISTINCT", listed)))


def names_of(database: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    """Return all names that stand in some line, in the order in which they come up."""
    create(database, NAMES, lambda text: [*members(text)])
    parsed = column("parsed")
    of_line = either(called(NAMES, column("text")), called("JSON_KEYS", parsed), parsed)
    lists = exp.select(named(of_line, "names"), named(called("MIN", column("line")), "first"))
    lists = lists.from_(parsed_lines(path)).group_by("1")
    run(
        database,
        f"CREATE OR REPLACE TEMP TABLE name_lists AS {lists.sql('duckdb')}",
        lambda _: None,
        lambda error: UnusualTextError(f"`{path}`: {in_short(error)}"),
    )
    found = database.execute("SELECT names FROM name_lists ORDER BY first").fetchall()
    names = tuple(dict.fromkeys(name for (names,) in found for name in names))
    without_case(names)
    return names


def in_columns(path: Path, names: Sequence[str]) -> exp.Select:
    """Return the query of the lines with a column for each name: its JSON, and its text."""
    listed = named(either(called(MEMBERS, column("text")), exp.null()), LIST)
    lines = exp.select("*", listed).from_(plain_lines(path).subquery("lines"))
    internal = {"line": LINE, "text": TEXT, "json": JSON}
    kept = [named(column(name), alias) for name, alias in internal.items()]
    values = [
        named(either(member(at), exp.cast(extracted(name, "json"), "VARCHAR")), raw(name))
        for at, name in enumerate(names, start=1)
    ]
    found = exp.select(*kept, *values).from_(lines.subquery("lines"))
    texts = [named(json_text(column(raw(name))), name) for name in names]
    return exp.select("*", *texts).from_(found.subquery("lines"))


def raw(name: str) -> str:
    """Return the column that holds the JSON of a name."""
    return f"json of {name}"


def either(unusual: Sql, plain: Sql, json_: Sql | None = None) -> Sql:
    """Write what holds for a line that Python takes apart, and for any other one."""
    is_unusual = (json_ or column("json")).is_(exp.null())
    return exp.case().when(is_unusual, unusual).else_(plain)


def member(place: int) -> Sql:
    """Write one of the members that Python found."""
    return called("LIST_EXTRACT", column(LIST), whole(place))


def extracted(name: str, json_: str = JSON) -> Sql:
    """Write the value of a name in an object."""
    place = "/" + name.replace("~", "~0").replace("/", "~1")
    return called("JSON_EXTRACT", column(json_), written(place))


# ---------------------------------------------------------------- lines that aren't plain


def create(
    database: duckdb.DuckDBPyConnection, name: str, function: Callable[[str], list[str | None]]
) -> None:
    """Create a function from a text to a list of texts."""
    null = FunctionNullHandling.DEFAULT
    database.create_function(name, function, ["VARCHAR"], "VARCHAR[]", null_handling=null)


def members(text: str) -> dict[str, str]:
    """Return the values in an object, as JSON; nothing where it can't be read.

    >>> members('{"a": 1.50, "b": [1, 2]}')
    {'a': '1.5', 'b': '[1, 2]'}
    """
    try:
        object_of(text)
    except (ValueError, RecursionError):
        return {}
    return dict(each_member(text))


def each_member(text: str) -> Iterator[tuple[str, str]]:
    """Yield the names and values of an object that can be read."""
    at = past_space(text, text.index("{") + 1)
    while text[at] == '"':
        name, at = DECODER.raw_decode(text, at)
        name = encodable(name)
        at = past_space(text, past_space(text, at) + 1)
        _, end = DECODER.raw_decode(text, at)
        yield name, in_one_form(text[at:end])
        at = past_space(text, end)
        at = past_space(text, at + (text[at] == ","))


def past_space(text: str, at: int) -> int:
    """Return where something stands again."""
    found = SPACE.match(text, at)
    return found.end() if found else at


def encodable(text: str) -> str:
    """Return a text with `?` for halves of a character, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def in_one_form(value: str) -> str:
    """Return a value of JSON as DuckDB writes it, but with all its digits."""
    if value.startswith('"'):
        return json.dumps(encodable(json.loads(value)), ensure_ascii=False)
    if DECIMAL.fullmatch(value):
        digits = value.rstrip("0")
        return f"{digits}0" if digits.endswith(".") else digits
    return value
