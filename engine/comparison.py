"""Two versions of a policy held together: whom a change affects and how, and what reads otherwise.

Every group of cases comes with its regions, what it means for customers, the lines that cause it,
an example, and for each limit that moved a case on either side.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from .atoms import AtMost, Atom, Path
from .causes import Cause, causes, required
from .compare import Difference, difference, result
from .effect import Effect, effect
from .formula import Formula, atoms_of
from .group import Group, Ruled
from .model import Fact, PolicyVersion, Value
from .regions import Fixed, Region, along
from .rulebook import Rulebook
from .search import Clause
from .walk import facts_in
from .witness import Facts, witness
from .wording import Wording, wording

Verdict: TypeAlias = Literal[
    "nothing",
    "wording only",
    "same",
    "decided",
    "better",
    "worse for some",
    "mixed",
    "changed",
    "broken",
]
"""`same`: only the rules that are named change; `decided`: only cases without an answer get one;
`changed`: cases are decided otherwise, in no order that the policy names."""


WORST_FIRST: tuple[Effect, ...] = get_args(Effect)
"""The order in which groups of cases are told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one version says of a case."""

    ruled: Ruled
    outputs: Mapping[str, Value | None]


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with what both versions say of it."""

    facts: Facts
    old: Answer
    new: Answer


@dataclass(frozen=True, slots=True)
class Edge:
    """A limit that moved: a case just inside of what changes, and one just outside, if any is."""

    inside: Shown
    outside: Shown | None


@dataclass(frozen=True, slots=True)
class Change:
    """A group of cases that one version decides in one way, and the other version in another.

    `facts` are those of both versions, and `read` names those that the outputs come from.
    """

    question: str
    facts: tuple[Fact, ...]
    read: frozenset[str]
    group: Group
    effect: Effect
    example: Shown
    edges: tuple[Edge, ...]
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that changes from one version to another.

    `unsettled` names the questions in which some case may change, and none was found;
    `incomplete` those with more groups of cases than are listed.
    """

    old: PolicyVersion
    new: PolicyVersion
    changes: tuple[Change, ...]
    wording: Wording
    unsettled: tuple[str, ...]
    incomplete: tuple[str, ...]

    @property
    def shared(self) -> tuple[Cause, ...]:
        """The lines that cause every change, where there are several."""
        if len(self.changes) < 2:  # noqa: PLR2004 - several
            return ()
        first, *others = self.changes
        return tuple(
            cause for cause in first.causes if all(cause in item.causes for item in others)
        )

    @property
    def verdict(self) -> Verdict:
        """The change in a word or two."""
        return verdict_of({change.effect for change in self.changes}, bool(self.wording))


def verdict_of(effects: Collection[Effect], reworded: bool) -> Verdict:  # noqa: FBT001 - a fact
    """Return in a word or two what groups of cases come to together.

    >>> verdict_of({"worse", "same"}, reworded=True)
    'worse for some'
    """
    found = set(effects)
    if not found:
        return "wording only" if reworded else "nothing"
    if "undecided" in found:
        return "broken"
    if "mixed" in found or found >= {"worse", "better"}:
        return "mixed"
    if "worse" in found:
        return "worse for some"
    if found <= {"same", "unanswered"}:
        return "same"
    if "unclear" in found:
        return "changed"
    return "better" if "better" in found else "decided"


def compare(old: PolicyVersion, new: PolicyVersion) -> Comparison:
    """Compare two versions of a policy, in all questions that both have."""
    found = [difference(old, new, name) for name in new.questions if name in old.questions]
    changes = [change(item, group, old, new) for item in found for group in item.groups]
    return Comparison(
        old,
        new,
        tuple(sorted(changes, key=lambda item: WORST_FIRST.index(item.effect))),
        wording(old, new),
        tuple(item.question for item in found if item.unsettled),
        tuple(item.question for item in found if not item.complete),
    )


def change(found: Difference, group: Group, old: PolicyVersion, new: PolicyVersion) -> Change:
    """Return a group of cases with what it means, where it comes from, and cases to look at."""
    name = found.question
    both = ((found.both.old, group.old), (found.both.new, group.new))
    rules = [book.rules[rule] for book, ruled in both for rule in ruled.rules]
    return Change(
        name,
        found.both.new.question.facts,
        frozenset(facts_in(*(value for rule in rules for _, value in rule.outputs))),
        group,
        effect(found, group),
        shown(found, group.facts),
        tuple(edges(found, group)),
        lines(group, old, new, name),
    )


def lines(group: Group, old: PolicyVersion, new: PolicyVersion, name: str) -> tuple[Cause, ...]:
    """Return the lines that make a group of cases come out differently."""
    before, after = old.questions[name], new.questions[name]
    if "no case" in (group.old.kind, group.new.kind):
        return required(before, after)
    named = dict.fromkeys((*group.old.rules, *group.new.rules))
    every = dict.fromkeys(rule.name for rule in (*before.rules, *after.rules))
    found = causes(before, after, named) or causes(before, after, every)
    return found or tuple(set_otherwise(old, new))


def set_otherwise(old: PolicyVersion, new: PolicyVersion) -> Iterator[Cause]:
    """Yield the settings of a version by which the same rules come to something else."""
    sides = (("old", old), ("new", new))
    if old.calendar != new.calendar:
        yield from (Cause(side, "`business_days`", version.where) for side, version in sides)
    if old.currency != new.currency:
        yield from (Cause(side, "`currency`", version.where) for side, version in sides)


def shown(found: Difference, facts: Facts) -> Shown:
    """Return a case with the answers of both versions."""
    old, new = (Answer(*result(book, facts)) for book in (found.both.old, found.both.new))
    return Shown(facts, old, new)


def edges(found: Difference, group: Group) -> Iterator[Edge]:
    """Yield, for each limit that only one version has, the cases next to it."""
    names = {*group.old.rules, *group.new.rules}
    sides = [
        atoms_of(*(part for name in names & book.rules.keys() for part in reads(book, name)))
        for book in (found.both.old, found.both.new)
    ]
    moved = sides[0].keys() ^ sides[1].keys()
    for region in group.regions:
        for atom, holds in region.fixed:
            if atom in moved and isinstance(atom, AtMost):
                for item in edge(found, group, region, (atom, holds)):
                    moved -= {atom}
                    yield item


def reads(book: Rulebook, rule: str) -> Iterator[Formula]:
    """Yield the formulas on which it depends whether a rule decides."""
    yield from (book.applies[name] for name in (rule, *book.beaters[rule]))


def edge(
    found: Difference, group: Group, region: Region, limit: tuple[Atom, bool]
) -> Iterator[Edge]:
    """Yield the cases on both sides of a limit of a region, if the group ends there."""
    atom, holds = limit
    assert isinstance(atom, AtMost)
    last, first = exactly(atom, atom.c), exactly(atom, atom.c + 1)
    inside, outside = (last, first) if holds else (first, last)
    others = [item for item in region.fixed if item != limit]
    clauses = (*group.cases.valid, *group.cases.inside)
    path = along((*region.fixed, *inside), group.cases.given)
    within = on_limit(group.facts, found, clauses, path)
    if within:
        beyond = on_limit(within.facts, found, group.valid, along((*others, *outside)))
        if not beyond or (beyond.old.ruled, beyond.new.ruled) != (group.old, group.new):
            yield Edge(within, beyond)


def exactly(atom: AtMost, count: int) -> Fixed:
    """Return that the difference of which an atom speaks is exactly so much."""
    below = AtMost(atom.x, atom.y, count - 1)
    return ((AtMost(atom.x, atom.y, count), True), (below, False))


def on_limit(
    near: Facts, found: Difference, clauses: tuple[Clause, ...], path: Path | None
) -> Shown | None:
    """Return a case on a path, near to another one."""
    seen = witness(found.both.new, clauses, near=near, path=path) if path else None
    return shown(found, seen.facts) if seen and seen.facts else None
