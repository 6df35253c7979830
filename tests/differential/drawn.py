"""Policies in several versions, and cases of them: at every limit, incomplete, and wrong."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import Any

from generate import DOMAINS, KINDS, Data, Draw, policies, text
from generated_words import DATES
from hypothesis import strategies as st
from small_world import domains

from differential.asked import Asked, Facts
from refund_policy.engine.load import load_text
from refund_policy.engine.model import Fact, Kind
from refund_policy.engine.values import as_json
from refund_policy.engine.versions import Policy

QUESTION = "ask"
UNITS = ("days", "months", "business_days")
PICKS = "first_day"
STARTS: Mapping[str, Data] = {
    "date": {"on_or_after": DATES[2]},
    "number": {"at_least": 1},
    "money": {"more_than": "0.01 USD"},
    "rate": {"at_most": 0.1},
    "yes_no": {"is": True},
    "choice": {"one_of": ["red", "blue"]},
}

# ---------------------------------------------------------------- policies


@st.composite
def versions(draw: Draw) -> list[Data]:
    """Draw a policy in one to three versions, which may start on a day, and for some cases."""
    many = draw(st.sampled_from([1, 2, 1, 3]))
    found = []
    for number in range(many):
        crowded = draw(st.sampled_from([False] * 7 + [True]))
        needed = [PICKS] if many > 1 else []
        policy = draw(policies(units=UNITS, needed=needed, crowded=crowded))
        policy["version"] = f"1.{number}.0"
        if draw(st.sampled_from([False, False, True])):
            policy["always"] = [one for one in policy.get("always", ()) if not is_bound(one)]
        if number and "rate" in policy["facts"]:
            policy["facts"] = {**policy["facts"], "rate": {"type": "decimal", "scale": 2}}
        if many > 1:
            policy["questions"][QUESTION]["version_by"] = PICKS
            policy["in_force"] = draw(starts(policy, number))
        found.append(policy)
    return found


def is_bound(requirement: Data) -> bool:
    """Return whether a requirement only keeps a fact within its few values."""
    return str(requirement["else"]).endswith("is out of bounds.")


@st.composite
def starts(draw: Draw, policy: Data, number: int) -> Any:  # noqa: ANN401 - YAML
    """Draw from when a version is in force."""
    days = draw(st.lists(st.sampled_from(DATES), min_size=2, max_size=2))
    if draw(st.booleans()):
        return {"from": days[0] if number or draw(st.booleans()) else "beginning"}
    name = draw(st.sampled_from([*policy["facts"]]))
    when = {name: STARTS[KINDS[name]]}
    found = [{"from": days[0], "when": when}, {"from": days[1], "when": {"not": when}}]
    return found[: draw(st.sampled_from([2, 2, 1]))]


def loaded(policy: Sequence[Data]) -> Policy:
    """Return a policy in its versions; raises PolicyError where something is wrong with it."""
    found = [load_text(text(version), "small.yaml")[0] for version in policy]
    return Policy(found[0].name, tuple(found))


# ---------------------------------------------------------------- cases

FAR: Mapping[Kind, Sequence[Any]] = {
    "yes_no": ["yes", "no"],
    "choice": ["red"],
    "date": ["2024-02-29", "2025-12-31", "2026-01-31", "0001-01-01", "9999-12-31"],
    "whole_number": [10**6, -(10**6), 10**17, -(10**18) + 1],
    "decimal": ["-0.1", "123456.7", "9999999999999999.9"],
    "money": ["-0.01", "-1.00", "123456.78", "999999999999999.00", "9999999999999999.99", 1, 0],
}
WRONG: Sequence[Any] = (
    *("", "x", "YES", "NaN", "1e3", "0.001", "-", " 1", "1.", "2026-02-30", "2026-2-7"),
    *("2026-02-27T23:30:00-05:00", "2026-02-27T23:30:00", "Infinity", "é", '"', "a,b"),
    *(None, True, 0, 1, 3.0, 0.5, 10**20, [1], {"a": 1}),
)
UNKNOWN = ("colur", "first_day_of_all", "row")


def asked(policy: Policy, many: int, draw: Random, question: str = QUESTION) -> Asked:
    """Draw cases of a policy's question."""
    alone = Asked(policy, question, ())
    values = near(alone)
    return Asked(policy, question, [case(alone.facts, values, draw) for _ in range(many)])


def near(asked_: Asked) -> dict[str, list[Any]]:
    """Return the values of each fact that lie on a figure of the policy, or one beside."""
    questions = [version.questions[asked_.question] for version in asked_.versions]
    around = domains(*questions)
    return {
        name: [
            *(as_json(value, fact.type) for value in around[name] if fits(value, fact)),
            *DOMAINS.get(KINDS.get(name, ""), ()),
        ]
        for name, fact in asked_.facts.items()
    }


def fits(value: object, fact: Fact) -> bool:
    """Return whether a value has no more digits than its fact."""
    return not isinstance(value, Fraction) or (value * 10**fact.type.scale).denominator == 1


def case(facts: Mapping[str, Fact], values: Mapping[str, Sequence[Any]], draw: Random) -> Facts:
    """Draw a case: most are complete, some lack facts, some have something wrong or far away."""
    found = {name: draw.choice(values[name]) for name in facts}
    names = draw.sample([*found], len(found))
    kind = draw.random()
    if kind < 0.25:
        for name in names[: draw.randint(1, max(1, len(names)))]:
            found.pop(name)
    for name in [one for one in found if draw.random() < 0.02]:
        found[name] = draw.choice(FAR[facts[name].type.kind])
    if kind > 0.9 and found:
        found[draw.choice([*found])] = draw.choice(WRONG)
    if kind > 0.99:
        found[draw.choice(UNKNOWN)] = draw.choice([True, "x", None])
    return found
