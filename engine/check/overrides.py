"""Overrides: each one that is written matters in some valid case, or follows from others."""

from collections.abc import Collection, Iterator, Mapping

from ..errors import Finding, Where
from ..overrides import stated
from ..rules import closure
from ..search import find
from .analysis import Analysis

Pairs = dict[str, set[str]]


def idle_overrides(about: Analysis) -> Iterator[Finding]:
    """Find overrides without which the same rules decide every valid case.

    What only repeats others is no finding: it is true. Nor is one of a rule that is dead.
    """
    rules = about.question.rules
    pairs: Pairs = {name: {*beaten} for name, beaten in stated(rules).items()}
    dead = {rule.name for rule in rules if not find(about.book.decides(rule.name), about.start)}
    for (name, where), by in listed(about).items():
        beaten = rows(about, name)
        if dead >= beaten or dead.issuperset(by):
            continue
        lost = without(pairs, by, beaten)
        if any(lost.values()) and not any(matters(about, other, lost) for other in lost):
            yield finding(about, name, where, by)


def listed(about: Analysis) -> Mapping[tuple[str, Where], list[str]]:
    """Return each name under `overrides`, with the rules for which it stands there."""
    found: dict[tuple[str, Where], list[str]] = {}
    for rule in about.question.rules:
        for entry in rule.listed:
            found.setdefault(entry, []).append(rule.name)
    return found


def rows(about: Analysis, name: str) -> set[str]:
    """Return the rules that a name stands for: a rule, or the rows of a table."""
    if name in about.book.rules:
        return {name}
    tables = about.version.content["questions"][about.question.name]["tables"]
    return {row for row in tables[name]["rows"] if row in about.book.rules}


def without(pairs: Pairs, by: Collection[str], beaten: Collection[str]) -> Pairs:
    """Return what each rule no longer overrides once some don't override others by their words."""
    ahead = {
        name: others.difference(beaten) if name in by else others for name, others in pairs.items()
    }
    concerned = [name for name in pairs if not closure(name, pairs).isdisjoint(by) or name in by]
    return {name: closure(name, pairs) - closure(name, ahead) for name in concerned}


def matters(about: Analysis, rule: str, lost: Pairs) -> bool:
    """Return whether a rule that no longer overrides others lets one of them decide some case."""
    book = about.book
    for other in lost[rule]:
        still = [name for name in book.beaters[other] if other not in lost.get(name, ())]
        clauses = [*book.valid, (book.applies[rule],), (book.applies[other],)]
        if find([*clauses, *((book.fails(name),) for name in still)], about.start):
            return True
    return False


def finding(about: Analysis, name: str, where: Where, by: list[str]) -> Finding:
    """Return the finding that an override never matters."""
    book = about.book
    both = (
        find([*book.valid, (book.applies[rule],), (book.applies[other],)], about.start)
        for rule in by
        for other in rows(about, name)
    )
    reason = "no valid case meets both"
    if any(both):
        reason = f"where both apply, another rule overrides `{name}` as well"
    return Finding(
        code="idle-override",
        where=where,
        message=f"that {about_rules(by)} overrides `{name}` never matters: {reason}",
        hint="delete it, or mend a `when`",
        severity="warning",
    )


def about_rules(names: list[str]) -> str:
    """Return the rule that states an override, or that several rows do."""
    return f"`{names[0]}`" if len(names) == 1 else f"each of {len(names)} rows"
