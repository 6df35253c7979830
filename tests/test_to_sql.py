"""The SQL for a warehouse: what it says of wrong cases, its text, and what a policy can't do to it.

That it decides as is meant, on each database, is tried in `test_differential.py`.
"""

from pathlib import Path

import pytest
from call_loop import VERSION
from click.testing import CliRunner
from differential.asked import Asked, in_json
from differential.judge import checked
from differential.targets import TARGETS, there
from differential.warehouses import duckdb
from test_call_loop_oracle import GRIDS
from test_to_python import HOSTILE, hostile

from refund_policy.engine.cli import main
from refund_policy.engine.dialects import DIALECTS
from refund_policy.engine.versions import Policy

REFUND = Policy("refund", (VERSION,))
DATABASES = [name for name in ("duckdb", "postgres") if name in there()]


def test_the_error_is_what_the_policy_says(tmp_path: Path) -> None:
    case = in_json(GRIDS["refund"][0])
    wrong = {**case, "charged_on": "2020-01-01"}
    bad = {**case, "charge_kind": "subscription"}
    found = duckdb(Asked(REFUND, "refund", [wrong, bad, {}]), tmp_path)
    assert [got.said.error for got in found] == [
        "A charge can't come before the first purchase.",
        "`charge_kind` has a value that can't be decided on",
        "",
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_command_prints_a_query(dialect: str) -> None:
    command = ["compile", "--to", "sql", "--dialect", dialect, "--question", "credits"]
    found = CliRunner().invoke(main, command)
    assert found.exit_code == 0, found.output
    assert found.stdout.startswith("WITH cases_2 AS (\n  SELECT\n")


@pytest.mark.parametrize("text", [text for text in HOSTILE if text not in ("\0", "\ud800")])
@pytest.mark.parametrize("database", DATABASES)
def test_no_text_of_a_policy_becomes_code(database: str, text: str) -> None:
    version, question = hostile(text)
    cases = [{f"{text}0": option, f"{text}1": True} for option in (text, f"{text}2")]
    asked = Asked(Policy(version.name, (version,)), question.name, cases)
    for _, many, found in checked(asked, {database: TARGETS[database]}):
        assert (many, found) == (2, [])
