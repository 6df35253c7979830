"""The cases of some data, decided before and after each change of a review."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from .errors import VersionError
from .model import PolicyVersion
from .replay import Replay
from .replay_rows import Task
from .replaying import Show, parts_of, replay
from .version_change import VersionChange

TRIED = 1000


def replays(changes: Iterable[VersionChange], path: Path, form: str, show: Show) -> list[Replay]:
    """Return what becomes of all cases of a file, for each question that changes.

    A file is about a question that isn't undecided for all of its first cases.
    """
    asked = tasks(changes, path, form)
    tried = [(task, replay(replace(task, most=TRIED), quietly)) for task in asked]
    about = [task for task, found in tried if decides(found)]
    if tried and not about:
        first = tried[0][1]
        lacking = ", ".join(f"`{name}`" for name in first.absent)
        undecided = f"`{path}` leaves cases of `{first.question}` undecided"
        raise VersionError(f"{undecided}: no column holds {lacking}" if lacking else undecided)
    parts = parts_of(show, len(about))
    return [replay(task, part) for task, part in zip(about, parts, strict=True)]


def quietly(_: float) -> None:
    """Show nothing."""


def decides(found: Replay) -> bool:
    """Return whether a replay tells anything else than that every case lacks facts."""
    whys = {result.why for group in found.groups for result in (group.old, group.new)}
    return whys != {"undecided"}


def tasks(changes: Iterable[VersionChange], path: Path, form: str) -> Iterator[Task]:
    """Yield what to replay: the questions of each version that differs from the one before it."""
    for change in changes:
        old, new = change.old, change.new
        if old is not None and new is not None and not change.same:
            for question in questions(change, old, new):
                yield Task(old=old, new=new, question=question, path=path, form=form)


def questions(change: VersionChange, old: PolicyVersion, new: PolicyVersion) -> Sequence[str]:
    """Return the questions that a version decides otherwise, or may; else the first one."""
    shared = [name for name in new.questions if name in old.questions]
    found = change.comparison
    if found is None:
        return shared
    differ = {item.question for item in found.changes} | {*found.unsettled, *found.incomplete}
    return [name for name in shared if name in differ] or shared[:1]
