"""The cases beside a policy: facts with the decision that they must get, in words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from .decide import Decision, Facts, decide
from .errors import Finding, PolicyError, SourceError, Where, nearest
from .explain import explain
from .folder import load_all, shown
from .model import PolicyVersion
from .place import Place
from .source import ListNode, MapNode, Node, entry, plain, read
from .validate import violations
from .versions import question_of

CASES_FILE = "cases.yaml"


@dataclass(frozen=True, slots=True)
class Example:
    """One case of a suite: what is given, and what is expected."""

    name: str
    question: str
    facts: Facts
    without: tuple[str, ...]
    expect: Mapping[str, object]
    where: Where


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case: how it differs from what was expected (nothing when it passes)."""

    example: Example
    differences: tuple[str, ...]
    explanation: str = ""

    @property
    def passed(self) -> bool:
        """Whether the case got what it expects."""
        return not self.differences

    def as_json(self) -> dict[str, object]:
        """Return the result as it stands in JSON."""
        where = self.example.where
        return {
            "name": self.example.name,
            "file": where.file,
            "line": where.line,
            "passed": self.passed,
            "differences": list(self.differences),
        }


def suites(folder: Place) -> Iterator[tuple[PolicyVersion, tuple[Example, ...]]]:
    """Yield every version under a folder with the cases beside it.

    Raises SourceError when a policy or a case file is wrong.
    """
    for policy in load_all(folder).values():
        yield from ((version, examples(version)) for version in policy.versions)


def run_folder(folder: Place) -> tuple[Result, ...]:
    """Run the cases beside every version under a folder, each under its own version.

    Raises SourceError when a policy or a case file is wrong.
    """
    return tuple(run(version, case) for version, cases in suites(folder) for case in cases)


def examples(version: PolicyVersion) -> tuple[Example, ...]:
    """Return the cases beside a version, if any; raises SourceError with all that is wrong."""
    file = version.path.with_name(CASES_FILE)
    if not file.is_file():
        return ()
    groups = groups_in(file.read_bytes(), shown(file))
    cases = tuple(case for group in groups for case in group_of(group))
    if wrong := [*repeated(cases), *misnamed(cases, version)]:
        raise SourceError(wrong)
    return cases


@lru_cache(maxsize=16)
def groups_in(content: bytes, file: str) -> tuple[Node, ...]:
    """Return the groups of a file of cases; raises SourceError where its shape is wrong.

    The same content is read once, under however many changed versions its cases are decided.
    """
    node, found = read(content, file)
    findings = [*found, *(violations(node, "cases.schema.json") if node else ())]
    if findings or not isinstance(node, ListNode):
        raise SourceError(findings)
    return node.items


def misnamed(cases: Iterable[Example], version: PolicyVersion) -> Iterator[Finding]:
    """Yield a finding for each name in a case that the policy doesn't know."""
    for case in cases:
        question = version.questions.get(case.question)
        if question is None:
            yield unknown("unknown-question", case, "question", case.question, version.questions)
            continue
        outcomes = {outcome.name: None for outcome in question.outcomes}
        rules = {rule.name: None for rule in question.rules}
        outcome, also = case.expect.get("outcome"), case.expect.get("also")
        named = [found for found in question.outcomes if outcome in (None, found.name)]
        outputs = {output.name: None for found in named for output in found.outputs}
        for name in (outcome, case.expect.get("then")):
            if isinstance(name, str) and name not in outcomes:
                yield unknown("unknown-outcome", case, "outcome", name, outcomes)
        for rule in (case.expect.get("rule"), *(also if isinstance(also, list) else ())):
            if isinstance(rule, str) and rule not in rules:
                yield unknown("unknown-rule", case, "rule", rule, rules)
        facts = {fact.name: None for fact in question.facts}
        for name in facts_named(case):
            if name not in facts:
                yield unknown("unknown-fact", case, "fact", name, facts)
        for name in case.expect:
            if named and name not in outputs and name not in EXPECTED:
                yield unknown("unknown-key", case, "output", name, {**outputs, **EXPECTED})


def facts_named(case: Example) -> Iterator[str]:
    """Yield the facts that a case names rightly or by mistake: all but those of a wrong case."""
    yield from case.without
    missing = case.expect.get("missing")
    yield from missing if isinstance(missing, list) else ()
    yield from case.facts if "error" not in case.expect else ()


DECISION = ("outcome", "rule", "also", "missing", "holds_until", "then")
EXPECTED = dict.fromkeys((*DECISION, "error"))


def unknown(code: str, case: Example, what: str, name: str, known: Mapping[str, object]) -> Finding:
    """Return the finding about a name that the policy doesn't know."""
    return Finding(
        code=code,
        where=case.where,
        message=f"case `{case.name}` names {what} `{name}`, and the policy has none of that name",
        hint=nearest(name, list(known)) or "known: " + ", ".join(f"`{word}`" for word in known),
    )


def group_of(group: Node) -> Iterator[Example]:
    """Yield the cases of a group, with the facts that they share."""
    shared = mapping(entry(group, "given"))
    listed = entry(group, "cases")
    for case in listed.items if isinstance(listed, ListNode) else ():
        listed_out = entry(case, "without")
        without = listed_out.items if isinstance(listed_out, ListNode) else ()
        unknown_here = tuple(str(plain(item)) for item in without)
        facts = {**shared, **mapping(entry(case, "facts"))}
        yield Example(
            name=str(plain_text(case, "name")),
            question=str(plain_text(group, "question")),
            facts={name: value for name, value in facts.items() if name not in unknown_here},
            without=unknown_here,
            expect=mapping(entry(case, "expect")),
            where=case.where,
        )


def mapping(node: Node | None) -> dict[str, object]:
    """Return a mapping's values; nothing where there is none."""
    return (
        {key.text: plain(value) for key, value in node.entries} if isinstance(node, MapNode) else {}
    )


def plain_text(node: Node, key: str) -> object:
    """Return the value under a key."""
    found = entry(node, key)
    return plain(found) if found else ""


def repeated(cases: tuple[Example, ...]) -> list[Finding]:
    """Return a finding for each case whose name another one has."""
    first: dict[str, Where] = {}
    found = []
    for case in cases:
        if case.name in first:
            message = f"case `{case.name}` stands here twice, first in line {first[case.name].line}"
            found.append(Finding(code="case-twice", where=case.where, message=message))
        first.setdefault(case.name, case.where)
    return found


def run(version: PolicyVersion, example: Example) -> Result:
    """Decide a case under one version and compare the decision with what is expected."""
    question = question_of(version, example.question)
    found = differences(version, example)
    try:
        words = explain(version, question, example.facts).in_text() if found else ""
    except PolicyError:  # which is the difference
        words = ""
    return Result(example, found, words)


def differences(version: PolicyVersion, example: Example) -> tuple[str, ...]:
    """Return how the decision of a case differs from what is expected; nothing when it passes."""
    question = question_of(version, example.question)
    try:
        decision = decide(version, question, example.facts)
    except PolicyError as error:
        wanted = example.expect.get("error")
        if isinstance(wanted, str) and wanted in str(error):
            return ()
        return (f"expected {expected(example)}, got the error: {error}",)
    return tuple(compared(example, decision))


def expected(example: Example) -> str:
    """Return what a case expects, in one line."""
    return ", ".join(f"{name} {words(value)}" for name, value in example.expect.items())


def words(value: object) -> str:
    """Return a value in backticks; nothing and an empty list in words."""
    if isinstance(value, list | tuple):
        return ", ".join(f"`{item}`" for item in value) or "nothing"
    return "nothing" if value is None else f"`{value}`"


def compared(example: Example, decision: Decision) -> Iterator[str]:
    """Yield how a decision differs from what is expected."""
    for name, wanted in example.expect.items():
        if name == "error":
            got_instead = words(decision.outcome or "undecided")
            yield f"expected an error with {words(wanted)}, got {got_instead}"
        elif name == "missing":
            if Counter(decision.missing) != Counter(wanted if isinstance(wanted, list) else ()):
                yield f"{name}: expected {words(wanted)}, got {words(decision.missing)}"
        elif name in DECISION:
            got = told(decision, name)
            if got != wanted:
                yield f"{name}: expected {words(wanted)}, got {words(got)}"
        else:
            yield from compared_output(name, wanted, decision)
    if decision.outcome is None and "missing" not in example.expect:
        yield f"undecided: {words(decision.missing)} is missing"


def told(decision: Decision, name: str) -> object:
    """Return one thing that a decision says, as a case file writes it; the rest isn't looked up."""
    if name == "then":
        return decision.then and decision.then["outcome"]
    got = getattr(decision, name)
    return list(got) if isinstance(got, tuple) else str(got) if isinstance(got, date) else got


def compared_output(name: str, wanted: object, decision: Decision) -> Iterator[str]:
    """Yield how one output differs from what is expected."""
    got = decision.outputs.get(name)
    if not same(got, wanted):
        yield f"{name}: expected {words(wanted)}, got {words(got)}"


def same(got: object, wanted: object) -> bool:
    """Return whether an output is what a case file writes: numbers by value, the rest as text."""
    if isinstance(got, bool):
        return wanted in (got, "yes" if got else "no")
    return got == wanted or str(got) == wanted
