"""The cases of some data, decided before and after each change of a review."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from .errors import VersionError
from .replay import Replay
from .replay_rows import Task
from .replaying import Show, replay
from .version_change import VersionChange


def replays(changes: Iterable[VersionChange], path: Path, form: str, show: Show) -> list[Replay]:
    """Return what becomes of all cases of a file with each change that they are about.

    A file is about a policy's first question, if it holds facts of it.
    """
    asked = [*tasks(changes, path, form)]
    found = [(task, replay(task, show)) for task in asked]
    about = [item for task, item in found if set(item.absent) < set(task.facts)]
    if asked and not about:
        questions = ", ".join(f"`{task.question}`" for task in asked)
        raise VersionError(f"`{path}` holds no fact of {questions}")
    return about


def tasks(changes: Iterable[VersionChange], path: Path, form: str) -> Iterator[Task]:
    """Yield what to replay: each version that differs from the one before it."""
    for change in changes:
        old, new = change.old, change.new
        if old is None or new is None or change.same:
            continue
        question = next(iter(new.questions))
        if question in old.questions:
            yield Task(old=old, new=new, question=question, path=path, form=form)
