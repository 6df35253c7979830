"""The commands about a policy itself: check and test it, make its next version, publish it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from .folder import load, shown
from .options import folder_of, format_option, policy_options


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@format_option("the findings", "text", "json", "sarif", "github")
@click.option("--pages", is_flag=True, help="Also make the pages, and check what they say.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day on which pages are looked at.  [default: today]",
)
@click.option(
    "--templates",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Templates that take the place of ours on the pages.",
)
@click.option("--policies", type=click.Path(path_type=Path), metavar="DIR", help="Same as PATH.")
@click.pass_context
def check(ctx: click.Context, /, paths: tuple[Path, ...], form: str, **options: Any) -> None:  # noqa: ANN401
    """Report everything that is wrong with policies, all at once.

    PATH is a folder of policies or a policy file; by default ./policies, else the installed ones.
    The exit status is 1 when there is an error; a warning alone doesn't change it.

    With --pages, the pages are made in memory, and again with each figure of the policy one unit
    further: every figure that they show has to be the policy's, and to follow it.

    \b
    Examples
      refund check
      refund check policies/refund --format github
      refund check --pages --as-of 2027-01-01
    """
    from .check import check_folder  # noqa: PLC0415 - only needed here
    from .reports import FORMATS, counted  # noqa: PLC0415 - ditto

    folders = paths or (folder_of(options["policies"]),)
    found = [finding for path in folders for finding in check_folder(path)]
    if options["pages"]:
        from ..render.check import check_pages  # noqa: PLC0415 - only needed here

        day = (options["as_of"] or datetime.now().astimezone()).date()
        made = [check_pages(path, day, options["templates"]) for path in folders]
        found += [finding for each in made for finding in each]
    if found or form != "text":
        click.echo(FORMATS[form](found))
    click.echo(counted(found), err=True)
    ctx.exit(1 if any(finding.severity == "error" for finding in found) else 0)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--coverage", is_flag=True, help="Tell what of the policy the cases cover.")
@click.option("--mutants", is_flag=True, help="Tell which small mistakes no case notices.")
@click.option("--propose", is_flag=True, help="Print cases to add, as YAML, to be judged.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--policies", type=click.Path(path_type=Path), metavar="DIR", help="Same as PATH.")
@click.pass_context
def test(ctx: click.Context, /, paths: tuple[Path, ...], **options: Any) -> None:  # noqa: ANN401
    """Run the cases beside each version of a policy, under that version.

    A failure shows what was expected, what came instead, and why. The exit status is 1 when a
    case fails, and with --coverage or --mutants also when something could be covered or noticed
    and isn't. --propose prints the cases that are missing for both, with what the policy answers
    now: judge each, give it a name and a reason, and add it to `cases.yaml`.

    \b
    Examples
      refund test
      refund test policies/refund/1.0.0
      refund test --coverage --mutants
      refund test --propose
    """
    from .cli_suite import test_folders  # noqa: PLC0415 - only needed here

    ctx.exit(test_folders(paths or (folder_of(options["policies"]),), options))


@click.command("new-version")
@click.argument("number", metavar="[NUMBER]", required=False)
@policy_options
def new_version(number: str | None, **options: Any) -> None:  # noqa: ANN401
    """Make a draft of the next version: a copy of the newest one, with its cases.

    NUMBER is the draft's; by default the next minor one. A draft is never picked by date.

    \b
    Examples
      refund new-version
      refund new-version 2.0.0
    """
    from .publish import new_version as make  # noqa: PLC0415 - only needed here

    draft = make(load(folder_of(options["policies"]), policy=options["policy"]), number)
    click.echo(f"{shown(draft)}: edit it, give `in_force` a start, then run `refund publish`")


@click.command()
@click.argument("number", metavar="NUMBER")
@policy_options
def publish(number: str, **options: Any) -> None:  # noqa: ANN401
    """Lock a version by its digest: from then on an edit of it is an error.

    \b
    Examples
      refund publish 1.1.0
    """
    from .publish import publish as lock  # noqa: PLC0415 - only needed here

    path = lock(load(folder_of(options["policies"]), policy=options["policy"]), number)
    click.echo(f"{shown(path)}: version {number} is published")


@click.command("table")
@click.argument("question", metavar="[QUESTION]", required=False)
@click.option("--version", metavar="NUMBER", help="Of this version.  [default: the newest]")
@click.option("--by", metavar="FACT", help="In bands of days by this date, such as `requested_on`.")
@click.option("--labels", is_flag=True, help="In the customers' words instead of names.")
@format_option("the table", "text", "markdown", "json")
@policy_options
def table(question: str | None, **options: Any) -> None:  # noqa: ANN401
    """List every situation that a question tells apart, with its result and an example.

    Each valid case is in exactly one row. With --by the rows stand in bands of days, counted from
    the date that the fact is compared with, which is day 0.

    \b
    Examples
      refund table
      refund table --labels
      refund table --by requested_on --format markdown
    """
    from .cli_table import show  # noqa: PLC0415 - only needed here

    show(question, options)


COMMANDS = (check, test, new_version, publish, table)
