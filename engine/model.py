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
from datetime import date, tzinfo
from fractions import Fraction
from pathlib import Path
from typing import Any as Json
from typing import Literal as OneWordOf
from typing import TypeAlias

from .days import Calendar
from .errors import Where
from .frozen import Frozen
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


class Type(Frozen):
    """What a value is: a choice has `options`, a decimal or money digits after the point."""

    kind: Kind
    options: tuple[str, ...] = ()
    scale: int = 0


# ---------------------------------------------------------------- declarations


class Fact(Frozen, kw_only=True):
    """Something to know about a case; `ask` is the question that finds it out.

    One that is `fixed` can't change any more, whatever anybody does.
    """

    name: str
    type: Type
    label: str
    ask: str
    options: Mapping[str, str] = {}
    fixed: bool = False
    where: Where

    def __hash__(self) -> int:
        return hash((self.name, self.type, self.label, self.ask, self.fixed))


class Term(Frozen, kw_only=True):
    """A figure (or a text) of the policy, once; `text` is how its author wrote it."""

    name: str
    type: Type
    value: Value
    text: str
    where: Where


class Measure(Frozen, kw_only=True):
    """A value worked out from facts, under a name."""

    name: str
    type: Type
    label: str
    value: "Expression"
    where: Where


# ---------------------------------------------------------------- expressions


class Literal(Frozen):
    """A value written where it is used."""

    value: Value
    type: Type
    text: str


class Plus(Frozen):
    """The sum of its items."""

    items: tuple["Expression", ...]
    type: Type


class Minus(Frozen):
    """The left value less the right one."""

    left: "Expression"
    right: "Expression"
    type: Type


class Times(Frozen):
    """The product of its items."""

    items: tuple["Expression", ...]
    type: Type


class DividedBy(Frozen):
    """The exact quotient."""

    left: "Expression"
    right: "Expression"
    type: Type


class Rounded(Frozen):
    """The value brought to a multiple of `to`."""

    value: "Expression"
    to: Fraction
    mode: Rounding
    type: Type


class Least(Frozen):
    """The smallest, or earliest, of its items."""

    items: tuple["Expression", ...]
    type: Type


class Greatest(Frozen):
    """The largest, or latest, of its items."""

    items: tuple["Expression", ...]
    type: Type


class Shift(Frozen):
    """A date moved by a duration; `sign` is 1 (later) or -1 (earlier)."""

    day: "Expression"
    duration: "Expression"
    sign: int
    type: Type = Type("date")


class Between(Frozen):
    """How many days, business days or months lie between two dates."""

    start: "Expression"
    end: "Expression"
    type: Type


class Choose(Frozen):
    """A value for each option of a choice (or for yes and no)."""

    by: "Expression"
    branches: Mapping[Value, "Expression"]
    type: Type

    def __hash__(self) -> int:
        return hash((self.by, self.type))


class If(Frozen):
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


class Compare(Frozen):
    """One elementary comparison."""

    left: Expression
    operator: Operator
    right: Expression
    where: Where | None = None


class OneOf(Frozen):
    """Whether a value is one of several."""

    left: Expression
    options: tuple[Expression, ...]
    where: Where | None = None


class All(Frozen):
    """Holds when every item does; with no item it always holds."""

    items: tuple["Condition", ...]
    where: Where | None = None


class Any(Frozen):
    """Holds when at least one item does."""

    items: tuple["Condition", ...]
    where: Where | None = None


class Not(Frozen):
    """Holds when its item doesn't."""

    item: "Condition"
    where: Where | None = None


class Named(Frozen):
    """A condition under its name."""

    name: str
    condition: "Condition"


Condition: TypeAlias = Compare | OneOf | All | Any | Not | Named
ALWAYS = All(())


# ---------------------------------------------------------------- rules and the policy


class Requirement(Frozen):
    """What no valid case breaks, and what to say of one that does."""

    condition: Condition
    otherwise: str
    where: Where | None = None


class Output(Frozen):
    """A value that comes with an outcome; `better` is what the customer prefers."""

    name: str
    type: Type
    label: str
    better: Better | None = None
    options: Mapping[str, str] = {}
    where: Where | None = None

    def __hash__(self) -> int:
        return hash((self.name, self.type, self.label, self.better))


class Outcome(Frozen):
    """An answer to a question.

    `rank` is how good it is for the customer: 0 is the best, None when the policy doesn't say.
    """

    name: str
    label: str
    outputs: tuple[Output, ...]
    rank: int | None = None
    where: Where | None = None


class Rule(Frozen, kw_only=True, apart=("where", "says_where", "listed")):
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
    where: Where
    says_where: Where | None = None
    listed: tuple[tuple[str, Where], ...] = ()


class Note(Frozen):
    """A clause that no rule decides (`says`), or how we read the policy (`interpretation`)."""

    name: str
    says: str
    interpretation: str
    about: tuple[str, ...]
    where: Where | None = None


class Question(Frozen, kw_only=True):
    """What can be asked of the policy, with the rules that answer it."""

    name: str
    asks: str
    version_by: Fact | None
    clock: Fact | None
    facts: tuple[Fact, ...]
    always: tuple[Requirement, ...]
    outcomes: tuple[Outcome, ...]
    rules: tuple[Rule, ...]
    where: Where


class Start(Frozen):
    """From which day the version holds (None: the beginning), for cases that meet `when`."""

    day: date | None
    when: Condition
    where: Where


class PolicyVersion(Frozen, kw_only=True, apart=("where", "content", "path")):
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
    content: Mapping[str, Json]
    where: Where
    path: Place = Path()
