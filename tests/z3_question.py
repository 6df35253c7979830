"""One question as formulas of z3: which cases are valid, which rules apply and decide, what comes.

A case gets one result, as `decide` gives it: "not a case", "error", "gap", "conflict", or the name
of the first deciding rule.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import combinations

import z3
from z3_numbers import (
    FALSE,
    LAST_DAY,
    TRUE,
    Content,
    Number,
    as_output,
    every,
    opposite,
    same,
    some,
)
from z3_terms import Translation

from refund_policy.engine.model import Fact, PolicyVersion, Question, Rule, Value
from refund_policy.engine.values import LARGEST

Facts = Mapping[str, Value]
NOT_A_CASE, ERROR, GAP, CONFLICT = "not a case", "error", "gap", "conflict"


# ---------------------------------------------------------------- facts


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact as a term of z3, fine enough for every type that it is read with."""

    fact: Fact
    options: tuple[str, ...]
    scale: int
    content: Content

    def within(self, fact: Fact) -> z3.BoolRef:
        """Return when the variable holds a value that this fact can have."""
        match self.content:
            case Mapping() as options:
                return some([options[name] for name in fact.type.options])
            case Number(top, _) if fact.type.kind == "date":
                return z3.And(top >= 1, top <= LAST_DAY)
            case Number(top, over):
                step = 10 ** (self.scale - fact.type.scale)
                most = 10 ** (LARGEST + (fact.type.kind != "whole_number")) * over
                return every([top < most, top > -most, *([top % step == 0] if step > 1 else [])])
            case _:
                return TRUE

    def one_option(self) -> z3.BoolRef:
        """Return when a choice has exactly one option."""
        if not isinstance(self.content, Mapping):
            return TRUE
        held = list(self.content.values())
        two = [z3.And(one, other) for one, other in combinations(held, 2)]
        return every([some(held), *map(opposite, two)])

    def value(self, model: z3.ModelRef) -> Value:
        """Return what the fact is in a model."""
        match self.content:
            case Mapping() as options:
                return next(name for name in self.options if true_in(model, options[name]))
            case Number(top):
                known: int = model.eval(top, model_completion=True).as_long()
                if self.fact.type.kind == "date":
                    return date.fromordinal(known)
                whole = self.fact.type.kind == "whole_number"
                return known if whole else Fraction(known, 10**self.scale)
            case _:
                return true_in(model, self.content)


def true_in(model: z3.ModelRef, formula: z3.BoolRef) -> bool:
    """Return whether a formula holds in a model."""
    return bool(z3.is_true(model.eval(formula, model_completion=True)))


def variable(name: str, facts: Sequence[Fact]) -> Variable:
    """Return the variable for one fact, or for facts of one name and kind in several versions."""
    options = tuple(dict.fromkeys(option for fact in facts for option in fact.type.options))
    scale = max(fact.type.scale for fact in facts)
    content: Content
    match facts[0].type.kind:
        case "yes_no":
            content = z3.Bool(name)
        case "choice":
            content = {option: z3.Bool(f"{name}={option}") for option in options}
        case _:
            content = Number(z3.Int(name), 10**scale)
    return Variable(facts[0], options, scale, content)


def variables(*questions: Question, mark: str = "") -> dict[tuple[str, str], Variable]:
    """Return a variable for each fact of the questions, by name and kind."""
    found: dict[tuple[str, str], list[Fact]] = {}
    for question in questions:
        for fact in question.facts:
            found.setdefault((fact.name, fact.type.kind), []).append(fact)
    return {
        (name, kind): variable(f"{mark}{name}:{kind}", facts)
        for (name, kind), facts in found.items()
    }


# ---------------------------------------------------------------- the question


@dataclass(slots=True)
class Asked:
    """A question as formulas. `given` always has to be assumed: it defines the others."""

    question: Question
    own: Mapping[str, Variable]
    translation: Translation
    given: list[z3.BoolRef]
    names: dict[int, z3.BoolRef]
    valid: z3.BoolRef = TRUE
    sound: z3.BoolRef = TRUE
    applies: dict[str, z3.BoolRef] = field(default_factory=dict)
    decides: dict[str, z3.BoolRef] = field(default_factory=dict)
    outputs: dict[str, dict[str, Content]] = field(default_factory=dict)
    results: dict[str, z3.BoolRef] = field(default_factory=dict)

    def facts(self, model: z3.ModelRef) -> Facts:
        """Return the case that a model is."""
        return {name: own.value(model) for name, own in self.own.items()}


def asked(
    version: PolicyVersion,
    question: Question,
    shared: Mapping[tuple[str, str], Variable] | None = None,
    mark: str = "",
    names: dict[int, z3.BoolRef] | None = None,
) -> Asked:
    """Return a question as formulas, over its own variables or over shared ones.

    With `names` of another version, what both versions say alike has one name.

    `valid` leaves out cases whose conditions have no value: they get an error, not a decision.
    """
    known = shared or variables(question, mark=mark)
    own = {fact.name: known[fact.name, fact.type.kind] for fact in question.facts}
    translation = Translation({n: found.content for n, found in own.items()}, version.calendar)
    given = [each.one_option() for each in own.values()]
    found = Asked(question, own, translation, given, {} if names is None else names)
    fits = every([own[fact.name].within(fact) for fact in question.facts])
    required = [translation.truth(item.condition) for item in question.always]
    whens = {rule.name: translation.truth(rule.when) for rule in question.rules}
    holds = every([worth.content for worth in required])
    sound = every([worth.defined for worth in required])
    told = every([worth.defined for worth in whens.values()])
    found.valid = define(found, f"{mark}valid", every([fits, holds, sound, told]))
    for name, worth in whens.items():
        found.applies[name] = define(found, f"{mark}applies:{name}", worth.content)
    for rule in question.rules:
        beaten = [found.applies[other.name] for other in beating(rule, question.rules)]
        decides = every([found.applies[rule.name], *map(opposite, beaten)])
        found.decides[rule.name] = define(found, f"{mark}decides:{rule.name}", decides)
    found.sound = define(found, f"{mark}sound", worked_out(found))
    not_a_case = some([opposite(fits), every([sound, opposite(holds)])])
    name_results(found, mark, not_a_case)
    return found


def define(found: Asked, name: str, formula: z3.BoolRef) -> z3.BoolRef:
    """Return a formula under a name, which keeps what is made of it small."""
    if formula.get_id() not in found.names:
        found.names[formula.get_id()] = z3.Bool(name)
        found.given.append(z3.Bool(name) == formula)
    return found.names[formula.get_id()]


def beating(rule: Rule, rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules before which a rule gives way."""
    return [other for other in rules if rule.name in other.overrides]


def worked_out(found: Asked) -> z3.BoolRef:
    """Translate the outputs, and return when those of all deciding rules have a value."""
    parts = []
    for rule in found.question.rules:
        worths = {output: found.translation.value(inner) for output, inner in rule.outputs}
        found.outputs[rule.name] = {
            output.name: as_output(worth.content, output.type) for output, worth in worths.items()
        }
        defined = every([worth.defined for worth in worths.values()])
        parts.append(some([opposite(found.decides[rule.name]), defined]))
    return every(parts)


def name_results(found: Asked, mark: str, not_a_case: z3.BoolRef) -> None:
    """Define what a case gets."""
    clash = define(found, f"{mark}clash", some([*clashes(found).values()]))
    decided = [found.valid, found.sound]
    found.results = {
        NOT_A_CASE: not_a_case,
        GAP: every([*decided, *map(opposite, found.decides.values())]),
        CONFLICT: every([*decided, clash]),
    }
    earlier: z3.BoolRef = FALSE
    for name, decides in found.decides.items():
        found.results[name] = every([*decided, opposite(clash), opposite(earlier), decides])
        earlier = define(found, f"{mark}up to:{name}", some([earlier, decides]))
    anything = define(found, f"{mark}answered", some([*found.results.values()]))
    found.results[ERROR] = opposite(anything)
    found.results = {
        name: define(found, f"{mark}result:{name}", formula)
        for name, formula in found.results.items()
    }


def clashes(found: Asked) -> dict[tuple[str, str], z3.BoolRef]:
    """Return for each two rules when both decide a case, with different outcome or outputs."""
    return {
        (one.name, other.name): every([found.decides[one.name], found.decides[other.name], differ])
        for one, other in combinations(found.question.rules, 2)
        if one.name not in other.overrides and other.name not in one.overrides
        for differ in [differing(one, found.outputs[one.name], other, found.outputs[other.name])]
        if not z3.is_false(differ)
    }


def differing(
    one: Rule, mine: Mapping[str, Content], other: Rule, theirs: Mapping[str, Content]
) -> z3.BoolRef:
    """Return when two rules give different outcomes or outputs.

    Outputs that only one of them has, or that have another kind, differ.
    """
    kinds = [{out.name: out.type.kind for out, _ in rule.outputs} for rule in (one, other)]
    if one.outcome.name != other.outcome.name or kinds[0] != kinds[1]:
        return TRUE
    return some([opposite(same(mine[name], theirs[name])) for name in mine])
