"""Tables and bands for people and tools: text, Markdown and JSON."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .bands import Bands
from .table import Row, Table
from .terminal import output_words
from .values import as_json
from .vocabulary import listed
from .words import Words

WIDTH = 100
LONGEST_PART, HELD = 60, "\xa0"
"""A phrase of up to so many characters stays on one line; what holds it together."""
NO_EXAMPLE = "no such case was found: there may be none"


@dataclass(frozen=True, slots=True)
class Shown:
    """How rows are shown: the words, and (in text) the width of a line."""

    table: Table
    words: Words
    width: int = WIDTH

    # ------------------------------------------------------------ the parts of a row

    def when(self, row: Row) -> str:
        """Return the situation."""
        return (", " if not self.words.labels else "; ").join(row.when) or "every case"

    def outcome(self, row: Row) -> str:
        """Return the outcome, or what is wrong in its place."""
        if row.rule:
            outcome = row.rule.outcome
            return outcome.label if self.words.labels else f"{outcome.name}: {outcome.label}"
        if not row.ruling.conflict:
            return "gap: no rule decides"
        return f"conflict: {listed(f'`{name}`' for name in row.ruling.rules)} decide differently"

    def result(self, row: Row) -> str:
        """Return the rule, and how its outputs are worked out."""
        if not row.rule:
            return ""
        outputs = (
            f"{output.label if self.words.labels else output.name}: {words}"
            for output, words in row.outputs
        )
        return "; ".join((row.rule.name, *outputs))

    def example(self, row: Row) -> str:
        """Return an example with what its outputs come to."""
        if row.example is None:
            return NO_EXAMPLE
        facts = [
            self.words.known(fact, row.example[name])
            for name, fact in self.table.version.facts.items()
            if name in row.about
        ]
        given = ", ".join(
            f"{name} {words}" if not self.words.labels else f"{name}: {words}"
            for name, words in self.outputs(row)
        )
        return (", " if not self.words.labels else "; ").join(facts) + (f" → {given}" * bool(given))

    def outputs(self, row: Row) -> Iterator[tuple[str, str]]:
        """Yield what the outputs of an example come to."""
        for output, _ in row.outputs if row.decision else ():
            assert row.decision
            value = row.decision.outputs[output.name]
            words = output_words(output.name, value, self.table.question, self.table.version)
            yield (output.label if self.words.labels else output.name), words

    # ------------------------------------------------------------ text

    def text(self, first: int = 1) -> Iterator[str]:
        """Yield the rows as lines of text, under a heading for each outcome."""
        heading = ""
        for number, row in enumerate(self.table.rows, first):
            if self.outcome(row) != heading:
                heading = self.outcome(row)
                yield from ("", heading)
            yield from self.wrapped(self.when(row), f"{number:>4}. ")
            if result := self.result(row):
                yield from self.wrapped(result, "      → ")
            if row.about or row.example is None:
                yield from self.wrapped(self.example(row), "      e.g. ")

    def wrapped(self, words: str, start: str) -> list[str]:
        """Return words as lines, all as far in as the first one."""
        indent = " " * len(start)
        parts = re.split(r"(?<=[,;]) ", words)
        words = " ".join(
            part.replace(" ", HELD) if len(part) <= LONGEST_PART else part for part in parts
        )
        lines = textwrap.wrap(
            words,
            self.width,
            initial_indent=start,
            subsequent_indent=indent,
            break_on_hyphens=False,
            break_long_words=False,
        )
        return [line.replace(HELD, " ") for line in lines]

    # ------------------------------------------------------------ Markdown

    def markdown(self) -> Iterator[str]:
        """Yield the rows as a table in Markdown."""
        yield "| When | Then | Example |"
        yield "|---|---|---|"
        for row in self.table.rows:
            then = "<br>".join(filter(None, (f"**{self.outcome(row)}**", self.result(row))))
            example = self.example(row) if row.about or row.example is None else ""
            cells = (self.when(row), then, example)
            yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"

    # ------------------------------------------------------------ JSON

    def data(self) -> list[dict[str, Any]]:
        """Return the rows as they stand in JSON."""
        return [self.row_data(row) for row in self.table.rows]

    def row_data(self, row: Row) -> dict[str, Any]:
        """Return a row as it stands in JSON."""
        facts = self.table.version.facts
        example: Mapping[str, Any] | None = row.example and {
            name: as_json(value, facts[name].type) for name, value in row.example.items()
        }
        return {
            "when": list(row.when),
            "outcome": row.rule and row.rule.outcome.name,
            "rule": row.rule and row.rule.name,
            "outputs": {output.name: words for output, words in row.outputs},
            "conflict": list(row.ruling.rules) if row.ruling.conflict else [],
            "example": example,
            "decision": row.decision and row.decision.as_json(),
        }


# ---------------------------------------------------------------- a table


def table_text(found: Table, *, labels: bool = False, width: int = WIDTH) -> str:
    """Return a table as text."""
    shown = Shown(found, Words(found.version, labels), width)
    return "\n".join((*title(found), *shown.text()))


def title(found: Table | Bands) -> Iterator[str]:
    """Yield what a table is about, and how many situations it has."""
    tables = [found] if isinstance(found, Table) else [band.table for band in found.bands]
    rows = sum(len(part.rows) for part in tables)
    count = "1 situation" if rows == 1 else f"{rows} situations"
    yield found.question.asks
    yield f"{found.version.name} {found.version.version}: {count}, every case is in exactly one"


def table_markdown(found: Table, *, labels: bool = False) -> str:
    """Return a table as Markdown."""
    shown = Shown(found, Words(found.version, labels))
    return "\n".join((f"# {found.question.asks}", "", *shown.markdown()))


def table_json(found: Table, *, labels: bool = False) -> dict[str, Any]:
    """Return a table as it stands in JSON."""
    shown = Shown(found, Words(found.version, labels))
    return {**origin(found), "rows": shown.data()}


def origin(found: Table | Bands) -> dict[str, Any]:
    """Return which question of which version it is."""
    version = found.version
    return {
        "policy": version.name,
        "version": version.version,
        "digest": version.digest,
        "question": found.question.name,
    }


# ---------------------------------------------------------------- bands


def bands_text(found: Bands, *, labels: bool = False, width: int = WIDTH) -> str:
    """Return bands as text, one below the other."""
    lines = list(title(found))
    number = 1
    for heading, shown in parts(found, labels=labels, width=width):
        lines += ["", heading, "=" * len(heading), *shown.text(number)]
        number += len(shown.table.rows)
    return "\n".join(lines)


def bands_markdown(found: Bands, *, labels: bool = False) -> str:
    """Return bands as Markdown, a table for each."""
    lines: list[str] = [f"# {found.question.asks}"]
    for heading, shown in parts(found, labels=labels):
        lines += ["", f"## {heading}", "", *shown.markdown()]
    return "\n".join(lines)


def bands_json(found: Bands, *, labels: bool = False) -> dict[str, Any]:
    """Return bands as they stand in JSON."""
    rows: Iterable[Shown] = (shown for _, shown in parts(found, labels=labels))
    return {
        **origin(found),
        "by": found.fact.name,
        "since": found.since and found.since.name,
        "bands": [
            {"label": band.label, "from": end(band.low), "to": end(band.high), "rows": shown.data()}
            for band, shown in zip(found.bands, rows, strict=True)
        ],
    }


def end(day: Any) -> int | str | None:  # noqa: ANN401 - a count or a date
    """Return the end of a band as it stands in JSON."""
    return day if day is None or isinstance(day, int) else str(day)


def parts(found: Bands, *, labels: bool, width: int = WIDTH) -> Iterator[tuple[str, Shown]]:
    """Yield the heading and the rows of each band."""
    words = Words(found.version, labels)
    for band in found.bands:
        yield band.heading, Shown(band.table, words, width)
