"""Values on the way in and out: literals of a policy, facts of a case, results and words."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction

from .days import parse_day
from .errors import nearest, one_line
from .model import Fact, Kind, Literal, Type, Value

# Currencies whose smallest unit isn't a hundredth (ISO 4217).
MINOR_DIGITS: Mapping[str, int] = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}

DURATIONS: Mapping[str, tuple[Kind, int]] = {
    "day": ("days", 1),
    "week": ("days", 7),
    "business day": ("business_days", 1),
    "month": ("months", 1),
    "year": ("months", 12),
}
DURATION_TEXT = re.compile(r"(-?[0-9]{1,6}) (day|week|business day|month|year)s?")
MONEY_TEXT = re.compile(r"(-?[0-9]{1,15}(?:\.[0-9]{1,6})?) ([A-Z]{3})")
PERCENT_TEXT = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,9})?) ?%")
NUMBER_TEXT = re.compile(r"-?(?:0|[1-9][0-9]{0,99})(?:\.[0-9]{1,99})?")
YES_NO: Mapping[object, bool] = {"yes": True, "no": False, "true": True, "false": False}
LITERAL_HELP = (
    "write a number as `12` or `0.25`, a share as `25 %`, money as `12.50 USD`, "
    "a duration as `30 days`, a date as `2026-02-28`"
)


class Cell(str):
    """Text from a table, where numbers are text as well."""

    __slots__ = ()


def minor_digits(currency: str) -> int:
    """Return how many digits behind the point the currency's smallest unit takes."""
    return MINOR_DIGITS.get(currency, 2)


def decimals(number: Decimal) -> int:
    """Return how many digits stand behind the point."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


# ---------------------------------------------------------------- literals of a policy


def literal(written: str | int | Decimal | bool, currency: str) -> Literal | None:  # noqa: FBT001
    """Return the literal that `written` stands for, or None when it is a name.

    Raises ValueError when it starts like a number and is no literal.

    >>> literal("2 weeks", "USD")
    Literal(value=14, type=Type(kind='days', options=(), scale=0), text='2 weeks')
    """
    match written:
        case bool():
            return Literal(written, Type("yes_no"), "yes" if written else "no")
        case int():
            return Literal(written, Type("whole_number"), str(written))
        case Decimal():
            return decimal_literal(written, str(written))
        case _:
            return text_literal(written, currency)


def text_literal(text: str, currency: str) -> Literal | None:
    """Return the literal that a text stands for, or None when it is a name."""
    if found := DURATION_TEXT.fullmatch(text):
        kind, size = DURATIONS[found[2]]
        return Literal(int(found[1]) * size, Type(kind), text)
    if found := MONEY_TEXT.fullmatch(text):
        return money_literal(Decimal(found[1]), found[2], currency, text)
    if found := PERCENT_TEXT.fullmatch(text):
        return decimal_literal(Decimal(found[1]) / 100, text)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return Literal(parse_day(text, UTC), Type("date"), text)
    if found := re.fullmatch(r"([A-Z]{3}) ?(-?[0-9.]+)", text):
        raise ValueError(f"`{text}` is no value: write `{found[2]} {found[1]}`")
    if re.match(r"[-+.]?[0-9]", text):
        raise ValueError(f"`{text}` is no value: {unit_help(text) or LITERAL_HELP}")
    return None


def unit_help(text: str) -> str:
    """Return what to write instead of a duration in an unknown unit; "" when it is none."""
    unit = re.fullmatch(r"-?[0-9.]+ ?([a-zA-Z ]+)", text)
    if not unit and not re.match(r"[0-9]{1,2}:[0-9]{2}", text):
        return ""
    if not unit or unit[1].startswith(("hour", "minute", "second")):
        return "there are no hours here: ask for a number, such as a fact `hours_since_booking`"
    if unit[1].removesuffix("s") in DURATIONS:
        return f"write `{text.removesuffix(unit[1]).strip()} {unit[1]}`"
    return "the units are days, weeks, business days, months and years"


def decimal_literal(number: Decimal, text: str) -> Literal:
    """Return a decimal with as many digits as it was written with."""
    return Literal(Fraction(number), Type("decimal", scale=decimals(number)), text)


def money_literal(amount: Decimal, written: str, currency: str, text: str) -> Literal:
    """Return an amount of the policy's currency."""
    if not currency:
        raise ValueError(f"`{text}` needs `currency` at the top of the policy: `{written}`")
    if written != currency:
        raise ValueError(f"`{text}` isn't in the policy's currency `{currency}`")
    digits = minor_digits(currency)
    if decimals(amount) > digits:
        raise ValueError(f"`{text}` has more than {digits} digits after the point")
    return Literal(Fraction(amount), Type("money", scale=digits), text)


# ---------------------------------------------------------------- facts of a case


def fact_value(fact: Fact, given: object, zone: tzinfo) -> Value:
    """Return the value of a fact as given in JSON, YAML, a table cell or Python.

    Raises ValueError with what is expected instead.
    """
    if given is None:
        raise ValueError("null is no value: leave an unknown fact out")
    return READERS[fact.type.kind](fact, given, zone)


def read_yes_no(_fact: Fact, given: object, _zone: tzinfo) -> bool:
    """Read true or false, or the words yes and no."""
    if isinstance(given, bool):
        return given
    if isinstance(given, Cell) and given.lower() in YES_NO:
        return YES_NO[given.lower()]
    if isinstance(given, str) and given in ("yes", "no"):
        return given == "yes"
    raise ValueError(f"{quoted(given)} is neither yes nor no: write true or false")


def read_choice(fact: Fact, given: object, _zone: tzinfo) -> str:
    """Read the name of an option."""
    options = fact.type.options
    if isinstance(given, str) and given in options:
        return str(given)
    hint = nearest(given, options) if isinstance(given, str) else ""
    raise ValueError(f"{quoted(given)} is none of {listed(options)}{hint and ': ' + hint}")


def read_date(_fact: Fact, given: object, zone: tzinfo) -> date:
    """Read a calendar day, or an instant as the calendar day in the policy's time zone."""
    if isinstance(given, datetime):
        if given.tzinfo is None:
            raise ValueError(f"{quoted(given)} has no time zone: give a date or an aware datetime")
        try:
            return given.astimezone(zone).date()
        except OverflowError:
            raise ValueError(f"{quoted(given)} lies outside the years 1 to 9999") from None
    if isinstance(given, date):
        return given
    if isinstance(given, str):
        return parse_day(str(given), zone)
    raise ValueError(f"{quoted(given)} is no date: write it as text, such as 2026-02-28")


def read_whole_number(_fact: Fact, given: object, _zone: tzinfo) -> int:
    """Read a whole number; `4.0` is one as well, as in JSON Schema."""
    if isinstance(given, Cell) and NUMBER_TEXT.fullmatch(given):
        given = Decimal(given)
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        in_quotes = isinstance(given, str) and NUMBER_TEXT.fullmatch(given)
        write = "leave out the quotes" if in_quotes else "write digits alone, such as 12"
        message = f"{quoted(given)} is no whole number: {write}"
        raise ValueError(message)  # noqa: TRY004 - a value of the wrong kind
    if not Decimal(given).is_finite() or Decimal(given).adjusted() >= LARGEST:
        raise ValueError(f"{quoted(given)} is too large")
    if given != int(given):
        raise ValueError(
            f"{quoted(given)} is no whole number: leave out the digits after the point"
        )
    return int(given)


def read_exact(fact: Fact, given: object, _zone: tzinfo) -> Fraction:
    """Read a decimal number or an amount of money with no more digits than the type has."""
    as_text = isinstance(given, str) and NUMBER_TEXT.fullmatch(given)
    as_number = isinstance(given, int | Decimal) and not isinstance(given, bool)
    if not as_text and not as_number:
        raise ValueError(
            f"{quoted(given)} is no exact number: {EXACT_HELP[isinstance(given, float)]}"
        )
    number = Decimal(given)  # type: ignore[arg-type]
    if number.is_nan():
        raise ValueError(f"{quoted(given)} is no number")
    if not number.is_finite() or number.adjusted() >= LARGEST:
        raise ValueError(f"{quoted(given)} is too large")
    if decimals(number) > LARGEST:  # before it becomes a fraction, which may be huge
        raise ValueError(f"{quoted(given)} has more than {digits_allowed(fact.type)}")
    if (Fraction(number) * 10**fact.type.scale).denominator != 1:
        raise ValueError(f"{quoted(given)} has more than {digits_allowed(fact.type)}")
    return Fraction(number)


def digits_allowed(kind: Type) -> str:
    """Return how many digits a type has after the point, in words."""
    return f"{kind.scale} digit{'s' * (kind.scale != 1)} after the point"


LARGEST = 18  # digits before the point: what other targets can hold exactly
EXACT_HELP = ("write its digits alone, such as 12.34", "a float isn't exact, use Decimal or text")
READERS: Mapping[Kind, Callable[[Fact, object, tzinfo], Value]] = {
    "yes_no": read_yes_no,
    "choice": read_choice,
    "date": read_date,
    "whole_number": read_whole_number,
    "decimal": read_exact,
    "money": read_exact,
}


def quoted(given: object) -> str:
    """Return a given value as its giver would recognise it, shortened when it is long."""
    try:
        text = {True: "true", False: "false"}[given] if isinstance(given, bool) else str(given)
    except ValueError:  # Python doesn't write out an integer of thousands of digits
        return "a huge number"
    short = text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 - one line
    return f"`{one_line(short)}`"


def listed(words: tuple[str, ...]) -> str:
    """Return words in backticks, the first ten when they are many."""
    shown = ", ".join(f"`{word}`" for word in words[:10])
    return shown if len(words) <= 10 else f"{shown} and {len(words) - 10} more"  # noqa: PLR2004


# ---------------------------------------------------------------- results


def as_json(value: Value, kind: Type) -> bool | int | str:
    """Return a value as it stands in JSON: dates ISO, money and decimals as text, exact.

    >>> as_json(Fraction(617, 50), Type("money", scale=2))
    '12.34'
    """
    if kind.kind in ("money", "decimal") and isinstance(value, int | Fraction):
        return fixed(Fraction(value), kind.scale)
    return str(value) if isinstance(value, date | Fraction) else value


def fixed(number: Fraction, scale: int) -> str:
    """Return an exact number with `scale` digits after the point."""
    whole, rest = divmod(abs(number) * 10**scale, 1)
    assert rest == 0, "INVARIANT: outputs are rounded to their scale before they are shown"
    digits = str(whole).rjust(scale + 1, "0")
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else f"{sign}{digits}"


def in_words(value: Value, kind: Type, currency: str = "") -> str:
    """Return a value in words, with its unit.

    >>> in_words(1, Type("business_days"))
    '1 business day'
    """
    match kind.kind:
        case "yes_no":
            return "yes" if value else "no"
        case "days" | "business_days" | "months":
            unit = kind.kind.replace("_", " ").removesuffix("s")
            return f"{value} {unit}" if value == 1 else f"{value} {unit}s"
        case "money" | "decimal" if isinstance(value, int | Fraction):
            number = plain_number(Fraction(value), kind.scale)
            return f"{number} {currency}" if kind.kind == "money" and currency else number
        case _:
            return str(value)


def plain_number(number: Fraction, scale: int) -> str:
    """Return a number with at least `scale` digits, and at most six when it never ends."""
    for digits in range(scale, 19):
        if (number * 10**digits).denominator == 1:
            return fixed(number, digits)
    return f"about {float(number):.6g}"
