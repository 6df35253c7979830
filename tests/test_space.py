import doctest
from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refund_policy.engine import space as module
from refund_policy.engine.space import (
    EVERYTHING,
    ZERO,
    Space,
    at_most,
    bounds,
    implies,
    meet,
    rename,
    restrict,
    witness,
)

# The oracle: every case of four variables in a small box, looked at one by one.
Step = tuple[str, str, int]
Case = Mapping[str, int]
NAMES = ("a", "b", "c", "d")
FAR = 3
BOX: list[Step] = [
    *((name, ZERO, FAR) for name in NAMES),
    *((ZERO, name, FAR) for name in NAMES),
]
CASES = [
    {ZERO: 0, **dict(zip(NAMES, values, strict=True))}
    for values in product(range(-FAR, FAR + 1), repeat=len(NAMES))
]

names = st.sampled_from((ZERO, *NAMES))
steps = st.tuples(names, names, st.integers(-4, 5))
several = st.lists(steps, max_size=7)
properties = settings(deadline=None, max_examples=150)


def built(path: Iterable[Step]) -> Space | None:
    start: Space | None = EVERYTHING
    return reduce(lambda left, step: left and at_most(left, *step), path, start)


def sure(space: Space | None) -> Space:
    assert space is not None
    return space


def boxed(path: Iterable[Step]) -> Space | None:
    return built([*BOX, *path])


def fitting(path: Iterable[Step], cases: list[Case] | None = None) -> list[Case]:
    left: list[Case] = [*CASES] if cases is None else cases
    for x, y, c in path:
        left = [case for case in left if case[x] - case[y] <= c]
    return left


def closure(path: Iterable[Step]) -> dict[tuple[str, str], float] | None:
    """Floyd and Warshall's shortest paths: slow, from scratch, and without a box."""
    far = {(x, y): 0.0 if x == y else float("inf") for x, y in product((ZERO, *NAMES), repeat=2)}
    for x, y, c in path:
        far[x, y] = min(far[x, y], c)
    for via, x, y in product((ZERO, *NAMES), repeat=3):
        far[x, y] = min(far[x, y], far[x, via] + far[via, y])
    return None if any(far[x, x] < 0 for x in (*NAMES, ZERO)) else far


@properties
@given(several)
def test_a_space_is_none_exactly_when_no_case_fits(path: list[Step]) -> None:
    assert (boxed(path) is None) == (not fitting(path))


@properties
@given(several, steps)
def test_a_comparison_is_implied_exactly_when_it_holds_in_every_case(
    path: list[Step], step: Step
) -> None:
    space, cases = boxed(path), fitting(path)
    if space is not None:
        assert implies(space, *step) == (fitting([step], cases) == cases)


@properties
@given(several)
def test_every_limit_is_the_tightest_and_none_is_missing(path: list[Step]) -> None:
    space, cases = boxed(path), fitting(path)
    if space is not None:
        for x, y in product((ZERO, *NAMES), repeat=2):
            assert space.limits[x][y] == max(case[x] - case[y] for case in cases)


@properties
@given(several)
def test_bounds_are_the_least_and_greatest_values(path: list[Step]) -> None:
    space, cases = boxed(path), fitting(path)
    if space is not None:
        for name in (ZERO, *NAMES):
            values = [case[name] for case in cases]
            assert bounds(space, name) == (min(values), max(values))


@properties
@given(several)
def test_without_a_box_exactly_the_finite_shortest_paths_are_stored(path: list[Step]) -> None:
    space, shortest = built(path), closure(path)
    assert (space is None) == (shortest is None)
    if space is not None and shortest is not None:
        stored = {(x, y): c for x, row in space.limits.items() for y, c in row.items() if x != y}
        assert stored == {
            (x, y): c for (x, y), c in shortest.items() if x != y and c < float("inf")
        }


@properties
@given(several.flatmap(lambda path: st.tuples(st.just(path), st.permutations(path))))
def test_the_order_of_comparisons_does_not_matter(paths: tuple[list[Step], list[Step]]) -> None:
    path, shuffled = paths
    assert built(path) == built(shuffled)
    assert boxed(path) == built([*shuffled, *BOX])


@properties
@given(several, several)
def test_meeting_two_spaces_keeps_the_cases_in_both(one: list[Step], other: list[Step]) -> None:
    a, b = built(one), built(other)
    if a is not None and b is not None:
        assert meet(a, b) == meet(b, a) == built([*one, *other])


@properties
@given(several, several)
def test_a_doubled_variable_tells_whether_two_cases_differ_in_it_alone(
    one: list[Step], other: list[Step]
) -> None:
    a, b = boxed(one), boxed(other)
    if a is not None and b is not None:
        others = [
            {tuple(case[name] for name in "bcd") for case in fitting(path)} for path in (one, other)
        ]
        doubled = meet(a, rename(b, {"a": "another a"}))
        assert (doubled is not None) == bool(others[0] & others[1])


@properties
@given(several, st.permutations(("a", "b", "c", "z")))
def test_renaming_is_building_with_other_names(path: list[Step], new: list[str]) -> None:
    to = dict(zip(NAMES, new, strict=True))
    space = built(path)
    if space is not None:
        assert rename(space, to) == built([(to.get(x, x), to.get(y, y), c) for x, y, c in path])
        assert rename(rename(space, to), {other: name for name, other in to.items()}) == space


@properties
@given(several, st.dictionaries(st.sampled_from(NAMES), st.integers(-5, 5)))
def test_a_witness_is_the_nearest_case_taken_one_variable_after_the_other(
    path: list[Step], prefer: dict[str, int]
) -> None:
    space, cases = boxed(path), fitting(path)
    if space is not None:
        found = witness(space, prefer)
        assert found.keys() == set(NAMES)
        for name in dict.fromkeys((*prefer, *NAMES)):
            wanted = prefer.get(name, 0)
            nearest = min((case[name] for case in cases), key=lambda value: abs(value - wanted))
            cases = [case for case in cases if case[name] == nearest]
        assert cases == [{ZERO: 0, **found}]


@properties
@given(several, st.dictionaries(names, st.integers(-50, 50)))
def test_a_witness_without_a_box_keeps_every_comparison(
    path: list[Step], prefer: dict[str, int]
) -> None:
    space = built(path)
    if space is not None:
        values = {ZERO: 0, **dict.fromkeys(NAMES, 0), **witness(space, prefer)}
        assert values[ZERO] == 0
        assert all(values[x] - values[y] <= c for x, y, c in path)


@properties
@given(
    st.lists(
        st.tuples(st.sampled_from("kl"), st.frozensets(st.sampled_from(["fee", "credits", True])))
    )
)
def test_restricting_leaves_the_options_that_are_in_every_set(
    path: list[tuple[str, frozenset[str | bool]]],
) -> None:
    start: Space | None = EVERYTHING
    space = reduce(lambda left, step: left and restrict(left, *step), path, start)
    left = {
        name: frozenset.intersection(*(allowed for other, allowed in path if other == name))
        for name in {name for name, _ in path}
    }
    assert space == (Space({}, left) if all(left.values()) else None)


BOUGHT, CHARGED, ASKED = "first_purchase_on", "charged_on", "requested_on"
IN_ORDER: list[Step] = [(BOUGHT, CHARGED, 0), (CHARGED, ASKED, 0)]


def test_a_request_within_thirty_days_is_about_a_charge_within_thirty_days() -> None:
    space = sure(built([*IN_ORDER, (ASKED, BOUGHT, 30)]))
    assert implies(space, CHARGED, BOUGHT, 30)
    assert not implies(space, CHARGED, BOUGHT, 29)
    assert at_most(space, BOUGHT, CHARGED, -31) is None


def test_a_charge_forty_days_old_settles_that_the_guarantee_is_over() -> None:
    assert built([*IN_ORDER, (CHARGED, ASKED, -40), (ASKED, BOUGHT, 30)]) is None


def test_day_thirty_is_still_possible_and_day_thirty_one_is_not() -> None:
    first = date(2025, 1, 31).toordinal()
    space = sure(built([(BOUGHT, ZERO, first), (ZERO, BOUGHT, -first), (ASKED, BOUGHT, 30)]))
    last = date(2025, 3, 2).toordinal()
    assert bounds(space, ASKED) == (None, last)
    assert witness(space, {ASKED: last + 1}) == {ASKED: last, BOUGHT: first}


def test_a_witness_stays_near_the_dates_that_are_preferred() -> None:
    space = sure(built([*IN_ORDER, (BOUGHT, ASKED, -31)]))
    today = date(2025, 6, 30).toordinal()
    assert witness(space, {ASKED: today, CHARGED: today, BOUGHT: today}) == {
        ASKED: today,
        CHARGED: today,
        BOUGHT: date(2025, 5, 30).toordinal(),
    }


def test_a_witness_prefers_zero_and_leaves_out_what_is_not_mentioned() -> None:
    space = sure(built([("credits_used", "credits_bought", -1)]))
    assert witness(space, {"age": 18}) == {"credits_used": 0, "credits_bought": 1}
    assert witness(EVERYTHING, {"age": 18}) == {}


def test_unrelated_variables_store_no_limits() -> None:
    space = sure(built([("a", "b", 1), ("c", "d", 2)]))
    assert space.limits == {
        "a": {"a": 0, "b": 1},
        "b": {"b": 0},
        "c": {"c": 0, "d": 2},
        "d": {"d": 0},
    }


def test_a_comparison_that_was_known_returns_the_same_space() -> None:
    fee = frozenset[str | bool]({"fee"})
    space = sure(restrict(sure(built(IN_ORDER)), "kind", fee))
    assert at_most(space, BOUGHT, ASKED, 5) is space
    assert restrict(space, "kind", fee | {"credits"}) is space
    assert meet(space, EVERYTHING) is space


def test_a_variable_compared_with_itself_decides_at_once() -> None:
    assert at_most(EVERYTHING, "a", "a", 0) is EVERYTHING
    assert at_most(EVERYTHING, "a", "a", -1) is None
    assert implies(EVERYTHING, ZERO, ZERO, 0)


def test_narrowing_a_space_leaves_the_wider_one_as_it_was() -> None:
    wide = sure(built(IN_ORDER))
    before = {x: dict(row) for x, row in wide.limits.items()}
    narrow = sure(restrict(sure(at_most(wide, ASKED, BOUGHT, 30)), "kind", frozenset({"fee"})))
    assert narrow != wide
    assert wide == Space(before, {})


def test_options_meet_and_are_renamed_with_the_comparisons() -> None:
    fee = sure(restrict(EVERYTHING, "kind", frozenset({"fee"})))
    rest = sure(restrict(EVERYTHING, "kind", frozenset({"credits", "tax"})))
    assert meet(fee, rest) is None
    doubled = sure(meet(fee, rename(rest, {"kind": "another kind"})))
    assert doubled.options == {"kind": {"fee"}, "another kind": {"credits", "tax"}}
    assert witness(doubled, {}) == {}


@pytest.mark.parametrize("to", [{"a": "b"}, {"a": ZERO}, {ZERO: "a zero"}, {"kind": "a"}])
def test_names_that_would_become_one_are_refused(to: dict[str, str]) -> None:
    space = sure(restrict(sure(built([("a", "b", 1)])), "kind", frozenset({"fee"})))
    with pytest.raises(ValueError, match="stay apart"):
        rename(space, to)


def test_the_examples_in_the_docstrings_hold() -> None:
    failed, tried = doctest.testmod(module)
    assert not failed
    assert tried
