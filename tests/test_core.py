"""The core of the analysis against truth tables and every case of small worlds."""

from collections.abc import Mapping
from itertools import product

import small_world
from generate import DOMAINS, KINDS, policies, text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refund_policy.engine.atoms import Among, AtMost, Atom, Path, assume, pins, settled
from refund_policy.engine.deciding import deciding
from refund_policy.engine.diagram import diagram
from refund_policy.engine.errors import Where
from refund_policy.engine.evaluate import Case, deciders, truth
from refund_policy.engine.formula import FALSE, TRUE, Forest, Formula, all_sure, under
from refund_policy.engine.load import load_text
from refund_policy.engine.model import Fact, Type, Value
from refund_policy.engine.rulebook import Rulebook, rulebook
from refund_policy.engine.search import Clause, find, paths
from refund_policy.engine.values import fact_value

NAMES, OPTIONS = ("x", "y"), ("a", "b", "c")
NUMBERS = range(-3, 4)
WORLD: list[dict[str, Value]] = [
    {"x": x, "y": y, "kind": kind} for x, y, kind in product(NUMBERS, NUMBERS, OPTIONS)
]
FACTS = tuple(
    Fact(name=name, type=kind, label="", ask="", where=Where("f", 1, 1))
    for name, kind in (
        ("x", Type("whole_number")),
        ("y", Type("whole_number")),
        ("kind", Type("choice", OPTIONS)),
    )
)
PINNED = [pins(case, FACTS) for case in WORLD]
BOX: list[Atom] = [AtMost(name, "", 3) for name in NAMES]
BOX += [AtMost("", name, 3) for name in NAMES]
properties = settings(deadline=None, max_examples=80, suppress_health_check=[*HealthCheck])


@st.composite
def atoms(draw: st.DrawFn) -> Atom:
    if draw(st.booleans()):
        some = frozenset(draw(st.sets(st.sampled_from(OPTIONS), min_size=1, max_size=2)))
        return Among("kind", some, frozenset(OPTIONS) - some)
    x, y = draw(st.permutations(["", *NAMES]))[:2]
    return AtMost(x, y, draw(st.integers(-3, 3)))


@st.composite
def formulas(draw: st.DrawFn, forest: Forest, depth: int = 3) -> Formula:
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return forest.formula(draw(atoms()), holds=draw(st.booleans()))
    one, other = draw(formulas(forest, depth - 1)), draw(formulas(forest, depth - 1))
    match draw(st.integers(0, 3)):
        case 0:
            return forest.both(one, other)
        case 1:
            return forest.either(one, other)
        case 2:
            return forest.opposite(one)
        case _:
            return forest.choose(draw(formulas(forest, depth - 1)), one, other)


def table(formula: Formula) -> list[bool]:
    """Return where a formula holds, case by case."""
    return [under(formula, path) is TRUE for path in PINNED]


def inside(path: Path, pinned: Path) -> bool:
    """Return whether a case lies on a path."""
    limits = pinned.space.limits
    return all(
        limits.get(x, {}).get(y, 0 if x == y else 10**9) <= c
        for x, row in path.space.limits.items()
        for y, c in row.items()
    ) and all(pinned.space.options[name] <= left for name, left in path.space.options.items())


@properties
@given(st.data())
def test_formulas_do_as_truth_tables_do(data: st.DataObject) -> None:
    forest = Forest()
    one, other, test = (data.draw(formulas(forest)) for _ in range(3))
    a, b, c = table(one), table(other), table(test)
    assert table(forest.both(one, other)) == [p and q for p, q in zip(a, b, strict=True)]
    assert table(forest.either(one, other)) == [p or q for p, q in zip(a, b, strict=True)]
    assert table(forest.opposite(one)) == [not p for p in a]
    chosen = [p if r else q for p, q, r in zip(a, b, c, strict=True)]
    assert table(forest.choose(test, one, other)) == chosen


@properties
@given(st.data())
def test_equal_functions_of_the_same_atoms_are_one_object(data: st.DataObject) -> None:
    forest = Forest()
    one, other = data.draw(formulas(forest)), data.draw(formulas(forest))
    both = forest.both(one, other)
    assert both is forest.both(other, one)
    assert forest.opposite(forest.opposite(one)) is one
    opposites = (forest.opposite(one), forest.opposite(other))
    assert forest.opposite(both) is forest.either(*opposites)
    assert forest.either(one, forest.opposite(one)) is TRUE
    assert forest.both(one, forest.opposite(one)) is FALSE
    assert forest.either(both, forest.both(one, opposites[1])) is one


@properties
@given(st.data())
def test_what_a_formula_is_sure_of_holds_wherever_it_does(data: st.DataObject) -> None:
    formula = data.draw(formulas(Forest()))
    where = table(formula)
    for part in all_sure(formula):
        assert all(there for held, there in zip(where, table(part), strict=True) if held)


@st.composite
def clauses(draw: st.DrawFn, forest: Forest) -> list[Clause]:
    found: list[Clause] = [(forest.formula(atom),) for atom in BOX]
    more = [range(draw(st.integers(1, 3))) for _ in range(draw(st.integers(1, 4)))]
    return found + [tuple(draw(formulas(forest)) for _ in parts) for parts in more]


@properties
@given(st.data())
def test_paths_share_out_the_cases_in_which_all_clauses_hold(data: st.DataObject) -> None:
    every = data.draw(clauses(Forest()))
    found = [*paths(every)]
    assert (find(every) is None) == (not found)
    tables = [[table(part) for part in clause] for clause in every]
    for at, pinned in enumerate(PINNED):
        met = all(any(column[at] for column in clause) for clause in tables)
        assert sum(inside(path, pinned) for path in found) == met


@properties
@given(st.lists(atoms(), min_size=1, max_size=5), st.sampled_from(WORLD))
def test_a_case_settles_every_atom_and_lies_on_the_path_of_what_it_settles(
    several: list[Atom], case: Mapping[str, Value]
) -> None:
    pinned = pins(case, FACTS)
    path = Path()
    for atom in several:
        holds = settled(pinned, atom)
        assert holds is not None
        further = assume(path, atom, holds=holds)
        assert further is not None
        path = further
    assert inside(path, pinned)


# ---------------------------------------------------------------- policies


def drawn(data: st.DataObject) -> tuple[Rulebook, list[Case]]:
    """Return a policy of the exact fragment, and every case of its small world."""
    version, _ = load_text(text(data.draw(policies(exact=True, most_facts=3))), "policy.yaml")
    question = version.questions["ask"]
    worlds = {
        fact.name: [fact_value(fact, value, version.zone) for value in DOMAINS[KINDS[fact.name]]]
        for fact in question.facts
    }
    cases = [Case(facts, version.calendar) for facts in small_world.combined(worlds)]
    return rulebook(question, version.calendar), cases[:: max(1, len(cases) // 400)]


def valid(book: Rulebook, case: Case) -> bool:
    return all(truth(item.condition, case) for item in book.question.always)


@settings(max_examples=40, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_formulas_situations_and_deciding_rules_are_as_the_interpreter_has_them(
    data: st.DataObject,
) -> None:
    book, cases = drawn(data)
    root = diagram(book)
    ways = [*deciding(book, book.valid, whole=True)]
    named = [*deciding(book, book.valid)]
    assert len({way.rules for way in ways}) == len(ways)
    for case in cases:
        path = pins(case.facts, book.question.facts)
        for rule in book.question.rules:
            holds = truth(rule.when, case)
            assert under(book.applies[rule.name], path) is (TRUE if holds else FALSE)
        if not valid(book, case):
            continue
        rules = tuple(rule.name for rule in deciders(book.question, case).certain)
        (ruling,) = [ruling for _, ruling in root.situations(path)]
        assert ruling.rules[:1] == rules[:1]
        assert rules in {way.rules for way in ways}
        assert any(way.rules[:1] == rules[:1] and meets(way.clauses, path) for way in named)


def meets(every: tuple[Clause, ...], path: Path) -> bool:
    return all(any(under(part, path) is TRUE for part in clause) for clause in every)


@settings(max_examples=40, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_every_set_of_rules_that_may_decide_does_so_in_some_case(data: st.DataObject) -> None:
    book, _ = drawn(data)
    for way in deciding(book, book.valid, whole=True):
        assert find((*book.valid, *(part for name in way.rules for part in book.decides(name))))
