"""Which version is in force on a day, which came before, and which is to come."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from ..engine.errors import VersionError
from ..engine.model import PolicyVersion
from ..engine.versions import Policy

Standing: TypeAlias = Literal["in force", "former", "coming", "draft"]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The version in force, those before it, and those to come, each in the order of their start.

    A policy of drafts alone has its newest draft in force.
    """

    past: tuple[PolicyVersion, ...]
    current: PolicyVersion
    coming: tuple[PolicyVersion, ...]

    @property
    def public(self) -> tuple[PolicyVersion, ...]:
        """All versions that customers read, the newest first."""
        return (*reversed(self.coming), self.current, *reversed(self.past))

    def standing(self, version: PolicyVersion) -> Standing:
        """Return how a version, in whichever language, stands on the day."""
        if version.in_force is None:
            return "draft"
        place, now = self.place(version), self.place(self.current)
        return "in force" if place == now else "coming" if place < now else "former"

    def before(self, version: PolicyVersion) -> PolicyVersion | None:
        """Return the version from which one takes over; None for the first one."""
        older = self.public[self.place(version) + 1 :]
        return older[0] if older else None

    def after(self, version: PolicyVersion) -> PolicyVersion | None:
        """Return the version that takes over from one; None for the newest one, and for a draft."""
        if version.in_force is None:
            return None
        newer = self.public[: self.place(version)]
        return newer[-1] if newer else None

    def place(self, version: PolicyVersion) -> int:
        """Return how many versions come after one."""
        return [known.version for known in self.public].index(version.version)


def timeline(policy: Policy, as_of: date | None = None) -> Timeline:
    """Return the versions of a policy as they stand on a day; without one, the newest is in force.

    Raises VersionError where nothing is in force on the day.
    """
    started = sorted((version for version in policy.versions if version.in_force), key=first_day)
    if not started:
        return Timeline((), policy.versions[-1], ())
    if as_of is None:
        return Timeline(tuple(started[:-1]), started[-1], ())
    there = [version for version in started if first_day(version) <= as_of]
    if not there:
        first = first_day(started[0])
        raise VersionError(f"nothing is in force on {as_of}: the first version starts on {first}")
    return Timeline(tuple(there[:-1]), there[-1], tuple(started[len(there) :]))


def first_day(version: PolicyVersion) -> date:
    """Return the first day on which a version is in force for some case."""
    return min(start.day or date.min for start in version.in_force or ())
