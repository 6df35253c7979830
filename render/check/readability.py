"""Plain language, sentence by sentence: short ones, and no lawyer's words.

Only what can be counted is looked at. Whether a sentence is active, friendly or answers first, no
program knows; a point inside an abbreviation is taken for the end of a sentence.
"""

import re
from collections.abc import Iterator
from functools import cache
from statistics import fmean

from ...engine.errors import Finding
from ...engine.sentences import PLACEHOLDER
from ..edition import Edition
from ..locale import Locale
from ..texts import Text
from .built import Built
from .worded import worded

LONGEST, AVERAGE = 25, 15
FEW = 10
"""The average of fewer sentences says little."""
ENDS = re.compile(r"(?<=[.!?])[\"“”)]*\s+")
WORD = re.compile(r"\S*\w\S*")


def readability(made: Built) -> Iterator[Finding]:
    """Yield sentences that are hard to read; all of these are warnings."""
    for edition in made.site.editions.values():
        yield from hard_to_read(edition)


def hard_to_read(edition: Edition) -> Iterator[Finding]:
    """Yield what is hard to read in what a version says in a language."""
    for text in worded(edition):
        yield from long_sentences(text, edition)
        yield from stiff_words(text, edition.locale)
    counts = lengths(edition)
    if len(counts) >= FEW and fmean(counts) > AVERAGE:
        yield Finding(
            code="long-sentences",
            where=edition.layout.where,
            severity="warning",
            message=f"sentences in `{edition.locale.language}` have {fmean(counts):.1f} words "
            "on average",
            hint=f"at most {AVERAGE} read well: make two of the longest ones",
        )


def long_sentences(text: Text, edition: Edition) -> Iterator[Finding]:
    """Yield the sentences of a text that are too long."""
    for sentence in sentences(text.source, edition):
        if (count := len(WORD.findall(sentence))) > LONGEST:
            yield Finding(
                code="long-sentence",
                where=text.where,
                severity="warning",
                message=f"{text.name}: a sentence of {count} words: `{sentence}`",
                hint=f"at most {LONGEST} read well: make it two",
            )


def stiff_words(text: Text, locale: Locale) -> Iterator[Finding]:
    """Yield the words of a text that nobody says to a customer."""
    for found in stiff(locale).finditer(text.source):
        yield Finding(
            code="stiff-word",
            where=text.where,
            severity="warning",
            message=f"{text.name}: `{found[0]}` is a lawyer's word",
            hint="say it as you would say it at the counter",
        )


@cache
def stiff(locale: Locale) -> re.Pattern[str]:
    """Return what finds the words that a language's file asks not to use."""
    words = "|".join(map(re.escape, locale.content["stiff"]))
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


def sentences(text: str, edition: Edition) -> Iterator[str]:
    """Yield the sentences of a text, with their figures as their author wrote them."""
    terms = edition.version.terms
    filled = PLACEHOLDER.sub(lambda found: terms[found[1]].text if found[1] in terms else "…", text)
    yield from filter(None, ENDS.split(filled))


def lengths(edition: Edition) -> list[int]:
    """Return how many words each sentence of rules, notes and pages has."""
    return [
        len(WORD.findall(sentence))
        for text in worded(edition)
        if text.key[-1] == "says"
        for sentence in sentences(text.source, edition)
    ]
