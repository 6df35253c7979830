"""The sentences that a version says to customers, by id, cut into pieces at their figures.

refund.final_sale    the sentence of a rule (or of a table's rows): question.rule
how_to_ask           the sentence of a note
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..engine.errors import Where
from ..engine.model import Note, PolicyVersion, Rule
from ..engine.sentences import PLACEHOLDER
from .locale import Locale

ADDRESS = re.compile(r"(https?://|mailto:)[^\s<>\"/\[\]][^\s<>\"]*")
NOTHING: Mapping[str, str] = {}
MAILBOX = re.compile(r"[^\s<>\"@:/]+@[^\s<>\"@:/.]+(\.[^\s<>\"@:/.]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence as its author wrote it; `rules` are those that it speaks for, or is about."""

    id: str
    question: str
    rules: tuple[str, ...]
    source: str
    where: Where | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words; `term` names the figure that it shows, `href` where it leads."""

    text: str
    term: str = ""
    href: str = ""


Pieces = tuple[Piece, ...]


def said(version: PolicyVersion) -> Mapping[str, Said]:
    """Return every sentence of a version for customers, by id, in the order of the file."""
    return {found.id: found for found in (*of_rules(version), *of_notes(version))}


def of_rules(version: PolicyVersion) -> Iterator[Said]:
    """Yield the sentences of rules; rows of a table that share one say it once."""
    for question in version.questions.values():
        together: dict[object, list[Rule]] = {}
        for rule in question.rules:
            if rule.says:
                together.setdefault(rule.says_where or rule.name, []).append(rule)
        for rules in together.values():
            yield Said(
                id=f"{question.name}.{rules[0].name}",
                question=question.name,
                rules=tuple(rule.name for rule in rules),
                source=rules[0].says,
                where=rules[0].says_where,
            )


def of_notes(version: PolicyVersion) -> Iterator[Said]:
    """Yield the sentences of notes."""
    for note in version.notes:
        if note.says:
            rules = tuple(about(note, version))
            yield Said(id=note.name, question="", rules=rules, source=note.says, where=note.where)


def about(note: Note, version: PolicyVersion) -> Iterator[str]:
    """Yield the rules that a note is about; those of a table are its rows."""
    questions = version.content["questions"].values()
    tables = [item for one in questions for item in one.get("tables", {}).items()]
    for name in note.about:
        rows = [row for table, part in tables if table == name for row in part["rows"]]
        yield from rows or (name,)


def pieces(
    text: str, version: PolicyVersion, locale: Locale, values: Mapping[str, str] = NOTHING
) -> Pieces:
    """Return a sentence as pieces: words, and figures in the language's format.

    `values` are further figures, in words, by their names.
    """
    found: list[Piece] = []
    end = 0
    for mark in PLACEHOLDER.finditer(text):
        name, form = mark[1], mark[2] or ""
        found.append(Piece(text[end : mark.start()]))
        if name in values:
            found.append(Piece(values[name], name))
        elif name in version.terms:
            found.append(figure(name, form, version, locale))
        else:
            found.append(Piece(mark[0]))
        end = mark.end()
    return tuple(piece for piece in (*found, Piece(text[end:])) if piece.text)


def figure(name: str, form: str, version: PolicyVersion, locale: Locale) -> Piece:
    """Return a term as a piece; an address for mail or on the web leads there."""
    term = version.terms[name]
    text = locale.term(term, version.currency, form)
    return Piece(text, name, href(term.text) if term.type.kind == "text" else "")


def plain(pieces: Pieces) -> str:
    """Return pieces as plain words."""
    return "".join(piece.text for piece in pieces)


def href(text: str) -> str:
    """Return where a text leads, or "" when it is no address.

    >>> href("help@gym.example"), href("https://gym.example"), href("the front desk")
    ('mailto:help@gym.example', 'https://gym.example', '')
    """
    if ADDRESS.fullmatch(text):
        return text
    return f"mailto:{text}" if MAILBOX.fullmatch(text) else ""
