"""What the commands share: options, the folder of policies, and the input with its format."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click

from .errors import PolicyError
from .folder import INSTALLED, POLICY_FILE
from .reading import ENDINGS, MANY, ONE

Command = TypeVar("Command", bound=Callable[..., Any])
HERE = Path("policies")
COMPRESSED = (".gz", ".zst")
UNDECIDED = 3
"""The exit status for a single case that stays undecided."""


def policy_options(command: Command) -> Command:
    """Add the options that say which policy is meant."""
    folder = click.option(
        "--policies",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="A folder of policies.  [default: ./policies, else the installed ones]",
    )
    name = click.option(
        "--policy", metavar="NAME", help="Which policy, where the folder holds several."
    )
    return folder(name(command))


def format_option(what: str, *forms: str) -> Callable[[Command], Command]:
    """Return the option that says how something is printed; the first form is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help=f"How to print {what}.",
    )


def case_options(command: Command) -> Command:
    """Add the options that say how a case is read and what it asks."""
    question = click.option(
        "--question", metavar="NAME", help="The question.  [default: the policy's first]"
    )
    version = click.option(
        "--version", metavar="NUMBER", help="Use this version instead of the one in force."
    )
    form = click.option(
        "--from",
        "form",
        type=click.Choice([*ONE, *MANY, "parquet"]),
        help="The input's format.  [default: by the file's ending; yaml, which reads JSON, for -]",
    )
    return question(version(form(policy_options(command))))


def folder_of(policies: Path | None) -> Path:
    """Return the folder named, else ./policies where it holds a policy, else the installed one."""
    if policies is not None:
        return policies
    return HERE if any(HERE.rglob(POLICY_FILE)) else INSTALLED


def form_of(case: str, form: str | None) -> str:
    """Return the format of the input; raises a usage error when nothing tells it."""
    if form or case == "-":
        return form or "yaml"
    path = Path(case)
    if path.is_dir() or "*" in case:
        join = f"COPY (FROM '{case}{'/**/*.parquet' * path.is_dir()}') TO 'all.parquet'"
        raise click.UsageError(f"`{case}`: one file is read; DuckDB makes one of many: {join}")
    packed = is_compressed(case)
    found = ENDINGS.get((path.with_suffix("") if packed else path).suffix.lower())
    if found is None or (packed and found not in MANY):
        known = ", ".join([*ENDINGS, ".csv.gz", ".jsonl.zst"])
        raise click.UsageError(f"`{case}` ends in none of {known}: say what it is with --from")
    return found


def is_compressed(case: str) -> bool:
    """Return whether a file is compressed, by its ending."""
    return Path(case).suffix.lower() in COMPRESSED


def bytes_of(case: str) -> bytes:
    """Return the content of a file, or of standard input for `-`."""
    return sys.stdin.buffer.read() if case == "-" else Path(case).read_bytes()


def opened(case: str) -> AbstractContextManager[BinaryIO]:
    """Open a file, or standard input for `-`."""
    return nullcontext(sys.stdin.buffer) if case == "-" else Path(case).open("rb")


def missing_of(*packages: str) -> list[str]:
    """Return the packages of the extra `batch` that aren't there."""
    return [name for name in packages if not find_spec(name)]


def needs_extra(*packages: str) -> None:
    """Raise PolicyError when a package of the extra `batch` isn't there."""
    if missing := missing_of(*packages):
        names = " and ".join(f"`{name}`" for name in missing)
        raise PolicyError(f"this needs {names}: `pip install 'refund-policy[batch]'`")
