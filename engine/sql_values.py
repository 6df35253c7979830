"""Values as SQL writes them: known ones, amounts, and the least or greatest of several."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from sqlglot import exp

from . import sql_days
from .model import Type, Value
from .sql_facts import known
from .sql_numbers import Sql, whole

TRUE, FALSE, NULL = exp.true(), exp.false(), exp.null()


def literal(value: Value) -> Sql:
    """Write a value that has no digits after a point."""
    match value:
        case bool():
            return exp.true() if value else exp.false()
        case str():
            return exp.Literal.string(value)
        case date():
            return sql_days.day(value)
        case int():
            return whole(value)
        case Fraction():
            return whole(int(value))


def written(value: Value, kind: Type) -> Sql:
    """Write a value with the digits of its type."""
    if not isinstance(value, Fraction) or kind.scale == 0:
        return literal(value)
    digits = str(abs(int(value * 10**kind.scale))).rjust(kind.scale + 1, "0")
    found = exp.Literal.number(f"{digits[: -kind.scale]}.{digits[-kind.scale :]}")
    return exp.paren(exp.Neg(this=found)) if value < 0 else found


def amount(sql: Sql, kind: Type) -> Sql:
    """Write so many smallest units as an amount of a type."""
    if kind.scale == 0:
        return exp.cast(sql, "DECIMAL(18, 0)") if kind.kind in ("money", "decimal") else sql
    unit = exp.Literal.number(f"0.{'1'.rjust(kind.scale, '0')}")
    scaled = exp.cast(sql, "DECIMAL(18, 0)") * unit
    return exp.cast(scaled, f"DECIMAL(18, {kind.scale})")


def strictly(function: str, items: Sequence[Sql]) -> Sql:
    """Write a function that is unknown as soon as one of its arguments is."""
    return exp.paren(
        exp.case().when(
            exp.and_(*map(known, items)),
            exp.Anonymous(this=function, expressions=[item.copy() for item in items]),
        )
    )
