"""Decision tables of the rule engine ZEN must take the row that ZEN takes."""

import csv
import doctest
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import converters
from converters import answer, corpus, fact_name, zen_version

from refund_policy.engine.errors import GapError
from refund_policy.engine.model import PolicyVersion

Key = tuple[str, str]  # the names of a graph and of a table in it
NO_FIT = {
    ("insurance-underwriting-risk", "risk_factors"): "hit policy collect: takes several rows",
}
UNUSED = {  # columns without a field, which are left out
    ("delivery-route-optimizer", "evaluate_base_score"): "route.otherCondition",
    ("empty-column-without-space", "Amount Check"): "second",
}
CASES, LEFT_OUT = 2196, 48


def tables() -> dict[Key, Mapping[str, Any]]:
    found = json.loads((corpus("zen") / "tables.json").read_text())
    return {(table["graph"], table["table"]): table for table in found}


def cases() -> Iterator[tuple[Key, dict[str, Any], str]]:
    with (corpus("zen") / "table_cases.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            inputs = json.loads(row["inputs_json"], parse_float=Decimal)
            yield (row["graph"], row["table"]), inputs, row["zen_rule_hit"]


def row_taken(version: PolicyVersion, inputs: Mapping[str, Any]) -> str:
    try:
        decision = answer(version, {fact_name(name): value for name, value in inputs.items()})
    except GapError:
        return "0"
    return str(decision.outcome).removeprefix("row_")


def test_the_examples_of_the_converter_hold() -> None:
    assert doctest.testmod(converters).failed == 0


def test_all_tables_fit_but_one() -> None:
    found = tables()
    assert len(found) == 87
    assert {key for key, table in found.items() if table["hit_policy"] != "first"} == set(NO_FIT)
    unused = {
        key: item["field"]
        for key, table in found.items()
        for item in table["inputs"]
        if item["type"] == "unused"
    }
    assert unused == UNUSED


def test_every_case_takes_the_row_that_zen_takes() -> None:
    versions = {key: zen_version(table) for key, table in tables().items() if key not in NO_FIT}
    wrong, right = [], 0
    for key, inputs, row in cases():
        if key in NO_FIT:
            continue
        if (taken := row_taken(versions[key], inputs)) == row:
            right += 1
        else:
            wrong.append((key, inputs, row, taken))
    assert wrong == []
    assert right == CASES - LEFT_OUT


def test_the_cases_left_out_are_counted() -> None:
    found = [key in NO_FIT for key, _, _ in cases()]
    assert (len(found), sum(found)) == (CASES, LEFT_OUT)
