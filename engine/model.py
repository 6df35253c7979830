"""The policy as data: what `load` builds, `evaluate` reads and every target is made from.

A reference in a rule is the thing itself (a `Compare` holds its `Fact` or `Measure`), so no reader
of the model needs a table of names. A `where` is the place that an author would edit; it makes no
two things differ. Values are plain Python:

    yes_no          bool
    choice          str, the option's name
    date            datetime.date
    whole_number    int
    decimal, money  Fraction, in units (12.34 dollars is 617/50), so that arithmetic is exact
    days, business_days, months   int
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from fractions import Fraction
from pathlib import Path
from typing import Any as Json
from typing import Literal as OneWordOf
from typing import TypeAlias

from .days import Calendar
from .errors import Where
from .place import Place

Value: TypeAlias = bool | str | date | int | Fraction
Kind: TypeAlias = OneWordOf[
    "yes_no",
    "choice",
    "date",
    "whole_number",
    "decimal",
    "money",
    "days",
    "business_days",
    "months",
    "text",
]
Operator: TypeAlias = OneWordOf["is", "is_not", "at_least", "at_most", "more_than", "less_than"]
Rounding: TypeAlias = OneWordOf["half_up", "half_even", "up", "down"]
Better: TypeAlias = OneWordOf["more", "less", "later", "earlier"]


@dataclass(frozen=True, slots=True)
class Type:
    """What a value is: a choice has `options`, a decimal or money digits after the point."""

    kind: Kind
    options: tuple[str, ...] = ()
    scale: int = 0


# ---------------------------------------------------------------- declarations


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something to know about a case; `ask` is the question that finds it out.

    One that is `fixed` can't change any more, whatever anybody does.
    """

    name: str
    type: Type
    label: str
    ask: str
    options: Mapping[str, str] = field(default_factory=dict, hash=False)
    fixed: bool = False
    where: Where = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A figure (or a text) of the policy, once; `text` is how its author wrote it."""

    name: str
    type: Type
    value: Value
    text: str
    where: Where = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A value worked out from facts, under a name."""

    name: str
    type: Type
    label: str
    value: "Expression"
    where: Where = field(compare=False)


# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written where it is used."""

    value: Value
    type: Type
    text: str


@dataclass(frozen=True, slots=True)
class Plus:
    """The sum of its items."""

    items: tuple["Expression", ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Minus:
    """The left value less the right one."""

    left: "Expression"
    right: "Expression"
    type: Type


@dataclass(frozen=True, slots=True)
class Times:
    """The product of its items."""

    items: tuple["Expression", ...]
    type: Type


@dataclass(frozen=True, slots=True)
class DividedBy:
    """The exact quotient."""

    left: "Expression"
    right: "Expression"
    type: Type


@dataclass(frozen=True, slots=True)
class Rounded:
    """The value brought to a multiple of `to`."""

    value: "Expression"
    to: Fraction
    mode: Rounding
    type: Type


@dataclass(frozen=True, slots=True)
class Least:
    """The smallest, or earliest, of its items."""

    items: tuple["Expression", ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Greatest:
    """The largest, or latest, of its items."""

    items: tuple["Expression", ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Shift:
    """A date moved by a duration; `sign` is 1 (later) or -1 (earlier)."""

    day: "Expression"
    duration: "Expression"
    sign: int
    type: Type = field(default=Type("date"))


@dataclass(frozen=True, slots=True)
class Between:
    """How many days, business days or months lie between two dates."""

    start: "Expression"
    end: "Expression"
    type: Type


@dataclass(frozen=True, slots=True)
class Choose:
    """A value for each option of a choice (or for yes and no)."""

    by: "Expression"
    branches: Mapping[Value, "Expression"] = field(hash=False)
    type: Type


@dataclass(frozen=True, slots=True)
class If:
    """One value when a condition holds, another when it doesn't."""

    condition: "Condition"
    then: "Expression"
    otherwise: "Expression"
    type: Type


Expression: TypeAlias = (
    Fact
    | Term
    | Measure
    | Literal
    | Plus
    | Minus
    | Times
    | DividedBy
    | Rounded
    | Least
    | Greatest
    | Shift
    | Between
    | Choose
    | If
)


# ---------------------------------------------------------------- conditions


@dataclass(frozen=True, slots=True)
class Compare:
    """One elementary comparison."""

    left: Expression
    operator: Operator
    right: Expression
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether a value is one of several."""

    left: Expression
    options: tuple[Expression, ...]
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class All:
    """Holds when every item does; with no item it always holds."""

    items: tuple["Condition", ...]
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Any:
    """Holds when at least one item does."""

    items: tuple["Condition", ...]
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when its item doesn't."""

    item: "Condition"
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Named:
    """A condition under its name."""

    name: str
    condition: "Condition"


Condition: TypeAlias = Compare | OneOf | All | Any | Not | Named
ALWAYS = All(())


# ---------------------------------------------------------------- rules and the policy


@dataclass(frozen=True, slots=True)
class Requirement:
    """What no valid case breaks, and what to say of one that does."""

    condition: Condition
    otherwise: str
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Output:
    """A value that comes with an outcome; `better` is what the customer prefers."""

    name: str
    type: Type
    label: str
    better: Better | None = None
    options: Mapping[str, str] = field(default_factory=dict, hash=False)
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer to a question.

    `rank` is how good it is for the customer: 0 is the best, None when the policy doesn't say.
    """

    name: str
    label: str
    outputs: tuple[Output, ...]
    rank: int | None = None
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule or a row of a table.

    `overrides` names all that it beats, closed transitively; `listed` only what its author wrote,
    each with its place: rules and tables, none for `overrides: all`.
    """

    name: str
    when: Condition
    outcome: Outcome
    outputs: tuple[tuple[Output, Expression], ...]
    overrides: frozenset[str]
    says: str
    where: Where = field(compare=False)
    says_where: Where | None = field(default=None, compare=False, repr=False)
    listed: tuple[tuple[str, Where], ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Note:
    """A clause that no rule decides (`says`), or how we read the policy (`interpretation`)."""

    name: str
    says: str
    interpretation: str
    about: tuple[str, ...]
    where: Where | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What can be asked of the policy, with the rules that answer it."""

    name: str
    asks: str
    version_by: Fact | None
    clock: Fact | None
    facts: tuple[Fact, ...]
    always: tuple[Requirement, ...]
    outcomes: tuple[Outcome, ...]
    rules: tuple[Rule, ...]
    where: Where = field(compare=False)


@dataclass(frozen=True, slots=True)
class Start:
    """From which day the version holds (None: the beginning), for cases that meet `when`."""

    day: date | None
    when: Condition
    where: Where = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """One version of a policy; `in_force` is None for a draft, `content` its canonical source."""

    name: str
    version: str
    title: str
    in_force: tuple[Start, ...] | None
    zone: tzinfo
    currency: str
    calendar: Calendar | None
    terms: Mapping[str, Term]
    facts: Mapping[str, Fact]
    measures: Mapping[str, Measure]
    conditions: Mapping[str, Named]
    questions: Mapping[str, Question]
    notes: tuple[Note, ...]
    digest: str
    content: Mapping[str, Json] = field(repr=False)
    where: Where = field(compare=False)
    path: Place = field(default=Path(), compare=False)
