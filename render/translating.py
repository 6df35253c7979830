"""A translation laid out anew: the texts as they stand now, what is translated already kept.

A text that has changed since is to be translated again; how it and its translation read before
stays beside it:

    says:
      en: You get your money back for {trial_period}.
      de: ""
      was: {en: You get your money back., de: Sie erhalten Ihr Geld zurück.}
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import TypeAlias

from ..engine.model import PolicyVersion
from ..engine.proposals import LONGEST_LINE, text
from ..engine.source import MapNode, Scalar, entry, plain, read
from .locale import locale
from .pairs import Pair, Pairs, file_of, read_pairs
from .texts import Text, texts

Tree: TypeAlias = "dict[str, Tree | Renewed]"
ON_A_LINE, IN_BRACES = "a: {}", "{{a: {}}}"
"""Where a text may stand."""
SCHEMA_LINE = re.compile(r"(# yaml-language-server: \$schema=.*)policy(\.schema\.json)")


@dataclass(frozen=True, slots=True)
class Renewed:
    """A text as it stands now, its translation ("" where it has none), and both as they were."""

    both: Mapping[str, str]
    was: Mapping[str, str]


def laid_out(
    version: PolicyVersion, root: MapNode | None, source: str, language: str
) -> tuple[str, int]:
    """Return the text of a translation file, and how many texts it has still to translate.

    Raises SourceError where the file that is there can't be read, LanguageError for a language that
    pages don't know.
    """
    known = locale(language)
    before = None
    if file_of(version, language).is_file():
        before = read_pairs(version, source, language)
    renewed = [*renewals(texts(version, root), before, source, language)]
    head = head_of(version, language, known.name)
    lines = [*head, f"language: {language}", *lines_of(tree(renewed), 0)]
    left = sum(not found.both[language] for _, found in renewed)
    return "\n".join(lines) + "\n", left


def head_of(version: PolicyVersion, language: str, name: str) -> list[str]:
    """Return the comments that a translation starts with: those that it has, or new ones."""
    file = file_of(version, language)
    if file.is_file():
        lines = file.read_bytes().decode().splitlines()
        return lines[: next(i for i, line in enumerate(lines) if not line.startswith("#"))]
    first = version.path.read_bytes().decode().partition("\n")[0]
    schema = SCHEMA_LINE.fullmatch(first)
    return [
        *([f"{schema[1]}translation{schema[2]}", "#"] if schema else []),
        f"# {name}: each text for customers beside its source. When a source changes,",
        f"# `refund translation {language} --write` lays this file out anew.",
    ]


# ---------------------------------------------------------------- what is kept


def renewals(
    sources: Iterable[Text], before: Pairs | None, source: str, language: str
) -> Iterator[tuple[Text, Renewed]]:
    """Yield each text as it stands now, with what is known of its translation."""
    pairs = before.by_key if before else {}
    elsewhere = {pair.source.text: pair.own.text for pair in pairs.values() if pair.own.text}
    for item in sources:
        pair = pairs.get(item.key)
        same = pair and pair.source.text == item.source and pair.own.text
        own = same or elsewhere.get(item.source, "")
        was = {} if own or not pair else earlier(pair, source, language)
        yield item, Renewed({source: item.source, language: own}, was)


def earlier(pair: Pair, source: str, language: str) -> dict[str, str]:
    """Return how a text and its translation read when it was last translated."""
    if pair.own.text:
        return {source: pair.source.text, language: pair.own.text}
    kept = ((tag, entry(pair.was, tag)) for tag in (source, language))
    return {tag: node.text for tag, node in kept if isinstance(node, Scalar)}


def tree(renewed: Iterable[tuple[Text, Renewed]]) -> Tree:
    """Return texts under the keys that lead to them."""
    root: Tree = {}
    for item, found in renewed:
        *above, last = item.key
        node = root
        for name in above:
            inner = node.setdefault(name, {})
            assert isinstance(inner, dict), "INVARIANT: no text stands inside a text"
            node = inner
        node[last] = found
    return root


# ---------------------------------------------------------------- YAML


def lines_of(node: Tree, indent: int, name: str = "") -> Iterator[str]:
    """Yield the lines of a part; one whose keys are numbers is a list."""
    pad = " " * indent
    numbered = name != "options" and all(key.isdecimal() for key in node)
    for key, part in node.items():
        if numbered and isinstance(part, dict):
            first, *rest = lines_of(part, indent + 2)
            yield f"{pad}- {first.lstrip()}"
            yield from rest
        elif isinstance(part, dict):
            yield f"{pad}{text(key)}:"
            yield from lines_of(part, indent + 2, key)
        else:
            yield from pair_lines(text(key), part, indent)


def pair_lines(key: str, found: Renewed, indent: int) -> Iterator[str]:
    """Yield the lines of a text: one where it fits."""
    in_one = f"{' ' * indent}{key}: {flow(found.both)}"
    if not found.was and len(in_one) <= LONGEST_LINE:
        yield in_one
        return
    yield f"{' ' * indent}{key}:"
    yield from mapping(found.both, indent + 2)
    if found.was:
        yield f"{' ' * (indent + 2)}was:"
        yield from mapping(found.was, indent + 4)


def flow(both: Mapping[str, str]) -> str:
    """Return texts by their language on one line."""
    inner = (f"{tag}: {quoted(said, IN_BRACES)}" for tag, said in both.items())
    return f"{{{', '.join(inner)}}}"


def mapping(both: Mapping[str, str], indent: int) -> Iterator[str]:
    """Yield texts by their language, each on lines of its own; a long one is folded."""
    pad = " " * indent
    for tag, said in both.items():
        line = f"{pad}{tag}: {quoted(said, ON_A_LINE)}"
        if len(line) <= LONGEST_LINE or re.search(r"^ |  | $|[^\S ]", said.replace("\xa0", "")):
            yield line
        else:
            yield f"{pad}{tag}: >-"
            width = LONGEST_LINE - indent - 2
            for part in wrap(said, width, break_long_words=False, break_on_hyphens=False):
                yield f"{pad}  {part}"


def quoted(said: str, place: str) -> str:
    """Return a text as YAML: in quotes where it wouldn't be read as itself at its place.

    >>> quoted("On which day?", ON_A_LINE), quoted("Yes: {fee}", ON_A_LINE)
    ('On which day?', '"Yes: {fee}"')
    """
    node, findings = read(place.format(said), "")
    bare = node and not findings and plain(node) == {"a": said}
    return said if bare else json.dumps(said, ensure_ascii=False)
