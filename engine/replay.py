"""History decided under two versions: how many cases come out otherwise, and how much money.

    approved → declined   1,200 cases   12,300.00 → 0.00

Cases are counted in groups: what both versions say of them, by which rules, and what a column of
the data holds. A case that a version doesn't decide is counted as well, with why there is no
decision. All else that a report tells is added up from the groups.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from itertools import chain
from operator import attrgetter
from typing import Literal, TypeAlias, TypeVar

from .affected import KINDS
from .model import PolicyVersion

Why: TypeAlias = Literal["undecided", "unreadable", "no case", "gap", "conflict", "error"]
WHY: Mapping[Why, str] = {**KINDS, "undecided": "undecided", "unreadable": "can't be read"}  # type: ignore[dict-item]
MOST_EXAMPLES = 3
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Result:
    """What a version says of a case: a rule with its outcome, or why there is no decision."""

    outcome: str | None = None
    rule: str | None = None
    why: Why | None = None

    @property
    def words(self) -> str:
        """The outcome, or what stands in its place."""
        return WHY[self.why] if self.why else self.outcome or ""

    @property
    def kind(self) -> tuple[str | None, Why | None]:
        """The outcome, or why there is none, which an outcome may be called like."""
        return self.outcome, self.why


@dataclass(frozen=True, slots=True)
class Sum:
    """Money that all cases of a group come to, under the old version and under the new one."""

    old: Decimal
    new: Decimal

    @property
    def difference(self) -> Decimal:
        """How much more it is."""
        return self.new - self.old

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.old + other.old, self.new + other.new)

    def as_json(self) -> dict[str, str]:
        """Return the sum as it stands in JSON."""
        sides = {"old": self.old, "new": self.new, "difference": self.difference}
        return {name: format(amount, "f") for name, amount in sides.items()}


Sums: TypeAlias = Mapping[str, Sum]
Outputs: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A case of the data: its line, its facts as they are written there, and what it comes to."""

    line: int
    facts: Mapping[str, str]
    old: Result
    new: Result
    outputs: tuple[Outputs, Outputs]

    def as_json(self) -> dict[str, object]:
        """Return the case as it stands in JSON."""
        sides = zip(("old", "new"), (self.old, self.new), self.outputs, strict=True)
        return {
            "line": self.line,
            "facts": dict(self.facts),
            **{
                side: {
                    "outcome": result.outcome,
                    "rule": result.rule,
                    "why": result.why,
                    "outputs": dict(outputs),
                }
                for side, result, outputs in sides
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cases with the same rules before and after; `value` is what they hold in a column.

    `changed` tells that outcome or outputs differ, `lines` where the first cases stand.
    """

    old: Result
    new: Result
    changed: bool
    cases: int
    sums: Sums
    lines: tuple[int, ...]
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """Groups with the same outcomes before and after."""

    old: str
    new: str
    changed: bool
    groups: tuple[Group, ...]

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return counted(self.groups)

    @property
    def sums(self) -> Sums:
        """The money that they come to."""
        return added(self.groups)

    @property
    def rules(self) -> dict[tuple[str, str], int]:
        """How many cases there are by the rules before and after, most first."""
        found = shared_out(self.groups, lambda item: (said(item.old), said(item.new)))
        counts = {rules: counted(groups) for rules, groups in found.items()}
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @property
    def lines(self) -> list[int]:
        """Where the first cases stand."""
        return sorted(chain.from_iterable(group.lines for group in self.groups))[:MOST_EXAMPLES]

    def as_json(self) -> dict[str, object]:
        """Return the flow as it stands in JSON."""
        rules = self.rules.items()
        return {
            "old": self.old,
            "new": self.new,
            "changed": self.changed,
            "cases": self.cases,
            "money": in_json(self.sums),
            "rules": [{"old": old, "new": new, "cases": cases} for (old, new), cases in rules],
        }


@dataclass(frozen=True, slots=True)
class Part:
    """The cases with one value in a column."""

    value: str | None
    groups: tuple[Group, ...]

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return counted(self.groups)

    @property
    def changed(self) -> int:
        """How many of them change."""
        return counted(group for group in self.groups if group.changed)

    @property
    def sums(self) -> Sums:
        """The money that they come to."""
        return added(self.groups)

    def as_json(self) -> dict[str, object]:
        """Return the part as it stands in JSON."""
        return {
            "value": self.value,
            "cases": self.cases,
            "changed": self.changed,
            "money": in_json(self.sums),
            "flows": [flow.as_json() for flow in flows(self.groups)],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A question asked of all cases of some data, under two versions.

    `examples` are the first cases of what changes, by line. `by` is the column whose values groups
    keep apart; `absent` are facts without a column.
    """

    old: PolicyVersion
    new: PolicyVersion
    question: str
    data: str
    groups: tuple[Group, ...]
    examples: Mapping[int, Example]
    by: str | None = None
    absent: tuple[str, ...] = ()

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return counted(self.groups)

    @property
    def changed(self) -> int:
        """How many of them change."""
        return counted(group for group in self.groups if group.changed)

    @property
    def sums(self) -> Sums:
        """The money that all cases come to."""
        return added(self.groups)

    @property
    def flows(self) -> tuple[Flow, ...]:
        """All cases by outcome before and after: what changes first, and most cases first."""
        return flows(self.groups)

    @property
    def parts(self) -> tuple[Part, ...]:
        """All cases by the values of the column, if one is named."""
        if self.by is None:
            return ()
        found = shared_out(self.groups, attrgetter("value"))
        return tuple(Part(value, tuple(groups)) for value, groups in found.items())

    def examples_of(self, flow: Flow) -> list[Example]:
        """Return the first cases of a flow that changes."""
        return [self.examples[line] for line in flow.lines if flow.changed]

    def flow_in_json(self, flow: Flow) -> dict[str, object]:
        """Return a flow with its examples, as it stands in JSON."""
        return {**flow.as_json(), "examples": [one.as_json() for one in self.examples_of(flow)]}

    def as_json(self) -> dict[str, object]:
        """Return the replay as it stands in JSON."""
        found: dict[str, object] = {
            "policy": self.new.name,
            "question": self.question,
            "data": self.data,
            "old": side(self.old),
            "new": side(self.new),
            "cases": self.cases,
            "changed": self.changed,
            "money": in_json(self.sums),
            "flows": [self.flow_in_json(flow) for flow in self.flows],
            "absent": list(self.absent),
        }
        if self.by is not None:
            found["by"] = {"column": self.by, "values": [part.as_json() for part in self.parts]}
        return found


# ---------------------------------------------------------------- adding up


def shared_out(groups: Iterable[Group], key: Callable[[Group], Key]) -> dict[Key, list[Group]]:
    """Return groups by a key of theirs."""
    found: dict[Key, list[Group]] = {}
    for group in groups:
        found.setdefault(key(group), []).append(group)
    return found


def flows(groups: Iterable[Group]) -> tuple[Flow, ...]:
    """Return groups by outcome before and after: what changes first, and most cases first."""
    found = shared_out(groups, lambda item: (item.changed, item.old.kind, item.new.kind))
    made = (
        Flow(items[0].old.words, items[0].new.words, changed, tuple(items))
        for (changed, *_), items in found.items()
    )
    return tuple(sorted(made, key=lambda flow: (not flow.changed, -flow.cases, flow.old, flow.new)))


def counted(groups: Iterable[Group]) -> int:
    """Return how many cases groups hold."""
    return sum(group.cases for group in groups)


def added(groups: Iterable[Group]) -> Sums:
    """Return the money of groups."""
    names = dict.fromkeys(name for group in groups for name in group.sums)
    return {name: reduce(Sum.__add__, (group.sums[name] for group in groups)) for name in names}


def said(result: Result) -> str:
    """Return the rule that decides, or why none does."""
    return result.rule or result.words


def side(version: PolicyVersion) -> dict[str, str]:
    """Return which version decided, as it stands in JSON."""
    return {"version": version.version, "digest": version.digest, "currency": version.currency}


def in_json(sums: Sums) -> dict[str, dict[str, str]]:
    """Return sums as they stand in JSON."""
    return {name: found.as_json() for name, found in sums.items()}
