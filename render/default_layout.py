"""The layout of a policy without `pages.yaml`: it follows the questions."""

from collections.abc import Iterator, Mapping

from ..engine.declarations import spaced
from ..engine.model import PolicyVersion
from .layout import Entry, Layout, Section
from .said import Said, said


def default_layout(version: PolicyVersion) -> Layout:
    """Return a section for each question: its rules, the best outcome first, then notes on them."""
    known = said(version)
    placed = {name: tuple(of_question(version, name, known)) for name in version.questions}
    all_placed = {sentence for found in placed.values() for sentence in found}
    return Layout(
        title=version.title,
        opening=tuple(name for name in known if name not in all_placed),
        sections=tuple(
            Section(name, version.questions[name].asks, found) for name, found in placed.items()
        ),
        glossary=tuple(Entry(name, spaced(name), "") for name in version.terms),
        where=version.where,
    )


def of_question(version: PolicyVersion, name: str, known: Mapping[str, Said]) -> Iterator[str]:
    """Yield the sentences of a question's rules, then those of notes about these rules alone."""
    question = version.questions[name]
    rank = {rule.name: rule.outcome.rank or 0 for rule in question.rules}
    own = [item for item in known.values() if item.question == name]
    yield from (item.id for item in sorted(own, key=lambda item: rank[item.rules[0]]))
    for item in known.values():
        if not item.question and item.rules and rank.keys() >= set(item.rules):
            yield item.id
