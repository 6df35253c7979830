"""A version in which one figure, or one output of a rule, is one unit further; in memory alone."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from ...engine.check.alike import rebuilt
from ...engine.errors import Where
from ...engine.model import (
    Choose,
    Expression,
    Literal,
    Output,
    Plus,
    PolicyVersion,
    Rule,
    Shift,
    Term,
    Type,
    Value,
)
from ...engine.mutants import replaced, with_rules
from ...engine.values import fixed, in_words, literal
from ...engine.versions import Policy
from ...engine.walk import Rebuilding
from ..site import Site

NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Move:
    """A figure or output to move: what it is called, where it stands, and what moves it.

    `term` is the figure's name, "" for an output. INVARIANT: `apply` works on the version in every
    language, as names are the same in all of them.
    """

    what: str
    where: Where
    term: str
    apply: Callable[[PolicyVersion], PolicyVersion]


def moves(version: PolicyVersion) -> Iterator[Move]:
    """Yield every move of a version: each of its terms, and each output of each rule."""
    for term in version.terms.values():
        yield Move(f"`{term.name}`", term.where, term.name, mover(term.name))
    for question in version.questions.values():
        for rule in question.rules:
            for output, _ in rule.outputs:
                what = f"output `{output.name}` of rule `{rule.name}`"
                yield Move(what, rule.where, "", output_mover(question.name, rule, output))


def mover(name: str, sign: int = 1) -> Callable[[PolicyVersion], PolicyVersion]:
    """Return what moves the figure of that name by one unit, forwards or back."""
    return lambda version: with_term(version, further(version.terms[name], version.currency, sign))


def moved_site(site: Site, version: PolicyVersion, move: Move) -> Site:
    """Return a site in which a version is moved, in every language."""

    def moved(one: PolicyVersion) -> PolicyVersion:
        return move.apply(one) if one.version == version.version else one

    line, policy = site.timeline, site.policy
    return replace(
        site,
        policy=Policy(policy.name, tuple(map(moved, policy.versions)), policy.warnings),
        timeline=replace(line, current=moved(line.current), coming=tuple(map(moved, line.coming))),
        editions={
            key: replace(found, version=moved(found.version))
            for key, found in site.editions.items()
        },
    )


# ---------------------------------------------------------------- figures


def with_term(version: PolicyVersion, term: Term) -> PolicyVersion:
    """Return a version with another figure under a term's name, wherever it is used."""
    change = Rebuilding(
        lambda node: term if isinstance(node, Term) and node.name == term.name else None
    )
    starts = version.in_force
    return replace(
        version,
        in_force=starts and tuple(replace(s, when=change.condition(s.when)) for s in starts),
        terms={**version.terms, term.name: term},
        questions={name: rebuilt(asked, change) for name, asked in version.questions.items()},
        content={**version.content, "terms": with_text(version.content["terms"], term)},
    )


def with_text(terms: Mapping[str, object], term: Term) -> dict[str, object]:
    """Return the terms of a content with another text for one of them."""
    before = terms[term.name]
    if isinstance(before, dict):
        return {**terms, term.name: dict.fromkeys(before, term.text)}
    return {**terms, term.name: int(term.text) if isinstance(before, int) else term.text}


def further(term: Term, currency: str, sign: int = 1) -> Term:
    """Return a figure one unit on, or back, in its own unit; a text has a letter more."""
    if term.type.kind == "text":
        text = f"{term.text[:-1]}x{term.text[-1:]}"
        return replace(term, text=text, value=text)
    found = literal(written(further_text(term, currency, sign)), currency)
    assert found, "INVARIANT: a figure one unit further is one"
    return replace(term, type=found.type, text=found.text, value=found.value)


def further_text(term: Term, currency: str, sign: int) -> str:
    """Return a figure one unit on as its author would write it."""
    match term.value:
        case date() as day:
            return str(day + timedelta(days=sign))
        case Fraction() as amount if term.type.kind == "money":
            step = Fraction(sign, 10**term.type.scale)
            return f"{fixed(amount + step, term.type.scale)} {currency}"
        case _:
            return NUMBER.sub(lambda found: str(next_number(Decimal(found[0]), sign)), term.text, 1)


def next_number(number: Decimal, sign: int) -> Decimal:
    """Return a number one more, or less, in its last digit.

    >>> next_number(Decimal("2.5"), 1)
    Decimal('2.6')
    """
    return number + sign * Decimal((0, (1,), int(number.as_tuple().exponent)))


def written(text: str) -> str | int | Decimal:
    """Return a bare number as YAML reads it, everything else as it is."""
    if not NUMBER.fullmatch(text):
        return text
    return Decimal(text) if "." in text else int(text)


# ---------------------------------------------------------------- outputs


def output_mover(
    question: str, rule: Rule, output: Output
) -> Callable[[PolicyVersion], PolicyVersion]:
    """Return what moves an output of a rule by one unit, or to the next option."""

    def move(version: PolicyVersion) -> PolicyVersion:
        asked = version.questions[question]
        old = next(found for found in asked.rules if found.name == rule.name)
        outputs = tuple(
            (
                found,
                beyond(value, found.type, version.currency) if found.name == output.name else value,
            )
            for found, value in old.outputs
        )
        return with_rules(version, asked, replaced(asked.rules, replace(old, outputs=outputs)))

    return move


def beyond(value: Expression, kind: Type, currency: str) -> Expression:
    """Return a value one unit further, or the next option."""
    match kind.kind:
        case "date":
            return Shift(value, Literal(1, Type("days"), "1 day"), 1)
        case "yes_no":
            return chosen(value, kind, (True, False))
        case "choice":
            return chosen(value, kind, kind.options)
        case "decimal" | "money":
            step = Fraction(1, 10**kind.scale)
            return Plus((value, Literal(step, kind, in_words(step, kind, currency))), kind)
        case _:
            return Plus((value, Literal(1, kind, in_words(1, kind))), kind)


def chosen(value: Expression, kind: Type, options: tuple[Value, ...]) -> Expression:
    """Return the option after the one that a value is."""
    following = (*options[1:], options[0])
    branches = {
        option: Literal(other, kind, in_words(other, kind))
        for option, other in zip(options, following, strict=True)
    }
    return branches[value.value] if isinstance(value, Literal) else Choose(value, branches, kind)
