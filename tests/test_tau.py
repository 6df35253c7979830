"""The policies of two public benchmarks for support agents, against the benchmarks' own answers."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from converters import corpus

from refund_policy.engine.check import check_folder
from refund_policy.engine.decide import Decision
from refund_policy.engine.folder import load
from refund_policy.engine.suite import Example, examples, run_folder
from refund_policy.engine.values import Cell
from refund_policy.engine.versions import Policy

POLICIES = Path(__file__).parent / "policies"
AIRLINE = POLICIES / "tau_airline"
RETAIL = POLICIES / "tau_retail"
NEW, OLD = "2.0.0", "1.0.0"

COUNTS = {
    (AIRLINE, OLD): {"changes": 1, "bags": 2},
    (AIRLINE, NEW): {"cancellation": 44, "compensation": 14, "changes": 16, "bags": 16},
    (RETAIL, OLD): {"cancel": 108, "return_items": 95},
}
FILES = {
    "cancellation": "cases_cancel.csv",
    "compensation": "cases_compensation.csv",
    "changes": "cases_change.csv",
    "bags": "cases_bags.csv",
}


@pytest.fixture(scope="module")
def airline() -> Policy:
    return load(AIRLINE)


def cases(folder: Path, version: str) -> tuple[Example, ...]:
    return examples(load(folder).version(version))


def rows(question: str) -> Iterator[dict[str, str]]:
    with (corpus("tau-airline") / FILES[question]).open(newline="") as file:
        yield from csv.DictReader(file)


def decided(policy: Policy, question: str, row: Mapping[str, str]) -> Decision:
    written = {**row, "insured": row["insurance"]}
    asked = policy.version(NEW).questions[question]
    facts = {fact.name: Cell(written[fact.name]) for fact in asked.facts if fact.name in written}
    return policy.decide(question, facts, version=NEW)


# ---------------------------------------------------------------- the cases in the repository


@pytest.mark.parametrize("folder", [AIRLINE, RETAIL], ids=lambda path: path.name)
def test_the_check_finds_nothing(folder: Path) -> None:
    assert check_folder(folder) == ()


@pytest.mark.parametrize("folder", [AIRLINE, RETAIL], ids=lambda path: path.name)
def test_every_case_gets_what_the_benchmark_says(folder: Path) -> None:
    found = run_folder(folder)
    assert [
        (result.example.name, result.differences) for result in found if not result.passed
    ] == []
    assert len(found) == sum(
        sum(counts.values()) for (where, _), counts in COUNTS.items() if where == folder
    )


@pytest.mark.parametrize(("folder", "version"), COUNTS, ids=str)
def test_no_case_is_lost(folder: Path, version: str) -> None:
    found = Counter(case.question for case in cases(folder, version))
    assert found == COUNTS[folder, version]


def test_the_versions_differ_in_one_allowance_and_in_cabins_after_a_flight(airline: Policy) -> None:
    old = {
        question.name: {fact.name for fact in question.facts}
        for question in airline.version(OLD).questions.values()
    }
    changed = set()
    for case in cases(AIRLINE, NEW):
        known = {name: value for name, value in case.facts.items() if name in old[case.question]}
        before = airline.decide(case.question, known, version=OLD)
        after = airline.decide(case.question, case.facts, version=NEW)
        if (before.outcome, before.outputs) != (after.outcome, after.outputs):
            changed.add(case.name.split(":")[0].split(",")[0])
    assert changed == {"b14", "b17", "m16"}


def test_the_day_of_the_request_picks_the_version(airline: Policy) -> None:
    facts = {"membership": "gold", "cabin": "business", "passengers": 1, "bags_wanted": 4}
    fees = [
        airline.decide("bags", {**facts, "asked_on": day}).as_json()["outputs"]["extra_fee"]
        for day in ("2025-05-31", "2025-06-01")
    ]
    assert fees == ["50.00", "0.00"]


# ---------------------------------------------------------------- the benchmark's own files


@pytest.mark.parametrize("question", FILES)
def test_the_cases_are_those_of_the_benchmark(question: str) -> None:
    written = [
        case.name.split(":")[0].split(",")[0]
        for version in (NEW, OLD)
        for case in cases(AIRLINE, version)
        if case.question == question
    ]
    assert set(written) == {row["case"] for row in rows(question)}


def test_the_engine_says_what_the_text_says(airline: Policy) -> None:
    said = {"hand_over": "refuse_transfer"}
    for row in rows("cancellation"):
        outcome = decided(airline, "cancellation", row).outcome
        assert said.get(str(outcome), outcome) == row["strict_policy_outcome"], row["case"]


def test_the_audit_flags_the_labels_that_were_corrected_later(airline: Policy) -> None:
    first = cancellations_flagged(airline, "gold_2025_06")
    assert first == {
        "task7-XEHM4B",
        "task9-NQNU5R",
        "task37-NQNU5R",
        "task44-S61CZX",
        "task39-MSJ4OA",  # still labelled against the text
    }
    assert cancellations_flagged(airline, "gold_2026_03") == {"task39-MSJ4OA"}


def cancellations_flagged(policy: Policy, labels: str) -> set[str]:
    """Return the cases that are cancelled by their label and not by the policy, or vice versa."""
    return {
        row["case"]
        for row in rows("cancellation")
        if row[labels] in ("cancel", "refuse")
        and (decided(policy, "cancellation", row).outcome == "cancel") != (row[labels] == "cancel")
    }


def test_the_audit_flags_the_certificates_that_were_corrected_later(airline: Policy) -> None:
    flagged = set()
    for row in rows("compensation"):
        decision = decided(airline, "compensation", row)
        amount = decision.outputs.get("certificate_amount", 0)
        assert amount == int(row["expected_amount"]), row["case"]
        if row["gold_2025_06"] and amount != int(row["gold_2025_06"]):
            flagged.add(row["source"].split(" (")[0])
    assert flagged == {"tau2 task 2", "tau2 task 27", "tau2 task 38"}
