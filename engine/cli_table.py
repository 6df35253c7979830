"""The command `refund table`: a question as a list of all its situations."""

import json
import shutil
from typing import Any

import click

from .bands import bands
from .folder import load
from .options import folder_of
from .table import table
from .table_text import (
    WIDTH,
    bands_json,
    bands_markdown,
    bands_text,
    table_json,
    table_markdown,
    table_text,
)


def show(question: str | None, options: dict[str, Any]) -> None:
    """Print the table of a question, or its bands."""
    policy = load(folder_of(options["policies"]), policy=options["policy"])
    version, asked = policy.question(question, options["version"])
    labels: bool = options["labels"]
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    if options["by"]:
        cut = bands(version, asked, options["by"], labels=labels)
        text = bands_text(cut, labels=labels, width=width)
        markdown, plain = bands_markdown(cut, labels=labels), bands_json(cut, labels=labels)
    else:
        found = table(version, asked, labels=labels)
        text = table_text(found, labels=labels, width=width)
        markdown, plain = table_markdown(found, labels=labels), table_json(found, labels=labels)
    shown = {"text": text, "markdown": markdown}
    click.echo(shown.get(options["form"]) or json.dumps(plain, indent=2, ensure_ascii=False))
