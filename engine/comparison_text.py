"""A comparison for people and for tools: as text, as Markdown, as JSON."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any

from . import wording_text
from .affected import KINDS, situations, with_all_facts
from .align import own_facts
from .causes import Cause
from .comparison import WORST_FIRST, Answer, Change, Comparison, Shown, Verdict
from .effect import Effect
from .formula import named
from .group import Ruled
from .markdown import with_code
from .model import PolicyVersion, Question, Type
from .values import as_json as plain
from .values import in_words
from .vocabulary import listed
from .witness import described

VERDICTS: Mapping[Verdict, str] = {
    "nothing": "Nothing changes.",
    "wording only": "Only the wording changes: every case is decided as before.",
    "same": "Every result stays the same, some by another rule.",
    "decided": "Some cases get an answer that had none; every other result stays the same.",
    "better": "Better for some customers, worse for none.",
    "worse for some": "Worse for some customers.",
    "mixed": "Better for some customers, worse for others.",
    "changed": "Some cases are decided otherwise; if for the better isn't said, or not settled.",
    "broken": "Some cases get no answer any more.",
}
EFFECTS: Mapping[Effect, str] = {
    "better": "better for customers",
    "worse": "worse for customers",
    "mixed": "better for some customers, worse for others",
    "same": "the same result by another rule",
    "unclear": "whether it is better isn't said, or not settled",
    "undecided": "no answer any more",
    "decided": "no answer before",
    "unanswered": "no answer, before as after",
}
BEYOND = "just beyond"
MOST_OF_A_KIND = 10
WIDTH = 100


def headline(found: Comparison) -> str:
    """Return what changes, in a sentence or two."""
    groups = len(found.changes)
    told = f" {groups} group{'s' * (groups != 1)} of cases change{'s' * (groups == 1)}."
    doubt = bool(found.unsettled or found.incomplete)
    return in_a_sentence(found.verdict, doubt=doubt) + told * (groups > 0)


def in_a_sentence(verdict: Verdict, *, doubt: bool) -> str:
    """Return what changes come to, claiming no more than is settled.

    >>> in_a_sentence("nothing", doubt=True)
    'As far as it is settled: nothing changes.'
    """
    said = VERDICTS[verdict]
    if doubt and verdict not in ("broken", "mixed"):  # these stay true whatever else changes
        return f"As far as it is settled: {said[0].lower()}{said[1:]}"
    return said


def as_text(found: Comparison) -> str:
    """Return the comparison as lines for a terminal."""
    blocks = [f"{title(found)}: {headline(found)}", "\n".join(shared_lines(found))]
    blocks += ["\n".join(wrapped(change_lines(item, found))) for item in listed_changes(found)]
    blocks += [*left_out(found), *doubts(found), wording_text.as_text(found.wording)]
    return "\n\n".join(block for block in blocks if block)


def as_markdown(found: Comparison) -> str:
    """Return the comparison as a page."""
    blocks = [f"## {title(found)}", f"**{headline(found)}**", *sections(found)]
    blocks += [*map(with_code, doubts(found)), wording_text.as_markdown(found.wording)]
    return "\n\n".join(block for block in blocks if block)


def sections(found: Comparison) -> Iterator[str]:
    """Yield the parts of a page about the cases that change, the worst first."""
    shared = [f"- {with_code(line.strip())}" for line in shared_lines(found)[1:]]
    if shared:
        yield "\n".join(["All of it comes from:", "", *shared])
    yield from (change_item(item, found) for item in listed_changes(found))
    yield from left_out(found)


def shared_lines(found: Comparison) -> list[str]:
    """Return the lines that cause every change, under a heading; none where there are none."""
    lines = [f"  {cause_words(cause)}" for cause in found.shared]
    return ["all of it comes from:", *lines] if lines else []


def listed_changes(found: Comparison) -> list[Change]:
    """Return the changes to tell, the worst first: of each effect the first ones."""
    by_effect = (
        [item for item in found.changes if item.effect == effect] for effect in WORST_FIRST
    )
    return [item for items in by_effect for item in items[:MOST_OF_A_KIND]]


def left_out(found: Comparison) -> Iterator[str]:
    """Yield how many changes of each effect aren't told."""
    for effect in WORST_FIRST:
        more = sum(item.effect == effect for item in found.changes) - MOST_OF_A_KIND
        if more > 0:
            groups = "1 more group of cases" if more == 1 else f"{more} more groups of cases"
            yield f"And {groups}: {EFFECTS[effect]}. The JSON lists them all."


def wrapped(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines, those too long in several ones: what goes on stands further in."""
    for line in lines:
        margin = len(line) - len(line.lstrip())
        hanging = " " * (margin + 4)
        yield from wrap(
            line.strip(),
            WIDTH,
            initial_indent=" " * margin,
            subsequent_indent=hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )


def title(found: Comparison) -> str:
    """Return what is compared."""
    old, new = found.old, found.new
    name = old.name if old.name == new.name else f"{old.name} → {new.name}"
    same = old.version == new.version
    return f"{name} {old.version}" if same else f"{name} {old.version} → {new.version}"


def doubts(found: Comparison) -> list[str]:
    """Return what isn't known of a comparison, a sentence each."""
    said = [
        f"It isn't settled whether more cases of `{name}` change: a comparison can't be decided "
        "exactly, and no real case was found."
        for name in found.unsettled
    ]
    return said + [f"More cases of `{name}` change than are listed." for name in found.incomplete]


# ---------------------------------------------------------------- one change


def change_lines(change: Change, found: Comparison) -> Iterator[str]:
    """Yield a change as lines: what becomes of which cases, why, and examples."""
    yield f"{change.question}: {flow(change)} ({EFFECTS[change.effect]})"
    cases = situations(change, found)
    yield from (f"  - {phrase}" for phrase in cases.common)
    for at, part in enumerate(cases.others):
        way = "or " if at else "either " if len(cases.others) > 1 else ""
        yield f"  - {way}{listed(part)}"
    if change.group.regions and not change.group.complete:
        yield "  - or in further situations"
    yield from (f"  {cause_words(cause)}" for cause in change.causes if cause not in found.shared)
    before: Shown | None = None
    for shown, words in examples(change):
        beside = before if words == BEYOND else None
        case = case_words(shown, change, found, beside) or "any of these"
        yield f"  {words}: {case}: {answers(shown, change, found)}"
        before = shown


def cause_words(cause: Cause) -> str:
    """Return a line that makes cases come out differently, with its place."""
    return f"{cause.side}: {cause.where}: {cause.what}"


def change_item(change: Change, found: Comparison) -> str:
    """Return a change as a Markdown section."""
    first, *rest = change_lines(change, found)
    lines = [f"### {with_code(first)}", ""]
    lines += [f"- {with_code(line.strip().removeprefix('- '))}" for line in rest]
    return "\n".join(lines)


def flow(change: Change) -> str:
    """Return what decided a group of cases, and what decides it now."""
    return f"{ruled_words(change.group.old)} → {ruled_words(change.group.new)}"


def ruled_words(ruled: Ruled) -> str:
    """Return what decides, in words."""
    names = [f"`{name}`" for name in ruled.rules]
    match ruled.kind:
        case "rule":
            return f"{ruled.outcome} ({listed(names)})"
        case "conflict":
            return f"conflict of {listed(names)}"
        case kind:
            return KINDS[kind]


def examples(change: Change) -> Iterator[tuple[Shown, str]]:
    """Yield the cases to look at: those on both sides of each limit that moved, or an example."""
    if not change.edges:
        yield change.example, "for example"
    for edge in change.edges:
        yield edge.inside, "at the limit"
        if edge.outside:
            yield edge.outside, BEYOND


def case_words(shown: Shown, change: Change, found: Comparison, beside: Shown | None = None) -> str:
    """Return a case in words, as far as it matters here: beside another, only what differs."""
    fixed = (atom for region in change.group.regions for atom, _ in region.fixed)
    names = {name for atom in fixed for name in named(atom)} | change.read
    if beside:
        names = {name for name in names if shown.facts[name] != beside.facts[name]} or names
    return described(shown.facts, names, with_all_facts(change, found))


def answers(shown: Shown, change: Change, found: Comparison) -> str:
    """Return what both versions say of a case."""
    old = answer_words(shown.old, found.old.questions[change.question], found.old)
    new = answer_words(shown.new, found.new.questions[change.question], found.new)
    return f"{old} in both" if old == new else f"{old} → {new}"


def answer_words(answer: Answer, question: Question, version: PolicyVersion) -> str:
    """Return what one version says of a case, with its outputs."""
    types = output_types(answer, question)
    given = [
        f"{name} {in_words(value, types[name], version.currency)}"
        for name, value in answer.outputs.items()
        if value is not None
    ]
    return ", ".join([answer.ruled.outcome or ruled_words(answer.ruled), *given])


def output_types(answer: Answer, question: Question) -> dict[str, Type]:
    """Return the types of an answer's outputs."""
    named_so = (item for item in question.outcomes if item.name == answer.ruled.outcome)
    return {output.name: output.type for item in named_so for output in item.outputs}


# ---------------------------------------------------------------- JSON


def as_json(found: Comparison) -> str:
    """Return the comparison as JSON."""
    return json.dumps(data(found), indent=2, ensure_ascii=False)


def data(found: Comparison) -> dict[str, Any]:
    """Return the comparison as it stands in JSON."""
    return {
        "policy": found.new.name,
        "old": found.old.version,
        "new": found.new.version,
        "verdict": found.verdict,
        "changes": [change_data(change, found) for change in found.changes],
        "unsettled": list(found.unsettled),
        "incomplete": list(found.incomplete),
        "wording": found.wording.as_json(),
    }


def change_data(change: Change, found: Comparison) -> dict[str, Any]:
    """Return a change as it stands in JSON."""
    cases = situations(change, found)
    causes = [
        {"side": cause.side, "what": cause.what, "where": str(cause.where)}
        for cause in change.causes
    ]
    edges = [
        {
            "inside": shown_data(edge.inside, change, found),
            "outside": shown_data(edge.outside, change, found) if edge.outside else None,
        }
        for edge in change.edges
    ]
    return {
        "question": change.question,
        "old": ruled_data(change.group.old),
        "new": ruled_data(change.group.new),
        "effect": change.effect,
        "all_of": list(cases.common),
        "any_of": [list(part) for part in cases.others],
        "complete": cases.complete,
        "causes": causes,
        "example": shown_data(change.example, change, found),
        "edges": edges,
    }


def ruled_data(ruled: Ruled) -> dict[str, Any]:
    """Return what decides, as it stands in JSON."""
    return {"kind": ruled.kind, "rules": list(ruled.rules), "outcome": ruled.outcome}


def shown_data(shown: Shown, change: Change, found: Comparison) -> dict[str, Any]:
    """Return a case as each version takes it, with what the version says of it."""
    sides = (("old", found.old, shown.old), ("new", found.new, shown.new))
    return {
        side: {
            "facts": facts_data(shown, version.questions[change.question], side),
            **ruled_data(answer.ruled),
            "outputs": {
                name: plain(value, output_types(answer, version.questions[change.question])[name])
                for name, value in answer.outputs.items()
                if value is not None
            },
        }
        for side, version, answer in sides
    }


def facts_data(shown: Shown, question: Question, side: str) -> dict[str, Any]:
    """Return the facts that a version of a question knows, as a case file has them."""
    given = own_facts(shown.facts, question, newer=side == "new")
    types = {fact.name: fact.type for fact in question.facts}
    return {name: plain(value, types[name]) for name, value in given.items()}


FORMATS: Mapping[str, Callable[[Comparison], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
}
