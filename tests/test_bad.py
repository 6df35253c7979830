"""Bad policies with what `refund check` says of them, and good ones of which it says nothing.

`bad/<code>.yaml` holds one mistake, `bad/<code>/` a folder of policies with one; what is said of it
stands beside it in `<code>.txt`. Rewrite these with `REWRITE=1 pytest tests/test_bad.py`, and read
the difference as the editor who made the mistake.
"""

import ast
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from refund_policy.engine import errors
from refund_policy.engine.check import check_folder
from refund_policy.engine.errors import Finding

TESTS = Path(__file__).parent
BAD = TESTS / "bad"
GOOD = TESTS / "good"
SCHEMA = TESTS.parent / "schema" / "policy.schema.json"
ENGINE = Path(errors.__file__).parent
FOLDERS = [path.parent.relative_to(BAD).parts[0] for path in BAD.rglob("policy.yaml")]
NAMES = sorted({*FOLDERS, *(path.name for path in BAD.glob("*.yaml"))})
NOTED_BY = {"note", "fail", "bad", "finding", "finding_at", "Finding"}
NOT_CHECKED = {"bad-case"}  # about the case that is decided, not about a policy


def codes(file: Path) -> Iterator[str]:
    """Yield the codes of findings that a file of the engine makes."""
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and named(node.func) in NOTED_BY:
            given = [key.value for key in node.keywords if key.arg == "code"] or node.args[:1]
            for code in given:
                yield from words_of(code)
        if isinstance(node, ast.Tuple) and file.name == "characters.py" and len(node.elts) > 3:
            yield from words_of(node.elts[0])


def named(function: ast.expr) -> str:
    """Return the name of the function called."""
    match function:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def words_of(code: ast.expr) -> Iterator[str]:
    """Yield the code that an expression is, or the codes of `unused-…`."""
    match code:
        case ast.Constant(value=str(word)):
            yield word
        case ast.JoinedStr(values=[ast.Constant(value="unused-"), _]):
            yield from (f"unused-{what}" for what in ("term", "fact", "measure", "condition"))
        case _:  # computed from one of the above
            return


CODES = {code for file in ENGINE.rglob("*.py") for code in codes(file)}


def found_in(path: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Finding, ...]:
    """Return what `refund check` finds, with paths as seen from the folder."""
    monkeypatch.chdir(folder)
    return check_folder(Path(path))


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_policy_gets_exactly_its_findings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = found_in(name, BAD, monkeypatch)
    said = "".join(f"{finding}\n" for finding in findings)
    expected = BAD / f"{name.removesuffix('.yaml')}.txt"
    if os.environ.get("REWRITE"):
        expected.write_text(said, "utf-8")
    assert said == expected.read_text("utf-8")
    assert len({(finding.where, finding.message) for finding in findings}) == len(findings)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("several")])
def test_one_mistake_is_one_finding(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [finding.code for finding in found_in(name, BAD, monkeypatch)] == [shows(name)]


def shows(name: str) -> str:
    """Return the code that a bad policy's name says: `type-mismatch` for `type-mismatch-3.yaml`."""
    stem = name.removesuffix(".yaml")
    return stem if stem in CODES else re.sub(r"-\d+$", "", stem)


@pytest.mark.parametrize("file", sorted(GOOD.rglob("*.yaml")), ids=lambda path: path.name)
def test_a_good_policy_gets_no_finding(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found_in(file.name, file.parent, monkeypatch) == ()


def test_every_code_has_a_bad_policy() -> None:
    shown = {shows(name) for name in NAMES}
    of_the_reader = (TESTS / "test_source.py").read_text("utf-8")
    elsewhere = {code for code in CODES if f"[{code}]" in of_the_reader}
    assert CODES - shown - elsewhere == NOT_CHECKED


def test_the_good_policies_use_every_word_of_the_language() -> None:
    written = "\n".join(file.read_text("utf-8") for file in GOOD.rglob("*.yaml"))
    known = set(words(json.loads(SCHEMA.read_text("utf-8"))))
    assert {word for word in known if not re.search(rf"\b{word}\b", written)} == set()


def words(schema: object) -> Iterator[str]:
    """Yield every key and every fixed word that a schema knows."""
    if isinstance(schema, dict):
        yield from (key for key in schema.get("properties", ()) if isinstance(key, str))
        fixed = schema.get("enum", ())
        yield from (word for word in fixed if isinstance(word, str))
        schema = [part for key, part in schema.items() if key != "not"]
    inner = schema if isinstance(schema, list) else ()
    for part in inner:
        yield from words(part)
