"""Whom a change affects: what it means for customers as a whole, in one sentence."""

from collections.abc import Iterable, Iterator

from .align import NEW
from .compare import Ruled
from .comparison import Change, Comparison
from .effect import Effect
from .phrases import phrases
from .values import in_words
from .witness import Facts

UNANSWERED = ("gap", "conflict", "error")
MIXED = "Better for some customers, worse for others."
UNCLEAR = "Some decisions change, and the policy doesn't say whether for the better."
DOUBT = "Not everything could be settled."


def in_a_sentence(found: Iterable[Comparison]) -> str:
    """Return what changes mean for customers; nothing where no case is decided differently."""
    every = tuple(found)
    changes = [change for comparison in every for change in comparison.changes]
    lost = "Some cases get no answer any more." if any(map(unanswered, changes)) else ""
    doubt = DOUBT if any(item.unsettled or item.incomplete for item in every) else ""
    said = (for_customers({change.effect for change in changes}), lost, doubt)
    return " ".join(part for part in said if part)


def for_customers(effects: set[Effect]) -> str:
    """Return what effects mean for customers together.

    >>> for_customers({"worse", "same"})
    'Worse for some customers.'
    """
    better = bool(effects & {"better", "decided", "mixed"})
    if effects & {"worse", "mixed"}:
        return MIXED if better else "Worse for some customers."
    if "unclear" in effects:
        return f"Better for some customers. {UNCLEAR}" if better else UNCLEAR
    if better:
        return "Better for some customers, worse for none."
    return "No outcome changes." if "same" in effects else ""


def unanswered(change: Change) -> bool:
    """Return whether cases have lost their answer."""
    return change.group.new.kind in UNANSWERED and change.group.old.kind not in UNANSWERED


def ruled(said: Ruled) -> str:
    """Return what a version says of a group, in words."""
    rules = ", ".join(f"`{name}`" for name in said.rules)
    match said.kind:
        case "rule":
            return f"`{said.outcome}` ({rules})"
        case "gap":
            return "no rule decides"
        case "conflict":
            return f"conflict of {rules}"
        case "no case":
            return "no valid case"
        case "error":
            return "can't be worked out"


def which(change: Change, found: Comparison) -> Iterator[str]:
    """Yield in words which cases a group holds, region by region."""
    for region in change.group.regions:
        said = phrases(region.path, found.new, given=change.group.cases.given)
        yield ", ".join(said) or "every case"


def in_facts(facts: Facts, found: Comparison) -> dict[str, str]:
    """Return a case with each value in words."""
    kinds = {name + NEW: fact.type for name, fact in found.new.facts.items()}
    for version in (found.new, found.old):
        kinds |= {name: fact.type for name, fact in version.facts.items()}
    return {name: in_words(value, kinds[name]) for name, value in facts.items()}
