"""Every text of an edition in its own language, at the place where its author wrote it."""

from collections.abc import Iterator
from dataclasses import replace

from ...engine.declarations import words
from ..edition import Edition
from ..pairs import file_of, read_pairs
from ..read_layout import pages_node
from ..texts import Text, texts


def worded(edition: Edition) -> Iterator[Text]:
    """Yield every text for customers: those of the policy and its pages, or their translations."""
    version, language = edition.version, edition.locale.language
    root = pages_node(version)
    if not file_of(version, language).is_file():
        yield from texts(version, root)
        return
    pairs = read_pairs(version, words(root, "language", "en"), language).by_key
    for text in texts(version, root):
        own = pairs[text.key].own
        yield replace(text, source=own.text, where=own.where)
