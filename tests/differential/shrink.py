"""A disagreement made small: as much of the policy and the case left out as can be."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from generate import Data

from differential.asked import Asked, Facts
from differential.drawn import loaded
from differential.judge import Disagreement, checked
from differential.targets import TARGETS
from refund_policy.engine.errors import PolicyError

MOST_STEPS = 500
Found = dict[str, Any]


def shrunk(found: Disagreement, versions: Sequence[Data]) -> Found:
    """Return the smallest policy and case found on which a target still disagrees."""
    question, target = found.asked.question, found.target

    def disagrees(data: Found) -> bool:
        match data:
            case {"case": dict(case), "versions": list(policy)}:
                return differs(policy, question, case, target)
            case _:
                return False

    case = dict(found.asked.cases[found.got.case])
    return smallest({"case": case, "versions": list(versions)}, disagrees)


def differs(versions: Sequence[Data], question: str, case: Facts, target: str) -> bool:
    """Return whether a target disagrees on a case; not where the policy can't be loaded."""
    try:
        asked = Asked(loaded(versions), question, [case])
    except (PolicyError, IndexError):
        return False
    if not asked.versions:
        return False
    return any(found for *_, found in checked(asked, {target: TARGETS[target]}))


def smallest(found: Found, holds: Callable[[Found], bool]) -> Found:
    """Return data made smaller, a step at a time, as long as something holds of it."""
    for _ in range(MOST_STEPS):
        tried = chain((forgotten(found, name) for name in sorted(names(found))), steps(found))
        smaller = next((data for data in tried if data != found and holds(data)), None)
        if smaller is None:
            break
        found = smaller
    return found


def names(data: Any) -> set[str]:  # noqa: ANN401 - JSON
    """Return every name that has something in data."""
    match data:
        case dict():
            return set(data).union(*map(names, data.values()))
        case list():
            return set().union(*map(names, data))
        case _:
            return set()


def forgotten(data: Any, name: str) -> Any:  # noqa: ANN401 - JSON
    """Return data without anything of a name, nor what is empty then."""
    match data:
        case dict():
            left = {key: forgotten(part, name) for key, part in data.items() if key != name}
            return {key: part for key, part in left.items() if part == data[key] or part != []}
        case list():
            return [forgotten(part, name) for part in data if part != name]
        case _:
            return data


def steps(data: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON
    """Yield data with one part left out, or one of its parts in its place; large ones first."""
    if not isinstance(data, dict | list):
        return
    entries = list(data.items()) if isinstance(data, dict) else list(enumerate(data))
    yield from (without(data, key) for key, _ in entries)
    for _, part in entries:
        if isinstance(part, dict | list) or len(entries) == 1:
            yield part
    for key, part in entries:
        yield from (replaced(data, key, smaller) for smaller in steps(part))


def without(data: Any, key: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a mapping or list without one of its parts."""
    if isinstance(data, list):
        return [*data[:key], *data[key + 1 :]]
    return {name: part for name, part in data.items() if name != key}


def replaced(data: Any, key: Any, part: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a mapping or list with another part in one place."""
    if isinstance(data, list):
        return [*data[:key], part, *data[key + 1 :]]
    return {name: part if name == key else own for name, own in data.items()}
