"""The best question first: fewer questions than in the order of the file, and never more."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from refund_policy.engine.decide import decide
from refund_policy.engine.folder import load_all
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion, Question
from refund_policy.engine.suite import examples

ROOT = Path(__file__).parent.parent
VERSIONS = {
    f"{name} {version.version}": version
    for folder in (ROOT / "policies", ROOT / "tests" / "policies")
    for name, policy in load_all(folder).items()
    for version in policy.versions
}
SAVED = {"mozilla 2.0.0", "refund 1.0.0", "vimeo 2.0.0"}
MOST_CASES = 40

Order = Callable[[tuple[str, ...], Question], str]


def best(missing: tuple[str, ...], _: Question) -> str:
    return missing[0]


def first_in_the_file(missing: tuple[str, ...], question: Question) -> str:
    return next(fact.name for fact in question.facts if fact.name in missing)


def questions_asked(
    version: PolicyVersion, question: Question, facts: Mapping[str, object], order: Order
) -> int:
    known: dict[str, object] = {}
    while (found := decide(version, question, known)).outcome is None:
        name = order(found.missing, question)
        known[name] = facts[name]
    return len(known)


def totals(version: PolicyVersion) -> tuple[int, int]:
    """Return how many questions the cases of a version take, in our order and in the file's."""
    sums = [0, 0]
    for case in examples(version)[:MOST_CASES]:
        question = version.questions[case.question]
        if "error" in case.expect or len(case.facts) < len(question.facts):
            continue
        for at, order in enumerate((best, first_in_the_file)):
            sums[at] += questions_asked(version, question, case.facts, order)
    return sums[0], sums[1]


@pytest.mark.parametrize("name", sorted(VERSIONS))
def test_no_policy_takes_more_questions_than_in_the_order_of_the_file(name: str) -> None:
    ours, plain = totals(VERSIONS[name])
    assert ours <= plain
    assert ours < plain or name not in SAVED


SMALL = """
language: 1
policy: gym
version: 1.0.0
in_force: draft
facts:
  joined_on: {type: date}
  left_on: {type: date}
  plan: {type: choice, options: {day: day, month: month, year: year}}
  member: {type: yes_no}
measures: {days: {days: {from: joined_on, to: left_on}}}
questions:
  refund:
    asks: Do I get my money back?
    outcomes: {paid: {}, kept: {}}
    rules:
      kept: {outcome: kept, says: We keep it.}
      paid:
        when: {all: [member, {plan: {is: year}}, {days: {at_most: 30 days}}]}
        overrides: [kept]
        outcome: paid
        says: We pay it back.
"""


def test_first_comes_the_answer_that_most_often_settles_all() -> None:
    version, _ = load_text(SMALL, "gym.yaml")
    question = version.questions["refund"]
    assert decide(version, question, {}).missing == ("plan", "member", "joined_on", "left_on")
    assert decide(version, question, {"plan": "day"}).outcome == "kept"
