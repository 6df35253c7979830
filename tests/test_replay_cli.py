"""The command `refund replay`: what it prints, draws and writes, and what it says when it can't."""

import json
import resource
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import pytest
from click.testing import CliRunner
from click.testing import Result as Said
from commands import on_terminal
from replayed import POLICY, rows, write

from refund_policy.engine import options
from refund_policy.engine.cli import main
from refund_policy.engine.replay import Group, Result, flows
from refund_policy.engine.replay_plot import axis
from refund_policy.engine.replay_text import rule_words

VERSIONS = Path(__file__).parent / "versions"
LOANS = """\
borrowed_on,returned_on,member,branch
2025-01-01,2025-01-10,yes,Old Town
2025-01-01,2025-01-20,yes,Old Town
2025-01-01,2025-01-21,no,Harbour
2025-01-01,2025-03-01,no,Harbour
2025-01-05,2025-01-01,no,Harbour
2025-01-05,,no,
"""
TEXT = """\
loans 1.0.0 → 1.1.0: `fee` on loans.csv
2 of 6 cases change (33.3 %). `amount`: -4.00 EUR.

Without a decision: 2 cases before, 2 after.

cases  before            after      amount before (EUR)  after (EUR)  difference
    2  late              free                      4.00         0.00       -4.00
    1  free              as before                 0.00         0.00        0.00
    1  late              as before                 2.00         2.00        0.00
    1  not a valid case  as before                 0.00         0.00        0.00
    1  undecided         as before                 0.00         0.00        0.00
    6  all cases                                   6.00         2.00       -4.00

branch    cases  change  amount before (EUR)  after (EUR)  difference
Harbour       3       1                 4.00         2.00       -2.00
Old Town      2       1                 2.00         0.00       -2.00
no value      1       0                 0.00         0.00        0.00

late → free: 2 cases
  2 by `late_return` → `lending_is_free`
  line 3: `borrowed_on` 2025-01-01, `returned_on` 2025-01-20, `member` yes: late, amount 2.00 EUR →
      free
  line 4: `borrowed_on` 2025-01-01, `returned_on` 2025-01-21, `member` no: late, amount 2.00 EUR →
      free
"""
MARKDOWN = """\
## loans 1.0.0 → 1.1.0: `fee` on loans.csv

**2 of 6 cases change (33.3 %). `amount`: -4.00 EUR.**

Without a decision: 2 cases before, 2 after.

| cases | before | after | amount before (EUR) | after (EUR) | difference |
| --: | --- | --- | --: | --: | --: |
| 2 | late | free | 4.00 | 0.00 | -4.00 |
"""
BOTH = ["--old", "1.0.0", "--new", "1.1.0"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("loans.csv").write_text(LOANS)
    return tmp_path


def run(*arguments: str) -> Said:
    command = ["replay", *arguments, "--policies", str(VERSIONS)]
    return CliRunner().invoke(main, command, catch_exceptions=False)


def right(*arguments: str) -> str:
    found = run("loans.csv", *BOTH, *arguments)
    assert (found.exit_code, found.stderr) == (0, "")
    return found.stdout


# ---------------------------------------------------------------- what is printed


def test_the_text_tells_cases_and_money_with_examples() -> None:
    assert right("--by", "branch") == TEXT


def test_the_page_about_it_shows_what_is_printed() -> None:
    page = (Path(__file__).parent.parent / "docs/replay.md").read_text("utf-8")
    assert f"--by branch\n{TEXT}```" in page


def test_a_page_tells_the_same() -> None:
    assert right("--format", "markdown").startswith(MARKDOWN)


def test_only_rules_are_told_as_rules_and_an_outcome_is_no_reason() -> None:
    late, open_, outcome = (
        Result("late", "fees"),
        Result(why="undecided"),
        Result("undecided", "ask"),
    )
    groups = [
        Group(old=old, new=late, changed=True, cases=1, sums={}, lines=())
        for old in (open_, outcome)
    ]
    decided, undecided = sorted(flows(groups), key=lambda flow: flow.groups[0].old.why or "")
    assert [*rule_words(decided)] == ["1 by `ask` → `fees`"]
    assert [*rule_words(undecided)] == ["1 by `fees`"]


def test_json_tells_all() -> None:
    found = json.loads(right("--by", "branch", "--format", "json"))
    assert (found["policy"], found["question"], found["data"]) == ("loans", "fee", "loans.csv")
    assert (found["cases"], found["changed"]) == (6, 2)
    assert found["money"] == {"amount": {"old": "6.00", "new": "2.00", "difference": "-4.00"}}
    values = [(item["value"], item["cases"], item["changed"]) for item in found["by"]["values"]]
    assert values == [("Harbour", 3, 1), ("Old Town", 2, 1), (None, 1, 0)]
    first = found["flows"][0]
    assert first["rules"] == [{"old": "late_return", "new": "lending_is_free", "cases": 2}]
    assert [item["line"] for item in first["examples"]] == [3, 4]
    assert first["examples"][0]["old"]["outputs"] == {"amount": "2.00"}


def test_strangers_words_are_no_markup() -> None:
    text = LOANS.replace("branch", "<b>|").replace("Harbour", "*x*|<i>")
    Path("loans.csv").write_text(text)
    page = right("--by", "<b>|", "--format", "markdown")
    assert "| \\<b\\>\\| | cases |" in page
    assert "| \\*x\\*\\|\\<i\\> | 3 |" in page
    right("--by", "<b>|", "--plot", "plot.svg")
    drawn = [item.text for item in ET.parse("plot.svg").iter() if item.text]  # noqa: S314 - our own
    assert {"*x*|<i>", "Cases that change, by <b>|"} <= {*drawn}


# ---------------------------------------------------------------- the picture


def test_the_picture_writes_each_number_out() -> None:
    right("--by", "branch", "--plot", "plot.svg")
    found = ET.parse("plot.svg").getroot()  # noqa: S314 - our own
    drawn = ["".join(item.itertext()) for item in found if item.tag.endswith(("text", "desc"))]
    for words in ("2 of 6 cases change (33.3 %). amount: -4.00 EUR.", "2 (33.3 %)", "-4.00"):
        assert words in drawn
    assert {"late → free", "1 of 3", "Old Town", "no value"} <= {*drawn}
    assert "prefers-color-scheme: dark" in Path("plot.svg").read_text()


def test_the_picture_is_the_same_each_time() -> None:
    right("--plot", "one.svg")
    right("--plot", "two.svg")
    assert Path("one.svg").read_bytes() == Path("two.svg").read_bytes()


def test_without_changes_the_picture_says_so() -> None:
    run("loans.csv", "--old", "1.0.0", "--new", "1.0.0", "--plot", "plot.svg")
    assert "0 of 6 cases change (0 %)." in Path("plot.svg").read_text()
    assert "<rect" not in Path("plot.svg").read_text()


@pytest.mark.parametrize("size", ["0", "0.01", "3", "-17", "1000001", "-99999999999.99"])
def test_every_size_stands_on_its_axis(size: str) -> None:
    found = axis([Decimal(size)])
    assert found.low <= Decimal(size) <= found.high
    assert 0 in found.marks
    assert 2 <= len(found.marks) <= 7


# ---------------------------------------------------------------- what goes wrong

WRONG = {
    "no version": (["--old", "1.0.0", "--new", "9.0.0"], "there is no version `9.0.0`"),
    "no column": ([*BOTH, "--by", "brunch"], "there is no column `brunch`: did you mean `branch`?"),
    "no question": ([*BOTH, "--question", "fees"], "version `1.0.0` has no question `fees`"),
    "no fact": ([*BOTH, "--column", "x=1"], "`x` is no fact: there are `borrowed_on`"),
    "no SQL": ([*BOTH, "--column", "member=1 +"], "column of `member`: `1 +`: "),
    "a name twice": ([*BOTH, "--output", "out.csv"], "the data has a column `old_why` already"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told(name: str) -> None:
    if name == "a name twice":
        Path("loans.csv").write_text(LOANS.replace("branch", "old_why"))
    arguments, said = WRONG[name]
    found = run("loans.csv", *arguments)
    assert found.exit_code == 1
    assert f"error: {said}" in found.stderr
    assert not Path("out.csv").exists()


USAGE = {
    "loans.txt": ([], "`loans.txt` ends in none of"),
    "loans.json": ([], "`loans.json`: many cases are read from .parquet, .csv, .jsonl"),
    "-": ([], "DATA is read more than once: write standard input to a file first"),
    "loans.csv": (["--output", "loans.csv"], "`loans.csv` is the input"),
    "./loans.csv": (["--output", "out.txt"], "`out.txt`: cases are written as .parquet"),
    "././loans.csv": (["--plot", "out.png"], "`out.png`: a picture is written as .svg"),
}


@pytest.mark.parametrize("name", USAGE)
def test_wrong_usage_is_told(name: str) -> None:
    arguments, said = USAGE[name]
    found = run(name, *BOTH, *arguments)
    assert found.exit_code == 2
    assert said in found.stderr


def test_a_column_with_too_many_values_is_refused() -> None:
    lines = [f"2025-01-01,2025-01-10,yes,{number}" for number in range(1001)]
    Path("loans.csv").write_text("\n".join([LOANS.split("\n", 1)[0], *lines]))
    found = run("loans.csv", *BOTH, "--by", "branch")
    assert found.exit_code == 1
    assert "column `branch` has more than 1000 values: name one with fewer" in found.stderr


def test_a_file_that_isnt_there_is_named() -> None:
    found = run("nowhere.csv", *BOTH)
    assert (found.exit_code, found.stderr) == (
        1,
        "error: `nowhere.csv`: no such file or directory\n",
    )


def test_what_has_to_be_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "find_spec", lambda _: None)
    found = run("loans.csv", *BOTH)
    assert "`pip install 'refund-policy[batch]'`" in found.stderr


def test_a_column_of_the_wrong_type_is_named() -> None:
    read = "SELECT * REPLACE (3.5 AS returned_on) FROM 'loans.csv'"
    duckdb.execute(f"COPY ({read}) TO 'loans.parquet'")
    found = run("loans.parquet", *BOTH)
    assert found.exit_code == 1
    assert (
        "error: column of `returned_on`: it holds DECIMAL(2,1): a date is stored as" in found.stderr
    )


def changes(data: str) -> list[str]:
    """Return the command that writes what changes in cases of Call Loop."""
    Path("new.yaml").write_text(POLICY.read_text("utf-8").replace("30 days", "3 days"))
    versions = ["--old", "1.0.0", "--new", "new.yaml", "--policies", str(POLICY.parents[2])]
    command = [sys.executable, "-m", "refund_policy.engine.cli", "replay", data]
    return [*command, *versions, "--output", "out.csv"]


def test_a_full_disk_is_told_and_leaves_no_output() -> None:
    write(Path("cases.csv"), rows(1500))
    done = subprocess.run(
        changes("cases.csv"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "error: `out.csv`: file too large"
    assert sorted(path.name for path in Path().iterdir()) == ["cases.csv", "loans.csv", "new.yaml"]


def many(rows_: int) -> None:
    """Write many cases, in several groups of rows."""
    write(Path("few.parquet"), [row for row in rows(1000) if "" not in [*row.values()][:10]])
    copies = f"SELECT few.* FROM range({rows_ // 1000}), 'few.parquet' AS few"  # noqa: S608
    duckdb.execute(f"COPY ({copies}) TO 'many.parquet' (FORMAT parquet, ROW_GROUP_SIZE 20000)")


def test_a_run_that_is_stopped_leaves_no_output() -> None:
    many(400_000)
    with subprocess.Popen(changes("many.parquet")) as process:
        while not [*Path().glob(".out.csv.*.part")]:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 128 + signal.SIGTERM
    assert not [*Path().glob("*out.csv*"), *Path().glob(".*.part")]


def test_a_row_group_that_cant_be_read_is_named() -> None:
    many(60_000)
    offsets = "SELECT data_page_offset FROM parquet_metadata('many.parquet')"
    at = duckdb.execute(offsets).fetchall()[15][0]
    data = bytearray(Path("many.parquet").read_bytes())
    data[at : at + 200] = b"\xff" * 200
    Path("many.parquet").write_bytes(data)
    found = subprocess.run(changes("many.parquet"), capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert found.stderr.startswith("error: `many.parquet`: row group 2 (rows 20481 to")
    assert not Path("out.csv").exists()


def test_a_progress_bar_is_shown_on_a_terminal() -> None:
    assert "100%" in on_terminal("replay", "loans.csv", *BOTH, "--policies", str(VERSIONS))
