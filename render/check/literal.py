"""No figure stands in a text: each is a term of the policy, so that it can't contradict a rule."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from jinja2 import Environment
from jinja2.exceptions import TemplateSyntaxError

from ...engine.errors import Finding, Where
from ...engine.folder import shown
from ..edition import Edition
from ..environment import TEMPLATES
from ..locale import locale
from .built import Built
from .figures import figures
from .worded import worded

MARKUP = re.compile(r"<[^>]*>|&#?\w+;")
SPOKEN = re.compile(r'\b(?:aria-label|alt|title|placeholder)="([^"]*)"')
HINT = "make it a term and write its name in braces"


def literal(made: Built) -> Iterator[Finding]:
    """Yield the figures in texts of the policy and its pages, and in templates."""
    for edition in made.site.editions.values():
        yield from in_texts(edition)
    yield from in_templates(made.overrides)


def in_texts(edition: Edition) -> Iterator[Finding]:
    """Yield the figures in what a version says to customers in a language."""
    for text in worded(edition):
        for _, figure, kind in figures(text.source, edition.locale):
            message = f"{text.name}: `{figure}` stands there as {kind}"
            yield Finding(code="written-figure", where=text.where, message=message, hint=HINT)


def in_templates(overrides: Path | None = None) -> Iterator[Finding]:
    """Yield the figures in what templates say themselves; `overrides` are those of one's own."""
    for folder in filter(None, (TEMPLATES, overrides)):
        for file in sorted(folder.rglob("*.jinja")):
            yield from in_template(file)


def in_template(file: Path) -> Iterator[Finding]:
    """Yield the figures in a template; what it says in other languages too, it says in English."""
    english = locale("en")
    source = file.read_text("utf-8")
    for line, text in (*quoted(source), *bare(source)):
        for _, figure, kind in figures(text, english):
            yield Finding(
                code="written-figure",
                where=Where(shown(file), line),
                message=f"`{figure}` stands in this template as {kind}",
                hint="let it come from the policy",
            )


def quoted(source: str) -> Iterator[tuple[int, str]]:
    """Yield the texts in quotation marks of a template, with their lines."""
    for line, kind, value in tokens(source):
        if kind == "string":
            yield line, value[1:-1]


def bare(source: str) -> Iterator[tuple[int, str]]:
    r"""Yield the text that a template writes out as it stands, line by line.

    >>> list(bare('<p class="h2">In {{ days }} days</p>\n{{ _("or a month") }}'))
    [(1, 'In … days'), (2, '…')]
    """
    text = ""
    for _, kind, value in tokens(source):
        shown_here = "…" if kind == "variable_begin" else "\n" * value.count("\n")
        text += value if kind == "data" else shown_here
    for found in SPOKEN.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, found[1]
    text = MARKUP.sub(lambda found: "\n" * found[0].count("\n"), text)
    yield from ((line, words) for line, words in enumerate(text.split("\n"), 1) if words.strip())


def tokens(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield the tokens of a template; none of one whose mistakes are said when a page is made."""
    with suppress(TemplateSyntaxError):
        yield from Environment(autoescape=True).lex(source)
