"""Laws that hold for every policy: tried on small random ones, where all completions can be seen.

TRY_HARDER=10 in the environment tries ten times as many.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from generate import DOMAINS, KINDS, Data, cases, policies, shuffled, text
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from refund_policy.engine.conditions import WORDS
from refund_policy.engine.decide import Decision, case_of, decide
from refund_policy.engine.errors import (
    CalculationError,
    CaseError,
    PolicyError,
    SourceError,
)
from refund_policy.engine.evaluate import Case, deciders, truth, value, verdict
from refund_policy.engine.explain import explain
from refund_policy.engine.load import canonical, digest, load_text
from refund_policy.engine.model import All, Fact, PolicyVersion, Question, Value
from refund_policy.engine.source import MapNode
from refund_policy.engine.source import read as read_yaml
from refund_policy.engine.walk import facts_in

POLICY = Path(__file__).parent.parent / "policies" / "refund" / "1.0.0" / "policy.yaml"
Facts = dict[str, Any]
Result = tuple[object, ...]


def law(examples: int) -> settings:
    """Return the settings of a law that is tried on so many policies."""
    examples *= int(os.environ.get("TRY_HARDER", "1"))
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=examples, suppress_health_check=slow)


def loaded(policy: Data) -> tuple[PolicyVersion, Question]:
    """Return a generated policy with its question; its shape is right and isn't checked."""
    source = text(policy)
    root, _ = read_yaml(source, "small.yaml")
    assert isinstance(root, MapNode)
    version, _ = load_text(source, "small.yaml", {digest(canonical(root))})
    return version, version.questions["ask"]


def facts_of(data: st.DataObject, policy: Data, question: Question, *, complete: bool) -> Facts:
    """Draw a case of a question."""
    names = {fact.name for fact in question.facts}
    drawn = data.draw(cases(policy, complete=complete))
    return {name: given for name, given in drawn.items() if name in names}


# ---------------------------------------------------------------- what a case gets


def answer(version: PolicyVersion, facts: Facts) -> Result:
    """Return what a case gets: its outcome, outputs and rules; or what is missing; or the error."""
    try:
        found = decide(version, version.questions["ask"], facts)
    except PolicyError as error:
        return (type(error).__name__,)
    return said(found)


def said(found: Decision) -> Result:
    """Return a decision so that the order of the file doesn't show."""
    if found.outcome is None:
        return ("undecided", frozenset(found.missing))
    rules = frozenset({found.rule, *found.also})
    return (found.outcome, tuple(sorted(found.outputs.items())), rules)


# ---------------------------------------------------------------- the oracle: all completions


@dataclass(frozen=True)
class World:
    """All valid completions of a case, each with its result; looked at one by one."""

    version: PolicyVersion
    question: Question
    known: Mapping[str, Value]
    results: tuple[tuple[Mapping[str, Value], Result], ...]

    @property
    def unknown(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.question.facts if fact.name not in self.known)


def world(version: PolicyVersion, facts: Facts) -> World:
    """Look at every completion of a case."""
    question = version.questions["ask"]
    unknown = [fact.name for fact in question.facts if fact.name not in facts]
    found = []
    for values in product(*(DOMAINS[KINDS[name]] for name in unknown)):
        full = {**facts, **dict(zip(unknown, values, strict=True))}
        try:
            case = case_of(version, question, full)
        except CaseError:
            continue
        found.append((case.facts, result(question, case)))
    known = {name: found[0][0][name] for name in facts} if found else {}
    return World(version, question, known, tuple(found))


def result(question: Question, case: Case) -> Result:
    """Return what a complete case gets: the rule named and its outputs, or the kind of error."""
    try:
        got = verdict(deciders(question, case).certain, case)
    except CalculationError:
        return ("CalculationError",)
    if got.conflict:
        return ("ConflictError",)
    if not got.rules:
        return ("GapError",)
    return (got.rules[0].outcome.name, got.rules[0].name, tuple(got.outputs.items()))


def differing(found: World) -> Iterator[frozenset[str]]:
    """Yield the facts in which two valid completions with different results differ."""
    for (one, first), (other, second) in combinations(found.results, 2):
        if first != second:
            yield frozenset(name for name in one if one[name] != other[name])


def tied(question: Question) -> set[str]:
    """Return the facts that `always` is about."""
    return facts_in(*(item.condition for item in question.always))


def mattering(found: World) -> set[str]:
    """Return the facts that can change the result, read by outputs or not.

    A fact can when two valid completions with different results differ in it alone, or in it and
    in as few other facts as `always` ties to it.
    """
    sets = set(differing(found))
    matter: set[str] = set()
    about = tied(found.question)
    for size in range(1, len(found.unknown) + 1):
        now = [names for names in sets if len(names) == size and not names & matter]
        matter.update(*(names for names in now if size == 1 or names <= about))
    return matter


def read(found: World) -> set[str]:
    """Return the unknown facts that an output reads on some completion."""
    reads: set[str] = set()
    for facts, _ in found.results:
        case = Case(facts, found.version.calendar)
        try:
            certain = deciders(found.question, case).certain
        except CalculationError:
            continue
        for expression in (inner for rule in certain for _, inner in rule.outputs):
            reads.update(
                fact.name
                for fact in found.unknown
                if reads_it(expression, facts, fact.name, found.version)
            )
    return reads


def reads_it(
    expression: Any,  # noqa: ANN401 - an expression
    facts: Mapping[str, Value],
    name: str,
    version: PolicyVersion,
) -> bool:
    """Return whether an expression has no value without a fact, all others known."""
    without = {other: known for other, known in facts.items() if other != name}
    try:
        return value(expression, Case(without, version.calendar)) is None
    except CalculationError:
        return False


# ---------------------------------------------------------------- the laws of deciding


@law(200)
@given(st.data())
def test_order_never_changes_a_decision(data: st.DataObject) -> None:
    policy = data.draw(policies())
    keep = ("rows",) if "first" in json.dumps(policy) else ()
    version, question = loaded(policy)
    other, _ = loaded(data.draw(shuffled(policy, keep)))
    facts = facts_of(data, policy, question, complete=True)
    turned = {name: facts[name] for name in data.draw(st.permutations([*facts]))}
    assert answer(version, facts) == answer(other, turned)


@law(200)
@given(st.data())
def test_order_of_all_but_rules_never_changes_what_is_missing(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    other, _ = loaded(data.draw(shuffled(policy, ("rules", "rows"))))
    facts = facts_of(data, policy, question, complete=False)
    assert answer(version, facts) == answer(other, facts)


@law(300)
@given(st.data())
def test_what_a_decision_lacks_never_contradicts_it(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=False)
    found = answer(version, facts)
    seen = world(version, facts)
    event(found[0] if found[0] in ("undecided", "CaseError") else "decided")
    if found[0] in ("undecided", "CaseError"):
        return
    for full, _ in seen.results:
        assert_completes(found, answer(version, as_given(full)))


def as_given(facts: Mapping[str, Value]) -> Facts:
    """Return known values as a case gives them."""
    return {
        name: format(float(known), ".2f" if KINDS[name] == "money" else ".1f")
        if isinstance(known, Fraction)
        else known
        for name, known in facts.items()
    }


def assert_completes(found: Result, full: Result) -> None:
    """Assert that a completed case gets what was said before; more rules may agree then."""
    assert found[:2] == full[:2]
    if len(found) > 2:
        assert found[2] <= full[2]  # type: ignore[operator]


@law(400)
@given(st.data())
def test_a_case_is_decided_exactly_when_all_completions_agree(data: st.DataObject) -> None:
    policy = data.draw(policies(exact=True))
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=False)
    seen = world(version, facts)
    found = answer(version, facts)
    results = {got for _, got in seen.results}
    if not results:
        assert found == ("CaseError",)
    elif len(results) > 1:
        assert found[0] == "undecided"
    elif found[0] == "undecided":
        assert read(seen) >= found[1]  # type: ignore[operator]
    else:
        assert found[0] == next(iter(results))[0]


@law(400)
@given(st.data())
def test_missing_lists_the_facts_that_can_still_matter(data: st.DataObject) -> None:
    policy = data.draw(policies(exact=True, most_facts=data.draw(st.sampled_from([3, 3, 3, 4]))))
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=False)
    found = answer(version, facts)
    assume(found[0] == "undecided")
    seen = world(version, facts)
    needed, reads = mattering(seen), read(seen)
    missing: set[str] = found[1]  # type: ignore[assignment]
    if not reads:  # outputs that read an unknown fact are compared as they are written
        assert missing == needed
    for names in differing(seen):
        if len(names) == 1 or names <= tied(question):
            assert names & missing


@law(150)
@given(st.data())
def test_outside_the_fragment_no_fact_that_matters_is_left_out(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=False)
    found = answer(version, facts)
    seen = world(version, facts)
    for names in differing(seen):
        assert found[0] in ("undecided", "CalculationError")
        if found[0] == "undecided" and len(names) == 1:
            assert names <= found[1]  # type: ignore[operator]


WRONG = [None, 0.5, [], {}, "", "nonsense", "2026-02-30", 10**30, object(), float("nan")]


@law(150)
@given(st.data())
def test_wrong_facts_never_decide(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=False)
    name = data.draw(st.sampled_from([*(fact.name for fact in question.facts), "nonsense"]))
    with pytest.raises(CaseError) as caught:
        decide(version, question, {**facts, name: data.draw(st.sampled_from(WRONG))})
    assert name in {problem.fact for problem in caught.value.problems}


@law(200)
@given(st.data())
def test_a_case_that_breaks_a_requirement_never_decides(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=True)
    parsed = case_or_none(version, question, facts)
    if parsed is None:
        assert answer(version, facts) == ("CaseError",)
    else:
        assert all(truth(item.condition, parsed) for item in question.always)
        assert answer(version, facts) != ("CaseError",)


def case_or_none(version: PolicyVersion, question: Question, facts: Facts) -> Case | None:
    """Return the case that facts describe, or None when they are wrong."""
    try:
        return case_of(version, question, facts)
    except CaseError:
        return None


@law(200)
@given(st.data())
def test_what_is_known_of_a_condition_agrees_with_every_completion(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=False)
    seen = world(version, facts)
    known = Case(seen.known, version.calendar)
    conditions = [rule.when for rule in question.rules]
    for condition in [*conditions, All(tuple(conditions))]:
        holds = truth(condition, known)
        for full, _ in seen.results if holds is not None else ():
            assert truth(condition, Case(full, version.calendar)) is holds


@law(150)
@given(st.data())
def test_an_explanation_lists_what_each_rule_rests_on(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, question = loaded(policy)
    facts = facts_of(data, policy, question, complete=True)
    case = case_or_none(version, question, facts)
    assume(case)
    try:
        found = explain(version, question, facts)
    except CalculationError:
        return
    assert case
    rules = {rule.name: rule for rule in question.rules}
    assert sorted(report.rule for report in found.rules) == sorted(rules)
    for report in found.rules:
        applies = truth(rules[report.rule].when, case)
        assert (report.status == "does_not_apply") is (applies is False)
        assert all(tested.holds is not None for tested in report.because)
        assert report.because or not facts_in(rules[report.rule].when)


# ---------------------------------------------------------------- the laws of reading


@law(100)
@given(st.data())
def test_the_digest_is_that_of_the_content(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, _ = load_text(text(policy), "small.yaml")
    other, _ = load_text(restyled(data.draw(shuffled(policy, ("rows",))), data), "other.yaml")
    assert other.digest == version.digest
    assert other.content == version.content


def restyled(policy: Data, data: st.DataObject) -> str:
    """Write a policy as someone else would: indented, in blocks, with comments."""
    indent = data.draw(st.sampled_from([None, 1, 2, 4]))
    if indent is None:
        return "# A comment.\n" + text(policy)
    if data.draw(st.booleans()):
        return "\n".join(f"{line}  # here" for line in text(policy, indent).splitlines())
    return block(policy)


def block(value: Any, depth: int = 0) -> str:  # noqa: ANN401 - JSON
    """Write data in YAML's block style."""
    if isinstance(value, dict) and value:
        return "".join(
            f"\n{'  ' * depth}{key}: {block(inner, depth + 1)}" for key, inner in value.items()
        )
    if isinstance(value, list) and value:
        return "".join(f"\n{'  ' * depth}- {block(inner, depth + 1)}" for inner in value)
    if (
        isinstance(value, str)
        and re.fullmatch("[a-z][a-z_]+", value)
        and value not in WORDS_OF_YAML
    ):
        return value
    return f"'{value}'" if isinstance(value, str) and "'" not in value else json.dumps(value)


WORDS_OF_YAML = ("true", "false", "null")


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    """Yield the way to every value that holds no others."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if (isinstance(value, list))
        else ()
    )
    if not isinstance(value, dict | list):
        yield path
    for key, part in inner:
        yield from leaves(part, (*path, key))


@law(100)
@given(st.data())
def test_the_digest_differs_when_a_value_does(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, _ = load_text(text(policy), "small.yaml")
    way = data.draw(st.sampled_from([*leaves(policy)]))
    other = json.loads(json.dumps(policy))
    place: Any = other
    for step in way[:-1]:
        place = place[step]
    new = data.draw(st.sampled_from([*DOMAINS["date"], "red", "yes", "1 day", 1, 2, 0.1, True]))
    assume(json.dumps(place[way[-1]]) != json.dumps(new))
    place[way[-1]] = new
    try:
        changed, _ = load_text(text(other), "small.yaml")
    except SourceError:
        return
    assert changed.digest != version.digest


def assert_well_reported(source: str | bytes) -> None:
    """Assert that reading a text gives a policy with all its parts, or findings one can act on."""
    try:
        version, findings = load_text(source, "p.yaml")
    except SourceError as error:
        findings = error.findings
        assert any(finding.severity == "error" for finding in findings)
    else:
        assert_complete(version)
    lines = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    last = re.split("\r\n|[\r\n]", lines)
    for finding in findings:
        where = finding.where
        assert where.file == "p.yaml"
        assert 1 <= where.line <= len(last)
        assert 1 <= where.column <= len(last[where.line - 1].removeprefix("\ufeff")) + 1
        assert finding.message
        assert re.match(r"[^A-Z]|U\+", finding.message)
        assert "\n" not in str(finding)
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", finding.code)
    assert len(set(findings)) == len(findings)
    places = [(finding.where, finding.message) for finding in findings]
    assert len(set(places)) == len(places)


def assert_complete(version: PolicyVersion) -> None:
    """Assert that nothing of the file was left out."""
    content: Any = version.content
    for section in ("terms", "facts", "measures", "conditions", "questions"):
        assert sorted(getattr(version, section)) == sorted(content.get(section, ()))
    assert len(version.notes) == len(content.get("notes", ()))
    for name, question in version.questions.items():
        written = content["questions"][name]
        rows = sum(len(table["rows"]) for table in written.get("tables", {}).values())
        assert len(question.rules) == len(written.get("rules", ())) + rows
        assert len(question.outcomes) == len(written["outcomes"])
        assert len(question.always) >= len(written.get("always", ()))


@law(200)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_any_text_is_a_policy_or_has_findings(source: str | bytes) -> None:
    assert_well_reported(source)


TOP = ["language", "policy", "version", "in_force", "facts", "terms", "measures", "conditions"]
TOP += ["questions", "always", "notes", "currency", "business_days", "time_zone", "title"]
WORDS_TO_USE = ["red", "type", "when", "all", "any", "not", "is", "outcome", "rules", "1 day", "0"]
WORDS_TO_USE += ["label", "else", "from", "days", "choose", "if", "date", "2026-02-30", "3 USD"]
json_like = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=8),
        st.sampled_from(WORDS_TO_USE),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(WORDS_TO_USE), st.text(max_size=4)), inner),
    ),
    max_leaves=20,
)


@law(200)
@given(st.dictionaries(st.sampled_from(TOP), json_like))
def test_any_data_under_the_right_keys_is_a_policy_or_has_findings(data: Data) -> None:
    assert_well_reported(json.dumps(data))


@law(200)
@given(st.data())
def test_a_policy_with_other_data_in_one_place_is_a_policy_or_has_findings(
    data: st.DataObject,
) -> None:
    policy = json.loads(json.dumps(data.draw(policies())))
    places = [*inner_places(policy)]
    holder, key = data.draw(st.sampled_from(places))
    if data.draw(st.integers(0, 3)) and isinstance(holder, dict):
        holder[data.draw(st.sampled_from(WORDS_TO_USE))] = holder.pop(key)
    else:
        holder[key] = data.draw(st.one_of(json_like, st.sampled_from(places).map(lambda at: at[0])))
    try:
        source = json.dumps(policy)
    except (ValueError, RecursionError):  # a place inside itself
        return
    assert_well_reported(source)


def inner_places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    """Yield each list or mapping with each of its positions."""
    if not isinstance(value, dict | list):
        return
    for key in [*value] if isinstance(value, dict) else range(len(value)):
        yield value, key
        yield from inner_places(value[key])


LINES = POLICY.read_text("utf-8").splitlines(keepends=True)
TOKENS = sorted(set(re.findall(r"\w+|[^\w\s]+", POLICY.read_text("utf-8"))))
TOKENS += ["null", "true", "3", "''", "[]", "{}", "&a", "*a", "!t", "<<: {}", "\t", *WORDS]


@law(250)
@given(st.data())
def test_the_policy_with_an_edit_is_a_policy_or_has_findings(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.sampled_from([1, 1, 1, 2, 3]))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["delete", "twice", "move", "token", "token", "token"])):
            case "delete":
                del lines[at]
            case "twice":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(data.draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case _:
                lines[at] = edited(lines[at], data)
    assert_well_reported("".join(lines))


def edited(line: str, data: st.DataObject) -> str:
    """Return a line with one of its words deleted, doubled or replaced."""
    words = re.findall(r"\w+|[^\w\s]+|\s+", line)
    if not words:
        return line
    at = data.draw(st.integers(0, len(words) - 1))
    words[at] = data.draw(st.one_of(st.sampled_from(["", words[at] * 2]), st.sampled_from(TOKENS)))
    return "".join(words)
