"""The query of a question: which rule decides each case of a table, and with which outputs.

It decides what is plain, under the version in force for each case; the interpreter stays the
meaning. The query answers where all that matters is known, nothing is wrong, and a single result
follows: then the answer is the one of `evaluate`. Otherwise it is NULL.

All arithmetic is on whole numbers (see `sql_numbers`); what is unknown is NULL (see `sql_code`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from .dialects import DUCKDB, Dialect
from .errors import VersionError
from .model import Expression, Fact, Output, PolicyVersion, Question, Rule, Type
from .sql_code import Writer
from .sql_facts import Find, Reading, known, own_column, sql_type
from .sql_numbers import Sql, whole
from .sql_pick import Starting, picked
from .sql_rules import ruling
from .sql_stages import Stages
from .sql_values import NULL, TRUE
from .walk import facts_in

Right = Mapping[tuple[str, Type], Sql]


@dataclass(frozen=True, slots=True)
class Cases:
    """The table in which cases stand; `kept` are columns of it that pass through.

    Where `plain` doesn't hold, a case can't be read.
    """

    table: exp.Table | exp.Subquery
    kept: tuple[exp.Alias, ...] = ()
    find: Find = own_column
    dialect: Dialect = DUCKDB
    plain: Sql | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the answers: its name, how it is worked out, and its type."""

    name: str
    sql: Sql
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The query of a question: `answer` is the place of the deciding rule in `rules`, or NULL.

    `wrong` pairs what holds of wrong cases with words for it, where it is told.
    """

    query: exp.Select
    answer: Sql
    rules: tuple[tuple[PolicyVersion, Rule], ...]
    outputs: tuple[Column, ...]
    wrong: tuple[tuple[Sql, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one version says: what each valid case meets, which rule decides, and its outputs.

    Its starts can be told where `picking` facts are right, and what `starts_surely` lists holds.
    """

    question: Question
    starts: tuple[Starting, ...]
    starts_surely: tuple[Sql, ...]
    picking: tuple[Fact, ...]
    required: tuple[Sql, ...]
    surely: tuple[Sql, ...]
    decides: Sql
    outputs: tuple[tuple[int, Output, Sql], ...]


def answers(
    versions: Sequence[PolicyVersion], question: str, cases: Cases, *, by_date: bool = True
) -> Answers:
    """Return the query of a question under the version in force, or under the only one."""
    if by_date:
        versions = [version for version in versions if version.in_force]
    if not versions:
        raise VersionError(f"question `{question}` stands in drafts only: name a version")
    stages = Stages(at={alias.alias: 0 for alias in cases.kept})
    reading = Reading(cases.find, cases.dialect, stages)
    parts: list[Part] = []
    for version in versions:
        first = sum(len(part.question.rules) for part in parts)
        parts.append(part_of(version, version.questions[question], reading, (len(parts), first)))
    right = read_right(reading, cases)
    version_number = number_of_version(parts, right, reading) if by_date else None
    answer = stages.column("answer", whole_answer(parts, right, version_number, stages))
    outputs, certain = with_outputs(parts, answer, stages)
    wrong = tuple(what_is_wrong(parts, right, version_number, reading))
    return Answers(
        query=stages.query(cases.table, *cases.kept),
        answer=certain,
        rules=tuple(
            (version, rule) for version in versions for rule in version.questions[question].rules
        ),
        outputs=outputs,
        wrong=wrong,
    )


def side_by_side(
    versions: Sequence[PolicyVersion], question: str, cases: Cases
) -> tuple[Answers, ...]:
    """Return what each version says of all cases, whichever is in force: in one query."""
    stages = Stages(at={alias.alias: 0 for alias in cases.kept})
    reading = Reading(cases.find, cases.dialect, stages)
    parts = [part_of(one, one.questions[question], reading, (0, 0)) for one in versions]
    right = read_right(reading, cases)
    said = [
        with_outputs([part], stages.column("answer", decision(part, right, stages)), stages)
        for part in parts
    ]
    query = stages.query(cases.table, *cases.kept)
    return tuple(
        Answers(
            query=query,
            answer=certain,
            rules=tuple((version, rule) for rule in part.question.rules),
            outputs=outputs,
            wrong=(),
        )
        for version, part, (outputs, certain) in zip(versions, parts, said, strict=True)
    )


def read_right(reading: Reading, cases: Cases) -> Right:
    """Write how the facts are read; return what holds of cases whose facts are right."""
    right = reading.read()
    if cases.plain is not None:
        right["", Type("yes_no")] = reading.stages.read("is_plain", cases.plain)
    return right


# ---------------------------------------------------------------- one version


def part_of(
    version: PolicyVersion, question: Question, reading: Reading, numbers: tuple[int, int]
) -> Part:
    """Write what one version says; `numbers` are its own and the one of its first rule."""
    place, first = numbers
    writer = Writer(
        facts={fact.name: reading.column(fact) for fact in question.facts},
        calendar=version.calendar,
        dialect=reading.dialect,
        stages=reading.stages,
    )
    starts = tuple(
        Starting(place, start.day or date.min, writer.truth(start.when))
        for start in version.in_force or ()
    )
    starts_surely = tuple(writer.surely)
    picking = facts_in(*(start.when for start in version.in_force or ()))
    required = tuple(writer.truth(item.condition) for item in question.always)
    decides = ruling(version, question, writer, first).decides()
    surely = tuple(writer.surely)
    outputs = tuple(
        (number, output, certain_output(writer, value, output))
        for number, rule in enumerate(question.rules, start=first)
        for output, value in rule.outputs
    )
    for fact in question.facts:
        if fact.name in writer.limits:
            reading.limit(fact, writer.limits[fact.name])
    return Part(
        question=question,
        starts=starts,
        starts_surely=starts_surely,
        picking=tuple(version.facts[name] for name in picking),
        required=required,
        surely=surely,
        decides=decides,
        outputs=outputs,
    )


def certain_output(writer: Writer, value: Expression, output: Output) -> Sql:
    """Write an output; NULL where something in it has no value."""
    writer.surely.clear()
    sql = writer.output(value, output)
    return exp.case().when(exp.and_(*writer.surely), sql) if writer.surely else sql


def decision(part: Part, right: Right, stages: Stages) -> Sql:
    """Write which rule of a version decides; NULL where a case isn't plainly valid."""
    facts = [sql for key, sql in right.items() if not key[0] or key in keys(part)]
    checks = [*facts, *part.required, *part.surely]
    if not checks:
        return part.decides
    valid = stages.column("is_valid", exp.and_(*checks))
    return exp.case().when(valid, part.decides)


def keys(part: Part) -> list[tuple[str, Type]]:
    """Return the names of a version's facts with their types."""
    return [(fact.name, fact.type) for fact in part.question.facts]


# ---------------------------------------------------------------- all versions


def number_of_version(parts: Sequence[Part], right: Right, reading: Reading) -> Sql | None:
    """Return the column of the version in force; None where there is one for all cases."""
    by = parts[-1].question.version_by
    starts = [start for part in parts for start in part.starts]
    if by is None or [(start.day, start.holds) for start in starts] == [(date.min, TRUE)]:
        return None
    facts = [sql for key, sql in right.items() if key in picking_keys(parts)]
    checks = [*facts, *(sql for part in parts for sql in part.starts_surely)]
    number = picked(starts, reading.column(by))
    found = exp.case().when(exp.and_(*checks), number) if checks else number
    return reading.stages.column("version_in_force", found)


def picking_keys(parts: Sequence[Part]) -> set[tuple[str, Type]]:
    """Return the names, with their types, of the facts that pick a version."""
    by = parts[-1].question.version_by
    picking = [fact for part in parts for fact in part.picking] + ([by] if by else [])
    return {(fact.name, fact.type) for fact in picking}


def whole_answer(
    parts: Sequence[Part], right: Right, version_number: Sql | None, stages: Stages
) -> Sql:
    """Write which rule decides, under the version in force."""
    if version_number is None:
        return decision(parts[0], right, stages)
    found = exp.case(version_number)
    for number, part in enumerate(parts):
        found = found.when(whole(number), decision(part, right, stages))
    return found


def with_outputs(
    parts: Sequence[Part], answer: Sql, stages: Stages
) -> tuple[tuple[Column, ...], Sql]:
    """Return the columns of outputs, and the answer where they are all known."""
    given: dict[str, list[tuple[int, Output, Sql]]] = {}
    for number, output, sql in (item for part in parts for item in part.outputs):
        given.setdefault(output.name, []).append((number, output, sql))
    columns = [output_column(name, items, answer, stages) for name, items in given.items()]
    lacking = [
        exp.and_(answer.isin(*(whole(number) for number, _, _ in items)), column.sql.is_(NULL))
        for column, items in zip(columns, given.values(), strict=True)
    ]
    if not lacking:
        return (), answer
    certain = stages.column(
        "certain_answer", exp.case().when(exp.or_(*lacking), NULL).else_(answer)
    )
    return tuple(columns), certain


def output_column(
    name: str, items: Sequence[tuple[int, Output, Sql]], answer: Sql, stages: Stages
) -> Column:
    """Return the column of an output; it is text where versions or outcomes differ in its type."""
    types = {sql_type(output.type) for _, output, _ in items}
    found = exp.case(answer)
    for number, _, sql in items:
        found = found.when(whole(number), sql if len(types) == 1 else exp.cast(sql, "VARCHAR"))
    kind = types.pop() if len(types) == 1 else "VARCHAR"
    return Column(name, stages.column(name, found), kind)


def what_is_wrong(
    parts: Sequence[Part], right: Right, version_number: Sql | None, reading: Reading
) -> Iterator[tuple[Sql, str]]:
    """Yield what holds of wrong cases, with words for it; the first that holds is to be said."""
    for key, sql in right.items():
        if key[0]:
            is_right = reading.stages.column(f"{key[0]}_is_right", sql)
            under = [number for number, part in enumerate(parts) if key in keys(part)]
            in_force = [] if key in picking_keys(parts) else is_one_of(under, version_number)
            wrong = exp.and_(*in_force, exp.not_(exp.func("COALESCE", is_right, exp.false())))
            yield wrong, f"`{key[0]}` has a value that can't be decided on"
    if version_number is not None:
        starts = [start for part in parts for start in part.starts]
        by = parts[-1].question.version_by
        assert by, "INVARIANT: versions are picked by a fact"
        picking = [known(reading.column(by)), *(known(start.holds) for start in starts)]
        yield exp.and_(version_number.is_(NULL), *picking), "no version is in force for this case"
    for number, part in enumerate(parts):
        own = is_one_of([number], version_number)
        for item, holds in zip(part.question.always, part.required, strict=True):
            yield exp.and_(*own, exp.not_(exp.paren(holds))), item.otherwise
        complete = [known(reading.column(fact)) for fact in part.question.facts]
        yield (
            exp.and_(TRUE, *own, *complete),
            "this case has no decision here: ask `refund decide` why",
        )


def is_one_of(numbers: Sequence[int], version_number: Sql | None) -> list[Sql]:
    """Write that one of some versions is in force, unless there is one for all cases."""
    return [] if version_number is None else [version_number.isin(*map(whole, numbers))]
