"""The command `refund replay`: history decided under two versions."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .cli_many import EXTRA, bar, expression, stopped_cleanly
from .errors import PolicyError, VersionError
from .model import PolicyVersion
from .options import folder_of, form_of, format_option, needs_extra, policy_options

if TYPE_CHECKING:
    from .replay import Replay
    from .replay_rows import Task

FORMS = ("parquet", "csv", "jsonl")
WRITTEN = (".parquet", ".csv", ".jsonl")


@click.command()
@click.argument("data", type=click.Path(path_type=Path), metavar="DATA")
@click.option("--old", required=True, metavar="VERSION", help="The version before.")
@click.option("--new", required=True, metavar="VERSION", help="The version after, or a draft.")
@click.option("--question", metavar="NAME", help="The question.  [default: the policy's first]")
@click.option("--by", metavar="COLUMN", help="Count for each value of this column as well.")
@click.option(
    "--column",
    multiple=True,
    metavar="FACT=EXPRESSION",
    help="Where a fact stands, in DuckDB's SQL.",
)
@format_option("what changes", "text", "markdown", "json")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the cases that change here: .parquet, .csv or .jsonl.",
)
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="Draw it here: .svg.")
@click.option(
    "--from", "of", type=click.Choice(FORMS), help="The format of DATA.  [default: by its ending]"
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What decides; Spark takes .parquet alone, and needs Java 17.",
)
@policy_options
def replay(data: Path, form: str, **options: Any) -> None:  # noqa: ANN401
    """Decide history under two versions: how many cases come out otherwise, and how much money.

    DATA is a .parquet, .csv or .jsonl file with one case a line; .csv and .jsonl may be compressed
    (.gz, .zst). It may have other columns than the facts.

    --old and --new name versions as `refund compare` takes them: a version (`1.0.0`), a folder or
    policy file, or a git revision. Each decides all cases, whichever is in force. A case that a
    version doesn't decide is counted with why there is no decision.

    \b
    Examples
      refund replay cases.csv --old 1.0.0 --new 1.1.0
      refund replay cases.csv --old 1.0.0 --new 1.1.0 --by charge_kind --plot changes.svg
      refund replay cases.csv --old 1.0.0 --new 1.1.0 --output changes.parquet
    """
    from .replay_text import FORMATS  # noqa: PLC0415 - only needed here
    from .writing import part_of  # noqa: PLC0415 - ditto

    needs_extra(*EXTRA)
    task, plot = task_of(data, options), options["plot"]
    if plot and plot.suffix.lower() != ".svg":
        raise click.UsageError(f"`{plot}`: a picture is written as .svg")
    with stopped_cleanly():
        found = ENGINES[options["engine"]](task)
    if plot:
        from .replay_plot import as_svg  # noqa: PLC0415 - only needed here

        with part_of(plot) as part:
            part.write_text(as_svg(found), "utf-8")
    click.echo(FORMATS[form](found))


def on_duckdb(task: "Task") -> "Replay":
    """Run a replay on DuckDB."""
    from .replaying import replay as run  # noqa: PLC0415 - the extra `batch`

    with bar(100, hidden=False) as show:
        return run(task, lambda share: show(round(100 * share)))


def on_spark(task: "Task") -> "Replay":
    """Run a replay on Spark."""
    if task.form != "parquet" or (task.output and task.output.suffix.lower() != ".parquet"):
        raise click.UsageError("Spark reads and writes .parquet")
    if not find_spec("pyspark"):
        raise PolicyError("this needs `pyspark`: `pip install 'refund-policy[spark]'`")
    from .spark import replay as run  # noqa: PLC0415 - the extra `spark`

    return run(task)


ENGINES = {"duckdb": on_duckdb, "spark": on_spark}


def task_of(data: Path, options: dict[str, Any]) -> "Task":
    """Return what to replay."""
    from .replay_rows import Task  # noqa: PLC0415 - the extra `batch`
    from .revisions import newest_at  # noqa: PLC0415 - only needed here

    if str(data) == "-":
        raise click.UsageError("DATA is read more than once: write standard input to a file first")
    folder, output = folder_of(options["policies"]), options["output"]
    form = form_of(str(data), options["of"])
    if form not in FORMS:
        raise click.UsageError(f"`{data}`: many cases are read from {', '.join(WRITTEN)}")
    if output and output.suffix.lower() not in WRITTEN:
        raise click.UsageError(f"`{output}`: cases are written as {', '.join(WRITTEN)}")
    if output and output.exists() and data.exists() and output.samefile(data):
        raise click.UsageError(f"`{output}` is the input: write the cases to another file")
    old, new = (newest_at(options[side], folder, options["policy"]) for side in ("old", "new"))
    return Task(
        old=old,
        new=new,
        question=question_of(old, new, options["question"]),
        path=data,
        form=form,
        expressions=dict(map(expression, options["column"])),
        by=options["by"],
        output=output,
    )


def question_of(old: PolicyVersion, new: PolicyVersion, name: str | None) -> str:
    """Return the question to ask: the one named, or the first; both versions have it."""
    asked = name or next(iter(new.questions))
    for version in (old, new):
        if asked not in version.questions:
            raise VersionError(f"version `{version.version}` has no question `{asked}`")
    return asked


COMMANDS = (replay,)
