"""A site into a folder: built beside it, then put in its place.

    site/public/       what customers read, ready to publish
    site/internal/     what only the company reads
    site/site.json     what the build made, with the SHA-256 of each file

A folder is only replaced when it holds what a build made and nothing else: no other file is ever
deleted.
"""

import json
import os
import shutil
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from ..engine.errors import TargetError

MADE = "site.json"
File = tuple[str, bytes]


def write(files: Iterable[File], target: Path) -> dict[str, str]:
    """Write files, by their paths, as a folder; return the SHA-256 of each.

    Raises TargetError where the folder holds something else than a build, or can't be written.
    Until all files are written, the folder stays as it was.
    """
    check(target)
    beside = target.resolve().parent
    try:
        beside.mkdir(parents=True, exist_ok=True)
        fresh = Path(mkdtemp(prefix=f".{target.name}-", dir=beside))
    except OSError as error:
        raise TargetError(f"`{beside}` can't be written: {error.strerror}") from None
    try:
        made = {path: written(fresh / path, content) for path, content in files}
        listed = json.dumps(dict(sorted(made.items())), indent=2) + "\n"
        written(fresh / MADE, listed.encode())
        fresh.chmod(0o755)
        swap(fresh, target)
    except OSError as error:
        raise TargetError(f"`{error.filename}` can't be written: {error.strerror}") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return made


def written(path: Path, content: bytes) -> str:
    """Write a file and return its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return sha256(content).hexdigest()


def swap(fresh: Path, target: Path) -> None:
    """Put a folder in the place of another one, which is deleted only then."""
    old = fresh.with_name(f"{fresh.name}-old")
    if target.exists():
        target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def check(target: Path) -> None:
    """Raise TargetError where a folder holds something that no build made."""
    if not target.exists() and not target.is_symlink():
        return
    if target.is_symlink() or not target.is_dir():
        raise TargetError(f"`{target}` is no folder: name another one")
    there = {
        Path(folder, name).relative_to(target).as_posix()
        for folder, folders, names in os.walk(target)
        for name in (*names, *(each for each in folders if Path(folder, each).is_symlink()))
    }
    if not there:
        return
    if foreign := sorted(there - {*made_before(target), MADE}):
        more = f" and {len(foreign) - 1} more" if foreign[1:] else ""
        raise TargetError(
            f"`{target}` holds `{foreign[0]}`{more}, which no build made: "
            "move it away, or name another folder"
        )
    for path, seal in made_before(target).items():
        file = target / path
        if file.is_file() and sha256(file.read_bytes()).hexdigest() != seal:
            raise TargetError(
                f"`{file}` was changed since it was built: move it away, or name another folder"
            )


def made_before(target: Path) -> dict[str, str]:
    """Return the files that the last build made in a folder, each with its SHA-256."""
    try:
        found = json.loads((target / MADE).read_text("utf-8"))
    except (FileNotFoundError, ValueError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}
