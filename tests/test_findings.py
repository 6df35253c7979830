"""Each code of a finding has a page of one shape, with an example that is true.

That the table in docs/language.md lists every code is tested beside it.
"""

import re
from pathlib import Path

import pytest
from test_bad import BAD, TESTS
from test_bad_pages import BAD_PAGES

from refund_policy.engine.errors import one_line
from refund_policy.engine.findings import MEANINGS

DOCS = TESTS.parent / "docs"
PAGES = {page.stem: page.read_text("utf-8") for page in (DOCS / "findings").glob("*.md")}
TABLE = (DOCS / "language.md").read_text("utf-8").split("## All errors and warnings")[1]
ROWS = re.findall(
    r"^\| \[`([a-z0-9-]+)`\].*? \| ([EW, ]+) \| (.*?) \| .*? \|$", TABLE, re.MULTILINE
)
SEVERITIES = {"E": "**Error.**", "W": "**Warning.**", "E, W": "**Error or warning.**"}
HEADINGS = ["## Why it matters", "## Example", "## How to mend it"]
ELSEWHERE = "".join((TESTS / f"test_{name}.py").read_text("utf-8") for name in ("source", "cli"))


def block(page: str, language: str) -> list[str]:
    """Return the lines of a page's first block in a language."""
    found = re.search(rf"^```(?:{language})\n(.*?)```$", page, re.MULTILINE | re.DOTALL)
    return found[1].splitlines() if found else []


def test_each_code_has_a_page_and_a_meaning_and_no_other_has() -> None:
    assert PAGES.keys() == {code for code, *_ in ROWS}
    assert MEANINGS.keys() == PAGES.keys()


def test_the_table_says_what_the_engine_says() -> None:
    assert {code: means for code, _, means in ROWS} == dict(MEANINGS)
    assert [code for code, *_ in ROWS] == [*MEANINGS]


@pytest.mark.parametrize("code", sorted(PAGES))
def test_a_page_has_the_shape_of_all_pages(code: str) -> None:
    page = PAGES[code]
    severity = next(listed for name, listed, _ in ROWS if name == code)
    assert page.startswith(f"# `{code}`\n\n{SEVERITIES[severity]} ")
    assert re.findall(r"^## .*$", page, re.MULTILINE) == HEADINGS
    assert all(section.strip() for section in re.split(r"^## .*$", page, flags=re.MULTILINE))
    assert len(page.splitlines()) < 60


@pytest.mark.parametrize("code", sorted(PAGES))
def test_the_example_is_what_the_check_says(code: str) -> None:
    said = block(PAGES[code], "text")
    expected = [file for folder in (BAD, BAD_PAGES) if (file := folder / f"{code}.txt").exists()]
    if expected:
        assert said == expected[0].read_text("utf-8").splitlines()
    else:
        assert len(said) == 1
        assert said[0].split(f"[{code}] ")[1].split(" (")[0] in ELSEWHERE


@pytest.mark.parametrize("code", sorted(code for code in PAGES if block(PAGES[code], "yaml|jinja")))
def test_the_example_stands_in_the_bad_policy(code: str) -> None:
    named = re.search(r"^From `tests/(bad(?:_pages)?/.+)`:$", PAGES[code], re.MULTILINE)
    assert named
    text = (TESTS / named[1]).read_bytes().decode("utf-8", "replace")
    ahead = iter([one_line(line) for line in text.split("\n")])
    for line in block(PAGES[code], "yaml|jinja"):
        start, cut = line.removesuffix("…"), line.endswith("…")
        assert any(other.startswith(start) if cut else other == line for other in ahead), line


def test_pages_lead_to_pages_that_are_there() -> None:
    for code, page in PAGES.items():
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page):
            assert (DOCS / "findings" / Path(link)).exists(), f"{code}: {link}"
