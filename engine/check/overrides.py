"""Overrides: some valid case meets both rules of each one that is written."""

from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from ..errors import Finding, Where
from ..overrides import stated
from ..search import find
from .analysis import Analysis

Pairs: TypeAlias = Mapping[str, frozenset[str]]


def idle_overrides(about: Analysis) -> Iterator[Finding]:
    """Find overrides that matter in no valid case, even if no other rule overrode the same ones.

    Where rules meet an override says something true. So what follows from others is no finding,
    nor is an override of a dead rule.
    """
    rules = about.question.rules
    pairs = {name: frozenset(beaten) for name, beaten in stated(rules).items()}
    dead = {rule.name for rule in rules if about.dead(rule.name)}
    for (name, where), by in listed(about).items():
        beaten = rows(about, name)
        if dead >= beaten or dead.issuperset(by):
            continue
        lost = without(about, pairs, by, beaten)
        if lost and not any(meet(about, rule, others) for rule, others in lost.items()):
            yield finding(name, where, by)


def listed(about: Analysis) -> Mapping[tuple[str, Where], list[str]]:
    """Return each name under `overrides`, with the rules for which it stands there."""
    found: dict[tuple[str, Where], list[str]] = {}
    for rule in about.question.rules:
        for entry in rule.listed:
            found.setdefault(entry, []).append(rule.name)
    return found


def rows(about: Analysis, name: str) -> set[str]:
    """Return the rules that a name stands for: a rule, or the rows of a table."""
    if name in about.book.rules:
        return {name}
    tables = about.version.content["questions"][about.question.name]["tables"]
    return {row for row in tables[name]["rows"] if row in about.book.rules}


def without(about: Analysis, pairs: Pairs, by: Collection[str], beaten: Collection[str]) -> Pairs:
    """Return what each rule no longer overrides once some don't override others by their words."""
    closed = {name: rule.overrides for name, rule in about.book.rules.items()}
    concerned = {name for name in pairs if name in by or not closed[name].isdisjoint(by)}
    done: dict[str, frozenset[str]] = {}

    def left(name: str) -> frozenset[str]:
        if name not in concerned:
            return closed[name]
        if name not in done:
            direct = pairs[name].difference(beaten) if name in by else pairs[name]
            done[name] = frozenset(direct).union(*(left(other) for other in direct))
        return done[name]

    if all(left(name) == closed[name] for name in by):
        return {}
    return {name: closed[name] - left(name) for name in pairs if name in concerned}


def meet(about: Analysis, rule: str, others: Collection[str]) -> bool:
    """Return whether a valid case meets a rule and one of some others, in which both apply."""
    applies = about.book.applies
    pairs = ([(applies[rule],), (applies[other],)] for other in others)
    return any(
        find(both, about.start) and find([*both, *about.book.valid], about.start) for both in pairs
    )


def finding(name: str, where: Where, by: list[str]) -> Finding:
    """Return the finding that an override never matters."""
    rules = f"`{by[0]}`" if len(by) == 1 else f"any of the {len(by)} rows"
    return Finding(
        code="idle-override",
        where=where,
        message=f"no valid case meets both {rules} and `{name}`: this override never matters",
        hint="delete it, or mend a `when`",
        severity="warning",
    )
