"""Where policies are read from: a folder on disk, or the same folder in a git revision."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from .frozen import Frozen


class PathAt(Frozen, apart=("files",)):
    """A path of a git revision, read like a `Path`; it is written `REVISION:path`.

    `files` holds the content of policies, cases and locks, by path from the repository's root.
    """

    revision: str
    path: PurePosixPath
    files: Mapping[str, bytes]

    def __str__(self) -> str:
        return f"{self.revision}:{self.path}"

    def __truediv__(self, name: str) -> "PathAt":
        return self._at(self.path / name)

    def _at(self, path: PurePosixPath) -> "PathAt":
        return PathAt(self.revision, path, self.files)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.name

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the path, for sorting."""
        return self.path.parts

    @property
    def parent(self) -> "PathAt":
        """The folder that holds it."""
        return self._at(self.path.parent)

    def with_name(self, name: str) -> "PathAt":
        """Return a path of another name in the same folder."""
        return self._at(self.path.with_name(name))

    def resolve(self) -> "PathAt":
        """Return the path itself: a revision has no current folder."""
        return self

    def is_file(self) -> bool:
        """Return whether the revision has this file."""
        return str(self.path) in self.files

    def is_dir(self) -> bool:
        """Return whether it is a folder; one is named only where the revision has it."""
        return not self.is_file()

    def iterdir(self) -> Iterator["PathAt"]:
        """Yield the files of this folder."""
        for file in map(PurePosixPath, self.files):
            if file.parent == self.path:
                yield self._at(file)

    def rglob(self, name: str) -> Iterator["PathAt"]:
        """Yield the files of that name in this folder and those in it."""
        for file in map(PurePosixPath, self.files):
            if file.name == name and self.path in file.parents:
                yield self._at(file)

    def read_bytes(self) -> bytes:
        """Return the file's content."""
        return self.files[str(self.path)]


Place: TypeAlias = Path | PathAt
