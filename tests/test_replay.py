"""History decided under two versions: against the interpreter, case by case."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from completions import loaded
from generate import KINDS, cases, policies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replayed import NEW, OLD, Expected, Row, expected, rows, text, version, write

from refund_policy.engine.errors import PolicyError
from refund_policy.engine.replay import Replay, Result
from refund_policy.engine.replay_rows import Task
from refund_policy.engine.replaying import replay

ROWS = rows(1500)
SOME = settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])


def quietly(_: float) -> None:
    """Show nothing."""


def told(found: Replay) -> Counter[tuple[str, str, bool, str | None]]:
    """Return how many cases each group has."""
    return Counter(
        {
            (key(item.old), key(item.new), item.changed, item.value): item.cases
            for item in found.groups
        }
    )


def key(result: Result) -> str:
    """Return the rule that decides, or why none does."""
    return result.rule or str(result.why)


def agrees(found: Replay, right: Expected) -> None:
    """Assert that a replay says what is right, money included."""
    assert told(found) == right.cases
    for part in found.parts:
        for name, item in part.sums.items():
            region = part.value or ""
            assert item.old == right.sums[name, "old", region]
            assert item.new == right.sums[name, "new", region]


@pytest.mark.parametrize("name", ["cases.csv", "cases.parquet", "cases.jsonl"])
def test_a_replay_counts_what_the_interpreter_decides(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / name, ROWS)
    task = Task(old=OLD, new=NEW, question="refund", path=path, form=path.suffix[1:], by="region")
    found, right = replay(task, quietly), expected(OLD, NEW, "refund", ROWS, first=2)
    agrees(found, right)
    assert found.cases == len(ROWS)
    assert found.changed == len(right.changed)
    assert {"undecided", "no case"} <= {key(item.old) for item in found.groups}


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_the_cases_that_change_are_written_each(ending: str, tmp_path: Path) -> None:
    path, output = write(tmp_path / "cases.csv", ROWS), tmp_path / f"changes{ending}"
    replay(Task(old=OLD, new=NEW, question="refund", path=path, form="csv", output=output), quietly)
    right = expected(OLD, NEW, "refund", ROWS, first=2)
    reader = {".csv": "read_csv", ".jsonl": "read_json", ".parquet": "read_parquet"}[ending]
    options = ", all_varchar=true" if ending == ".csv" else ""
    columns = "old_rule, new_rule, old_why, new_why, old_refund_amount, new_refund_amount"
    more = 'old_respond_by, new_respond_by, "order"'
    select = f"SELECT line, {columns}, {more} FROM {reader}('{output}'{options})"  # noqa: S608 - our own
    got = duckdb.execute(select).fetchall()
    assert len(got) == len(right.changed) > 100
    for row, (line, before, after, had, has) in zip(got, right.changed, strict=True):
        assert (int(row[0]), int(row[9])) == (line, line - 2)
        assert row[1] == before if row[1] else row[3]
        assert row[2] == after if row[2] else row[4]
        given = [None if cell is None else str(cell) for cell in row[5:9]]
        assert given[0::2] == [had.get("refund_amount"), had.get("respond_by")]
        assert given[1::2] == [has.get("refund_amount"), has.get("respond_by")]


@SOME
@given(st.data())
def test_generated_policies_are_replayed_as_the_interpreter_decides(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    drawn = [data.draw(policies(exact=data.draw(st.booleans()))) for _ in range(2)]
    (old, asked), (new, _) = map(loaded, drawn)
    found: list[Row] = []
    for complete in (True,) * 8 + (False,) * 4:
        case = data.draw(cases(data.draw(st.sampled_from(drawn)), complete=complete))
        found.append({name: text(case.get(name, "")) for name in KINDS})
    path = write(tmp_path_factory.mktemp("generated") / "cases.csv", found)
    task = Task(old=old, new=new, question=asked.name, path=path, form="csv")
    agrees(replay(task, quietly), expected(old, new, asked.name, found, first=2))


def test_lines_of_json_are_replayed_as_well(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    found = [{name: value for name, value in row.items() if value} for row in ROWS[:200]]
    yes_no = {"yes": True, "no": False}
    lines = [
        json.dumps({name: yes_no.get(value, value) for name, value in row.items()}) for row in found
    ]
    path.write_text("\n".join([*lines, "{"]) + "\n")
    task = Task(old=OLD, new=NEW, question="cancellation", path=path, form="jsonl")
    got = replay(task, quietly)
    assert got.cases == len(found) + 1
    assert [(item.cases, item.old.why) for item in got.groups if item.old.why == "unreadable"]


def test_examples_are_the_first_cases_of_each_change(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.csv", ROWS)
    found = replay(Task(old=OLD, new=NEW, question="refund", path=path, form="csv"), quietly)
    for flow in found.flows:
        shown = found.examples_of(flow)
        assert bool(shown) == flow.changed
        for example in shown:
            row = ROWS[example.line - 2]
            assert example.facts == {name: row[name] for name in example.facts}
            assert (example.old.words, example.new.words) == (flow.old, flow.new)
    first = min(found.examples)
    assert first == expected(OLD, NEW, "refund", ROWS, first=2).changed[0][0]


def test_two_replays_say_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.parquet", ROWS)
    task = Task(old=OLD, new=NEW, question="refund", path=path, form="parquet", by="region")
    assert replay(task, quietly).as_json() == replay(task, quietly).as_json()


def test_the_same_version_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.csv", ROWS)
    found = replay(Task(old=OLD, new=OLD, question="refund", path=path, form="csv"), quietly)
    assert found.changed == 0
    assert found.examples == {}
    assert all(item.difference == 0 for item in found.sums.values())


def test_an_amount_in_another_currency_changes(tmp_path: Path) -> None:
    other = version((" USD", " EUR"))
    path = write(tmp_path / "cases.csv", ROWS)
    found = replay(Task(old=OLD, new=other, question="refund", path=path, form="csv"), quietly)
    approved = sum(item.cases for item in found.groups if item.old.outcome == "approved")
    assert found.changed == approved > 0
    assert {flow.old for flow in found.flows if flow.changed} == {"approved"}


def test_an_output_called_as_a_column_to_write_is_told(tmp_path: Path) -> None:
    under = version(("refund_amount", "why"))
    path, output = write(tmp_path / "cases.csv", ROWS[:5]), tmp_path / "out.csv"
    task = Task(old=under, new=under, question="refund", path=path, form="csv", output=output)
    with pytest.raises(PolicyError, match="two columns would be called `old_why`, one for an out"):
        replay(task, quietly)
    assert not output.exists()


def test_facts_without_a_column_are_told(tmp_path: Path) -> None:
    found = [{key: value for key, value in row.items() if key != "charged_on"} for row in ROWS[:20]]
    path = write(tmp_path / "cases.csv", found)
    got = replay(Task(old=OLD, new=NEW, question="refund", path=path, form="csv"), quietly)
    assert got.absent == ("charged_on",)
    assert got.cases == len(found)


def test_a_fact_may_be_an_expression(tmp_path: Path) -> None:
    renamed = [
        {("kind" if key == "charge_kind" else key): value for key, value in row.items()}
        for row in ROWS
    ]
    path = write(tmp_path / "cases.csv", renamed)
    task = Task(
        old=OLD,
        new=NEW,
        question="refund",
        path=path,
        form="csv",
        expressions={"charge_kind": "kind"},
        by="kind",
    )
    found = replay(task, quietly)
    plainly = write(tmp_path / "plain.csv", ROWS)
    same = replay(Task(old=OLD, new=NEW, question="refund", path=plainly, form="csv"), quietly)
    assert [(flow.old, flow.new, flow.cases) for flow in found.flows] == [
        (flow.old, flow.new, flow.cases) for flow in same.flows
    ]
    assert {part.value for part in found.parts} >= {"subscription_fee", "credit_purchase"}


def test_an_amount_is_added_up_to_the_last_cent(tmp_path: Path) -> None:
    large = "9999999999999.99"
    case = next(
        row
        for row in ROWS
        if row["charge_kind"] == "subscription_fee" and "" not in [*row.values()][:10]
    )
    fee = {**case, "amount_paid": large, "special_circumstance": "none"}
    fee |= {"requested_on": fee["charged_on"], "first_purchase_on": fee["charged_on"]}
    fee |= {"account_email_provided": "yes", "charge_details_provided": "yes"}
    path = write(tmp_path / "cases.csv", [fee] * 1001)
    found = replay(Task(old=OLD, new=NEW, question="refund", path=path, form="csv"), quietly)
    assert found.sums["refund_amount"].new == 1001 * Decimal(large)
