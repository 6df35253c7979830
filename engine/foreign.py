"""What other programs say of a file, in our words."""

import re
from collections.abc import Mapping

LINE = re.compile(r"CSV Error on Line: (\d+)")
TROUBLES: Mapping[str, str] = {
    r"Expected Number of Columns: (\d+) Found: (\d+)": r"it has \2 cells for \1 columns",
    "unterminated quote": "a quote in it isn't closed",
    "[Ii]nvalid unicode": "it is no UTF-8",
    "[Mm]aximum line size": "it is too long",
}


def in_short(error: object) -> str:
    """Return the first line of somebody else's error, without what kind it calls it.

    >>> in_short(ValueError("Binder Error: No such column!"))
    'no such column'
    """
    return broken_line(str(error)) or first_line(str(error))


def first_line(words: str) -> str:
    """Return the first line of an error, without what kind it calls it."""
    first = words.strip().splitlines()[0].rpartition(" Error: ")[2].rstrip(".!")
    return first[:1].lower() + first[1:]


def broken_line(words: str) -> str:
    """Return which line of a table can't be read, and why; "" where that isn't what is wrong.

    >>> broken_line("CSV Error on Line: 6: Expected Number of Columns: 13 Found: 3")
    'line 6: it has 3 cells for 13 columns'
    """
    if "state machine" in words:
        return "lines end in different ways"
    if not (place := LINE.search(words)):
        return ""
    for form, said in TROUBLES.items():
        if trouble := re.search(form, words):
            return f"line {place[1]}: {trouble.expand(said).replace('has 1 cells', 'has 1 cell')}"
    return f"line {place[1]}: it is no CSV"
