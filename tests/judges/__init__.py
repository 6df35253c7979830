"""Judges of generated pages: each takes files or text, and returns what is wrong, a line each."""

from .data import json_ld
from .feed import atom
from .links import links
from .tools import audit, html_validate, sheets, vnu
from .words import fixpoint, markdown_text, visible_text

__all__ = [
    "atom",
    "audit",
    "fixpoint",
    "html_validate",
    "json_ld",
    "links",
    "markdown_text",
    "sheets",
    "visible_text",
    "vnu",
]
