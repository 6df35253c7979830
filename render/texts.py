"""Every text for customers in the files of a version, by its key: what another language says too.

policy  facts  joined_on  label           in `policy.yaml`
pages   policy  sections  trial  heading  in `pages.yaml`
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from ..engine.errors import Where
from ..engine.model import PolicyVersion
from ..engine.source import ListNode, MapNode, Node, Scalar, read
from ..engine.spoken import SENTENCES, Key, called, pattern

POLICY, PAGES = "policy", "pages"
OF_PAGES: Mapping[Key, str] = {
    ("notices", "*", "says"): "notice `{}`",
    ("policy", "title"): "title of the policy page",
    ("policy", "glance", "*", "heading"): "heading of table {}",
    ("policy", "sections", "*", "heading"): "heading of section `{}`",
    ("policy", "examples", "*", "heading"): "heading of example {}",
    ("how_to_ask", "title"): "title of the page about asking",
    ("topics", "*", "title"): "title of topic `{}`",
    ("glossary", "*", "label"): "glossary: label of `{}`",
    ("glossary", "*", "says"): "glossary: `{}`",
    ("strings", "*", "says"): "string `{}`",
}
KINDS: Mapping[Key, str] = {
    (POLICY, *key): words for key, words in SENTENCES.items() if key[-1] != "interpretation"
} | {(PAGES, *key): words for key, words in OF_PAGES.items()}
"""Where texts for customers stand, and what each is called; `*` is any name, or a list's number."""


LISTS = ("always", "examples", "glance")
"""Keys that hold a list: what stands in it is named by its place."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text for customers as it is written, with its place."""

    key: Key
    source: str
    where: Where

    @property
    def name(self) -> str:
        """What the text is called in messages."""
        return called(counted(self.key), KINDS)


def texts(version: PolicyVersion, root: MapNode | None) -> Iterator[Text]:
    """Yield every text for customers in a version's file, then in `pages.yaml` beside it."""
    policy, _ = read(version.path.read_bytes(), version.where.file)
    for part, node in ((POLICY, policy), (PAGES, root)):
        if node:
            yield from within(node, (part,))


def within(node: Node, key: Key) -> Iterator[Text]:
    """Yield every text for customers in a node, in the order of the file."""
    match node:
        case Scalar(value=str() as source, where=where):
            if is_text(key):
                yield Text(key, source, where)
        case Scalar():
            return
        case MapNode(entries=entries):
            for name, part in entries:
                yield from within(part, (*key, name.text))
        case ListNode(items=items):
            for number, part in enumerate(items):
                yield from within(part, (*key, str(number)))
        case _:
            assert_never(node)


def counted(key: Key) -> Key:
    """Return a key whose places in lists count from 1, as people do.

    >>> counted(("pages", "policy", "glance", "0", "heading"))
    ('pages', 'policy', 'glance', '1', 'heading')
    """
    before = ("", *key)
    return tuple(
        str(int(part) + 1) if above in LISTS and part.isdecimal() else part
        for above, part in zip(before, key, strict=False)
    )


def is_text(key: Key) -> bool:
    """Return whether a text for customers stands under a key."""
    return pattern(key, KINDS) is not None
