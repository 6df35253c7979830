"""A review for people: as Markdown for a pull request, and as text."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from . import replay_text, wording_text
from .adequacy_text import counted as covered
from .comparison import Comparison
from .comparison_text import (
    change_lines,
    doubts,
    left_out,
    listed_changes,
    sections,
    shared_lines,
    wrapped,
)
from .coverage import TARGET_KINDS
from .errors import Finding
from .markdown import code, escaped, table, with_code
from .replay import Replay
from .reports import as_text as findings_text
from .review import Review, counted
from .suite import Example, Result
from .suite_text import results_text
from .version_change import VersionChange


def as_markdown(found: Review) -> str:
    """Return a page: the verdict, then what stands behind it, and folded what was there before."""
    return "\n\n".join(block for block in blocks(found) if block)


def blocks(found: Review) -> Iterator[str]:
    """Yield the parts of the page."""
    yield f"## Policy review\n\n**{escaped(found.verdict)}**"
    yield findings_table(found.findings)
    yield folded(
        f"{counted(len(found.before), 'finding')} from before", findings_table(found.before)
    )
    yield unreadable(found)
    for change in found.changes:
        yield f"### {with_code(change.title)}"
        if change.comparison:
            compared = change.comparison
            yield from (re.sub("^###", "####", part) for part in sections(compared))
            yield from map(with_code, doubts(compared))
            yield wording_text.as_markdown(compared.wording)
        yield "\n".join(case_lines(change))
        yield adequacy_words(change)
        yield folded("What no case covers or notices", "\n".join(open_lines(change)))
    yield from (block for replay in found.replays for block in replayed(replay))
    yield test_results(found.results)
    yield approvals(found)
    yield f"<sub>Compared with {code(found.base)}.</sub>"


def findings_table(findings: Sequence[Finding]) -> str:
    """Return findings as a table; nothing when there is none."""
    rows = [
        (code(str(item.where)), f"{item.severity}: {with_code(item.message)}", with_code(item.hint))
        for item in findings
    ]
    return table(("Where", "What is wrong", "What to do"), rows) if rows else ""


def folded(title: str, body: str) -> str:
    """Return a part that opens on a click; nothing when it holds nothing."""
    return f"<details><summary>{escaped(title)}</summary>\n\n{body}\n\n</details>" if body else ""


def unreadable(found: Review) -> str:
    """Say which files can't be compared, as they couldn't be read at the base."""
    files = ", ".join(code(file) for file in found.unreadable)
    return f"Not compared, as it couldn't be read in {code(found.base)}: {files}" if files else ""


def compared_text(found: Comparison) -> Iterator[str]:
    """Yield who is affected, and what reads differently."""
    yield from shared_lines(found)
    yield from ("\n".join(wrapped(change_lines(item, found))) for item in listed_changes(found))
    yield from (*left_out(found), *doubts(found))
    if found.wording:
        yield wording_text.as_text(found.wording)


def replayed(found: Replay) -> Iterator[str]:
    """Yield what becomes of the cases of some data: in tables, and folded by which rules."""
    yield f"### {with_code(replay_text.title(found))}"
    yield from replay_text.tables(found)
    yield folded("By which rules, with examples", "\n\n".join(replay_text.flow_items(found)))


def approvals(found: Review) -> str:
    """Say who has to agree, and why; nothing where nobody has to."""
    why = " and ".join(found.approvals)
    return f"- [ ] **Approval** by who answers for the policy: {escaped(why)}." if why else ""


def case_lines(change: VersionChange) -> Iterator[str]:
    """Yield a line for each case that a change deletes, changes or adds."""
    yield from (f"- **Deleted case:** {named(case)}" for case in change.cases.deleted)
    for was, now in change.cases.changed:
        yield f"- Changed case: {named(now)}{expectation(was, now)}"
    added = change.cases.added
    if added:
        names = ", ".join(escaped(case.name) for case in added)
        yield f"- {counted(len(added), 'new case')}: {names}"


def adequacy_words(change: VersionChange) -> str:
    """Return in a sentence whether the cases are enough; nothing where that isn't known."""
    if change.adequacy is None:
        return ""
    kinds = (
        (kind, [item for item in change.adequacy.reached if item.target.kind == kind])
        for kind in TARGET_KINDS
    )
    told = ", ".join(f"{covered(found)} {kind}s" for kind, found in kinds if found)
    noticed, mistakes = change.adequacy.noticed
    return f"The cases cover {told}, and notice {noticed} of {mistakes} small mistakes."


def open_lines(change: VersionChange) -> Iterator[str]:
    """Yield a line for each thing that no case covers or notices, and what to do about it."""
    found = change.adequacy.open() if change.adequacy else ()
    yield from (f"- {with_code(line)}" for line in found)
    if found:
        yield "\n`refund test --propose` writes a case for each."


def named(case: Example) -> str:
    """Return a case's name and place."""
    return f"{escaped(case.name)} ({code(f'{case.where.file}:{case.where.line}')})"


def expectation(was: Example, now: Example) -> str:
    """Return how what a case expects changes, if it does."""
    if was.expect == now.expect:
        return ", with other facts"
    return f", expected {code(flow_of(was))}, now {code(flow_of(now))}"


def flow_of(case: Example) -> str:
    """Return what a case expects, on one line."""
    return ", ".join(f"{name}: {value}" for name, value in case.expect.items())


def test_results(results: Sequence[Result]) -> str:
    """Return how many cases pass, and in full those that fail."""
    failed = [item for item in results if not item.passed]
    lines = [
        f"- {named(item.example)}: {with_code('; '.join(item.differences))}" for item in failed
    ]
    head = f"{len(results) - len(failed)} of {counted(len(results), 'case')} pass."
    return "\n".join([head, *lines]) if results else "There are no cases."


def as_text(found: Review) -> str:
    """Return the same as lines for a terminal."""
    parts = [found.verdict, findings_text(found.findings)]
    if found.before:
        parts.append(f"from before:\n{findings_text(found.before)}")
    for change in found.changes:
        cases = [line.replace("**", "") for line in case_lines(change)]
        found_here = [*compared_text(change.comparison)] if change.comparison else []
        parts.append("\n".join([change.title, *found_here, *cases]))
    parts += map(replay_text.as_text, found.replays)
    parts.append(results_text(found.results) if found.results else "there are no cases")
    return "\n\n".join(part for part in parts if part)


def as_json(found: Review) -> str:
    """Return the same as JSON."""
    return json.dumps(found.as_json(), indent=2, ensure_ascii=False)


FORMATS: Mapping[str, Callable[[Review], str]] = {
    "markdown": as_markdown,
    "text": as_text,
    "json": as_json,
}
