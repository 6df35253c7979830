"""What every engine of a replay shares: what to replay, what SQL leaves open, rows into groups."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlglot import exp

from .batch_query import too_long
from .decide import Facts, decide, plain
from .errors import CaseError, ConflictError, GapError, PolicyError
from .lines import Input
from .many import Answer
from .model import PolicyVersion
from .reading import Record
from .replay import Example, Flow, Group, Outputs, Replay, Result, Sum, Why
from .sql_facts import nowhere
from .sql_replay import Both, Side
from .tables import hint

MOST_VALUES = 1000
WHY_NOT: Mapping[type[PolicyError], Why] = {
    CaseError: "no case",
    GapError: "gap",
    ConflictError: "conflict",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to replay: two versions of a question, on a file in some form.

    `expressions` say where facts stand; the cases that change are written to `output`, if any;
    `most` is how many cases are decided, the first ones, where that isn't all.
    """

    old: PolicyVersion
    new: PolicyVersion
    question: str
    path: Path
    form: str
    expressions: Mapping[str, str] = field(default_factory=dict)
    by: str | None = None
    output: Path | None = None
    most: int | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts of both versions, the newer one's first."""
        both = (self.new.questions[self.question], self.old.questions[self.question])
        return tuple(dict.fromkeys(fact.name for asked in both for fact in asked.facts))


def absent(found: Both) -> tuple[str, ...]:
    """Return the facts that stand nowhere in the data."""
    facts = {fact.name: fact for side in found.sides for fact in side.question.facts}
    return tuple(name for name, fact in facts.items() if found.given.find(fact) == nowhere(fact))


# ---------------------------------------------------------------- what SQL leaves open


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What decides the cases on which SQL has no answer under one of the versions."""

    found: Both

    def look(self, line: int, text: list[str | None]) -> list[str | None]:
        """Return what both versions say of a case, as cells."""
        record = read(self.found.given, line, text)
        return [cell for side in self.found.sides for cell in cells(side, record)]


def read(given: Input, line: int, text: list[str | None]) -> Record:
    """Return a case as Python reads it."""
    try:
        return given.record(line, text)
    except PolicyError as error:
        return Record(line, {}, str(error))


def cells(side: Side, record: Record) -> Iterator[str | None]:
    """Yield what a version says of a case: the result's number, then the outputs."""
    result, outputs = said(side, record)
    yield str(side.results.index(result))
    yield from (outputs.get(name) for name in side.outputs)


def said(side: Side, record: Record) -> tuple[Result, Outputs]:
    """Return what a version says of a case."""
    if record.error:
        return Result(why="unreadable"), {}
    try:
        found = decide(side.version, side.question, own_facts(side, record.facts))
    except PolicyError as error:
        return Result(why=WHY_NOT.get(type(error), "error")), {}
    if found.outcome is None:
        return Result(why="undecided"), {}
    if too_long(Answer(record.line, found)):
        return Result(why="error"), {}
    return Result(found.outcome, found.rule), {
        name: in_text(plain(value)) for name, value in found.outputs.items()
    }


def own_facts(side: Side, facts: Facts) -> Facts:
    """Leave out the facts that only the other version knows."""
    own = {fact.name for fact in side.question.facts}
    return {name: value for name, value in facts.items() if name in own}


def in_text(value: object) -> str:
    """Return a value as text: truth values as in JSON."""
    return str(value).lower() if isinstance(value, bool) else str(value)


# ---------------------------------------------------------------- rows into groups


def made(task: Task, found: Both, counted: Sequence[Group], shown: Sequence[Example]) -> Replay:
    """Return the replay of which these are the groups and examples."""
    return Replay(
        old=task.old,
        new=task.new,
        question=task.question,
        data=task.path.name,
        groups=tuple(counted),
        examples={item.line: item for item in shown},
        by=task.by,
        absent=absent(found),
    )


def group(found: Both, row: Sequence[Any], lines: Sequence[int]) -> Group:
    """Return a group of cases from its row."""
    old, new, changed, value, cases, *sums = row
    return Group(
        old=found.old.results[old],
        new=found.new.results[new],
        changed=changed,
        value=None if value is None else str(value),
        cases=cases,
        lines=tuple(lines),
        sums={
            name: Sum(sums[2 * at] or nothing, sums[2 * at + 1] or nothing)
            for at, (name, nothing) in enumerate(found.money.items())
        },
    )


def check_column(task: Task, given: Input) -> None:
    """Raise PolicyError where the data doesn't have the column to count by."""
    if task.by is not None and task.by not in given.own:
        raise PolicyError(f"there is no column `{task.by}`: {hint(task.by, given.own)}")


def check_names(found: Both, select: exp.Select) -> None:
    """Raise PolicyError where two columns to write have the same name."""
    names = [item.output_name for item in select.selects]
    if taken := [name for name in found.given.own if names.count(name) > 1]:
        raise PolicyError(f"the data has a column `{taken[0]}` already")
    if twice := [name for name in names if names.count(name) > 1]:
        raise PolicyError(f"two columns would be called `{twice[0]}`, one for an output")


def check_values(task: Task, rows: Sequence[Sequence[Any]]) -> None:
    """Raise PolicyError where a column has too many values to count for each."""
    if len({row[3] for row in rows}) > MOST_VALUES:
        raise PolicyError(
            f"column `{task.by}` has more than {MOST_VALUES} values: name one with fewer"
        )


def lines_to_show(found: Sequence[Flow]) -> list[int]:
    """Return where the first cases of each flow that changes stand."""
    return [line for flow in found if flow.changed for line in flow.lines]


def example(found: Both, line: int, text: list[str | None], *given: str | None) -> Example:
    """Return a case from its row: the text of its facts, and what both versions say of it."""
    cells = iter(given)
    said = [(side.results[int(next(cells) or 0)], outputs_of(side, cells)) for side in found.sides]
    (old, before), (new, after) = said
    return Example(
        line=line,
        facts={name: in_text(value) for name, value in read(found.given, line, text).facts.items()},
        old=old,
        new=new,
        outputs=(before, after),
    )


def outputs_of(side: Side, cells: Iterator[str | None]) -> Outputs:
    """Return the outputs of a case out of the next cells."""
    return {name: cell for name, cell in zip(side.outputs, cells) if cell is not None}  # noqa: B905 - there are more cells
