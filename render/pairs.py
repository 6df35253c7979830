"""`translation.de.yaml` → each text beside its translation, by the key that both files share.

policy:
  title: {en: Refund policy, de: Rückerstattungen}      under ("policy", "title")

Only the file's own shape is judged here; whether it fits its policy, `translation` finds out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from ..engine.declarations import words
from ..engine.errors import Finding, LanguageError, SourceError, Where
from ..engine.folder import shown
from ..engine.model import PolicyVersion
from ..engine.place import Place
from ..engine.source import ListNode, MapNode, Node, Scalar, entry, read
from ..engine.spoken import Key
from ..engine.validate import violations
from .locale import locale
from .texts import is_text

FILE = "translation.{}.yaml"
NAME = re.compile(r"translation\.(.+)\.yaml")
SCHEMA = "translation.schema.json"
WAS = "was"
"""Under this key a text keeps how it and its translation read before the source changed."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A text and its translation, as the file has them; `was` is how both read earlier."""

    source: Scalar
    own: Scalar
    was: Node | None = None


@dataclass(frozen=True, slots=True)
class Pairs:
    """A translation as its file has it: the pairs by key, and where each part stands."""

    by_key: Mapping[Key, Pair]
    places: Mapping[Key, Where]


def file_of(version: PolicyVersion, language: str) -> Place:
    """Return where the translation of a version to a language stands."""
    return version.path.with_name(FILE.format(language))


def languages(version: PolicyVersion) -> tuple[str, ...]:
    """Return the languages to which a version is translated."""
    if not version.path.is_file():
        return ()
    found = (NAME.fullmatch(file.name) for file in version.path.parent.iterdir())
    return tuple(sorted(name[1] for name in found if name))


def read_pairs(version: PolicyVersion, source: str, language: str) -> Pairs:
    """Return a translation as its file has it, from the language `source`.

    Raises SourceError with every way in which the file isn't what its schema says, or lacks one of
    the two languages.
    """
    file = file_of(version, language)
    root, found = read(file.read_bytes(), shown(file))
    findings = [*found, *(violations(root, SCHEMA) if root else ())]
    if findings or root is None:
        raise SourceError(findings)
    findings = [*wrong_language(root, source, language), *incomplete(root, (), source, language)]
    if findings:
        raise SourceError(findings)
    return Pairs(dict(pairs(root, (), source, language)), dict(places(root, ())))


def wrong_language(root: Node, source: str, language: str) -> Iterator[Finding]:
    """Yield what is wrong with the language of a file."""
    node = entry(root, "language")
    where = (node or root).where
    if words(root, "language") != language:
        message = f"the file's name says `{language}`"
        yield Finding(code="bad-value", where=where, message=message, hint=f"write `{language}`")
    elif language == source:
        message = f"the policy itself is in `{language}`: there is nothing to translate"
        hint = "delete this file, or say in `pages.yaml` which `language` the policy is in"
        yield Finding(code="bad-value", where=where, message=message, hint=hint)
    try:
        locale(language)
    except LanguageError as error:
        yield Finding(code="bad-value", where=where, message=str(error))


def incomplete(node: Node, key: Key, source: str, language: str) -> Iterator[Finding]:
    """Yield the pairs that lack one of the two languages, or have a third one."""
    if is_text(key):
        tags = {name.text: name for name in keys(node)}
        for tag in (source, language):
            if tag not in tags:
                message = f"this text needs `{tag}`"
                yield Finding(code="missing-key", where=node.where, message=message)
        for tag, name in tags.items():
            if tag not in (source, language, WAS):
                message, hint = f"unknown key `{tag}`", f"known here: `{source}`, `{language}`"
                yield Finding(code="unknown-key", where=name.where, message=message, hint=hint)
    else:
        for above, part in parts(node):
            yield from incomplete(part, (*key, above), source, language)


def pairs(node: Node, key: Key, source: str, language: str) -> Iterator[tuple[Key, Pair]]:
    """Yield each pair of a node under its key."""
    if is_text(key):
        own, other = entry(node, source), entry(node, language)
        assert isinstance(own, Scalar), "INVARIANT: the pair has both languages"
        assert isinstance(other, Scalar), "INVARIANT: ditto"
        yield key, Pair(own, other, entry(node, WAS))
    else:
        for name, part in parts(node):
            yield from pairs(part, (*key, name), source, language)


def places(node: Node, key: Key) -> Iterator[tuple[Key, Where]]:
    """Yield where each part of a translation stands, down to its pairs."""
    yield key, node.where
    if not is_text(key):
        for name, part in parts(node):
            yield from places(part, (*key, name))


def keys(node: Node) -> tuple[Scalar, ...]:
    """Return the keys of a mapping."""
    return tuple(name for name, _ in node.entries) if isinstance(node, MapNode) else ()


def parts(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield what a node is made of, each part by its key or its number."""
    match node:
        case Scalar():
            return
        case MapNode(entries=entries):
            yield from ((name.text, part) for name, part in entries)
        case ListNode(items=items):
            yield from ((str(number), part) for number, part in enumerate(items))
        case _:
            assert_never(node)
