"""The SQL for a warehouse: what DuckDB and PostgreSQL say of a case, and what the interpreter does.

PostgreSQL is started here where it is installed (`apt-get install postgresql`).
"""

import csv
import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from call_loop import VERSION
from click.testing import CliRunner
from test_call_loop_oracle import GRIDS
from test_to_python import BOUNDARIES, EVERYTHING
from test_to_sql import as_given, corpus

from refund_policy.engine.cli import main
from refund_policy.engine.dialects import DIALECTS
from refund_policy.engine.errors import PolicyError
from refund_policy.engine.sql_facts import sql_type
from refund_policy.engine.to_sql import Asked, to_sql
from refund_policy.engine.versions import Policy

Facts = Mapping[str, Any]
BIN = next(Path("/usr/lib/postgresql").glob("*/bin"), Path("/usr/local/bin"))


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of our own, on a socket in a folder."""

    folder: str
    user: str | None

    def run(self, *command: str, script: str | None = None) -> str:
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            input=script,
            text=True,
            capture_output=True,
            user=self.user,
            cwd=self.folder,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sql(self, script: str) -> str:
        return self.run(
            "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "postgres", script=script
        )


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if not (BIN / "initdb").exists():
        pytest.skip("PostgreSQL isn't installed")
    folder = tempfile.mkdtemp()
    user = "postgres" if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    found = Server(folder, user)
    try:
        found.run("initdb", "-D", f"{folder}/data", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        found.run(
            "pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-o", options, "-w", "start"
        )
        yield found
        found.run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@dataclass(frozen=True)
class Given:
    """Cases of a question, as they stand in a table."""

    policy: Policy
    question: str
    cases: Sequence[Facts]

    def query(self, dialect: str) -> str:
        versions = [one for one in self.policy.versions if self.question in one.questions]
        return to_sql(versions, self.question, Asked(dialect, ("row",)))

    def columns(self) -> str:
        facts = {
            fact.name: fact
            for version in self.policy.versions
            if self.question in version.questions
            for fact in version.questions[self.question].facts
        }
        typed = [f"{name} {sql_type(fact.type)}" for name, fact in facts.items()]
        return ", ".join(["row INT", *typed])

    def text(self) -> str:
        """Return the cases as CSV, an unknown fact as an empty cell."""
        out = io.StringIO()
        rows = csv.writer(out, lineterminator="\n")
        names = [
            part.split()[0] for part in self.columns().split(", ")[1:] if not part[0].isdigit()
        ]
        for row, case in enumerate(self.cases):
            rows.writerow([row, *(case.get(name, "") for name in names)])
        return out.getvalue()


Rows = list[dict[str, str]]


def on_duckdb(given: Given, folder: Path) -> Rows:
    (folder / "cases.csv").write_text(given.text())
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE cases ({given.columns()})")
        database.execute(f"COPY cases FROM '{folder / 'cases.csv'}' (HEADER false)")
        query = given.query("duckdb")
        database.execute(f"COPY ({query}) TO '{folder / 'out.csv'}' (HEADER true)")
    return sorted(read((folder / "out.csv").read_text()), key=lambda row: int(row["row"]))


def on_postgres(given: Given, server: Server) -> Rows:
    columns = given.columns().replace(" VARCHAR", " TEXT")
    found = server.sql(
        f"DROP TABLE IF EXISTS cases; CREATE TABLE cases ({columns});\n"
        f"COPY cases FROM STDIN WITH CSV;\n{given.text()}\\.\n"
        f"COPY ({given.query('postgres')} ORDER BY 1) TO STDOUT WITH CSV HEADER;"
    )
    return read(found.replace(",t,", ",true,").replace(",f,", ",false,"))


def read(text: str) -> Rows:
    return [*csv.DictReader(io.StringIO(text))]


def small(facts: Facts) -> bool:
    return all(not isinstance(value, int) or abs(value) < 10**9 for value in facts.values())


def samples() -> dict[str, Given]:
    draw = Random(7)  # noqa: S311 - no secret
    found = {}
    for name, grid in GRIDS.items():
        alone = Policy("refund", (VERSION,))
        cases = [dict(as_given(alone, facts)) for facts in draw.sample(grid, min(300, len(grid)))]
        for case in cases[::3]:
            del case[draw.choice([*case])]
        found[name] = Given(alone, name, cases)
    some = [{name: draw.choice(values) for name, values in BOUNDARIES.items()} for _ in range(500)]
    found["everything"] = Given(Policy("small", (EVERYTHING,)), "ask", some)
    for param in corpus():
        policy, question = param.values
        assert isinstance(policy, Policy)
        assert isinstance(question, str)
        cases = [dict(as_given(policy, case)) for case in examples_of(policy, question)]
        found[str(param.id)] = Given(policy, question, cases)
    return found


def examples_of(policy: Policy, question: str) -> list[Facts]:
    from refund_policy.engine.suite import examples  # noqa: PLC0415 - only here

    every = (case for version in policy.versions for case in examples(version))
    return [case.facts for case in every if case.question == question]


SAMPLES = samples()


@pytest.mark.parametrize("name", SAMPLES)
def test_postgres_says_what_duckdb_says(name: str, server: Server, tmp_path: Path) -> None:
    assert on_postgres(SAMPLES[name], server) == on_duckdb(SAMPLES[name], tmp_path)


@pytest.mark.parametrize("name", SAMPLES)
def test_wrong_cases_have_an_error_and_open_ones_none(name: str, tmp_path: Path) -> None:
    given = SAMPLES[name]
    for row, facts in zip(on_duckdb(given, tmp_path), given.cases, strict=True):
        try:
            meant = given.policy.decide(given.question, facts)
        except PolicyError:
            complete = given.question in ("refund", "ask") and len(facts) == len(BOUNDARIES)
            assert (row["outcome"], row["rule"]) == ("", ""), facts
            assert row["error"] or not complete, facts
            continue
        if row["outcome"]:
            assert (row["outcome"], row["rule"], row["version"], row["error"]) == (
                *(meant.outcome, meant.rule, meant.version),
                "",
            )
        elif meant.outcome is None:
            assert row["error"] == "", facts
        else:
            assert meant.also or not small(facts) or None in facts.values() or row["error"] == ""


def test_the_error_is_what_the_policy_says(tmp_path: Path) -> None:
    case = {**as_given(Policy("refund", (VERSION,)), GRIDS["refund"][0])}
    wrong = {**case, "charged_on": "2020-01-01"}
    bad = {**case, "charge_kind": "subscription"}
    given = Given(Policy("refund", (VERSION,)), "refund", [wrong, bad, {}])
    assert [row["error"] for row in on_duckdb(given, tmp_path)] == [
        "A charge can't come before the first purchase.",
        "`charge_kind` has a value that can't be decided on",
        "",
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_command_prints_a_query(dialect: str) -> None:
    command = ["compile", "--to", "sql", "--dialect", dialect, "--question", "credits"]
    found = CliRunner().invoke(main, command)
    assert found.exit_code == 0, found.output
    assert found.stdout.startswith("SELECT\n  CASE ")
