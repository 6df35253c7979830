"""Cases on the way in: one from JSON or YAML, many line by line from JSON Lines or CSV."""

import csv
import json
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO

from .errors import Finding, PolicyError, SourceError, Where, nearest
from .source import MapNode, plain, read
from .values import Cell, quoted

Facts = Mapping[str, object]
MOST_DIGITS = 100


@dataclass(frozen=True, slots=True)
class Record:
    """One case of many: the line that it starts in, and its facts or what is wrong with it.

    `kept` are columns that are written along with the answer, as JSON.
    """

    line: int
    facts: Facts
    error: str = ""
    kept: Mapping[str, str] = field(default_factory=dict)


# ---------------------------------------------------------------- one case


def one_case(data: bytes, file: str, form: str) -> Facts:
    """Return the facts of a single case; raises SourceError naming the place of a mistake."""
    return from_json(data, file) if form == "json" else from_yaml(data, file)


def from_yaml(data: bytes, file: str) -> Facts:
    """Read a case in YAML."""
    node, findings = read(data, file)
    if findings:
        raise SourceError(findings)
    if not isinstance(node, MapNode):
        raise SourceError([not_a_case(file)])
    return {key.text: plain(value) for key, value in node.entries}


def from_json(data: bytes, file: str) -> Facts:
    """Read a case in JSON."""
    where = Where(file)
    code = "bad-case"
    try:
        return object_of(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is no UTF-8"
    except json.JSONDecodeError as error:
        where, code = Where(file, error.lineno, error.colno), "syntax"
        message = f"this is no JSON: {error.msg.lower()}"
    except RecursionError:
        message = "the case is nested too deeply"
    except ValueError as error:
        message = str(error)
    raise SourceError([Finding(code=code, where=where, message=message)])


def not_a_case(file: str) -> Finding:
    """Return the finding about a file that holds something else than a case."""
    return Finding(
        code="bad-case",
        where=Where(file),
        message="a case is a mapping of facts",
        hint="for many cases write one a line and name the file `….jsonl`",
    )


def object_of(text: str) -> Facts:
    """Return a JSON object with exact numbers; raises ValueError for anything else."""
    found = json.loads(
        text,
        parse_float=exact,
        parse_int=whole,
        parse_constant=no_constant,
        object_pairs_hook=without_duplicates,
    )
    if not isinstance(found, dict):
        raise ValueError("a case is a JSON object of facts")  # noqa: TRY004 - a value, not a type
    return found


def exact(digits: str) -> Decimal:
    """Return a decimal number, unless its exponent is absurd."""
    try:
        return Decimal(digits)
    except ArithmeticError:
        raise ValueError(f"{quoted(digits)} is too large") from None


def whole(digits: str) -> int:
    """Return a whole number, unless it is absurdly long."""
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"`{digits[:20]}…` has too many digits")
    return int(digits)


def no_constant(name: str) -> object:
    """Refuse NaN and the infinities."""
    raise ValueError(f"`{name}` is no value")


def without_duplicates(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """Return an object, unless a name stands in it twice."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{quoted(name)} stands twice in this case")
        found[name] = value
    return found


# ---------------------------------------------------------------- many cases


def json_lines(stream: BinaryIO, _columns: Sequence[str]) -> Iterator[Record]:
    """Yield a record for each line that isn't blank."""
    for number, line in enumerate(stream, start=1):
        if line.strip():
            yield json_line(number, line)


def json_line(number: int, line: bytes) -> Record:
    """Read one line of JSON."""
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        return Record(number, object_of(text.rstrip("\r\n")))
    except UnicodeDecodeError as error:
        return Record(number, {}, f"byte {error.start + 1} of the line is no UTF-8")
    except json.JSONDecodeError as error:
        return Record(number, {}, f"column {error.colno} is no JSON: {error.msg.lower()}")
    except ValueError as error:
        return Record(number, {}, str(error))
    except RecursionError:
        return Record(number, {}, "the line is nested too deeply")


def table_rows(stream: BinaryIO, columns: Sequence[str]) -> Iterator[Record]:
    """Yield a record for each row of a table; an empty cell is an unknown fact.

    Each line is a row of its own, since no fact holds a line break: so an open quote spoils one
    line alone. Raises PolicyError when the header names a column that is none of `columns`.
    """
    header = header_of(cells(stream.readline().removeprefix(BOM_UTF8)), columns)
    for number, line in enumerate(stream, start=2):
        if line.strip() or len(header) == 1:
            try:
                yield table_row(number, cells(line), header)
            except PolicyError as error:
                yield Record(number, {}, str(error))


def cells(line: bytes) -> list[str]:
    """Return the cells of one line; raises PolicyError when it is no CSV."""
    try:
        return next(csv.reader([line.decode("utf-8").rstrip("\r\n")], strict=True), [])
    except UnicodeDecodeError as error:
        raise PolicyError(f"byte {error.start + 1} of the line is no UTF-8") from None
    except csv.Error as error:
        raise PolicyError(f"the line is no CSV: {error}") from None


def header_of(header: list[str], columns: Sequence[str]) -> list[str]:
    """Return the header, or raise PolicyError when a column is unknown or stands twice."""
    for position, name in enumerate(header, start=1):
        if name not in columns:
            hint = nearest(name, columns) or "facts: " + ", ".join(f"`{word}`" for word in columns)
            hint = "separate the columns by commas" if ";" in name or "\t" in name else hint
            hint += "; --keep takes other columns along"
            raise PolicyError(f"line 1: column {position}, {quoted(name)}, is no fact: {hint}")
        if header.index(name) != position - 1:
            raise PolicyError(f"line 1: column `{name}` stands twice")
    if not header:
        raise PolicyError("line 1: the table has no header")
    return header


def table_row(line: int, row: Sequence[str], header: Sequence[str]) -> Record:
    """Read one row."""
    if len(row) != len(header):
        return Record(line, {}, f"{len(row)} cells for {len(header)} columns")
    return Record(line, {name: Cell(cell) for name, cell in zip(header, row, strict=True) if cell})


MANY: Mapping[str, Callable[[BinaryIO, Sequence[str]], Iterator[Record]]] = {
    "jsonl": json_lines,
    "csv": table_rows,
}
ONE = ("json", "yaml")
ENDINGS = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
}
