"""New versions: a draft made from the newest one, and its digest locked once it is published."""

import re
import shutil
from pathlib import Path

from .errors import PolicyError, VersionError
from .folder import LOCK_HEAD, POLICY_FILE, lock_of, number, read_lock
from .model import PolicyVersion
from .source import MapNode, entry, read
from .suite import CASES_FILE, examples, run
from .versions import Policy


def new_version(policy: Policy, wanted: str | None) -> Path:
    """Copy the newest version (with its cases) to a draft, and return the draft's file.

    `wanted` is the draft's number; by default the next minor one. Raises VersionError when it
    isn't above the newest, PolicyError when its folder is there already.
    """
    newest = policy.versions[-1]
    chosen = wanted or next_minor(newest)
    if not re.fullmatch(r"\d+\.\d+\.\d+", chosen):
        raise VersionError(f"`{chosen}` is no version number: write three numbers, such as 1.2.0")
    if tuple(map(int, chosen.split("."))) <= number(newest):
        raise VersionError(f"`{chosen}` isn't above the newest version, `{newest.version}`")
    source = Path(newest.where.file)
    folder = source.parent.parent / chosen
    if folder.exists():
        raise PolicyError(f"`{folder}` is there already")
    text = as_draft(source.read_text("utf-8"), chosen)
    folder.mkdir()
    draft = folder / POLICY_FILE
    draft.write_text(text, "utf-8")
    cases = source.parent / CASES_FILE
    if cases.is_file():
        shutil.copy(cases, folder / CASES_FILE)
    return draft


def next_minor(version: PolicyVersion) -> str:
    """Return the next minor number.

    1.4.2 is followed by 1.5.0.
    """
    major, minor, _ = number(version)
    return f"{major}.{minor + 1}.0"


def as_draft(text: str, chosen: str) -> str:
    """Return a policy's text with another number and `in_force: draft`, comments and all."""
    for key, value in (("in_force", "draft"), ("version", chosen)):
        text = with_entry(text, key, value)
    return text


def with_entry(text: str, key: str, value: str) -> str:
    """Return the text with one top-level entry written anew, whatever lines it took before."""
    root, _ = read(text, "")
    assert isinstance(root, MapNode), "INVARIANT: the text was loaded before"
    starts = [name.where.line for name, _ in root.entries]
    own = next(name.where.line for name, _ in root.entries if name.text == key)
    held = entry(root, key)
    lines = text.splitlines(keepends=True)
    end = next((line for line in starts if line > own), len(lines) + 1)
    kept = [
        line for line in lines[own : end - 1] if not line.strip() or line.lstrip().startswith("#")
    ]
    assert held is not None
    return "".join([*lines[: own - 1], f"{key}: {value}\n", *kept, *lines[end - 1 :]])


def publish(policy: Policy, wanted: str) -> Path:
    """Add a version's digest to the lock, and return the lock's file.

    Raises VersionError for a draft, for a version that is published already, and for one whose
    cases fail.
    """
    version = policy.version(wanted)
    if version.in_force is None:
        raise VersionError(f"version `{wanted}` is a draft: give `in_force` a start first")
    results = [run(version, example) for example in examples(version)]
    if failed := [result for result in results if not result.passed]:
        some = f"{len(failed)} of {len(results)}"
        raise VersionError(f"{some} cases of version `{wanted}` fail: see `refund test`")
    file = Path(version.where.file)
    path = lock_of(file)
    lock, _ = read_lock(path)
    if wanted in lock:
        raise VersionError(f"version `{wanted}` is published already")
    lock[wanted] = version.digest
    ordered = sorted(lock.items(), key=lambda item: tuple(map(int, item[0].split("."))))
    text = LOCK_HEAD + "".join(f"{name}: {digest}\n" for name, digest in ordered)
    path.write_text(text, "utf-8")
    return path
