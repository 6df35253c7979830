"""What cases cover of a policy: by its meaning, never by how it is evaluated."""

from collections.abc import Iterator
from itertools import product

from call_loop import EXAMPLES, VERSION
from generate import DOMAINS, KINDS, Data, cases, policies, shuffled, text
from hypothesis import given, settings
from hypothesis import strategies as st

from refund_policy.engine.coverage import coverage, covers
from refund_policy.engine.decide import case_of
from refund_policy.engine.errors import PolicyError, Where
from refund_policy.engine.evaluate import Case
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion
from refund_policy.engine.suite import Example

POLICY = """\
language: 1
policy: club
version: 1.0.0
in_force: draft
facts:
  days: {type: whole_number}
  student: {type: yes_no}
  member: {type: yes_no}
always:
  - days: {at_least: 0}
    else: Nobody stays less than no day.
questions:
  refund:
    outcomes: {kept: {}, paid: {outputs: {share: whole_number}}}
    rules:
      keep: {outcome: kept}
      pay:
        when: {any: [student, days: {at_most: 14}]}
        overrides: [keep]
        outcome: paid
        share: {if: member, then: 100, else: 50}
      never:
        when: {days: {less_than: 0}}
        overrides: [pay]
        outcome: kept
"""
CLUB = load_text(POLICY, "club.yaml")[0]


def example(name: str, **facts: object) -> Example:
    return Example(name, "refund", facts, (), {}, Where("cases.yaml"))


def states(*examples: Example) -> dict[str, tuple[str, str]]:
    return {item.target.what: (item.state, item.by) for item in coverage(CLUB, examples)}


def test_without_cases_everything_is_open_or_impossible() -> None:
    assert {what: state for what, (state, _) in states().items()} == {
        "rule `keep` decides": "open",
        "rule `pay` decides": "open",
        "rule `never` decides": "impossible",
        "rule `pay` overrides `keep`": "open",
        "rule `never` overrides `pay`": "impossible",
        "outcome `kept`": "open",
        "outcome `paid`": "open",
        "`student is yes` is true, and rule `pay` turns on it": "open",
        "`student is yes` is false, and rule `pay` turns on it": "open",
        "`days is at most 14` is true, and rule `pay` turns on it": "open",
        "`days is at most 14` is false, and rule `pay` turns on it": "open",
        "`member is yes` is true, and rule `pay` turns on it": "open",
        "`member is yes` is false, and rule `pay` turns on it": "open",
        "`days is less than 0` is true, and rule `never` turns on it": "impossible",
        "`days is less than 0` is false, and rule `never` turns on it": "open",
    }


PAY = "and rule `pay` turns on it"


def covered(*examples: Example) -> set[str]:
    return {what for what, (state, _) in states(*examples).items() if state == "covered"}


def test_a_comparison_counts_only_where_the_rule_turns_on_it() -> None:
    found = covered(example("both hold", days=3, student=True, member=False))
    assert f"`student is yes` is true, {PAY}" not in found
    assert f"`days is at most 14` is true, {PAY}" not in found
    found = covered(example("one holds", days=15, student=True, member=False))
    assert f"`student is yes` is true, {PAY}" in found
    assert f"`days is at most 14` is false, {PAY}" not in found


def test_a_comparison_in_an_output_counts_where_the_rule_decides() -> None:
    decides = example("a member", days=15, student=True, member=True)
    assert f"`member is yes` is true, {PAY}" in covered(decides)
    beaten = example("not a student", days=15, student=False, member=True)
    assert f"`member is yes` is true, {PAY}" not in covered(beaten)


def test_a_rule_is_covered_where_it_decides_and_not_where_it_is_beaten() -> None:
    found = states(example("paid", days=3, student=True, member=True))
    assert found["rule `pay` decides"] == ("covered", "paid")
    assert found["rule `keep` decides"] == ("open", "")
    assert found["rule `pay` overrides `keep`"] == ("covered", "paid")


def test_a_case_with_unknown_facts_counts_as_far_as_they_cannot_matter() -> None:
    found = covered(example("no student", days=15, student=False))
    assert "rule `keep` decides" in found
    assert f"`student is yes` is false, {PAY}" in found


def test_an_undecided_or_a_wrong_case_covers_nothing() -> None:
    assert covered(example("undecided", days=15), example("wrong", days=-1)) == set()


def test_the_first_case_that_covers_is_named() -> None:
    again = [example(name, days=3, student=True, member=True) for name in ("one", "two")]
    assert states(*again)["rule `pay` decides"] == ("covered", "one")


def test_the_example_of_an_open_target_covers_it() -> None:
    for item in coverage(CLUB, ()):
        if item.state == "open":
            assert item.case is not None
            assert covers(Case(item.case), item.target), item.target.what


def test_no_case_is_less_than_itself_however_it_is_worked_out() -> None:
    lines = (
        "measures: {half: {rounded: {value: {divided_by: [days, 2]}, to: 1, mode: up}}}",
        "questions:",
    )
    source = POLICY.replace("questions:", "\n".join(lines), 1)
    version = load_text(source.replace("days: {less_than: 0}", "half: {less_than: half}"), "c.yaml")
    found = {item.target.what: item.state for item in coverage(version[0], ())}
    assert found["rule `never` decides"] == "impossible"


def test_the_order_of_cases_and_rules_does_not_matter() -> None:
    forwards = {(i.target.what, i.state) for i in coverage(VERSION, EXAMPLES)}
    backwards = {(i.target.what, i.state) for i in coverage(VERSION, EXAMPLES[::-1])}
    assert forwards == backwards


# ---------------------------------------------------------------- laws


def loaded(policy: Data) -> PolicyVersion:
    return load_text(text(policy), "small.yaml")[0]


def every_case(version: PolicyVersion) -> Iterator[Case]:
    question = version.questions["ask"]
    names = [fact.name for fact in question.facts]
    for values in product(*(DOMAINS[KINDS[name]] for name in names)):
        try:
            yield case_of(version, question, dict(zip(names, values, strict=True)))
        except PolicyError:
            continue


@given(policies(exact=True, most_facts=3))
@settings(max_examples=60)
def test_no_case_covers_what_is_called_impossible(policy: Data) -> None:
    version = loaded(policy)
    impossible = [i.target for i in coverage(version, ()) if i.state == "impossible"]
    assert not [t.what for case in every_case(version) for t in impossible if covers(case, t)]


@given(policies(exact=True, most_facts=3))
@settings(max_examples=60)
def test_what_is_open_has_a_valid_case_that_covers_it(policy: Data) -> None:
    version = loaded(policy)
    found = [item for item in coverage(version, ()) if item.state == "open"]
    for item in found:
        assert item.case is not None
        assert covers(Case(item.case, version.calendar), item.target)


@given(st.data())
@settings(max_examples=40)
def test_shuffling_a_policy_changes_nothing(data: st.DataObject) -> None:
    policy = data.draw(policies())
    complete = data.draw(st.booleans())
    facts = data.draw(st.lists(cases(policy, complete=complete), max_size=5))
    # whether a case with unknown facts is decided may depend on which of agreeing rules comes first
    keep = ("rows", "options") if complete else ("rows", "options", "rules")
    turned = data.draw(shuffled(policy, keep=keep))
    found = []
    for version in (loaded(policy), loaded(turned)):
        own = {fact.name for fact in version.questions["ask"].facts}
        given_ = [{name: f[name] for name in f if name in own} for f in facts]
        examples = [Example(str(n), "ask", f, (), {}, Where("x")) for n, f in enumerate(given_)]
        reached = coverage(version, examples)
        found.append(sorted((i.target.what, i.state) for i in reached))
    assert found[0] == found[1]
