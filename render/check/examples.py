"""Examples: each gets what its case expects, and the last day of every window is among them."""

from collections.abc import Iterator, Mapping

from ...engine.apart import apart
from ...engine.decide import decide, given
from ...engine.errors import Finding, PolicyError
from ...engine.model import Compare, OneOf, PolicyVersion, Question, Term
from ...engine.proposals import scalar
from ...engine.suite import Example, differences
from ...engine.suite import examples as cases_of
from ...engine.walk import parts, within
from ..edition import Edition
from .built import Built
from .moved import mover

DURATIONS = ("days", "business_days", "months")


def examples(built: Built) -> Iterator[Finding]:
    """Find examples that aren't decided as expected, and windows whose last day none shows."""
    for edition, _ in built.policy_pages():
        cases = {case.name: case for case in cases_of(edition.version)}
        shown = [cases[example.case] for example in edition.layout.examples]
        yield from wrong(edition.version, shown)
        if edition.layout.where.file != edition.version.where.file:  # else nobody chose examples
            yield from unshown_windows(edition, shown, [*cases.values()])


def wrong(version: PolicyVersion, shown: list[Example]) -> Iterator[Finding]:
    """Yield a finding for each example whose case fails."""
    for case in shown:
        if found := differences(version, case):
            yield Finding(
                code="wrong-example",
                where=case.where,
                message=f"`{case.name}` stands on the policy page and fails: {'; '.join(found)}",
                hint="mend the rule or what the case expects",
            )


def unshown_windows(
    edition: Edition, shown: list[Example], cases: list[Example]
) -> Iterator[Finding]:
    """Yield a warning for each window whose last day no example of the page depends on."""
    version = edition.version
    for question in version.questions.values():
        for term in windows(question):
            moved = mover(term.name)(version)
            if not any(depends(version, moved, case, question) for case in shown):
                others = [case for case in cases if depends(version, moved, case, question)]
                last = (case for case in others if on_its_last_day(version, case, question))
                yield unshown(term, version, question, next(iter([*last, *others]), None))


def windows(question: Question) -> Iterator[Term]:
    """Yield the durations with which the rules of a question compare something, each once."""
    read = within(*(rule.when for rule in question.rules))
    compared = [node for node in read if isinstance(node, Compare | OneOf)]
    found = {side.name: side for node in compared for side in parts(node) if isinstance(side, Term)}
    yield from (found[name] for name in sorted(found) if found[name].type.kind in DURATIONS)


def depends(old: PolicyVersion, new: PolicyVersion, case: Example, question: Question) -> bool:
    """Return whether a case gets another decision, or another last day of it, in two versions."""
    if case.question != question.name:
        return False
    try:
        before, after = (decide(v, v.questions[question.name], case.facts) for v in (old, new))
    except PolicyError:
        return False
    return (before.rule, before.outputs, before.holds_until) != (
        after.rule,
        after.outputs,
        after.holds_until,
    )


def on_its_last_day(version: PolicyVersion, case: Example, question: Question) -> bool:
    """Return whether a case asks on the last day on which its decision holds."""
    found = decide(version, question, case.facts)
    asked = case.facts.get(question.clock.name) if question.clock else None
    return asked is not None and str(found.holds_until) == str(asked)


def unshown(
    term: Term, version: PolicyVersion, question: Question, case: Example | None
) -> Finding:
    """Return the warning about a window, with a case that would show it."""
    facts = {} if case else last_day(term, version, question)
    return Finding(
        code="unshown-window",
        where=term.where,
        message=f"no example on the policy page depends on the last day of `{term.name}` "
        f"in question `{question.name}`",
        hint=f"show case `{case.name}`" if case else added(facts),
        severity="warning",
        case=facts or None,
    )


def last_day(term: Term, version: PolicyVersion, question: Question) -> dict[str, object]:
    """Return a case that a window one unit shorter leaves out; nothing where none was found."""
    found = apart(version, mover(term.name, -1)(version), question.name)
    facts = found.facts if found and found.facts else {}
    kinds = {fact.name: fact.type for fact in question.facts}
    return {name: given(value, kinds[name]) for name, value in facts.items()}


def added(facts: Mapping[str, object]) -> str:
    """Return the hint to add a case."""
    if not facts:
        return "add a case on that day, and show it"
    listed = ", ".join(f"{name}: {scalar(value)}" for name, value in facts.items())
    return f"add a case and show it, such as `{{{listed}}}`"
