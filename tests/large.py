"""Big policies, as a firm with many products would write them, and realistic changes to them.

`large` has no gap, no conflict and no dead rule, by the way it is built:

    standard                       always applies
    one section for each product   its rules begin with `product: {is: …}`
      families                     a family overrides the one before it; its rules exclude each
                                   other (options, bands) or agree (exclusions); a flag of its own
                                   opens it, so that it never covers those before it
    exceptions for all products    each of them overrides all that came before

Each rule stands in one line, so that `edits` changes as little as an editor would.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from written import Data, flow, policy_text

CHOICES: Mapping[str, Sequence[str]] = {
    "product": ["phone", "laptop", "tablet", "watch", "camera", "printer", "router", "speaker"],
    "plan": ["free", "basic", "plus", "pro", "business"],
    "region": ["north", "south", "east", "west", "islands", "capital", "coast", "mountains"],
    "channel": ["shop", "web", "app", "partner"],
    "reason": ["defect", "late", "wrong_item", "regret", "duplicate", "damaged"],
    "paid_by": ["card", "invoice", "voucher", "transfer"],
    "customer_group": ["private", "student", "firm", "school", "charity"],
    "condition_of_goods": ["sealed", "opened", "used", "broken"],
}
DATES = ["ordered_on", "paid_on", "shipped_on", "delivered_on", "reported_on", "requested_on"]
AMOUNTS = ["price_paid", "shipping_paid", "deposit", "discount_given", "insurance_paid"]
COUNTS = ["items", "earlier_returns", "months_left", "seats", "complaints"]
FLAGS = ["member", "gift", "opened_box", "first_order", "recalled", "on_sale", "custom_made"]
SPANS, NUMBERS, PRICES = (
    (7, 14, 21, 30, 45, 60, 90),
    (1, 2, 3, 5, 8, 10, 20),
    (10, 25, 50, 100, 250),
)
SHARES = (10, 25, 50, 75, 90)
GLOBAL_SHARE = 20  # one rule in so many is an exception for all products
FAMILY = 5


def named(words: Sequence[str], many: int, prefix: str) -> list[str]:
    """Return so many names: known words first."""
    return [*words, *(f"{prefix}_{n}" for n in range(len(words) + 1, many + 1))][:many]


@dataclass
class Firm:
    """Writes one policy; `used` counts what rules have read, so that nothing is left over."""

    random: Random
    choices: dict[str, Sequence[str]]
    dates: list[str]
    amounts: list[str]
    counts: list[str]
    flags: list[str]
    terms: dict[str, str] = field(default_factory=dict)
    rules: dict[str, Data] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)

    def pick(self, names: Sequence[str], without: Sequence[str] = ()) -> str:
        """Return one of the names that were used least."""
        left = [name for name in names if name not in without] or [*names]
        least = min(self.used.get(name, 0) for name in left)
        found = self.random.choice([name for name in left if self.used.get(name, 0) == least])
        self.used[found] = self.used.get(found, 0) + 1
        return found

    def term(self, kind: str, value: str) -> str:
        """Return the name of a term of this value, new or known."""
        known = [name for name, own in self.terms.items() if own == value and kind in name]
        if known and self.random.random() < 0.8:
            return self.random.choice(known)
        name = f"{kind}_{len(self.terms) + 1}"
        self.terms[name] = value
        return name

    # ------------------------------------------------------------ comparisons

    @property
    def spans(self) -> list[str]:
        """The measures: days from each date to the last one."""
        return [f"days_since_{name.removesuffix('_on')}" for name in self.dates[:-1]]

    def limit(self, name: str) -> str:
        """Return a term to compare a measure, count or amount with."""
        if name in self.spans:
            return self.term("window", f"{self.random.choice(SPANS)} days")
        if name in self.counts:
            return self.term("limit", str(self.random.choice(NUMBERS)))
        return self.term("price", f"{self.random.choice(PRICES)} USD")

    def demand(self, without: Sequence[str] = ()) -> Data | str:
        """Write one more thing that a rule asks for; one span is enough."""
        spans = [] if {*without} & {*self.spans} else self.spans
        numeric = [*spans, *self.counts, *self.amounts]
        match self.random.randrange(6):
            case 0 | 1:
                name = self.pick(numeric, without)
                return {name: {self.random.choice(["at_least", "at_most"]): self.limit(name)}}
            case 2:
                name = self.pick([*self.choices][1:], without)
                some = self.random.sample([*self.choices[name]], 2)
                return {name: {"one_of": some}}
            case 3:
                name = self.pick([*self.choices][1:], without)
                return {"not": {name: {"is": self.random.choice(self.choices[name])}}}
            case 4:
                name, other = self.pick(numeric, without), self.pick([*self.choices][1:], without)
                either = {name: {"more_than": self.limit(name)}}
                return {"any": [either, {other: {"is": self.random.choice(self.choices[other])}}]}
            case _:
                return self.random.choice(["in_time", "worth_it"])

    # ------------------------------------------------------------ outcomes

    def result(self) -> Data:
        """Write an outcome with its outputs."""
        paid = self.pick(self.amounts)
        match self.random.randrange(6):
            case 0 | 1:
                return {"outcome": "refunded", "amount": paid}
            case 2:
                share = self.term("share", f"{self.random.choice(SHARES)} %")
                return {"outcome": "refunded", "amount": {"times": [paid, share]}}
            case 3:
                fee = self.term("price", f"{self.random.choice(PRICES)} USD")
                rest = {"greatest": ["0 USD", {"minus": [paid, fee]}]}
                return {"outcome": "refunded", "amount": rest}
            case 4:
                wait = self.term("window", f"{self.random.choice(SPANS)} days")
                return {"outcome": "reviewed", "answer_by": {"plus": [self.dates[-1], wait]}}
            case _:
                return {"outcome": "exchanged"}

    # ------------------------------------------------------------ rules

    def family(
        self, name: str, many: int, opened: Sequence[Any], beaten: Sequence[str]
    ) -> list[str]:
        """Write rules that exclude each other or agree; each of them overrides `beaten`."""
        match self.random.randrange(3):
            case 0:
                splits, by = self.options(many)
            case 1:
                splits, by = self.bands(many)
            case _:
                splits, by = [self.demand() for _ in range(many)], ""
        agreed = {"outcome": "declined"} if not by else None
        names = []
        for at, split in enumerate(splits):
            more = [self.demand([by])] if by and self.random.random() < 0.6 else []
            names.append(f"{name}_{at + 1}")
            self.rules[names[-1]] = {
                "when": {"all": [*opened, split, *more]},
                "overrides": list(beaten),
                **(agreed or self.result()),
            }
        return names

    def options(self, many: int) -> tuple[list[Any], str]:
        """Write conditions on one option each."""
        wide = [name for name in [*self.choices][1:] if len(self.choices[name]) >= many]
        name = self.pick(wide or [*self.choices][1:])
        options = self.random.sample([*self.choices[name]], min(many, len(self.choices[name])))
        return [{name: {"is": option}} for option in options], name

    def bands(self, many: int) -> tuple[list[Any], str]:
        """Write conditions on one band each of a count of days or of things."""
        name = self.pick([*self.spans, *self.counts])
        spans = name in self.spans
        ends = sorted(self.random.sample(SPANS if spans else NUMBERS, min(many - 1, 6) or 1))
        terms = [
            self.term("window", f"{end} days") if spans else self.term("limit", str(end))
            for end in ends
        ]
        found: list[Data] = [{name: {"at_most": terms[0]}}]
        for low, high in pairwise(terms):
            found.append({name: {"more_than": low, "at_most": high}})
        return ([*found, {name: {"more_than": terms[-1]}}] if many > 1 else found), name

    def write(self, many: int) -> None:
        """Write all rules."""
        self.rules["standard"] = {"outcome": "declined"}
        overall = max(1, many // GLOBAL_SHARE)
        products = self.choices["product"]
        ends: list[str] = []
        for at, product in enumerate(products):
            size = (many - 1 - overall) // len(products)
            size += at < (many - 1 - overall) % len(products)
            ends += self.section(product, size)
        gates = self.flags[len(self.flags) // 2 :]
        before = ends or ["standard"]
        for at in range(overall):
            name = f"for_all_{at + 1}"
            when = [self.pick(gates), self.demand()]
            self.rules[name] = {"when": {"all": when}, "overrides": before, **self.result()}
            before = [name]

    def section(self, product: str, size: int) -> list[str]:
        """Write the rules of one product, and return those of its last family."""
        before, at = ["standard"], 0
        taken: list[str] = []
        gates = self.flags[: len(self.flags) // 2]
        while size > 0:
            gate = [self.pick(gates, taken)] if at else []
            taken += gate
            opened = [{"product": {"is": product}}, *gate]
            names = self.family(f"{product}_{chr(97 + at)}", min(size, FAMILY), opened, before)
            before, size, at = names, size - len(names), at + 1
        return before if before != ["standard"] else []


# ---------------------------------------------------------------- the text


def large(rules: int = 200, facts: int = 40, seed: int = 1) -> str:
    """Return the text of a policy with so many rules and about so many facts."""
    firm = firm_of(facts, Random(seed))  # noqa: S311 - the same again for the same seed
    firm.write(rules)
    return written(firm)


def firm_of(facts: int, random: Random) -> Firm:
    """Return a firm that asks for so many facts."""
    choices = named([*CHOICES], max(2, facts // 5), "category")
    dates, amounts = max(2, facts * 3 // 20), max(1, facts // 8)
    counts = max(1, facts // 8)
    letters = [f"kind_{letter}" for letter in "abcdef"]
    return Firm(
        random,
        {name: CHOICES.get(name, letters) for name in choices},
        [*named(DATES[:-1], dates - 1, "date"), DATES[-1]],
        named(AMOUNTS, amounts, "amount"),
        named(COUNTS, counts, "count"),
        named(FLAGS, max(2, facts - len(choices) - dates - amounts - counts), "flag"),
    )


def written(firm: Firm) -> str:
    """Return a policy as text, a line for each part; what no rule reads is left out."""
    conditions = {
        "in_time": {firm.spans[0]: {"at_most": "120 days"}},
        "worth_it": {firm.amounts[0]: {"more_than": "5 USD"}},
    }
    conditions = kept(conditions, firm.rules)
    since = zip(firm.spans, firm.dates, strict=False)
    measures: Data = {name: {"days": {"from": day, "to": firm.dates[-1]}} for name, day in since}
    measures = kept(measures, firm.rules, conditions)
    facts = kept(facts_of(firm), firm.rules, conditions, measures)
    parts = {
        "terms": firm.terms,
        "facts": facts,
        "measures": measures,
        "conditions": conditions,
    }
    return policy_text(parts, always(firm, facts), firm.rules)


def facts_of(firm: Firm) -> Data:
    """Return the facts as they are declared."""
    facts: Data = {}
    for name, options in firm.choices.items():
        words = {option: option.replace("_", " ") for option in options}
        facts[name] = {"type": "choice", "options": words}
    kinds = {"date": firm.dates, "money": firm.amounts}
    kinds |= {"whole_number": firm.counts, "yes_no": firm.flags}
    return facts | {name: {"type": kind} for kind, names in kinds.items() for name in names}


def always(firm: Firm, facts: Data) -> list[Data]:
    """Write what no valid case breaks: dates follow each other, nothing is below zero."""
    days = [name for name in firm.dates if name in facts]
    found: list[Data] = [
        {later: {"on_or_after": earlier}, "else": f"Not {later.replace('_', ' ')} so early."}
        for earlier, later in pairwise(days)
    ]
    zeros = {**dict.fromkeys(firm.amounts, "0 USD"), **dict.fromkeys(firm.counts, 0)}
    least = {name: zero for name, zero in zeros.items() if name in facts}
    return found + [{n: {"at_least": zero}, "else": "Not below zero."} for n, zero in least.items()]


def kept(entries: Data, *readers: Data) -> Data:
    """Return the entries that a reader names."""
    words = {word for reader in readers for word in re.findall(r"\w+", flow(reader))}
    return {name: entry for name, entry in entries.items() if name in words}
