"""The command `refund compile`: a question in another language."""

from collections.abc import Mapping
from typing import Any

import click

from .folder import load
from .options import folder_of, needs_extra, policy_options
from .versions import Policy


@click.command("compile")
@click.option("--to", type=click.Choice(["python", "sql"]), required=True, help="The language.")
@click.option(
    "--dialect",
    type=click.Choice(["duckdb", "postgres", "spark"]),
    default="duckdb",
    show_default=True,
    help="Of which database the SQL is.",
)
@click.option(
    "--keep",
    multiple=True,
    metavar="NAME",
    help="A column of the table that the SQL gives as well.",
)
@click.option("--question", metavar="NAME", help="The question.  [default: the policy's first]")
@click.option("--version", metavar="NUMBER", help="Of this version.  [default: see above]")
@policy_options
def compile_(to: str, question: str | None, version: str | None, **options: Any) -> None:  # noqa: ANN401
    """Print a question in another language.

    The Python is a function, which the library itself runs for a question that it is asked often;
    the functions that it calls stand in the library. It is of the newest version.

    The SQL is one query over a table `cases`, whose columns have the names of the facts. It decides
    each case by the version in force. Without an outcome, `error` says what is wrong with a case;
    where that is NULL as well, the case is undecided.

    \b
    Examples
      refund compile --to python
      refund compile --to sql --dialect postgres --keep charge_id
    """
    policy = load(folder_of(options["policies"]), policy=options["policy"])
    write = {"python": python, "sql": sql}[to]
    click.echo(write(policy, question, version, options), nl=False)


def python(
    policy: Policy, question: str | None, version: str | None, _options: Mapping[str, Any]
) -> str:
    """Return a question as a Python function."""
    from .to_python import to_python  # noqa: PLC0415 - only needed here

    return to_python(*policy.question(question, version))


def sql(
    policy: Policy, question: str | None, version: str | None, options: Mapping[str, Any]
) -> str:
    """Return a question as SQL."""
    needs_extra("sqlglot")
    from .to_sql import Asked, to_sql  # noqa: PLC0415 - the extra `batch`

    name = policy.question_name(question, version)
    versions = [found for found in policy.asked(version) if name in found.questions]
    asked = Asked(options["dialect"], options["keep"])
    return to_sql(versions, name, asked, by_date=version is None)


COMMANDS = (compile_,)
