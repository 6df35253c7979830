"""The SQL of a replay: both versions' answers to each case, what differs, and groups of cases.

Each answer is a number: the place of a rule among `Results`, or of why there is no decision. Where
SQL has no answer for one of the versions, the function `look` has those of both.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlglot import exp

from .dialects import Dialect
from .lines import Input, in_json
from .model import PolicyVersion, Question
from .replay import MOST_EXAMPLES, WHY, Result
from .sql_numbers import Sql, whole
from .sql_query import Answers, Cases, Column, side_by_side
from .sql_reading import called, written
from .sql_stages import column, named
from .sql_values import NULL, literal

LOOK, LOOKED = "look", "looked at"
TEXT = "VARCHAR"
KEYS = (column("old"), column("new"), column("changed"))


@dataclass(frozen=True, slots=True)
class Side:
    """A version of the question: its name (`old` or `new`), and what SQL answers under it."""

    name: str
    version: PolicyVersion
    question: Question
    made: Answers

    @property
    def results(self) -> tuple[Result, ...]:
        """All that the version can say of a case, by number."""
        rules = (Result(rule.outcome.name, rule.name) for rule in self.question.rules)
        return (*rules, *(Result(why=why) for why in WHY))

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs with the types of their columns."""
        return {output.name: output.type for output in self.made.outputs}

    @property
    def money(self) -> dict[str, int]:
        """The outputs that are money in some outcome, with how many digits they have."""
        return {
            output.name: output.type.scale
            for outcome in self.question.outcomes
            for output in outcome.outputs
            if output.type.kind == "money" and output.name in self.outputs
        }

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the answer: its number, then its outputs."""
        number = Column(self.name, self.made.answer, "BIGINT")
        given = (replace(item, name=f"{self.name} {item.name}") for item in self.made.outputs)
        return (number, *given)

    def column(self, output: str) -> Sql:
        """Return the column of an output, if the version has it."""
        return NULL if output not in self.outputs else column(f"{self.name} {output}")

    def sum(self, output: str) -> Sql:
        """Write the sum of an output, over the rules for which it is money."""
        numbers = [
            whole(place)
            for place, rule in enumerate(self.question.rules)
            for given, _ in rule.outputs
            if given.name == output and given.type.kind == "money"
        ]
        if not numbers:
            return NULL
        amount = exp.cast(self.column(output), f"DECIMAL(38, {self.money[output]})")
        return exp.Sum(this=exp.case().when(column(self.name).isin(*numbers), amount))


@dataclass(frozen=True, slots=True)
class Both:
    """Both versions of a question over the cases of some data."""

    given: Input
    old: Side
    new: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        """The old version, and the new one."""
        return self.old, self.new

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of both answers, in the order in which the function gives them."""
        return (*self.old.columns, *self.new.columns)

    @property
    def own(self) -> list[exp.Column]:
        """The input's own columns."""
        return [column(f"own {name}") for name in self.given.own]

    @property
    def money(self) -> dict[str, Decimal]:
        """The outputs that are money under one of the versions, with no money in all digits."""
        scales = {**self.old.money, **self.new.money}
        return {name: Decimal(0).scaleb(-scale) for name, scale in scales.items()}


def both(
    given: Input, versions: tuple[PolicyVersion, PolicyVersion], question: str, dialect: Dialect
) -> Both:
    """Return both versions of a question over the cases of some data."""
    kept = tuple(named(column(name), name) for name in given.passing)
    cases = Cases(given.table, kept, given.find, dialect, given.plain)
    made = side_by_side(versions, question, cases)
    sides = zip(("old", "new"), versions, made, strict=True)
    return Both(
        given, *(Side(name, one, one.questions[question], found) for name, one, found in sides)
    )


# ---------------------------------------------------------------- a row for each case


def decided(found: Both) -> exp.Select:
    """Return the query of all cases; the function is called where SQL leaves a case open."""
    look = exp.case().when(open_yet(found), call())
    return compared(found, with_look(found, in_sql(found), look))


def decided_in_sql(found: Both) -> exp.Select:
    """Return the query of all cases, without an answer where SQL leaves a case open."""
    return compared(found, in_sql(found))


def decided_apart(found: Both, table: str) -> exp.Query:
    """Return the query of all cases out of a table of those decided in SQL.

    This is for a database that calls a function on all rows of a query or on none.
    """
    plain = exp.select("*").from_(table).where(exp.not_(open_yet(found)))
    others = exp.select("*").from_(table).where(open_yet(found))
    looked = compared(found, with_look(found, others, call()))
    return exp.union(plain, looked, distinct=False)


def in_sql(found: Both) -> exp.Select:
    """Return the query of what SQL answers."""
    text = named(found.given.text.copy(), "text")
    said = [named(item.sql.copy(), item.name) for item in found.columns]
    cases = found.old.made.query.subquery("cases")
    return exp.select(column("line"), text, *found.own, *said).from_(cases)


def with_look(found: Both, rows: exp.Select, look: Sql) -> exp.Select:
    """Return cases with the answers that the function has, if any, in place of those in SQL."""
    looked = exp.select("*", named(look, LOOKED)).from_(rows.subquery("cases"))
    said = [either(item, place) for place, item in enumerate(found.columns)]
    kept = (column("line"), column("text"), *found.own)
    return exp.select(*kept, *said).from_(looked.subquery("cases"))


def either(item: Column, place: int) -> exp.Alias:
    """Return a column of an answer: what the function says, or SQL."""
    cell = exp.Bracket(this=column(LOOKED), expressions=[whole(place)])
    given = cell if item.type == TEXT else exp.cast(cell, item.type)
    in_sql = exp.case().when(column(LOOKED).is_(NULL), column(item.name))
    return named(in_sql.else_(given), item.name)


def open_yet(found: Both) -> Sql:
    """Write that SQL has no answer under one of the versions."""
    return exp.paren(exp.or_(*(column(side.name).is_(NULL) for side in found.sides)))


def call() -> Sql:
    """Write the call of the function that has both answers."""
    return called(LOOK, column("line"), column("text"))


def compared(found: Both, rows: exp.Select) -> exp.Select:
    """Return cases with a column of whether they change."""
    return exp.select("*", named(changed(found), "changed")).from_(rows.subquery("cases"))


def changed(found: Both) -> Sql:
    """Write that the versions differ in outcome or outputs."""
    words = list(dict.fromkeys(result.words for side in found.sides for result in side.results))
    old, new = (
        by_number(side, [whole(words.index(result.words)) for result in side.results])
        for side in found.sides
    )
    names = dict.fromkeys([*found.old.outputs, *found.new.outputs])
    return exp.or_(old.neq(new), *(differs(found, name) for name in names))


def by_number(side: Side, listed: Sequence[Sql]) -> Sql:
    """Write which of several values the result of a version has."""
    found = exp.case(column(side.name))
    for number, value in enumerate(listed):
        found = found.when(whole(number), value)
    return found


def differs(found: Both, output: str) -> Sql:
    """Write that an output differs, of cases that have it under one version at least."""
    old, new = (side.column(output) for side in found.sides)
    kinds = {side.outputs[output] for side in found.sides if output in side.outputs}
    if len(kinds) > 1 and not all(kind.startswith("DECIMAL") for kind in kinds):
        old, new = exp.cast(old, TEXT), exp.cast(new, TEXT)
    differ = exp.NullSafeNEQ(this=old, expression=new)
    if found.old.version.currency == found.new.version.currency or output not in found.money:
        return differ
    return exp.or_(differ, exp.not_(exp.paren(old.copy()).is_(NULL)))


# ---------------------------------------------------------------- what is asked of them


def groups(found: Both, rows: exp.Query, by: str | None, *more: Sql) -> exp.Select:
    """Return the query of groups.

    Its columns: both answers, whether they differ, the column's value, how many cases, for each
    output that is money its sum before and after, and what else is asked.
    """
    keys = (*KEYS, value(found, by))
    sums = [side.sum(name) for name in found.money for side in found.sides]
    counts = exp.select(*keys, exp.Count(this=exp.Star()), *sums, *more)
    places = (whole(4), whole(1), whole(2), whole(3))
    in_order = (exp.Ordered(this=place, nulls_first=False) for place in places)
    return counts.from_(rows.subquery("cases")).group_by(*places).order_by(*in_order)


def value(found: Both, by: str | None) -> exp.Alias:
    """Write the value of the column by which groups are told apart."""
    return named(exp.cast(NULL, TEXT) if by is None else found.given.own_column(by), "value")


def first_lines(found: Both, rows: exp.Query, by: str | None) -> exp.Select:
    """Return the query of the first cases of each group that changes: its keys, and the line."""
    keys = (*KEYS, value(found, by))
    number = exp.Window(
        this=exp.RowNumber(),
        partition_by=[item.this if isinstance(item, exp.Alias) else item for item in keys],
        order=exp.Order(expressions=[exp.Ordered(this=column("line"))]),
    )
    changing = exp.select(*keys, column("line"), named(number, "place"))
    changing = changing.from_(rows.subquery("cases")).where(column("changed"))
    first = exp.select(*KEYS, column("value"), column("line")).from_(changing.subquery("cases"))
    return first.where(column("place") <= whole(MOST_EXAMPLES))


def examples(found: Both, rows: exp.Query, lines: Sequence[int]) -> exp.Select:
    """Return the query of some cases: line, text, and the columns of both answers."""
    as_text = [exp.cast(column(item.name), TEXT) for item in found.columns]
    shown = exp.select(column("line"), column("text"), *as_text).from_(rows.subquery("cases"))
    return shown.where(column("line").isin(*map(whole, lines))).order_by("1")


def flips(found: Both, rows: exp.Query, *, typed: bool) -> exp.Select:
    """Return the query of all cases that change: own columns, line, and what both versions say."""
    own = [named(found.given.own_column(name), name) for name in found.given.own]
    said = [item for side in found.sides for item in said_by(side, typed=typed)]
    every = exp.select(*own, column("line"), *said).from_(rows.subquery("cases"))
    return every.where(column("changed"))


def in_json_lines(found: Both, select: exp.Select) -> exp.Select:
    """Return the query of the same cases as lines of JSON, the own columns as they stand there."""
    given = found.given
    members: list[Sql] = []
    for item in select.selects:
        name = item.output_name
        value = given.own_in_json(name) if name in given.own else in_json(exp.paren(item.unalias()))
        members += [written(f"{json.dumps(name, ensure_ascii=False)}: "), value, written(", ")]
    line = called("CONCAT", written("{"), *members[:-1], written("}"))
    found_ = select.copy()
    found_.set("expressions", [named(line, "line")])
    return found_


def said_by(side: Side, *, typed: bool) -> Iterator[exp.Alias]:
    """Yield what a version says of a case, in columns of their own."""
    texts = {
        "outcome": [result.outcome for result in side.results],
        "rule": [result.rule for result in side.results],
        "why": [WHY[result.why] if result.why else None for result in side.results],
    }
    for name, listed in texts.items():
        words = [NULL if text is None else literal(text) for text in listed]
        yield named(by_number(side, words), f"{side.name}_{name}")
    for name in side.outputs:
        sql = side.column(name)
        yield named(sql if typed else exp.cast(sql, TEXT), f"{side.name}_{name}")
