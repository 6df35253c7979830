"""Many cases on DuckDB: the same answers, in the same order, as one case after the other."""

import json
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest
from batches import (
    HUGE,
    NAMES,
    ODD,
    ODD_JSON,
    ODD_ROWS,
    POLICIES,
    REFUND,
    ROOT,
    mistaken,
    parquet,
    run,
    write_csv,
)
from commands import on_terminal

from refund_policy.engine import cli_many
from refund_policy.engine import options as engine_options


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let DuckDB take files of any size."""
    monkeypatch.setattr(cli_many, "LARGE", 0)


# ---------------------------------------------------------------- text


def both_ways(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Assert that a file is decided alike line by line and on DuckDB, to the byte."""
    slow = run(name, "--output", "slow.csv")
    monkeypatch.setattr(cli_many, "LARGE", 0)
    monkeypatch.setattr(cli_many, "line_by_line", not_called)
    fast = run(name, "--output", "fast.csv")
    assert Path("fast.csv").read_text().splitlines() == Path("slow.csv").read_text().splitlines()
    assert (fast.exit_code, fast.stderr, fast.stdout) == (slow.exit_code, slow.stderr, "")
    assert slow.exit_code == 1


def not_called(*_: object) -> int:
    raise AssertionError("decided line by line")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_tables_are_read_as_line_by_line(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(1)  # noqa: S311 - no secret
    lines = [",".join(NAMES)]
    for case in mistaken(draw, [*ODD, *HUGE]):
        lines.append(",".join(case.get(name, "") for name in NAMES))
        lines += [draw.choice(ODD_ROWS)] * (draw.random() < 0.03)
    Path("cases.csv").write_bytes((ending.join(lines) + ending).encode())
    both_ways("cases.csv", monkeypatch)


def test_json_lines_are_read_as_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(2)  # noqa: S311 - no secret
    odd = (
        *ODD,
        *map(float, ("12.34", "4.0", "1e3", "0.001")),
        None,
        -1,
        10**20,
        True,
        [1],
        {"a": 1},
    )
    lines = []
    for case in mistaken(draw, odd):
        text = json.dumps(
            {**case, "account_email_provided": case.get("account_email_provided") == "yes"}
        )
        lines.append(text.replace("2026", "20\\u00326") if draw.random() < 0.02 else text)
        lines += [draw.choice(ODD_JSON)] * (draw.random() < 0.05)
    Path("cases.jsonl").write_text("\n".join(lines), "utf-8")
    both_ways("cases.jsonl", monkeypatch)


@pytest.mark.parametrize(
    "text", [b"\r\n", b"\xff\n", b"x\ry\n"], ids=["mixed ends", "no UTF-8", "a lone return"]
)
def test_what_duckdb_doesnt_read_is_decided_line_by_line(text: bytes, at_once: None) -> None:
    write_csv(Path("cases.csv"), REFUND[:50])
    Path("cases.csv").write_bytes(Path("cases.csv").read_bytes() + text)
    found = run("cases.csv", "--output", "out.csv")
    assert len(Path("out.csv").read_text().splitlines()) >= 51, found.stderr


def test_a_wrong_header_is_told_as_ever(at_once: None) -> None:
    Path("cases.csv").write_text("ammount_paid\n1\n")
    found = run("cases.csv", "--output", "out.csv")
    assert found.exit_code == 1
    assert (
        "line 1: column 1, `ammount_paid`, is no fact: did you mean `amount_paid`?" in found.stderr
    )
    assert not Path("out.csv").exists()


# ---------------------------------------------------------------- tables with types


def answers(path: str) -> list[tuple[Any, ...]]:
    return duckdb.execute(f"SELECT * FROM '{path}' ORDER BY line").fetchall()  # noqa: S608


TYPES: list[dict[str, str]] = [
    {},
    {
        "amount_paid": "DECIMAL(9, 4)",
        "credits_purchased": "DECIMAL(12, 3)",
        "charged_on": "VARCHAR",
    },
    {"amount_paid": "VARCHAR", "credits_unused": "UBIGINT", "account_email_provided": "VARCHAR"},
    {"charge_kind": "ENUM('subscription_fee', 'credit_purchase')", "credits_unused": "SMALLINT"},
    {"charged_on": "TIMESTAMP WITH TIME ZONE"},
]


@pytest.mark.parametrize("types", TYPES, ids=range(len(TYPES)))
def test_a_parquet_file_gets_the_answers_of_a_text(types: dict[str, str]) -> None:
    draw = random.Random(3)  # noqa: S311 - no secret
    cases = [
        {name: value for name, value in case.items() if draw.random() < 0.98} for case in REFUND
    ]
    parquet("cases.parquet", cases, **types)
    slow = run("as_text.csv", "--output", "slow.csv")
    found = run("cases.parquet", "--output", "fast.csv")
    lines = Path("fast.csv").read_text().splitlines()
    numbered = [
        f"{int(number) + 1},{rest}" for number, _, rest in (x.partition(",") for x in lines[1:])
    ]
    assert numbered == Path("slow.csv").read_text().splitlines()[1:]
    assert found.exit_code == slow.exit_code == 0


def test_what_is_odd_in_one_row_group_alone_is_noticed() -> None:
    odd = [
        {**REFUND[0], "amount_paid": "9000000000000000.00"},
        {**REFUND[0], "requested_on": "infinity"},
        {**REFUND[0], "charged_on": "0044-03-15 (BC)"},
    ]
    parquet("plain.parquet", REFUND)
    parquet("odd.parquet", odd)
    every = "FROM 'plain.parquet', range(100) UNION ALL FROM 'odd.parquet', range(1)"
    duckdb.execute(
        f"COPY (SELECT * EXCLUDE range FROM ({every})) TO 'cases.parquet'"  # noqa: S608
        " (FORMAT parquet, ROW_GROUP_SIZE 2048)"
    )
    for name in ("cases", "odd"):
        run(f"{name}.parquet", "--output", f"{name}.csv")
    found, alone = (
        [line.partition(",")[2] for line in Path(f"{name}.csv").read_text().splitlines()]
        for name in ("cases", "odd")
    )
    assert found[-3:] == alone[1:]
    assert "requested_on" in alone[2]


def test_answers_in_parquet_have_types(folder: Path) -> None:
    parquet("cases.parquet", REFUND)
    assert run("cases.parquet", "--output", "out.parquet").exit_code == 0
    described = duckdb.execute("DESCRIBE FROM 'out.parquet'").fetchall()
    types = {name: kind for name, kind, *_ in described}
    assert types["line"] == "BIGINT"
    assert types["refund_amount"] == "DECIMAL(18,2)"
    assert types["respond_by"] == "DATE"
    assert [row[0] for row in duckdb.execute("FROM 'out.parquet'").fetchall()] == [
        *range(1, len(REFUND) + 1)
    ]


def test_a_parquet_file_as_json_lines_tells_all() -> None:
    parquet("cases.parquet", REFUND[:40])
    write_csv(Path("cases.csv"), REFUND[:40])
    assert run("cases.parquet").stdout == run("cases.csv").stdout
    assert run("cases.parquet", "--output", "out.jsonl").exit_code == 0
    assert Path("out.jsonl").read_text() == run("cases.csv").stdout


def test_the_version_in_force_decides_in_a_table() -> None:
    policies = ["--policies", str(ROOT / "tests/policies/vimeo")]
    Path("cases.jsonl").write_text("\n".join(map(json.dumps, vimeo_cases())))
    slow = run("cases.jsonl", "--output", "slow.csv", policies=policies)
    fast = run("cases.jsonl", "--output", "fast.parquet", policies=policies)
    assert slow.exit_code == fast.exit_code
    lines = [line.split(",") for line in Path("slow.csv").read_text().splitlines()[1:]]
    header = Path("slow.csv").read_text().splitlines()[0].split(",")
    got = [dict(zip(header, row, strict=True)) for row in answers("fast.parquet")]
    assert [(row["rule"] or "", row["version"] or "") for row in got] == [
        (line[2], line[header.index("version")]) for line in lines
    ]
    assert {row["version"] for row in got} >= {"1.0.0", "2.0.0"}


def vimeo_cases() -> list[Any]:
    from refund_policy.engine.folder import load  # noqa: PLC0415 - only here
    from refund_policy.engine.suite import examples  # noqa: PLC0415 - ditto

    versions = load(ROOT / "tests/policies/vimeo").versions
    cases = [case for version in versions for case in examples(version)]
    first = next(iter(versions[0].questions))
    return [
        {
            name: value if isinstance(value, bool | int) else str(value)
            for name, value in case.facts.items()
        }
        for case in cases
        if case.question == first
    ]


# ---------------------------------------------------------------- other columns


def orders() -> None:
    parquet("cases.parquet", REFUND[:20])
    columns = "row_number() OVER () AS id, amount_paid * 100 AS cents, * EXCLUDE amount_paid"
    duckdb.execute(f"COPY (SELECT {columns} FROM 'cases.parquet') TO 'orders.parquet'")  # noqa: S608


def test_a_fact_may_be_an_expression_and_columns_be_kept() -> None:
    orders()
    amount = "amount_paid=(cents / 100)::DECIMAL(18, 2)"
    found = run("orders.parquet", "--output", "out.parquet", "--column", amount, "--keep", "id")
    assert (found.exit_code, found.stderr) == (0, "")
    run("cases.parquet", "--output", "plain.parquet")
    assert [row[1:] for row in answers("out.parquet")] == answers("plain.parquet")
    assert [row[0] for row in answers("out.parquet")] == [*range(1, 21)]


def test_all_columns_can_be_kept_of_a_text_as_well() -> None:
    write_csv(Path("cases.csv"), REFUND[:20])
    run("cases.csv", "--output", "plain.csv")
    found = run("cases.csv", "--output", "out.csv", "--keep", "*")
    assert found.exit_code == 0
    pairs = [Path(name).read_text().splitlines() for name in ("cases.csv", "plain.csv", "out.csv")]
    for given, answer, both in zip(*pairs, strict=True):
        assert both == f"{given},{answer}"


MISTAKES = {
    "--column no=id": "`no` is no fact",
    "--column charged_on=cents --keep id": "column of `charged_on`: it holds DECIMAL(18,2): a date",
    "--column charged_on=nowhere": "column of `charged_on`: `nowhere`: there is no column",
    "--column charged_on=(": "column of `charged_on`: `(`:",
    "--column charged_on": "`charged_on`: write --column FACT=EXPRESSION",
    "--keep idd": "there is no column `idd`: did you mean `id`?",
    "": "column `id` is no fact",
}


@pytest.mark.parametrize("options", MISTAKES)
def test_what_is_wrong_with_columns_is_told_before_anything_is_read(options: str) -> None:
    orders()
    found = run("orders.parquet", "--output", "out.parquet", *options.split())
    assert found.exit_code in (1, 2)
    assert MISTAKES[options] in found.stderr
    assert "(" not in found.stderr.replace("DECIMAL(", "").replace("`(`", "")[:40]
    assert not Path("out.parquet").exists()


def test_a_column_of_the_same_name_as_an_answer_cant_be_kept() -> None:
    parquet("cases.parquet", REFUND[:5])
    duckdb.execute("COPY (SELECT *, 1 AS rule FROM 'cases.parquet') TO 'more.parquet'")
    found = run("more.parquet", "--output", "out.parquet", "--keep", "rule")
    assert "`rule` can't be kept: the answers have a column of that name" in found.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-", "--from", "parquet"], "--column, --keep and .parquet need a file"),
        (["case.json", "--keep", "a"], "--column and --keep are for many cases"),
        (["cases.parquet.gz"], "`cases.parquet.gz` ends in none of"),
        (["parts/*.parquet"], "`parts/*.parquet`: one file is read; DuckDB makes one of many"),
    ],
)
def test_wrong_usage_is_told(arguments: list[str], said: str) -> None:
    found = run(*arguments)
    assert found.exit_code == 2
    assert said in found.stderr


def test_what_has_to_be_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        engine_options, "find_spec", lambda name: None if name == "duckdb" else name
    )
    parquet("cases.parquet", REFUND[:5])
    found = run("cases.parquet")
    assert found.stderr == ("error: this needs `duckdb`: `pip install 'refund-policy[batch]'`\n")


def test_a_progress_bar_is_shown_on_a_terminal() -> None:
    parquet("cases.parquet", REFUND)
    shown = on_terminal("decide", "cases.parquet", "--output", "out.parquet", *POLICIES)
    assert "deciding" in shown
    assert "100%" in shown
    assert Path("out.parquet").exists()
