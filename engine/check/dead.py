"""Dead rules: each rule decides some valid case."""

from collections.abc import Iterator
from functools import partial

from ..errors import Finding
from ..evaluate import Case
from ..model import Rule
from ..search import find
from .analysis import Analysis, named


def dead_rules(about: Analysis) -> Iterator[Finding]:
    """Find rules that decide no valid case, and what keeps them from it."""
    unsettled = []
    for rule in about.question.rules:
        if about.dead(rule.name):
            yield finding(about, rule)
        elif (path := about.found[rule.name]) and path.opaque:
            found = about.witness(about.book.decides(rule.name), partial(decides, about, rule))
            if found is None:
                yield finding(about, rule)
            elif found.facts is None:
                unsettled.append(rule)
    if unsettled:
        names = named(rule.name for rule in unsettled)
        yield about.unsettled(f"a case exists that {names} decides", unsettled[0].where)


def decides(about: Analysis, rule: Rule, case: Case) -> bool:
    """Return whether a rule decides a case, according to the interpreter."""
    return rule in about.deciding(case)


def finding(about: Analysis, rule: Rule) -> Finding:
    """Return the finding that a rule decides no case, with the reason."""
    message = f"rule `{rule.name}` decides no valid case"
    shadows = shadowing(about, rule)
    if shadows:
        one = len(shadows) == 1
        how = "overrides it wherever it applies" if one else "together always override it"
        message += f": {named(shadows)} {how}"
        hint = f"delete it, let it override {named(shadows, '{} or {}')}, or mend a `when`"
    else:
        message += ": its `when` holds in none"
        hint = "mend its `when`, or delete it"
    return Finding(
        code="dead-rule", where=rule.where, message=message, hint=hint, severity="warning"
    )


def shadowing(about: Analysis, rule: Rule) -> list[str]:
    """Return a smallest set of rules that override a rule wherever it applies."""
    book = about.book
    applies = [*book.valid, (book.applies[rule.name],)]
    if not find(applies, about.start):
        return []
    left = [
        other
        for other in book.beaters[rule.name]
        if find([*applies, (book.applies[other],)], about.start)
    ]
    for other in [*left]:
        fewer = [name for name in left if name != other]
        if not find([*applies, *((book.fails(name),) for name in fewer)], about.start):
            left = fewer
    return left
