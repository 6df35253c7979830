"""Refund terms of several companies and the taxes of a made-up country, each with cases."""

from pathlib import Path

import pytest

from refund_policy.engine.check import check_folder
from refund_policy.engine.folder import load
from refund_policy.engine.suite import examples, run_folder

POLICIES = Path(__file__).parent / "policies"
CASES = {
    "amazon_prime": {"1.0.0": 4},
    "bumble": {"1.0.0": 10},
    "country_template": {"1.0.0": 46},
    "github": {"1.0.0": 1},
    "instacart_plus": {"1.0.0": 5},
    "mozilla": {"1.0.0": 3, "2.0.0": 13},
    "overleaf": {"1.0.0": 1, "2.0.0": 2},
    "starlink": {"1.0.0": 5},
    "vimeo": {"1.0.0": 9, "2.0.0": 16},
    "wordpress_eu": {"1.0.0": 2},
}
ELSEWHERE = {"tau_airline", "tau_retail"}  # see test_tau.py
SEVERAL_VERSIONS = [name for name, counts in CASES.items() if len(counts) > 1]


def test_every_policy_is_listed() -> None:
    assert {folder.name for folder in POLICIES.iterdir()} == CASES.keys() | ELSEWHERE


@pytest.mark.parametrize("policy", CASES)
def test_the_check_finds_nothing(policy: str) -> None:
    assert check_folder(POLICIES / policy) == ()


@pytest.mark.parametrize("policy", CASES)
def test_every_case_gets_what_it_expects(policy: str) -> None:
    failed = [result for result in run_folder(POLICIES / policy) if not result.passed]
    assert [(result.example.name, result.differences) for result in failed] == []


@pytest.mark.parametrize("policy", CASES)
def test_no_case_is_lost(policy: str) -> None:
    versions = load(POLICIES / policy).versions
    assert {found.version: len(examples(found)) for found in versions} == CASES[policy]


@pytest.mark.parametrize("policy", SEVERAL_VERSIONS)
def test_the_facts_alone_pick_the_version_that_a_case_stands_beside(policy: str) -> None:
    loaded = load(POLICIES / policy)
    for version in loaded.versions:
        for case in examples(version):
            decision = loaded.decide(case.question, case.facts)
            expected = (version.version, case.expect["outcome"])
            assert (decision.version, decision.outcome) == expected, case
