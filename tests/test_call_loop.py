"""Call Loop's refund policy does what it promises: compared with a second, hand-written reading."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refund_policy import CaseError, Decision, load
from refund_policy.engine.decide import decide
from refund_policy.engine.explain import explain
from refund_policy.engine.suite import Example, examples, run

POLICY = load(policy="refund")
VERSION = POLICY.version("1.0.0")
EXAMPLES = examples(VERSION)

Facts = Mapping[str, Any]
Answer = tuple[str, str, dict[str, object]]  # outcome, rule, outputs
properties = settings(deadline=None, max_examples=200)


def decided(question: str, facts: Facts) -> Decision:
    return POLICY.decide(question, facts, version="1.0.0")


def answered(question: str, facts: Facts) -> Answer:
    decision = decided(question, facts)
    return str(decision.outcome), str(decision.rule), dict(decision.outputs)


# ---------------------------------------------------------------- the names that services build on

DATE = ("date", ())
YES_NO = ("yes_no", ())
WHOLE = ("whole_number", ())
KINDS = ("subscription_fee", "credit_purchase")
CIRCUMSTANCES = ("none", "duplicate_charge", "technical_issue", "unauthorized_charge")

FACTS = {
    "refund": {
        "requested_on": DATE,
        "first_purchase_on": DATE,
        "charged_on": DATE,
        "charge_kind": ("choice", KINDS),
        "amount_paid": ("money", ()),
        "credits_purchased": WHOLE,
        "credits_unused": WHOLE,
        "special_circumstance": ("choice", CIRCUMSTANCES),
        "account_email_provided": YES_NO,
        "charge_details_provided": YES_NO,
    },
    "cancellation": {
        "requested_on": DATE,
        "billing_cycle_ends_on": DATE,
        "longer_term_agreement": YES_NO,
        "refund_requested": YES_NO,
    },
    "credits": {
        "requested_on": DATE,
        "billing_cycle_ends_on": DATE,
        "refund_requested": YES_NO,
        "subscription_canceled": YES_NO,
    },
}
OUTCOMES = {
    "refund": {
        "approved": {"refund_amount": "money"},
        "review": {"respond_by": "date"},
        "more_information": {},
        "declined": {},
    },
    "cancellation": {
        "ends_at_cycle_end": {"access_until": "date", "credits_usable_until": "date"},
        "agreement_applies": {},
        "ends_now": {"access_until": "date", "credits_usable_until": "date"},
    },
    "credits": {
        "usable": {},
        "usable_until_cycle_end": {"usable_until": "date"},
        "forfeited": {},
        "removed": {},
    },
}
# Each rule with its outcome and the rules that it overrides, by way of another one included.
RULES = {
    "refund": {
        "final_sale": ("declined", set()),
        "credits_used": ("declined", {"final_sale"}),
        "late_report": ("declined", {"final_sale", "credits_used"}),
        "special_circumstances_review": ("review", {"final_sale", "credits_used"}),
        "money_back_guarantee": (
            "approved",
            {"final_sale", "credits_used", "late_report", "special_circumstances_review"},
        ),
        "request_incomplete": (
            "more_information",
            {
                "final_sale",
                "credits_used",
                "late_report",
                "special_circumstances_review",
                "money_back_guarantee",
            },
        ),
    },
    "cancellation": {
        "cancel_anytime": ("ends_at_cycle_end", set()),
        "longer_term_agreement": ("agreement_applies", {"cancel_anytime"}),
        "refund_ends_access": ("ends_now", {"cancel_anytime", "longer_term_agreement"}),
    },
    "credits": {
        "credits_last_while_active": ("usable", set()),
        "credits_last_until_cycle_end": ("usable_until_cycle_end", set()),
        "credits_forfeited": ("forfeited", set()),
        "refund_removes_credits": (
            "removed",
            {"credits_last_while_active", "credits_last_until_cycle_end", "credits_forfeited"},
        ),
    },
}
PICKED_BY = {
    "refund": ("charged_on", "requested_on"),
    "cancellation": ("requested_on", "requested_on"),
    "credits": ("requested_on", "requested_on"),
}


def test_facts_have_the_names_types_and_options_that_services_know() -> None:
    found = {
        name: {fact.name: (fact.type.kind, fact.type.options) for fact in question.facts}
        for name, question in VERSION.questions.items()
    }
    assert found == FACTS


def test_outcomes_have_the_names_and_outputs_that_services_know() -> None:
    found = {
        name: {
            outcome.name: {output.name: output.type.kind for output in outcome.outputs}
            for outcome in question.outcomes
        }
        for name, question in VERSION.questions.items()
    }
    assert found == OUTCOMES


def test_rules_have_the_names_outcomes_and_overrides_of_the_policy() -> None:
    found = {
        name: {rule.name: (rule.outcome.name, set(rule.overrides)) for rule in question.rules}
        for name, question in VERSION.questions.items()
    }
    assert found == RULES


def test_questions_pick_the_version_and_run_by_the_dates_of_the_policy() -> None:
    found = {
        name: (
            question.version_by and question.version_by.name,
            question.clock and question.clock.name,
        )
        for name, question in VERSION.questions.items()
    }
    assert found == PICKED_BY


def test_the_first_question_is_about_refunds() -> None:
    assert list(VERSION.questions) == ["refund", "cancellation", "credits"]


# ---------------------------------------------------------------- the cases beside the policy

# The guarantee needs something unused, and `credits_used` nothing: no case meets both.
NEVER_TOGETHER = {("money_back_guarantee", "credits_used")}
RESERVED = {"outcome", "rule", "also", "missing", "error"}


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


# ---------------------------------------------------------------- the policy a second time, by hand


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


# ---------------------------------------------------------------- words for customers


def sentences() -> list[str]:
    """Return each sentence of the rules and notes, terms in place of their names."""
    said = [rule.says for question in VERSION.questions.values() for rule in question.rules]
    said += [note.says or note.interpretation for note in VERSION.notes]
    texts = [" ".join(text.split()) for text in said]
    for name, term in VERSION.terms.items():
        texts = [text.replace(f"{{{name}}}", term.text.replace(".", "")) for text in texts]
    return [
        part.strip(" .?") for text in texts for part in text.replace("?", ".").split(".") if part
    ]


def test_every_rule_speaks_to_the_customer() -> None:
    silent = [
        rule.name
        for question in VERSION.questions.values()
        for rule in question.rules
        if not rule.says
    ]
    assert silent == []


def test_a_sentence_has_at_most_twenty_five_words() -> None:
    assert [sentence for sentence in sentences() if len(sentence.split()) > 25] == []
