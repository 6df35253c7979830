"""What once was wrong, each case as small as it was found."""

import json
from contextlib import suppress
from itertools import combinations
from typing import Any

import pytest

from refund_policy.engine import diagram as module
from refund_policy.engine.comparison import compare
from refund_policy.engine.comparison_text import as_text
from refund_policy.engine.decide import decide
from refund_policy.engine.diagram import Builder, TooLargeError, diagram
from refund_policy.engine.errors import CalculationError, CaseError, ConflictError, SourceError
from refund_policy.engine.explain import explain
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion
from refund_policy.engine.rulebook import rulebook
from refund_policy.engine.search import NOWHERE

COUNT = {"type": "whole_number"}
FLAG = {"type": "yes_no"}
DAY = {"type": "date"}
KIND = {"type": "choice", "options": {"fee": "a fee", "credits": "credits", "gift": "a gift"}}
VALUE = {"outputs": {"result": "whole_number"}}


def policy(facts: dict[str, Any], rules: dict[str, Any], **more: Any) -> str:  # noqa: ANN401
    """Write a policy with one question, whose outcomes are `yes`, `no` and `value`."""
    outcomes = {"yes": {}, "no": {}, "value": more.pop("value", VALUE)}
    question = {"outcomes": outcomes, **more.pop("question", {})}
    if rules:
        question["rules"] = rules
    head = {"language": 1, "policy": "small", "version": "1.0.0", "in_force": "draft"}
    return json.dumps({**head, "facts": facts, "questions": {"ask": question}, **more})


def loaded(source: str) -> PolicyVersion:
    return load_text(source, "small.yaml")[0]


def answered(source: str, **facts: object) -> tuple[Any, ...]:
    """Return a decision's outcome, rule and outputs, or what is missing for one."""
    version = loaded(source)
    found = decide(version, version.questions["ask"], facts)
    if found.outcome is None:
        return found.missing
    return (found.outcome, found.rule, *found.outputs.values())


def test_two_unknown_choices_may_be_the_same_or_not() -> None:
    facts = {"kind": KIND, "other": KIND}
    rules = {
        "same": {"when": {"kind": {"is": "other"}}, "outcome": "yes"},
        "rest": {
            "outcome": "no",
            "when": {"kind": {"is_not": "other"}},
        },
    }
    assert answered(policy(facts, rules)) == ("kind", "other")
    assert answered(policy(facts, rules), kind="fee") == ("other",)


def test_an_unknown_choice_is_itself() -> None:
    rules = {"same": {"when": {"flag": {"is": "flag"}}, "outcome": "yes"}}
    assert answered(policy({"flag": FLAG}, rules)) == ("yes", "same")


def test_an_unknown_choice_may_be_one_of_known_and_unknown_options() -> None:
    rules = {
        "listed": {"when": {"kind": {"one_of": ["fee", "other"]}}, "outcome": "yes"},
        "rest": {"outcome": "no", "when": {"not": {"kind": {"one_of": ["fee", "other"]}}}},
    }
    source = policy({"kind": KIND, "other": KIND}, rules)
    assert answered(source, kind="fee") == ("yes", "listed")
    assert answered(source, other="fee") == ("kind",)
    assert answered(source) == ("kind", "other")


def test_a_comparison_that_can_only_fail_decides_what_it_chooses() -> None:
    measures = {
        "even": {"rounded": {"value": "n", "to": 2, "mode": "half_up"}},
        "chosen": {"if": {"even": {"is": -1}}, "then": 1, "else": 2},
    }
    always = [{"n": {"at_least": -1, "at_most": 2}, "else": "n is out of bounds."}]
    rules = {"two": {"when": {"chosen": {"is": 2}}, "outcome": "yes"}}
    assert answered(policy({"n": COUNT}, rules, measures=measures, always=always), n=1) == (
        "yes",
        "two",
    )


def test_an_output_of_a_further_rule_must_be_known_as_well() -> None:
    rules = {"one": {"outcome": "value", "result": 5}, "two": {"outcome": "value", "result": "n"}}
    source = policy({"n": COUNT}, rules)
    assert answered(source) == ("n",)
    assert answered(source, n=5) == ("value", "one", 5)
    with pytest.raises(ConflictError):
        answered(source, n=7)


def test_a_fact_matters_when_it_changes_which_unknown_value_an_output_has() -> None:
    twice = {"times": ["n", 2]}
    result = {"if": "flag", "then": "n", "else": twice}
    source = policy({"n": COUNT, "flag": FLAG}, {"one": {"outcome": "value", "result": result}})
    assert answered(source) == ("n", "flag")


def test_a_fact_that_only_decides_how_to_write_an_output_does_not_matter() -> None:
    result = {"if": {"n": {"is": 3}}, "then": {"least": ["m", "m"]}, "else": "m"}
    source = policy({"n": COUNT, "m": COUNT}, {"one": {"outcome": "value", "result": result}})
    assert answered(source) == ("m",)


def test_a_value_that_is_not_chosen_may_have_no_value() -> None:
    share = {"rounded": {"value": {"divided_by": [6, "n"]}, "to": 1, "mode": "down"}}
    rules = {"one": {"outcome": "value", "result": {"if": "flag", "then": 3, "else": share}}}
    always = [{"any": ["flag", {"n": {"at_least": 1}}], "else": "No."}]
    source = policy({"n": COUNT, "flag": FLAG}, rules, always=always)
    assert answered(source, n=0) == ("value", "one", 3)


def test_a_choice_that_must_be_made_one_way_is_as_good_as_known() -> None:
    result = {"choose": {"by": "kind", "options": {"fee": "n"}, "otherwise": 0}}
    always = [{"any": [{"kind": {"is": "fee"}}, {"m": {"at_least": 1}}], "else": "No."}]
    rules = {"one": {"outcome": "value", "result": result}}
    source = policy({"kind": KIND, "n": COUNT, "m": COUNT}, rules, question={"always": always})
    assert answered(source, n=7, m=0) == ("value", "one", 7)


def test_facts_that_no_valid_case_has_never_decide() -> None:
    always = [{"m": {"at_least": "n"}, "else": "No."}, {"m": {"at_most": 3}, "else": "No."}]
    rules = {"one": {"outcome": "yes", "when": {"any": [{"m": {"is": "m"}}, {"n": {"is": 1}}]}}}
    source = policy({"n": COUNT, "m": COUNT}, rules, always=always)
    with pytest.raises(CaseError, match="no valid case has `n` 4"):
        answered(source, n=4)


def test_a_conflict_on_every_completion_is_a_conflict() -> None:
    rules = {
        "one": {"outcome": "yes"},
        "two": {"outcome": "no"},
        "more": {"outcome": "no", "when": "flag"},
    }
    with pytest.raises(ConflictError, match=r"`one`.*`two`"):
        answered(policy({"flag": FLAG}, rules))


def test_the_order_of_options_is_no_part_of_a_choice() -> None:
    turned = {"type": "choice", "options": dict(reversed([*KIND["options"].items()]))}  # type: ignore[attr-defined]
    when = {"kind": {"is": "other"}}
    rules = {"one": {"when": when, "outcome": "value", "result": "other"}}
    value = {"outputs": {"result": KIND}}
    source = policy({"kind": KIND, "other": turned}, rules, value=value)
    assert answered(source, kind="gift", other="gift") == ("value", "one", "gift")


def test_business_days_without_a_calendar_are_never_counted_as_days() -> None:
    rules = {"one": {"outcome": "value", "result": {"plus": ["day", "2 business days"]}}}
    source = policy({"day": DAY}, rules, value={"outputs": {"result": "date"}})
    with pytest.raises(SourceError, match="no-calendar"):
        loaded(source)


def test_a_long_chain_of_measures_is_a_finding() -> None:
    measures = {f"m{i}": {"plus": [f"m{i + 1}", 1]} for i in range(1000)} | {"m1000": "n"}
    rules = {"one": {"when": {"m0": {"at_least": 3}}, "outcome": "yes"}}
    with pytest.raises(SourceError, match="too-deep"):
        loaded(policy({"n": COUNT}, rules, measures=measures))


def test_a_measure_that_is_named_often_is_read_once() -> None:
    measures: dict[str, Any] = {"m0": "n"}
    measures |= {f"m{i + 1}": {"greatest": [f"m{i}", f"m{i}"]} for i in range(40)}
    rules = {"one": {"outcome": "no"}, "two": {"when": {"m40": {"at_least": 3}}, "outcome": "yes"}}
    assert "m40" in loaded(policy({"n": COUNT}, rules, measures=measures)).measures


@pytest.mark.parametrize("text", ['"\\n"', '"a\\u0007b"'])
def test_a_finding_takes_one_line(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        loaded('{"language": ' + text + "}")
    assert all(str(finding).isprintable() for finding in caught.value.findings)


def test_a_number_and_its_text_have_different_digests() -> None:
    head = "language: 1\npolicy: small\nversion: 1.0.0\nin_force: draft\nfacts: {}\n"
    rest = "\nquestions: {ask: {outcomes: {no: {}}, rules: {one: {outcome: no, says: '{rate}'}}}}"
    number = loaded(f"{head}terms: {{rate: {{text: '0.50'}}}}{rest}")
    with pytest.raises(SourceError):  # though the version with the text is published
        load_text(f"{head}terms: {{rate: {{text: 0.50}}}}{rest}", "small.yaml", {number.digest})


def test_the_order_of_rows_is_in_the_digest_where_the_first_one_wins() -> None:
    rows = {"low": {"when": [{"at_most": 3}], "outcome": "no"}, "rest": {"when": ["any"]}}
    turned = dict(reversed([*rows.items()]))

    def digest(rows: dict[str, Any], pick: str) -> str:
        table = {"columns": ["n"], "pick": pick, "outcome": "yes", "rows": rows}
        return loaded(policy({"n": COUNT}, {}, question={"tables": {"t": table}})).digest

    assert digest(rows, "first") != digest(turned, "first")
    assert digest(rows, "only") == digest(turned, "only")


def test_a_fact_matters_when_it_makes_a_further_rule_disagree() -> None:
    zero = {"if": {"all": ["flag", {"n": {"is": 1}}]}, "then": 0, "else": "n"}
    rules = {
        "one": {"outcome": "value", "result": "n"},
        "two": {"outcome": "value", "result": zero},
    }
    source = policy({"n": COUNT, "flag": FLAG}, rules)
    assert answered(source) == ("n", "flag")
    assert answered(source, n=2) == ("value", "one", 2)
    assert answered(source, n=1) == ("flag",)


def test_a_number_that_must_have_one_value_is_as_good_as_known() -> None:
    always = [{"n": {"at_least": 3, "at_most": 3}, "else": "No."}]
    rules = {"one": {"outcome": "value", "result": {"plus": ["n", 1]}}}
    source = policy({"n": COUNT}, rules, question={"always": always})
    assert answered(source) == ("value", "one", 4)


def test_a_comparison_outside_the_fragment_is_known_once_its_facts_are() -> None:
    twice = {"plus": ["n", "n"]}
    always = [{"n": {"is": -1}, "else": "No."}, {"n": {"is": "twice"}, "else": "No."}]
    rules = {"one": {"outcome": "yes", "when": {"n": {"is": -1}}}}
    source = policy({"n": COUNT}, rules, measures={"twice": twice}, question={"always": always})
    with pytest.raises(CaseError, match="no case is valid"):
        answered(source)


def test_nothing_is_decided_while_a_condition_may_divide_by_zero() -> None:
    rules = {
        "a": {"outcome": "yes"},
        "b": {"when": {"all": ["flag", {"m": {"more_than": 2}}]}, "outcome": "yes"},
    }
    facts = {"flag": FLAG, "n": COUNT}
    measures = {"m": {"divided_by": [6, "n"]}}
    source = policy(facts, rules, measures=measures)
    assert answered(source) == ("n",)
    assert answered(source, n=1)[:2] == ("yes", "a")
    with pytest.raises(CalculationError, match="rule `b`: a division by zero"):
        answered(source, n=0)
    above_zero = [{"n": {"at_least": 1}, "else": "At least one."}]
    assert answered(policy(facts, rules, measures=measures, always=above_zero))[:2] == ("yes", "a")


def test_explain_never_fails_on_a_branch_that_is_not_taken() -> None:
    measures = {"ratio": {"divided_by": ["n", "m"]}}
    chosen = {
        "if": "flag",
        "then": {"rounded": {"value": "ratio", "to": 1, "mode": "up"}},
        "else": 7,
    }
    rules = {"a": {"outcome": "value", "result": chosen}}
    version = loaded(policy({"flag": FLAG, "n": COUNT, "m": COUNT}, rules, measures=measures))
    question = version.questions["ask"]
    known = explain(version, question, {"flag": False, "n": 1, "m": 0})
    assert known.rules[0].outputs_from == (("flag", "no"),)
    open_yet = explain(version, question, {"n": 1, "m": 0})
    assert ("ratio", "no value") in open_yet.rules[0].outputs_from


def test_outputs_are_those_of_the_path_although_what_is_left_to_ask_is_the_same() -> None:
    rules = {
        "once": {"when": {"all": [{"count": {"is": 1}}, {"not": "flag"}]}, "outcome": "no"},
        "flagged": {
            "when": "flag",
            "outcome": "value",
            "result": {"if": {"count": {"at_most": 0}}, "then": 7, "else": "count"},
        },
        "plain": {"when": {"all": [{"not": "flag"}, {"count": {"is_not": 1}}]}, "outcome": "yes"},
    }
    version = loaded(policy({"count": COUNT, "flag": FLAG}, rules))
    found = diagram(rulebook(version.questions["ask"], None))
    rulings = [ruling for _, ruling in found.situations() if ruling.rules == ("flagged",)]
    assert len({ruling.outputs for ruling in rulings}) > 1
    by_limit = {
        path.space.limits["count"].get("", None): dict(ruling.outputs)["result"]
        for path, ruling in found.situations()
        if ruling.rules == ("flagged",)
    }
    assert by_limit[0] == (7,)
    assert by_limit[None] != (7,)


@pytest.mark.parametrize("most", range(1, 7))
def test_a_diagram_never_outgrows_its_limit(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"flag_{letter}" for letter in "abcd"]
    pairs = [{"any": [one, {"not": other}]} for one, other in combinations(names, 2)]
    rules = {"r": {"when": {"all": pairs}, "outcome": "yes"}}
    version = loaded(policy(dict.fromkeys(names, FLAG), rules))
    found = Builder(rulebook(version.questions["ask"], None))
    monkeypatch.setattr(module, "MOST_NODES", most)
    with suppress(TooLargeError):
        found.diagram((), tuple(found.book.applies.items()), NOWHERE)
    assert len(found.built) <= most + len(names)


def test_a_change_to_no_answer_is_told_and_names_no_fact_where_none_matters() -> None:
    flagged = {"when": "flag", "outcome": "yes"}
    rest = {"when": {"not": "flag"}, "outcome": "no"}
    old = loaded(policy({"flag": FLAG}, {"flagged": flagged, "rest": rest}))
    gone = as_text(compare(old, loaded(policy({"flag": FLAG}, {"flagged": flagged}))))
    assert "ask: no (`rest`) → no rule decides" in gone
    assert "for example: any of these: no → no rule decides" in gone


def test_what_lies_just_beyond_a_limit_does_not_change_in_the_same_way() -> None:
    rest = {"outcome": "no"}
    some = {"when": {"any": [{"count": {"at_least": 15}}, {"not": "flag"}]}, "outcome": "yes"}
    facts = {"count": COUNT, "flag": FLAG}
    old = policy(facts, {"rest": rest})
    new = policy(facts, {"rest": rest, "some": {**some, "overrides": ["rest"]}})
    found = compare(loaded(old), loaded(new))
    assert found.changes
    for change in found.changes:
        for edge in change.edges:
            assert edge.outside is not None
            ends = (edge.outside.old.ruled, edge.outside.new.ruled)
            assert ends != (change.group.old, change.group.new)


def test_nothing_is_said_to_change_for_sure_where_that_is_not_settled() -> None:
    def version(value: object) -> PolicyVersion:
        rules = {"one": {"outcome": "value", "result": value}}
        return loaded(policy({"a": COUNT, "b": COUNT, "c": COUNT}, rules))

    once = version({"times": [{"plus": ["a", "b"]}, "c"]})
    twice = version({"plus": [{"times": ["a", "c"]}, {"times": ["b", "c"]}]})
    found = compare(once, twice)
    assert found.unsettled
    assert as_text(found).startswith("small 1.0.0: As far as it is settled: nothing changes.")
