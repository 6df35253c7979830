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
from .witness import Witness, valid, witness


def apart(
    old: PolicyVersion, new: PolicyVersion, name: str, near: Mapping[str, Value] | None = None
) -> Witness | None:
    """Return a case of a question that two versions decide differently, or None: there is none.

    A witness without facts says that there may be one, and that none was found.
    """
    forest = Forest()
    one = rulebook(old.questions[name], old.calendar, forest=forest)
    other = rulebook(new.questions[name], new.calendar, forest=forest)

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
        for item in required_only(there.question, here.question):
            fails = here.forest.opposite(here.reader.formula(item.condition))
            yield here, [(fails,)]
    for name in changed(one.question, other.question):
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


def required_only(there: Question, here: Question) -> Iterator[Requirement]:
    """Yield the requirements of one question that another one doesn't have."""
    conditions = [item.condition for item in here.always]
    yield from (item for item in there.always if item.condition not in conditions)


def changed(old: Question, new: Question) -> list[str]:
    """Return the rules that only one version has, or that differ, in the order of the file.

    Of each case that is decided otherwise, one of them decides in one of the versions: a rule that
    is the same in both only decides in one of them where some rule overrides it in the other; the
    topmost of these decides, and is one that changed.
    """
    rules = [{rule.name: rule for rule in question.rules} for question in (old, new)]
    names = dict.fromkeys(name for by_name in rules for name in by_name)
    return [name for name in names if rules[0].get(name) != rules[1].get(name)]
