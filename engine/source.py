r"""Strict YAML: text becomes nodes that know their place, or findings that say what to mend.

    bytes ──decode──▶ text ──mask──▶ allowed characters ──parse──▶ events ──build──▶ nodes
      └─────────────────┴─────────────── findings ───────────────────┴─────────────────┘

The subset of YAML 1.2 that every reader takes alike: mappings with text as keys, lists, text, whole
numbers, decimals, `true`, `false`, `null`. What surprises (tabs, anchors, tags, a key that stands
twice) is a finding; what other readers change (`no`, `010`, `12:30`) stays the text it looks like.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Protocol, TypeAlias, assert_never

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from .characters import HALF, QUESTION, character_name, decode, finding_at, mask, place, quoted
from .errors import Finding, Where
from .frozen import Frozen, replace
from .syntax import AT_THE_OPENING, AT_THE_STOP, DIRECTIVE_HINT

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_DIGITS = 100  # sign and point included
MAX_FINDINGS = 1000


class Scalar(Frozen, apart=()):
    """One value; `text` is its content before it was read as a number, a truth value or null.

    A value that was left out is null, with empty text, at the place of its key.
    """

    value: str | int | Decimal | bool | None
    where: Where
    text: str


class ListNode(Frozen, apart=()):
    """A list, in block or flow style."""

    items: "tuple[Node, ...]"
    where: Where


class MapNode(Frozen, apart=()):
    """A mapping in the order of the file.

    INVARIANT: each key's value is its text, and no two keys are alike.
    """

    entries: "tuple[tuple[Scalar, Node], ...]"
    where: Where


Node: TypeAlias = Scalar | ListNode | MapNode
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | Decimal | bool | None"
_Loader: TypeAlias = "type[yaml.SafeLoader | yaml.CSafeLoader]"


def read(text: str | bytes, file: str) -> tuple[Node | None, tuple[Finding, ...]]:
    """Read one YAML document and return it with all that is wrong with it, in the file's order.

    No input raises. The node is None when nothing usable could be built; beside findings it is a
    best guess, good for finding further mistakes.

    >>> node, findings = read("days: 30", "policy.yaml")
    >>> node and plain(node), findings
    ({'days': 30}, ())
    """
    size = len(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1024} KiB"
        return None, (finding_at("too-large", Where(file), message, "split it"),)
    whole = text if isinstance(text, str) else decode(text, file)
    if isinstance(whole, Finding):
        return None, (whole,)
    clean, bad = mask(whole.removeprefix("\ufeff").replace("\r\n", "\n"), file)
    node, found = _parse(clean, file, allowed=not bad)
    return node, tuple(sorted(bad + found, key=lambda finding: finding.where))


def plain(node: Node) -> Json:
    """Return the values without their places, as `json.loads` would, with exact decimals."""
    match node:
        case Scalar():
            return node.value
        case ListNode():
            return [plain(item) for item in node.items]
        case MapNode():
            return {key.text: plain(value) for key, value in node.entries}
        case _:
            assert_never(node)


def entry(node: Node | None, key: str) -> Node | None:
    """Return what stands under `key`; None without such a key, or when `node` is no mapping."""
    entries = node.entries if isinstance(node, MapNode) else ()
    return next((value for name, value in entries if name.text == key), None)


# Structure: two parsers, one answer.

# A `?` that touches a word belongs to it, as in YAML 1.2 and LibYAML 0.2.5. PyYAML's own parser
# would trip over `{ask: When did you contact us?}`.
_TEXT_QUESTION = re.compile(r"(?<=[^ \n,\[\]{}])\?|\?(?=[^ \n,\[\]{}])")
# What the parsers still read differently: `|#`, and a `?` that stands alone.
_DISPUTED = re.compile(r"\?|[|>][-+0-9]*#")


def _fast() -> "_Loader | None":
    """Return LibYAML's parser where PyYAML was built with it."""
    return yaml.CSafeLoader if yaml.__with_libyaml__ else None


def _parse(text: str, file: str, *, allowed: bool) -> tuple[Node | None, list[Finding]]:
    """Build the document's node; bad syntax is no news where characters weren't `allowed`.

    LibYAML is believed only when nothing is wrong. Every finding comes from PyYAML's own parser, so
    that its text and place don't depend on what is installed.
    """
    text = _TEXT_QUESTION.sub(QUESTION, text)
    fast = _fast()
    if fast and allowed and not _DISPUTED.search(text):
        node, findings = _Build(text, file, fast, limit=1).document()
        if not findings:
            return node, []
    node, findings = _Build(text, file, yaml.SafeLoader, MAX_FINDINGS).document()
    return node, [finding for finding in findings if allowed or finding.code != "yaml-syntax"]


def _events(text: str, loader: _Loader) -> Iterator[Event]:
    parser = loader(text)
    try:
        while event := parser.get_event():
            yield event
    except (ValueError, OverflowError) as error:  # `"\UFFFFFFFF"`, or a `%YAML` of 5000 digits
        mark = parser.get_mark() if isinstance(parser, yaml.SafeLoader) else None
        raise yaml.MarkedYAMLError(problem="out of range", problem_mark=mark) from error
    finally:
        parser.dispose()


class _Mark(Protocol):
    index: int
    line: int
    column: int


class _StopError(Exception):
    pass


_TAG = re.compile(r"![^ \n,\[\]{}]*")
_ALIAS_HINT = "write it out: aliases aren't allowed; or put text in quotes"
_ANCHOR_HINT = "remove it: anchors aren't allowed; or put text in quotes"
_TAG_HINT = "remove it: tags aren't allowed; or put text in quotes"
_MERGE_HINT = "write the keys out: merge keys aren't allowed"
_BRACKET_HINT = "put text that starts with `[` or `{` in quotes"


class _Build:
    """One run over a parser's events, which notes findings on the way, up to a limit."""

    def __init__(self, text: str, file: str, loader: _Loader, limit: int) -> None:
        self.text = text
        self.file = file
        self.events = _events(text, loader)
        self.last: Event | None = None
        self.limit = limit
        self.findings: list[Finding] = []

    def document(self) -> tuple[Node | None, list[Finding]]:
        try:
            root = next(iter(self.roots()), None)
        except _StopError:
            return None, self.findings
        except yaml.YAMLError as error:
            self.note_syntax(error)
            return None, self.findings
        if root is None or (isinstance(root, Scalar) and root.value is None and not root.text):
            self.note("empty-file", Where(self.file), "the file is empty", "write `key: value`")
            return None, self.findings
        return root, self.findings

    def roots(self) -> list[Node]:
        starts = (e for e in self.until(StreamEndEvent) if isinstance(e, DocumentStartEvent))
        return [self.root(start, number) for number, start in enumerate(starts)]

    def root(self, start: DocumentStartEvent, number: int) -> Node:
        where = self.where(start.start_mark)
        if number:
            message, hint = "another document starts here", "keep one document in a file"
            self.note("several-documents", where, message, hint)
        if start.start_mark and self.text.startswith("%", start.start_mark.index):
            self.note("directive", where, "a directive stands here", DIRECTIVE_HINT)
        return self.node(self.advance(), 1)

    def node(self, event: Event, depth: int) -> Node:
        where = self.where(event.start_mark)
        if isinstance(event, AliasEvent):
            return self.alias(f"*{event.anchor}", where)
        self.note_extras(event, where)
        if isinstance(event, ScalarEvent):
            return self.scalar(event, where)
        if depth > MAX_DEPTH:
            message = f"this is nested more than {MAX_DEPTH} levels deep"
            self.note("too-deep", where, message, "name its parts and keep them apart")
            raise _StopError
        if isinstance(event, MappingStartEvent):
            return MapNode(tuple(self.entries(depth + 1)), where)
        items = (self.node(item, depth + 1) for item in self.until(SequenceEndEvent))
        return ListNode(tuple(items), where)

    def note_extras(self, event: Event, where: Where) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            self.note("anchor", where, f"{quoted('&' + anchor)} is an anchor", _ANCHOR_HINT)
        if tag is not None and event.start_mark:
            written = _TAG.search(self.text, event.start_mark.index)
            self.note("tag", where, f"{quoted(written[0] if written else tag)} is a tag", _TAG_HINT)

    def alias(self, written: str, where: Where) -> Scalar:
        self.note("alias", where, f"{quoted(written)} is an alias", _ALIAS_HINT)
        return Scalar(written, where, written)

    def scalar(self, event: ScalarEvent, where: Where) -> Scalar:
        text = event.value.replace(QUESTION, "?")
        if half := re.search(HALF, text):  # written as an escape, such as `"\ud83d"`
            message, hint = (
                f"{character_name(half[0])} is half a character",
                "write the character itself",
            )
            self.note("surrogate", where, message, hint)
            text = re.sub(HALF, "\ufffd", text)
        if event.style:
            return Scalar(text, where, text)
        if len(text) > MAX_DIGITS and _NUMBER.fullmatch(text):
            message = f"this number is longer than {MAX_DIGITS} characters"
            self.note("long-number", where, message, "shorten it, or put it in quotes")
            return Scalar(text, where, text)
        return Scalar(_value(text), where, text)

    def entries(self, depth: int) -> Iterator[tuple[Scalar, Node]]:
        first: dict[str, Scalar] = {}
        for event in self.until(MappingEndEvent):
            key = self.key(event, depth)
            value = _placed(self.node(self.advance(), depth), key)
            if key and first.setdefault(key.text, key) is key:
                yield key, value
            elif key:
                line = first[key.text].where.line
                message = f"{quoted(key.text)} stands twice in this mapping, first in line {line}"
                self.note("duplicate-key", key.where, message, "keep one of the two")

    def key(self, event: Event, depth: int) -> Scalar | None:
        """Read a key; None for one that has no text to go by."""
        key = self.node(event, depth)
        if isinstance(event, ScalarEvent) and event.value == "<<" and not event.style:
            self.note("merge-key", key.where, "`<<` is a merge key", _MERGE_HINT)
            return None
        if isinstance(key, Scalar) and not isinstance(key.value, str):
            message = f"the key {quoted(key.text)} isn't text" if key.text else "a key is missing"
            hint = "put it in quotes" if key.text else "write `key: value`"
            self.note("key-not-text", key.where, message, hint)
            return replace(key, value=key.text) if key.text else None
        if not isinstance(key, Scalar):
            message = "a list or a mapping can't be a key"
            self.note("key-not-text", key.where, message, _BRACKET_HINT)
            return None
        return key

    def note_syntax(self, error: yaml.YAMLError) -> None:
        marked = error if isinstance(error, yaml.MarkedYAMLError) else yaml.MarkedYAMLError()
        opened, stopped = self.where(marked.context_mark), self.where(marked.problem_mark)
        problem = f"{marked.context}: {marked.problem}"
        if "<document start>" in problem and self.note_document(stopped):
            return
        sign = _sign(self.text, marked.problem_mark)
        for at, rows in ((opened, AT_THE_OPENING), (stopped, AT_THE_STOP)):
            for pattern, message, hint in rows:
                if re.search(pattern, problem):
                    said = message.format(sign=sign, opened=opened)
                    self.note("yaml-syntax", at, said, hint)
                    return

    def note_document(self, stopped: Where) -> bool:
        """Note what doesn't start a document; False when it's the rest of the one before."""
        if not isinstance(self.last, DocumentEndEvent):
            start = re.search(r"^%", self.text, re.MULTILINE)
            where = place(self.text, start.start() if start else 0, self.file)
            self.note("directive", where, "a directive stands here", DIRECTIVE_HINT)
            return True
        if self.last.explicit:
            message = "text stands after the end of the document"
            hint = "remove the line `...`, or keep one document in a file"
            self.note("several-documents", stopped, message, hint)
        return bool(self.last.explicit)

    def note(self, code: str, where: Where, message: str, hint: str) -> None:
        self.findings.append(finding_at(code, where, message, hint))

    def where(self, mark: _Mark | None) -> Where:
        return Where(self.file, mark.line + 1, mark.column + 1) if mark else Where(self.file)

    def until(self, end: type[Event]) -> Iterator[Event]:
        while not isinstance(event := self.advance(), end):
            yield event

    def advance(self) -> Event:
        if len(self.findings) >= self.limit:
            message = "there is too much to mend: the rest wasn't read"
            self.note("too-many", self.findings[-1].where, message, "mend what stands above first")
            raise _StopError
        self.last = next(self.events)
        return self.last


def _sign(text: str, mark: _Mark | None) -> str:
    sign = text[mark.index : mark.index + 1] if mark else ""
    return {"": "the end of the file", "`": "a backtick"}.get(sign, quoted(sign))


def _placed(value: Node, key: Scalar | None) -> Node:
    """Move a value that was left out to its key: the parsers disagree where nothing stands."""
    missing = isinstance(value, Scalar) and value.value is None and not value.text
    return replace(value, where=key.where) if missing and key else value


# Scalars: the strict subset of YAML 1.2.

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def _value(text: str) -> str | int | Decimal | bool | None:
    """Read a plain scalar.

    >>> [_value(text) for text in ("30", "0.50", "true", "no", "010", "12:30")]
    [30, Decimal('0.50'), True, 'no', '010', '12:30']
    """
    if text in _WORDS:
        return _WORDS[text]
    number = _NUMBER.fullmatch(text)
    if not number:
        return text
    return Decimal(text) if number[1] else int(text)
