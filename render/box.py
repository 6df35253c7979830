"""What a page says of its version: from when to when it holds, and for which cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from ..engine.model import ALWAYS
from ..engine.words import Words
from .edition import Edition
from .timeline import Standing

Limit: TypeAlias = tuple[date | None, str]
"""A first or a last day, and the cases that it is for: "" is all of them.

A day of None is the beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A version: its number and digest, how it stands, its first and last days.

    `by` is what the date is called that picks the version for a case.
    """

    version: str
    digest: str
    standing: Standing
    starts: tuple[Limit, ...]
    ends: tuple[Limit, ...]
    by: str

    @property
    def seal(self) -> str:
        """The start of its digest, by which people tell whether they read the same."""
        return self.digest.partition(":")[2][:12]


def box(of: Edition, standing: Standing, after: Edition | None) -> Box:
    """Return the box of a version; `after` is the one that takes over from it."""
    asked = [question.version_by for question in of.questions]
    dates = dict.fromkeys(day.label for day in asked if day)
    return Box(
        version=of.version.version,
        digest=of.version.digest,
        standing=standing,
        starts=tuple(starts(of)),
        ends=tuple((day - timedelta(days=1), when) for day, when in starts(after) if day)
        if after
        else (),
        by=of.speech.listed(dates, "{} or {}") if dates else "",
    )


def starts(of: Edition) -> Iterator[Limit]:
    """Yield the days on which a version starts, with their conditions in words."""
    words = Words(of.version, labels=True, speech=of.speech)
    for start in of.version.in_force or ():
        yield start.day, "" if start.when == ALWAYS else words.conditioned(start.when)
