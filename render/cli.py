"""The commands about pages: `refund site`, `refund render`, `refund translation`."""

import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..engine.folder import load
from ..engine.options import UNDECIDED, bytes_of, folder_of, form_of, policy_options
from ..engine.reading import ONE, one_case
from ..engine.versions import Policy

if TYPE_CHECKING:
    from .internal import Asked, Decided
    from .site import Site

TARGETS = ("html", "zendesk", "markdown", "text")
"""Those of `filters`, which a start doesn't wait for."""


def page_options(command: Any) -> Any:  # noqa: ANN401 - as click has it
    """Add the options that say as of when pages are made, and by which templates."""
    as_of = click.option(
        "--as-of",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        help="What is in force on this day, and what is to come.  [default: the newest version]",
    )
    templates = click.option(
        "--templates",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        metavar="DIR",
        help="A folder whose templates take the place of ours.",
    )
    return as_of(templates(policy_options(command)))


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("site"),
    show_default=True,
    metavar="DIR",
    help="The folder to make.",
)
@click.option("--serve", is_flag=True, help="Don't write: preview, made anew on each change.")
@click.option(
    "--port", type=int, default=8000, show_default=True, metavar="NUMBER", help="Of the preview."
)
@page_options
def site(output: Path, serve: bool, port: int, **options: Any) -> None:  # noqa: ANN401, FBT001
    """Make the pages of a policy: a folder that is ready to be published.

    What customers read is in `public`, what only the company reads in `internal`. The folder is
    replaced as a whole, and only when it holds nothing but an earlier build.

    \b
    Examples
      refund site
      refund site --output build/help --as-of 2027-01-01
      refund site --serve
    """
    if serve:
        preview(port, options)
        return
    from .build import files, left_out  # noqa: PLC0415 - only needed here
    from .write import write  # noqa: PLC0415 - ditto

    found = site_of(options)
    made = files(found, options["templates"])
    with click.progressbar(
        made.items(), file=sys.stderr, label="making pages", hidden=not sys.stderr.isatty()
    ) as bar:
        write(((path, make()) for path, make in bar), output)
    click.echo(f"{output}: {len(made)} files", err=True)
    if missing := left_out(found):
        names = ", ".join(f"`{name}`" for name in missing)
        click.echo(f"left out without `url` in `pages.yaml`: {names}", err=True)


def preview(port: int, options: dict[str, Any]) -> None:
    """Serve the site until it is interrupted."""
    from .build import files  # noqa: PLC0415 - only needed here
    from .environment import TEMPLATES  # noqa: PLC0415 - ditto
    from .serve import HOST, Fresh, server  # noqa: PLC0415 - ditto

    watched = (folder_of(options["policies"]), options["templates"] or TEMPLATES)
    fresh = Fresh(lambda: files(site_of(options), options["templates"]), watched)
    with server(fresh, port, lambda text: click.echo(text, err=True)) as found:
        click.echo(f"http://{HOST}:{found.server_port}/ (stop with Ctrl-C)", err=True)
        with suppress(KeyboardInterrupt):
            found.serve_forever()


@click.command("render")
@click.argument("page", metavar="PAGE")
@click.option(
    "--as",
    "target",
    type=click.Choice(TARGETS),
    default="html",
    show_default=True,
    help="For what.",
)
@click.option("--language", metavar="TAG", help="In which language.  [default: the policy's own]")
@click.option(
    "--case", metavar="CASE", help="The case of `reply` or `strings`: .json, .yaml, or -."
)
@click.option("--question", metavar="NAME", help="Its question.  [default: the policy's first]")
@click.option(
    "--against",
    metavar="REVISION",
    help="What `review` compares with: a version, folder or git revision.  [default: the version "
    "before]",
)
@page_options
@click.pass_context
def render(
    ctx: click.Context,
    /,
    page: str,
    target: str,
    language: str | None,
    **options: Any,  # noqa: ANN401
) -> None:
    """Print one page: for the web, a help desk, as Markdown or as plain text.

    Beside the pages that customers read, there are some for the company: `macros` holds an answer
    for each outcome and rule, `strings` the lines for apps, `review` each clause beside its rule
    with what changes, and `reply` what to write to the customer of a case. The exit status is that
    of `refund decide` where there is a case.

    \b
    Examples
      refund render policy --as markdown
      refund render topics/cancelling --as zendesk
      refund render reply --case case.yaml --as text
      refund render review --against 1.0.0 --as markdown
    """
    from .internal import page_of  # noqa: PLC0415 - only needed here
    from .output import output  # noqa: PLC0415 - ditto

    site = site_of(options)
    asked = asked_of(page, site, options)
    found = page_of(site, language or site.languages[0], page, asked)
    click.echo(output(site, found, target, options["templates"]), nl=False)
    ctx.exit(UNDECIDED if asked.case and asked.case.decision.outcome is None else 0)


def asked_of(page: str, site: "Site", options: dict[str, Any]) -> "Asked":
    """Return what a page is asked for; raises a usage error where the page can't be asked so."""
    from ..engine.revisions import newest_at  # noqa: PLC0415 - only needed here
    from .internal import REPLY, REVIEW, STRINGS, Asked  # noqa: PLC0415 - ditto

    case, against = options["case"], options["against"]
    if page == REPLY and not case:
        raise click.UsageError("`reply` needs the case to answer: --case")
    if case and page not in (REPLY, STRINGS):
        raise click.UsageError(f"--case is for `{REPLY}` and `{STRINGS}`")
    if against and page != REVIEW:
        raise click.UsageError(f"--against is for `{REVIEW}`")
    folder = folder_of(options["policies"])
    return Asked(
        case=decided(site.policy, case, options["question"]) if case else None,
        against=newest_at(against, folder, site.policy.name) if against else None,
    )


def decided(policy: Policy, case: str, question: str | None) -> "Decided":
    """Return the case in a file with its decision."""
    from .internal import Decided  # noqa: PLC0415 - only needed here

    form = form_of(case, None)
    if form not in ONE:
        raise click.UsageError("one case is answered at a time, from .json or .yaml")
    facts = one_case(bytes_of(case), case, form)
    return Decided(policy.decide(question, facts), facts)


@click.command()
@click.argument("language", metavar="[LANGUAGE]", required=False)
@click.option("--write", is_flag=True, help="Put it in the place of the translation that is there.")
@policy_options
def translation(
    language: str | None, *, write: bool, policies: Path | None, policy: str | None
) -> None:
    """Lay out a translation of the newest version: its texts, each beside its translation.

    What is translated already stays. A text that is new, or has changed since, is left to be
    translated; until then the pages can't be made. LANGUAGE is a tag such as `de`; it can be left
    out where there is one translation.

    \b
    Examples
      refund translation de
      refund translation de --write
    """
    from ..engine.publish import own_file  # noqa: PLC0415 - only needed here
    from ..engine.writing import whole_file  # noqa: PLC0415 - ditto
    from .pairs import file_of, languages  # noqa: PLC0415 - ditto
    from .read_layout import layout, pages_node  # noqa: PLC0415 - ditto
    from .translating import laid_out  # noqa: PLC0415 - ditto

    version = load(folder_of(policies), policy=policy).versions[-1]
    known = languages(version)
    if language is None and len(known) != 1:
        raise click.UsageError(f"name a language: there are {len(known)} translations")
    root = pages_node(version)
    to = language or known[0]
    text, left = laid_out(version, root, layout(version, root).language, to)
    if write:
        with whole_file(own_file(version).with_name(file_of(version, to).name)) as out:
            out.write(text)
    else:
        click.echo(text, nl=False)
    click.echo(f"{file_of(version, to).name}: {left} to translate", err=True)


def site_of(options: dict[str, Any]) -> "Site":
    """Return the site that the options mean."""
    from .site import site as made  # noqa: PLC0415 - only needed here

    day: datetime | None = options["as_of"]
    policy = load(folder_of(options["policies"]), policy=options["policy"])
    return made(policy, day.date() if day else None)


COMMANDS = (site, render, translation)
