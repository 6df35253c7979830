"""Whether two versions of a question decide some case differently, and such a case.

Two decisions differ when they rest on other rules, or when one of these has another outcome or
output. So what both versions share needs no look: only rules that changed, and those that changed
rules override.
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
    for name in concerned(one.question, other.question):
        before, after = one.rules.get(name), other.rules.get(name)
        for here, there in ((one, other), (other, one)):
            if name in here.rules:
                only = [there.doesnt_decide(name)] if name in there.rules else []
                yield here, [*here.decides(name), *there.valid, *only]
        if before and after and (before.outcome, before.outputs) != (after.outcome, after.outputs):
            both = [*one.decides(name), *other.decides(name)]
            yield one, [*both, (one.differ(before, after),)]


def required_only(there: Question, here: Question) -> Iterator[Requirement]:
    """Yield the requirements of one question that another one doesn't have."""
    conditions = [item.condition for item in here.always]
    yield from (item for item in there.always if item.condition not in conditions)


def concerned(old: Question, new: Question) -> list[str]:
    """Return the rules that may decide elsewhere, or otherwise, in the order of the file."""
    rules = [{rule.name: rule for rule in question.rules} for question in (old, new)]
    names = list(dict.fromkeys(name for by_name in rules for name in by_name))
    changed = [name for name in names if rules[0].get(name) != rules[1].get(name)]
    beaten = {
        name
        for rule in changed
        for by_name in rules
        if rule in by_name
        for name in by_name[rule].overrides
    }
    return [name for name in names if name in changed or name in beaten]
