"""Small policies of six rules and five facts, sound or with one flaw put into them."""

from random import Random
from typing import Literal

from written import Data, flow, policy_text

Flaw = Literal["none", "gap", "conflict", "dead"]
FLAWS: tuple[Flaw, ...] = ("none", "gap", "conflict", "dead")
PRODUCTS = ["phone", "laptop", "watch"]
FACTS: Data = {
    "product": {"type": "choice", "options": {name: name for name in PRODUCTS}},
    "member": {"type": "yes_no"},
    "ordered_on": {"type": "date"},
    "requested_on": {"type": "date"},
    "price_paid": {"type": "money"},
}
ALWAYS = [
    {"requested_on": {"on_or_after": "ordered_on"}, "else": "Nobody asks before ordering."},
    {"price_paid": {"at_least": "0 USD"}, "else": "No price is below zero."},
]


def small(flaw: Flaw, seed: int) -> str:
    """Return the text of a small policy; each rule overrides all that stand before it here."""
    random = Random(f"{flaw} {seed}")  # noqa: S311 - the same again for the same seed
    rules = sound_rules(random)
    beaten: list[str] = []
    for name, rule in rules.items():
        if beaten:
            rules[name] = {"when": rule["when"], "overrides": [*beaten], **rule}
        beaten.append(name)
    {"none": lambda *_: None, "gap": open_gap, "conflict": clash, "dead": kill}[flaw](rules, random)
    names = [*rules]
    random.shuffle(names)
    return written(random, {name: rules[name] for name in names})


def sound_rules(random: Random) -> dict[str, Data]:
    """Return six rules without a flaw, the weakest first."""
    product, others = random.choice(PRODUCTS), random.sample(PRODUCTS, 2)
    in_time = {"days_since_order": {"at_most": "window"}}
    return {
        "standard": {"outcome": "declined"},
        "in_time": {"when": in_time, "outcome": "refunded", "amount": "price_paid"},
        "swapped": {
            "when": {"all": [{"product": {"is": product}}, in_time]},
            "outcome": "exchanged",
        },
        "members": {
            "when": {"all": ["member", {"days_since_order": {"at_most": "long_window"}}]},
            "outcome": "refunded",
            "amount": {"times": ["price_paid", "share"]},
        },
        "cheap": {"when": {"price_paid": {"less_than": "small_price"}}, "outcome": "declined"},
        "dear": {
            "when": {"all": [{"price_paid": {"more_than": "large_price"}}, listed(random, others)]},
            "outcome": "reviewed",
            "answer_by": {"plus": ["requested_on", "window"]},
        },
    }


def listed(random: Random, products: list[str]) -> Data:
    """Write that the product is one of some, in one of several ways."""
    each = [{"product": {"is": product}} for product in products]
    others = [product for product in PRODUCTS if product not in products]
    ways: list[Data] = [
        {"product": {"one_of": products}},
        {"any": each},
        {"product": {"is_not": others[0]}},
    ]
    return random.choice(ways)


def open_gap(rules: dict[str, Data], random: Random) -> None:
    """Leave a case to no rule: a day between two limits, or one product late."""
    limit = {"days_since_order": {"more_than": "long_window"}}
    product = {"product": {"is_not": random.choice(PRODUCTS)}}
    rules["standard"]["when"] = random.choice([limit, product])
    if random.random() < 0.5:
        rules["standard"]["when"] = {"days_since_order": {"more_than": "window"}}
        for name in ("in_time", "swapped"):
            inside = {"days_since_order": {"less_than": "window"}}
            others = [{"product": {"is_not": random.choice(PRODUCTS)}}] if name == "swapped" else []
            rules[name]["when"] = {"all": [*others, inside]}


def clash(rules: dict[str, Data], random: Random) -> None:
    """Let one rule beat only the weakest, and those above it not beat it for one of them."""
    name = random.choice(["swapped", "members", "cheap", "dear"])
    rules[name]["overrides"] = ["standard"]


def kill(rules: dict[str, Data], random: Random) -> None:
    """Give one rule no case: nothing meets it, or a stronger rule always does as well."""
    name = random.choice(["swapped", "members", "in_time"])
    match random.randrange(3):
        case 0:
            never = {"days_since_order": {"less_than": "0 days"}}
        case 1:
            never = {"days_since_order": {"at_most": "window", "more_than": "long_window"}}
        case _:
            never = {"price_paid": {"less_than": "tiny_price"}}
    rules[name]["when"] = {"all": [never, {"product": {"is": random.choice(PRODUCTS)}}]}


def written(random: Random, rules: dict[str, Data]) -> str:
    """Return a policy as text, a line for each part."""
    window, price = random.choice([3, 7, 14]), random.choice([2, 5, 10])
    terms = {
        "window": f"{window} days",
        "long_window": f"{window + random.choice([1, 2, 9])} days",
        "tiny_price": f"{price - 1} USD",
        "small_price": f"{price} USD",
        "large_price": f"{price * random.choice([1, 4])} USD",
        "share": f"{random.choice([10, 50])} %",
    }
    text = flow(rules)
    parts = {
        "terms": {name: value for name, value in terms.items() if name in text},
        "facts": FACTS,
        "measures": {"days_since_order": {"days": {"from": "ordered_on", "to": "requested_on"}}},
    }
    return policy_text(parts, ALWAYS, rules)
