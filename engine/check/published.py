"""Versions and the lock: all in force are published, and stand in folders of their own."""

from collections.abc import Iterator

from ..errors import Finding
from ..folder import LOCK_FILE, lock_of, read_lock
from ..versions import Policy


def published(policy: Policy) -> Iterator[Finding]:
    """Find versions in force that aren't published, and versions in a folder of another number.

    A policy without a lock has published nothing yet.
    """
    for version in policy.versions:
        lock, _ = read_lock(lock_of(version.path))
        number, folder = version.version, version.path.parent.name
        if lock and folder != number:
            message = f"version `{number}` stands in folder `{folder}`"
            hint = f"rename the folder to `{number}`"
            yield Finding(code="wrong-folder", where=version.where, message=message, hint=hint)
        if lock and version.in_force is not None and number not in lock:
            message = f"version `{number}` is in force, and `{LOCK_FILE}` doesn't list it"
            hint = f"run `refund publish {number}`, or write `in_force: draft`"
            yield Finding(code="not-published", where=version.where, message=message, hint=hint)
