"""Each judge of pages finds every defect that is planted for it, and leaves a good page alone.

A judge that cannot fail is no judge: `PLANTED` holds small edits of the good page in
`browser/good`, and what the judge must say about the page with each.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from git_repository import edit
from judges import audit, html_validate, links, vnu

GOOD = Path(__file__).parent / "browser" / "good"
Judge = Callable[[Path], list[str]]
Defect = tuple[str, str, str]  # in the page: this, replaced by that; what the judge says of it

DESK = '<h2 id="desk">The desk</h2>'
LABEL = '<label for="title">Title of the book</label> '
LEGEND = "<legend>Is the book yours?</legend>"
BUTTON = '<button type="submit">Continue</button>'
STATUS = '<p role="status" id="result"></p>'

FOR_VNU: dict[str, Defect] = {
    "an id twice": (STATUS, STATUS.replace("result", "desk"), "Duplicate ID"),
    "a tag left open": ("</strong>", "", "strong"),
    "an unknown attribute": ("<main ", '<main colour="red" ', "colour"),
    "a block inside a paragraph": ("<p>You can", "<p><ul><li>You can</li></ul>", "p"),
    "a date that is none": ('datetime="2026-03-02"', 'datetime="2026-02-30"', "datetime"),
    "no title": ("<title>Lending</title>\n", "", "title"),
}
FOR_HTML_VALIDATE: dict[str, Defect] = {
    "an unlabelled input": (LABEL, "", "input-missing-label"),
    "a level of headings left out": (DESK, DESK.replace("h2", "h4"), "heading-level"),
    "a label for nothing": ('for="title"', 'for="titel"', "no-missing-references"),
    "an id twice": (STATUS, STATUS.replace("result", "desk"), "no-dup-id"),
    "an inline style": ("<h1>", '<h1 style="color: red">', "no-inline-style"),
    "an image without text": (STATUS, '<img src="a.png">', "wcag/h37"),
    "a button without a type": (' type="submit"', "", "no-implicit-button-type"),
}
FOR_AUDIT: dict[str, Defect] = {
    "an inline style": ("<h1>", '<h1 style="color: red">', "light: csp: style-src-attr inline"),
    "an inline script": (STATUS, "<script>1</script>" + STATUS, "csp: script-src-elem inline"),
    "an image from elsewhere": (
        STATUS,
        '<img src="https://example.com/a.png" alt="A book">' + STATUS,
        "external: https://example.com/a.png",
    ),
    "no security policy": ('http-equiv="Content-Security-Policy"', 'name="none"', "no-csp"),
    "a style sheet that is gone": ("style.css", "gone.css", "request: gone.css: status 404"),
    "a script that throws": ('id="result"', 'id="outcome"', "script: TypeError"),
    "bad contrast": ("<h1>", '<h1 class="faint">', "light: color-contrast"),
    "bad contrast in the dark": ("<h1>", '<h1 class="dim">', "dark: color-contrast"),
    "a wide box": ("<h1>", '<h1 class="broad">', "narrow: overflow: h1.broad"),
    "a wide table without a scroll bar": (
        'class="wide"',
        'class="open"',
        "narrow: overflow: ",
    ),
    "a long word": ("How long", "Rindfleischetikettierungsüberwachung", "narrow: overflow: h1"),
    "a wide box that cannot be scrolled by keys": (' tabindex="0"', "", "scrollable-region"),
    "a small target": ("<button", '<button class="tiny"', "light: target: button.tiny"),
    "a link in a line of its own": ('<ul class="pages">', "<ul>", "target: a “Rules”"),
    "focus that does not show": ("<button", '<button class="flat"', "focus: button.flat"),
    "focus that is too faint": ("<button", '<button class="pale"', "light: focus: button.pale"),
    "focus that is lost in the dark": ("<button", '<button class="black"', "dark: focus: button"),
    "two main parts": ("<footer>", "<main></main><footer>", "one-main: main: 2"),
    "no main part": ('<main id="content">', '<div id="content">', "one-main: main: 0"),
    "two first headings": (DESK, DESK.replace("h2", "h1"), "one-h1: h1: 2"),
    "no first heading": ("h1>", "h2>", "one-h1: h1: 0"),
    "no language": ('<html lang="en">', "<html>", "html-has-lang"),
    "an unlabelled input": (LABEL, "", "light: label"),
    "a level of headings left out": (DESK, DESK.replace("h2", "h4"), "heading-order"),
    "a link without a name": ("the desk</a>", "</a>", "link-name"),
    "text outside all landmarks": ("<footer>", "<p>Bye</p><footer>", "region"),
    "a table of headings alone": ("Kind of book</th>", "</th>", "empty-table-header"),
}
PLANTED: dict[Judge, dict[str, Defect]] = {
    vnu: FOR_VNU,
    html_validate: FOR_HTML_VALIDATE,
    audit: FOR_AUDIT,
}
BAD_STYLE = """
.faint { color: #999; }
.dim { color: #555; }
.broad { width: 30rem; }
.open table { min-width: 30rem; }
.tiny { font-size: 0.5rem; min-height: 0; padding: 0; }
.flat:focus { outline: none; }
.pale:focus { outline-color: #ddd; }
.black:focus { outline-color: #000; }
"""


def file_name(title: str) -> str:
    return f"{title.replace(' ', '-')}.html"


@pytest.fixture(scope="session", params=PLANTED, ids=lambda judge: str(judge.__name__))
def verdict(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Judge, list[str]]:
    """One judge, and all that it says about the good page and each bad one: it starts once."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    for title, (old, new, _) in PLANTED[request.param].items():
        page = folder / file_name(title)
        shutil.copy(GOOD / "page.html", page)
        edit(page, old, new)
        if "<title>Lending" in page.read_text("utf-8"):
            edit(page, "<title>Lending", f"<title>{title}")
    style = folder / "style.css"
    style.write_text(style.read_text("utf-8") + BAD_STYLE, "utf-8")
    return request.param, request.param(folder)


def test_each_planted_defect_is_found(verdict: tuple[Judge, list[str]]) -> None:
    judge, lines = verdict
    missed = {
        title: [line for line in lines if line.startswith(file_name(title))]
        for title, (_, _, said) in PLANTED[judge].items()
        if not any(line.startswith(file_name(title)) and said in line for line in lines)
    }
    assert missed == {}


def test_a_good_page_has_no_defect(verdict: tuple[Judge, list[str]]) -> None:
    judge, lines = verdict
    bad = tuple(file_name(title) for title in PLANTED[judge])
    assert [line for line in lines if not line.startswith(bad)] == []


def test_findings_stand_in_the_order_of_the_pages(verdict: tuple[Judge, list[str]]) -> None:
    pages = ["".join(line.partition(".html")[:2]) for line in verdict[1]]
    assert pages == sorted(pages)


@pytest.mark.parametrize("judge", [*PLANTED, links])
def test_a_folder_without_pages_is_not_taken_for_a_good_one(judge: Judge, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="no "):
        judge(tmp_path)


def test_style_sheets_are_checked(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("a { colour: red; }", "utf-8")
    assert [line for line in vnu(tmp_path) if line.startswith("style.css:1: ")] != []


@pytest.fixture(scope="module")
def odd_site(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Path]:
    """A good page, its twin, a page for what is not found, a state of a page; and pictures."""
    folder, shots = tmp_path_factory.mktemp("odd"), tmp_path_factory.mktemp("shots")
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    shutil.copy(GOOD / "page.html", folder / "twin.html")
    shutil.copy(GOOD / "page.html", folder / "404.html")
    edit(folder / "404.html", "<title>Lending", "<title>Not found")
    script = "if (location.hash === '#yours=yes') document.querySelector('h1').remove();"
    (folder / "page.js").write_text(script, "utf-8")
    return audit(folder, "page.html#yours=yes", shots=shots), shots


def test_two_pages_of_one_title_are_found(odd_site: tuple[list[str], Path]) -> None:
    assert "twin.html: light: same-title: title: as page.html" in odd_site[0]


def test_what_is_not_found_needs_a_page_that_works_in_any_folder(
    odd_site: tuple[list[str], Path],
) -> None:
    assert "no/such/page: light: request: no/such/style.css: status 404" in odd_site[0]
    assert [line for line in odd_site[0] if line.startswith("404.html")] == []


def test_a_state_of_a_page_is_judged_by_itself(odd_site: tuple[list[str], Path]) -> None:
    assert "page.html#yours=yes: light: one-h1: h1: 0 on the page" in odd_site[0]
    assert [line for line in odd_site[0] if line.startswith("page.html: ")] == []


def test_each_page_is_shown_on_screens_and_on_paper(odd_site: tuple[list[str], Path]) -> None:
    names = {file.name for file in odd_site[1].iterdir()}
    kinds = ("desktop.png", "phone.png", "dark.png", "print.pdf")
    stems = ("404", "page", "twin", "no-such-page", "page-yours=yes")
    assert names == {f"{stem}.{kind}" for stem in stems for kind in kinds}


@pytest.mark.parametrize(("judges", "outcome"), [("", "skip"), ("required", "fail")])
@pytest.mark.parametrize("judge", PLANTED)
def test_a_judge_that_is_not_installed_says_how_to_install_it(
    judge: Judge, judges: str, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("JUDGES", judges)
    expected = pytest.skip.Exception if outcome == "skip" else pytest.fail.Exception
    with pytest.raises(expected, match="apt-get install"):
        judge(GOOD)
