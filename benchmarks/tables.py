"""Results as Markdown."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table: names to the left, figures to the right.

    >>> print(table(("what", "ms"), [("start", "12")]))
    | what | ms |
    |---|--:|
    | start | 12 |
    """
    line = f"|---{'|--:' * (len(head) - 1)}|"
    return "\n".join([row(head), line, *map(row, rows)])


def row(cells: Sequence[str]) -> str:
    """Return a row."""
    return f"| {' | '.join(cells)} |"
