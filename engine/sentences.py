"""Sentences: words for customers, in which figures stand as `{term}` placeholders.

`{term:form}` asks for a grammatical form, which pages know (`innerhalb von {notice:dative}`); where
only the figure's own words are at hand, they stand as they are.
"""

import re
from collections.abc import Collection, Iterator, Mapping

from .errors import nearest
from .model import Term
from .scope import Scope
from .source import Scalar

PLACEHOLDER = re.compile(r"\{([^{}:]*)(?::([a-z]+))?\}")


def sentence(node: Scalar, scope: Scope, terms: Collection[str]) -> str:
    """Return a sentence after noting stray digits and placeholders that name no term."""
    for name in placeholders(node.text):
        if name in terms:
            scope.used.add(name)
        else:
            known = ", ".join(f"`{term}`" for term in terms) or "none yet"
            scope.note(
                "unknown-placeholder",
                node.where,
                f"`{{{name}}}` names no term",
                nearest(name, list(terms)) or f"terms: {known}",
            )
    bare = PLACEHOLDER.sub("", node.text)
    if found := re.search(r"[{}]", bare):
        scope.note(
            "stray-brace",
            node.where,
            f"`{found[0]}` stands alone in this sentence",
            "remove it: braces hold the name of a term",
        )
    if found := re.search(r"\S*\d\S*", bare):
        scope.note(
            "digit-in-sentence",
            node.where,
            f"`{found[0]}` stands in a sentence as digits",
            "make it a term and write its name in braces",
        )
    return node.text


def placeholders(text: str) -> Iterator[str]:
    """Yield the names in braces.

    >>> list(placeholders("Within {trial_period:dative}, write to {support_email}."))
    ['trial_period', 'support_email']
    """
    yield from (found[1] for found in PLACEHOLDER.finditer(text))


def filled(text: str, terms: Mapping[str, Term]) -> str:
    """Return a sentence with its terms' own words in place of their names."""
    return PLACEHOLDER.sub(lambda found: terms[found[1]].text, text)
