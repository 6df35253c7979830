"""Coverage both ways: what decides is said on the policy page, and what is written is shown."""

from collections.abc import Iterator

from ...engine.errors import Finding
from ...engine.model import Fact, PolicyVersion, Term
from ...engine.walk import within
from ..edition import Edition
from ..marks import Reading
from ..pages import PUBLIC
from .built import Built

OWN_WORDS = {"label": "what it is called", "ask": "how to ask for it"}


def coverage(built: Built) -> Iterator[Finding]:
    """Find rules, figures and facts that customers don't read about, and idle sentences."""
    for edition, page in built.policy_pages():
        yield from unsaid_rules(edition, page)
        yield from unsaid_terms(edition, page)
        yield from unworded_facts(edition.version)
    yield from unsaid_notes(built)


def unsaid_rules(edition: Edition, page: Reading) -> Iterator[Finding]:
    """Yield a finding for each rule that has no sentence, or whose sentence isn't there."""
    for question in edition.version.questions.values():
        for rule in question.rules:
            if not rule.says:
                yield Finding(
                    code="silent-rule",
                    where=rule.where,
                    message=f"rule `{rule.name}` decides cases, and no sentence says so",
                    hint="give it `says`",
                )
    for said in edition.known.values():
        if said.question and said.where and ("sentence", said.id) not in page.marks:
            yield Finding(
                code="unsaid-rule",
                where=said.where,
                message=f"the policy page doesn't say this sentence of rule `{said.rules[0]}`",
                hint=f"name `{said.id}` in a section of `pages.yaml`",
            )


def unsaid_terms(edition: Edition, page: Reading) -> Iterator[Finding]:
    """Yield a finding for each figure that rules read and the policy page doesn't show."""
    for term in deciding(edition.version):
        if ("term", term.name) not in page.marks:
            yield Finding(
                code="unsaid-term",
                where=term.where,
                message=f"`{term.name}` decides cases, and the policy page doesn't show it",
                hint=f"name `{{{term.name}}}` in a sentence on the page",
                severity="warning",
            )


def deciding(version: PolicyVersion) -> Iterator[Term]:
    """Yield the terms that conditions and outputs of rules read, in the order of the file.

    Nothing is said of zero: sentences have words for it.
    """
    rules = [rule for question in version.questions.values() for rule in question.rules]
    outputs = (value for rule in rules for _, value in rule.outputs)
    read = within(*(rule.when for rule in rules), *outputs)
    named = {node.name for node in read if isinstance(node, Term)}
    yield from (term for name, term in version.terms.items() if name in named and term.value)


def unworded_facts(version: PolicyVersion) -> Iterator[Finding]:
    """Yield a warning for each fact of a question that customers read by its bare name."""
    asked = {fact.name: fact for q in version.questions.values() for fact in q.facts}
    for fact in asked.values():
        written = version.content["facts"][fact.name]
        missing = [key for key in OWN_WORDS if key not in written or isinstance(written, str)]
        if missing:
            yield unworded(fact, missing)


def unworded(fact: Fact, missing: list[str]) -> Finding:
    """Return the warning about a fact without words of its own."""
    return Finding(
        code="unworded-fact",
        where=fact.where,
        message=f"customers are asked for `{fact.name}`, and nothing says "
        + " or ".join(OWN_WORDS[key] for key in missing),
        hint="give it " + " and ".join(f"`{key}`" for key in missing),
        severity="warning",
    )


def unsaid_notes(built: Built) -> Iterator[Finding]:
    """Yield a warning for each note that no page of its version says."""
    read = (page for path, page in built.read() if path.startswith(PUBLIC))
    marks = {mark for page in read for mark in page.marks}
    for edition, _ in built.policy_pages():
        for said in edition.known.values():
            if not said.question and said.where and ("sentence", said.id) not in marks:
                yield Finding(
                    code="unsaid-note",
                    where=said.where,
                    message=f"no page says note `{said.id}`",
                    hint="name it in `pages.yaml`, or delete it",
                    severity="warning",
                )
