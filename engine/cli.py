"""The command `refund`: options in, exit status out. What the commands do stands elsewhere.

The commands about cases are here; those about a policy itself are in `cli_policy`, those about a
change of it in `cli_change`; `cli_compile` writes it in another language.
"""

import atexit
import gc
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from ..render import cli as cli_pages
from . import cli_change, cli_compile, cli_policy, cli_replay
from .errors import CaseError, PolicyError, SourceError
from .folder import load
from .options import UNDECIDED, bytes_of, case_options, folder_of, form_of, policy_options
from .reading import ONE, one_case
from .versions import Policy


class Reporting(click.Group):
    """Commands that report a `PolicyError` as text, with exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        """Run a command."""
        try:
            return super().invoke(ctx)
        except PolicyError as error:
            said = lines_of(error)
        except BrokenPipeError:
            raise
        except OSError as error:
            said = [f"error: `{error.filename}`: {(error.strerror or str(error)).lower()}"]
        for line in said:
            click.echo(line, err=True)
        return ctx.exit(1)


def lines_of(error: PolicyError) -> Iterable[str]:
    """Return an error as lines, one for each thing that is wrong."""
    match error:
        case SourceError(findings=findings):
            return [str(finding) for finding in findings]
        case CaseError(problems=problems):
            return [f"error: {problem.message}" for problem in problems]
        case _:
            return [f"error: {error}"]


@click.group(cls=Reporting, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="refund-policy", prog_name="refund")
def main() -> None:
    """Decide cases by a policy, and check, test and explain the policy itself.

    \b
    Exit status
      0  done
      1  something is wrong with a policy or a case
      2  wrong usage
      3  undecided (a single case)

    \b
    Shell completion, for bash (zsh and fish likewise)
      eval "$(_REFUND_COMPLETE=bash_source refund)"
    """


# ---------------------------------------------------------------- cases


@main.command()
@click.argument("case", metavar="CASE")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write here instead."
)
@click.option(
    "--column",
    multiple=True,
    metavar="FACT=EXPRESSION",
    help="Where a fact stands in many cases, in DuckDB's SQL.",
)
@click.option("--keep", multiple=True, metavar="NAME", help="Write this column as well; * for all.")
@case_options
@click.pass_context
def decide(ctx: click.Context, /, case: str, **options: Any) -> None:  # noqa: ANN401
    """Decide one case, or many.

    CASE is a .json or .yaml file with one case, a .jsonl, .csv or .parquet file with one case a
    line, or - for standard input. Many cases answer in order, one line each: text on a terminal,
    JSON lines elsewhere or with --json. A wrong line is reported, doesn't stop the rest, and makes
    the exit status 1. --output picks the format by its ending: .json, .jsonl, .csv or .parquet.

    Many cases may name their columns otherwise: --column says where a fact stands. --keep gives
    columns of the input along with the answers. A .csv or .jsonl may be compressed (.gz, .zst).

    \b
    Examples
      refund decide case.json
      refund decide --json - < case.yaml
      refund decide cases.csv --output decisions.csv
      refund decide cases.csv --output decisions.parquet --keep amount_paid
    """
    policy = load(folder_of(options["policies"]), policy=options["policy"])
    form = form_of(case, options["form"])
    if form in ONE:
        ctx.exit(decide_one(policy, case, form, options))
    from .cli_many import decide_many  # noqa: PLC0415 - only needed here

    ctx.exit(decide_many(policy, case, form, options))


def decide_one(policy: Policy, case: str, form: str, options: dict[str, Any]) -> int:
    """Decide a single case and return the exit status."""
    from .terminal import in_full  # noqa: PLC0415 - only needed here

    if options["column"] or options["keep"]:
        raise click.UsageError("--column and --keep are for many cases: .csv, .jsonl, .parquet")
    facts = one_case(bytes_of(case), case, form)
    decision = policy.decide(options["question"], facts, version=options["version"])
    output: Path | None = options["output"]
    if output and output.suffix.lower() != ".json":
        raise click.UsageError(f"`{output}`: one decision is written as .json")
    if output or options["as_json"]:
        text = json.dumps(decision.as_json(), indent=2, ensure_ascii=False)
    else:
        text = in_full(decision, policy)
    if output:
        output.write_text(text + "\n", "utf-8")
    else:
        click.echo(text)
    return UNDECIDED if decision.outcome is None else 0


@main.command()
@click.argument("case", metavar="CASE")
@click.option("--what-if", is_flag=True, help="Also find what would lead to a better outcome.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@case_options
@click.pass_context
def explain(ctx: click.Context, /, case: str, **options: Any) -> None:  # noqa: ANN401
    """Explain how a case is decided: what each rule came to, and on which comparisons.

    CASE is a .json or .yaml file with one case, or - for standard input.

    With --what-if, also the smallest changes of facts that would lead to a better outcome. Facts
    that are `fixed` in the policy stay as they are.

    \b
    Examples
      refund explain case.json
      refund explain --json case.yaml
      refund explain --what-if case.yaml
    """
    from .terminal import in_full  # noqa: PLC0415 - only needed here
    from .what_if_text import in_text  # noqa: PLC0415 - ditto

    form = form_of(case, options["form"])
    if form not in ONE:
        raise click.UsageError("one case is explained at a time, from .json or .yaml")
    policy = load(folder_of(options["policies"]), policy=options["policy"])
    facts = one_case(bytes_of(case), case, form)
    found = policy.explain(options["question"], facts, version=options["version"])
    changes = None
    if options["what_if"] and found.decision:
        changes = policy.what_if(options["question"], facts, version=options["version"])
    if options["as_json"]:
        more = {"what_if": changes and changes.as_json()} if options["what_if"] else {}
        click.echo(json.dumps({**found.as_json(), **more}, indent=2, ensure_ascii=False))
    else:
        head = in_full(found.decision, policy) if found.decision else f"error: {found.error}"
        click.echo(f"{head}\n\n{found.in_text()}" if found.rules else head)
        if options["what_if"]:
            click.echo("\n" + in_text(changes, found.decision, policy))
    ctx.exit(
        1 if found.error else UNDECIDED if found.decision and not found.decision.outcome else 0
    )


@main.command()
@click.argument("question", metavar="[QUESTION]", required=False)
@click.option("--version", metavar="NUMBER", help="Use this version instead of the one in force.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@policy_options
@click.pass_context
def ask(ctx: click.Context, /, question: str | None, **options: Any) -> None:  # noqa: ANN401
    """Ask for the facts of a case one by one, only for those that can still matter, and decide it.

    An answer is checked at once. An empty line or ? says that you don't know: the case may stay
    undecided then. `back` returns to the answer before, `quit` stops. Questions go to standard
    error; answers are read from standard input, one a line.

    \b
    Examples
      refund ask
      refund ask --json < answers.txt
    """
    from .ask import conversation  # noqa: PLC0415 - only needed here
    from .terminal import in_full  # noqa: PLC0415 - ditto

    policy = load(folder_of(options["policies"]), policy=options["policy"])
    try:
        decision = conversation(policy, question, options["version"])
    except (EOFError, KeyboardInterrupt):
        click.echo("\nstopped before a decision", err=True)
        ctx.exit(1)
    if options["as_json"]:
        click.echo(json.dumps(decision.as_json(), indent=2, ensure_ascii=False))
    else:
        click.echo(in_full(decision, policy))
    ctx.exit(UNDECIDED if decision.outcome is None else 0)


# ---------------------------------------------------------------- what a question needs


@main.command()
@click.argument("question", metavar="[QUESTION]", required=False)
@click.option("--version", metavar="NUMBER", help="Of this version.  [default: the newest]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@policy_options
def facts(question: str | None, version: str | None, as_json: bool, **options: Any) -> None:  # noqa: ANN401, FBT001
    """List the facts of a question: name, type, label and the question to ask.

    \b
    Examples
      refund facts
      refund facts --json
    """
    from .terminal import facts_table, plain_fact  # noqa: PLC0415 - only needed here

    policy = load(folder_of(options["policies"]), policy=options["policy"])
    asked = policy.question(question, version)[1]
    if as_json:
        found = [plain_fact(fact) for fact in asked.facts]
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        click.echo(facts_table(asked.facts))


@main.command()
@click.argument("question", metavar="[QUESTION]", required=False)
@click.option("--version", metavar="NUMBER", help="Of this version.  [default: the newest]")
@policy_options
def schema(question: str | None, version: str | None, **options: Any) -> None:  # noqa: ANN401
    """Print the JSON Schema of a question's cases.

    \b
    Examples
      refund schema
      refund schema > case.schema.json
    """
    from .to_json_schema import to_json_schema  # noqa: PLC0415 - only needed here

    policy = load(folder_of(options["policies"]), policy=options["policy"])
    found = to_json_schema(*policy.question(question, version))
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


for command in (
    *cli_policy.COMMANDS,
    *cli_change.COMMANDS,
    *cli_replay.COMMANDS,
    *cli_compile.COMMANDS,
    *cli_pages.COMMANDS,
):
    main.add_command(command)


def run() -> None:
    """Run a command as a process of its own, in which nothing needs tidying up at the end."""
    atexit.register(untidied)
    main(prog_name="refund")


def untidied() -> None:
    """Leave the memory to the system; DuckDB, where it was used, complains about that."""
    if "duckdb" not in sys.modules:
        gc.freeze()


if __name__ == "__main__":
    run()
