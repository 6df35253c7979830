"""A question as one SQL query over a table `cases`, for a warehouse.

It gives one row for each case. Without an outcome a case is wrong where `error` says so, and
otherwise undecided: something that matters is NULL. The interpreter may still decide such a case,
or say more of what is wrong with it; where the query answers, it answers the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.optimizer.eliminate_subqueries import eliminate_subqueries

from .dialects import DIALECTS, Dialect
from .model import PolicyVersion, Rule
from .sql_facts import known
from .sql_numbers import Sql, whole
from .sql_query import Answers, Cases, answers
from .sql_stages import column, named
from .sql_values import NULL, literal


@dataclass(frozen=True, slots=True)
class Asked:
    """In which dialect a query is written, and which columns of the table it gives as well."""

    dialect: str = "duckdb"
    keep: tuple[str, ...] = ()


def to_sql(
    versions: Sequence[PolicyVersion], question: str, asked: Asked, *, by_date: bool = True
) -> str:
    """Return the query; the columns of `cases` have the names of the facts."""
    kept = tuple(named(column(name), f"own {name}") for name in asked.keep)
    cases = Cases(exp.to_table("cases"), kept, dialect=DIALECTS[asked.dialect])
    made = answers(versions, question, cases, by_date=by_date)
    found = {
        "outcome": by_rule(made, lambda _, rule: rule.outcome.name),
        "rule": by_rule(made, lambda _, rule: rule.name),
        **{output.name: only_answered(made, output.sql) for output in made.outputs},
        "version": by_rule(made, lambda version, _: version.version),
        "digest": by_rule(made, lambda version, _: version.digest),
        "error": what_is_wrong(made),
    }
    own = [named(column(f"own {name}"), name) for name in asked.keep]
    columns = [named(sql, name) for name, sql in found.items()]
    query = exp.select(*own, *columns).from_(made.query.subquery("cases"))
    return in_a_row(query, cases.dialect).sql(asked.dialect, pretty=True) + "\n"


def in_a_row(query: exp.Select, dialect: Dialect) -> exp.Expression:
    """Write stages one after the other: Spark takes ages to read those that stand in each other."""
    found = eliminate_subqueries(query)
    if dialect.merges:
        for stage in found.ctes:
            stage.this.offset(0, copy=False)
    return found


def by_rule(made: Answers, text: Callable[[PolicyVersion, Rule], str]) -> Sql:
    """Write a text that depends on the rule that decides."""
    texts = [text(version, rule) for version, rule in made.rules]
    if len(set(texts)) == 1:
        return only_answered(made, literal(texts[0]))
    found = exp.case(made.answer)
    for number, written in enumerate(texts):
        found = found.when(whole(number), literal(written))
    return found


def only_answered(made: Answers, sql: Sql) -> Sql:
    """Write what a case has that is decided."""
    return exp.case().when(known(made.answer), sql)


def what_is_wrong(made: Answers) -> Sql:
    """Write what is wrong with a case that has no answer."""
    found = exp.case()
    for wrong, text in made.wrong:
        found = found.when(wrong, literal(text))
    return exp.case().when(made.answer.is_(NULL), found)
