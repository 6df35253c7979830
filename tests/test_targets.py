"""One page for the web, a help desk, Markdown and plain text: the same words, safe in each."""

import re
import shutil
from functools import cache
from pathlib import Path

import pytest
from git_repository import edit
from judges import fixpoint, markdown_text, visible_text

from refund_policy.engine.folder import load
from refund_policy.render import cli
from refund_policy.render.environment import TEMPLATES, environment
from refund_policy.render.filters import TARGETS, WIDTH
from refund_policy.render.internal import internal_pages
from refund_policy.render.locale import locale
from refund_policy.render.output import output
from refund_policy.render.pages import pages
from refund_policy.render.site import Site, site

TESTS = Path(__file__).parent
POLICIES = {
    "call_loop": TESTS.parent / "policies",
    "gym": TESTS / "gym",
    **{path.name: path for path in sorted((TESTS / "policies").iterdir())},
}
PUBLISHED = ("call_loop", "gym")  # others have no address, to which a help desk could link
SOME = (*PUBLISHED, "vimeo")
BLOCK = r"{% block (\w+) %}(.*?){% endblock %}"
NAMES = ("policy", "check", "glossary", "404")


@cache
def made(name: str) -> Site:
    return site(load(POLICIES[name]))


@cache
def texts(name: str, target: str) -> dict[str, str]:
    """Return every public page of a policy, in each language."""
    found = made(name)
    return {
        f"{found.folder(language)}{page.name}": output(found, page, target)
        for language in found.languages
        for page in pages(found, language)
    }


@cache
def for_the_company(name: str, target: str) -> dict[str, str]:
    found = made(name)
    return {
        f"{found.folder(language)}{page.name}": output(found, page, target)
        for language in found.languages
        for page in internal_pages(found, language)
    }


def in_words(text: str) -> str:
    """Return the words of a text, without the colons that stand in the place of a layout."""
    return " ".join(text.replace(":", " ").split())


def main_of(html: str) -> str:
    found = re.search(r"<main.*?</main>", html, re.DOTALL)
    assert found
    return found[0]


# ---------------------------------------------------------------- every page, every target


def test_the_command_knows_every_target() -> None:
    assert cli.TARGETS == TARGETS


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_has_its_pages_in_every_target(name: str) -> None:
    for target in TARGETS:
        found = texts(name, target)
        assert set(NAMES) <= found.keys()
        assert {"macros", "review"} <= for_the_company(name, target).keys()
        assert all(text.strip() for text in found.values())


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_the_macros_that_pages_call(target: str) -> None:
    around = (TEMPLATES / target / "page.jinja").read_text("utf-8")
    called = {
        found
        for page in TEMPLATES.glob("*.jinja")
        for name, text in re.findall(BLOCK, page.read_text("utf-8"), re.DOTALL)
        if f"block {name} " in around  # others aren't shown
        for found in re.findall(r"\b([bk])\.(\w+)\(", text)
    }
    web, own = macros("html"), macros(target)
    assert {name: own.get(name) for name in called} == {name: web[name] for name in called}


def macros(target: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the arguments of each macro, by its name and that of its file for page templates."""
    templates = environment(target, locale("en"))
    return {
        (short, name): part.arguments
        for short, file in (("b", "blocks"), ("k", "kit"))
        for name, part in vars(templates.get_template(f"{target}/{file}.jinja").module).items()
        if hasattr(part, "arguments")
    }


@pytest.mark.parametrize("name", SOME)
def test_each_sentence_of_the_web_page_stands_in_each_target(name: str) -> None:
    for page, html in texts(name, "html").items():
        said = {in_words(visible_text(text)) for text in sentences(main_of(html))}
        for target, text in others(name, page).items():
            assert not [words for words in said if words not in text], (page, target)


def sentences(html: str) -> list[str]:
    return re.findall(r"<(?:p|li|span)[^>]* data-sentence=[^>]*>(.*?)</(?:p|li)>", html)


def others(name: str, page: str) -> dict[str, str]:
    """Return the words of a page in the other targets."""
    return {
        "zendesk": in_words(visible_text(texts(name, "zendesk")[page])),
        "markdown": in_words(markdown_text(texts(name, "markdown")[page])),
        "text": in_words(re.sub(r"^[*>!-] ", "", texts(name, "text")[page], flags=re.MULTILINE)),
    }


# ---------------------------------------------------------------- a help desk


@pytest.mark.parametrize("name", POLICIES)
def test_a_help_desk_keeps_every_letter_of_an_article(name: str) -> None:
    articles = texts(name, "zendesk") | for_the_company(name, "zendesk")
    assert [lines for text in articles.values() for lines in fixpoint(text)] == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_an_article_says_what_the_page_says_under_its_title(name: str) -> None:
    for page, html in texts(name, "html").items():
        title = re.compile(r"<h1.*?</h1>", re.DOTALL)
        body = in_words(visible_text(title.sub("", main_of(html))))
        assert in_words(visible_text(texts(name, "zendesk")[page])) == body, page


# ---------------------------------------------------------------- Markdown


@pytest.mark.parametrize("name", PUBLISHED)
def test_markdown_shows_what_the_page_shows(name: str) -> None:
    for page, html in texts(name, "html").items():
        shown = in_words(markdown_text(texts(name, "markdown")[page]))
        assert shown == in_words(visible_text(main_of(html))), page


# ---------------------------------------------------------------- plain text


@pytest.mark.parametrize("name", SOME)
def test_no_line_of_plain_text_is_long(name: str) -> None:
    for text in texts(name, "text").values():
        long = [line for line in text.splitlines() if len(line) > WIDTH]
        assert all(len(line.split()) == 1 for line in long)


def test_plain_text_has_no_markup() -> None:
    for text in texts("call_loop", "text").values():
        assert not re.search(r"</|&#|&amp;|\]\(|\*\*|data-", text)


def test_links_of_plain_text_are_spelt_out() -> None:
    page = texts("call_loop", "text")["topics/cancelling"]
    address = "https://callloop.com/refund-policy/check.html#cancellation"
    assert page.endswith(f"Check your case\n({address})\n")


# ---------------------------------------------------------------- hostile words

HOSTILE = (
    "<script>alert('x')</script> & \"quotes\" &amp; &#39;",
    "*stars* _lines_ `code` ~~gone~~ [link](https://x.example) ![image](y) <https://z.example>",
    "1. one",
    "- two",
    "+ two",
    "# three",
    "> four",
    "| five | six |",
    "=== seven",
    "--- eight",
    "10\N{NO-BREAK SPACE}000 \\ back \\* slash",
    "{{ braces }} {% if %} $math$ @someone :smile: --",
)


PLACES = {
    "desk: {text: desk@gym.example}": "desk: {text: ODD}",
    '"Questions? Write to {desk}."': '"{desk}"',
    "title: Membership fees": "title: ODD",
    "label: we keep the fee": "label: ODD",
    "label: the fee you paid": "label: ODD",
}


@pytest.fixture(params=HOSTILE)
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Site]:
    """Return words that look like markup, and a policy that says them in many places."""
    words: str = request.param
    folder = Path(shutil.copytree(TESTS / "gym", tmp_path / "gym"))
    for old, new in PLACES.items():
        quoted = "'" + words.replace("'", "''") + "'"
        edit(folder / "1.0.0/policy.yaml", old, new.replace("ODD", quoted))
    return words, site(load(folder))


def test_hostile_words_are_read_as_they_are_written(hostile: tuple[str, Site]) -> None:
    words, found = hostile
    for page in pages(found, "en"):
        html, article, markdown, text = (output(found, page, target) for target in TARGETS)
        shown = in_words(visible_text(main_of(html)))
        assert (in_words(words) in shown) is (page.name in ("policy", "check", "versions/1.0.0"))
        assert in_words(markdown_text(markdown)) == shown
        assert fixpoint(article) == []
        assert "<script" not in html + article
        assert (in_words(words) in in_words(text)) is (in_words(words) in shown)


def test_a_non_breaking_space_stays_one(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TESTS / "gym", tmp_path / "gym"))
    edit(folder / "1.0.0/policy.yaml", "Write to", "Write\N{NO-BREAK SPACE}to")
    found = site(load(folder))
    page = next(pages(found, "en"))
    for target in TARGETS:
        said = output(found, page, target).replace("&nbsp;", "\N{NO-BREAK SPACE}")
        assert "Write\N{NO-BREAK SPACE}to" in said, target
