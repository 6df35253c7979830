"""Policies whose pages are wrong, with what `refund check --pages` says of them.

`bad_pages/<code>/` holds one mistake, `templates` in it are those of its own; what is said of it
stands beside it in `<code>.txt`. Rewrite these with `REWRITE=1 pytest tests/test_bad_pages.py`, and
read the difference as the editor who made the mistake.
"""

import os
from datetime import date
from pathlib import Path

import pytest
from test_bad import TESTS, codes, shows

from refund_policy.engine.check import check_folder
from refund_policy.engine.errors import Finding
from refund_policy.render.check import GATES, check_pages

BAD_PAGES = TESTS / "bad_pages"
NAMES = sorted(folder.name for folder in BAD_PAGES.iterdir() if folder.is_dir())
DAY = date(2026, 6, 1)
RENDER = TESTS.parent / "render"
CODES = {code for file in RENDER.rglob("*.py") for code in codes(file)}


def found_in(name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Finding, ...]:
    """Return what is found on the pages of a folder, with paths as seen from above it."""
    monkeypatch.chdir(BAD_PAGES)
    templates = Path(name, "templates").resolve()
    return check_pages(Path(name), DAY, templates if templates.is_dir() else None)


@pytest.mark.parametrize("name", NAMES)
def test_bad_pages_get_exactly_their_findings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = found_in(name, monkeypatch)
    said = "".join(f"{finding}\n" for finding in findings)
    expected = BAD_PAGES / f"{name}.txt"
    if os.environ.get("REWRITE"):
        expected.write_text(said, "utf-8")
    assert said == expected.read_text("utf-8")
    assert shows(name) in {finding.code for finding in findings}


@pytest.mark.parametrize("name", NAMES)
def test_the_policy_itself_is_right(name: str) -> None:
    assert [found for found in check_folder(BAD_PAGES / name) if found.severity == "error"] == []


def test_every_code_of_pages_has_bad_pages() -> None:
    assert {shows(name) for name in NAMES} == CODES


def test_every_gate_is_in_a_file_of_its_name() -> None:
    assert [gate.__module__.rpartition(".")[2] for gate in GATES] == [g.__name__ for g in GATES]
