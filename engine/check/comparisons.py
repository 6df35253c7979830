"""Comparisons that change nothing, because the rest of their rule and `always` say as much.

A comparison is idle where its rule applies in the same valid cases when the comparison is taken to
be true (or false) whatever the case. What other rules do, or override, doesn't count: a rule may
state its own limits although another one enforces them.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from ..errors import Finding
from ..explain import in_short
from ..model import ALWAYS, Compare, Condition, Not, OneOf, PolicyVersion
from ..search import find
from ..versions import Policy
from ..walk import Node, Rebuilding, parts, within
from .conditions import Constants, Living, constants, living, place

Comparison = Compare | OneOf
Taken = Mapping[int, bool]
"""What comparisons are taken to be, by their identity."""


def comparisons(policy: Policy) -> Iterator[Finding]:
    """Find comparisons that change nothing in any rule, and that aren't always or never true.

    Of two that say the same, the later one is idle.
    """
    for version in policy.versions:
        rules = living(version)
        taken: dict[int, bool] = {}
        for comparison, standing in reversed(candidates(version, rules)):
            for holds in (True, False):
                trial = {**taken, id(comparison): holds}
                if all(same_cases(where, taken, trial) for where in standing):
                    taken = trial
                    yield finding(comparison, standing)
                    break


def candidates(
    version: PolicyVersion, rules: list[Living]
) -> list[tuple[Comparison, list[Living]]]:
    """Return the comparisons that only rules' conditions read, in order, with these rules."""
    found: dict[int, tuple[Comparison, list[Living]]] = {}
    fixed = constants(rules)
    for book, rule in rules:
        for comparison in compared(rule.when, fixed):
            standing = found.setdefault(id(comparison), (comparison, []))[1]
            standing.append((book, rule))
    elsewhere = {id(node) for node in within(*values(version, rules))}
    kept = [each for key, each in found.items() if key not in elsewhere]
    return sorted(kept, key=lambda each: place(each[0]))


def compared(condition: Condition, fixed: Constants) -> Iterator[Comparison]:
    """Yield the comparisons that a condition is made of, but for those always or never true."""
    if id(condition) in fixed:
        return
    if isinstance(condition, Comparison):
        yield condition
    else:
        for part in parts(condition):
            assert isinstance(part, Condition), "INVARIANT: only a comparison is made of values"
            yield from compared(part, fixed)


def values(version: PolicyVersion, rules: list[Living]) -> Iterator[Node]:
    """Yield what is read beside the conditions of rules: values, requirements and starts."""
    for _, rule in rules:
        yield from (value for _, value in rule.outputs)
        sides = (parts(each) for each in within(rule.when) if isinstance(each, Comparison))
        yield from (side for pair in sides for side in pair)
    for question in version.questions.values():
        yield from (requirement.condition for requirement in question.always)
    yield from (start.when for start in version.in_force or ())


def same_cases(standing: Living, taken: Taken, trial: Taken) -> bool:
    """Return whether a rule applies in the same valid cases, whichever is taken."""
    book, rule = standing
    one, other = (
        book.reader.formula(Rebuilding(partial(fixed_to, taken=each)).condition(rule.when))
        for each in (taken, trial)
    )
    differ = book.forest.choose(one, book.forest.opposite(other), other)
    return find((*book.valid, (differ,))) is None


def fixed_to(node: Node, taken: Taken) -> Node | None:
    """Return what is always or never true in place of a comparison that is taken to be so."""
    if id(node) not in taken:
        return None
    return ALWAYS if taken[id(node)] else Not(ALWAYS)


def finding(comparison: Comparison, standing: list[Living]) -> Finding:
    """Return the warning about a comparison."""
    names = list(dict.fromkeys(f"`{rule.name}`" for _, rule in standing))
    rules = f"rule {names[0]} applies" if names[1:] == [] else f"rules {' and '.join(names)} apply"
    return Finding(
        code="idle-comparison",
        where=place(comparison),
        message=f"`{in_short(comparison)}` changes nothing: {rules} in the same cases without it",
        hint="leave it out, or mend it",
        severity="warning",
    )
