"""What was worked out of a question, kept as long as it is asked."""

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeAlias, TypeVar

Made = TypeVar("Made")
Owners: TypeAlias = tuple[object, ...]
Kept: TypeAlias = OrderedDict[tuple[int, ...], tuple[Owners, Made]]
KEPT = 16


def kept(cache: Kept[Made], owners: Owners, make: Callable[[], Made]) -> Made:
    """Return what was made of some things before, or make it; the last few are kept.

    INVARIANT: things are told apart by `id`, so what is kept holds on to them.
    """
    key = tuple(map(id, owners))
    found = cache.get(key)
    if found is None:  # threads may both come here: what they make is the same
        found = cache[key] = (owners, make())
        if len(cache) > KEPT:
            cache.popitem(last=False)
    return found[1]
