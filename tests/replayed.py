"""Cases of Call Loop for replays, and what a replay of them has to say: decided one by one."""

import csv
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from test_call_loop_oracle import GRIDS

from refund_policy.engine.decide import interpreted, plain
from refund_policy.engine.errors import CaseError, ConflictError, GapError, PolicyError
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion, Question
from refund_policy.engine.values import Cell

POLICY = Path(__file__).parent.parent / "policies/refund/1.0.0/policy.yaml"
REGIONS = ("north", "south", "east", "")
WRONG = {"amount_paid": "-1", "charge_kind": "gift", "requested_on": "2026-02-30"}
WHY = {CaseError: "no case", GapError: "gap", ConflictError: "conflict"}
Row = Mapping[str, str]
Said = tuple[str, dict[str, str]]


def version(*edits: tuple[str, str]) -> PolicyVersion:
    """Return Call Loop's policy with some words changed, each of which is there."""
    text = POLICY.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return load_text(text, "policy.yaml")[0]


OLD = version()
NEW = version(
    ("version: 1.0.0", "version: 1.1.0"),
    ("guarantee_period: 30 days", "guarantee_period: 14 days"),
    ("report_window: 7 days", "report_window: 10 days"),
)


def rows(many: int, seed: int = 1) -> list[dict[str, str]]:
    """Return cases around every limit, as text; in some a fact is left out, in some it is wrong."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    return [*drawn(draw.sample(GRIDS["refund"], many), draw)]


def drawn(cases: Sequence[Mapping[str, Any]], draw: random.Random) -> Iterator[dict[str, str]]:
    for number, case in enumerate(cases):
        found = {name: text(value) for name, value in case.items()}
        if draw.random() < 0.05:
            found[draw.choice([*found])] = ""
        if draw.random() < 0.05:
            found |= [dict([item]) for item in WRONG.items()][draw.randrange(len(WRONG))]
        yield {**found, "region": draw.choice(REGIONS), "order": str(number)}


def text(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def write(path: Path, found: Sequence[Row]) -> Path:
    """Write cases as text, as a Parquet file of texts, or as lines of JSON."""
    if path.suffix == ".jsonl":
        path.write_text("\n".join(json.dumps(dict(in_json(row))) for row in found), "utf-8")
        return path
    table = path.with_suffix(".csv")
    with table.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [*found[0]], lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
    if path != table:
        read = f"read_csv('{table}', all_varchar=true)"
        duckdb.execute(f"COPY (FROM {read}) TO '{path}' (FORMAT parquet)")
    return path


def in_json(row: Row) -> Iterator[tuple[str, object]]:
    """Yield what is known of a case; whole numbers and truth values are no text in JSON."""
    for name, value in row.items():
        if value:
            plain_value: object = {"yes": True, "no": False}.get(value, value)
            yield name, int(value) if name.startswith("credits_") else plain_value


def decided(under: PolicyVersion, question: Question, row: Row) -> Said:
    """Return the rule that decides a case, or why none does, and its outputs."""
    names = {fact.name for fact in question.facts}
    facts = {name: Cell(value) for name, value in row.items() if name in names and value}
    try:
        found = interpreted(under, question, facts)
    except PolicyError as error:
        return WHY.get(type(error), "error"), {}
    given = {name: text_of(plain(value)) for name, value in found.outputs.items()}
    return found.rule or "undecided", given


def text_of(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass
class Expected:
    """What a replay has to say, by rules before and after, whether it changes, and region."""

    cases: Counter[tuple[str, str, bool, str | None]]
    sums: Counter[tuple[str, str, str]]
    changed: list[tuple[int, str, str, dict[str, str], dict[str, str]]]


def expected(
    old: PolicyVersion, new: PolicyVersion, question: str, found: Sequence[Row], *, first: int
) -> Expected:
    """Decide cases one by one; the first stands in a line of that number."""
    said = Expected(Counter(), Counter(), [])
    asked = old.questions[question], new.questions[question]
    for line, row in enumerate(found, start=first):
        (before, had), (after, has) = decided(old, asked[0], row), decided(new, asked[1], row)
        changes = (outcome(asked[0], before), had) != (outcome(asked[1], after), has)
        said.cases[before, after, changes, row.get("region") or None] += 1
        for side, outputs, by in (("old", had, asked[0]), ("new", has, asked[1])):
            for name, value in outputs.items():
                if is_money(by, name):
                    said.sums[name, side, row.get("region", "")] += Decimal(value)  # type: ignore[assignment]
        if changes:
            said.changed.append((line, before, after, had, has))
    return said


def outcome(question: Question, rule: str) -> str:
    found = (item.outcome.name for item in question.rules if item.name == rule)
    return next(found, rule)


def is_money(question: Question, output: str) -> bool:
    given = (item for outcome in question.outcomes for item in outcome.outputs)
    return any(item.name == output and item.type.kind == "money" for item in given)
