"""New versions: a draft made from the newest one, and its digest locked once it is published."""

import re
import shutil
from pathlib import Path

from .check.starts import starts
from .errors import PolicyError, SourceError, VersionError
from .folder import (
    INSTALLED,
    LOCK_HEAD,
    POLICY_FILE,
    lock_of,
    number,
    read_lock,
    sealed,
)
from .load import load_text
from .model import PolicyVersion
from .place import PathAt
from .source import MapNode, read
from .suite import examples, run
from .versions import Policy
from .writing import whole_file

NUMBER = r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}"


def new_version(policy: Policy, wanted: str | None) -> Path:
    """Copy the newest version, with what stands beside it, to a draft; return the draft's file.

    `wanted` is the draft's number; by default the next minor one. Raises VersionError when it
    isn't above the newest, PolicyError when its folder is there already.
    """
    newest = policy.versions[-1]
    source = own_file(newest)
    chosen = wanted or next_minor(newest)
    if not re.fullmatch(NUMBER, chosen):
        raise VersionError(f"`{chosen}` is no version number: write three numbers, such as 1.2.0")
    if tuple(map(int, chosen.split("."))) <= number(newest):
        raise VersionError(f"`{chosen}` isn't above the newest version, `{newest.version}`")
    folder = source.parent.parent / chosen
    if folder.exists():
        raise PolicyError(f"`{folder}` is there already")
    text = as_draft(source, chosen)
    folder.mkdir()
    draft = folder / POLICY_FILE
    draft.write_bytes(text.encode())
    for file in source.parent.glob("*.yaml"):
        if file.name != POLICY_FILE:
            shutil.copy(file, folder / file.name)
    return draft


def next_minor(version: PolicyVersion) -> str:
    """Return the next minor number.

    1.4.2 is followed by 1.5.0.
    """
    major, minor, _ = number(version)
    return f"{major}.{minor + 1}.0"


def own_file(version: PolicyVersion) -> Path:
    """Return a version's file; raises PolicyError where there is no place for more versions."""
    file = version.path
    if isinstance(file, PathAt):
        raise PolicyError(f"`{file}` can't be changed: name a folder with --policies")
    if file.is_relative_to(INSTALLED.resolve()) and not INSTALLED.is_symlink():
        raise PolicyError("the installed policies can't be changed: name a folder with --policies")
    if file.parent.name != version.version:
        folder = f"`{version.name}/{version.version}/`"
        raise PolicyError(f"`{version.where.file}` must stand in a folder {folder} for this")
    return file


def as_draft(source: Path, chosen: str) -> str:
    """Return a policy's text with another number and `in_force: draft`.

    All lines but these two entries stay, comments on lines of their own among them.

    Raises PolicyError when the file is laid out so that these lines can't be told apart.
    """
    text = source.read_bytes().decode()
    for key, value in (("in_force", "draft"), ("version", chosen)):
        text = with_entry(text, key, value)
    try:
        draft, _ = load_text(text, source.name)
    except SourceError:
        draft = None
    if draft is None or draft.version != chosen or draft.in_force is not None:
        raise PolicyError("a draft can't be made: `version` and `in_force` must each start a line")
    return text


def with_entry(text: str, key: str, value: str) -> str:
    """Return the text with one top-level entry written anew, whatever lines it took before.

    Comments within these lines stay. A text without that key at the start of a line stays as it is.
    """
    root, _ = read(text, "")
    entries = root.entries if isinstance(root, MapNode) else ()
    starts = {name.text: name.where.line for name, _ in entries if name.where.column == 1}
    if key not in starts:
        return text
    own = starts[key]
    lines = text.splitlines(keepends=True)
    end = min((line for line in starts.values() if line > own), default=len(lines) + 1)
    rest = lines[own : end - 1]
    kept = [line for line in rest if not line.strip() or line.lstrip().startswith("#")]
    ending = "\r\n" if "\r\n" in text else "\n"
    return "".join([*lines[: own - 1], f"{key}: {value}{ending}", *kept, *lines[end - 1 :]])


def publish(policy: Policy, wanted: str) -> Path:
    """Add a version's digest to the lock, and return the lock's file.

    Raises VersionError for a draft, for a version that is published already, and for one whose
    cases fail; SourceError when the starts of the versions don't fit together.
    """
    version = policy.version(wanted)
    if version.in_force is None:
        raise VersionError(f"version `{wanted}` is a draft: give `in_force` a start first")
    if wrong_starts := [item for item in starts(policy) if item.severity == "error"]:
        raise SourceError(wrong_starts)
    results = [run(version, example) for example in examples(version)]
    if failed := [result for result in results if not result.passed]:
        some = f"{len(failed)} of {len(results)}"
        raise VersionError(f"{some} cases of version `{wanted}` fail: see `refund test`")
    path = lock_of(own_file(version))
    lock, wrong = read_lock(path)
    if wrong:
        raise SourceError(wrong)
    if wanted in lock:
        raise VersionError(f"version `{wanted}` is published already")
    lock[wanted] = sealed(version)
    ordered = sorted(lock.items(), key=lambda item: tuple(map(int, item[0].split("."))))
    text = LOCK_HEAD + "".join(f"{name}: {digest}\n" for name, digest in ordered)
    with whole_file(path) as out:
        out.write(text)
    return path
