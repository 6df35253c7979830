"""Expiry: what holds until a day warns before it lapses."""

from collections.abc import Iterator
from datetime import date, timedelta

from ...engine.check.alike import nodes
from ...engine.errors import Finding, Where
from ...engine.model import PolicyVersion
from ...engine.spoken import places_of
from ...engine.walk import counts_business_days
from ..layout import Notice
from .built import Built

SOON = timedelta(days=30)
HOLIDAYS = ("business_days", "holidays")


def expiry(built: Built) -> Iterator[Finding]:
    """Find notices and lists of holidays that have lapsed, or soon will."""
    for edition, _ in built.policy_pages():
        for notice in edition.layout.notices:
            if notice.until - built.day < SOON:
                yield lapsing(notice, built.day)
        yield from holidays(edition.version, built.day)


def lapsing(notice: Notice, day: date) -> Finding:
    """Return the finding about a notice whose last day is past or near."""
    if notice.until < day:
        return Finding(
            code="past-notice",
            where=notice.where,
            message=f"notice `{notice.name}` ended on {notice.until}",
            hint="delete it, or give it another last day",
        )
    return Finding(
        code="ending-notice",
        where=notice.where,
        message=f"notice `{notice.name}` ends on {notice.until}",
        hint="see that the pages are right without it",
        severity="warning",
    )


def holidays(version: PolicyVersion, day: date) -> Iterator[Finding]:
    """Yield a warning where business days are counted by holidays that end soon."""
    known = version.calendar.holidays if version.calendar else ()
    if not known or not counts(version) or max(known) - day >= SOON:
        return
    yield Finding(
        code="old-holidays",
        where=place(version),
        message=f"the last holiday that business days leave out is {max(known)}",
        hint="add those of the next year in a new version",
        severity="warning",
    )


def counts(version: PolicyVersion) -> bool:
    """Return whether some question counts business days."""
    return any(counts_business_days(*nodes(q)) for q in version.questions.values())


def place(version: PolicyVersion) -> Where:
    """Return where the holidays of a version stand."""
    places = dict(places_of(version))
    return places.get(HOLIDAYS, version.where)
