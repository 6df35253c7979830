"""The function made of a question, against the interpreter: the same answers, and nothing else."""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from call_loop import EXAMPLES, VERSION
from generate import DOMAINS, KINDS, Data, cases, policies, text
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from large import large
from test_call_loop_oracle import BY_HAND

from refund_policy.engine.compiled import compiled
from refund_policy.engine.decide import Decision, decide, interpreted
from refund_policy.engine.errors import PolicyError
from refund_policy.engine.folder import load
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion, Question
from refund_policy.engine.ready import OFTEN, Quick
from refund_policy.engine.suite import examples
from refund_policy.engine.to_python import to_python

ROOT = Path(__file__).parent
Facts = dict[str, Any]


def made(version: PolicyVersion, question: Question) -> Quick:
    found = compiled(version, question)
    assert found
    return found


def result(answer: Callable[[], Decision | None]) -> object:
    """Return all that there is to an answer, or to the error in its place."""
    try:
        found = answer()
    except PolicyError as error:
        return type(error), str(error), getattr(error, "problems", ())
    return found and {part.name: repr(getattr(found, part.name)) for part in fields(found)}


def shown(found: Decision) -> list[str]:
    """Return each part of a decision as it is written, and its horizon."""
    parts = [repr(getattr(found, part.name)) for part in fields(found) if part.compare]
    return [*parts, repr(found.horizon())]


def assert_same(version: PolicyVersion, question: Question, quick: Quick, facts: Facts) -> bool:
    """Assert that the function agrees where it answers; return whether it does answer."""
    found = quick(facts)
    if found is None:
        return False
    meant = interpreted(version, question, facts)
    assert found == meant
    assert shown(found) == shown(meant)
    return True
