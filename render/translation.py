"""The words of a version in another language: `translation.de.yaml` beside its policy.

Each sentence stands beside its source, so that a source that has changed since shows.
"""

from ..engine.model import PolicyVersion
from ..engine.source import MapNode
from .layout import Layout


def languages(version: PolicyVersion) -> tuple[str, ...]:
    """Return the languages to which a version is translated."""
    return ()


def translated(
    version: PolicyVersion, root: MapNode | None, own: Layout, language: str
) -> tuple[PolicyVersion, Layout]:
    """Return a version and its layout in another language."""
    raise NotImplementedError
