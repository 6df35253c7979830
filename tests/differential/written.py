"""Policies that people wrote, and cases of them: examples, and what lies around each limit."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from call_loop import VERSION
from large import large
from test_call_loop_oracle import GRIDS

from differential.asked import Asked, Facts, in_json
from refund_policy.engine.folder import load
from refund_policy.engine.load import load_text
from refund_policy.engine.model import Fact
from refund_policy.engine.suite import examples
from refund_policy.engine.versions import Policy

TESTS = Path(__file__).parent.parent
LEFT_OUT_OF = 10
BOUNDARIES: Mapping[str, Sequence[Any]] = {
    "bought_on": ("2026-02-27", "2026-02-28", "2026-03-05", "0001-01-01"),
    "asked_on": ("2026-03-02", "2026-03-10", "2026-03-31", "2026-02-28", "9999-12-31"),
    "paid": ("0.00", "0.01", "1.50", "-0.01", "2.00", "9999.99"),
    "share": ("0.00", "0.17", "-1.00", "99.99"),
    "parts": (0, 1, -1, 3, 7),
    "used": (0, 1, -1, 2, 3, 10**17),
    "plan": ("basic", "plus", "pro"),
    "gift": (True, False),
}


def grid(question: str) -> Asked:
    """Return Call Loop's cases around every limit, some of them with a fact left out."""
    draw = Random(7)  # noqa: S311 - no secret
    cases = [dict(in_json(facts)) for facts in GRIDS[question][:: 7 if question == "refund" else 1]]
    lacking = [without(case, draw.choice([*case])) for case in cases[::5]]
    return Asked(Policy("refund", (VERSION,)), question, [*cases, *lacking])


def of_others(folder: Path, question: str) -> Asked:
    """Return the examples of a policy, and the first of them with each fact left out."""
    policy = load(folder)
    every = [case for version in policy.versions for case in examples(version)]
    cases = [in_json(case.facts) for case in every if case.question == question]
    lacking = [without(case, name) for case in cases[:LEFT_OUT_OF] for name in case]
    return Asked(policy, question, [*cases, *lacking])


def without(case: Facts, name: str) -> Facts:
    """Return a case in which a fact is unknown."""
    return {own: value for own, value in case.items() if own != name}


def everything() -> Asked:
    """Return a policy that has everything in it, with values on its limits and beyond."""
    version, _ = load_text((TESTS / "compiled/policy.yaml").read_text("utf-8"), "policy.yaml")
    draw = Random(5)  # noqa: S311 - no secret
    cases = [{name: draw.choice(own) for name, own in BOUNDARIES.items()} for _ in range(1500)]
    return Asked(Policy("everything", (version,)), "ask", cases)


def many_rules(seed: int) -> Asked:
    """Return a policy with many rules, and any cases of it."""
    version, _ = load_text(large(60, 20, seed), "policy.yaml")
    facts, draw = version.questions["ask"].facts, Random(seed)  # noqa: S311 - no secret
    cases = [{fact.name: any_value(fact, draw) for fact in facts} for _ in range(100)]
    return Asked(Policy("large", (version,)), "ask", cases)


def any_value(fact: Fact, draw: Random) -> object:
    """Return some value of a fact."""
    match fact.type.kind:
        case "yes_no":
            return draw.choice([True, False])
        case "choice":
            return draw.choice(fact.type.options)
        case "date":
            return str(date(2026, 1, 1) + timedelta(draw.randrange(60)))
        case "whole_number":
            return draw.randrange(20)
        case _:
            return f"{draw.randrange(300)}.{draw.randrange(10**fact.type.scale)}"


def corpus() -> dict[str, Callable[[], Asked]]:
    """Return the policies of others, by name and question."""
    found: dict[str, Callable[[], Asked]] = {}
    for folder in sorted((TESTS / "policies").glob("*/")):
        for name in dict.fromkeys(name for one in load(folder).asked() for name in one.questions):
            found[f"{folder.name} {name}"] = partial(of_others, folder, name)
    return found


WRITTEN: Mapping[str, Callable[[], Asked]] = {
    **{f"call_loop {name}": partial(grid, name) for name in GRIDS},
    **corpus(),
    "everything": everything,
    **{f"many rules {seed}": partial(many_rules, seed) for seed in range(2)},
}
