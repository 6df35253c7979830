"""A table shares out the valid cases of a question: each is in one row, and decided as it says.

The table of the refund policy stands in `tables/`. Rewrite it with
`REWRITE=1 pytest tests/test_table.py`, and read the difference as the lawyer who has to sign it.
"""

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise, product
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from generate import DOMAINS, KINDS, Data, policies, text
from hypothesis import HealthCheck, given, settings

from refund_policy.engine.atoms import Among, assume, to_steps
from refund_policy.engine.atoms import Path as Region
from refund_policy.engine.bands import bands
from refund_policy.engine.bounds import of_facts
from refund_policy.engine.cli import main
from refund_policy.engine.decide import case_of
from refund_policy.engine.errors import CalculationError, PolicyError, TableError
from refund_policy.engine.evaluate import Case, deciders, value, verdict
from refund_policy.engine.folder import load
from refund_policy.engine.load import load_text
from refund_policy.engine.merging import meeting, said
from refund_policy.engine.model import PolicyVersion, Question, Rule
from refund_policy.engine.search import find
from refund_policy.engine.shortest import shortest
from refund_policy.engine.space import ZERO
from refund_policy.engine.table import Writer, table
from refund_policy.engine.table_text import table_text
from refund_policy.engine.witness import on_path
from refund_policy.engine.words import Words

ROOT = Path(__file__).parent.parent
DOCS = (ROOT / "docs" / "table.md").read_text("utf-8")
GOLDEN = Path(__file__).parent / "tables"
FOLDERS = [ROOT / "policies", *sorted((ROOT / "tests" / "policies").iterdir())]
QUESTIONS = [
    pytest.param(version, question, id=f"{version.name}-{version.version}-{question.name}")
    for folder in FOLDERS
    for version in load(folder).versions
    for question in version.questions.values()
]
REFUND = load(ROOT / "policies").versions[-1]


def inside(path: Region, case: Case, question: Question) -> bool:
    """Return whether a case is on a path."""
    steps = {
        fact.name: to_steps(case.facts[fact.name], fact.type)
        for fact in question.facts
        if fact.type.kind not in ("yes_no", "choice")
    }
    steps[ZERO] = 0
    return (
        all(
            steps[x] - steps[y] <= c
            for x, row in of_facts(path.space).limits.items()
            for y, c in row.items()
        )
        and all(case.facts[name] in left for name, left in path.space.options.items())
        and on_path(path, case)
    )


# ---------------------------------------------------------------- rows share out the cases


@pytest.mark.parametrize(("version", "question"), QUESTIONS)
def test_no_two_rows_have_a_valid_case_in_common(
    version: PolicyVersion, question: Question
) -> None:
    found = shortest(version, question)
    for one, other in combinations(found.situations, 2):
        common = meeting(one.path, other.path)
        assert common is None or find(found.book.valid, common) is None


@pytest.mark.parametrize(("version", "question"), QUESTIONS)
def test_no_valid_case_is_outside_all_rows(version: PolicyVersion, question: Question) -> None:
    found = shortest(version, question)
    outside = [
        tuple(
            found.book.forest.formula(atom, holds=not holds)
            for atom, holds in said(situation.path, found.path, version)
        )
        for situation in found.situations
    ]
    assert find([*found.book.valid, *outside], found.path) is None


@pytest.mark.parametrize(("version", "question"), QUESTIONS)
def test_each_example_is_decided_as_its_row_says(
    version: PolicyVersion, question: Question
) -> None:
    for row in table(version, question).rows:
        if row.example is None:
            assert row.path.opaque
            continue
        assert inside(row.path, Case(row.example, version.calendar), question)
        assert row.rule
        assert row.decision
        assert row.decision.rule == row.rule.name


@given(policies(exact=True, most_facts=3))
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_each_case_is_in_the_row_that_says_its_result(policy: Data) -> None:
    version = load_text(text(policy), "small.yaml")[0]
    question = version.questions["ask"]
    try:
        found = shortest(version, question)
    except TableError:
        return
    writer = Writer(version, question, found, Words(version))
    for case in every_case(version):
        held = [region for region in found.situations if inside(region.path, case, question)]
        assert len(held) == 1
        (region,) = held
        told = outcome_of(question, case)
        if told is None:
            continue
        rules, conflict = told
        names = tuple(rule.name for rule in rules)
        assert region.ruling.conflict == conflict
        assert region.ruling.rules[:1] == names[:1]
        assert set(region.ruling.rules) <= set(names if conflict else names[:1])
        if rules and not conflict:
            for output, words in writer.outputs(region, rules[0]):
                assert value(words, case) == value(dict(rules[0].outputs)[output], case)


def outcome_of(question: Question, case: Case) -> tuple[tuple[Rule, ...], bool] | None:
    """Return the rules that decide a case and whether they differ; None without a value."""
    rules = deciders(question, case).certain
    try:
        return rules, verdict(rules, case).conflict
    except CalculationError:
        return None


def every_case(version: PolicyVersion) -> Iterator[Case]:
    """Yield all valid cases of a generated policy."""
    question = version.questions["ask"]
    names = [fact.name for fact in question.facts]
    for values in product(*(DOMAINS[KINDS[name]] for name in names)):
        try:
            yield case_of(version, question, dict(zip(names, values, strict=True)))
        except PolicyError:
            continue


# ---------------------------------------------------------------- bands


@pytest.mark.parametrize(
    ("question", "fact", "expected"),
    [
        ("refund", "requested_on", [(0, 30), (31, None)]),
        ("refund", "charged_on", [(None, -8), (-7, 0)]),
        ("credits", "requested_on", [(None, 0), (1, None)]),
    ],
)
def test_bands_are_closed_without_gap_or_overlap(
    question: str, fact: str, expected: list[tuple[int | None, int | None]]
) -> None:
    found = bands(REFUND, REFUND.questions[question], fact)
    assert [(band.low, band.high) for band in found.bands] == expected


@pytest.mark.parametrize(
    ("policy", "question", "fact"),
    [
        ("mozilla", "refund", "cancelled_on"),
        ("bumble", "refund", "asked_on"),
        ("bumble", "refund", "started_on"),
        ("starlink", "kit_return", "kit_returned_on"),
        ("country_template", "income_tax", "valid_on"),
    ],
)
def test_a_band_starts_on_the_day_after_the_one_before(
    policy: str, question: str, fact: str
) -> None:
    version = load(ROOT / "tests/policies" / policy).versions[-1]
    found = bands(version, version.questions[question], fact).bands
    assert len(found) > 1
    for before, after in pairwise(found):
        ends = (before.high, after.low)
        low, high = (end.toordinal() if isinstance(end, date) else end for end in ends)
        assert low is not None
        assert high == low + 1


def test_each_band_shares_out_its_days() -> None:
    found = bands(REFUND, REFUND.questions["refund"], "requested_on")
    for band in found.bands:
        for row in band.table.rows:
            assert row.rule
            assert row.example
            assert row.decision
            days = (row.example["requested_on"] - row.example["first_purchase_on"]).days  # type: ignore[operator,union-attr]
            assert band.low <= days  # type: ignore[operator]
            assert band.high is None or days <= band.high  # type: ignore[operator]
            assert row.decision.rule == row.rule.name


def test_days_of_the_calendar_are_bands_too() -> None:
    version = load(ROOT / "tests/policies/country_template").versions[-1]
    found = bands(version, version.questions["income_tax"], "valid_on")
    assert found.since is None
    assert [band.label for band in found.bands][:2] == [
        "on or before 2011-12-31",
        "from 2012-01-01 to 2012-12-31",
    ]


@pytest.mark.parametrize(
    ("question", "fact", "expected"),
    [
        (
            "refund",
            "requested_on",
            [
                "days since your first purchase: 0 to 30",
                "days since your first purchase: 31 or more",
            ],
        ),
        (
            "refund",
            "charged_on",
            ["days since the charge: 8 or more", "days since the charge: 0 to 7"],
        ),
        (
            "credits",
            "requested_on",
            [
                "on or before the last day of your billing cycle",
                "after the last day of your billing cycle",
            ],
        ),
    ],
)
def test_customers_read_how_many_days_a_measure_counts(
    question: str, fact: str, expected: list[str]
) -> None:
    found = bands(REFUND, REFUND.questions[question], fact, labels=True).bands
    assert [band.label for band in found] == expected
    named = "the day you contacted us: " if question == "credits" else ""
    assert [band.heading for band in found] == [named + label for label in expected]


def test_bands_of_some_cases_leave_out_the_others() -> None:
    fee = assume(
        Region(), Among("charge_kind", frozenset({"subscription_fee"}), frozenset()), holds=True
    )
    assert fee
    found = bands(REFUND, REFUND.questions["refund"], "requested_on", within=fee)
    assert [(band.low, band.high) for band in found.bands] == [(0, 30), (31, None)]
    said = {phrase for band in found.bands for row in band.table.rows for phrase in row.when}
    assert said
    assert not [phrase for phrase in said if "charge_kind" in phrase or "credits" in phrase]


@pytest.mark.parametrize(
    ("question", "fact", "said"),
    [
        ("refund", "request_on", "question `refund` has no date `request_on`: did you mean"),
        ("refund", "amount_paid", "question `refund` has no date `amount_paid`: dates: "),
        ("cancellation", "requested_on", "`requested_on` has no bands: no situation depends on"),
    ],
)
def test_bands_need_a_date_that_matters(question: str, fact: str, said: str) -> None:
    with pytest.raises(TableError) as caught:
        bands(REFUND, REFUND.questions[question], fact)
    assert str(caught.value).startswith(said)


# ---------------------------------------------------------------- what a reader sees


def run(*words: str) -> Result:
    """Run `refund table`."""
    return CliRunner().invoke(main, ["table", *words, "--policies", str(ROOT / "policies")])


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("refund.txt", ["refund"]),
        ("cancellation.txt", ["cancellation", "--labels"]),
        ("refund-by-day.md", ["refund", "--by", "requested_on", "--format", "markdown"]),
    ],
)
def test_the_tables_of_the_refund_policy_read_so(file: str, words: list[str]) -> None:
    shown = run(*words)
    assert shown.exit_code == 0, shown.output
    if os.environ.get("REWRITE"):
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / file).write_text(shown.stdout, "utf-8")
    assert shown.stdout == (GOLDEN / file).read_text("utf-8")
    assert file.endswith(".md") or max(map(len, shown.stdout.splitlines())) <= 100


def test_json_holds_the_same_rows() -> None:
    found = json.loads(run("credits", "--format", "json").stdout)
    assert [row["rule"] for row in found["rows"]] == [
        row.rule.name for row in table(REFUND, REFUND.questions["credits"]).rows if row.rule
    ]
    cut = json.loads(run("refund", "--by", "requested_on", "--format", "json").stdout)
    assert (cut["by"], cut["since"]) == ("requested_on", "first_purchase_on")
    assert [(band["from"], band["to"]) for band in cut["bands"]] == [(0, 30), (31, None)]


FLAWED = """
language: 1
policy: flawed
version: 1.0.0
in_force: draft
facts:
  visits: {type: whole_number}
  left_on: {type: date}
  joined_on: {type: date}
terms: {notice: 1 month}
measures: {last_day: {plus: [joined_on, notice]}}
questions:
  refund:
    asks: Do I get my fee back?
    outcomes: {paid: {label: you get it back}, kept: {label: we keep it}}
    rules:
      few: {when: {visits: {at_most: 2}}, outcome: paid, says: Few visits.}
      many: {when: {visits: {at_least: 2, at_most: 5}}, outcome: kept, says: No.}
      early: {when: {left_on: {on_or_before: last_day}}, outcome: kept, overrides: all, says: No.}
"""


OPTIONS = """
language: 1
policy: shop
version: 1.0.0
in_force: draft
facts:
  paid_by: {type: choice, label: how you paid, options: {card: by card, check: by check}}
questions:
  refund:
    outcomes:
      paid: {outputs: {by: {type: choice, options: {card: to your card, check: as a check}}}}
    rules:
      same_way: {outcome: paid, by: paid_by}
      checks: {when: {paid_by: {is: check}}, overrides: all, outcome: paid, by: check}
"""


def test_customers_read_the_options_of_an_output_as_it_calls_them() -> None:
    version = load_text(OPTIONS, "shop.yaml")[0]
    rows = table(version, version.questions["refund"], labels=True).rows
    said = {row.when: [words for _, words in row.outputs] for row in rows}
    assert said == {
        ("how you paid: by card",): ["to your card"],
        ("how you paid: by check",): ["as a check"],
    }


def test_gaps_and_conflicts_are_rows_too() -> None:
    version = load_text(FLAWED, "flawed.yaml")[0]
    shown = table_text(table(version, version.questions["refund"]))
    if os.environ.get("REWRITE"):
        (GOLDEN / "flawed.txt").write_text(f"{shown}\n", "utf-8")
    assert shown == (GOLDEN / "flawed.txt").read_text("utf-8").rstrip("\n")


def test_a_question_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refund_policy.engine.shortest.MOST_SITUATIONS", 10)
    with pytest.raises(TableError) as caught:
        table(REFUND, REFUND.questions["refund"])
    assert str(caught.value) == (
        "question `refund` is too large for a table: it has more than 10 situations, "
        "or more than 5000 steps lead to them"
    )


@pytest.mark.parametrize("shown", re.findall(r"```console\n(.*?)```", DOCS, re.DOTALL))
def test_the_docs_show_what_is_printed(shown: str) -> None:
    command, *expected = shown.splitlines()
    got = run(*command.split()[3:]).stdout.splitlines()
    place = 0
    for line in expected:
        if line not in ("", "…"):
            place = got.index(line, place) + 1
