"""The facts of a case as columns: each in the form in which SQL works with it, or unknown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from .dialects import Dialect
from .model import Fact, Type
from .sql_days import in_calendar
from .sql_numbers import LARGEST_WHOLE, Sql, whole
from .sql_stages import Stages, column

SQL_TYPES: Mapping[str, str] = {
    "yes_no": "BOOLEAN",
    "choice": "VARCHAR",
    "date": "DATE",
    "whole_number": "BIGINT",
}
NUMBERS = ("whole_number", "decimal", "money")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact stands in a table: `given` tells that it does, `value` is in the fact's type.

    No value is above `largest`, in the fact's smallest unit, nor has more digits than the fact
    unless `rounds`; `in_calendar` tells that no day lies out of it.
    """

    given: Sql
    value: Sql
    largest: int | None = None
    rounds: bool = True
    in_calendar: bool = False


Find = Callable[[Fact], Source]


def sql_type(kind: Type) -> str:
    """Return the type of a column that holds facts or outputs of a type."""
    if kind.kind in ("decimal", "money"):
        return f"DECIMAL(18, {kind.scale})"
    return SQL_TYPES[kind.kind]


def own_column(fact: Fact) -> Source:
    """Return the column that has a fact's name."""
    return Source(column(fact.name), column(fact.name))


def nowhere(fact: Fact) -> Source:
    """Return what stands for a fact of which nothing is known."""
    unknown = exp.cast(exp.null(), sql_type(fact.type))
    return Source(unknown, unknown, largest=0, rounds=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts of all versions of a question; those that two versions read alike are one column.

    `limits` notes how large each may be, in its smallest unit.
    """

    find: Find
    dialect: Dialect
    stages: Stages
    columns: dict[tuple[str, Type], exp.Column] = field(default_factory=dict)
    limits: dict[tuple[str, Type], int] = field(default_factory=dict)
    facts: dict[tuple[str, Type], Fact] = field(default_factory=dict)

    def column(self, fact: Fact) -> exp.Column:
        """Return the column of a fact."""
        key = (fact.name, fact.type)
        if key not in self.columns:
            self.columns[key] = self.stages.read(fact.name, exp.null())
            self.facts[key] = fact
        return self.columns[key]

    def named(self) -> dict[str, Sql]:
        """Return the columns by the names of the facts."""
        return {name: found for (name, _), found in self.columns.items()}

    def limit(self, fact: Fact, largest: int) -> None:
        """Note how large a fact may be."""
        key = (fact.name, fact.type)
        self.limits[key] = min(self.limits.get(key, LARGEST_WHOLE), largest)

    def read(self) -> dict[tuple[str, Type], Sql]:
        """Write how the facts are read; return what tells that one that is given can be.

        This is told by the columns that are read, so that nothing is read twice.
        """
        right: dict[tuple[str, Type], Sql] = {}
        for key, fact in self.facts.items():
            source, found = self.find(fact), self.columns[key]
            read, checks = self.value(fact, source)
            value = exp.case().when(exp.and_(*checks), read) if checks else read
            self.stages.stages[0][found.name] = value
            if fact.type.kind == "choice":
                same = source.given == source.value
                given = known(found) if same else self.given(fact, source)
                is_option = self.dialect.one_of(found, fact.type.options)
                right[key] = exp.paren(exp.or_(exp.not_(given), is_option))
            elif checks or source.given != source.value:
                right[key] = exp.paren(self.given(fact, source).eq(exp.paren(known(found))))
        return right

    def given(self, fact: Fact, source: Source) -> exp.Column:
        """Return the column of whether a fact is given."""
        return self.stages.read(f"{fact.name}_is_given", known(source.given))

    def value(self, fact: Fact, source: Source) -> tuple[Sql, list[Sql]]:
        """Return how a fact is read, and what has to hold of what is given."""
        match fact.type.kind:
            case "date":
                checks = [] if source.in_calendar else [in_calendar(source.value)]
                return source.value, checks
            case "whole_number" | "decimal" | "money":
                return self.number(fact, source)
            case _:
                return source.value, []

    def number(self, fact: Fact, source: Source) -> tuple[Sql, list[Sql]]:
        """Return how a number is read, and what has to hold of what is given."""
        limit = self.limits.get((fact.name, fact.type), LARGEST_WHOLE)
        read = exp.cast(source.value, sql_type(fact.type))
        checks: list[Sql] = []
        if source.largest is None or source.largest > limit:
            most = whole(limit // 10**fact.type.scale)
            checks += [source.value >= exp.Neg(this=most.copy()), source.value <= most]
        if source.rounds:
            checks.append(read.eq(source.value))
        return read, checks


def known(sql: Sql) -> Sql:
    """Write that something is known."""
    return exp.not_(exp.paren(sql).is_(exp.null()))
