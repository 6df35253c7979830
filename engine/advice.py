"""Words that people write first, and what this language says instead."""

from collections.abc import Mapping, Sequence

from .errors import nearest

SAME: Mapping[str, str] = {
    "and": "all",
    "or": "any",
    "boolean": "yes_no",
    "bool": "yes_no",
    "integer": "whole_number",
    "int": "whole_number",
    "float": "decimal",
    "percent": "decimal",
    "enum": "choice",
    "string": "choice",
    ">=": "at_least",
    ">": "more_than",
    "<=": "at_most",
    "<": "less_than",
    "=": "is",
    "==": "is",
    "equals": "is",
    "!=": "is_not",
    "not": "is_not",
    "in": "one_of",
    "sum": "plus",
    "add": "plus",
    "subtract": "minus",
    "multiply": "times",
    "divide": "divided_by",
    "min": "least",
    "max": "greatest",
    "round": "rounded",
}
OTHERWISE: Mapping[str, str] = {
    "label": "facts, measures, outcomes and outputs have a label",
    "between": "write `{at_least: …, at_most: …}`",
    "number": "did you mean `whole_number` or `decimal`?",
    "unless": "write `when: {not: …}`",
    "priority": "name the rules that give way under `overrides`",
    "weeks": "count `days`, and compare them with `2 weeks`",
}


def advice(word: str, known: Sequence[str]) -> str:
    """Return what to write instead of an unknown word, or "" when nothing comes to mind.

    >>> advice("and", ["all", "any", "not"])
    'did you mean `all`?'
    """
    if SAME.get(word) in known:
        return f"did you mean `{SAME[word]}`?"
    return OTHERWISE.get(word) or nearest(word, known)
