"""A version with other words or figures in place of its own, read as if they stood in its file.

rewritten(version, {("terms", "trial_period"): "15 days"})   one figure moved
rewritten(version, {("title",): "Erstattung", …})            the same policy in German
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from .errors import SourceError
from .load import canonical, version_of
from .model import PolicyVersion
from .source import ListNode, MapNode, Node, Scalar, read
from .spoken import Key


def rewritten(version: PolicyVersion, texts: Mapping[Key, Node | str]) -> PolicyVersion:
    """Return a version with other nodes, or other text, under some keys.

    It keeps the digest of the version: what its cases are decided by hasn't been published anew.
    A list's items are named by their numbers, from 0. Raises SourceError with what is wrong then.
    """
    root, _ = read(version.path.read_bytes(), version.where.file)
    assert isinstance(root, MapNode), "INVARIANT: a version was read from a mapping"
    changed = exchanged(root, (), texts)
    assert isinstance(changed, MapNode), "INVARIANT: a mapping stays one"
    build, findings = version_of(changed, canonical(changed))
    if errors := [finding for finding in findings if finding.severity == "error"]:
        raise SourceError(errors)
    return replace(build(), digest=version.digest, path=version.path)


def exchanged(node: Node, key: Key, texts: Mapping[Key, Node | str]) -> Node:
    """Return a node with others in the places of those under some keys."""
    if key in texts:
        found = texts[key]
        return Scalar(found, node.where, found) if isinstance(found, str) else found
    match node:
        case Scalar():
            return node
        case ListNode(items, where):
            parts = (exchanged(item, (*key, str(i)), texts) for i, item in enumerate(items))
            return ListNode(tuple(parts), where)
        case MapNode(entries, where):
            return MapNode(
                tuple((name, exchanged(part, (*key, name.text), texts)) for name, part in entries),
                where,
            )
        case _:
            assert_never(node)
