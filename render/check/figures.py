"""Figures that stand in a text itself: digits, signs of money and of percent, months, numbers.

What a word means can't be known from its letters. So `one`, `first`, `once`, `second` and `half`
aren't taken for figures, nor is the name of a month that starts a sentence, as `May` and `March`
start sentences of their own.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from ...engine.sentences import PLACEHOLDER
from ..locale import Locale

KINDS = {"Nd": "digits", "Nl": "digits", "No": "digits", "Sc": "a sign of money"}
PERCENT = "%‰"
RUN = re.compile(r"\S+")


def figures(text: str, locale: Locale) -> Iterator[tuple[int, str, str]]:
    """Yield where a figure stands in a text, the figure, and what it stands there as.

    What is in braces is no text.

    >>> from ..locale import locale
    >>> list(figures("Within thirty days, until 31 May", locale("en")))
    [(7, 'thirty', 'a number in words'), (26, '31', 'digits'), (29, 'May', 'the name of a month')]
    """
    bare = PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)
    found = [*signs(bare), *named(bare, locale)]
    yield from sorted(found)


def signs(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield words with digits, and signs."""
    for run in RUN.finditer(text):
        kinds = (
            "a sign of percent" if sign in PERCENT else KINDS.get(unicodedata.category(sign))
            for sign in run[0]
        )
        if kind := next(filter(None, kinds), None):
            yield run.start(), run[0], kind


def named(text: str, locale: Locale) -> Iterator[tuple[int, str, str]]:
    """Yield numbers and months in words."""
    numbers, months = patterns(locale)
    for found in numbers.finditer(text):
        yield found.start(), found[0], "a number in words"
    for found in months.finditer(text):
        if not starts_a_sentence(text, found.start()):
            yield found.start(), found[0], "the name of a month"


def starts_a_sentence(text: str, index: int) -> bool:
    """Return whether what stands at a place of a text starts a sentence."""
    before = text[:index].rstrip(" \n\"'“„(")
    return not before or before[-1] in ".!?:"


@cache
def patterns(locale: Locale) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds the numbers and the months of a language."""
    numbers = "|".join(map(re.escape, locale.content["numbers"]))
    endings = "|".join(f"{ending}\\w*" for ending in locale.content.get("number_endings", ()))
    months = "|".join(map(re.escape, locale.content["months"]))
    return (
        re.compile(rf"\b(?:{numbers})(?:{endings})?\b", re.IGNORECASE),
        re.compile(rf"\b(?:{months})\b"),
    )
