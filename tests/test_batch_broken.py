"""A run of many cases that comes to nothing leaves no file, and tells the place, in every form."""

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from batches import OUTPUTS, POLICIES, REFUND, parquet, run


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def odd_cases(rows: int, group: int = 20000) -> None:
    """Write many rows, on each of which the interpreter has to look."""
    parquet("few.parquet", REFUND[:100], charged_on="TIMESTAMP WITH TIME ZONE")
    duckdb.execute(
        f"COPY (SELECT few.* FROM range({rows // 100}), 'few.parquet' AS few) TO 'odd.parquet'"  # noqa: S608
        f" (FORMAT parquet, ROW_GROUP_SIZE {group})"
    )


def decide_odd(output: str) -> list[str]:
    """Return the command that decides these rows."""
    command = [sys.executable, "-m", "refund_policy.engine.cli", "decide", "odd.parquet"]
    return [*command, "--output", output, *POLICIES]


def parts() -> list[Path]:
    return [*Path().glob(".out.*.part")]


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_no_output(number: signal.Signals, output: str) -> None:
    odd_cases(300_000)
    with subprocess.Popen(decide_odd(output)) as process:
        until(lambda: bool(parts()))
        time.sleep(0.3)
        process.send_signal(number)
        assert process.wait(20) != 0
    assert not Path(output).exists()
    assert len(parts()) == (number == signal.SIGKILL)
    parquet("odd.parquet", REFUND[:5])
    assert run("odd.parquet", "--output", output).exit_code == 0
    assert not parts()


def until(done: Callable[[], bool]) -> None:
    for _ in range(200):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_full_disk_is_told_and_leaves_no_output(output: str) -> None:
    parquet("few.parquet", REFUND)
    duckdb.execute("COPY (SELECT few.* FROM range(300), 'few.parquet' AS few) TO 'odd.parquet'")

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    found = subprocess.run(
        decide_odd(output), preexec_fn=little_room, capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (1, f"error: `{output}`: file too large\n")
    assert not [*Path().glob("*out.*"), *parts()]


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_row_group_that_cant_be_read_is_named(output: str) -> None:
    odd_cases(10_000, 2048)
    found = duckdb.execute(
        "SELECT data_page_offset FROM parquet_metadata('odd.parquet')"
    ).fetchall()
    data = bytearray(Path("odd.parquet").read_bytes())
    at = found[len(found) // 2][0]
    data[at : at + 200] = b"\xff" * 200
    Path("odd.parquet").write_bytes(data)
    told = run("odd.parquet", "--output", output)
    assert told.exit_code == 1
    assert told.stderr == "error: `odd.parquet`: row group 3 (rows 4097 to 6144) can't be read\n"
    assert not Path(output).exists()
    assert not parts()


def test_a_file_that_is_no_table_is_told() -> None:
    Path("cases.parquet").write_bytes(b"this is no table, whatever it is called")
    found = run("cases.parquet", "--output", "out.parquet")
    assert found.exit_code == 1
    assert found.stderr.startswith("error: `cases.parquet`: ")
    assert run("none.parquet").stderr == "error: `none.parquet`: no such file or directory\n"


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_column_of_the_wrong_type_is_named(output: str) -> None:
    parquet("cases.parquet", REFUND[:5], amount_paid="DOUBLE")
    found = run("cases.parquet", "--output", output)
    assert (found.exit_code, found.stderr) == (
        1,
        "error: column of `amount_paid`: it holds DOUBLE: money is stored as DECIMAL, or as text\n",
    )
    assert not parts()
    assert not Path(output).exists()
