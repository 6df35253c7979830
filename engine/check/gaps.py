"""Gaps: every valid case is decided by some rule."""

from collections.abc import Iterator

from ..errors import Finding
from ..evaluate import Case, truth
from ..model import All, Rule
from ..witness import Witness
from .analysis import Analysis, with_case
from .boundaries import left_out
from .limits import elsewhere


def gaps(about: Analysis) -> Iterator[Finding]:
    """Find a valid case that no rule decides, other than on a limit that is left out."""
    book = about.book
    on_limits = [elsewhere(about.book, place) for place, _ in left_out(about)]
    found = about.witness((*book.gap(), *on_limits), lambda case: not about.deciding(case))
    if found and found.facts is None:
        yield about.unsettled("some rule decides every case")
    elif found and found.facts is not None:
        some_rule = tuple(book.applies.values())
        words = with_case(about.in_words(found, some_rule))
        yield Finding(
            code="gap",
            where=about.question.where,
            message=f"no rule of question `{about.question.name}` decides a case{words}",
            hint=advice(about, found),
            case=about.given(found.facts),
        )


def advice(about: Analysis, found: Witness) -> str:
    """Return what to do about a gap."""
    default = "add a rule without `when` as the default, which the others override"
    assert found.facts is not None, "INVARIANT: a gap has a case"
    case = about.case(found.facts)
    missed = {rule.name: share_missed(rule, case) for rule in about.question.rules}
    nearest = min(missed, key=lambda name: missed[name], default="")
    near = missed and missed[nearest] < 1
    return f"widen `{nearest}`, or {default}" if near else default


def share_missed(rule: Rule, case: Case) -> float:
    """Return how much of a rule's condition fails in a case, from 0 to 1."""
    items = rule.when.items if isinstance(rule.when, All) else (rule.when,)
    return sum(not truth(item, case) for item in items) / max(1, len(items))
