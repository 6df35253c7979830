"""Overrides as an author states them: the pairs from which all others follow."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeAlias

from .errors import Where
from .model import Rule
from .rules import closure

Stated: TypeAlias = Mapping[str, Collection[str]]


def stated(rules: tuple[Rule, ...]) -> dict[str, tuple[str, ...]]:
    """Return the rules that each rule overrides by its own words, in the order of the file.

    These are the rules that it lists, and those that it beats by way of no other rule: what
    `overrides: all`, the name of a table and the order of its rows come to.
    """
    by_name = {rule.name: rule for rule in rules}
    found = {}
    for rule in rules:
        further = {name for other in rule.overrides for name in by_name[other].overrides}
        own = {name for name, _ in rule.listed} | (rule.overrides - further)
        found[rule.name] = tuple(name for name in by_name if name in own)
    return found


def place(rule: Rule, beaten: str) -> Where:
    """Return where a rule says that it overrides another one."""
    return dict(rule.listed).get(beaten, rule.where)


def restated(rules: tuple[Rule, ...], pairs: Stated) -> tuple[Rule, ...] | None:
    """Return rules with other overrides, closed; None when these go round in a circle."""
    closed = {rule.name: frozenset(closure(rule.name, pairs)) for rule in rules}
    if any(name in beaten for name, beaten in closed.items()):
        return None
    return tuple(
        rule if closed[rule.name] == rule.overrides else replace(rule, overrides=closed[rule.name])
        for rule in rules
    )
