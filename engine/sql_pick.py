"""The version in force for a case, as a number in SQL (see `pick`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from sqlglot import exp

from .sql_days import day
from .sql_facts import known
from .sql_numbers import UNIT, ZERO, Sql, whole
from .sql_rules import may_be
from .sql_values import NULL, TRUE


@dataclass(frozen=True, slots=True)
class Starting:
    """From which day a version holds for some cases, and which these are."""

    version: int
    day: date
    holds: Sql


def picked(starts: Sequence[Starting], on: Sql) -> Sql:
    """Write the number of the version that started last by a day; NULL where that isn't plain."""
    found = exp.case()
    for start in sorted(starts, key=lambda start: start.day, reverse=True):
        holds = exp.and_(on >= day(start.day), start.holds)
        same_day = [
            other.holds
            for other in starts
            if other.day == start.day and other.version != start.version
        ]
        if same_day:
            clash = exp.and_(holds, exp.or_(*map(may_be, same_day)))
            found = found.when(may_be(clash), NULL)
        found = found.when(may_be(holds), exp.case().when(holds, whole(start.version)))
    plain = [*one_start(starts)]
    return exp.case().when(exp.and_(*plain), found) if plain else found


def one_start(starts: Sequence[Starting]) -> list[Sql]:
    """Write that each version with several starts has a single one for a case."""
    found: list[Sql] = []
    for version in sorted({start.version for start in starts}):
        own = [start.holds for start in starts if start.version == version]
        if own != [TRUE]:
            found += map(known, own)
        if len(own) > 1:
            counts: list[Sql] = [exp.case().when(holds, UNIT).else_(ZERO) for holds in own]
            found.append(exp.paren(reduce(lambda total, count: total + count, counts)).eq(UNIT))
    return found
