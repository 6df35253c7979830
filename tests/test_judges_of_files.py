"""The judges of links, feeds, data and words find what is planted for them, and nothing else."""

import doctest
from pathlib import Path

import pytest
from git_repository import edit
from judges import atom, fixpoint, json_ld, links, markdown_text, visible_text, words

GOOD = Path(__file__).parent / "browser" / "good" / "page.html"
BASE = "https://library.example/help/"
INDEX = """<html lang="en"><head>
<link rel="canonical" href="https://library.example/help/">
<link rel="alternate" hreflang="en" href="https://library.example/help/">
<link rel="alternate" hreflang="de" href="de/">
<link rel="alternate" hreflang="x-default" href="./">
</head><body id="top"><a href="#top">Up</a> <a href="/help/de/#frist">Deadline</a>
<a href="de/index.html#kind=novel">Novels</a> <a href="mailto:desk@library.example">Ask</a>
<a href="https://example.com/">Elsewhere</a></body></html>"""
GERMAN = """<html lang="de"><head>
<link rel="alternate" hreflang="en" href="../index.html">
<link rel="alternate" hreflang="de" href="index.html">
</head><body><h2 id="frist">Frist</h2></body></html>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://library.example/help/</loc></url>
<url><loc>https://library.example/help/de/</loc></url></urlset>"""
FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:library.example,2026:help</id>
<title>Changes</title><updated>2026-03-02T00:00:00Z</updated><author><name>Library</name></author>
<link rel="self" href="https://library.example/help/changes.xml"/>
<entry><id>tag:library.example,2026:1.0.0</id><title type="html">&lt;b>First&lt;/b></title>
<updated>2026-03-02T00:00:00+01:00</updated>
<link href="https://library.example/help/#top"/></entry></feed>"""
FILES = {
    "index.html": INDEX,
    "de/index.html": GERMAN,
    "sitemap.xml": SITEMAP,
    "changes.xml": FEED,
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "de").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_good_links_lead_somewhere(site: Path) -> None:
    assert links(site, BASE) == []


BAD_LINKS = [
    ("index.html", "#top", "#bottom", "`#bottom`: no such place on the page"),
    ("index.html", "#frist", "#Frist", "`/help/de/#Frist`: no such place on the page"),
    ("index.html", "de/index.html", "de/Index.html", "`de/Index.html#kind=novel`: no such file"),
    ("index.html", "/help/de/#", "/de/#", "`/de/#frist`: outside the folder"),
    ("index.html", "/help/de/#", "/help/de#", "`/help/de#frist`: no such file"),
    ("index.html", "https://example", "http://example", "`http://example.com/`: outside"),
    ("index.html", "mailto:", "javascript:", "outside the folder"),
    ("index.html", "<a href=", "<img srcset='a.png 2x' src=", "`a.png`: no such file"),
    ("index.html", 'help/">\n<link rel="a', 'help/a">\n<link rel="a', "help/a`: no such file"),
    ("index.html", "<a ", '<a id="top" ', "`top` is the id of several elements"),
    (
        "index.html",
        '<html lang="en"',
        '<html lang="en-GB"',
        "not among its own languages as `en-GB`",
    ),
    ("index.html", 'hreflang="de"', 'hreflang="fr"', "`de/index.html` is in `de`, not in `fr`"),
    ("de/index.html", "../index.html", "index.html", "`de/index.html` does not name it back"),
    ("sitemap.xml", "help/de/<", "help/fr/<", "`https://library.example/help/fr/`: no such file"),
    ("sitemap.xml", "https://library.example/help/<", "./<", "`./`: not a full address"),
    ("sitemap.xml", "https://library", "https://books", "outside the folder"),
    ("sitemap.xml", "</urlset>", "", "not well-formed"),
    ("changes.xml", "#top", "#bottom", "help/#bottom`: no such place on the page"),
    ("changes.xml", "changes.xml", "news.xml", "help/news.xml`: no such file"),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), BAD_LINKS)
def test_a_link_that_leads_nowhere_is_found(
    site: Path, name: str, old: str, new: str, said: str
) -> None:
    edit(site / name, old, new)
    assert [line for line in links(site, BASE) if said in line] != []


def test_a_good_feed_has_no_defect(site: Path) -> None:
    assert atom(site / "changes.xml") == []


BAD_FEEDS = [
    ("<updated>2026-03-02T00:00:00Z</updated>", "", "feed: 0 of `updated`"),
    ("<updated>2026-03-02T00:00:00+01:00</updated>", "", "entry: 0 of `updated`"),
    ("<title>Changes</title>", "", "feed: 0 of `title`"),
    ("<title>Changes</title>", "<title>A</title><title>B</title>", "feed: 2 of `title`"),
    ("<id>tag:library.example,2026:help</id>", "", "feed: 0 of `id`"),
    ("2026:help", "2026:1.0.0", "id `tag:library.example,2026:1.0.0` stands 2 times"),
    ("tag:library.example,2026:help", "help", "`id` is no full address: `help`"),
    ("<author><name>Library</name></author>", "", "feed: no author"),
    ("<name>Library</name>", "", "`author` without a name"),
    ("00:00:00Z", "00:00:00", "`updated` is no instant: `2026-03-02T00:00:00`"),
    ("2026-03-02T00:00:00Z", "2026-02-30T00:00:00Z", "`updated` is no instant"),
    ("2026-03-02T00:00:00Z", "2 March 2026", "`updated` is no instant"),
    ('<link rel="self"', "<link", "feed: no link to itself"),
    ('<link href="https://library.example/help/#top"/>', "", "neither content nor an alternate"),
    ('<link href="https://library.example/help/#top"/>', "<link/>", "`link` without `href`"),
    ("</entry>", '<link href="a"/></entry>', "entry: two alternate links"),
    ("</entry>", '<content src="a"/></entry>', "content from elsewhere without a summary"),
    ("</entry>", "<category/></entry>", "`category` without `term`"),
    ("&lt;b>First&lt;/b>", "<b>First</b>", "`title` holds elements, and is of type `html`"),
    ('type="html"', 'type="text/html"', "`title` of type `text/html`"),
    ('type="html"', 'type="xhtml"', "`title` of type `xhtml` without its one `div`"),
    (' xmlns="http://www.w3.org/2005/Atom"', "", "the root is `feed`"),
    ("</feed>", "", "not well-formed"),
]


@pytest.mark.parametrize(("old", "new", "said"), BAD_FEEDS)
def test_a_defect_of_a_feed_is_found(site: Path, old: str, new: str, said: str) -> None:
    edit(site / "changes.xml", old, new)
    assert [line for line in atom(site / "changes.xml") if said in line] != []


BLOCK = '<script type="application/ld+json">{}</script>'
POLICY = '{"@type": "MerchantReturnPolicy", "merchantReturnLink": "https://library.example/"}'
ALONE = POLICY.replace("{", '{"@context": "https://schema.org", ')
PAGE = (
    '{"@context": "https://schema.org", "@type": "WebPage", "url": "https://library.example/", '
    f'"inLanguage": "en", "name": "Lending", "mainEntity": {POLICY}}}'
)


@pytest.mark.parametrize("data", [ALONE, PAGE])
def test_a_policy_can_stand_alone_or_in_its_page(data: str) -> None:
    assert json_ld(BLOCK.format(data)) == []


def test_the_good_page_has_good_data() -> None:
    assert json_ld(GOOD.read_text("utf-8")) == []


BAD_DATA = [
    (ALONE, '"https://schema.org"', '"http://schema.org/"', "$['@context']"),
    (ALONE, '"merchantReturnLink": "https:', '"merchantReturnLink": "http:', "merchantReturnLink"),
    (ALONE, '"merchantReturnLink"', '"url"', "'merchantReturnLink' is a required property"),
    (ALONE, "}", ', "merchantReturnDays": 30}', "'merchantReturnDays' was unexpected"),
    (ALONE, "}", ', "inLanguage": "en"}', "'inLanguage' was unexpected"),
    (ALONE, "MerchantReturnPolicy", "FAQPage", "'FAQPage' is not one of"),
    (ALONE, "}", "", "no JSON"),
    (PAGE, '"inLanguage": "en", ', "", "'inLanguage' is a required property"),
    (PAGE, '"name"', '"refundType"', "'refundType' was unexpected"),
    (PAGE, "}}", ', "returnFees": "https://schema.org/FreeReturn"}}', "'returnFees' was unexpec"),
]


@pytest.mark.parametrize(("data", "old", "new", "said"), BAD_DATA)
def test_data_that_says_too_much_or_too_little_is_found(
    data: str, old: str, new: str, said: str
) -> None:
    assert old in data
    lines = json_ld(BLOCK.format(data.replace(old, new)))
    assert [line for line in lines if said in line] != []


@pytest.mark.parametrize("count", [0, 2])
def test_a_page_has_one_block_of_data(count: int) -> None:
    assert json_ld(BLOCK.format(ALONE) * count) == [f"{count} blocks of JSON-LD"]


ARTICLE = """<h2 id="desk">The desk</h2>
<p class="lead" data-sentence="loan">You have <span data-term="loan">21 days</span>.<br>
Ask <a href="mailto:desk@library.example" title="Mail">us</a>.</p>
<table><thead><tr><th scope="col">Kind</th></tr></thead><tbody><tr>
<td>A &amp; B</td></tr></tbody></table>
<p><img src="https://library.example/a.png" alt="A book"></p>"""


def test_a_help_desk_keeps_a_safe_article() -> None:
    assert fixpoint(ARTICLE) == []


UNSAFE = [
    ("<p class", '<p style="color: red" class', 'style="color: red"'),
    ('<h2 id="desk">The desk</h2>', "<details><summary>The desk</summary></details>", "<details>"),
    ("<span data-term", "<time data-term", "<time "),
    ("<p><img", "<section><img", "<section>"),
    ("<p><img", '<form action="a"><img', "<form"),
    ("<p><img", "<script>1</script><p><img", "<script>"),
    ("mailto:", "javascript:", "javascript:"),
    ("<td>", '<td onclick="x()">', "onclick"),
    ("<p><img", "<!-- draft --><p><img", "<!-- draft -->"),
    ("</h2>", "", "becomes"),
]


@pytest.mark.parametrize(("old", "new", "said"), UNSAFE)
def test_what_a_help_desk_would_change_is_found(old: str, new: str, said: str) -> None:
    assert old in ARTICLE
    lines = fixpoint(ARTICLE.replace(old, new))
    assert [line for line in lines if said in line] != []


MARKDOWN = """# The *desk*

You have **21 days** & a [week](a.html).
Ask.

| Kind | Days |
|------|-----:|
| A    |   21 |

- One
- Two
"""
SAME = """<head><title>Not shown</title></head><h1>The <em>desk</em></h1>
<p>You have <strong>21 days</strong>
&amp; a <a href="a.html">week</a>. Ask.</p><p hidden>Not shown <b>here</b></p>
<table><thead><tr><th>Kind</th><th>Days</th></tr></thead><tr><td>A</td><td>21</td></tr></table>
<script>1</script><ul><li>One</li><li>Two</li></ul>"""


def test_the_example_of_visible_words_holds() -> None:
    assert doctest.testmod(words).failed == 0


def test_markdown_and_page_say_the_same_words() -> None:
    expected = "The desk\nYou have 21 days & a week. Ask.\nKind\nDays\nA\n21\nOne\nTwo"
    assert markdown_text(MARKDOWN) == visible_text(SAME) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [("21 days", "22 days"), ("week", "w eek"), ("<li>Two</li>", ""), ("</td><td>", " ")],
)
def test_a_word_that_differs_shows(old: str, new: str) -> None:
    assert old in SAME
    assert visible_text(SAME.replace(old, new)) != markdown_text(MARKDOWN)
