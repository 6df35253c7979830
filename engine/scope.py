"""The names of one policy version while it is being read, and the findings about it."""

from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVar

from .days import Calendar
from .errors import Finding, Severity, Where, nearest, one_line
from .model import Fact, Measure, Named, Term, Type

Reference = Fact | Term | Measure
Found = TypeVar("Found", Reference, Named)
Part = TypeVar("Part")
Whole = TypeVar("Whole")


class BrokenError(Exception):
    """A node that can't be read; the finding that says why is noted already."""


class Scope:
    """What a name stands for. Measures and conditions are read when they are first named."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.calendar: Calendar | None = None
        self.findings: list[Finding] = []
        self.references: dict[str, Callable[[], Reference]] = {}
        self.conditions: dict[str, Callable[[], Named]] = {}
        self.used: set[str] = set()
        self.building: dict[str, None] = {}
        self.incomplete = False
        """Whether a part of the file that declares names is broken: one may stand there."""

    def note(
        self, code: str, where: Where, message: str, hint: str = "", severity: Severity = "error"
    ) -> None:
        """Note a finding."""
        self.findings.append(
            Finding(
                code=code,
                where=where,
                message=one_line(message),
                hint=one_line(hint),
                severity=severity,
            )
        )

    def fail(
        self, code: str, where: Where, message: str, hint: str = "", *, once: bool = False
    ) -> NoReturn:
        """Note a finding and give up the node that it is about.

        `once`: what is wrong lies elsewhere, and is noted where it shows first.
        """
        if not once or all(finding.code != code for finding in self.findings):
            self.note(code, where, message, hint)
        raise BrokenError

    def reference(self, name: str, where: Where) -> Reference:
        """Return the fact, term or measure of that name."""
        if name in self.conditions and name not in self.references:
            self.fail(
                "unknown-name",
                where,
                f"`{name}` is a condition, not a value",
                f"write `{{if: {name}, then: …, else: …}}`",
            )
        return self.look_up(self.references, name, where, "fact, term or measure")

    def condition(self, name: str, where: Where) -> Named:
        """Return the condition of that name."""
        return self.look_up(self.conditions, name, where, "condition or yes_no fact")

    def require_calendar(self, where: Where) -> None:
        """Note that business days are used without saying which days these are."""
        if self.calendar is None:
            self.fail(
                "no-calendar",
                where,
                "business days need `business_days` at the top of the policy",
                "such as `business_days: {week: [monday, tuesday, wednesday, thursday, friday]}`",
                once=True,
            )

    def look_up(
        self, names: dict[str, Callable[[], Found]], name: str, where: Where, what: str
    ) -> Found:
        """Return what `names` holds under the name, or note that there is no such thing."""
        if name not in names:
            if self.incomplete:
                raise BrokenError
            hint = nearest(name, [*self.references, *self.conditions])
            hint = hint or "declare it, or mend its spelling"
            self.fail("unknown-name", where, f"there is no {what} `{name}`", hint)
        self.used.add(name)
        return names[name]()


def all_read(read: Callable[[Part], Whole], parts: Iterable[Part]) -> list[Whole]:
    """Read every part, so that all that is wrong is noted, and only then give up if one failed."""
    found: list[Whole] = []
    broken = False
    for part in parts:
        try:
            found.append(read(part))
        except BrokenError:
            broken = True
    if broken:
        raise BrokenError
    return found


def once(name: str, where: Where, scope: Scope, build: Callable[[], Found]) -> Callable[[], Found]:
    """Return a function that builds a named thing at its first call and keeps it.

    A thing that is named while it is being built stands in a circle.
    """
    found: list[Found] = []
    tried = False

    def built() -> Found:
        nonlocal tried
        if found:
            return found[0]
        if tried and name not in scope.building:
            raise BrokenError
        if tried:
            steps: list[str] = [*scope.building]
            circle = " → ".join(f"`{step}`" for step in [*steps[steps.index(name) :], name])
            scope.fail("circular-name", where, f"`{name}` is defined by itself: {circle}")
        tried = True
        scope.building[name] = None
        try:
            found.append(build())
        finally:
            del scope.building[name]
        return found[0]

    return built


def family(kind: Type) -> str:
    """Return what a type may be compared with: whole and decimal numbers are of one family."""
    return "number" if kind.kind in ("whole_number", "decimal") else kind.kind


FAMILY_WORDS = {
    "yes_no": "yes or no",
    "choice": "a choice",
    "date": "a date",
    "number": "a number",
    "money": "an amount of money",
    "days": "a count of days",
    "business_days": "a count of business days",
    "months": "a count of months",
    "text": "a text",
}


def described(kind: Type) -> str:
    """Return a type in words."""
    return FAMILY_WORDS[family(kind)]
