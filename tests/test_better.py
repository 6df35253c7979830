"""What a policy says is better for its customers, and what can't change any more."""

import json
from pathlib import Path

import pytest

from refund_policy.engine.folder import load, sealed
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion

OUTCOMES = {"paid": {"outputs": {"amount": "whole_number"}}, "late": {}, "refused": {}}
REFUND = load(Path(__file__).parent.parent / "policies").version("1.0.0")


def version(best_first: object = None, better: str = "", fixed: object = None) -> PolicyVersion:
    """Return a small policy that says these things, and leaves the others out."""
    amount = {"type": "whole_number", **({"better": better} if better else {})}
    question = {
        "outcomes": {**OUTCOMES, "paid": {"outputs": {"amount": amount}}},
        "rules": {"all_of_it": {"outcome": "paid", "amount": "visits"}},
        **({"best_first": best_first} if best_first else {}),
    }
    fact = {"type": "whole_number", **({} if fixed is None else {"fixed": fixed})}
    head = {"language": 1, "policy": "small", "version": "1.0.0", "in_force": "draft"}
    source = {**head, "facts": {"visits": fact}, "questions": {"refund": question}}
    return load_text(json.dumps(source), "small.yaml")[0]


@pytest.mark.parametrize(
    ("best_first", "ranks"),
    [
        (None, [None, None, None]),
        (["paid", "late", "refused"], [0, 1, 2]),
        (["refused", "paid", "late"], [1, 2, 0]),
        (["paid", ["refused", "late"]], [0, 1, 1]),
        ([["paid", "late"], ["refused"]], [0, 0, 1]),
    ],
)
def test_an_outcome_has_its_place_in_best_first(
    best_first: object, ranks: list[int | None]
) -> None:
    found = version(best_first).questions["refund"].outcomes
    assert [outcome.rank for outcome in found] == ranks


def test_a_rule_and_its_question_hold_the_same_outcome() -> None:
    question = version(["refused", "paid", "late"], "more").questions["refund"]
    assert question.rules[0].outcome is question.outcomes[0]


def test_nothing_is_better_and_nothing_fixed_unless_it_is_said() -> None:
    plain = version()
    assert plain.questions["refund"].outcomes[0].outputs[0].better is None
    assert not plain.facts["visits"].fixed
    assert not version(fixed=False).facts["visits"].fixed


def test_what_is_said_is_part_of_what_is_published() -> None:
    said = [
        version(),
        version(["paid", "late", "refused"]),
        version(["late", "paid", "refused"]),
        version(["paid", ["late", "refused"]]),
        version(better="more"),
        version(better="less"),
        version(fixed=True),
    ]
    assert len({found.digest for found in said}) == len(said)
    assert len({sealed(found).split()[1] for found in said}) == 1


def test_what_the_refund_policy_holds_to_be_better() -> None:
    ranks = {
        name: {outcome.name: outcome.rank for outcome in question.outcomes}
        for name, question in REFUND.questions.items()
    }
    assert ranks == {
        "refund": {"approved": 0, "review": 1, "more_information": 2, "declined": 3},
        "cancellation": {"ends_at_cycle_end": 0, "agreement_applies": 1, "ends_now": 2},
        "credits": {"usable": 0, "usable_until_cycle_end": 1, "forfeited": 2, "removed": 2},
    }
    better = {
        output.name: output.better
        for question in REFUND.questions.values()
        for outcome in question.outcomes
        for output in outcome.outputs
    }
    assert better == {
        "refund_amount": "more",
        "respond_by": "earlier",
        "access_until": "later",
        "credits_usable_until": "later",
        "usable_until": "later",
    }


def test_customers_can_change_when_and_what_they_ask_and_tell() -> None:
    assert [name for name, fact in REFUND.facts.items() if not fact.fixed] == [
        "requested_on",
        "account_email_provided",
        "charge_details_provided",
        "refund_requested",
        "subscription_canceled",
    ]
