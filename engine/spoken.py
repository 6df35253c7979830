"""Every sentence of a policy version, by what it is called, with its place and as it is read."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from .errors import Where
from .model import PolicyVersion
from .sentences import filled
from .source import ListNode, MapNode, Node, Scalar, read

Key = tuple[str, ...]

SENTENCES: Mapping[Key, str] = {
    ("title",): "title",
    ("always", "*", "else"): "what is said of an invalid case",
    ("facts", "*", "label"): "label of fact `{}`",
    ("facts", "*", "ask"): "question for fact `{}`",
    ("facts", "*", "options", "*"): "fact `{}`: option `{}`",
    ("measures", "*", "label"): "label of measure `{}`",
    ("questions", "*", "asks"): "question `{}`",
    ("questions", "*", "always", "*", "else"): "`{}`: what is said of an invalid case",
    ("questions", "*", "outcomes", "*", "label"): "`{}`: label of outcome `{}`",
    (
        "questions",
        "*",
        "outcomes",
        "*",
        "outputs",
        "*",
        "label",
    ): "`{}`: `{}`: label of output `{}`",
    (
        "questions",
        "*",
        "outcomes",
        "*",
        "outputs",
        "*",
        "options",
        "*",
    ): "`{}`: `{}`: `{}`: option `{}`",
    ("questions", "*", "rules", "*", "says"): "`{}`: rule `{}`",
    ("questions", "*", "tables", "*", "says"): "`{}`: table `{}`",
    ("questions", "*", "tables", "*", "rows", "*", "says"): "`{}`: table `{}`: row `{}`",
    ("notes", "*", "says"): "note `{}`",
    ("notes", "*", "interpretation"): "interpretation `{}`",
}
"""Where a policy has sentences, and what each is called; `*` is any name, which `{}` shows."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it is written, and as a customer reads it."""

    source: str
    text: str
    where: Where

    @property
    def both(self) -> tuple[str, str]:
        """The sentence without its place."""
        return self.source, self.text


def sentences(version: PolicyVersion) -> Iterator[tuple[Key, Sentence]]:
    """Yield each sentence of a version under its key, in the order of the file.

    A sentence of `always` has its condition as the key: it has no name.
    """
    places = {key: (order, where) for order, (key, where) in enumerate(places_of(version))}
    found = []
    for key, text in texts(version.content, ()):
        if pattern(key) is None:
            continue
        order, where = places.get(key, (len(places), version.where))
        read_as = filled(text, version.terms) if key[-1] == "says" else text
        found.append((order, keyed(key, version.content), Sentence(text, read_as, where)))
    for _, key, item in sorted(found, key=lambda item: item[:2]):
        yield key, item


def texts(content: object, key: Key) -> Iterator[tuple[Key, str]]:
    """Yield every text of a content with the keys that lead to it; lists count from 0."""
    match content:
        case str():
            yield key, content
        case Mapping():
            for name, part in content.items():
                yield from texts(part, (*key, name))
        case list():
            for index, part in enumerate(content):
                yield from texts(part, (*key, str(index)))
        case _:
            return


def places_of(version: PolicyVersion) -> Iterator[tuple[Key, Where]]:
    """Yield where each part of a version stands in its file, under the keys that lead to it."""
    if version.path.is_file():
        root, _ = read(version.path.read_bytes(), version.where.file)
        if root:
            yield from places(root, ())


def places(node: Node, key: Key) -> Iterator[tuple[Key, Where]]:
    """Yield the place of a node and of all in it."""
    yield key, node.where
    match node:
        case MapNode(entries=entries):
            for name, part in entries:
                yield from places(part, (*key, name.text))
        case ListNode(items=items):
            for index, part in enumerate(items):
                yield from places(part, (*key, str(index)))
        case Scalar():
            return
        case _:
            assert_never(node)


def pattern(key: Key, kinds: Iterable[Key] = SENTENCES) -> Key | None:
    """Return which kind of sentence stands under a key, if any."""
    return next((found for found in kinds if fits(key, found)), None)


def fits(key: Key, wanted: Key) -> bool:
    """Return whether a key is of a form."""
    return len(key) == len(wanted) and all(
        name in ("*", part) for name, part in zip(wanted, key, strict=True)
    )


def called(key: Key, kinds: Mapping[Key, str] = SENTENCES) -> str:
    """Return what a sentence is called.

    >>> called(("questions", "fee", "rules", "late", "says"))
    '`fee`: rule `late`'
    """
    found = pattern(key, kinds)
    assert found
    names = (part for part, name in zip(key, found, strict=True) if name == "*")
    return kinds[found].format(*names)


def keyed(key: Key, content: Mapping[str, Any]) -> Key:
    """Put the condition in the place of the number of a sentence of `always`."""
    if key[-3:-2] != ("always",) or key[-1] != "else":
        return key
    item: Any = content
    for part in key[:-1]:
        item = item[int(part)] if isinstance(item, list) else item[part]
    condition = {name: value for name, value in item.items() if name != "else"}
    return (*key[:-2], json.dumps(condition, sort_keys=True), "else")
