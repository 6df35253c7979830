"""Errors and decisions survive a trip to another process, with all that they say."""

import pickle
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict

import pytest

from refund_policy import (
    CalculationError,
    CaseError,
    ConflictError,
    Finding,
    GapError,
    PolicyError,
    Problem,
    SourceError,
    VersionError,
    Where,
    load,
)
from refund_policy.engine.errors import (
    LanguageError,
    MissingError,
    NoGitError,
    TableError,
    TargetError,
    UnusualTextError,
)

FINDING = Finding(code="bad-value", where=Where("p.yaml", 2, 3), message="wrong", hint="mend it")
ERRORS = [
    SourceError([FINDING]),
    CaseError([Problem("day", "`day` is wrong")]),
    VersionError("none"),
    GapError("none"),
    ConflictError("two"),
    CalculationError("a division by zero"),
    MissingError("no such path"),
    NoGitError("no git"),
    TableError("too large"),
    LanguageError("no words"),
    TargetError("no folder"),
    UnusualTextError("odd quotes"),
]


def test_every_error_is_tried_here() -> None:
    assert {type(error) for error in ERRORS} == set(kinds(PolicyError))


def kinds(error: type[PolicyError]) -> Iterator[type[PolicyError]]:
    """Yield all kinds of an error."""
    for kind in error.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_keeps_what_it_says(error: PolicyError) -> None:
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert str(copied) == str(error)
    assert copied.__dict__ == error.__dict__


def test_a_decision_can_be_copied_hashed_and_pickled_but_not_changed() -> None:
    facts = {"refund_requested": True, "requested_on": "2026-01-01"}
    decision = load().decide("cancellation", facts)
    assert pickle.loads(pickle.dumps(decision)) == decision  # noqa: S301 - our own
    assert deepcopy(decision) == decision
    assert hash(deepcopy(decision)) == hash(decision)
    assert asdict(decision)["outputs"] == decision.outputs
    with pytest.raises(TypeError, match="can't be changed"):
        decision.outputs["access_until"] = "later"  # type: ignore[index]


@pytest.mark.parametrize("facts", [[], "x", None, 1])
def test_a_case_that_is_no_mapping_is_a_case_error(facts: object) -> None:
    with pytest.raises(CaseError, match="a case is a mapping of facts to values"):
        load().decide("refund", facts)  # type: ignore[arg-type]
