"""Every example in docs/language.md and docs/recipes.md does what the page says.

A comment before a block says what it is; a ```text block after it says what comes of it:

    policy: gym                  a whole policy, under a name
    part: head                   the beginning of one
    adds to: gym                 a part, laid over a policy; loads without a finding
    adds to: gym, as: other_gym  the same, under a name of its own
    adds to: gym, error          a part with mistakes, and exactly these findings
    decide with: gym             a case, and what `refund decide` prints
    explain with: gym            a case, and what `refund explain --what-if` prints at the end
    cases for: gym               a cases.yaml, in which every case passes

That something is never used is no news about a part.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from refund_policy.engine.characters import FORBIDDEN
from refund_policy.engine.check import check_folder
from refund_policy.engine.cli import main
from refund_policy.engine.errors import Where
from refund_policy.engine.model import Fact, Kind, Type
from refund_policy.engine.source import Json, plain, read
from refund_policy.engine.suite import run_folder
from refund_policy.engine.values import Cell, fact_value

ROOT = Path(__file__).parent.parent
LANGUAGE = (ROOT / "docs" / "language.md").read_text("utf-8")
PAGE = LANGUAGE + (ROOT / "docs" / "recipes.md").read_text("utf-8")


@dataclass(frozen=True)
class Block:
    """A ```yaml block: its kind and its policy's name, and the ```text block after it."""

    line: int
    kind: str
    base: str
    name: str
    error: bool
    text: str
    said: str


def blocks() -> Iterator[Block]:
    for found in re.finditer(r"(?:<!-- ([^\n]*) -->\n)?```yaml\n(.*?)```\n", PAGE, re.DOTALL):
        mark, text = found.groups()
        kind, base = (mark or "none: none").split(",")[0].split(": ")
        name = re.search(r", as: (\w+)", mark or "")
        after = PAGE[found.end() :].lstrip()
        said = after.removeprefix("```text\n").split("```")[0] if after[:7] == "```text" else ""
        yield Block(
            line=PAGE.count("\n", 0, found.start(2)) + 1,
            kind=kind,
            base=base,
            name=name[1] if name else base,
            error=(mark or "").endswith(", error"),
            text=text,
            said=said,
        )


BLOCKS = tuple(blocks())


def merged(base: Json, part: Json) -> Json:
    """Lay a part over a policy: mappings grow together, everything else is replaced."""
    if not isinstance(base, dict) or not isinstance(part, dict):
        return part
    added = {key: merged(base[key], part[key]) if key in base else part[key] for key in part}
    return {**base, **added}


def flow(value: Json) -> str:
    """Write YAML in one line, every number with its digits."""
    match value:
        case dict():
            inner = (f"{json.dumps(key)}: {flow(item)}" for key, item in value.items())
            return f"{{{', '.join(inner)}}}"
        case list():
            return f"[{', '.join(map(flow, value))}]"
        case Decimal():
            return str(value)
        case _:
            return json.dumps(value)


def content(name: str) -> Json:
    """The policy of that name, put together from its parts."""
    named = {block.name: block for block in BLOCKS if block.kind in ("policy", "part")}
    named |= {block.name: block for block in BLOCKS if block.name != block.base}
    block = named[name]
    node, findings = read(block.text, "docs/language.md")
    assert node
    assert not findings
    return merged(content(block.base), plain(node)) if block.base != name else plain(node)


def findings_of(block: Block, folder: Path) -> list[str]:
    """What `refund check` says of a part, without places."""
    node, found = read(block.text, "docs/language.md")
    if node and not found:
        base = content(block.base) if block.kind == "adds to" else {}
        write(merged(base, plain(node)), folder)
        found = check_folder(folder)
    return [str(finding).removeprefix(f"{finding.where}: ") for finding in found]


def write(policy: Json, folder: Path) -> Path:
    assert isinstance(policy, dict)
    place = folder / str(policy["policy"]) / str(policy["version"])
    place.mkdir(parents=True, exist_ok=True)
    (place / "policy.yaml").write_text(flow(policy), "utf-8")
    return place


def of_kind(*kinds: str) -> list[object]:
    return [pytest.param(block, id=f"line {block.line}") for block in BLOCKS if block.kind in kinds]


def without_digest(text: str) -> str:
    return re.sub(r"sha256:[0-9a-f]+", "sha256:…", text)


def test_every_example_says_what_it_is() -> None:
    kinds = {"policy", "part", "adds to", "decide with", "explain with", "cases for"}
    assert [block.line for block in BLOCKS if block.kind not in kinds] == []
    assert [block.line for block in BLOCKS if block.error and not block.said] == []


@pytest.mark.parametrize("block", of_kind("policy"))
def test_a_whole_policy_has_no_finding(block: Block, tmp_path: Path) -> None:
    assert block.text.startswith("language: 1\n")
    assert findings_of(block, tmp_path) == []


@pytest.mark.parametrize("block", of_kind("adds to"))
def test_a_part_has_the_findings_that_the_page_shows(block: Block, tmp_path: Path) -> None:
    shown = block.said.splitlines() if block.error else []
    found = findings_of(block, tmp_path)
    news = [finding for finding in found if "[unused-" not in finding or finding in shown]
    assert sorted(news) == sorted(shown)


@pytest.mark.parametrize("block", of_kind("decide with"))
def test_a_case_is_decided_as_the_page_shows(block: Block, tmp_path: Path) -> None:
    write(content(block.base), tmp_path)
    case = tmp_path / "case.yaml"
    case.write_text(block.text, "utf-8")
    result = CliRunner().invoke(main, ["decide", str(case), "--policies", str(tmp_path)])
    assert without_digest(result.output) == block.said


@pytest.mark.parametrize("block", of_kind("explain with"))
def test_a_case_would_change_as_the_page_shows(block: Block, tmp_path: Path) -> None:
    write(content(block.base), tmp_path)
    case = tmp_path / "case.yaml"
    case.write_text(block.text, "utf-8")
    command = ["explain", str(case), "--what-if", "--policies", str(tmp_path)]
    assert CliRunner().invoke(main, command).output.endswith(f"\n\n{block.said}")


@pytest.mark.parametrize("block", of_kind("cases for"))
def test_every_case_of_a_suite_passes(block: Block, tmp_path: Path) -> None:
    place = write(content(block.base), tmp_path)
    (place / "cases.yaml").write_text(block.text, "utf-8")
    assert check_folder(tmp_path) == ()
    results = run_folder(tmp_path)
    assert results
    assert {
        result.example.name: result.differences for result in results if result.differences
    } == {}


def test_every_recipe_has_cases() -> None:
    named = {block.name for block in BLOCKS if block.base == "head" and block.kind == "adds to"}
    assert named == {
        block.base for block in BLOCKS if block.kind == "cases for" and block.base in named
    }


FACTS: Mapping[Kind, tuple[tuple[object, ...], tuple[object, ...]]] = {
    "yes_no": ((True, "yes", "no", Cell("true"), Cell("yes")), (1, "maybe")),
    "choice": (("basic",), ("gold", 1)),
    "date": (
        ("2026-02-28", "2026-02-28T23:30:00+01:00", date(2026, 2, 28)),
        ("2026-02-28T23:30:00", 3),
    ),
    "whole_number": ((12, Cell("12")), ("12", Decimal("12.5"))),
    "decimal": ((Decimal("1.75"), "1.75", Cell("1.75"), 1), (1.75, "1.755")),
    "money": ((Decimal("49.90"), "49.90", Cell("49.90"), 49), (49.9, "49.90 EUR", "49.999")),
}


@pytest.mark.parametrize("kind", FACTS)
def test_a_case_writes_facts_as_the_table_says(kind: Kind) -> None:
    scale = {"decimal": 2, "money": 2}.get(kind, 0)
    options = ("basic",) if kind == "choice" else ()
    fact = Fact(name="f", type=Type(kind, options, scale), label="f", ask="f?", where=Where("f"))
    right, wrong = FACTS[kind]
    assert f"| `{kind}` |" in PAGE
    for given in right:
        fact_value(fact, given, UTC)
    for given in (*wrong, None):
        with pytest.raises(ValueError, match=r"."):
            fact_value(fact, given, UTC)


# ---------------------------------------------------------------- codes

NOTING = ("note", "fail", "bad", "finding", "finding_at", "unknown")


def codes_in(file: Path) -> Iterator[str]:
    """The codes that a file gives to findings."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Assign):
            yield from assigned(node.targets[0], node.value)
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        given = [word.value for word in node.keywords if word.arg == "code"]
        given += node.args[:1] if name in NOTING else []
        yield from (str(code.value) for code in given if isinstance(code, ast.Constant))
        if any(isinstance(code, ast.JoinedStr) for code in given):
            yield from ("unused-term", "unused-fact", "unused-measure", "unused-condition")


def assigned(target: ast.expr, value: ast.expr) -> Iterator[str]:
    """The code that an assignment gives to a variable `code`."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, item in zip(target.elts, value.elts, strict=True):
            yield from assigned(one, item)
    elif isinstance(target, ast.Name) and target.id == "code" and isinstance(value, ast.Constant):
        yield str(value.value)


def test_the_page_lists_every_code_and_no_other() -> None:
    table = LANGUAGE.split("## All errors and warnings of a policy")[1]
    listed = re.findall(r"^\| \[`([a-z0-9-]+)`\]\(findings/\1\.md\) \| ", table, re.MULTILINE)
    files = [file for part in ("engine", "render") for file in (ROOT / part).rglob("*.py")]
    used = {code for file in files for code in codes_in(file)}
    used |= {code for code, *_ in FORBIDDEN}
    assert len(listed) == len(set(listed))
    assert set(listed) == used
