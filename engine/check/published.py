"""Versions and the lock: all in force are published, stand in their own folder, and are there."""

from collections.abc import Iterator

from ..errors import Finding, Where
from ..folder import LOCK_FILE, lock_of, read_lock, shown
from ..versions import Policy


def published(policy: Policy) -> Iterator[Finding]:
    """Find versions that the lock should list or that it lists in vain.

    A policy without a lock has published nothing yet.
    """
    files = {version.version: version.path for version in policy.versions}
    for lock_file in sorted({lock_of(file) for file in files.values()}):
        lock, findings = read_lock(lock_file)
        yield from findings
        for number in lock.keys() - files.keys():
            if (lock_file.parent / number).is_dir():  # not among what is checked
                continue
            message = f"version `{number}` is published and its folder is gone"
            where = Where(shown(lock_file))
            yield Finding(code="published-gone", where=where, message=message, hint="restore it")
        if lock:
            yield from unlisted(policy, set(lock))


def unlisted(policy: Policy, listed: set[str]) -> Iterator[Finding]:
    """Find versions in force that aren't published, and versions in a folder of another number."""
    for version in policy.versions:
        number, folder = version.version, version.path.parent.name
        if folder != number:
            message = f"version `{number}` stands in folder `{folder}`"
            hint = f"rename the folder to `{number}`"
            yield Finding(code="wrong-folder", where=version.where, message=message, hint=hint)
        if version.in_force is not None and number not in listed:
            message = f"version `{number}` is in force, and `{LOCK_FILE}` doesn't list it"
            hint = f"run `refund publish {number}`, or write `in_force: draft`"
            yield Finding(code="not-published", where=version.where, message=message, hint=hint)
