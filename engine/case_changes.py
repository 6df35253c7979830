"""What becomes of the cases beside a policy: those added, deleted and changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from .suite import Example


@dataclass(frozen=True, slots=True)
class CaseChanges:
    """The cases that a change adds, deletes and changes; a changed one is old and new."""

    added: tuple[Example, ...] = ()
    deleted: tuple[Example, ...] = ()
    changed: tuple[tuple[Example, Example], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.deleted or self.changed)

    def as_json(self) -> dict[str, object]:
        """Return the names of the cases as they stand in JSON."""
        return {
            "added": [case.name for case in self.added],
            "deleted": [case.name for case in self.deleted],
            "changed": [case.name for _, case in self.changed],
        }


def case_changes(old: Iterable[Example], new: Iterable[Example]) -> CaseChanges:
    """Return how cases change; a case is known by its question and its name."""
    before = {(case.question, case.name): case for case in old}
    after = {(case.question, case.name): case for case in new}
    both = ((before[key], after[key]) for key in after if key in before)
    return CaseChanges(
        added=tuple(case for key, case in after.items() if key not in before),
        deleted=tuple(case for key, case in before.items() if key not in after),
        changed=tuple((was, now) for was, now in both if content(was) != content(now)),
    )


def content(case: Example) -> tuple[object, ...]:
    """Return what a case gives and expects, without its place."""
    return dict(case.facts), sorted(case.without), dict(case.expect)
