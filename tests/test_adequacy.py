"""The test set is tested: what it notices, what nothing can notice, and the cases to add."""

from dataclasses import replace
from itertools import product
from pathlib import Path

from generate import DOMAINS, KINDS, Data, policies, text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refund_policy.engine.apart import apart, result
from refund_policy.engine.decide import case_of
from refund_policy.engine.evaluate import Case
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion
from refund_policy.engine.mutants import mutants

ROOT = Path(__file__).parent.parent
OTHERS = sorted(path.parent for path in (ROOT / "tests" / "policies").rglob("cases.yaml"))


def every_case(version: PolicyVersion) -> list[Case]:
    """Return all complete cases of a generated policy, valid or not."""
    names = [fact.name for fact in version.questions["ask"].facts]
    worlds = product(*(DOMAINS[KINDS[name]] for name in names))
    free = unbounded(version)
    return [
        case_of(free, free.questions["ask"], dict(zip(names, values, strict=True)))
        for values in worlds
    ]


def unbounded(version: PolicyVersion) -> PolicyVersion:
    """Return a version without its requirements."""
    question = replace(version.questions["ask"], always=())
    return replace(version, questions={"ask": question})


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutant_is_the_same_only_if_no_case_tells_it_apart(data: st.DataObject) -> None:
    policy: Data = data.draw(policies(exact=True, most_facts=3))
    version = load_text(text(policy), "small.yaml")[0]
    for mutant in data.draw(st.lists(st.sampled_from([*mutants(version)]), max_size=6)):
        one, other = version.questions["ask"], mutant.version.questions["ask"]
        found = apart(version, mutant.version, "ask")
        if found is None:
            for case in every_case(version):
                assert result(one, case) == result(other, case), mutant.what
        elif found.facts is not None:
            case = Case(found.facts, version.calendar)
            assert result(one, case) != result(other, case), mutant.what
