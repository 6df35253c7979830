"""Call Loop's refund policy under test, and the names that services build on."""

from collections.abc import Mapping
from typing import Any

from hypothesis import settings

from refund_policy import Decision, load
from refund_policy.engine.suite import examples

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
