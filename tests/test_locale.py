"""How languages write figures."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from refund_policy.engine.errors import LanguageError
from refund_policy.engine.load import load_text
from refund_policy.engine.model import Literal, Term, Type
from refund_policy.engine.values import literal
from refund_policy.render.locale import LOCALES, locale

ENGLISH, GERMAN = locale("en"), locale("de")
MONEY = Type("money", scale=2)
GYM = Path(__file__).parent / "gym/1.0.0/policy.yaml"


def term(text: str) -> Literal | Term:
    found = literal(text, "EUR")
    assert found
    return found


def breaking(text: str) -> str:
    """Return a text with spaces that may break."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("text", "form", "english", "german"),
    [
        ("30 days", "", "30 days", "30 Tage"),
        ("1 day", "", "1 day", "1 Tag"),
        ("2 weeks", "", "2 weeks", "2 Wochen"),
        ("1 year", "", "1 year", "1 Jahr"),
        ("2 business days", "", "2 business days", "2 Werktage"),
        ("1000 days", "", "1,000 days", "1.000 Tage"),
        ("5 EUR", "", "€5", "5 €"),
        ("1234.50 EUR", "", "€1,234.50", "1.234,50 €"),
        ("2026-02-28", "", "28 February 2026", "28. Februar 2026"),
    ],
)
def test_a_figure_keeps_its_author_s_unit_and_digits(
    text: str, form: str, english: str, german: str
) -> None:
    assert ENGLISH.term(term(text), "EUR", form) == english
    assert breaking(GERMAN.term(term(text), "EUR", form)) == german


@pytest.mark.parametrize(
    ("text", "dative"),
    [("30 days", "30 Tagen"), ("1 day", "1 Tag"), ("2 business days", "2 Werktagen")],
)
def test_german_has_the_dative_of_durations(text: str, dative: str) -> None:
    assert GERMAN.term(term(text), "EUR", "dative") == dative


def test_a_german_amount_and_the_day_of_a_german_date_stay_on_one_line() -> None:
    assert GERMAN.term(term("5 EUR"), "EUR") == "5\N{NO-BREAK SPACE}€"
    assert GERMAN.date(date(2026, 3, 1)) == "1.\N{NO-BREAK SPACE}März 2026"


def test_a_form_that_a_language_lacks_is_an_error() -> None:
    with pytest.raises(LanguageError, match="`genitive` is no form of a figure in `de`"):
        GERMAN.term(term("30 days"), "EUR", "genitive")
    with pytest.raises(LanguageError, match="`5 EUR` has no forms"):
        GERMAN.term(term("5 EUR"), "EUR", "dative")


def test_words_that_a_language_lacks_are_an_error() -> None:
    with pytest.raises(LanguageError, match=r"/de.yaml` has no words for `Hello {}`"):
        GERMAN.say("Hello {}", "you")


def test_a_language_without_a_file_is_an_error() -> None:
    with pytest.raises(LanguageError, match="there is no language `fr`: languages: `de`, `en`"):
        locale("fr")


@pytest.mark.parametrize(
    ("value", "kind", "english", "german"),
    [
        (date(2026, 3, 1), Type("date"), "1 March 2026", "1. März 2026"),
        (Fraction(-5, 2), MONEY, "-$2.50", "-2,50 $"),
        (Fraction(1234567), MONEY, "$1,234,567.00", "1.234.567,00 $"),
        (1200, Type("whole_number"), "1,200", "1.200"),
        (-7, Type("whole_number"), "-7", "-7"),
        (Fraction(7, 4), Type("decimal", scale=2), "1.75", "1,75"),
        (31, Type("days"), "31 days", "31 Tage"),
    ],
)
def test_a_value_is_written_as_the_language_does(
    value: object, kind: Type, english: str, german: str
) -> None:
    assert ENGLISH.value(value, kind, "USD") == english  # type: ignore[arg-type]
    assert breaking(GERMAN.value(value, kind, "USD")) == german  # type: ignore[arg-type]


def test_a_currency_without_a_sign_shows_its_code() -> None:
    assert ENGLISH.money("12.30", "CHF") == "12.30\N{NO-BREAK SPACE}CHF"


@pytest.mark.parametrize("file", sorted(LOCALES.glob("*.yaml")), ids=lambda file: file.stem)
def test_each_language_names_twelve_months_and_every_unit(file: Path) -> None:
    found = locale(file.stem)
    assert len(set(found.content["months"])) == 12
    assert {"day", "week", "business day", "month", "year"} == found.content["units"].keys()
    assert found.content["language"] == found.language


def test_no_digits_are_lost_from_a_long_number() -> None:
    version, _ = load_text(GYM.read_text("utf-8"), "policy.yaml")
    assert ENGLISH.term(version.terms["handling"], "EUR") == "€5"
    assert ENGLISH.number("12345678901234567890.12") == "12,345,678,901,234,567,890.12"
