"""Laws of `refund ask`: its answers are those of `decide`."""

from completions import answer, assert_completes, facts_of, law, loaded, said
from generate import policies
from hypothesis import assume, given
from hypothesis import strategies as st
from interviews import Facts, interviews

from refund_policy import Policy
from refund_policy.engine.errors import PolicyError


def ends(facts: Facts, policy: Policy) -> tuple[object, ...]:
    """Return what an interview about a case comes to, or the kind of error."""
    try:
        *_, (end, _) = interviews(facts, "ask", policy, policy.versions[0].version)
    except PolicyError as error:
        return (type(error).__name__,)
    return said(end.decision)


@law(80)
@given(st.data())
def test_a_complete_case_gets_what_decide_gives_it(data: st.DataObject) -> None:
    small = data.draw(policies())
    version, question = loaded(small)
    facts = facts_of(data, small, question, complete=True)
    full = answer(version, facts)
    assume(full != ("CaseError",))
    assert_completes(ends(facts, Policy("small", (version,))), full)


@law(80)
@given(st.data())
def test_only_what_is_not_known_leaves_a_case_open(data: st.DataObject) -> None:
    small = data.draw(policies(exact=True))
    version, question = loaded(small)
    facts = facts_of(data, small, question, complete=False)
    known = answer(version, facts)
    assume(known != ("CaseError",))
    found = ends(facts, Policy("small", (version,)))
    if found[0] == "undecided":
        missing: frozenset[str] = found[1]  # type: ignore[assignment]
        assert missing
        assert facts.keys().isdisjoint(missing)
        assert known[0] == "undecided"
    elif known[0] != "undecided":
        assert_completes(found, known)
