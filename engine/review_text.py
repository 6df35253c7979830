"""A review for people: as Markdown for a pull request, and as text."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from . import wording_text
from .errors import Finding
from .markdown import code, escaped, table, with_code
from .reports import as_text as findings_text
from .review import Review, VersionChange, counted
from .suite import Example, Result
from .suite_text import results_text


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
        yield wording_text.as_markdown(change.wording)
        yield "\n".join(case_lines(change))
    yield test_results(found.results)
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


def case_lines(change: VersionChange) -> Iterator[str]:
    """Yield a line for each case that a change deletes, changes or adds."""
    yield from (f"- **Deleted case:** {named(case)}" for case in change.cases.deleted)
    for was, now in change.cases.changed:
        yield f"- Changed case: {named(now)}{expectation(was, now)}"
    added = change.cases.added
    if added:
        names = ", ".join(escaped(case.name) for case in added)
        yield f"- {counted(len(added), 'new case')}: {names}"


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
        parts.append(
            "\n".join([change.title, wording_text.as_text(change.wording), *cases]).strip()
        )
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
