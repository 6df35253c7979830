"""Reverse check: every figure on a page is one that the model says there, as its marks tell."""

import re
from collections.abc import Iterator
from pathlib import Path

from ...engine.errors import Finding, Where
from ...engine.folder import shown
from ..environment import TEMPLATES
from ..marks import Text
from .bindings import Bindings
from .built import Built

DIGIT = re.compile(r"\d")
NUMBER = re.compile(r"\d(?:[.,]?\d)*")
FIGURE = re.compile(r"\d[\d.,]* \w+")


def reverse(built: Built) -> Iterator[Finding]:
    """Find figures on pages that nothing in the policy says."""
    bindings = Bindings(built.site, built.pages)
    for path, text, rest in unbound(built, bindings):
        name = text.mark("term")
        told = f"for `{name}`" if name else f"and the policy gives no `{figures(rest)}` there"
        yield Finding(
            code="unbound-figure",
            where=place(built, bindings, path, text),
            message=f"`{path}` shows `{text.words}`, {told}",
            hint="say it by a term in braces, or mark whose value it is",
        )


def unbound(built: Built, bindings: Bindings) -> Iterator[tuple[str, Text, str]]:
    """Yield each text with a figure that the model doesn't say there, and what is left of it."""
    for path, page in built.read():
        for text in page.texts:
            if text.mark("term") or DIGIT.search(text.words):
                rest = bindings.rest(path, text)
                if rest and (text.mark("term") or DIGIT.search(rest)):
                    yield path, text, " ".join(rest.split())


def figures(rest: str) -> str:
    """Return the figures in what is left of a text.

    >>> figures("We have 3 pages.")
    '3'
    """
    return " ".join(NUMBER.findall(rest)) or rest


def place(built: Built, bindings: Bindings, path: str, text: Text) -> Where:
    """Return where a text was written: its sentence, a template that holds it, or the page's."""
    known = bindings.edition(path, text).known.get(text.mark("sentence"))
    if known and known.where and not text.mark("case"):
        return known.where
    return in_templates(built, text.words) or built.template(path)


def in_templates(built: Built, words: str) -> Where | None:
    """Return where some template holds words, or else the first figure in them, with its unit."""
    folders = [folder for folder in (built.overrides, TEMPLATES) if folder]
    files = [file for folder in folders for file in sorted(folder.rglob("*.jinja"))]
    figure = FIGURE.search(words)
    for part in filter(None, (words, figure and figure[0])):
        for file in files:
            if found := where_in(file, part):
                return found
    return None


def where_in(file: Path, part: str) -> Where | None:
    """Return where a file holds some words."""
    text = file.read_text("utf-8")
    at = text.find(part)
    if at < 0:
        return None
    line_start = text.rfind("\n", 0, at) + 1
    return Where(shown(file), text.count("\n", 0, at) + 1, at - line_start + 1)
