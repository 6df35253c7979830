"""A folder of policies: every version in it, and the lock that keeps published ones as they are.

policies/refund/1.0.0/policy.yaml    a version; its folder has its number
policies/refund/1.0.0/cases.yaml     cases with expected decisions
policies/refund/published.yaml       version: digest, for every version that is published
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import overload

from .errors import Finding, PolicyError, SourceError, VersionError, Where, nearest
from .frozen import replace
from .load import load_text
from .model import PolicyVersion
from .place import PathAt, Place
from .source import MapNode, Scalar, read
from .versions import Policy

INSTALLED = Path(__file__).parent.parent / "policies"
POLICY_FILE = "policy.yaml"
LOCK_FILE = "published.yaml"
SEAL = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+: sha256:[0-9a-f]{64} [0-9a-f]{12}")
LOCK_HEAD = """\
# The digest of every published version, written by `refund publish`.
# Published text never changes: a change is a new version (`refund new-version`).
"""


def load(path: str | Place | None = None, *, policy: str | None = None) -> Policy:
    """Load a policy with all its versions.

    `path` is a folder of policies, of one policy or of one version, or a `policy.yaml` itself; by
    default the installed policies. `policy` names one where the folder holds several.

    Raises SourceError with every finding when a file is wrong, VersionError when the folder holds
    several policies and none is named, or none of that name.
    """
    found = load_all(path)
    if policy is None and len(found) == 1:
        return next(iter(found.values()))
    known = ", ".join(f"`{name}`" for name in found)
    if policy is None:
        raise VersionError(f"there are several policies here, name one of them: {known}")
    if policy not in found:
        hint = nearest(policy, list(found)) or f"policies: {known}"
        raise VersionError(f"there is no policy `{policy}`: {hint}")
    return found[policy]


def load_all(path: str | Place | None = None) -> dict[str, Policy]:
    """Load every policy under a folder, by name.

    Raises SourceError with every finding of every file.
    """
    folder = INSTALLED if path is None else Path(path) if isinstance(path, str) else path
    loaded, findings = read_folder(folder)
    if errors := [finding for finding in findings if finding.severity == "error"]:
        raise SourceError(errors)
    names = sorted({version.name for version in loaded})
    return {name: gathered(name, loaded, findings) for name in names}


def gathered(name: str, loaded: Iterable[PolicyVersion], warnings: Iterable[Finding]) -> Policy:
    """Return one policy of those loaded, its versions in the order of their numbers."""
    own = [version for version in loaded if version.name == name]
    files = {version.where.file for version in own}
    return Policy(
        name=name,
        versions=tuple(sorted(own, key=number)),
        warnings=tuple(warning for warning in warnings if warning.where.file in files),
    )


def number(version: PolicyVersion) -> tuple[int, ...]:
    """Return a version's number for sorting."""
    return tuple(int(part) for part in version.version.split("."))


def read_folder(folder: Place) -> tuple[list[PolicyVersion], list[Finding]]:
    """Return the versions under a folder that can be read, and all findings."""
    loaded: list[PolicyVersion] = []
    findings: list[Finding] = []
    files = policy_files(folder)
    locks = {path: read_lock(path) for path in dict.fromkeys(lock_of(file) for file in files)}
    for file in files:
        lock, _ = locks[lock_of(file)]
        digests = {seal.partition(" ")[0] for seal in lock.values()}
        try:
            version, warnings = load_text(file.read_bytes(), shown(file), digests)
        except SourceError as error:
            findings += error.findings
            continue
        version = replace(version, path=file.resolve())
        loaded.append(version)
        findings += [*warnings, *edited(version, lock)]
    for path, (lock, wrong) in locks.items():
        findings += [*wrong, *gone(path, lock, loaded)]
    return loaded, [*findings, *twice(loaded)]


def policy_files(path: Place) -> list[Place]:
    """Return every policy file under a path; raises PolicyError when there is none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise PolicyError(f"there is no file or folder `{path}`")
    found: list[Place] = sorted(path.rglob(POLICY_FILE), key=lambda file: file.parts)
    if not found:
        raise PolicyError(f"there is no `{POLICY_FILE}` under `{path}`")
    return found


def shown(file: Place) -> str:
    """Return a file's path as the user would write it."""
    if isinstance(file, PathAt):
        return str(file)
    here = Path.cwd()
    return str(file.relative_to(here)) if file.is_relative_to(here) else str(file)


# ---------------------------------------------------------------- the lock


@overload
def lock_of(file: Path) -> Path: ...
@overload
def lock_of(file: PathAt) -> PathAt: ...
def lock_of(file: Place) -> Place:
    """Return where the lock of a policy file's version stands."""
    return file.parent.parent / LOCK_FILE


def read_lock(path: Place) -> tuple[dict[str, str], list[Finding]]:
    """Return the published versions that a lock file lists, each with its seal."""
    if not path.is_file():
        return {}, []
    node, findings = read(path.read_bytes(), shown(path))
    entries = node.entries if isinstance(node, MapNode) else ()
    lock = {key.text: part.text for key, part in entries if isinstance(part, Scalar)}
    right = lock and all(SEAL.fullmatch(f"{name}: {seal}") for name, seal in lock.items())
    if not findings and not right:
        findings = (spoilt(path),)
    return ({}, list(findings)) if findings else (lock, [])


def spoilt(path: Place) -> Finding:
    """Return the finding about a lock that holds something else than seals."""
    return Finding(
        code="bad-lock",
        where=Where(shown(path)),
        message="this lock doesn't hold one line `version: digest order` for each version",
        hint="restore it: it is written by `refund publish` alone",
    )


def sealed(version: PolicyVersion) -> str:
    """Return what a lock says of a version: its digest, and a hash of the order of its parts.

    The digest doesn't depend on the order of rules and facts, which changes no outcome; but it
    decides which of several agreeing rules is named, and what is asked first.
    """
    rules = [[name, *(rule.name for rule in q.rules)] for name, q in version.questions.items()]
    order = json.dumps([*version.facts, rules])
    return f"{version.digest} {sha256(order.encode()).hexdigest()[:12]}"


def edited(version: PolicyVersion, lock: Mapping[str, str]) -> list[Finding]:
    """Return a finding when a published version isn't what was published."""
    number = version.version
    seal = sealed(version)
    if lock.get(number, seal) == seal:
        return []
    return [
        Finding(
            code="published-edited",
            where=version.where,
            message=f"version `{number}` is published and its text has changed",
            hint="undo the edit, and make a new version with `refund new-version`",
        )
    ]


def gone(
    path: Place, lock: Mapping[str, str], loaded: Iterable[PolicyVersion]
) -> Iterator[Finding]:
    """Yield a finding for each published version whose file isn't there any more."""
    there = {version.version for version in loaded}
    for number in lock:
        if number not in there and not (path.parent / number / POLICY_FILE).is_file():
            message = f"version `{number}` is published and its file is gone"
            where = Where(shown(path))
            yield Finding(code="published-gone", where=where, message=message, hint="restore it")


def twice(loaded: Iterable[PolicyVersion]) -> list[Finding]:
    """Return a finding for each version of a policy that another file holds as well."""
    first: dict[tuple[str, str], Where] = {}
    found = []
    for version in loaded:
        key = (version.name, version.version)
        if key in first:
            other = first[key].file
            message = f"version `{key[1]}` of `{key[0]}` stands in `{other}` as well"
            hint = "give one of them another number"
            found.append(
                Finding(code="version-twice", where=version.where, message=message, hint=hint)
            )
        first.setdefault(key, version.where)
    return found
