"""What pages for the web look like: judged in a browser and on paper, and how they lead around."""

import re
from pathlib import Path

import pytest
from judges import audit, html_validate, sheets, visible_text, vnu
from two_versions import two_versions

from refund_policy.engine.folder import load
from refund_policy.render.build import files
from refund_policy.render.layout import Brand
from refund_policy.render.output import base
from refund_policy.render.site import Site, site

ROOT = Path(__file__).parent.parent
KILOBYTE = 1024
SHEETS = 2
TERM_LINK = re.compile(r'<a class="term" href="([^"]*)" data-term="([^"]*)">')


@pytest.fixture(scope="module")
def call_loop() -> Site:
    return site(load(ROOT / "policies"))


@pytest.fixture(scope="module")
def served(call_loop: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the public pages of a site where it is published, and those for the company."""
    root = tmp_path_factory.mktemp("served")
    for path, make in files(call_loop).items():
        area, _, name = path.partition("/")
        places = [root / base(call_loop).strip("/") / name if area == "public" else root / path]
        if name == "style.css":
            places.append(root / path)  # where pages for the company look for it
        for place in places:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(make())
    return root


@pytest.fixture(scope="module")
def pages(call_loop: Site) -> dict[str, str]:
    return {
        path.removeprefix("public/"): make().decode()
        for path, make in files(call_loop).items()
        if path.startswith("public/") and path.endswith(".html")
    }


# ---------------------------------------------------------------- judged


def test_every_page_conforms_to_html_and_css(served: Path) -> None:
    assert vnu(served) == []


def test_every_page_keeps_the_rules_of_html_validate(served: Path) -> None:
    assert html_validate(served) == []


def test_every_page_is_accessible_in_light_in_dark_and_on_a_narrow_screen(served: Path) -> None:
    assert audit(served) == []


@pytest.mark.parametrize("language", ["", "de/"])
def test_the_policy_is_printed_on_two_sheets(language: str, served: Path, call_loop: Site) -> None:
    page = served / base(call_loop).strip("/") / f"{language}index.html"
    assert sheets(page) == SHEETS


def test_the_style_sheet_is_small_and_asks_for_nothing_else(call_loop: Site) -> None:
    style = files(call_loop)["public/style.css"]().decode()
    assert len(style) < 12 * KILOBYTE
    assert not re.search(r"url\(|@import|@font-face", style)


# ---------------------------------------------------------------- the brand


def test_a_brand_comes_after_the_style_that_reads_it(call_loop: Site) -> None:
    brand = call_loop.brand
    style = files(call_loop)["public/style.css"]().decode()
    light, dark = (
        f":root {{ --accent: {accent}; }}" for accent in (brand.accent, brand.accent_dark)
    )
    assert style.endswith(f"\n{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n")


def test_without_a_brand_the_style_stays_as_it_is() -> None:
    plain = site(load(ROOT / "tests/policies/vimeo"))
    assert plain.brand == Brand()
    own = (ROOT / "render/templates/html/style.css").read_bytes()
    assert files(plain)["public/style.css"]() == own


# ---------------------------------------------------------------- ways around


def test_a_figure_is_explained_where_it_stands_first(pages: dict[str, str]) -> None:
    links = TERM_LINK.findall(pages["index.html"])
    assert ("glossary.html#guarantee_period", "guarantee_period") in links
    assert len(links) == len({name for _, name in links})
    first = re.search(r'<main.*?data-term="guarantee_period"', pages["index.html"], re.DOTALL)
    assert first
    assert TERM_LINK.search(first[0] + ">")


def test_the_glossary_explains_no_figure_by_itself(pages: dict[str, str]) -> None:
    assert TERM_LINK.findall(pages["glossary.html"]) == []


def test_a_former_version_leads_to_no_figure_of_today(tmp_path: Path) -> None:
    made = files(site(load(two_versions(tmp_path))))
    assert TERM_LINK.findall(made["public/versions/1.1.0.html"]().decode()) != []
    assert TERM_LINK.findall(made["public/versions/1.0.0.html"]().decode()) == []


def test_every_page_leads_to_every_topic(call_loop: Site, pages: dict[str, str]) -> None:
    topics = {topic.name for topic in call_loop.current("en").layout.topics}
    for path, html in pages.items():
        assert topics == set(re.findall(r'href="[^"]*topics/(\w+)\.html"', html)), path


def test_every_page_leads_to_itself_in_the_other_language(pages: dict[str, str]) -> None:
    for path, html in pages.items():
        tag, other = ("en", path[3:]) if path.startswith("de/") else ("de", f"de/{path}")
        found = re.search(rf'href="([^"]*)" lang="{tag}" hreflang="{tag}"', html)
        assert found, path
        assert found[1].endswith(other.rpartition("/")[2])
        assert other in pages


def test_every_page_says_where_help_is(pages: dict[str, str]) -> None:
    for path, html in pages.items():
        assert "help@callloop.com" in html[html.index("<main") :], path


def test_the_contents_name_what_stands_on_the_page(pages: dict[str, str]) -> None:
    html = pages["index.html"]
    contents = re.search(r'<nav class="contents".*?</nav>', html, re.DOTALL)
    assert contents
    anchors = re.findall(r'href="#([^"]*)"', contents[0])
    assert [f'id="{anchor}"' in html for anchor in anchors] == [True] * len(anchors)
    assert "2 After the guarantee" in visible_text(contents[0])


def test_search_engines_are_told_the_sentence_that_sums_up(pages: dict[str, str]) -> None:
    for path, says in (("index.html", "For 30 days"), ("topics/cancelling.html", "You can cancel")):
        assert f'<meta name="description" content="{says}' in pages[path]
