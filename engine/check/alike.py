"""A question after a change of what it is made of, and whether any case gets another decision."""

from collections.abc import Iterator
from dataclasses import replace

from ..formula import Formula
from ..model import PolicyVersion, Question
from ..rulebook import Rulebook, rulebook, unequal
from ..search import Clause, find
from ..walk import Node, Rebuilding


def nodes(question: Question) -> Iterator[Node]:
    """Yield what a question is made of: its requirements, conditions and values."""
    yield from (requirement.condition for requirement in question.always)
    for rule in question.rules:
        yield from (rule.when, *(value for _, value in rule.outputs))


def rebuilt(question: Question, change: Rebuilding) -> Question:
    """Return a question with a change of its nodes."""
    return replace(
        question,
        always=tuple(
            replace(item, condition=change.condition(item.condition)) for item in question.always
        ),
        rules=tuple(
            replace(
                rule,
                when=change.condition(rule.when),
                outputs=tuple((output, change.expression(value)) for output, value in rule.outputs),
            )
            for rule in question.rules
        ),
    )


def alike(one: Rulebook, other: Rulebook) -> bool:
    """Return whether two forms of a question are the same to every case, so far as can be proven.

    They allow the same cases, and each rule applies in the same ones and gives the same there.
    """
    return not any(find(clauses) for clauses in apart(one, other))


def apart(one: Rulebook, other: Rulebook) -> Iterator[tuple[Clause, ...]]:
    """Yield what holds in the cases that two forms of a question may treat otherwise."""
    for (before,), (after,) in zip(one.valid, other.valid, strict=True):
        yield ((differ(one, before, after),),)
    for rule, changed in zip(one.question.rules, other.question.rules, strict=True):
        applies = one.applies[rule.name]
        yield (*one.valid, (differ(one, applies, other.applies[rule.name]),))
        for (output, value), (_, new) in zip(rule.outputs, changed.outputs, strict=True):
            yield (*one.valid, (applies,), (unequal(one.reader, output, value, new),))


def differ(book: Rulebook, one: Formula, other: Formula) -> Formula:
    """Return where only one of two formulas holds."""
    return book.forest.choose(one, book.forest.opposite(other), other)


def revised(book: Rulebook, change: Rebuilding) -> Rulebook:
    """Return a question with a change as formulas; what stays as it was isn't read again."""
    question = rebuilt(book.question, change)
    read = book.reader.formula
    return replace(
        book,
        question=question,
        valid=tuple((read(item.condition),) for item in question.always),
        rules={rule.name: rule for rule in question.rules},
        applies={rule.name: read(rule.when) for rule in question.rules},
        apart={},
    )


def possible(version: PolicyVersion) -> list[Rulebook]:
    """Return the questions that have valid cases, as formulas."""
    books = (rulebook(question, version.calendar) for question in version.questions.values())
    return [book for book in books if find(book.valid)]
