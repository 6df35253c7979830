"""What would lead to a better outcome, in words."""

from collections.abc import Iterable, Iterator
from datetime import date

from .decide import Decision
from .model import Fact, PolicyVersion
from .values import in_words
from .versions import Policy
from .what_if import MOST_TOGETHER, Change, WhatIf


def in_text(found: WhatIf | None, now: Decision | None, policy: Policy) -> str:
    """Return what was found as lines of text."""
    if found is None or now is None or now.version is None:
        return "what would lead to a better outcome is told once there is a decision"
    return "\n".join(lines(found, now, policy.version(now.version)))


def lines(found: WhatIf, now: Decision, version: PolicyVersion) -> Iterator[str]:
    """Yield the lines of what was found."""
    if not found.ranked:
        yield "the policy doesn't say which outcomes are better (`best_first`): here are all others"
    if not (found.changes or found.out_of_reach or found.unsettled):
        yield f"no outcome is better than {now.outcome}"
        return
    clock = version.questions[now.question].clock
    for change in found.changes:
        parts = [worded(fact, change, clock, version) for fact in change.changed]
        yield f"{change.outcome} ({change.rule}): {' and '.join(parts)}"
    if found.out_of_reach:
        yield f"{either(found.out_of_reach)}: nothing that can change leads there"
    if found.unsettled:
        yield (
            f"{either(found.unsettled)}: no change of up to {MOST_TOGETHER} known facts was found "
            "that leads there for certain"
        )


def worded(fact: Fact, change: Change, clock: Fact | None, version: PolicyVersion) -> str:
    """Return the change of one fact in words."""
    now, new = change.facts[fact.name]
    value, before = (in_words(known, fact.type, version.currency) for known in (new, now))
    if isinstance(now, date) and isinstance(new, date):
        apart = days_apart(now, new)
        if fact == clock and new < now:
            return f"if `{fact.name}` had been {value}, {apart} (now {before})"
        if fact == clock:
            return f"with `{fact.name}` from {value} on{last(change)}, {apart} (now {before})"
        return f"with `{fact.name}` {value}, {apart} (now {before})"
    return f"with `{fact.name}` {value} (now {before})"


def days_apart(now: date, new: date) -> str:
    """Return how much earlier or later a day is."""
    days = abs((new - now).days)
    return f"{days} day{'s' * (days != 1)} {'later' if new > now else 'earlier'}"


def last(change: Change) -> str:
    """Return until when the changed decision holds."""
    until = change.decision.holds_until
    return f" until {until}" if until else ""


def either(names: Iterable[str]) -> str:
    """Return names with commas and a last `or`."""
    *most, last_one = names
    return f"{', '.join(most)} or {last_one}" if most else last_one
