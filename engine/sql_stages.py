"""A query in stages: each gives names to what the next ones use, so that it is worked out once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count

from sqlglot import exp

from .sql_numbers import Sql

PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


def column(name: str) -> exp.Column:
    """Write the name of a column."""
    return exp.column(name, quoted=True)


def named(sql: Sql, name: str) -> exp.Alias:
    """Give a column its name."""
    return exp.Alias(this=sql, alias=exp.to_identifier(name, quoted=True))


@dataclass(frozen=True, slots=True)
class Stages:
    """The columns of a query by the stage in which each is worked out; those of the first are read.

    INVARIANT: all names are made here, of letters, digits and underscores, none twice.
    """

    stages: list[dict[str, Sql]] = field(default_factory=lambda: [{}])
    at: dict[str, int] = field(default_factory=dict)

    def read(self, name: str, sql: Sql) -> exp.Column:
        """Add a column that is read."""
        return self.added(0, name, sql)

    def column(self, name: str, sql: Sql) -> Sql:
        """Add a column that is worked out, unless it is one already."""
        if isinstance(sql, exp.Column | exp.Literal | exp.Boolean):
            return sql
        used = (self.at[found.name] for found in sql.find_all(exp.Column))
        return self.added(max(used, default=0) + 1, name, sql)

    def added(self, stage: int, name: str, sql: Sql) -> exp.Column:
        """Add a column to a stage, under a name that nothing else has."""
        made = next(found for found in names(name) if found not in self.at)
        while len(self.stages) <= stage:
            self.stages.append({})
        self.stages[stage][made] = sql
        self.at[made] = stage
        return column(made)

    def query(self, source: exp.From | exp.Table | exp.Subquery, *more: exp.Alias) -> exp.Select:
        """Return the query of all columns; the first stage reads `more` from the source too."""
        first, *others = self.stages
        read = [named(sql, name) for name, sql in first.items()]
        found = exp.select(*read, *more).from_(source)
        for stage in others:
            if stage:
                worked_out = [named(sql, name) for name, sql in stage.items()]
                found = exp.select(exp.Star(), *worked_out).from_(found.subquery("cases"))
        return found


def names(wanted: str) -> Iterator[str]:
    """Yield names that are like the one wanted."""
    base = wanted if PLAIN_NAME.fullmatch(wanted) else "named"
    return chain([base], (f"{base}_{number}" for number in count(2)))
