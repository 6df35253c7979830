"""The words of a language for what is worked out: limits, days, sums, conditions.

A pattern is said with its parts in the places of `{}`, and its English form is its key. Another
language gives its own form for each; where the parts come in another order, it numbers them.

    at most {}              höchstens {}
    at least {} before {}   mindestens {0} vor „{1}“
    {} rounded to {}        {0}, gerundet auf {1}

What customers call a thing stands in the sentence as it is, so a form that takes it in without
bending it reads best. A part that is a value has its unit and its plural already.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from string import Formatter
from typing import Literal as OneWordOf
from typing import TypeAlias, get_args

from .errors import LanguageError, nearest
from .model import Literal, Term, Type, Value
from .values import in_words

Pattern: TypeAlias = OneWordOf[
    # a thing, and what is said of it
    "{}: {}",
    "{} is {}",
    "{} {}",
    # several
    "{}, {}",
    "{} and {}",
    "{} or {}",
    "{} nor {}",
    # options
    '"{}"',
    "anything but {}",
    "not {}",
    "neither {}",
    "one of {}",
    "none of {}",
    # limits of an amount, or of a day
    "at least {}",
    "at most {}",
    "more than {}",
    "less than {}",
    "on or after {}",
    "on or before {}",
    "after {}",
    "before {}",
    "{} to {}",
    "from {} to {}",
    "{} or more",
    "the same as {}",
    # a number of days, and the day from which they are counted
    "on the same day as {}",
    "{} after {}",
    "{} before {}",
    "{} to {} after {}",
    "{} to {} before {}",
    "from {} before to {} after {}",
    "at least {} after {}",
    "at least {} before {}",
    "at most {} after {}",
    "no later than {} after {}",
    "no earlier than {} before {}",
    "day {} after {}",
    "day {} to {} after {}",
    "from day {} after {}",
    # how a value is worked out
    "({})",
    "{} plus {}",
    "{} minus {}",
    "{} times {}",
    "{} divided by {}",
    "{} of {}",
    "{} rounded to {}",
    "{} rounded up to {}",
    "{} rounded down to {}",
    "the earlier of {}",
    "the earliest of {}",
    "the later of {}",
    "the latest of {}",
    "the lower of {}",
    "the lowest of {}",
    "the higher of {}",
    "the highest of {}",
    "the days from {} to {}",
    "the business days from {} to {}",
    "the months from {} to {}",
    "by {}: {}",
    "{} for {}",
    "{} if {}, else {}",
    # conditions
    "not ({})",
    "always",
    "never",
    # what a version says of cases in place of an outcome
    "no rule decides",
    "rules contradict each other",
    "not a valid case",
    "an error",
]
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)
"""All patterns: what a language needs words for."""


def as_written(figure: Term | Literal) -> str:
    """Return a figure in its author's own words, such as `2 weeks`."""
    return figure.text


def without_unit(value: Value, kind: Type) -> str:
    """Return a value that stands before another one of the same unit: the 8 of `8 to 30 days`."""
    return str(value) if kind.kind in ("days", "business_days", "months") else in_words(value, kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """The words of a language, and how values are said in it.

    `value` says a value with its unit, `bare` without it, and `figure` one that the policy has.
    Raises LanguageError when a pattern has no words, or words that don't fit it.
    """

    language: str
    patterns: Mapping[str, str]
    value: Callable[[Value, Type, str], str] = field(default=in_words)
    bare: Callable[[Value, Type], str] = field(default=without_unit)
    figure: Callable[[Term | Literal], str] = field(default=as_written)

    def __post_init__(self) -> None:
        if wrong := list(flaws(self.patterns)):
            raise LanguageError(f"language `{self.language}`: {'; '.join(wrong)}")

    def say(self, pattern: Pattern, *parts: str) -> str:
        """Return a pattern in this language with its parts.

        >>> ENGLISH.say("at most {}", "7 days")
        'at most 7 days'
        """
        return self.patterns[pattern].format(*parts)

    def listed(self, words: Iterable[str], last: Pattern = "{} and {}") -> str:
        """Return words as in a sentence.

        >>> ENGLISH.listed(["a", "b", "c"], "{} or {}")
        'a, b or c'
        """
        *most, end = words
        return self.say(last, self.joined(most), end) if most else end

    def joined(self, words: Iterable[str], between: Pattern = "{}, {}") -> str:
        """Return words with the same between each two of them."""
        return reduce(lambda said, word: self.say(between, said, word), words)


def flaws(patterns: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the words of a language, if anything is.

    >>> list(flaws({**ENGLISH.patterns, "at most {}": "höchstens"}))
    ["`höchstens` doesn't have the parts of `at most {}`"]
    """
    for pattern in PATTERNS:
        if pattern not in patterns:
            yield f"no words for `{pattern}`"
        elif places(patterns[pattern]) != places(pattern):
            yield f"`{patterns[pattern]}` doesn't have the parts of `{pattern}`"
    for name in patterns:
        if name not in PATTERNS:
            hint = nearest(name, PATTERNS)
            yield f"`{name}` is no pattern" + f", {hint}" * bool(hint)


def places(pattern: str) -> set[str] | None:
    """Return the numbers of the parts that a pattern takes; None where it can't be filled."""
    try:
        names = [name for _, name, _, _ in Formatter().parse(pattern) if name is not None]
    except ValueError:
        return None
    plain = not any(names)
    return {str(at) if plain else name for at, name in enumerate(names)}


ENGLISH = Speech(language="en", patterns={pattern: pattern for pattern in PATTERNS})
"""The words of tools, and of a policy that isn't translated."""
