"""An explanation as data: what became of each rule, and on which comparisons that rests.

It is data first (`as_json`), and words second (`in_text`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, overload
from typing import Any as Json

from .decide import Decision
from .frozen import Frozen
from .standing import Status
from .vocabulary import listed

if TYPE_CHECKING:
    from .telling import Form

STATUS_WORDS: Mapping[Status, str] = {
    "decides": "decides",
    "agrees": "decides as well, with the same result",
    "applies": "applies, and no applying rule overrides it",
    "overridden": "applies, but is overridden by {by}",
    "does_not_apply": "does not apply",
    "open": "may apply, depending on what isn't known yet",
}


class Tested(Frozen):
    """One comparison: what was compared, in words, with the values, and whether it holds."""

    comparison: str
    left: str
    right: str
    holds: bool | None

    def as_json(self) -> dict[str, Json]:
        """Return the comparison as it stands in JSON."""
        return {
            "comparison": self.comparison,
            "left": self.left,
            "right": self.right,
            "holds": self.holds,
        }

    def in_text(self) -> str:
        """Return the comparison as a line of text."""
        verdict = {True: "yes", False: "no", None: "not known yet"}[self.holds]
        return f"{self.comparison}? {verdict} ({self.left} against {self.right})"


class RuleReport(Frozen):
    """What became of one rule, and the comparisons on which that rests.

    For a rule that decides, `outputs_from` tells which values its outputs are worked out from.
    """

    rule: str
    outcome: str
    status: Status
    overridden_by: tuple[str, ...]
    because: tuple[Tested, ...]
    outputs_from: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Return the report as it stands in JSON."""
        return {
            "rule": self.rule,
            "outcome": self.outcome,
            "status": self.status,
            "overridden_by": list(self.overridden_by),
            "because": [tested.as_json() for tested in self.because],
            "outputs_from": dict(self.outputs_from),
        }

    def in_text(self) -> Iterator[str]:
        """Yield the report as lines of text."""
        by = listed([f"`{name}`" for name in self.overridden_by]) if self.overridden_by else ""
        yield f"{self.rule} ({self.outcome}) {STATUS_WORDS[self.status].format(by=by)}"
        yield from (f"  - {tested.in_text()}" for tested in self.because)
        if self.outputs_from:
            values = ", ".join(f"{name} {words}" for name, words in self.outputs_from)
            yield f"  outputs come from {values}"


class Reports(Sequence[RuleReport]):
    """Reports in a form that is kept (see `telling`), which are written when they are read."""

    __slots__ = ("form", "found", "words")

    def __init__(self, form: "Form", words: tuple[str, ...]) -> None:
        self.form = form
        self.words = words
        self.found: tuple[RuleReport, ...] = ()

    def all(self) -> tuple[RuleReport, ...]:
        """Return all reports."""
        self.found = self.found or self.form.reports(*self.words)
        return self.found

    @overload
    def __getitem__(self, at: int) -> RuleReport: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[RuleReport, ...]: ...
    def __getitem__(self, at: int | slice) -> RuleReport | tuple[RuleReport, ...]:
        return self.all()[at]

    def __len__(self) -> int:
        return len(self.all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.all() == tuple(other)

    def __hash__(self) -> int:
        return hash(self.all())

    def __repr__(self) -> str:
        return repr(self.all())

    def __reduce__(self) -> tuple[type[tuple[RuleReport, ...]], tuple[tuple[RuleReport, ...]]]:
        return tuple, (self.all(),)


def in_json(reports: Sequence[RuleReport]) -> list[dict[str, Json]]:
    """Return reports as they stand in JSON."""
    if isinstance(reports, Reports):
        return reports.form.as_json(*reports.words)
    return [report.as_json() for report in reports]


class Explanation(Frozen):
    """The decision (or the error in its place) and a report on every rule, deciding ones first."""

    decision: Decision | None
    error: str
    rules: Sequence[RuleReport]

    def as_json(self) -> dict[str, Json]:
        """Return the explanation as it stands in JSON."""
        return {
            "decision": self.decision and self.decision.as_json(),
            "error": self.error or None,
            "rules": in_json(self.rules),
        }

    def in_text(self) -> str:
        """Return the explanation as text, one line for each rule and comparison."""
        return "\n".join(line for report in self.rules for line in report.in_text())
