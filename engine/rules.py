"""Questions: YAML nodes → rules and decision tables.

A table is a way of writing rules: each row becomes a rule whose `when` joins its cells. With
`pick: first` each row overrides the next one.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial

from .advice import advice
from .cells import cells, column
from .conditions import condition
from .declarations import entries, texts, words
from .errors import nearest
from .expressions import assignable, expression
from .frozen import Frozen, replace
from .model import (
    ALWAYS,
    Condition,
    Expression,
    Fact,
    Outcome,
    Output,
    Question,
    Requirement,
    Rule,
)
from .outcomes import defaults, outcome, ranks
from .scope import BrokenError, Scope
from .sentences import sentence
from .source import ListNode, MapNode, Node, Scalar, entry

RULE_KEYS = ("when", "overrides", "outcome", "says")
TABLE_KEYS = ("columns", "pick", "rows", "outcome", "overrides", "says")


class Context(Frozen):
    """What a rule may name; `defaults` are the values of outputs that a rule needn't give."""

    scope: Scope
    terms: Collection[str]
    outcomes: Mapping[str, Outcome | None]
    defaults: Mapping[tuple[str, str], Node]


class Draft(Frozen):
    """A rule before its overrides are known; `rule` is None when it is broken."""

    name: Scalar
    rule: Rule | None
    beats: tuple[Scalar, ...]
    beats_all: bool = False
    next_row: str = ""
    table: str = ""


def question(key: Scalar, node: Node, scope: Scope, terms: Collection[str]) -> Question:
    """Read a question with its rules; what is broken is noted and left out."""
    declared = list(entries(node, "outcomes"))
    rank = ranks(entry(node, "best_first"), [name.text for name, _ in declared], scope)
    outcomes = {name.text: outcome(name, part, rank, scope) for name, part in declared}
    context = Context(scope, terms, outcomes, dict(defaults(node)))
    drafts = [plain_rule(name, part, context) for name, part in entries(node, "rules")]
    for name, part in entries(node, "tables"):
        drafts += table(name, part, context)
    always = requirements(entry(node, "always"), scope)
    return Question(
        name=key.text,
        asks=words(node, "asks"),
        version_by=date_fact(node, "version_by", scope),
        clock=date_fact(node, "clock", scope),
        facts=(),
        always=always,
        outcomes=tuple(item for item in outcomes.values() if item),
        rules=with_overrides(drafts, scope),
        where=key.where,
    )


def date_fact(node: Node, key: str, scope: Scope) -> Fact | None:
    """Return the date fact that `version_by` or `clock` names."""
    named = entry(node, key)
    if not isinstance(named, Scalar):
        return None
    try:
        found = scope.reference(named.text, named.where)
    except BrokenError:
        return None
    if isinstance(found, Fact) and found.type.kind == "date":
        return found
    scope.note(
        "type-mismatch", named.where, f"`{key}` names a date fact, and `{named.text}` is none"
    )
    return None


def requirements(node: Node | None, scope: Scope) -> tuple[Requirement, ...]:
    """Read a list of `always`: each a condition with what to say of a case that breaks it."""
    found = []
    for item in node.items if isinstance(node, ListNode) else ():
        rest = item.entries if isinstance(item, MapNode) else ()
        kept = tuple((key, part) for key, part in rest if key.text != "else")
        try:
            holds = condition(MapNode(kept, item.where), scope)
            found.append(Requirement(holds, words(item, "else"), item.where))
        except BrokenError:
            continue
    return tuple(found)


# ---------------------------------------------------------------- rules


def outcome_of(key: Scalar, node: Node, shared: Node | None, context: Context) -> Outcome:
    """Return the outcome that a rule names, or that its table names for all rows."""
    named = entry(node, "outcome") or entry(shared, "outcome")
    if named is None and shared is not None:
        context.scope.fail("missing-key", key.where, f"`{key.text}` needs `outcome`")
    if not isinstance(named, Scalar) or named.value is None:
        raise BrokenError
    if named.text not in context.outcomes:
        known = list(context.outcomes)
        hint = nearest(named.text, known) or "outcomes here: " + ", ".join(known)
        context.scope.fail(
            "unknown-outcome", named.where, f"there is no outcome `{named.text}`", hint
        )
    found = context.outcomes[named.text]
    if found is None:
        raise BrokenError
    return found


def plain_rule(key: Scalar, node: Node, context: Context) -> Draft:
    """Read a rule of `rules`."""
    when = entry(node, "when")
    try:
        built = rule(key, node, None, partial(when_of, when, context.scope), context)
    except BrokenError:
        built = None
    return Draft(key, built, tuple(texts(node, "overrides")), beats_all=all_others(node))


def all_others(node: Node) -> bool:
    """Return whether a rule says `overrides: all`."""
    return words(node, "overrides") == "all"


def when_of(node: Node | None, scope: Scope) -> Condition:
    """Return a rule's condition; a rule without one always applies."""
    return condition(node, scope) if node else ALWAYS


def rule(
    key: Scalar, node: Node, shared: Node | None, when: Callable[[], Condition], context: Context
) -> Rule:
    """Read a rule; `shared` holds what its table says for all rows."""
    broken = False
    holds: Condition = ALWAYS
    says = entry(node, "says") or entry(shared, "says")
    words_of_it = sentence(says, context.scope, context.terms) if isinstance(says, Scalar) else ""
    try:
        holds = when()
    except BrokenError:
        broken = True
    chosen = outcome_of(key, node, shared, context)
    outputs = outputs_of(key, node, shared, chosen, context)
    if broken:
        raise BrokenError
    return Rule(
        name=key.text,
        when=holds,
        outcome=chosen,
        outputs=outputs,
        overrides=frozenset(),
        says=words_of_it,
        where=key.where,
        says_where=says.where if says else None,
    )


def outputs_of(
    key: Scalar, node: Node, shared: Node | None, chosen: Outcome, context: Context
) -> tuple[tuple[Output, Expression], ...]:
    """Return an expression for each output of the outcome, and note those that are none of its."""
    broken = False
    found: list[tuple[Output, Expression]] = []
    unknown = unknown_outputs(node, chosen, context)
    for output in chosen.outputs:
        default = context.defaults.get((chosen.name, output.name))
        part = entry(node, output.name) or entry(shared, output.name) or default
        if part is None and any(nearest(word, [output.name]) for word in unknown):
            broken = True
            continue
        if part is None:
            message = f"`{key.text}` gives no `{output.name}`, which outcome `{chosen.name}` needs"
            context.scope.note(
                "missing-output", key.where, message, f"add `{output.name}: …` to the rule"
            )
            broken = True
            continue
        try:
            value = expression(part, context.scope, output.type)
            found.append((output, assignable(value, output.type, part, context.scope)))
        except BrokenError:
            broken = True
    if broken:
        raise BrokenError
    return tuple(found)


def unknown_outputs(node: Node, chosen: Outcome, context: Context) -> list[str]:
    """Note and return the keys of a rule that are neither its own nor outputs of its outcome."""
    known = [*RULE_KEYS, *(output.name for output in chosen.outputs)]
    keys = [key for key, _ in node.entries] if isinstance(node, MapNode) else []
    unknown = [key for key in keys if key.text not in known]
    for key in unknown:
        context.scope.note(
            "unknown-key",
            key.where,
            f"`{key.text}` is neither a key of a rule nor an output of `{chosen.name}`",
            advice(key.text, known) or "known here: " + ", ".join(f"`{word}`" for word in known),
        )
    return [key.text for key in unknown]


# ---------------------------------------------------------------- tables


def table(key: Scalar, node: Node, context: Context) -> Iterator[Draft]:
    """Read a decision table as rules, one a row."""
    columns = [column(name, context.scope) for name in texts(node, "columns")]
    unknown_table_keys(node, context)
    rows = list(entries(node, "rows"))
    first = words(node, "pick", "only") == "first"
    for position, (name, part) in enumerate(rows):
        following = rows[position + 1][0].text if first and position + 1 < len(rows) else ""
        when = partial(cells, part, columns, context.scope)
        try:
            built = rule(name, part, node, when, context)
        except BrokenError:
            built = None
        beats = (*texts(node, "overrides"), *texts(part, "overrides"))
        beats_all = all_others(node) or all_others(part)
        yield Draft(name, built, beats, beats_all, following, key.text)


def unknown_table_keys(node: Node, context: Context) -> None:
    """Note the keys of a table that are neither its own nor an output of any outcome."""
    outputs = [out.name for found in context.outcomes.values() if found for out in found.outputs]
    known = [*TABLE_KEYS, *outputs]
    for key, _ in node.entries if isinstance(node, MapNode) else ():
        if key.text not in known:
            context.scope.note(
                "unknown-key",
                key.where,
                f"`{key.text}` is neither a key of a table nor an output",
                nearest(key.text, known),
            )


# ---------------------------------------------------------------- overrides


def with_overrides(drafts: list[Draft], scope: Scope) -> tuple[Rule, ...]:
    """Return the rules with their overrides closed transitively."""
    by_name: dict[str, Draft] = {}
    tables = {draft.table for draft in drafts}
    for draft in drafts:
        if draft.name.text in tables:
            message = f"rule `{draft.name.text}` has the name of a table"
            scope.note("name-taken", draft.name.where, message, "rename one of the two")
        if draft.name.text in by_name:
            first = by_name[draft.name.text].name.where.line
            message = f"rule `{draft.name.text}` is declared twice, first in line {first}"
            scope.note("name-taken", draft.name.where, message, "rename one of the two")
        by_name.setdefault(draft.name.text, draft)
    direct = {name: direct_overrides(draft, by_name, scope) for name, draft in by_name.items()}
    closed = {name: closure(name, direct) for name in direct}
    told: set[str] = set()
    for name, beaten in closed.items():
        if name in beaten and name not in told:
            circle = " → ".join(f"`{step}`" for step in circle_through(name, direct))
            message = f"overrides go round in a circle: {circle}"
            scope.note(
                "override-cycle", by_name[name].name.where, message, "one of them must give way"
            )
            told |= {other for other in beaten if name in closed[other]}
    return tuple(
        replace(
            draft.rule,
            overrides=frozenset(closed[name]),
            listed=tuple((beaten.text, beaten.where) for beaten in draft.beats),
        )
        for name, draft in by_name.items()
        if draft.rule
    )


def direct_overrides(draft: Draft, by_name: Mapping[str, Draft], scope: Scope) -> list[str]:
    """Return the rules that a draft names itself; a table's name stands for its rows.

    `all` means every other rule, but no other row of the same table.
    """
    found = [draft.next_row] if draft.next_row else []
    if draft.beats_all:
        table = draft.table or None
        found += [
            name for name in by_name if name != draft.name.text and by_name[name].table != table
        ]
    for name in draft.beats:
        if name.text in by_name:
            found.append(name.text)
        elif rows := rows_of(name.text, by_name):
            found += rows
        else:
            tables = {other.table for other in by_name.values() if other.table}
            hint = nearest(name.text, [*by_name, *tables])
            scope.note("unknown-rule", name.where, f"there is no rule or table `{name.text}`", hint)
    return found


def rows_of(table: str, by_name: Mapping[str, Draft]) -> list[str]:
    """Return the names of a table's rows; none where no table has this name."""
    return [name for name, draft in by_name.items() if draft.table and draft.table == table]


def closure(name: str, direct: Mapping[str, Iterable[str]]) -> set[str]:
    """Return every rule reached by following overrides from one rule."""
    reached: set[str] = set()
    ahead = list(direct[name])
    while ahead:
        step = ahead.pop()
        if step not in reached:
            reached.add(step)
            ahead += direct[step]
    return reached


def circle_through(name: str, direct: Mapping[str, Iterable[str]]) -> list[str]:
    """Return a shortest way from a rule back to itself."""
    ways = [[name]]
    met: set[str] = set()
    for way in ways:
        for step in direct[way[-1]]:
            if step == name:
                return [*way, step]
            if step not in met:
                met.add(step)
                ways.append([*way, step])
    return [name]
