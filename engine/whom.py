"""Whom a change affects: what it means for customers as a whole, in one sentence."""

from collections.abc import Iterable
from dataclasses import dataclass

from .compare import Difference, Group, Ruled, difference
from .effect import Effect, effect
from .model import PolicyVersion, Question
from .values import in_words

UNANSWERED = ("gap", "conflict", "error")
MIXED = "Better for some customers, worse for others."
UNCLEAR = "Some decisions change, and the policy doesn't say whether for the better."


@dataclass(frozen=True, slots=True)
class Affected:
    """A group of cases that are decided differently, with what that means for the customer."""

    question: Question
    group: Group
    effect: Effect

    @property
    def unanswered(self) -> bool:
        """Whether these cases have lost their answer."""
        return self.group.new.kind in UNANSWERED and self.group.old.kind not in UNANSWERED

    @property
    def example(self) -> str:
        """One case of the group, in words."""
        types = {fact.name: fact.type for fact in self.question.facts}
        return ", ".join(
            f"{name} {in_words(value, types[name])}" for name, value in self.group.facts.items()
        )

    def as_json(self) -> dict[str, object]:
        """Return the group as it stands in JSON."""
        return {
            "question": self.question.name,
            "effect": self.effect,
            "old": ruled(self.group.old),
            "new": ruled(self.group.new),
            "example": {name: str(value) for name, value in self.group.facts.items()},
        }


@dataclass(frozen=True, slots=True)
class Affects:
    """All that one version decides differently than another; `settled` when nothing is in doubt."""

    groups: tuple[Affected, ...] = ()
    settled: bool = True

    @property
    def effects(self) -> frozenset[Effect]:
        """What the change means, for each group once."""
        return frozenset(item.effect for item in self.groups)


def affects(old: PolicyVersion, new: PolicyVersion) -> Affects:
    """Return whom a change affects, over all questions that both versions have."""
    found = [difference(old, new, name) for name in new.questions if name in old.questions]
    return Affects(
        groups=tuple(affected(item, group) for item in found for group in item.groups),
        settled=all(item.complete and not item.unsettled for item in found),
    )


def affected(found: Difference, group: Group) -> Affected:
    """Return a group with what it means for the customer."""
    return Affected(found.both.new.question, group, effect(found, group))


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


def in_a_sentence(found: Iterable[Affects]) -> str:
    """Return what changes mean for customers, the worst first."""
    groups = [item for affected in found for item in affected.groups]
    effects = {item.effect for item in groups}
    lost = "Some cases get no answer any more." if any(item.unanswered for item in groups) else ""
    return " ".join(part for part in (for_customers(effects), lost) if part)


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
