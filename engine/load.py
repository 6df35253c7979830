"""YAML text → one policy version, with everything that is wrong with it.

    text ──source──▶ nodes ──validate──▶ right shape ──declarations, rules──▶ names, types, model

Reading goes on past a mistake, so that all findings of a file come at once: a part that is broken
is noted, left out, and never mentioned again.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, tzinfo
from decimal import Decimal
from hashlib import sha256
from typing import assert_never

from .conditions import condition
from .days import Calendar, parse_day, time_zone
from .declarations import declare, entries, spaced, texts, words
from .errors import Finding, SourceError, nearest
from .frozen import replace
from .model import (
    ALWAYS,
    Fact,
    Measure,
    Named,
    Note,
    PolicyVersion,
    Question,
    Requirement,
    Start,
    Term,
)
from .rules import question, requirements
from .scope import BrokenError, Scope
from .sentences import sentence
from .source import ListNode, MapNode, Node, Scalar, entry, read
from .validate import violations
from .walk import facts_in

SCHEMA = "policy.schema.json"
as_json = json.JSONEncoder(ensure_ascii=False).encode
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def load_text(
    text: str | bytes, file: str, locked: Collection[str] = ()
) -> tuple[PolicyVersion, tuple[Finding, ...]]:
    """Return the policy version that a text holds, and the warnings about it.

    A content whose digest is in `locked` was found right when it was published, so its shape isn't
    checked against the JSON Schema again.

    Raises SourceError with every finding when one of them is an error.
    """
    root, found = read(text, file)
    if isinstance(root, MapNode):
        content = canonical(root)
        shape = [] if digest(content) in locked else violations(root, SCHEMA)
        try:
            version, more = version_of(root, content)
        except RecursionError:
            raise SourceError([*found, too_deep(root)]) from None
        findings = in_order(causes([*found], shape, more))
        if not any(finding.severity == "error" for finding in findings):
            return version(), findings
    else:
        findings = in_order(causes([*found], violations(root, SCHEMA) if root else []))
    raise SourceError(findings)


def too_deep(root: MapNode) -> Finding:
    """Say that names build on names in more steps than can be read."""
    return Finding(
        code="too-deep",
        where=root.where,
        message="measures or conditions are built on each other in too many steps",
        hint="join some of them",
    )


def causes(*stages: list[Finding]) -> list[Finding]:
    """Return findings without those that only follow from others.

    What an earlier stage finds wrong at a place explains what later ones say of it; and what a
    broken part names looks unused.
    """
    kept: list[Finding] = []
    for stage in stages:
        wrong = {finding.where for finding in kept}
        kept += [finding for finding in stage if finding.where not in wrong]
    errors = [finding for finding in kept if finding.severity == "error"]
    return errors or kept


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in the order of the file, none twice."""
    return tuple(sorted(set(findings), key=lambda found: (found.where, found.code, found.message)))


def canonical(node: Node) -> str:
    """Return a file's content as JSON that formatting, comments and order of keys don't change.

    INVARIANT: contents of different meaning differ. So a number never looks like its text, and the
    rows of a table keep their order where the first that applies wins.
    """
    match node:
        case Scalar(value=Decimal() as number):
            return format(number, "f")
        case Scalar(value=known):
            return as_json(known)
        case ListNode(items=items):
            return f"[{','.join(canonical(item) for item in items)}]"
        case MapNode():
            return in_braces(sorted(members(node)))
        case _:
            assert_never(node)


def members(node: MapNode) -> Iterator[tuple[str, str]]:
    """Yield each key of a mapping with its value, both as canonical JSON."""
    first = words(node, "pick") == "first"
    for key, part in node.entries:
        if first and key.text == "rows" and isinstance(part, MapNode):
            value = in_braces(members(part))
        else:
            value = canonical(part)
        yield as_json(key.text), value


def in_braces(items: Iterable[tuple[str, str]]) -> str:
    """Return a JSON object."""
    return "{" + ",".join(f"{key}:{value}" for key, value in items) + "}"


def digest(content: str) -> str:
    """Return the SHA-256 of a canonical content."""
    return "sha256:" + sha256(content.encode()).hexdigest()


def version_of(root: MapNode, content: str) -> tuple[Callable[[], PolicyVersion], list[Finding]]:
    """Read a file's names and types: return what builds the version, and the findings."""
    scope = Scope(currency=words(root, "currency").upper())  # in lower case, its shape is wrong
    scope.calendar = calendar(entry(root, "business_days"), scope)
    declare(root, scope)
    terms = {key.text for key, _ in entries(root, "terms")}
    always = requirements(entry(root, "always"), scope)
    starts = in_force(entry(root, "in_force"), scope)
    questions = [question(key, node, scope, terms) for key, node in entries(root, "questions")]
    rules = rule_names(root)
    notes = tuple(note(key, node, scope, rules, terms) for key, node in entries(root, "notes"))
    zone = zone_of(root, scope)
    declared = read_all(scope)
    unused(root, scope)

    def build() -> PolicyVersion:
        facts = {name: found for name, found in declared.items() if isinstance(found, Fact)}
        return PolicyVersion(
            name=words(root, "policy"),
            version=words(root, "version"),
            title=words(root, "title", spaced(words(root, "policy"))),
            in_force=starts,
            zone=zone,
            currency=scope.currency,
            calendar=scope.calendar,
            terms={name: found for name, found in declared.items() if isinstance(found, Term)},
            facts=facts,
            measures={
                name: found for name, found in declared.items() if isinstance(found, Measure)
            },
            conditions={
                name: found for name, found in declared.items() if isinstance(found, Named)
            },
            questions={found.name: completed(found, always, starts, facts) for found in questions},
            notes=notes,
            digest=digest(content),
            content=json.loads(content, parse_float=str),
            where=root.where,
        )

    return build, scope.findings


def completed(
    found: Question,
    always: Iterable[Requirement],
    starts: Iterable[Start] | None,
    facts: Mapping[str, Fact],
) -> Question:
    """Return a question with its facts, and those requirements of the policy that are about them.

    INVARIANT: a question's facts are those that its rules, outputs, dates and own requirements
    read, and those that pick the version.
    """
    read = facts_in(
        *(item for item in (found.version_by, found.clock) if item),
        *(requirement.condition for requirement in found.always),
        *(start.when for start in starts or ()),
        *(rule.when for rule in found.rules),
        *(value for rule in found.rules for _, value in rule.outputs),
    )
    shared = [item for item in always if facts_in(item.condition) <= read]
    return replace(
        found,
        facts=tuple(fact for name, fact in facts.items() if name in read),
        always=(*shared, *found.always),
    )


# ---------------------------------------------------------------- parts of the document


def calendar(node: Node | None, scope: Scope) -> Calendar | None:
    """Read which days are business days; with a mistake in it, the week is whole."""
    if node is None:
        return None
    week = frozenset(
        WEEKDAYS.index(day.text) for day in texts(node, "week") if day.text in WEEKDAYS
    )
    days = [day(item, scope) for item in texts(node, "holidays")]
    return Calendar(week or frozenset(range(7)), frozenset(item for item in days if item))


def day(node: Scalar, scope: Scope) -> date | None:
    """Read a calendar day."""
    try:
        return parse_day(node.text, UTC)
    except ValueError as error:
        if DAY.fullmatch(node.text):  # else the shape is wrong, which the schema says
            scope.note("bad-value", node.where, str(error))
        return None


def in_force(node: Node | None, scope: Scope) -> tuple[Start, ...] | None:
    """Read from which day the version holds; None for a draft."""
    if isinstance(node, Scalar):
        return None
    found = []
    for item in node.items if isinstance(node, ListNode) else [node]:
        start = entry(item, "from")
        when = entry(item, "when")
        if item is None or not isinstance(start, Scalar):
            continue
        try:
            holds = condition(when, scope) if when else ALWAYS
        except BrokenError:
            continue
        first = None if start.text == "beginning" else day(start, scope)
        found.append(Start(first, holds, item.where))
    return tuple(found)


def zone_of(root: MapNode, scope: Scope) -> tzinfo:
    """Read the time zone."""
    node = entry(root, "time_zone")
    if isinstance(node, Scalar):
        try:
            return time_zone(node.text)
        except ValueError as error:
            scope.note("bad-value", node.where, str(error))
    return UTC


def rule_names(root: MapNode) -> list[str]:
    """Return the name of every rule, table and row of the file, broken or not."""
    found: list[str] = []
    for _, asked in entries(root, "questions"):
        found += [name.text for name, _ in entries(asked, "rules")]
        for key, table in entries(asked, "tables"):
            found += [key.text, *(name.text for name, _ in entries(table, "rows"))]
    return found


def note(
    key: Scalar, node: Node, scope: Scope, rules: Sequence[str], terms: Collection[str]
) -> Note:
    """Read a note."""
    for name in texts(node, "about"):
        if name.text not in rules:
            hint = nearest(name.text, rules)
            scope.note("unknown-rule", name.where, f"there is no rule or table `{name.text}`", hint)
    says = entry(node, "says")
    return Note(
        name=key.text,
        says=sentence(says, scope, terms) if isinstance(says, Scalar) else "",
        interpretation=words(node, "interpretation"),
        about=tuple(name.text for name in texts(node, "about")),
        where=(says or node).where,
    )


def read_all(scope: Scope) -> dict[str, Fact | Term | Measure | Named]:
    """Read every declaration, also those that nothing named, in the order of the file."""
    found: dict[str, Fact | Term | Measure | Named] = {}
    for name, build in (*scope.references.items(), *scope.conditions.items()):
        try:
            found[name] = build()
        except BrokenError:
            continue
    return found


def unused(root: MapNode, scope: Scope) -> None:
    """Note the declarations that nothing names."""
    for section in ("terms", "facts", "measures", "conditions"):
        for key, _ in entries(root, section):
            if key.text not in scope.used:
                what = section.removesuffix("s")
                scope.note(
                    f"unused-{what}",
                    key.where,
                    f"{what} `{key.text}` is never used",
                    "delete it, or use it",
                    severity="warning",
                )
