"""Tables with columns of their own: in every form, read without a guess, and written along."""

import csv
import gzip
import json
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from batches import NAMES, ODD_JSON, POLICIES, REFUND, mistaken
from click.testing import CliRunner, Result

from refund_policy import load
from refund_policy.engine.cli import main
from refund_policy.engine.database import connected
from refund_policy.engine.database import run as watched
from refund_policy.engine.errors import PolicyError
from refund_policy.engine.json_table import json_table, members
from refund_policy.engine.reading import json_line
from refund_policy.engine.tables import Wanted

ENDINGS = (".csv", ".jsonl", ".parquet")
ORDERS = [{"order": f"o-{number}", **case} for number, case in enumerate(REFUND[:60])]
POLICY = load(Path(__file__).parent.parent / "policies")
ALWAYS = ["--column", "amount_paid=paid", "--keep", "order"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, *POLICIES], catch_exceptions=False)


def in_text(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def orders(ending: str) -> str:
    """Write cases in which an amount has another name, and return the file's name."""
    found = [
        {("paid" if name == "amount_paid" else name): case[name] for name in case}
        for case in ORDERS
    ]
    with Path("orders.csv").open("w", newline="") as out:
        writer = csv.DictWriter(out, [*found[0]], lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: in_text(value) for name, value in case.items()} for case in found)
    if ending == ".jsonl":
        lines = (json.dumps(case, default=str) for case in found)
        Path("orders.jsonl").write_text("\n".join(lines))
    if ending == ".parquet":
        read = "read_csv('orders.csv', all_varchar=true)"
        duckdb.execute(f"COPY (FROM {read}) TO 'orders.parquet'")
    return f"orders{ending}"


def answers(path: Path) -> list[tuple[str, str, str | None]]:
    """Return order, outcome and amount of each answer."""
    if path.suffix == ".jsonl":
        found = [json.loads(line) for line in path.read_text().splitlines()]
        return [
            (item["order"], item["outcome"], item["outputs"].get("refund_amount")) for item in found
        ]
    reader = {".csv": f"read_csv('{path}', all_varchar=true)", ".parquet": f"'{path}'"}[path.suffix]
    columns = '"order", outcome, refund_amount::VARCHAR'
    return duckdb.execute(f"SELECT {columns} FROM {reader}").fetchall()  # noqa: S608 - our own


@pytest.mark.parametrize("output", ENDINGS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_columns_are_mapped_and_kept_in_every_form(ending: str, output: str) -> None:
    found = run("decide", orders(ending), "--output", f"out{output}", *ALWAYS)
    assert (found.exit_code, found.stderr) == (0, "")
    right = []
    for case in ORDERS:
        facts = {name: value for name, value in case.items() if name != "order"}
        decision = POLICY.decide("refund", facts)
        amount = decision.outputs.get("refund_amount")
        right.append((case["order"], decision.outcome, None if amount is None else str(amount)))
    assert answers(Path(f"out{output}")) == right


def test_without_an_output_columns_are_kept_as_well() -> None:
    found = run("decide", orders(".jsonl"), *ALWAYS)
    assert [json.loads(line)["order"] for line in found.stdout.splitlines()] == [
        case["order"] for case in ORDERS
    ]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_name_of_the_answer_cant_be_kept(ending: str) -> None:
    Path("cases.csv").write_text("rule\nx\n")
    Path("cases.jsonl").write_text('{"rule": "x"}\n')
    duckdb.execute("COPY (SELECT 'x' AS rule) TO 'cases.parquet'")
    found = run("decide", f"cases{ending}", "--keep", "rule")
    assert "`rule` can't be kept: the answers have a column of that name" in found.stderr


# ---------------------------------------------------------------- JSON Lines


def lines() -> list[str]:
    """Return lines of JSON with mistakes, with names that are no fact, and with nested values."""
    draw = random.Random(3)  # noqa: S311 - no secret
    odd = ("x", 12.5, 1e3, None, -1, 10**20, True, [1], {"a": 1}, "2026-02-30")
    more: Sequence[Mapping[str, Any]] = (
        {},
        {"order": 1},
        {"order": "3e4f-11", "who": {"id": 1}},
        {"who": {"id": 1, "of": {"id": 2}}},
        {"order": 'é"\\', "amount": 0.10000000000000000555},
    )
    found = []
    for case in mistaken(draw, odd):
        facts = {
            name: value == "yes" if value in ("yes", "no") else value
            for name, value in case.items()
        }
        found.append(json.dumps({**draw.choice(more), **facts}))
        found += [draw.choice((*ODD_JSON, '{"a": {"b": 1, "b": 2}}'))] * (draw.random() < 0.05)
    return found


def alone(line: int, text: str) -> tuple[int, str | None, str | None]:
    """Return the line with its rule, or with what is wrong with it."""
    record = json_line(line, text.encode())
    facts = {name: value for name, value in record.facts.items() if name in NAMES}
    if record.error:
        return line, None, record.error
    try:
        return line, POLICY.decide("refund", facts).rule, None
    except PolicyError as error:
        return line, None, str(error)


def test_lines_of_json_with_other_names_are_decided_as_each_alone() -> None:
    found = lines()
    Path("cases.jsonl").write_text("\n".join(found))
    done = run("decide", "cases.jsonl", "--keep", "order", "--output", "out.parquet")
    assert done.exit_code == 1
    right = [alone(line, text) for line, text in enumerate(found, start=1) if text.strip()]
    got = duckdb.execute("SELECT line, rule, error FROM 'out.parquet'").fetchall()
    assert got == right


def test_nothing_of_what_is_kept_is_lost() -> None:
    texts = [
        '{"id": 12345678901234567890123, "x": {"a": 1.00000000000000000001}}',
        '{"id": "a\\u00fc\\n", "x": [1, 2]}',
        '{"id": null}',
        '{"id": 1.5, "x": true}',
        '{"id": 1, "id": 2}',
        "{",
    ]
    Path("cases.jsonl").write_text("\n".join(texts))
    kept = ["--keep", "id", "--keep", "x"]
    done = run("decide", "cases.jsonl", *kept)
    starts = [
        line.partition(', "question"')[0].partition(', "line"')[0]
        for line in done.stdout.splitlines()
    ]
    assert starts == [
        '{"id": 12345678901234567890123, "x": {"a": 1.00000000000000000001}',
        '{"id": "aü\\n", "x": [1, 2]',
        '{"id": null, "x": null',
        '{"id": 1.5, "x": true',
        '{"id": null, "x": null',
        '{"id": null, "x": null',
    ]
    run("decide", "cases.jsonl", *kept, "--output", "out.parquet")
    assert duckdb.execute("SELECT id, x FROM 'out.parquet' LIMIT 3").fetchall() == [
        ("12345678901234567890123", '{"a": 1.00000000000000000001}'),
        ("aü\n", "[1, 2]" if "[1, 2]" in starts[1] else "[1,2]"),
        (None, None),
    ]


def test_members_of_what_cant_be_read_are_none() -> None:
    assert members('{"a": 1, "a": 2}') == members("[1]") == members("{") == {}
    assert members("{ }") == {}
    assert members('{"a" : "\\ud800" , "b":-0.50}') == {"a": '"?"', "b": "-0.5"}
    assert members('{"\\ud800": 1}') == {"?": "1"}


def test_what_nobody_asks_for_is_no_part_of_the_query() -> None:
    found = [{"a": 1, "b": 2, 'C "d"': 3}, *({f"id{n}": n} for n in range(100))]
    Path("cases.jsonl").write_text("\n".join(map(json.dumps, found)))
    wanted = Wanted({"amount_paid": 'B || "c ""d"""'}, ("a",))
    with connected() as database:
        given = json_table(database, Path("cases.jsonl"), ("amount_paid",), wanted)
        types = database.execute(f"DESCRIBE {given.table.this.sql('duckdb')}").fetchall()
        assert [name for name, *_ in types if name.startswith("own ")] == ["own a"]
        assert "id7" not in given.table.sql("duckdb")


def test_a_name_that_is_empty_is_no_column() -> None:
    Path("cases.jsonl").write_text('{"": 1, "order": 2}')
    found = run("decide", "cases.jsonl", "--keep", "order")
    assert (found.exit_code, found.stderr) == (1, "error: a column has no name\n")


def test_an_expression_over_json_reads_nested_values() -> None:
    case = {name: value for name, value in REFUND[0].items() if name != "amount_paid"}
    Path("cases.jsonl").write_text(json.dumps({**case, "price": {"cents": 1234}}, default=str))
    amount = "amount_paid=((price->>'$.cents')::INT / 100)::DECIMAL(18, 2)"
    found = run("decide", "cases.jsonl", "--column", amount)
    assert json.loads(found.stdout)["rule"] == POLICY.decide("refund", REFUND[0]).rule


# ---------------------------------------------------------------- text without a guess

ROW = ",".join(in_text(REFUND[0][name]) for name in NAMES)
HEAD = f"note,{','.join(NAMES)}"
BROKEN = {
    "a short row": (f"a,{ROW}\nb,c\n", "`cases.csv`: line 3: it has 2 cells for 11 columns"),
    "an open quote": (f'a,{ROW}\n"b,{ROW}\n', "`cases.csv`: line 3: a quote in it isn't closed"),
    "ends": (f"a,{ROW}\nb,{ROW}\r\n", "`cases.csv`: lines end in different ways"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_line_that_is_no_row_is_named(name: str) -> None:
    text, said = BROKEN[name]
    Path("cases.csv").write_bytes(f"{HEAD}\n{text}".encode())
    found = run("decide", "cases.csv", "--keep", "note", "--output", "out.csv")
    assert (found.exit_code, found.stderr) == (1, f"error: {said}\n")
    assert not Path("out.csv").exists()


HEADS = {
    f"note,note,{','.join(NAMES)}": "column `note` stands twice",
    f"note,Note,{','.join(NAMES)}": "columns `note` and `Note` differ in case alone",
    HEAD.replace(",", ";"): "separate the columns by commas",
    "": "line 1: the table has no header",
}


@pytest.mark.parametrize("head", HEADS)
def test_a_header_that_leaves_doubt_is_refused(head: str) -> None:
    Path("cases.csv").write_text(f"{head}\n" if head else "")
    found = run("decide", "cases.csv", "--keep", "note")
    assert found.exit_code == 1
    assert HEADS[head] in found.stderr


@pytest.mark.parametrize(
    ("other", "said"),
    [("Order", "columns `order` and `Order` differ in case alone"), ("order", "stands twice")],
)
def test_parquet_that_leaves_doubt_is_refused(other: str, said: str) -> None:
    select = 'SELECT 1 AS "order", 2 AS other'
    duckdb.execute(f"COPY ({select}) TO 'plain.parquet'")
    found = Path("plain.parquet").read_bytes().replace(b"other", other.encode())
    Path("cases.parquet").write_bytes(found)
    assert said in run("decide", "cases.parquet", "--keep", "order").stderr


def test_an_index_without_a_name_and_a_note_of_two_lines_are_no_trouble() -> None:
    Path("cases.csv").write_text(f',{HEAD}\n0,"a, ""b""\nc",{ROW}\n')
    found = run(
        "decide", "cases.csv", "--keep", "note", "--keep", "column1", "--output", "out.jsonl"
    )
    assert (found.exit_code, found.stderr) == (0, "")
    answer = json.loads(Path("out.jsonl").read_text())
    assert (answer["note"], answer["column1"]) == ('a, "b"\nc', "0")


def test_a_row_and_a_line_break_within_a_cell_may_end_in_different_ways() -> None:
    Path("cases.csv").write_bytes(f'{HEAD}\r\n"a\nb",{ROW}\r\n"c",{ROW}\r\n'.encode())
    found = run("decide", "cases.csv", "--keep", "note", "--output", "out.jsonl")
    assert (found.exit_code, found.stderr) == (0, "")
    notes = [json.loads(line)["note"] for line in Path("out.jsonl").read_text().splitlines()]
    assert notes == ["a\nb", "c"]


@pytest.mark.parametrize("name", ["orders.csv.gz", "orders.csv.zst", "orders.jsonl.gz"])
def test_compressed_files_are_read(name: str) -> None:
    plain = orders(Path(name).with_suffix("").suffix)
    if name.endswith(".gz"):
        Path(name).write_bytes(gzip.compress(Path(plain).read_bytes()))
    else:
        read = f"read_csv('{plain}', all_varchar=true)"
        duckdb.execute(f"COPY (FROM {read}) TO '{name}' (FORMAT csv, COMPRESSION zstd)")
    assert run("decide", name, *ALWAYS).stdout == run("decide", plain, *ALWAYS).stdout


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_name_with_a_sign_is_one_files_name(ending: str) -> None:
    right = run("decide", orders(ending), *ALWAYS).stdout
    Path(f"orders{ending}").rename(f"orders[1]{ending}")
    Path(f"orders1{ending}").write_text("the pattern would find this")
    assert run("decide", f"orders[1]{ending}", *ALWAYS).stdout == right


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_folders_name_is_no_column(ending: str, folder: Path) -> None:
    right = run("decide", orders(ending), *ALWAYS, "--keep", "paid").stdout
    (folder / "paid=0").mkdir()
    Path(f"orders{ending}").rename(f"paid=0/orders{ending}")
    assert run("decide", f"paid=0/orders{ending}", *ALWAYS, "--keep", "paid").stdout == right


def test_how_far_a_query_is_can_be_seen() -> None:
    seen: list[float] = []
    with connected() as database:
        sql = "CREATE TABLE found AS SELECT sum(hash(hash(n))) FROM range(150_000_000) AS all_(n)"
        watched(database, sql, seen.append, lambda error: error)
    assert seen == sorted(seen)
    assert any(0 < share < 1 for share in seen)


class OutOfMemory:
    """A database that fails in a way that isn't its own."""

    def execute(self, _: str) -> None:
        raise MemoryError

    def query_progress(self) -> float:
        return -1


class Late(OutOfMemory):
    """A database that begins to run after it was told to stop."""

    def __init__(self) -> None:
        self.told = 0

    def execute(self, _: str) -> None:
        while self.told < 2:
            time.sleep(0.01)

    def interrupt(self) -> None:
        self.told += 1


def test_a_query_is_stopped_though_it_has_not_begun() -> None:
    def broken_off(_: float) -> None:
        raise KeyboardInterrupt

    database: Any = Late()
    with pytest.raises(KeyboardInterrupt):
        watched(database, "", broken_off, lambda error: error)
    assert database.told >= 2


def test_a_query_that_fails_in_any_way_has_failed() -> None:
    database: Any = OutOfMemory()
    with pytest.raises(MemoryError):
        watched(database, "", lambda _: None, lambda error: error)
