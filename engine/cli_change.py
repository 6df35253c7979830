"""The commands about a change of policies: compare two versions, review all that changes."""

from pathlib import Path

import click

from .options import folder_of, format_option, policy_options


@click.command()
@click.argument("base", metavar="[BASE]", required=False)
@format_option("the review", "markdown", "text", "json")
@click.option(
    "--policies",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder of policies.  [default: ./policies, else the installed ones]",
)
@click.pass_context
def review(ctx: click.Context, base: str | None, form: str, policies: Path | None) -> None:
    """Review a change of policies: what is wrong, whom it affects, and what reads differently.

    BASE is what to compare with: a git revision (`main`, `HEAD~1`, a tag, `origin/main`), or
    another folder. By default it is where the branch left origin/main or main. The exit status is 1
    when there is an error or a case fails; that some customers get less is said first and is no
    error.

    \b
    Examples
      refund review
      refund review HEAD --format text
    """
    from .review import review as made  # noqa: PLC0415 - only needed here
    from .review_text import FORMATS  # noqa: PLC0415 - ditto
    from .revisions import default_base  # noqa: PLC0415 - ditto

    folder = folder_of(policies)
    found = made(base or default_base(folder), folder)
    click.echo(FORMATS[form](found))
    ctx.exit(0 if found.ready else 1)


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
