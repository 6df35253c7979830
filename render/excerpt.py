"""The lines of a policy file behind a rule or a note, as their author wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent

from ..engine.errors import Where
from ..engine.model import PolicyVersion
from ..engine.spoken import Key, places_of


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some lines of a file: whose they are, their numbers, and the YAML itself."""

    name: str
    file: str
    first: int
    last: int
    yaml: str

    @property
    def place(self) -> str:
        """The file with the lines, as an editor finds them."""
        last = f"-{self.last}" if self.last > self.first else ""
        return f"{self.file}:{self.first}{last}"


@dataclass(frozen=True, slots=True)
class Source:
    """A policy file: its path from the folder of policies on, its lines, and where notes stand."""

    file: str
    lines: tuple[str, ...]
    notes: Mapping[str, Where]

    def excerpt(self, name: str, where: Where, key: str) -> Excerpt:
        """Return what stands under a key at a place: its line, and those below that are further in.

        The place may be that of the key, or of the first thing under it.
        """
        first = where.line - 1
        while first and not self.lines[first].lstrip().startswith(key):
            first -= 1
        margin = depth(self.lines[first])
        last = first
        for number in range(first + 1, len(self.lines)):
            if self.lines[number].strip():
                if depth(self.lines[number]) <= margin:
                    break
                last = number
        yaml = dedent("\n".join(self.lines[first : last + 1]))
        return Excerpt(name, self.file, first + 1, last + 1, yaml)


def source(version: PolicyVersion) -> Source:
    """Return the file of a version, also of one whose words are a translation's.

    What it is called depends on no current folder.
    """
    text = version.path.read_bytes().decode("utf-8-sig")
    notes = {key[1]: where for key, where in places_of(version) if is_note(key)}
    return Source("/".join(version.path.resolve().parts[-3:]), tuple(text.splitlines()), notes)


def is_note(key: Key) -> bool:
    """Return whether a key leads to a note."""
    return key[:1] == ("notes",) and len(key) == len(("notes", "name"))


def depth(line: str) -> int:
    """Return how far in a line starts.

    >>> depth("  rules:")
    2
    """
    return len(line) - len(line.lstrip(" "))
