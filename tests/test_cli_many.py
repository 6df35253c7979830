"""The command on many cases: answers in order, and no line that stops the others."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from commands import FEE, prepared, run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return prepared(tmp_path, monkeypatch)


def decided(text: str) -> list[tuple[object, object]]:
    return [
        (found.get("outcome"), found.get("error")) for found in map(json.loads, text.splitlines())
    ]


def test_many_cases_answer_in_order_and_a_bad_line_stops_nothing(folder: Path) -> None:
    found = run("decide", "cases.jsonl")
    assert found.exit_code == 1
    broken = "column 2 is no JSON: expecting property name enclosed in double quotes"
    no_day = "`charged_on`: `2026-02-30` is no day of the calendar"
    assert decided(found.stdout) == [
        ("approved", None),
        (None, broken),
        ("declined", None),
        (None, no_day),
    ]
    assert found.stderr == f"line 2: error: {broken}\nline 4: error: {no_day}\n"


def test_cells_follow_the_facts_type_and_an_empty_cell_is_unknown(folder: Path) -> None:
    found = run("decide", "cases.csv")
    assert found.exit_code == 0
    third = json.loads(found.stdout.splitlines()[2])
    assert third["missing"] == ["credits_unused"] or third["outcome"] is not None
    assert [outcome for outcome, _ in decided(found.stdout)][:2] == ["approved", "declined"]


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ("amount_paid\n1\n1,2\n2\n", ["line 3: error: 2 cells for 1 columns"]),
        ("amount_paid\nx\n", ["line 2: error: `amount_paid`: `x` is no exact number"]),
        ("amount_paid\n\udcff\n1\n", ["line 2: error: byte 1 of the line is no UTF-8"]),
        ('amount_paid\n"1\n2\nx\n', ["line 2: error: the line is no CSV: ", "line 4: error: `am"]),
        ('"a"b,c\n1,2\n', ["error: the line is no CSV: "]),
        ("a;b;c\n1;2;3\n", ["error: line 1: column 1, `a;b;c`, is no fact: separate the columns "]),
        ("amount\n1\n", ["error: line 1: column 1, `amount`, is no fact: did you mean `amount_"]),
        ("amount_paid,amount_paid\n", ["error: line 1: column `amount_paid` stands twice"]),
        ("", ["error: line 1: the table has no header"]),
    ],
)
def test_a_wrong_table_names_line_and_column(folder: Path, rows: str, errors: list[str]) -> None:
    (folder / "t.csv").write_bytes(rows.encode("utf-8", "surrogateescape"))
    found = run("decide", "t.csv")
    assert found.exit_code == 1
    for line, error in zip(found.stderr.splitlines(), errors, strict=True):
        assert line.startswith(error)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('{"amount_paid": 1e-99999999}', "`amount_paid`: `1E-99999999` has more than 2 digits"),
        ('{"amount_paid": 1e99999999}', "`amount_paid`: `1E+99999999` is too large"),
        ('{"amount_paid": 1e9999999999999999999999}', "`1e9999999999999999999999` is too large"),
        ('{"amount_paid": "%s"}' % ("9" * 19), "`amount_paid`: `9999999999999999999` is too large"),
        ('{"credits_unused": "12"}', "`12` is no whole number: leave out the quotes"),
        ('{"credits_unused": %s}' % ("9" * 99), "`credits_unused`: `9999"),
        ('{"credits_unused": %s}' % ("9" * 9999), "`99999999999999999999…` has too many digits"),
        ('{"charge_kind": "\\ud800"}', "`charge_kind`: `<U+D800>` is none of"),
        ('{"charge_kind": "a\\nb\\u001b[31m"}', "`charge_kind`: `a<U+000A>b<U+001B>[31m` is none"),
        ('{"\\ud800": 1, "\\ud800": 2}', "`<U+D800>` stands twice in this case"),
        ("[" * 100_000, "the line is nested too deeply"),
    ],
    ids=lambda text: text[:24],
)
def test_a_hostile_line_is_one_wrong_line(folder: Path, line: str, error: str) -> None:
    (folder / "h.jsonl").write_text(f"{line}\n{json.dumps(FEE)}\n")
    found = run("decide", "h.jsonl")
    assert found.exit_code == 1
    assert error in found.stderr
    assert decided(found.stdout)[1] == ("approved", None)


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv"])
def test_output_picks_the_format_by_its_ending(folder: Path, name: str) -> None:
    found = run("decide", "cases.jsonl", "--output", name)
    assert (found.exit_code, found.stdout) == (1, "")
    text = (folder / name).read_text()
    if name.endswith("csv"):
        assert text.splitlines()[0] == (
            "line,outcome,rule,refund_amount,respond_by,missing,version,digest,error"
        )
        assert text.splitlines()[1].startswith("1,approved,money_back_guarantee,49.00,,,1.0.0,")
    else:
        assert [outcome for outcome, _ in decided(text)] == ["approved", None, "declined", None]


def test_the_input_is_never_overwritten(folder: Path) -> None:
    before = (folder / "cases.csv").read_text()
    found = run("decide", "cases.csv", "--output", "./cases.csv")
    assert found.exit_code == 2
    assert "`cases.csv` is the input: write the decisions to another file" in found.stderr
    assert (folder / "cases.csv").read_text() == before


def test_a_missing_folder_for_the_output_is_named(folder: Path) -> None:
    found = run("decide", "cases.csv", "--output", "nowhere/out.csv")
    assert found.stderr == "error: `nowhere/out.csv`: no such file or directory\n"


def test_a_failed_run_leaves_no_output_behind(folder: Path) -> None:
    (folder / "t.csv").write_text("nonsense\n1\n")
    assert run("decide", "t.csv", "--output", "out.csv").exit_code == 1
    assert [file.name for file in folder.iterdir() if "out" in file.name] == []


def test_many_cases_take_constant_memory(folder: Path) -> None:
    """Eight times the cases take hardly more memory: nothing is kept."""

    def peak(count: int) -> int:
        file = folder / f"{count}.jsonl"
        file.write_text((json.dumps(FEE) + "\n") * count)
        code = (
            "import resource, sys\nfrom refund_policy.engine.cli import main\n"
            f"main(['decide', {str(file)!r}, '--output', 'o.jsonl'], standalone_mode=False)\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        found = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        return int(found.stdout.split()[-1])

    assert peak(8000) < peak(1000) * 1.1
