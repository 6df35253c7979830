"""No figure stands in a text, neither in the policy's nor in what templates say."""

import shutil
from pathlib import Path

import pytest

from refund_policy.engine.folder import load
from refund_policy.render.check.figures import figures
from refund_policy.render.check.literal import bare, in_template, in_templates, in_texts
from refund_policy.render.environment import TEMPLATES
from refund_policy.render.locale import locale
from refund_policy.render.site import site

TESTS = Path(__file__).parent
POLICIES = [TESTS.parent / "policies/refund", TESTS / "gym", *sorted(TESTS.glob("policies/*/"))]


@pytest.mark.parametrize(
    ("language", "text", "figure", "kind"),
    [
        ("en", "Within 30 days.", "30", "digits"),
        ("en", "Half (½) of it.", "(½)", "digits"),
        ("en", "You pay €.", "€.", "a sign of money"),
        ("en", "Ten % more.", "Ten", "a number in words"),
        ("en", "The whole % of it.", "%", "a sign of percent"),
        ("en", "Within thirty-one days.", "thirty", "a number in words"),
        ("en", "A fortnight later.", "fortnight", "a number in words"),
        ("en", "Until the end of March.", "March", "the name of a month"),
        ("de", "Innerhalb von dreißig Tagen.", "dreißig", "a number in words"),
        ("de", "Ein vierzehntägiges Recht.", "vierzehntägiges", "a number in words"),
        ("de", "Sie können es dreimal tun.", "dreimal", "a number in words"),
        ("de", "Bis Ende März.", "März", "the name of a month"),
    ],
)
def test_a_figure_is_found(language: str, text: str, figure: str, kind: str) -> None:
    found = [
        (text[index:][: len(word)], said_as)
        for index, word, said_as in figures(text, locale(language))
    ]
    assert (figure, kind) in found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Within {trial_period}, you get {fee} back, and {share:dative}."),
        ("en", "One day, your first purchase, once, a second charge, half of it, twice."),
        ("en", "May we help? March with us. You may."),
        ("en", "The tension often lessens; someone weighs a ton of elevens' stone."),
        ("de", "Der erste Tag, einmal, ein Viertel, die Hälfte, eine Achtelnote."),
        ("de", "Mai ist ein Monat."),
    ],
)
def test_what_is_no_figure_is_let_pass(language: str, text: str) -> None:
    assert list(figures(text, locale(language))) == []


@pytest.mark.parametrize("folder", POLICIES, ids=lambda folder: folder.name)
def test_policies_say_no_figure_themselves(folder: Path) -> None:
    made = site(load(str(folder)))
    assert [found for edition in made.editions.values() for found in in_texts(edition)] == []


def test_templates_say_no_figure_themselves() -> None:
    assert list(in_templates()) == []


def test_templates_write_no_words_out_that_no_other_language_has() -> None:
    for file in TEMPLATES.rglob("*.jinja"):
        for line, text in bare(file.read_text("utf-8")):
            assert not any(letter.isalpha() for letter in text), f"{file}:{line}: {text}"


def test_a_figure_in_a_translation_is_found_at_its_place(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TESTS.parent / "policies/refund", tmp_path / "refund"))
    file = folder / "1.0.0/translation.de.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("de: Nach der Garantie}", "de: Nach dreißig Tagen}"), "utf-8")
    line = next(n for n, words in enumerate(text.splitlines(), 1) if "Nach der Garantie}" in words)
    (found,) = in_texts(site(load(str(folder))).current("de"))
    assert found.where.line == line
    assert found.where.file.endswith("translation.de.yaml")
    assert found.message == (
        "heading of section `final`: `dreißig` stands there as a number in words"
    )


@pytest.mark.parametrize(
    ("template", "figure"),
    [
        ("<p>Within 30 days</p>", "30"),
        ('<h2 id="s3">{{ _("Within a fortnight") }}</h2>', "fortnight"),
        ('<p title="for $ only">{{ words }}</p>', "$"),
    ],
)
def test_a_figure_in_a_template_is_found(template: str, figure: str, tmp_path: Path) -> None:
    file = tmp_path / "page.jinja"
    file.write_text(f"{{# 30 days #}}\n{template}\n", "utf-8")
    (found,) = in_template(file)
    assert found.where.line == 2
    assert found.message.startswith(f"`{figure}` stands in this template as ")
    assert list(in_templates(tmp_path))


def test_numbers_in_markup_are_no_figures(tmp_path: Path) -> None:
    file = tmp_path / "page.jinja"
    file.write_text(
        '<h2 class="w-50" data-x="{{ 3 }}">{{ words }}&#160;{% if n > 2 %}{% endif %}</h2>'
    )
    assert list(in_template(file)) == []
