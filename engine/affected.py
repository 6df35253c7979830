"""Whom a change affects, in words: in which cases, and what becomes of them.

    days since your first purchase: 15 to 30 days
    we refund you → we can't refund this charge

Customers don't see the rules, so they are told which these cases are of all that there may be;
tools say which they are of those that the old version decides by the same rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .comparison import Change, Comparison
from .group import Kind, Ruled
from .merging import stated
from .model import Output, PolicyVersion, Rule
from .phrases import phrases
from .regions import regions
from .search import NOWHERE, narrowed
from .speech import ENGLISH, Pattern, Speech
from .words import Words

KINDS: Mapping[Kind, Pattern] = {
    "gap": "no rule decides",
    "conflict": "rules contradict each other",
    "no case": "not a valid case",
    "error": "an error",
}
"""What stands in place of an outcome."""


@dataclass(frozen=True, slots=True)
class Situations:
    """In which cases something changes: each is in all of `common`, and in one of `others` if any.

    Where they aren't `complete`, it changes in further cases.
    """

    common: tuple[str, ...]
    others: tuple[tuple[str, ...], ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What a version says of cases: an outcome, and how each of its outputs is worked out."""

    label: str
    outputs: tuple[tuple[Output, str], ...]


@dataclass(frozen=True, slots=True)
class Affected:
    """A group of cases that change, in the words of customers."""

    situations: Situations
    before: Result
    after: Result


def affected(change: Change, found: Comparison, speech: Speech = ENGLISH) -> Affected:
    """Return in customers' words which cases a change affects, and how."""
    before = result(change.group.old, change.question, found.old, speech)
    after = result(change.group.new, change.question, found.new, speech)
    return Affected(in_labels(change, found, speech), before, after)


def result(ruled: Ruled, question: str, version: PolicyVersion, speech: Speech) -> Result:
    """Return what a version says of a group of cases, in customers' words."""
    if ruled.kind != "rule":
        return Result(speech.say(KINDS[ruled.kind]), ())
    words = Words(version, labels=True, speech=speech)
    rule = named_so(ruled.rules[0], question, version)
    outputs = ((output, words.told(output, value)) for output, value in rule.outputs)
    return Result(rule.outcome.label, tuple(outputs))


def named_so(name: str, question: str, version: PolicyVersion) -> Rule:
    """Return a rule of a question."""
    return next(rule for rule in version.questions[question].rules if rule.name == name)


def in_labels(change: Change, found: Comparison, speech: Speech) -> Situations:
    """Return in customers' words which these cases are of all valid ones."""
    group, version = change.group, with_all_facts(change, found)
    if "error" in (group.old.kind, group.new.kind):
        return Situations((), (), complete=False)
    parts, complete = regions(group.alone)
    given, valid = group.alone.given, group.alone.valid
    paths = (stated(part.path, given, valid, version) for part in parts)
    said = (phrases(path, version, given=given, labels=True, speech=speech) for path in paths)
    return shared(said, complete=complete)


def situations(change: Change, found: Comparison) -> Situations:
    """Return which these cases are of all that the old version decides so.

    A range is told with both of its ends, though one of them be that of all these cases.
    """
    version, group = with_all_facts(change, found), change.group
    given = narrowed([*group.valid])[1] or NOWHERE
    known = phrases(group.cases.given, version, given=given)
    said = (phrases(region.path, version, given=given) for region in group.regions)
    each = (tuple(phrase for phrase in part if phrase not in known) for part in said)
    return shared(each, complete=group.complete)


def shared(said: Iterable[tuple[str, ...]], *, complete: bool) -> Situations:
    """Return what some regions have in common, and what else each of them says.

    >>> shared([("a", "b"), ("a", "c")], complete=True)
    Situations(common=('a',), others=(('b',), ('c',)), complete=True)
    >>> shared([("a", "b"), ("a",)], complete=True)
    Situations(common=('a',), others=(), complete=True)
    """
    each = [*said]
    common = [phrase for phrase in (each or [()])[0] if all(phrase in part for part in each)]
    rest = [tuple(phrase for phrase in part if phrase not in common) for part in each]
    others = tuple(rest) if all(rest) else ()  # one that says no more holds all the others
    return Situations(tuple(common), others, complete)


def with_all_facts(change: Change, found: Comparison) -> PolicyVersion:
    """Return the newer version with the facts of both."""
    return replace(found.new, facts={fact.name: fact for fact in change.facts})
