"""Call Loop's refund policy does what it promises: its cases, and promises by name."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

import pytest
from call_loop import EXAMPLES, OUTCOMES, VERSION, Facts, decided

from refund_policy import CaseError
from refund_policy.engine.explain import explain
from refund_policy.engine.suite import Example, run

# ---------------------------------------------------------------- the cases beside the policy

# The guarantee needs something unused, and `credits_used` nothing: no case meets both.
NEVER_TOGETHER = {("money_back_guarantee", "credits_used")}
RESERVED = {"outcome", "rule", "also", "missing", "holds_until", "then", "error"}


def rule_pairs() -> list[tuple[str, str]]:
    """Return each rule with each rule that it overrides, where both can apply."""
    return [
        (rule.name, beaten)
        for question in VERSION.questions.values()
        for rule in question.rules
        for beaten in sorted(rule.overrides)
        if (rule.name, beaten) not in NEVER_TOGETHER
    ]


@cache
def exercised() -> tuple[set[str], set[str], set[tuple[str, str]]]:
    """Return the outcomes, the rules and the overrides that the cases show at work."""
    outcomes, rules, pairs = set[str](), set[str](), set[tuple[str, str]]()
    for example in EXAMPLES:
        if "outcome" not in example.expect:
            continue
        found = explain(VERSION, VERSION.questions[example.question], example.facts)
        assert found.decision
        outcomes.add(str(found.decision.outcome))
        rules.add(str(found.decision.rule))
        pairs |= {
            (str(found.decision.rule), report.rule)
            for report in found.rules
            if found.decision.rule in report.overridden_by
        }
    return outcomes, rules, pairs


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_case_beside_the_policy_gets_what_it_expects(example: Example) -> None:
    assert run(VERSION, example).differences == ()


def test_there_are_cases_enough_to_read_the_policy_from() -> None:
    assert len(EXAMPLES) >= 60


@pytest.mark.parametrize("outcome", [name for by_name in OUTCOMES.values() for name in by_name])
def test_some_case_ends_in_each_outcome(outcome: str) -> None:
    assert outcome in exercised()[0]


@pytest.mark.parametrize(
    "rule", [rule.name for question in VERSION.questions.values() for rule in question.rules]
)
def test_some_case_is_decided_by_each_rule(rule: str) -> None:
    assert rule in exercised()[1]


@pytest.mark.parametrize("pair", rule_pairs(), ids=" over ".join)
def test_some_case_shows_each_override_at_work(pair: tuple[str, str]) -> None:
    assert pair in exercised()[2]


def test_a_case_that_is_decided_names_its_rule_and_every_output() -> None:
    for example in EXAMPLES:
        if "outcome" in example.expect:
            outputs = OUTCOMES[example.question][str(example.expect["outcome"])]
            named = {name for name in example.expect if name not in RESERVED}
            assert "rule" in example.expect, example.name
            assert named == set(outputs), example.name


# ---------------------------------------------------------------- promises by name

FEE: Facts = {
    "requested_on": "2026-03-31",
    "first_purchase_on": "2026-03-01",
    "charged_on": "2026-03-01",
    "charge_kind": "subscription_fee",
    "amount_paid": "49.00",
    "special_circumstance": "none",
    "account_email_provided": True,
    "charge_details_provided": True,
}
CREDITS: Facts = {
    **FEE,
    "charge_kind": "credit_purchase",
    "amount_paid": "100.00",
    "credits_purchased": 3,
    "credits_unused": 2,
}
DOUBLE: Facts = {
    **FEE,
    "first_purchase_on": "2025-01-01",
    "special_circumstance": "duplicate_charge",
}


def without(facts: Facts, *names: str) -> Facts:
    return {name: value for name, value in facts.items() if name not in names}


def wrong(facts: Facts) -> Sequence[str]:
    with pytest.raises(CaseError) as error:
        decided("refund", facts)
    return [problem.fact for problem in error.value.problems]


def test_day_thirty_is_inside_the_guarantee() -> None:
    assert decided("refund", FEE).rule == "money_back_guarantee"


def test_day_thirty_one_is_outside_the_guarantee() -> None:
    assert decided("refund", {**FEE, "requested_on": "2026-04-01"}).rule == "final_sale"


def test_day_seven_is_in_time_for_a_report() -> None:
    assert decided("refund", {**DOUBLE, "requested_on": "2026-03-08"}).outcome == "review"


def test_day_eight_is_late_for_a_report() -> None:
    assert decided("refund", {**DOUBLE, "requested_on": "2026-03-09"}).rule == "late_report"


def test_money_rounds_half_up_to_the_cent() -> None:
    half = {**CREDITS, "amount_paid": "0.05", "credits_purchased": 2, "credits_unused": 1}
    assert decided("refund", half).outputs == {"refund_amount": Decimal("0.03")}


def test_money_rounds_once_at_the_end() -> None:
    # A price per credit, rounded to 0.01 first, would bring back 98.99.
    many = {**CREDITS, "amount_paid": "99.50", "credits_purchased": 9900, "credits_unused": 9899}
    assert decided("refund", many).outputs == {"refund_amount": Decimal("99.49")}


def test_a_charge_forty_days_old_settles_that_the_guarantee_is_over() -> None:
    old = {**FEE, "requested_on": "2026-04-10"}
    decision = decided("refund", without(old, "first_purchase_on", "charge_kind", "amount_paid"))
    assert decision.rule == "final_sale"


@pytest.mark.parametrize("name", ["account_email_provided", "charge_details_provided"])
def test_nothing_is_approved_by_absence(name: str) -> None:
    decision = decided("refund", without(FEE, name))
    assert (decision.outcome, decision.missing) == (None, (name,))


def test_credits_are_never_asked_for_about_a_fee() -> None:
    known = {"charge_kind": "subscription_fee"}
    assert not {"credits_purchased", "credits_unused"} & set(decided("refund", known).missing)


def test_null_is_wrong_and_not_unknown() -> None:
    assert wrong({**FEE, "amount_paid": None}) == ["amount_paid"]


def test_a_wrong_fact_never_decides_even_where_it_could_not_matter() -> None:
    final = {**FEE, "requested_on": "2026-04-01", "account_email_provided": "perhaps"}
    assert wrong(final) == ["account_email_provided"]


def test_facts_that_exclude_each_other_never_decide_even_through_an_unknown_one() -> None:
    backwards = {**FEE, "requested_on": "2026-02-28"}
    assert wrong(without(backwards, "charged_on")) == ["requested_on"]


def test_everything_wrong_with_a_case_is_said_at_once() -> None:
    broken = {**FEE, "charged_om": "2026-03-01", "amount_paid": "-1.00", "requested_on": "soon"}
    assert set(wrong(broken)) == {"charged_om", "amount_paid", "requested_on"}


def test_an_instant_is_read_as_the_day_in_utc() -> None:
    assert decided("refund", {**FEE, "requested_on": "2026-03-31T23:59:59Z"}).outcome == "approved"
    assert (
        decided("refund", {**FEE, "requested_on": "2026-03-31T23:59:59-01:00"}).rule == "final_sale"
    )


def test_a_decision_says_in_words_why_and_by_which_text_it_was_made() -> None:
    decision = decided("refund", FEE)
    assert decision.reasons
    assert all("30 days" in reason for reason in decision.reasons)
    assert (decision.policy, decision.version) == ("refund", "1.0.0")
    assert str(decision.digest).startswith("sha256:")


def test_the_same_case_is_decided_the_same_again() -> None:
    turned = {name: CREDITS[name] for name in sorted(CREDITS, reverse=True)}
    assert decided("refund", CREDITS) == decided("refund", turned)
