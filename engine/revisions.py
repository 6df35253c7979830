"""What an editor names to compare with: a version, a folder, or a git revision.

`place_at` reads a name in this order, so that one text never means two things:

1. `1.0.0`: that version of the policy in the folder. (A tag of that name is `refs/tags/1.0.0`.)
2. a file or folder that exists: itself. (A branch of that name is `refs/heads/NAME` or `NAME:…`.)
3. `REVISION:path`: that path in a git revision, from the root of the repository as git has it;
   `REVISION:1.0.0`: that version of the folder in the revision; `REVISION:` the folder itself.
4. `REVISION`: the folder in that git revision.

A revision is read through `git` alone: no file of the working tree changes, nothing is checked out.
"""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .errors import MissingError, NoGitError, PolicyError, SourceError, VersionError
from .folder import INSTALLED, number, read_folder
from .model import PolicyVersion
from .place import PathAt, Place

NUMBER = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
IN_REVISION = re.compile(r"((?:[^:{]|\{[^}]*\})+):(.*)", re.DOTALL)  # `HEAD^{/fix: it}` holds a `:`
READ = ".yaml"
OWN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")  # a git hook sets these


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names: a place, and a version in it where only that one is meant."""

    place: Place
    version: str | None = None


def versions_at(spec: str, folder: Path) -> tuple[PolicyVersion, ...]:
    """Return the policy versions that a text names, drafts included, in the order of their numbers.

    `folder` is the folder of policies that numbers and revisions are about. Raises SourceError with
    the findings of the place named, VersionError for an unknown version, PolicyError for the rest.
    """
    named = place_at(spec, folder)
    loaded, findings = read_folder(named.place)
    if errors := [finding for finding in findings if finding.severity == "error"]:
        raise SourceError(errors)
    found = [item for item in loaded if named.version in (None, item.version)]
    if not found:
        known = ", ".join(f"`{item.version}`" for item in sorted(loaded, key=number))
        raise VersionError(
            f"there is no version `{named.version}` in `{named.place}`: only {known}"
        )
    return tuple(sorted(found, key=lambda item: (item.name, number(item))))


def newest_at(spec: str, folder: Path, policy: str | None = None) -> PolicyVersion:
    """Return the newest of the versions that a text names, drafts included, of one policy.

    Raises as `versions_at` does, and VersionError where several policies are meant.
    """
    found = [item for item in versions_at(spec, folder) if policy in (None, item.name)]
    names = sorted({item.name for item in found})
    if not names:
        raise VersionError(f"there is no policy `{policy}` in `{spec}`")
    if len(names) > 1:
        known = ", ".join(f"`{name}`" for name in names)
        raise VersionError(f"`{spec}` holds several policies: name one with --policy, of {known}")
    return found[-1]


def place_at(spec: str, folder: Path) -> Named:
    """Return what a text names; see the top of this file for the order."""
    if NUMBER.fullmatch(spec):
        return Named(folder, spec)
    if spec and Path(spec).exists():
        return Named(Path(spec))
    if not (found := IN_REVISION.fullmatch(spec)):
        return Named(at_revision(spec, folder))
    revision, rest = found.groups()
    if not rest:
        return Named(at_revision(revision, folder))
    if NUMBER.fullmatch(rest):
        return Named(at_revision(revision, folder), rest)
    return Named(at_path(revision, rest))


def default_base(folder: Path) -> str:
    """Return where a branch left `origin/main` or `main`, shortened; else `HEAD`."""
    there = existing(folder.resolve())
    prefix(there, "HEAD")
    for branch in ("refs/remotes/origin/main", "refs/heads/main"):
        try:
            found = git(there, "merge-base", "HEAD", branch)
        except NoGitError:
            raise
        except PolicyError:
            continue
        return git(there, "rev-parse", "--short", found.decode().strip()).decode().strip()
    return "HEAD"


def existing(path: Path) -> Path:
    """Return the folder that a path names, or the nearest one above it that is there."""
    return next(item for item in (path, *path.parents) if item.is_dir())


def at_revision(revision: str, folder: Path) -> PathAt:
    """Return a folder of policies as it is in a git revision."""
    real = folder.resolve()
    if folder == INSTALLED and not INSTALLED.is_symlink():
        raise PolicyError("the installed policies are in no git repository: name a folder")
    there = existing(real)
    inside = PurePosixPath(prefix(there, revision), real.relative_to(there).as_posix())
    return tree(there, revision, inside, named=folder.as_posix())


def at_path(revision: str, path: str) -> PathAt:
    """Return a path in a git revision; it starts at the root of the repository, `./` here."""
    here = Path()
    start = prefix(here, f"{revision}:{path}")
    if not path.startswith(("./", "../")):
        start = ""
    inside = PurePosixPath(os.path.normpath(PurePosixPath(start, path)))
    if inside.parts[:1] == ("..",) or inside.is_absolute():
        raise PolicyError(f"`{path}` is outside of the repository")
    return tree(here, revision, inside, named=path)


def tree(there: Path, revision: str, inside: PurePosixPath, *, named: str) -> PathAt:
    """Return a path of a revision with the files that belong to it."""
    commit = commit_of(there, revision)
    listed = git(there, "ls-tree", "-r", "-z", "--full-tree", commit)
    blobs = {}
    for line in filter(None, os.fsdecode(listed).split("\0")):
        kind, _, name = line.partition("\t")
        if kind.startswith("100"):  # no link, no submodule
            blobs[name] = kind.split(" ")[2]
    if str(inside) not in blobs and not any(
        inside in PurePosixPath(name).parents for name in blobs
    ):
        raise MissingError(f"there is no `{named}` in `{revision}`")
    top = inside.parent.parent if str(inside) in blobs else inside.parent
    wanted = {
        name: blob
        for name, blob in blobs.items()
        if name == str(inside) or (name.endswith(READ) and belongs(name, top))
    }
    return PathAt(revision, inside, contents(there, wanted))


def belongs(name: str, top: PurePosixPath) -> bool:
    """Return whether a file stands somewhere under a folder of the repository."""
    return top in PurePosixPath(name).parents


# ---------------------------------------------------------------- git itself


def commit_of(there: Path, revision: str) -> str:
    """Return a revision's commit; raises PolicyError with what to do when there is none."""
    asked = ("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    try:
        return git(there, *asked).decode().strip()
    except PolicyError:
        shallow = git(there, "rev-parse", "--is-shallow-repository").strip() == b"true"
        hint = (
            "this clone is shallow: run `git fetch --unshallow`, or check out with `fetch-depth: 0`"
            if shallow
            else "name a version, a folder, or a branch, tag or commit"
        )
        raise PolicyError(f"there is no folder and no git revision `{revision}`: {hint}") from None


def prefix(there: Path, revision: str) -> str:
    """Return where a folder stands in its repository; raises PolicyError outside of one."""
    try:
        return git(there, "rev-parse", "--show-prefix").decode().strip("\n")
    except NoGitError:
        raise
    except PolicyError as error:
        if "not a git repository" not in str(error):
            raise
        text = f"there is no folder `{revision}`, and `{there}` is in no git repository"
        raise PolicyError(f"{text} that could have a revision of that name") from None


def contents(there: Path, blobs: dict[str, str]) -> dict[str, bytes]:
    """Return the content of each file, read in one go."""
    if not blobs:
        return {}
    asked = "".join(f"{blob}\n" for blob in blobs.values()).encode()
    answer = git(there, "cat-file", "--batch", given=asked)
    found = {}
    for name in blobs:
        head, _, answer = answer.partition(b"\n")
        size = int(head.split(b" ")[2])
        found[name], answer = answer[:size], answer[size + 1 :]
    return found


def git(there: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Return what git prints; raises PolicyError with its own words when it fails."""
    environment = {name: value for name, value in os.environ.items() if name not in OWN}
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and no argument of the user's is an option
            ["git", "-C", str(there), *arguments],  # noqa: S607 - the editor's own git
            input=given,
            capture_output=True,
            check=False,
            env={**environment, "LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise NoGitError("git isn't installed, and a revision is read with it") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip() or f"status {done.returncode}"
        raise PolicyError(f"git {arguments[0]}: {said.splitlines()[0]}")
    return done.stdout
