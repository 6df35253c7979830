"""Files of many cases to decide, and the command that decides them."""

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from click.testing import CliRunner, Result
from test_call_loop_oracle import GRIDS

from refund_policy.engine.cli import main

ROOT = Path(__file__).parent.parent
POLICIES = ["--policies", str(ROOT / "policies")]
REFUND = GRIDS["refund"][:: len(GRIDS["refund"]) // 600]
NAMES = list(REFUND[0])
OUTPUTS = ("out.parquet", "out.csv", "out.jsonl")
ODD = ("", "x", "-1", "1e3", "12.3", "2026-02-30", "2026-01-01T10:00:00Z", "NaN", "'", '"a"', "YES")
HUGE = ("999999999999999999999", "0.001", "99999999.5", "3000000000")
ODD_ROWS = (" ", "a,b,c", '"x', '"2025-01-01",' * 9 + "yes", ",".join([""] * 10), "é" + ",1" * 9)
ODD_JSON = (
    *("[1]", "3", "{", "{}", "nul", '{"amount_paid": 0.1000000000000000055}', '{"no": 1}'),
    *('{"amount_paid": NaN}', '{"charge_kind": "a", "charge_kind": "b"}', "  ", '{"a": 1,}'),
)


def run(*arguments: str, policies: Sequence[str] = POLICIES) -> Result:
    return CliRunner().invoke(main, ["decide", *arguments, *policies], catch_exceptions=False)


def plain(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def write_csv(path: Path, cases: Sequence[Mapping[str, Any]]) -> None:
    lines = [",".join(plain(case.get(name, "")) for name in NAMES) for case in cases]
    path.write_text("\n".join([",".join(NAMES), *lines]) + "\n", "utf-8")


def mistaken(draw: random.Random, odd: Sequence[object]) -> Iterator[dict[str, Any]]:
    """Yield cases, many with something odd in them, or left out."""
    for case in REFUND:
        found: dict[str, Any] = {name: plain(value) for name, value in case.items()}
        if draw.random() < 0.4:
            found[draw.choice(NAMES)] = draw.choice(odd)
        if draw.random() < 0.3:
            del found[draw.choice(NAMES)]
        yield found


def parquet(path: str, cases: Sequence[Mapping[str, Any]], **types: str) -> None:
    """Write cases as Parquet, with types that differ from the usual ones."""
    usual = {
        "amount_paid": "DECIMAL(18, 2)",
        "credits_purchased": "INTEGER",
        "credits_unused": "BIGINT",
    }
    usual |= {name: "DATE" for name in NAMES if name.endswith("_on")}
    usual |= {name: "BOOLEAN" for name in NAMES if name.endswith("_provided")}
    write_csv(Path("as_text.csv"), cases)
    columns = ", ".join(
        f"CAST({name} AS {types.get(name, usual.get(name, 'VARCHAR'))}) AS {name}" for name in NAMES
    )
    duckdb.execute(
        f"COPY (SELECT {columns} FROM read_csv('as_text.csv', all_varchar=true))"  # noqa: S608
        f" TO '{path}' (FORMAT parquet)"
    )
