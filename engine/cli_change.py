"""The commands about a change of policies: compare two versions, review all that changes."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .cli_many import EXTRA, bar, stopped_cleanly
from .options import folder_of, form_of, format_option, needs_extra, policy_options
from .reading import ONE

if TYPE_CHECKING:
    from .review import Review


@click.command()
@click.argument("base", metavar="[BASE]", required=False)
@format_option("the review", "markdown", "text", "json")
@click.option(
    "--policies",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder of policies.  [default: ./policies, else the installed ones]",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also decide the cases of this file before and after: .parquet, .csv or .jsonl.",
)
@click.pass_context
def review(ctx: click.Context, /, base: str | None, form: str, **options: Path | None) -> None:
    """Review a change of policies: what is wrong, whom it affects, and what reads differently.

    BASE is what to compare with: a git revision (`main`, `HEAD~1`, a tag, `origin/main`), or
    another folder. By default it is where the branch left origin/main or main. The exit status is 1
    when there is an error or a case fails; that some customers get less is said first and is no
    error.

    With --data, the cases of a file are decided before and after, and counted as by `refund
    replay`, under each question that changes and whose facts the file has.

    \b
    Examples
      refund review
      refund review HEAD --format text
      refund review --data cases.csv
    """
    from .review import review as made  # noqa: PLC0415 - only needed here
    from .review_text import FORMATS  # noqa: PLC0415 - ditto
    from .revisions import default_base  # noqa: PLC0415 - ditto

    folder, data = folder_of(options["policies"]), options["data"]
    found = made(base or default_base(folder), folder)
    if data:
        found = with_data(found, data)
    click.echo(FORMATS[form](found))
    ctx.exit(0 if found.ready else 1)


def with_data(found: "Review", data: Path) -> "Review":
    """Return a review with what becomes of the cases of a file."""
    form = form_of(str(data), None)
    if form in ONE:
        raise click.UsageError(f"`{data}`: many cases are read from .parquet, .csv, .jsonl")
    needs_extra(*EXTRA)
    from .review_data import replays  # noqa: PLC0415 - the extra `batch`

    with stopped_cleanly(), bar(100, hidden=False) as show:
        made = replays(found.changes, data, form, lambda share: show(round(100 * share)))
    return replace(found, replays=tuple(made))


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@format_option("what changes", "text", "markdown", "json")
@policy_options
def compare(old: str, new: str, form: str, policies: Path | None, policy: str | None) -> None:
    """Show what changes from one version of a policy to another: for which cases, how, and why.

    OLD and NEW name a version (`1.0.0`), a folder or policy file, or a git revision (`HEAD~1`,
    `main:policies/refund`). What is shown is complete: any other case is decided as before.

    \b
    Examples
      refund compare 1.0.0 1.0.0
      refund compare 1.0.0 1.0.0 --format json
    """
    from .comparison import compare as compared  # noqa: PLC0415 - only needed here
    from .comparison_text import FORMATS  # noqa: PLC0415 - ditto
    from .revisions import newest_at  # noqa: PLC0415 - ditto

    folder = folder_of(policies)
    sides = (newest_at(spec, folder, policy) for spec in (old, new))
    click.echo(FORMATS[form](compared(*sides)))


COMMANDS = (compare, review)
