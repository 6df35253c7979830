"""A question after a change of what it is made of, and whether any case gets another decision."""

from collections.abc import Iterator
from dataclasses import replace

from ..apart import ways_apart
from ..model import PolicyVersion, Question
from ..rulebook import Rulebook, rulebook
from ..search import find
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


def alike(book: Rulebook, other: Rulebook) -> bool:
    """Return whether two forms of a question decide every case alike, as far as can be proven."""
    return not any(find((*here.valid, *clauses)) for here, clauses in ways_apart(book, other))


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
