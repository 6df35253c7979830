"""Results of a suite in words."""

from collections.abc import Sequence

import click

from .suite import Result


def results_text(results: Sequence[Result]) -> str:
    """Return the failures of a suite in words, and how many cases passed."""
    failed = [result for result in results if not result.passed]
    blocks = [failure(result) for result in failed]
    total = f"{len(results) - len(failed)} passed, {len(failed)} failed"
    colour = "red" if failed else "green"
    return "\n\n".join([*blocks, click.style(total, fg=colour, bold=True)])


def failure(result: Result) -> str:
    """Return a failed case: where it stands, how it differs, and why it is decided as it is."""
    head = click.style(f"{result.example.where}: {result.example.name}", fg="red")
    differences = [f"  {difference}" for difference in result.differences]
    reasons = [f"    {line}" for line in result.explanation.splitlines()]
    return "\n".join([head, *differences, *reasons])
