"""Cases to add beside a policy, in YAML: with what it answers now, for an editor to judge."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from .decide import decide, given
from .errors import PolicyError
from .evaluate import Case, truth
from .model import PolicyVersion, Question, Value
from .suite import Example

LONGEST_LINE = 100
WORDS = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[ .'-]+[A-Za-z0-9_]+)*\.?")
RESERVED = {"yes", "no", "true", "false", "null", "on", "off", "y", "n"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case to add, and why it would be worth having."""

    example: Example
    because: str


def proposal(
    version: PolicyVersion, question: Question, facts: Mapping[str, Value], name: str, because: str
) -> Proposal:
    """Return a complete case with what a version answers."""
    kinds = {fact.name: fact.type for fact in question.facts}
    case = Case(facts, version.calendar)
    plain = {name: given(value, kinds[name]) for name, value in facts.items()}
    broken = (item for item in question.always if truth(item.condition, case) is False)
    wrong = next((item.otherwise for item in broken), "")
    example = Example(
        name=name,
        question=question.name,
        facts=plain,
        without=(),
        expect={"error": wrong} if wrong else answer(version, question, plain),
        where=question.where,
    )
    return Proposal(example, because)


def answer(
    version: PolicyVersion, question: Question, facts: Mapping[str, object]
) -> dict[str, object]:
    """Return what a version answers, as a case expects it."""
    try:
        found = decide(version, question, facts)
    except PolicyError as error:
        return {"error": str(error)}
    also = {"also": list(found.also)} if found.also else {}
    return {"outcome": found.outcome, "rule": found.rule, **also, **found.outputs}


# ---------------------------------------------------------------- YAML


def in_yaml(proposals: Iterable[Proposal]) -> str:
    """Return cases as they would stand in `cases.yaml`, in groups of one question."""
    groups = groupby(proposals, key=lambda item: item.example.question)
    return "\n".join(line for name, group in groups for line in group_lines(name, group))


def group_lines(question: str, proposals: Iterable[Proposal]) -> Iterator[str]:
    """Yield the lines of a group."""
    yield f"- question: {text(question)}"
    yield "  cases:"
    for item in proposals:
        yield from (f"    {line}" for line in case_lines(item))


def case_lines(item: Proposal) -> Iterator[str]:
    """Yield the lines of a case."""
    yield f"- name: {text(item.example.name)}"
    facts = [f"    {name}: {scalar(value)}" for name, value in item.example.facts.items()]
    yield from ["  facts:", *facts] if facts else []
    expect = [f"{name}: {scalar(value)}" for name, value in item.example.expect.items()]
    in_one = f"  expect: {{{', '.join(expect)}}}"
    if len(in_one) + 4 <= LONGEST_LINE:
        yield in_one
    else:
        yield "  expect:"
        yield from (f"    {line}" for line in expect)
    yield f"  because: {text(item.because)}"


def scalar(value: object) -> str:
    """Return a value as YAML.

    >>> scalar(True), scalar(12), scalar("12"), scalar("no"), scalar(["a", "b"])
    ('yes', '12', '"12"', '"no"', '[a, b]')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return f"[{', '.join(map(scalar, value))}]"
    return text(value) if isinstance(value, str) else str(value)


def text(words: str) -> str:
    """Return a text as YAML, in quotes where it needs them."""
    bare = WORDS.fullmatch(words) and words.lower() not in RESERVED
    return words if bare else json.dumps(words, ensure_ascii=False)
