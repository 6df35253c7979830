"""The refund as a careful person would write it in Python: what all else is compared with."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Facts = dict[str, Any]
CENT = Decimal("0.01")
DAYS_TO_ANSWER = {3: 4, 4: 4, 5: 3}
FIRST: Facts = {
    "requested_on": date(2026, 3, 20),
    "first_purchase_on": date(2026, 3, 1),
    "charged_on": date(2026, 3, 5),
    "charge_kind": "credit_purchase",
    "amount_paid": Decimal("100.00"),
    "credits_purchased": 300,
    "credits_unused": 200,
    "special_circumstance": "none",
    "account_email_provided": True,
    "charge_details_provided": True,
}


def by_hand(facts: Facts) -> Facts:
    """Decide a case as a careful person would write it who checks no fact."""
    asked = facts["requested_on"]
    fee = facts["charge_kind"] == "subscription_fee"
    new = (asked - facts["first_purchase_on"]).days <= 30
    trouble = facts["special_circumstance"] != "none"
    review = trouble and (asked - facts["charged_on"]).days <= 7
    guaranteed = new and (fee or facts["credits_unused"] > 0)
    told = facts["account_email_provided"] and facts["charge_details_provided"]
    if (guaranteed or review) and not told:
        return answer("more_information", "request_incomplete")
    if guaranteed:
        return answer("approved", "money_back_guarantee", amount_of(facts))
    if review:
        return answer("review", "special_circumstances_review", None, day_of(facts))
    if trouble:
        return answer("declined", "late_report")
    return answer("declined", "credits_used" if new else "final_sale")


def answer(
    outcome: str, rule: str, amount: Decimal | None = None, respond_by: date | None = None
) -> Facts:
    """Return the answer written by hand."""
    return {"outcome": outcome, "rule": rule, "amount": amount, "respond_by": respond_by}


def amount_of(facts: Facts) -> Decimal:
    """Return what is refunded: a whole fee, or what the unused credits cost."""
    paid: Decimal = facts["amount_paid"]
    if facts["charge_kind"] == "subscription_fee":
        return paid
    share: Decimal = paid * facts["credits_unused"] / facts["credits_purchased"]
    return share.quantize(CENT, ROUND_HALF_UP)


def day_of(facts: Facts) -> date:
    """Return the day by which a charge is reviewed: the second business day."""
    asked: date = facts["requested_on"]
    return asked + timedelta(DAYS_TO_ANSWER.get(asked.weekday(), 2))
