"""How a language writes dates, numbers, money and durations, and what templates say in it.

    render/locales/de.yaml   a language: its formats, and its words beside the English ones

A duration keeps the unit that its author wrote: `30 days` is never "1 month".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ..engine.errors import LanguageError, nearest
from ..engine.model import Literal, Term, Type, Value
from ..engine.speech import ENGLISH, PATTERNS, Speech
from ..engine.values import DURATION_TEXT, MONEY_TEXT, PERCENT_TEXT, fixed, in_words, plain_number

LOCALES = Path(__file__).parent / "locales"
PLAIN = ""
"""The form of a figure that stands for itself; others are grammatical forms, such as `dative`."""


@dataclass(frozen=True, slots=True, eq=False)
class Locale:
    """A language, as its file in `render/locales` describes it."""

    language: str
    content: Mapping[str, Any]
    words: Mapping[str, str] | None
    """What the language says for each English pattern; None for English itself."""

    @property
    def name(self) -> str:
        """What the language calls itself."""
        return str(self.content["name"])

    def say(self, pattern: str, *parts: object) -> str:
        """Return what the language says for an English pattern, such as `In force since {}`.

        Raises LanguageError where its file doesn't have the pattern.
        """
        if self.words is None:
            return pattern.format(*parts)
        if pattern not in self.words:
            raise LanguageError(
                f"`render/locales/{self.language}.yaml` has no words for `{pattern}`"
            )
        return self.words[pattern].format(*parts)

    def speech(self, currency: str) -> Speech:
        """Return how the language says what is worked out from the policy.

        Raises LanguageError where its file lacks a pattern.
        """
        words = ENGLISH.patterns if self.words is None else self.words
        return Speech(
            language=self.language,
            patterns={pattern: words[pattern] for pattern in PATTERNS if pattern in words},
            value=self.value,
            bare=self.bare,
            figure=lambda figure: self.term(figure, currency),
        )

    # ------------------------------------------------------------ figures

    def term(self, term: Term | Literal, currency: str, form: str = PLAIN) -> str:
        """Return a figure as its author wrote it, in the language's format.

        Raises LanguageError for a form that the language doesn't have.
        """
        if found := DURATION_TEXT.fullmatch(term.text):
            return self.duration(int(found[1]), found[2], form)
        if form:
            raise LanguageError(self.no_form(form, f"`{term.text}` has no forms"))
        if found := MONEY_TEXT.fullmatch(term.text):
            return self.money(found[1], currency)
        if found := PERCENT_TEXT.fullmatch(term.text):
            return self.say("{} %", self.number(found[1]))
        return self.value(term.value, term.type, currency)

    def value(self, value: Value, kind: Type, currency: str = "") -> str:
        """Return a value in the language's format."""
        match kind.kind:
            case "date" if isinstance(value, date):
                return self.date(value)
            case "days" | "business_days" | "months":
                unit = kind.kind.replace("_", " ").removesuffix("s")
                return self.duration(int(str(value)), unit)
            case "money" if isinstance(value, int | Fraction) and currency:
                return self.money(fixed(Fraction(value), kind.scale), currency)
            case "whole_number" | "decimal" | "money" if isinstance(value, int | Fraction):
                return self.number(plain_number(Fraction(value), kind.scale))
            case "yes_no":
                return self.say(in_words(value, kind))
            case _:
                return str(value)

    def bare(self, value: Value, kind: Type) -> str:
        """Return a value without its unit: the 8 of `8 to 30 days`."""
        if kind.kind in ("days", "business_days", "months"):
            return self.number(str(value))
        return self.value(value, kind)

    def date(self, day: date) -> str:
        """Return a day, its month in words."""
        month = self.content["months"][day.month - 1]
        return str(self.content["date"].format(day=day.day, month=month, year=day.year))

    def number(self, digits: str) -> str:
        """Return a number, given with a point, with the language's marks."""
        sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
        whole, point, rest = digits.partition(".")
        if not whole.isdecimal():  # such as `about 0.333333`
            return sign + digits
        grouped = f"{int(whole):,}".replace(",", self.content["group"])
        return f"{sign}{grouped}{self.content['decimal'] if point else ''}{rest}"

    def money(self, digits: str, currency: str) -> str:
        """Return an amount with the sign of its currency, or with its code."""
        pattern = self.content["money"].get(currency, f"{{}}\N{NO-BREAK SPACE}{currency}")
        sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
        return sign + str(pattern.format(self.number(digits)))

    def duration(self, count: int, unit: str, form: str = PLAIN) -> str:
        """Return so many of a unit (`day`, `business day`), in a grammatical form."""
        forms = self.content["units"][unit]
        if form and form not in forms:
            known = [name for name, part in forms.items() if isinstance(part, dict)]
            listed = ", ".join(f"`{name}`" for name in known) or "none"
            raise LanguageError(self.no_form(form, nearest(form, known) or f"forms: {listed}"))
        pattern = (forms[form] if form else forms)["one" if abs(count) == 1 else "other"]
        return str(pattern.format(self.number(str(count))))

    def no_form(self, form: str, hint: str) -> str:
        """Return what is wrong with a form."""
        return f"`{form}` is no form of a figure in `{self.language}`: {hint}"


@cache
def locale(language: str) -> Locale:
    """Return a language by its tag; raises LanguageError where it has no file."""
    file = LOCALES / f"{language}.yaml"
    known = sorted(path.stem for path in LOCALES.glob("*.yaml"))
    if language not in known:
        hint = nearest(language, known) or f"languages: {', '.join(f'`{name}`' for name in known)}"
        raise LanguageError(f"there is no language `{language}`: {hint}")
    content = yaml.safe_load(file.read_text("utf-8"))
    return Locale(language, content, content.get("words"))
