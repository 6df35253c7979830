"""Rules under new names: which rule of the newer version is an old one, but for its name."""

from collections.abc import Mapping
from typing import Any as Json

from .model import PolicyVersion
from .spoken import Key


def renamed(old: PolicyVersion, new: PolicyVersion) -> dict[Key, Key]:
    """Return the rules and rows that have only a new name: the old keys with the new ones."""
    before, after = rules_of(old.content), rules_of(new.content)
    gone = {key: rule for key, rule in before.items() if key not in after}
    come = {key: rule for key, rule in after.items() if key not in before}
    found: dict[Key, Key] = {}
    for key, rule in gone.items():
        same = [
            to for to, other in come.items() if to[:-1] == key[:-1] and bare(rule) == bare(other)
        ]
        twins = [
            one for one, other in gone.items() if one[:-1] == key[:-1] and bare(other) == bare(rule)
        ]
        if len(same) == len(twins) == 1:
            found[key] = same[0]
    return {
        key: to for key, to in found.items() if beaten(gone[key], key, found) == beaten(come[to])
    }


def rules_of(content: Mapping[str, Json]) -> dict[Key, Json]:
    """Return the rules and rows of a policy under the keys that lead to them."""
    found: dict[Key, Json] = {}
    for name, question in content["questions"].items():
        for rule, item in question.get("rules", {}).items():
            found["questions", name, "rules", rule] = item
        for table, whole in question.get("tables", {}).items():
            for row, item in whole["rows"].items():
                found["questions", name, "tables", table, "rows", row] = item
    return found


def bare(rule: Mapping[str, Json]) -> dict[str, Json]:
    """Return a rule without what it overrides."""
    return {name: value for name, value in rule.items() if name != "overrides"}


def beaten(rule: Mapping[str, Json], key: Key = (), found: Mapping[Key, Key] = {}) -> list[str]:
    """Return what a rule overrides, by the new names of those in its question."""
    names = {was[-1]: now[-1] for was, now in found.items() if was[:2] == key[:2]}
    listed = rule.get("overrides", [])
    return sorted(
        names.get(name, name) for name in ([listed] if isinstance(listed, str) else listed)
    )


def renamed_in(key: Key, names: Mapping[Key, Key]) -> Key:
    """Return a sentence's key with the new name of its rule."""
    return (*names.get(key[:-1], key[:-1]), key[-1])
