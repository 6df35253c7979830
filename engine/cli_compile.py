"""The command `refund compile`: a question in another language."""

from typing import Any

import click

from .folder import load
from .options import folder_of, policy_options


@click.command("compile")
@click.option("--to", type=click.Choice(["python"]), required=True, help="The language.")
@click.option("--question", metavar="NAME", help="The question.  [default: the policy's first]")
@click.option("--version", metavar="NUMBER", help="Of this version.  [default: the newest]")
@policy_options
def compile_(to: str, question: str | None, version: str | None, **options: Any) -> None:  # noqa: ANN401
    """Print a question as a function in another language.

    The Python is what the library itself runs for a question that it is asked often. It is there
    to be read: the functions that it calls stand in the library.

    \b
    Examples
      refund compile --to python
    """
    from .to_python import to_python  # noqa: PLC0415 - only needed here

    policy = load(folder_of(options["policies"]), policy=options["policy"])
    written = {"python": to_python}[to](*policy.question(question, version))
    click.echo(written, nl=False)


COMMANDS = (compile_,)
