"""What more rules and more facts cost: in policies that are made here, of one kind in many sizes.

A rule is about one product, of which there are as many as rules divided by ten; so ten rules at
most have to do with a case, however many there are. Facts beyond the first two are flags, of which
each rule reads one.
"""

import gc
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from random import Random
from statistics import median
from time import perf_counter

from refund_policy.engine.load import load_text
from refund_policy.engine.versions import Policy

from .by_hand import Facts
from .rounds import timed
from .tables import table

Size = tuple[int, int]
RULES = ((10, 10), (100, 10), (1000, 10))
FACTS = ((100, 10), (100, 40), (100, 100))
CASES, ROUNDS = 200, 15
HEAD = """\
language: 1
policy: shop
version: 1.0.0
in_force: {{from: beginning}}
facts:
  days: {{type: whole_number, ask: How many days ago was it?}}
  product:
    type: choice
    ask: What is it?
    options: {{{options}}}
{flags}
questions:
  refund:
    asks: Do I get my money back?
    outcomes: {{paid: {{label: paid}}, kept: {{label: kept}}}}
    rules:
      no_refund: {{outcome: kept, says: No.}}
"""
FLAG = "  flag_{n}: {{type: yes_no, ask: Is it so?}}"
RULE = """\
      rule_{n}:
        when: {{all: [{{product: {{is: p_{product}}}}}, {{days: {{is: {day}}}}}, flag_{flag}]}}
        overrides: [no_refund]
        outcome: paid
        says: Yes."""


def policy_text(rules: int, facts: int) -> str:
    """Return a policy of so many rules and facts."""
    flags = facts - 2
    options = ", ".join(f"p_{n}: a product" for n in range(rules // 10))
    lines = [RULE.format(n=n, product=n // 10, day=n % 10, flag=n % flags) for n in range(rules)]
    text = HEAD.format(options=options, flags="\n".join(FLAG.format(n=n) for n in range(flags)))
    return text + "\n".join(lines)


def cases(policy: Policy) -> Iterator[Facts]:
    """Yield cases with all facts that the question has."""
    draw = Random(1)
    facts = policy.versions[0].questions["refund"].facts
    options = [*next(fact.options for fact in facts if fact.name == "product")]
    for _ in range(CASES):
        flags = {fact.name: draw.random() < 0.5 for fact in facts if fact.type.kind == "yes_no"}
        yield {**flags, "days": draw.randrange(12), "product": draw.choice(options)}


def loaded(text: str) -> tuple[Policy, float, float]:
    """Return a policy, the milliseconds to load it, and the mebibytes that it takes."""
    taken = median(load_time(text) for _ in range(3))
    gc.collect()
    tracemalloc.start()
    policy = Policy("shop", (load_text(text, "policy.yaml")[0],))
    gc.collect()
    size = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    return policy, taken, size


def load_time(text: str) -> float:
    """Return the milliseconds to load a policy, its shape checked."""
    start = perf_counter()
    load_text(text, "policy.yaml")
    return (perf_counter() - start) * 1000


def decider(policy: Policy) -> Callable[[Facts], object]:
    """Return the function that decides a case."""
    return partial(policy.decide, "refund")


def measured(sizes: Iterable[Size]) -> str:
    """Return a table of what policies of these sizes take."""
    policies = {
        f"{rules:,} rules, {facts:,} facts": loaded(policy_text(rules, facts))
        for rules, facts in sizes
    }
    ways = {name: decider(policy) for name, (policy, _, _) in policies.items()}
    found = {name: [*cases(policy)] for name, (policy, _, _) in policies.items()}
    times = timed(ways, found, ROUNDS)
    first = next(iter(times.values())).mean
    rows = [
        (
            name,
            f"{times[name].mean:.1f}",
            f"{times[name].mean / first:.1f}",
            f"{taken:.0f}",
            f"{memory:.1f}",
        )
        for name, (_, taken, memory) in policies.items()
    ]
    return table(("a policy of", "µs a case", "× the first", "load ms", "MiB"), rows)
