"""Decisions of many cases on the way out: one line each, a file that is whole or not there."""

import csv
import glob
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from .decide import Decision, plain
from .many import Answer
from .terminal import in_one_line

Write = Callable[[Answer], None]


def json_lines(out: TextIO, _outputs: Sequence[str]) -> Write:
    """Return what writes an answer as one line of JSON."""

    def write(answer: Answer) -> None:
        found = answer.decision
        content = found.as_json() if found else {"line": answer.line, "error": answer.error}
        kept = (f"{in_json(name)}: {value}, " for name, value in answer.kept.items())
        out.write(f"{{{''.join(kept)}{in_json(content)[1:]}\n")

    return write


def in_json(value: object) -> str:
    """Return a value as JSON, in one line."""
    return json.dumps(value, ensure_ascii=False)


def table(out: TextIO, outputs: Sequence[str]) -> Write:
    """Return what writes an answer as a row; `outputs` are the columns for outputs."""
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(columns_of(outputs))
    return lambda answer: rows.writerow(cells_of(answer, outputs))


def members_of() -> set[str]:
    """Return the names in an answer as JSON."""
    blank = Decision(question="", policy="", version=None, digest=None)
    return {"line", "error", *blank.as_json()}


def columns_of(outputs: Sequence[str]) -> list[str]:
    """Return the columns of a table of answers."""
    return ["line", "outcome", "rule", *outputs, "missing", "version", "digest", "error"]


def cells_of(answer: Answer, outputs: Sequence[str]) -> list[object]:
    """Return an answer as a row of that table."""
    found = answer.decision
    if found is None:
        return [answer.line, "", "", *("" for _ in outputs), "", "", "", answer.error]
    given = {name: plain(value) for name, value in found.outputs.items()}
    values = [json_cell(given.get(name, "")) for name in outputs]
    missing = " ".join(found.missing)
    return [
        answer.line,
        found.outcome,
        found.rule,
        *values,
        missing,
        found.version,
        found.digest,
        "",
    ]


def json_cell(value: object) -> object:
    """Return a value as a cell: truth values as in JSON."""
    return str(value).lower() if isinstance(value, bool) else value


def text_lines(out: TextIO, _outputs: Sequence[str]) -> Write:
    """Return what writes an answer as one line of text."""

    def write(answer: Answer) -> None:
        words = in_one_line(answer.decision) if answer.decision else f"error: {answer.error}"
        kept = ", ".join(f"{name} {value}" for name, value in answer.kept.items())
        out.write(f"{answer.line}: {words}{kept and f' ({kept})'}\n")

    return write


WRITERS: Mapping[str, Callable[[TextIO, Sequence[str]], Write]] = {
    ".jsonl": json_lines,
    ".ndjson": json_lines,
    ".csv": table,
}


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Open a file that appears under its name when all is written, and not at all otherwise."""
    with part_of(path) as part, part.open("w", encoding="utf-8", newline="") as out:
        yield out


@contextmanager
def part_of(path: Path) -> Iterator[Path]:
    """Give a file to write beside another one, which it replaces when all is written.

    What a run left behind that was killed is removed.
    """
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        if not is_running(left.name.split(".")[-2]):
            left.unlink(missing_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.touch()
        yield part
        part.replace(path)
    except OSError as error:
        error.filename = str(path)
        raise
    finally:
        part.unlink(missing_ok=True)


def is_running(process: str) -> bool:
    """Return whether a process of that number runs."""
    try:
        os.kill(int(process), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except OSError:
        return True
    return True
