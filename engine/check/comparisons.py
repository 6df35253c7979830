"""Comparisons that change nothing, because the rest of their rule and `always` say as much.

A part of a rule's condition is idle where the rule applies in the same valid cases when the part is
taken to be true (or false) whatever the case. What other rules do, or override, doesn't count: a
rule may state its own limits although another one enforces them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from ..errors import Finding
from ..model import ALWAYS, Compare, Condition, Not, OneOf, PolicyVersion
from ..search import find
from ..versions import Policy
from ..walk import Node, Rebuilding, parts, within
from .alike import differ
from .conditions import Constants, Living, called, conditions, constants, living, place

Taken = Mapping[int, bool]
"""What parts of conditions are taken to be, by their identity."""


def comparisons(policy: Policy) -> Iterator[Finding]:
    """Find what changes nothing in any rule: conditions always or never true, and idle parts."""
    for version in policy.versions:
        rules = living(version)
        fixed = constants(rules)
        yield from conditions(rules, fixed)
        yield from idle_parts(version, rules, fixed)


def idle_parts(version: PolicyVersion, rules: list[Living], fixed: Constants) -> Iterator[Finding]:
    """Find the parts of conditions that change nothing in any rule that has them.

    Of two that say the same, the later one is idle. What is always or never true is no news here.
    """
    trial = Trial(reading(version, rules))
    ahead = [rule.when for _, rule in rules]
    met: set[int] = set()
    while ahead:
        part = ahead.pop()
        if id(part) in met or id(part) in fixed:
            continue
        met.add(id(part))
        if trial.idle(part):
            yield finding(part, trial.standing[id(part)])
        else:
            ahead += [inner for inner in parts(part) if isinstance(inner, Condition)]


def reading(version: PolicyVersion, rules: list[Living]) -> dict[int, list[Living]]:
    """Return which rules read each part of their conditions, where nothing else reads it."""
    found: dict[int, list[Living]] = {}
    for book, rule in rules:
        for key in {id(part) for part in inside(rule.when)}:
            found.setdefault(key, []).append((book, rule))
    elsewhere = {id(node) for node in within(*values(version, rules))}
    return {key: where for key, where in found.items() if key not in elsewhere}


def inside(condition: Condition) -> Iterator[Condition]:
    """Yield the conditions that a condition is made of, but not those inside of values."""
    for part in parts(condition):
        if isinstance(part, Condition) and not isinstance(condition, Compare | OneOf):
            yield part
            yield from inside(part)


def values(version: PolicyVersion, rules: list[Living]) -> Iterator[Node]:
    """Yield what is read beside the conditions of rules: values, requirements and starts."""
    for _, rule in rules:
        yield from (value for _, value in rule.outputs)
        compared = (part for part in within(rule.when) if isinstance(part, Compare | OneOf))
        yield from (side for comparison in compared for side in parts(comparison))
    for question in version.questions.values():
        yield from (requirement.condition for requirement in question.always)
    yield from (start.when for start in version.in_force or ())


@dataclass(slots=True)
class Trial:
    """Which rules read a part of a condition, and what idle parts are taken to be so far."""

    standing: Mapping[int, list[Living]]
    taken: dict[int, bool] = field(default_factory=dict)

    def idle(self, part: Condition) -> bool:
        """Return whether a part changes no rule; it is left out of account from then on."""
        rules = self.standing.get(id(part), ())
        for holds in (True, False) if rules else ():
            trial = {**self.taken, id(part): holds}
            if all(same_cases(where, self.taken, trial) for where in rules):
                self.taken = trial
                return True
        return False


def same_cases(standing: Living, one: Taken, other: Taken) -> bool:
    """Return whether a rule applies in the same valid cases, whichever is taken."""
    book, rule = standing
    before, after = (
        book.reader.formula(Rebuilding(partial(fixed_to, taken=each)).condition(rule.when))
        for each in (one, other)
    )
    return find((*book.valid, (differ(book, before, after),))) is None


def fixed_to(node: Node, taken: Taken) -> Node | None:
    """Return what is always or never true, in the place of a part that is taken to be so."""
    if id(node) not in taken:
        return None
    return ALWAYS if taken[id(node)] else Not(ALWAYS)


def finding(part: Condition, standing: list[Living]) -> Finding:
    """Return the warning about a part of a condition."""
    names = list(dict.fromkeys(f"`{rule.name}`" for _, rule in standing))
    rules = f"rule {names[0]} applies" if names[1:] == [] else f"rules {' and '.join(names)} apply"
    return Finding(
        code="idle-comparison",
        where=place(part),
        message=f"{called(part)} changes nothing: {rules} in the same cases without it",
        hint="leave it out, or mend it",
        severity="warning",
    )
