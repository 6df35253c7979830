"""Explanations of a question that is asked often: only their words are made anew for each case.

Which comparisons hold, and which options were chosen, settles where the rules stand: that is the
kind of a case. The interpreter explains the first case of each kind, and the form of what it says
is kept; any further one is explained by its own words in that form. Where the words of a case can't
be told (see `showing`), or its kind comes when enough are kept, the interpreter explains it.

INVARIANT: two comparisons that read alike are the same, since all that they compare has a name or
is a literal. So a form has no line twice, whatever the words.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any as Json
from typing import TypeAlias, cast

from .compiled import LIBRARY
from .decide import Given, case_of
from .explain import report, reports
from .explanation import Explanation, Reports, RuleReport, Tested, in_json
from .model import PolicyVersion, Question
from .ready import Quick, Teller
from .showing import Showing, showing
from .standing import standings
from .values import in_words

KEPT = 1500
"""How many reports a question keeps, in all forms together: some 4 MB."""
VALUES = 1024
"""How many values of a type are kept in words."""

Kind: TypeAlias = tuple[bool | str, ...]
Shown: TypeAlias = Callable[[tuple[Given, ...]], tuple[Kind, tuple[str, ...]] | None]
"""The kind of a case and its words; None where a value doesn't exist."""


class Form:
    """Reports with names in the place of words, and the functions that put words there."""

    def __init__(self, pattern: tuple[RuleReport, ...], names: Sequence[str]) -> None:
        self.pattern = pattern
        self.names = ", ".join(names)

    @cached_property
    def reports(self) -> Callable[..., tuple[RuleReport, ...]]:
        """The function that returns the reports with some words."""
        return cast("Callable[..., tuple[RuleReport, ...]]", self.function(self.pattern))

    @cached_property
    def as_json(self) -> Callable[..., list[dict[str, Json]]]:
        """The function that returns the reports with some words as they stand in JSON."""
        return cast("Callable[..., list[dict[str, Json]]]", self.function(in_json(self.pattern)))

    def function(self, pattern: object) -> object:
        """Return a pattern as a function of the words that belong into it."""
        known = {"__builtins__": {}, "RuleReport": RuleReport, "Tested": Tested}
        return eval(f"lambda {self.names}: {pattern!r}", known)  # noqa: S307 - our own


def teller(version: PolicyVersion, question: Question, decide: Quick) -> Teller:
    """Return the function that explains what another one decides."""
    shows = showing(version, question)
    shown = function(shows)
    forms: dict[Kind, Form] = {}
    most = KEPT // len(question.rules)

    def tell(given: Mapping[str, object]) -> Explanation | None:
        found = decide(given)
        seen = shown(found.horizon.args[1]) if found else None
        if found is None or seen is None:
            return None
        kind, words = seen
        form = forms.get(kind)
        if form is not None:
            return Explanation(found, "", Reports(form, words))
        if len(forms) >= most:
            return None
        case = case_of(version, question, given)
        stand = standings(question, case, (found.rule,))
        pattern = tuple(report(one, shows.words) for one in stand)
        forms[kind] = Form(pattern, [*shows.slots.values()])
        return Explanation(found, "", reports(stand, version, case))

    return tell


def function(shows: Showing) -> Shown:
    """Return the function that tells what a case shows: nothing where Python can't read it."""
    try:
        code = compile(shows.source(), "<explanation>", "exec")
    except (SyntaxError, RecursionError, MemoryError):
        return lambda _: None
    currency = shows.version.currency
    words = {
        name: lru_cache(VALUES)(partial(in_words, kind=kind, currency=currency))
        for kind, name in shows.types.items()
    }
    known = {**LIBRARY, **words, "calendar": shows.version.calendar}
    exec(code, known)  # noqa: S102 - our own
    return cast("Shown", known["shown"])
