"""What is worked out is said in any language: no pattern stays English, none is left over."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from generate import Data, policies, text
from hypothesis import HealthCheck, given, settings
from speeches import BRACKETS

from refund_policy.engine.affected import affected
from refund_policy.engine.bands import bands
from refund_policy.engine.comparison import compare
from refund_policy.engine.errors import LanguageError, TableError
from refund_policy.engine.folder import load
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion, Question
from refund_policy.engine.speech import ENGLISH, PATTERNS, Speech
from refund_policy.engine.table import Table, table
from refund_policy.engine.words import Words

ROOT = Path(__file__).parent.parent
FOLDERS = [ROOT / "policies", *sorted((ROOT / "tests" / "policies").iterdir())]
VERSIONS = [version for folder in FOLDERS for version in load(folder).versions]
QUESTIONS = [
    pytest.param(version, question, id=f"{version.name}-{version.version}-{question.name}")
    for version in VERSIONS
    for question in version.questions.values()
]
CHANGES = [
    pytest.param(old, new, id=f"{new.name}-{new.version}")
    for old, new in pairwise(VERSIONS)
    if old.name == new.name
]


def labels(*versions: PolicyVersion) -> list[str]:
    """Return the words that authors chose, the longest first."""
    found = {label for version in versions for label in labels_of(version)}
    return sorted(found, key=len, reverse=True)


def labels_of(version: PolicyVersion) -> Iterator[str]:
    """Yield the labels of a version."""
    yield from (measure.label for measure in version.measures.values())
    outcomes = [item for question in version.questions.values() for item in question.outcomes]
    yield from (outcome.label for outcome in outcomes)
    for fact in version.facts.values():
        yield from (fact.label, *fact.options.values())
    for output in (output for outcome in outcomes for output in outcome.outputs):
        yield from (output.label, *output.options.values())


def leaks(said: str, own: list[str]) -> list[str]:
    """Return the words in a text that no author chose."""
    for label in own:
        said = said.replace(label, "")
    return re.findall(r"[A-Za-z]+", re.sub("`[^`]+`", "", said))


def told(found: Table) -> Iterator[str]:
    """Yield the words of a table."""
    for row in found.rows:
        yield from row.when
        yield from (words for _, words in row.outputs)


# ---------------------------------------------------------------- no English is left


@pytest.mark.parametrize("in_labels", [True, False])
@pytest.mark.parametrize(("version", "question"), QUESTIONS)
def test_a_table_is_said_in_another_language(
    version: PolicyVersion, question: Question, *, in_labels: bool
) -> None:
    found = table(version, question, labels=in_labels, speech=BRACKETS)
    own = labels(version) if in_labels else []
    assert {phrase: leaks(phrase, own) for phrase in told(found) if leaks(phrase, own)} == {}


@pytest.mark.parametrize("in_labels", [True, False])
@pytest.mark.parametrize(("version", "question"), QUESTIONS)
def test_bands_are_said_in_another_language(
    version: PolicyVersion, question: Question, *, in_labels: bool
) -> None:
    own = labels(version) if in_labels else []
    for fact in question.facts:
        if fact.type.kind == "date":
            try:
                cut = bands(version, question, fact.name, labels=in_labels, speech=BRACKETS)
            except TableError:
                continue
            for band in cut.bands:
                assert not leaks(band.label, own)
                assert not leaks(band.heading, own)


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_a_change_is_said_in_another_language(old: PolicyVersion, new: PolicyVersion) -> None:
    own = labels(old, new)
    found = compare(old, new)
    for change in found.changes:
        said = affected(change, found, BRACKETS)
        cases = (
            *said.situations.common,
            *(word for part in said.situations.others for word in part),
        )
        for phrase in (*cases, said.before.label, said.after.label):
            assert not leaks(phrase, own)


@given(policies(exact=True, most_facts=3))
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_any_policy_is_said_in_another_language(policy: Data) -> None:
    version = load_text(text(policy), "small.yaml")[0]
    try:
        found = table(version, version.questions["ask"], labels=True, speech=BRACKETS)
    except TableError:
        return
    own = labels(version)
    assert not [word for phrase in told(found) for word in leaks(phrase, own)]


# ---------------------------------------------------------------- expressions


POLICY = """
language: 1
policy: gym
version: 1.0.0
in_force: draft
currency: EUR
business_days: {week: [monday, tuesday, wednesday, thursday, friday]}
terms: {notice: 2 weeks, fee: 5 EUR}
facts:
  joined_on: {type: date, label: the day you joined}
  left_on: {type: date, label: the day you left}
  price: {type: money, label: your price}
  member: {type: yes_no, label: whether you are a member}
  plan: {type: choice, label: your plan, options: {day: one day, year: a year}}
  other: {type: choice, label: your other plan, options: {day: 24 hours, year: 365 days}}
measures:
  worked_out: VALUE
conditions:
  on_a_plan: {plan: {is: year}}
  early: {any: [member, {left_on: {before: joined_on}}]}
questions:
  refund:
    outcomes: {kept: {}}
    rules: {no_refund: {outcome: kept}}
"""


@pytest.mark.parametrize(
    ("value", "named", "labelled"),
    [
        (
            "{plus: [joined_on, notice]}",
            "`joined_on` plus 2 weeks",
            "the day you joined plus 2 weeks",
        ),
        (
            "{rounded: {value: price, to: 1 EUR, mode: down}}",
            "`price` rounded down to 1.00",
            "your price rounded down to 1.00 EUR",
        ),
        (
            "{choose: {by: other, options: {day: fee, year: price}}}",
            "by `other`: 5 EUR for day, `price` for year",
            "by your other plan: 5 EUR for 24 hours, your price for 365 days",
        ),
        (
            "{if: on_a_plan, then: fee, else: price}",
            "5 EUR if `on_a_plan`, else `price`",
            "5 EUR if your plan: a year, else your price",
        ),
        (
            "{if: {other: {is_not: day}}, then: fee, else: price}",
            "5 EUR if `other` is not day, else `price`",
            "5 EUR if your other plan: not 24 hours, else your price",
        ),
        (
            "{if: {not: member}, then: fee, else: price}",
            "5 EUR if not (`member` is yes), else `price`",
            "5 EUR if whether you are a member: no, else your price",
        ),
        (
            "{if: {all: [{any: [member, on_a_plan]}, on_a_plan]}, then: fee, else: price}",
            "5 EUR if (`member` is yes or `on_a_plan`) and `on_a_plan`, else `price`",
            (
                "5 EUR if (whether you are a member: yes or your plan: a year) "
                "and your plan: a year, else your price"
            ),
        ),
        (
            "{if: {all: [early, on_a_plan]}, then: 0, else: 1}",
            "0 if `early` and `on_a_plan`, else 1",
            (
                "0 if (whether you are a member: yes or the day you left: before the day you "
                "joined) and your plan: a year, else 1"
            ),
        ),
        (
            "{business_days: {from: joined_on, to: left_on}}",
            "the business days from `joined_on` to `left_on`",
            "the business days from the day you joined to the day you left",
        ),
    ],
)
def test_a_value_is_worked_out_in_words(value: str, named: str, labelled: str) -> None:
    version = load_text(POLICY.replace("VALUE", value), "gym.yaml")[0]
    expression = version.measures["worked_out"].value
    assert Words(version).say(expression) == named
    assert Words(version, labels=True).say(expression) == labelled
    said = Words(version, labels=True, speech=BRACKETS).say(expression)
    assert leaks(said, labels(version)) == []


# ---------------------------------------------------------------- the patterns


def constants(file: Path) -> Iterator[str]:
    """Yield the texts that stand in a file of the engine."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_pattern_is_said_somewhere() -> None:
    files = (file for file in (ROOT / "engine").rglob("*.py") if file.name != "speech.py")
    said = {constant for file in files for constant in constants(file)}
    assert set(PATTERNS) - said == {"{}, {}"}  # what stands in each list


def test_every_pattern_that_is_said_is_listed() -> None:
    for file in (ROOT / "engine").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="say"), args=[ast.Constant(value=said), *_]):
                    assert said in PATTERNS, file
                case _:
                    pass


def test_parts_come_in_the_order_of_the_language() -> None:
    german = Speech(
        language="de",
        patterns={**ENGLISH.patterns, "at least {} before {}": "vor „{1}“ mindestens {0}"},
    )
    said = german.say("at least {} before {}", "{3 Tage}", "Abreise")
    assert said == "vor „Abreise“ mindestens {3 Tage}"


@pytest.mark.parametrize(
    ("patterns", "said"),
    [
        ({"at most {}": None}, "language `xx`: no words for `at most {}`"),
        ({"always": "{}"}, "language `xx`: `{}` doesn't have the parts of `always`"),
        (
            {"{} to {}": "{0} bis {0}"},
            "language `xx`: `{0} bis {0}` doesn't have the parts of `{} to {}`",
        ),
        (
            {"{} to {}": "{} bis {"},
            "language `xx`: `{} bis {` doesn't have the parts of `{} to {}`",
        ),
        (
            {"at mots {}": "höchstens {}"},
            "language `xx`: `at mots {}` is no pattern, did you mean `at most {}`?",
        ),
        (
            {"never": None, "always": None},
            "language `xx`: no words for `always`; no words for `never`",
        ),
    ],
)
def test_a_language_says_everything_or_is_refused(
    patterns: dict[str, str | None], said: str
) -> None:
    given = {**ENGLISH.patterns, **patterns}
    with pytest.raises(LanguageError) as caught:
        Speech(language="xx", patterns={key: own for key, own in given.items() if own is not None})
    assert str(caught.value) == said
