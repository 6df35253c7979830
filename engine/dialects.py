"""Where databases differ: days, lists of options, and amounts, each spelled its own way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from .sql_numbers import Sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a database spells what the others spell differently; sqlglot knows all the rest.

    One that `merges` makes one stage of several, and repeats what they share, unless it is told.
    """

    name: str
    days_between: Callable[[Sql, Sql], Sql]
    plus_days: Callable[[Sql, Sql], Sql]
    plus_months: Callable[[Sql, Sql], Sql]
    one_of: Callable[[Sql, Sequence[str]], Sql]
    merges: bool = False


def listed(sql: Sql, options: Sequence[str]) -> Sql:
    """Write that a text is one of several."""
    return exp.In(this=sql.copy(), expressions=[exp.Literal.string(name) for name in options])


def contained(sql: Sql, options: Sequence[str]) -> Sql:
    """Write that a text is one of several as DuckDB finds out once for each text of a column."""
    found = exp.array(*(exp.Literal.string(name) for name in options))
    place = exp.Anonymous(this="LIST_POSITION", expressions=[found, sql.copy()])
    return place > exp.Literal.number(0)


def difference(start: Sql, end: Sql) -> Sql:
    """Write how many days lie between two dates, as a whole number that can be multiplied."""
    return exp.cast(exp.paren(end - start), "BIGINT")


def as_whole(sql: Sql) -> Sql:
    """Write a whole number as small as functions of days take it."""
    return sql if isinstance(sql, exp.Literal) else exp.cast(sql, "INT")


DUCKDB = Dialect(
    name="duckdb",
    days_between=difference,
    plus_days=lambda day, count: day + as_whole(count),
    plus_months=lambda day, count: exp.cast(
        day + exp.Anonymous(this="TO_MONTHS", expressions=[as_whole(count)]), "DATE"
    ),
    one_of=contained,
)
POSTGRES = Dialect(
    name="postgres",
    days_between=difference,
    plus_days=lambda day, count: day + as_whole(count),
    plus_months=lambda day, count: exp.cast(
        day
        + exp.Anonymous(this="MAKE_INTERVAL", expressions=[exp.Literal.number(0), as_whole(count)]),
        "DATE",
    ),
    one_of=listed,
    merges=True,
)
SPARK = Dialect(
    name="spark",
    days_between=lambda start, end: exp.cast(
        exp.Anonymous(this="DATEDIFF", expressions=[end, start]), "BIGINT"
    ),
    plus_days=lambda day, count: exp.Anonymous(this="DATE_ADD", expressions=[day, as_whole(count)]),
    plus_months=lambda day, count: exp.Anonymous(
        this="ADD_MONTHS", expressions=[day, as_whole(count)]
    ),
    one_of=listed,
)
DIALECTS: Mapping[str, Dialect] = {found.name: found for found in (DUCKDB, POSTGRES, SPARK)}
