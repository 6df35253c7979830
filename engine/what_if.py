"""What would have to be different for a better outcome: the smallest changes that reach it.

Only known facts that aren't `fixed` may change. Sets of them are tried from small to large, so no
change holds a part that it doesn't need. The rules say on which paths an outcome is reached while
all other facts stay as they are; on each path the values nearest to the present ones are worked
out exactly, and the nearest of all is confirmed by deciding the changed case.

Where a comparison outside of what `atoms` describes reads the changed facts, one date is looked
for on both sides by the days on which that comparison turns, and other values among plain ones.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations, islice
from typing import Any as Json

from .atoms import Path, from_steps
from .closest import Cost, closest, cost
from .decide import Decision, given
from .errors import PolicyError
from .evaluate import Case
from .model import Compare, Fact, OneOf, Question, Rule, Value
from .possible import Completions, completions
from .rulebook import Rulebook
from .search import Clause, find, paths
from .space import bounds
from .turns import SCANNED, today, turns
from .values import as_json
from .walk import facts_in
from .witness import candidates

MOST_TOGETHER = 3
"""So many facts change at once at most."""
MOST_PATHS, MOST_TRIES = 300, 200

Changed = Mapping[str, Value]
Decide = Callable[[Mapping[str, object]], Decision]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Facts that would have to be different, each with its present value, and what that decides."""

    outcome: str
    rule: str
    changed: tuple[Fact, ...]
    facts: Mapping[str, tuple[Value, Value]]
    decision: Decision
    cost: Cost

    def as_json(self) -> dict[str, Json]:
        """Return the change as it stands in JSON."""
        types = {fact.name: fact.type for fact in self.changed}
        return {
            "outcome": self.outcome,
            "rule": self.rule,
            "facts": {
                name: {"now": as_json(now, types[name]), "instead": as_json(new, types[name])}
                for name, (now, new) in self.facts.items()
            },
            "decision": self.decision.as_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The changes that reach a better outcome, the nearest first for each outcome, best first.

    `out_of_reach` are outcomes that no change reaches, proven; for those that are `unsettled` none
    was found. Unless the outcomes are `ranked` by the policy, all others count as better.
    """

    changes: tuple[Change, ...]
    out_of_reach: tuple[str, ...]
    unsettled: tuple[str, ...]
    ranked: bool

    def as_json(self) -> dict[str, Json]:
        """Return what was found as it stands in JSON."""
        return {
            "changes": [change.as_json() for change in self.changes],
            "out_of_reach": list(self.out_of_reach),
            "unsettled": list(self.unsettled),
            "ranked": self.ranked,
        }


def what_if(question: Question, case: Case, now: Decision, decide: Decide) -> WhatIf:
    """Return what would have to change in a decided case; `decide` confirms each change."""
    reached: dict[str, list[Change]] = {}
    lost: list[str] = []
    ranked, wanted = better(question, now)
    for outcome in wanted:
        search = Search(question, case, outcome, decide)
        if search.possible([fact.name for fact in search.free]):
            reached[outcome] = sorted(search.changes(), key=lambda change: change.cost)
        else:
            lost.append(outcome)
    return WhatIf(
        changes=tuple(change for found in reached.values() for change in found),
        out_of_reach=tuple(lost),
        unsettled=tuple(outcome for outcome, found in reached.items() if not found),
        ranked=ranked,
    )


def better(question: Question, now: Decision) -> tuple[bool, list[str]]:
    """Return whether outcomes are ranked, and those better than the present one, best first."""
    ranks = {outcome.name: outcome.rank for outcome in question.outcomes}
    mine = ranks[str(now.outcome)]
    if mine is None:
        return False, [name for name in ranks if name != now.outcome]
    found = {name: rank for name, rank in ranks.items() if rank is not None and rank < mine}
    return True, sorted(found, key=lambda name: found[name])


@dataclass(frozen=True, slots=True)
class Search:
    """The search for changes of a case that reach one outcome."""

    question: Question
    case: Case
    outcome: str
    decide: Decide

    @property
    def free(self) -> list[Fact]:
        """The known facts that may change."""
        known = self.case.facts
        return [fact for fact in self.question.facts if fact.name in known and not fact.fixed]

    @property
    def rules(self) -> Iterator[Rule]:
        """The rules that give the outcome."""
        return (rule for rule in self.question.rules if rule.outcome.name == self.outcome)

    def left(self, names: Iterable[str]) -> Completions:
        """Return what the case leaves open when these facts may change."""
        others = {name: known for name, known in self.case.facts.items() if name not in names}
        return completions(self.question, replace(self.case, facts=others))

    def possible(self, names: Iterable[str]) -> bool:
        """Return whether some values of these facts may reach the outcome."""
        left = self.left(names)
        if left.path is None:
            return False
        wanted = (reaches(left.book, rule) for rule in self.rules)
        return any(find(clauses, left.path) is not None for clauses in wanted)

    def changes(self) -> Iterator[Change]:
        """Yield the nearest change of each smallest set of facts."""
        done: list[set[str]] = []
        for size in range(1, MOST_TOGETHER + 1):
            for facts in combinations(self.free, size):
                names = {fact.name for fact in facts}
                if not any(smaller <= names for smaller in done):
                    found = self.nearest(facts)
                    if found:
                        done.append(names)
                        yield found

    def nearest(self, facts: tuple[Fact, ...]) -> Change | None:
        """Return the nearest change of exactly these facts, or None."""
        left = self.left({fact.name for fact in facts})
        if left.path is None:
            return None
        tried = sorted(
            self.tries(facts, left, left.path), key=lambda values: cost(values, facts, self.case)
        )
        found = (self.confirmed(values, facts) for values in tried)
        return next((change for change in found if change), None)

    def tries(self, facts: tuple[Fact, ...], left: Completions, start: Path) -> Iterator[Changed]:
        """Yield values of the facts that may reach the outcome, the nearest of each path."""
        for rule in self.rules:
            for path in islice(paths(reaches(left.book, rule), start), MOST_PATHS):
                options = chosen(path, facts, self.case)
                if options is None:
                    continue
                changed = replace(self.case, facts={**self.case.facts, **options})
                for counts in counted(path, facts, left.book, changed):
                    values = {fact.name: {**options, **counts}[fact.name] for fact in facts}
                    if all(self.case.facts[name] != value for name, value in values.items()):
                        yield values

    def confirmed(self, values: Changed, facts: tuple[Fact, ...]) -> Change | None:
        """Return the change if deciding the changed case gives the outcome."""
        new = {fact.name: given(values[fact.name], fact.type) for fact in facts}
        try:
            decision = self.decide(new)
        except PolicyError:
            return None
        if decision.outcome != self.outcome or decision.rule is None:
            return None
        return Change(
            outcome=self.outcome,
            rule=decision.rule,
            changed=facts,
            facts={name: (self.case.facts[name], value) for name, value in values.items()},
            decision=decision,
            cost=cost(values, facts, self.case),
        )


def counted(path: Path, facts: Iterable[Fact], book: Rulebook, case: Case) -> Iterator[Changed]:
    """Yield values for dates and numbers on a path: the nearest, or some where that is open."""
    whole = [fact for fact in facts if fact.type.kind not in ("yes_no", "choice")]
    names = {fact.name for fact in whole}
    odd = [atom.comparison for atom, _ in path.opaque if names & facts_in(atom.comparison)]
    if odd and (len(whole) > 1 or whole[0].type.kind != "date"):
        for values in islice(candidates(path, book, case.facts), MOST_TRIES):
            yield {name: values[name] for name in names}
        return
    points = days(path, whole[0], odd, case) if odd else [closest(path.space, whole, case)]
    for point in points:
        with suppress(ValueError, OverflowError):  # a day outside the calendar
            yield {fact.name: from_steps(point[fact.name], fact.type) for fact in whole}


def days(
    path: Path, fact: Fact, odd: Iterable[Compare | OneOf], case: Case
) -> Iterator[dict[str, int]]:
    """Yield the days on a path where it ends or a comparison turns, and those before them."""
    now = today(fact.name, case)
    before = now - timedelta(days=min(SCANNED, now.toordinal() - 1))
    earlier = replace(case, facts={**case.facts, fact.name: before})
    turned = {
        day.toordinal()
        for comparison in odd
        for start in (case, earlier)
        for day in turns(comparison, fact.name, start)
    }
    low, high = bounds(path.space, fact.name)
    ends = {end for end in (low, high) if end is not None}
    for count in {*ends, *turned, *(day - 1 for day in turned)}:
        if (low is None or low <= count) and (high is None or count <= high):
            yield {fact.name: count}


def reaches(book: Rulebook, rule: Rule) -> list[Clause]:
    """Return what holds in the cases that a rule decides without a conflict."""
    others = (
        other
        for other in book.question.rules
        if other.name != rule.name
        and other.name not in rule.overrides
        and rule.name not in other.overrides
    )
    return [
        *book.decides(rule.name),
        *(
            (*book.doesnt_decide(other.name), book.forest.opposite(book.differ(rule, other)))
            for other in others
        ),
    ]


def chosen(path: Path, facts: Iterable[Fact], case: Case) -> dict[str, Value] | None:
    """Return the first other option of each choice that a path leaves, or None if there is none."""
    found: dict[str, Value] = {}
    for fact in facts:
        if fact.type.kind in ("yes_no", "choice"):
            every: tuple[str | bool, ...] = fact.type.options or (True, False)
            left = path.space.options.get(fact.name, frozenset(every))
            others = [option for option in every if option in left - {case.facts[fact.name]}]
            if not others:
                return None
            found[fact.name] = others[0]
    return found
