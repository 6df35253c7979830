"""What everything here decides: 10,000 cases of a refund, and how many each rule decides.

A third of them lies on the first or last day of a period.
"""

import random
from datetime import date, timedelta
from decimal import Decimal

from .by_hand import Facts, by_hand

CASES = 10_000
SHARES = {
    "money_back_guarantee": 41,
    "final_sale": 32,
    "request_incomplete": 10,
    "late_report": 7,
    "special_circumstances_review": 6,
    "credits_used": 4,
}
TROUBLES = ("duplicate_charge", "technical_issue", "unauthorized_charge")


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
