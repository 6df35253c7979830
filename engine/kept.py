"""What was worked out of a question, kept as long as it is asked."""

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeAlias, TypeVar

Owner = TypeVar("Owner")
Made = TypeVar("Made")
Kept: TypeAlias = OrderedDict[int, tuple[Owner, Made]]
KEPT = 16


def kept(cache: Kept[Owner, Made], owner: Owner, make: Callable[[], Made]) -> Made:
    """Return what was made for an owner before, or make it; the last few are kept."""
    key = id(owner)
    found = cache.get(key)
    if found is None:  # threads may both come here: what they make is the same
        found = cache[key] = (owner, make())
        if len(cache) > KEPT:
            cache.popitem(last=False)
    return found[1]
