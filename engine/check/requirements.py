"""Requirements: some case keeps to all of `always`, and each of them excludes some case."""

from collections.abc import Iterator, Sequence

from ..errors import Finding
from ..formula import Forest, Reader
from ..model import Question, Requirement
from ..search import find
from .analysis import Analysis


def no_case(about: Analysis) -> Iterator[Finding]:
    """Find a question of which no case is valid."""
    found = about.witness(())
    if found is None:
        needed = excluding(about.question)
        lines = [str(item.where.line) for item in needed if item.where]
        who = "this requirement excludes every case"
        if len(lines) > 1:
            who = f"the requirements of lines {', '.join(lines[:-1])} and {lines[-1]} "
            who += "exclude every case together"
        yield Finding(
            code="no-case",
            where=(needed[-1].where if needed else None) or about.question.where,
            message=f"no case of question `{about.question.name}` is valid: {who}",
            hint="mend or delete one of them" if len(lines) > 1 else "mend or delete it",
        )
    elif found.facts is None:
        yield about.unsettled("any case keeps to `always`")


def excluding(question: Question) -> list[Requirement]:
    """Return a smallest set of requirements that no case keeps to."""
    left = [*question.always]
    for item in question.always:
        fewer = [other for other in left if other is not item]
        if impossible(question, fewer):
            left = fewer
    return left


def impossible(
    question: Question, items: Sequence[Requirement], broken: Sequence[Requirement] = ()
) -> bool:
    """Return whether no case keeps to some requirements and breaks others."""
    reader = Reader(Forest(), declared=question.facts)
    kept = [(reader.formula(item.condition),) for item in items]
    against = [(reader.forest.opposite(reader.formula(item.condition)),) for item in broken]
    return find([*kept, *against]) is None


def idle_requirements(about: Analysis) -> Iterator[Finding]:
    """Find requirements that exclude no case which the others don't, in any question."""
    asked = about.version.questions.values()
    for item in idle(about.question):
        if all(item in idle(other) for other in asked if item in other.always):
            alone = impossible(about.question, (), [item])
            reason = "every case keeps to it" if alone else "it follows from the others"
            assert item.where, "INVARIANT: what stands in a file has its place"
            yield Finding(
                code="idle-requirement",
                where=item.where,
                message=f"this requirement excludes no case: {reason}",
                hint="delete it, or mend it",
                severity="warning",
            )


def idle(question: Question) -> list[Requirement]:
    """Return the requirements that follow from those that are left, the last ones first."""
    left, found = [*question.always], []
    for item in reversed(question.always):
        fewer = [other for other in left if other is not item]
        if impossible(question, fewer, [item]):
            left = fewer
            found.append(item)
    return found
