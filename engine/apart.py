"""Whether two versions of a question decide some case differently, and such a case.

Two decisions differ when they rest on other rules, or when one of these has another outcome or
output. What both versions share needs no look: only rules that changed.
"""

from collections.abc import Iterator, Mapping

from .errors import CalculationError
from .evaluate import Case, deciders, verdict
from .formula import Forest
from .model import PolicyVersion, Question, Requirement, Value
from .rulebook import Rulebook, rulebook
from .search import Clause
from .walk import Node, counts_business_days
from .witness import Witness, valid, witness


def apart(
    old: PolicyVersion, new: PolicyVersion, name: str, near: Mapping[str, Value] | None = None
) -> Witness | None:
    """Return a case of a question that two versions decide differently, or None: there is none.

    A witness without facts says that there may be one, and that none was found.
    """
    forest = Forest()
    one = rulebook(old.questions[name], old.calendar, forest=forest)
    calendars = "" if old.calendar == new.calendar else "new"
    other = rulebook(new.questions[name], new.calendar, forest=forest, calendars=calendars)

    def differ(case: Case) -> bool:
        return result(one.question, case) != result(other.question, case)

    unsettled = None
    for book, clauses in ways_apart(one, other):
        found = witness(book, clauses, differ, near=near)
        if found and found.facts is not None:
            return found
        unsettled = unsettled or found
    return unsettled


def result(question: Question, case: Case) -> object:
    """Return what decides a complete case: rules with outcome and outputs, or what is wrong."""
    if not valid(question, case):
        return "not valid"
    try:
        found = deciders(question, case).certain
        return [(rule.name, rule.outcome.name, verdict((rule,), case).outputs) for rule in found]
    except CalculationError as error:
        return str(error)


def ways_apart(one: Rulebook, other: Rulebook) -> Iterator[tuple[Rulebook, list[Clause]]]:
    """Yield what holds in the cases that only one version takes for valid, or decides in its way.

    The rulebook says by whose requirements a case is valid.
    """
    for here, there in ((one, other), (other, one)):
        for item in required_only(there, here):
            fails = here.forest.opposite(here.reader.formula(item.condition))
            yield here, [(fails,)]
    for name in changed(one, other):
        for here, there in ((one, other), (other, one)):
            if name in here.rules:
                yield here, [*there.valid, *decided_only(name, here, there)]
            for freed in no_longer_overridden(name, here, there):
                yield here, [*here.decides(name), *there.decides(freed)]
        before, after = one.rules.get(name), other.rules.get(name)
        if before and after and (before.outcome, before.outputs) != (after.outcome, after.outputs):
            both = [*one.decides(name), *other.decides(name)]
            yield one, [*both, (one.differ(before, after),)]


def decided_only(name: str, here: Rulebook, there: Rulebook) -> list[Clause]:
    """Return what holds in the cases that a rule decides in one version and not in the other."""
    only = [there.doesnt_decide(name)] if name in there.rules else []
    return [*here.decides(name), *only]


def no_longer_overridden(name: str, here: Rulebook, there: Rulebook) -> set[str]:
    """Return the rules that a rule overrides in one version only, if both versions have them."""
    if name not in here.rules or name not in there.rules:
        return set()
    only = here.rules[name].overrides - there.rules[name].overrides
    return {other for other in only if other in there.rules}


def required_only(there: Rulebook, here: Rulebook) -> Iterator[Requirement]:
    """Yield the requirements of one question that another one doesn't have."""
    known = [item.condition for item in here.question.always]
    for item in there.question.always:
        if item.condition not in known or counted_anew(there, here, item.condition):
            yield item


def changed(one: Rulebook, other: Rulebook) -> list[str]:
    """Return the rules that only one version has, or that differ, in the order of the file.

    Of each case that is decided otherwise, one of them decides in one of the versions. Take a rule
    that decides it in one version only. If it didn't change, a rule overrides it in the other
    version which doesn't do so in this one: it applies in one version only, or overrides the rule
    in one version only, so it changed. Some rule that overrides this one too, or it itself, decides
    in the other version, and for the same reason it is one that changed. Either it decides in one
    version only, or in both and overrides the first rule in one only (`no_longer_overridden`).
    Where the same rules decide, one of them has another outcome or other outputs.
    """
    names = dict.fromkeys((*one.rules, *other.rules))
    return [name for name in names if differs(name, one, other)]


def differs(name: str, one: Rulebook, other: Rulebook) -> bool:
    """Return whether a rule isn't the same in two versions."""
    before, after = one.rules.get(name), other.rules.get(name)
    if before is None or before != after:
        return True
    nodes = (before.when, *(value for _, value in before.outputs))
    return counted_anew(one, other, *nodes)


def counted_anew(one: Rulebook, other: Rulebook, *nodes: Node) -> bool:
    """Return whether nodes count business days, which two versions don't count alike."""
    return one.reader.calendar != other.reader.calendar and counts_business_days(*nodes)
