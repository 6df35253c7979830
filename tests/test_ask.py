"""`refund ask`: which questions it asks, what it makes of answers, and how it ends."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from interviews import (
    ACTIVE,
    AGREED,
    CANCEL,
    CREDITS,
    FEE,
    INCOMPLETE,
    LATE,
    POLICY,
    REFUNDED,
    REPORTED,
    ROOT,
    Facts,
    ask,
    asked,
    interviews,
    typed,
)

from refund_policy import load
from refund_policy.engine.ask import Interview, answered, begin, due
from refund_policy.engine.cli import main
from refund_policy.engine.errors import CaseError
from refund_policy.engine.model import Fact

# ---------------------------------------------------------------- which questions


@pytest.mark.parametrize(
    ("facts", "question", "outcome"),
    [
        (FEE, "refund", "approved"),
        (CREDITS, "refund", "approved"),
        (LATE, "refund", "declined"),
        (INCOMPLETE, "refund", "more_information"),
        (REPORTED, "refund", "review"),
        (CANCEL, "cancellation", "ends_at_cycle_end"),
        (REFUNDED, "cancellation", "ends_now"),
        (AGREED, "cancellation", "agreement_applies"),
        (CANCEL, "credits", "usable_until_cycle_end"),
        (REFUNDED, "credits", "removed"),
        (ACTIVE, "credits", "usable"),
    ],
)
def test_every_outcome_is_reached_as_decide_reaches_it(
    facts: Facts, question: str, outcome: str
) -> None:
    found = ask(question, "--json", answers=typed(facts, question))
    assert found.exit_code == 0
    decision = json.loads(found.stdout)
    assert decision["outcome"] == outcome
    given = {name: facts[name] for name in asked(facts, question)}
    given = {name: {"yes": True, "no": False}.get(value, value) for name, value in given.items()}
    given = {name: int(v) if name.startswith("credits_") else v for name, v in given.items()}
    assert decision == POLICY.decide(question, given).as_json()


@pytest.mark.parametrize(
    ("facts", "never"),
    [
        (FEE, {"credits_purchased", "credits_unused", "special_circumstance"}),
        (LATE, {"amount_paid", "credits_purchased", "credits_unused"}),
        (LATE, {"account_email_provided", "charge_details_provided"}),
        (CREDITS, {"special_circumstance"}),
        (REPORTED, {"amount_paid", "credits_purchased", "credits_unused"}),
    ],
)
def test_what_cannot_matter_is_not_asked(facts: Facts, never: set[str]) -> None:
    assert never.isdisjoint(asked(facts))


def test_a_fact_is_asked_only_while_it_is_missing() -> None:
    for facts in (FEE, LATE, CREDITS, INCOMPLETE, REPORTED):
        for now, fact in interviews(facts, "refund"):
            if fact:
                assert fact.name == now.decision.missing[0]


# ---------------------------------------------------------------- what answers mean


@cache
def reached() -> Mapping[str, tuple[Interview, Fact]]:
    """Return the interview about a purchase of credits as it stands when it asks for each fact."""
    return {fact.name: (now, fact) for now, fact in interviews(CREDITS, "refund") if fact}


@pytest.mark.parametrize(
    ("name", "text", "given"),
    [
        ("charge_kind", "2", "credit_purchase"),
        ("charge_kind", "credit_purchase", "credit_purchase"),
        ("charge_kind", "A purchase of credits", "credit_purchase"),
        ("account_email_provided", "y", "yes"),
        ("account_email_provided", "Yes", "yes"),
        ("account_email_provided", "N", "no"),
        ("amount_paid", "49", "49"),
        ("amount_paid", "49.00 USD", "49.00"),
        ("amount_paid", "49.00usd", "49.00"),
        ("requested_on", "2026-01-31", "2026-01-31"),
        ("credits_unused", "4", "4"),
    ],
)
def test_an_answer_is_understood(name: str, text: str, given: str) -> None:
    assert answered(*reached()[name], text).answers[name] == given


@pytest.mark.parametrize("text", ["", "?"])
def test_not_knowing_is_an_answer(text: str) -> None:
    now, fact = reached()["amount_paid"]
    after = answered(now, fact, text)
    assert after.answers["amount_paid"] is None
    assert after.decision == now.decision
    following = due(after)
    assert following is not None
    assert following.name != "amount_paid"


WRONG = [
    ("requested_on", "2026-02-30", "`2026-02-30` is no day of the calendar"),
    ("requested_on", "today", "`today` is no date: write year-month-day, such as 2026-02-03"),
    ("charge_kind", "3", "`3` is none of these options: write its number, 1 to 2"),
    ("charge_kind", "2.", "`2.` is none of these options: write its number, 1 to 2"),
    (
        "charge_kind",
        "purchase of credit",
        "`purchase of credit` is none of these options: did you mean `a purchase of credits`?",
    ),
    ("account_email_provided", "maybe", "`maybe` is neither yes nor no"),
    ("amount_paid", "$49", "`$49` is no exact number: write its digits alone, such as 12.34"),
    ("amount_paid", "49.001", "`49.001` has more than 2 digits after the point"),
    ("credits_unused", "2.5", "`2.5` is no whole number: leave out the digits after the point"),
    ("credits_unused", "two", "`two` is no whole number: write digits alone, such as 12"),
]
CONTRADICTIONS = [
    (
        "first_purchase_on",
        "2026-02-01",
        "no valid case has `requested_on` 2026-01-31, `first_purchase_on` 2026-02-01:",
        "what the policy requires of every case leaves no way to complete them",
    ),
    (
        "credits_purchased",
        "3",
        "There can't be more unused credits than were bought.",
        "(`charge_kind` credit_purchase, `credits_purchased` 3, `credits_unused` 4)",
    ),
]


@pytest.mark.parametrize(("name", "text", "says"), WRONG)
def test_a_wrong_answer_says_what_to_do(name: str, text: str, says: str) -> None:
    with pytest.raises(CaseError) as caught:
        answered(*reached()[name], text)
    assert str(caught.value) == says


@pytest.mark.parametrize(("name", "text", "says", "about"), CONTRADICTIONS)
def test_a_contradiction_says_between_which_answers(
    name: str, text: str, says: str, about: str
) -> None:
    with pytest.raises(CaseError) as caught:
        answered(*reached()[name], text)
    assert str(caught.value) == f"{says} {about}"


def test_after_a_wrong_answer_the_question_stays() -> None:
    wrong = [
        *WRONG,
        *((name, text, f"{says} {about}") for name, text, says, about in CONTRADICTIONS),
    ]
    lines, screen = [], []
    for name in reached():
        tries = [(text, says) for asked_for, text, says in wrong if asked_for == name]
        lines += [*(text for text, _ in tries), CREDITS[name]]
        screen += [f"> {text}\n  {says}\n" for text, says in tries] + [f"> {CREDITS[name]}\n"]
    found = ask(answers="\n".join(lines))
    assert found.exit_code == 0
    for shown in screen:
        assert shown in found.stderr
    assert found.stdout == ask(answers=typed(CREDITS)).stdout


SEATS = """
language: 1
policy: seats
version: 1.0.0
in_force: {from: beginning}
facts:
  seats:
    type: choice
    label: the seats
    ask: How many seats?
    options: {"2": two, "3": three, back: the back row, "?": any seat}
questions:
  price:
    asks: What does it cost?
    outcomes: {cheap: {label: cheap}, dear: {label: dear}}
    rules:
      normal: {outcome: cheap, says: It is cheap.}
      more: {when: {seats: {is: "3"}}, overrides: [normal], outcome: dear, says: It is dear.}
"""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1", "2"),
        ("two", "2"),
        ("three", "3"),
        ("back", "back"),
        ("THE BACK ROW", "back"),
        ("?", "?"),
    ],
)
def test_options_come_before_the_words_of_the_wizard(tmp_path: Path, text: str, meant: str) -> None:
    (tmp_path / "policy.yaml").write_text(SEATS)
    now = begin(load(tmp_path), None, None)
    fact = due(now)
    assert fact is not None
    assert answered(now, fact, text).answers["seats"] == meant
    found = CliRunner().invoke(main, ["ask", "--policies", str(tmp_path)], input=f"{text}\n")
    assert found.exit_code == 0, found.output


def test_a_number_that_is_another_options_name_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(SEATS)
    now = begin(load(tmp_path), None, None)
    fact = due(now)
    assert fact is not None
    with pytest.raises(CaseError, match="`2` is one option's number and another one's name"):
        answered(now, fact, "2")


# ---------------------------------------------------------------- back, not knowing, stopping


def test_back_takes_the_last_answer_back() -> None:
    right = typed(FEE).splitlines()
    wrong = ["2020-01-01", "back", *right]
    found = ask(answers="\n".join(wrong))
    assert found.exit_code == 0
    assert found.stdout == ask(answers=typed(FEE)).stdout
    assert "there is no answer" not in found.stderr


def test_back_takes_not_knowing_back_too() -> None:
    right = typed(FEE).splitlines()
    again = "\n".join([*right[:-1], "?", "back", right[-1]])
    # With its last fact unknown the case ends: nothing is left to go back from.
    assert ask(answers=again).exit_code == 3
    again = "\n".join([right[0], "?", "back", *right[1:]])
    assert ask(answers=again).exit_code == 0


def test_there_is_nothing_before_the_first_question() -> None:
    found = ask(answers="BACK\n" + typed(FEE))
    assert found.exit_code == 0
    assert "> BACK\n  there is no answer before this one\n> 2026-01-31\n" in found.stderr


def test_without_the_facts_that_matter_the_case_stays_undecided() -> None:
    facts = {name: value for name, value in FEE.items() if name != "account_email_provided"}
    lines = "".join(f"{facts.get(name, '')}\n" for name in asked(facts))
    found = ask(answers=lines)
    assert found.exit_code == 3
    assert found.stdout == (
        "undecided: it still depends on\n"
        "  account_email_provided: Did you tell us the e-mail address of your account?\n"
    )
    as_data = json.loads(ask("--json", answers=lines).stdout)
    assert (as_data["outcome"], as_data["missing"]) == (None, ["account_email_provided"])


def test_knowing_nothing_asks_every_fact_once() -> None:
    found = ask(answers="?\n" * 99)
    assert found.exit_code == 3
    names = asked({})
    assert len(names) == len(set(names))
    for name in names:
        assert found.stderr.count(POLICY.version("1.0.0").facts[name].ask) == 1


@pytest.mark.parametrize("answers", ["", "2026-01-31\n", "2026-01-31\nquit\n", "QUIT"])
def test_stopping_decides_nothing(answers: str) -> None:
    found = ask(answers=answers)
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.endswith("stopped before a decision\n")


def test_bytes_that_are_no_text_are_a_wrong_answer() -> None:
    found = ask(answers=b"\xff\x00\n" + typed(FEE).encode())
    assert found.exit_code == 0
    assert "is no date" in found.stderr


# ---------------------------------------------------------------- versions


LOANS = load(ROOT / "tests" / "versions")


def test_the_facts_that_pick_the_version_are_asked_first() -> None:
    facts = {"borrowed_on": "2024-02-01", "returned_on": "2024-02-20", "member": "yes"}
    found = list(interviews(facts, "fee", LOANS))
    assert [fact.name for _, fact in found if fact] == ["borrowed_on", "member", "returned_on"]
    assert found[-1][0].decision.version == "1.1.0"
    assert found[-1][0].decision.outcome == "free"


def test_a_version_named_is_used() -> None:
    facts = {"borrowed_on": "2024-02-01", "returned_on": "2024-02-20"}
    end, _ = list(interviews(facts, "fee", LOANS, "1.0.0"))[-1]
    assert (end.decision.version, end.decision.outcome) == ("1.0.0", "late")


def test_without_the_day_that_picks_it_even_the_version_stays_open() -> None:
    end, _ = list(interviews({}, "fee", LOANS))[-1]
    assert end.decision.version is None


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["refnd"], "did you mean `refund`?"),
        (["--version", "3.0.0"], "has no version `3.0.0`"),
        (["--policy", "loans"], "no policy `loans`"),
    ],
)
def test_wrong_usage_says_what_to_do(arguments: list[str], error: str) -> None:
    found = ask(*arguments, answers="")
    assert found.exit_code == 1
    assert error in found.stderr
