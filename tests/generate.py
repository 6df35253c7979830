"""Hypothesis strategies for small policies, and for cases of them.

A policy is plain data; `text` writes it as JSON, which is YAML. Every fact has a handful of values
(`DOMAINS`, in `generated_words`), and `always` keeps a case inside them, so that a test can look at
every completion of a case. `policies(exact=True)` stays in the fragment whose analysis is exact:
comparisons of one fact with a constant, or of two facts of one type.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from generated_words import (
    BOUNDS,
    COMPARISONS,
    DOMAINS,
    FACTS,
    KINDS,
    LITERALS,
    OPTIONS,
    OUTPUT_TYPES,
    TERMS,
    WEEK,
    Data,
)
from hypothesis import strategies as st

__all__ = ["DOMAINS", "KINDS", "Data", "Draw", "cases", "policies", "shuffled", "text"]

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass
class Author:
    """Writes one policy: draws its parts, and knows the names declared so far."""

    draw: Draw
    exact: bool
    facts: dict[str, str]
    terms: dict[str, str]
    measures: dict[str, str] = field(default_factory=dict)
    conditions: list[str] = field(default_factory=list)
    units: Sequence[str] = ("days",)
    in_measure: bool = False

    def pick(self, items: Sequence[Any]) -> Any:  # noqa: ANN401 - whatever the items are
        return self.draw(st.sampled_from(items))

    def chance(self, one_in: int) -> bool:
        return bool(self.draw(st.integers(1, one_in)) == one_in)

    def named(self, kind: str, *tables: Mapping[str, str]) -> list[str]:
        return [name for table in tables for name, own in table.items() if own == kind]

    def some_measures(self) -> Data:
        """Write up to two measures."""
        found: Data = {}
        dates = "date" in self.facts.values()
        kinds = sorted({*self.facts.values(), *(self.units if dates else [])})
        for name in ("one_measure", "two_measure")[: self.draw(st.integers(0, 2))]:
            kind = self.pick(kinds)
            self.in_measure = True
            found[name] = self.expression(kind, 2)
            self.in_measure = False
            self.measures[name] = kind
        return found

    def some_conditions(self) -> Data:
        """Write up to two conditions."""
        found: Data = {}
        for name in ("one_condition", "two_condition")[: self.draw(st.integers(0, 2))]:
            found[name] = self.condition(2)
            self.conditions.append(name)
        return found

    def question(self, *, crowded: bool) -> Data:
        """Write the question: outcomes, rules, perhaps a table of them, and a requirement."""
        outcomes = self.outcomes()
        tabled = self.chance(3)
        rules = self.crowd(outcomes) if crowded else self.rules(outcomes, alone=not tabled)
        found: Data = {"outcomes": outcomes, "rules": rules}
        if tabled:
            found["tables"] = {"a_table": self.table(outcomes, [*rules])}
        if self.chance(2):
            found["always"] = [requirement(self)]
        return found

    # ------------------------------------------------------------ expressions

    def constant(self, kind: str) -> Any:  # noqa: ANN401 - YAML
        terms = self.named(kind, self.terms)
        return self.pick([*LITERALS[kind], *terms, *terms])

    def leaf(self, kind: str) -> Any:  # noqa: ANN401 - YAML
        names = self.named(kind, self.facts)
        if names and (not self.chance(3) or (kind == "choice" and self.in_measure)):
            return self.pick(names)
        if kind == "yes_no" and self.in_measure:  # nothing says there that `yes` is a yes_no
            return self.pick([True, False])
        return self.constant(kind)

    def expression(self, kind: str, depth: int) -> Any:  # noqa: ANN401 - YAML
        if depth == 0:
            return self.leaf(kind)
        forms: list[Callable[[str, int], Any]] = [lambda k, _: self.leaf(k), self.either]
        if kind not in ("yes_no", "choice"):
            forms += [self.extreme, self.moved]
        if kind in self.units and self.named("date", self.facts):
            forms.append(lambda unit, _: self.span(unit))
        if not self.exact and kind in ("number", "money", "rate"):
            forms += [self.product, self.rounded, self.total]
        return self.pick(forms)(kind, depth - 1)

    def either(self, kind: str, depth: int) -> Data:
        """Write a value that depends on something: `if`, or `choose`."""
        if self.chance(4):
            return {"table": self.lookup(kind, depth)}
        by = self.named("yes_no", self.facts) + self.named("choice", self.facts)
        if by and self.chance(2):
            name = self.pick(by)
            options = ["yes", "no"] if self.facts[name] == "yes_no" else OPTIONS
            written = options[: self.draw(st.integers(1, len(options)))]
            choose: Data = {
                "by": name,
                "options": {option: self.expression(kind, depth) for option in written},
            }
            if len(written) < len(options):
                choose["otherwise"] = self.expression(kind, depth)
            return {"choose": choose}
        return {
            "if": self.condition(depth),
            "then": self.expression(kind, depth),
            "else": self.expression(kind, depth),
        }

    def lookup(self, kind: str, depth: int) -> Data:
        """Write a table of values by one or two facts."""
        columns = self.columns({**self.facts})
        rows = [
            {
                "when": [self.cell(name, self.facts[name]) for name in columns],
                "value": self.expression(kind, depth),
            }
            for _ in range(self.draw(st.integers(1, 2)))
        ]
        return {"columns": columns, "rows": rows, "otherwise": self.expression(kind, depth)}

    def columns(self, named: Mapping[str, str]) -> list[str]:
        """Write which facts or measures a table looks at."""
        names = st.lists(st.sampled_from([*named]), min_size=1, max_size=2, unique=True)
        return list(self.draw(names))

    def extreme(self, kind: str, depth: int) -> Data:
        items = [self.expression(kind, depth) for _ in range(self.draw(st.integers(2, 3)))]
        return {self.pick(["least", "greatest"]): items}

    def moved(self, kind: str, depth: int) -> Data:
        by = self.pick(self.units) if kind == "date" else kind
        step = self.constant(by) if self.exact else self.expression(by, depth)
        base = (
            self.leaf(kind) if self.exact and kind in self.units else self.expression(kind, depth)
        )
        return {self.pick(["plus", "minus"]): [base, step]}

    def span(self, unit: str) -> Data:
        dates = self.named("date", self.facts)
        return {unit: {"from": self.pick(dates), "to": self.pick(dates)}}

    def product(self, kind: str, depth: int) -> Data:
        whole = self.expression(kind, depth)
        if self.chance(2):
            return {"times": [whole, self.expression("number", depth)]}
        by = self.pick([2, 3, -2])
        return whole if kind == "number" else {"divided_by": [whole, by]}

    def rounded(self, kind: str, depth: int) -> Data:
        to = {"number": 2, "money": "0.02 USD", "rate": 0.1}[kind]
        mode = self.pick(["half_up", "half_even", "up", "down"])
        return {"rounded": {"value": self.expression(kind, depth), "to": to, "mode": mode}}

    def total(self, kind: str, depth: int) -> Data:
        return {"plus": [self.expression(kind, depth), self.expression(kind, depth)]}

    # ------------------------------------------------------------ conditions

    def condition(self, depth: int) -> Any:  # noqa: ANN401 - YAML
        form = self.draw(st.sampled_from([6, 0, 1, 0, 1, 2, 3])) if depth else 6
        if form <= 1:
            items = [
                self.condition(depth - 1) for _ in range(self.draw(st.sampled_from([2, 3, 1])))
            ]
            return {("all", "any")[form]: items}
        if form == 2:
            return {"not": self.condition(depth - 1)}
        if form == 3 and self.conditions:
            return self.pick(self.conditions)
        flags = self.named("yes_no", self.facts)
        if flags and self.chance(4):
            return self.pick(flags)
        left = self.pick([*self.facts, *self.measures])
        kind = {**self.facts, **self.measures}[left]
        return {left: self.comparison(kind, left)}

    def comparison(self, kind: str, left: str) -> Data:
        if self.chance(5):
            rights = [self.right(kind, left) for _ in range(self.draw(st.integers(1, 3)))]
            return {"one_of": rights}
        words = self.draw(
            st.lists(st.sampled_from(COMPARISONS[kind]), min_size=1, max_size=2, unique=True)
        )
        return {word: self.right(kind, left) for word in words}

    def right(self, kind: str, left: str) -> Any:  # noqa: ANN401 - YAML
        names = self.named(kind, self.facts, {} if self.exact else self.measures)
        names = names if left in self.facts or not self.exact else []
        if names and self.chance(2):
            return self.pick(names)
        return self.constant(kind)

    # ------------------------------------------------------------ questions

    def outcomes(self) -> Data:
        kinds = [*OUTPUT_TYPES]
        kind = self.pick(kinds)
        written = OUTPUT_TYPES[kind]
        if self.chance(3):
            full = written if isinstance(written, dict) else {"type": written}
            written = {**full, "default": self.expression(kind, 1)}
        return {"yes": {}, "no": {}, "value": {"outputs": {"result": written}}}

    def result(self, outcomes: Data) -> Data:
        outcome = self.pick(["yes", "no", "value"])
        if outcome != "value":
            return {"outcome": outcome}
        written = outcomes["value"]["outputs"]["result"]
        if "default" in written and self.chance(2):
            return {"outcome": outcome}
        bare = (
            {key: part for key, part in written.items() if key != "default"}
            if (isinstance(written, dict))
            else written
        )
        kinds = {json.dumps(own): name for name, own in OUTPUT_TYPES.items()}
        kinds |= {json.dumps({"type": own}): name for name, own in OUTPUT_TYPES.items()}
        kind = kinds[json.dumps(bare)]
        return {"outcome": outcome, "result": self.expression(kind, 2)}

    def crowd(self, outcomes: Data) -> Data:
        """Write many rules, most of them for some values of a fact or two."""
        many = self.draw(st.integers(16, 30))
        some = self.columns({**self.facts})
        found: Data = {"rule_0": self.result(outcomes)}
        for number in range(1, many):
            demands = [self.demand(name) for name in some if not self.chance(5)]
            found[f"rule_{number}"] = {
                **self.result(outcomes),
                "when": {"all": [*demands, self.condition(1)]},
                "overrides": sorted({"rule_0", *(self.pick([*found]) for _ in range(number // 3))}),
            }
        return {name: found[name] for name in self.draw(st.permutations([*found]))}

    def demand(self, name: str) -> Data:
        """Write that a fact has one of some values."""
        value, other = self.constant(self.facts[name]), self.constant(self.facts[name])
        return {name: {"one_of": [value, other]} if self.chance(4) else {"is": value}}

    def rules(self, outcomes: Data, *, alone: bool) -> Data:
        names = [f"rule_{letter}" for letter in "dacb"[: self.draw(st.integers(1, 4))]]
        found: Data = {}
        for position, name in enumerate(names):
            found[name] = self.result(outcomes)
            if position or self.chance(2):
                found[name]["when"] = self.condition(2)
            beaten = (
                self.draw(st.lists(st.sampled_from(names[:position]), unique=True))
                if (position)
                else []
            )
            if beaten:
                found[name]["overrides"] = beaten
            if alone and position == len(names) - 1 and self.chance(4):
                found[name]["overrides"] = "all"
        return {name: found[name] for name in self.draw(st.permutations(names))}

    def table(self, outcomes: Data, beats: Sequence[str]) -> Data:
        named = {**self.facts, **self.measures}
        columns = self.columns(named)
        rows = {
            f"row_{letter}": {
                "when": [self.cell(name, named[name]) for name in columns],
                **self.result(outcomes),
            }
            for letter in "ba"[: self.draw(st.integers(1, 2))]
        }
        found: Data = {"columns": columns, "rows": rows}
        if self.chance(2):
            found["pick"] = self.pick(["only", "first"])
        if self.chance(2):
            found["overrides"] = [self.pick(beats)]
        return found

    def cell(self, left: str, kind: str) -> Any:  # noqa: ANN401 - YAML
        match self.draw(st.integers(0, 4)):
            case 0:
                return "any"
            case 1:
                return [self.right(kind, left)]
            case 4:
                return [self.right(kind, left), self.comparison(kind, left)]
            case 2:
                return self.comparison(kind, left)
            case _:
                return self.right(kind, left)


def requirement(author: Author) -> Data:
    """Write something that no valid case breaks, often one that ties two facts."""
    condition = author.condition(1)
    return {**(condition if isinstance(condition, dict) else {"all": [condition]}), "else": "No."}


@st.composite
def policies(  # noqa: PLR0913 - each is another kind of policy
    draw: Draw,
    *,
    exact: bool = False,
    most_facts: int = 4,
    units: Sequence[str] = ("days",),
    needed: Sequence[str] = (),
    crowded: bool = False,
) -> Data:
    """Draw a policy with one question, `ask`; it has the facts that are needed.

    One that is `crowded` has so many rules that a function tries only some of them.
    """
    pool = [name for name in FACTS if not (exact and name == "count")]  # one scale is exact
    names = draw(st.permutations(pool))[: draw(st.integers(2, most_facts))]
    names = [*needed, *(name for name in names if name not in needed)]
    author = Author(
        draw=draw,
        exact=exact,
        facts={name: KINDS[name] for name in names},
        terms={name: kind for name, (kind, _) in TERMS.items()},
        units=units,
    )
    measures, conditions = author.some_measures(), author.some_conditions()
    question = author.question(crowded=crowded)
    always = [
        {name: BOUNDS[kind], "else": f"{name} is out of bounds."}
        for name, kind in author.facts.items()
        if kind in BOUNDS
    ]
    if author.chance(2):
        always.append(requirement(author))
    found: Data = {
        "language": 1,
        "policy": "small",
        "version": "1.0.0",
        "in_force": {"from": "beginning"},
        "currency": "USD",
        "terms": {name: written for name, (_, written) in TERMS.items()},
        "facts": {name: FACTS[name] for name in names},
        "always": always,
        "measures": measures,
        "conditions": conditions,
        "questions": {"ask": question},
    }
    if "business_days" in units:
        found["business_days"] = WEEK
    return {key: value for key, value in found.items() if value not in ({}, [])}


@st.composite
def cases(draw: Draw, policy: Data, *, complete: bool = False) -> Data:
    """Draw facts for a policy's question: all of them, or some."""
    facts: Data = {}
    for name in policy["facts"]:
        value = draw(st.sampled_from(DOMAINS[KINDS[name]]))
        if complete or draw(st.booleans()):
            facts[name] = value
    return facts


def text(policy: Data, indent: int | None = None) -> str:
    """Return a policy as JSON, which is YAML."""
    return json.dumps(policy, indent=indent)


@st.composite
def shuffled(draw: Draw, data: Any, keep: Sequence[str] = ()) -> Any:  # noqa: ANN401 - JSON
    """Draw the same data with the keys of mappings in another order, but for those in `keep`."""
    if isinstance(data, list):
        return [draw(shuffled(item, keep)) for item in data]
    if not isinstance(data, dict):
        return data
    parts = {
        key: value if key in keep else draw(shuffled(value, keep)) for key, value in data.items()
    }
    return {key: parts[key] for key in draw(st.permutations([*parts]))}
