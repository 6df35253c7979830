"""One case at a time: the library beside a function written by hand. Run it: no options.

Both decide the same 10,000 cases, a third of them on the first or last day of a period, in rounds
that take turns; their answers are compared first. Only the ratios carry over to another machine.
"""

import gc
import random
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import Any

from refund_policy import load

Facts = dict[str, Any]
CASES, ROUNDS = 10_000, 15
POLICY = load(Path(__file__).parent.parent / "policies")
SHARES = {
    "money_back_guarantee": 41,
    "final_sale": 32,
    "request_incomplete": 10,
    "late_report": 7,
    "special_circumstances_review": 6,
    "credits_used": 4,
}
TROUBLES = ("duplicate_charge", "technical_issue", "unauthorized_charge")
CENT = Decimal("0.01")
DAYS_TO_ANSWER = {3: 4, 4: 4, 5: 3}


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
        amount = facts["amount_paid"]
        if not fee:
            share = amount * facts["credits_unused"] / facts["credits_purchased"]
            amount = share.quantize(CENT, ROUND_HALF_UP)
        return answer("approved", "money_back_guarantee", amount)
    if review:
        day = asked + timedelta(DAYS_TO_ANSWER.get(asked.weekday(), 2))
        return answer("review", "special_circumstances_review", None, day)
    if trouble:
        return answer("declined", "late_report")
    return answer("declined", "credits_used" if new else "final_sale")


def answer(
    outcome: str, rule: str, amount: Decimal | None = None, respond_by: date | None = None
) -> Facts:
    """Return the answer written by hand."""
    return {"outcome": outcome, "rule": rule, "amount": amount, "respond_by": respond_by}


# ---------------------------------------------------------------- cases


def cases() -> list[Facts]:
    """Return cases in the shares above, in no order."""
    draw = random.Random(1)
    wanted = {rule: CASES * share // 100 for rule, share in SHARES.items()}
    found: list[Facts] = []
    while len(found) < CASES:
        case = one_case(draw)
        rule = by_hand(case)["rule"]
        if wanted[rule]:
            wanted[rule] -= 1
            found.append(case)
    draw.shuffle(found)
    return found


def one_case(draw: random.Random) -> Facts:
    """Return a valid case."""
    asked = date(2025, 1, 1) + timedelta(draw.randrange(700))
    first = draw.choice((draw.choice((0, 29, 30, 31)), draw.randrange(31), draw.randrange(400)))
    charged = draw.choice((min(first, draw.choice((0, 6, 7, 8))), *(draw.randint(0, first),) * 2))
    bought = draw.choice((1, 3, 10, 12))
    return {
        "requested_on": asked,
        "first_purchase_on": asked - timedelta(first),
        "charged_on": asked - timedelta(charged),
        "charge_kind": draw.choice(("subscription_fee", "credit_purchase")),
        "amount_paid": Decimal(draw.randrange(1, 50_000)) / 100 + Decimal("0.00"),
        "credits_purchased": bought,
        "credits_unused": draw.choice((0, draw.randint(0, bought))),
        "special_circumstance": draw.choice(("none", draw.choice(TROUBLES))),
        "account_email_provided": draw.random() < 0.9,
        "charge_details_provided": draw.random() < 0.9,
    }


# ---------------------------------------------------------------- what is measured


def decided(facts: Facts) -> object:
    """Decide, with every fact checked, and get a decision object."""
    return POLICY.decide("refund", facts)


def read(facts: Facts) -> object:
    """Decide, and read what services read."""
    found = POLICY.decide("refund", facts)
    return found.outcome, found.rule, found.outputs, found.reasons


def held(facts: Facts) -> object:
    """Decide, and read until when the decision holds."""
    return POLICY.decide("refund", facts).holds_until


def explained(facts: Facts) -> object:
    """Decide, and write the explanation out as data."""
    return POLICY.explain("refund", facts).as_json()


WAYS: dict[str, tuple[Callable[[Facts], object], int]] = {
    "written by hand": (by_hand, 1),
    "decide": (decided, 1),
    "… and outcome, rule, outputs, reasons read": (read, 1),
    "… and holds_until read": (held, 100),
    "explain, as data": (explained, 100),
}


def compared(found: list[Facts]) -> None:
    """Stop where the two disagree, or where the cases don't lie as they are said to."""
    for facts in found:
        hand, ours = by_hand(facts), POLICY.decide("refund", facts)
        given = ours.outputs.get("refund_amount"), ours.outputs.get("respond_by")
        if (ours.outcome, ours.rule, *given) != tuple(hand.values()):
            sys.exit(f"they disagree: {facts}: {hand}, {ours}")


def mean_of_round(way: Callable[[Facts], object], found: list[Facts]) -> float:
    """Return the time for a case, on average over a round, in microseconds."""
    start = perf_counter_ns()
    for facts in found:
        way(facts)
    return (perf_counter_ns() - start) / len(found) / 1000


def each(way: Callable[[Facts], object], found: list[Facts]) -> Iterator[float]:
    """Yield the time for each case, in microseconds; the clock's own time is in it."""
    for facts in found:
        start = perf_counter_ns()
        way(facts)
        yield (perf_counter_ns() - start) / 1000


def main() -> None:
    """Measure, and print a table."""
    found = cases()
    compared(found)
    gc.disable()
    means: dict[str, list[float]] = {name: [] for name in WAYS}
    singles: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(ROUNDS):
        for name, (way, part) in WAYS.items():
            means[name].append(mean_of_round(way, found[: CASES // part]))
            singles[name] += each(way, found[: CASES // part])
    hand = median(means["written by hand"])
    typical = median(singles["written by hand"])
    print(f"{'µs for a case':45}{'mean':>8}{'× hand':>8}{'median':>8}{'× hand':>8}{'p99':>8}")
    for name in WAYS:
        mean, one = median(means[name]), median(singles[name])
        late = sorted(singles[name])[len(singles[name]) * 99 // 100]
        print(f"{name:45}{mean:8.2f}{mean / hand:8.1f}{one:8.2f}{one / typical:8.1f}{late:8.2f}")


if __name__ == "__main__":
    main()
