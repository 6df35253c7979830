"""Markdown for a page where strangers' words stand: nothing in them is taken as markup."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&!$]")
MENTION = re.compile(r"(?<!\w)@(?=\w)")
NUMBER = re.compile(r"[-+]?[0-9,]+(\.[0-9]+)?")
SPACE = " \t\n\r\f\v"  # a non-breaking space is a letter that nobody sees


def escaped(text: str) -> str:
    r"""Return a text on one line that reads as it is written, and calls nobody by `@name`.

    >>> print(escaped("a|b *c*\n@d"))
    a\|b \*c\* @<!-- -->d
    """
    plain = SPECIAL.sub(lambda found: f"\\{found[0]}", one_line(text))
    return MENTION.sub("@<!-- -->", plain)


def one_line(text: str) -> str:
    """Return a text on one line."""
    return re.sub(f"[{SPACE}]+", " ", text).strip(SPACE)


def code(text: str) -> str:
    r"""Return a text as code, also inside a table.

    >>> print(code("a|b"), code("`"))
    `a\|b` `` ` ``
    """
    line = one_line(text).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    room = " " if longest else ""
    return f"{fence}{room}{line}{room}{fence}"


def with_code(text: str) -> str:
    r"""Return one of our messages, in which the user's words stand in backticks.

    >>> print(with_code("rule `a*b` isn't *used*"))
    rule `a*b` isn't \*used\*
    """
    parts = re.split(r"`([^`\n]+)`", text)
    return "".join(code(part) if at % 2 else spaced(part) for at, part in enumerate(parts))


def spaced(text: str) -> str:
    """Return a piece of a text escaped, with the space at its ends."""
    left = " " if text.startswith(tuple(SPACE)) else ""
    right = " " if text.strip(SPACE) and text.endswith(tuple(SPACE)) else ""
    return f"{left}{escaped(text)}{right}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose cells are Markdown already; columns of numbers end at one edge."""
    body = [*rows]
    edges = [edge([row[at] for row in body]) for at in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, edges, *body))


def edge(cells: Sequence[str]) -> str:
    """Return the mark below the head of a column, which says at which edge its cells end.

    >>> edge(["1,234", "", "-0.50"]), edge(["1", "one"])
    ('--:', '---')
    """
    given = [cell for cell in cells if cell]
    return "--:" if given and all(map(NUMBER.fullmatch, given)) else "---"


def side_by_side(old: str, new: str) -> tuple[str, str]:
    """Return two texts with the words that differ struck in the old and bold in the new one.

    >>> side_by_side("within 7 days", "within 5 days")
    ('within ~~7~~ days', 'within **5** days')
    """
    left: list[str] = []
    right: list[str] = []
    for before, after in words_apart(old, new):
        same = before == after
        left += marked(before, "" if same else "~~")
        right += marked(after, "" if same else "**")
    return " ".join(left), " ".join(right)


def words_apart(old: str, new: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the words of two texts in turn: the same ones on both sides, or what differs.

    >>> list(words_apart("in 7 days", "in 5 days"))
    [(['in'], ['in']), (['7'], ['5']), (['days'], ['days'])]
    """
    before, after = old.split(), new.split()
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        yield before[a:b], after[c:d]


def marked(words: Sequence[str], mark: str) -> Iterator[str]:
    """Yield some words as one piece between marks, if there are any."""
    if words:
        yield f"{mark}{escaped(' '.join(words))}{mark}"
