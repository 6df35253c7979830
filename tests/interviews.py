"""Cases to be asked for fact by fact, and what answers from them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from refund_policy import Policy, load
from refund_policy.engine.ask import Interview, answered, begin, due
from refund_policy.engine.cli import main
from refund_policy.engine.model import Fact

ROOT = Path(__file__).parent.parent
POLICIES = str(ROOT / "policies")
POLICY = load(POLICIES, policy="refund")

Facts = Mapping[str, Any]
FEE: Facts = {
    "requested_on": "2026-01-31",
    "first_purchase_on": "2026-01-01",
    "charged_on": "2026-01-02",
    "charge_kind": "subscription_fee",
    "amount_paid": "49.00",
    "credits_purchased": "10",
    "credits_unused": "4",
    "special_circumstance": "none",
    "account_email_provided": "yes",
    "charge_details_provided": "yes",
}
LATE = {**FEE, "requested_on": "2026-03-01"}
CREDITS = {**FEE, "charge_kind": "credit_purchase"}
INCOMPLETE = {**FEE, "charge_details_provided": "no"}
REPORTED = {**LATE, "special_circumstance": "duplicate_charge", "charged_on": "2026-02-26"}
CANCEL: Facts = {
    "requested_on": "2026-01-10",
    "billing_cycle_ends_on": "2026-01-31",
    "longer_term_agreement": "no",
    "refund_requested": "no",
    "subscription_canceled": "yes",
}
REFUNDED = {**CANCEL, "refund_requested": "yes"}
AGREED = {**CANCEL, "longer_term_agreement": "yes"}
ACTIVE = {**CANCEL, "subscription_canceled": "no"}


def interviews(
    facts: Facts, question: str | None, policy: Policy = POLICY, number: str | None = None
) -> Iterator[tuple[Interview, Fact | None]]:
    """Answer from a case; an unknown fact is a "don't know". Yield each state and what is due."""
    now = begin(policy, question, number)
    while fact := due(now):
        yield now, fact
        now = answered(now, fact, written(facts.get(fact.name, "?")))
    yield now, None


def written(given: object) -> str:
    """Return a value of a case as people write it."""
    return {True: "yes", False: "no"}[given] if isinstance(given, bool) else str(given)


def asked(facts: Facts, question: str = "refund") -> list[str]:
    """Return the facts that are asked, in order."""
    return [fact.name for _, fact in interviews(facts, question) if fact]


def typed(facts: Facts, question: str = "refund") -> str:
    """Return a case as the lines to answer with."""
    return "".join(f"{facts[name]}\n" for name in asked(facts, question))


def ask(*arguments: str, answers: str | bytes) -> Result:
    return CliRunner().invoke(main, ["ask", *arguments, "--policies", POLICIES], input=answers)
