"""The refund policy a second time, by hand: both readings agree on every case."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import product

import pytest
from call_loop import (
    CIRCUMSTANCES,
    KINDS,
    RULES,
    VERSION,
    Answer,
    Facts,
    answered,
    decided,
    properties,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from refund_policy.engine.decide import decide


def refund(facts: Facts) -> Answer:
    """Answer as the policy's text reads, not as its rules are written."""
    asked, charged = facts["requested_on"], facts["charged_on"]
    new_customer = (asked - facts["first_purchase_on"]).days <= 30
    reported_in_time = (asked - charged).days <= 7
    trouble = facts["special_circumstance"] != "none"
    is_fee = facts["charge_kind"] == "subscription_fee"
    guaranteed = new_customer and (is_fee or facts["credits_unused"] > 0)
    reachable = facts["account_email_provided"] and facts["charge_details_provided"]
    if (guaranteed or (trouble and reported_in_time)) and not reachable:
        return "more_information", "request_incomplete", {}
    if guaranteed:
        return "approved", "money_back_guarantee", {"refund_amount": amount_back(facts)}
    if trouble and reported_in_time:
        respond_by = second_business_day_after(asked)
        return "review", "special_circumstances_review", {"respond_by": respond_by}
    if trouble:
        return "declined", "late_report", {}
    if new_customer:
        return "declined", "credits_used", {}
    return "declined", "final_sale", {}


def amount_back(facts: Facts) -> Decimal:
    """Return the refund; whole cents all the way, so that nothing is rounded but the result."""
    cents = int(facts["amount_paid"] * 100)
    if facts["charge_kind"] == "credit_purchase":
        bought = facts["credits_purchased"]
        cents = (2 * cents * facts["credits_unused"] + bought) // (2 * bought)
    return Decimal(cents) / 100


def second_business_day_after(day: date) -> date:
    """Return Tuesday for Friday to Sunday, Monday for Thursday, else the day after tomorrow."""
    days_on = {3: 4, 4: 4, 5: 3}
    return day + timedelta(days=days_on.get(day.weekday(), 2))


def cancellation(facts: Facts) -> Answer:
    if facts["refund_requested"]:
        return "ends_now", "refund_ends_access", until(facts["requested_on"])
    if facts["longer_term_agreement"]:
        return "agreement_applies", "longer_term_agreement", {}
    return "ends_at_cycle_end", "cancel_anytime", until(facts["billing_cycle_ends_on"])


def until(day: date) -> dict[str, object]:
    return {"access_until": day, "credits_usable_until": day}


def credits_last(facts: Facts) -> Answer:
    if facts["refund_requested"]:
        return "removed", "refund_removes_credits", {}
    if not facts["subscription_canceled"]:
        return "usable", "credits_last_while_active", {}
    last = facts["billing_cycle_ends_on"]
    if facts["requested_on"] > last:
        return "forfeited", "credits_forfeited", {}
    return "usable_until_cycle_end", "credits_last_until_cycle_end", {"usable_until": last}


BY_HAND = {"refund": refund, "cancellation": cancellation, "credits": credits_last}

# ---------------------------------------------------------------- both readings, around limits

# A Friday, a Saturday and a Sunday; the day after a leap day; a Monday in the new year; and the
# middle of a week.
REQUEST_DAYS = [
    date(2026, 3, 6),
    date(2026, 3, 7),
    date(2026, 3, 8),
    date(2028, 3, 1),
    date(2027, 1, 4),
    date(2026, 7, 15),
]
DAYS_AGO = [0, 1, 6, 7, 8, 29, 30, 31, 32, 366]
CHARGES = [
    ("subscription_fee", Decimal("49.00"), 0, 0),
    ("credit_purchase", Decimal("100.00"), 3, 2),
    ("credit_purchase", Decimal("0.05"), 2, 1),
    ("credit_purchase", Decimal("20.00"), 1, 1),
    ("credit_purchase", Decimal("20.00"), 5, 0),
]
EITHER = [False, True]


def refund_grid() -> Iterator[Facts]:
    ago = [(first, charge) for first, charge in product(DAYS_AGO, DAYS_AGO) if charge <= first]
    for asked, (first, charge), (kind, paid, bought, unused), trouble, email, details in product(
        REQUEST_DAYS, ago, CHARGES, CIRCUMSTANCES, EITHER, EITHER
    ):
        yield {
            "requested_on": asked,
            "first_purchase_on": asked - timedelta(days=first),
            "charged_on": asked - timedelta(days=charge),
            "charge_kind": kind,
            "amount_paid": paid,
            "credits_purchased": bought,
            "credits_unused": unused,
            "special_circumstance": trouble,
            "account_email_provided": email,
            "charge_details_provided": details,
        }


def cancellation_grid() -> Iterator[Facts]:
    for asked, days_left, agreement, wants_refund in product(
        REQUEST_DAYS, [0, 1, 30], EITHER, EITHER
    ):
        yield {
            "requested_on": asked,
            "billing_cycle_ends_on": asked + timedelta(days=days_left),
            "longer_term_agreement": agreement,
            "refund_requested": wants_refund,
        }


def credits_grid() -> Iterator[Facts]:
    for asked, days_left, canceled, wants_refund in product(
        REQUEST_DAYS, [-30, -1, 0, 1, 30], EITHER, EITHER
    ):
        yield {
            "requested_on": asked,
            "billing_cycle_ends_on": asked + timedelta(days=days_left),
            "subscription_canceled": canceled,
            "refund_requested": wants_refund,
        }


GRIDS = {
    "refund": list(refund_grid()),
    "cancellation": list(cancellation_grid()),
    "credits": list(credits_grid()),
}


@pytest.mark.parametrize("question", GRIDS)
def test_both_readings_agree_around_every_limit(question: str) -> None:
    for facts in GRIDS[question]:
        assert answered(question, facts) == BY_HAND[question](facts), facts


@pytest.mark.parametrize("question", GRIDS)
def test_the_grid_meets_every_rule(question: str) -> None:
    assert {BY_HAND[question](facts)[1] for facts in GRIDS[question]} == set(RULES[question])


def test_the_order_of_rules_never_changes_a_decision() -> None:
    for name, question in VERSION.questions.items():
        turned = replace(question, rules=question.rules[::-1])
        for facts in GRIDS[name][::17]:
            assert decide(VERSION, turned, facts) == decide(VERSION, question, facts)


# ---------------------------------------------------------------- both readings, on any case

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
gaps = st.one_of(st.sampled_from(DAYS_AGO), st.integers(0, 800)).map(timedelta)
amounts = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
yes_or_no = st.booleans()


@st.composite
def refund_cases(draw: st.DrawFn) -> Facts:
    charged = draw(days)
    kind = draw(st.sampled_from(KINDS))
    bought = draw(st.integers(1, 2000))
    # What a fee says of credits doesn't matter, even where no purchase could say it.
    bounds = (0, bought) if kind == "credit_purchase" else (-5, 5000)
    return {
        "first_purchase_on": charged - draw(gaps),
        "charged_on": charged,
        "requested_on": charged + draw(gaps),
        "charge_kind": kind,
        "amount_paid": draw(amounts),
        "credits_purchased": bought,
        "credits_unused": draw(st.one_of(st.just(0), st.integers(*bounds))),
        "special_circumstance": draw(st.sampled_from(CIRCUMSTANCES)),
        "account_email_provided": draw(yes_or_no),
        "charge_details_provided": draw(yes_or_no),
    }


@st.composite
def cancellation_cases(draw: st.DrawFn) -> Facts:
    asked = draw(days)
    return {
        "requested_on": asked,
        "billing_cycle_ends_on": asked + draw(gaps),
        "longer_term_agreement": draw(yes_or_no),
        "refund_requested": draw(yes_or_no),
    }


@st.composite
def credits_cases(draw: st.DrawFn) -> Facts:
    ends = draw(days)
    return {
        "requested_on": ends + draw(st.sampled_from([-1, 1])) * draw(gaps),
        "billing_cycle_ends_on": ends,
        "subscription_canceled": draw(yes_or_no),
        "refund_requested": draw(yes_or_no),
    }


cases = st.one_of(
    st.tuples(st.just("refund"), refund_cases()),
    st.tuples(st.just("refund"), refund_cases()),
    st.tuples(st.just("cancellation"), cancellation_cases()),
    st.tuples(st.just("credits"), credits_cases()),
)


@given(cases)
@settings(properties, max_examples=500)
def test_both_readings_agree_on_any_case(asked: tuple[str, Facts]) -> None:
    question, facts = asked
    assert answered(question, facts) == BY_HAND[question](facts)


@given(cases, st.times())
@properties
def test_a_case_may_be_written_as_text_with_instants_for_days(
    asked: tuple[str, Facts], clock: time
) -> None:
    question, facts = asked
    assert answered(question, written(facts, clock)) == BY_HAND[question](facts)


def written(facts: Facts, clock: time) -> Facts:
    """Return facts as a service sends them in JSON, dates as moments of that day in UTC."""
    return {
        name: datetime.combine(value, clock, UTC).isoformat()
        if isinstance(value, date)
        else str(value)
        if isinstance(value, Decimal)
        else value
        for name, value in facts.items()
    }


# ---------------------------------------------------------------- unknown facts


@st.composite
def half_known(draw: st.DrawFn) -> tuple[str, Facts, Facts]:
    """Return a question, a whole case, and the same case with some facts unknown."""
    question, facts = draw(cases)
    unknown = draw(st.sets(st.sampled_from(sorted(facts))))
    return question, facts, {name: facts[name] for name in facts if name not in unknown}


@given(half_known())
@properties
def test_a_decision_on_half_a_case_is_the_decision_on_the_whole(
    asked: tuple[str, Facts, Facts],
) -> None:
    question, facts, known = asked
    decision = decided(question, known)
    if decision.outcome:
        assert decision == decided(question, facts)
    else:
        assert set(decision.missing) <= set(facts) - set(known)


@given(half_known())
@properties
def test_whoever_answers_what_is_missing_gets_the_decision(
    asked: tuple[str, Facts, Facts],
) -> None:
    question, facts, known = asked
    answers = {name: facts[name] for name in decided(question, known).missing}
    assert decided(question, {**known, **answers}) == decided(question, facts)


@given(cases)
@properties
def test_a_single_unknown_fact_is_asked_for_or_cannot_matter(asked: tuple[str, Facts]) -> None:
    question, facts = asked
    for name in facts:
        decision = decided(question, {other: facts[other] for other in facts if other != name})
        assert decision.missing == (name,) or decision == decided(question, facts)
