"""What follows from a comparison outside the fragment is true of every case."""

from datetime import date, timedelta
from random import Random
from typing import get_args

import pytest

from refund_policy.engine.atoms import canonical, to_steps
from refund_policy.engine.bounds import VALUE_OF, bounds_of, longest, shortest
from refund_policy.engine.days import Calendar, shift_months
from refund_policy.engine.errors import Where
from refund_policy.engine.evaluate import Case, truth
from refund_policy.engine.model import (
    Between,
    Compare,
    Expression,
    Fact,
    Literal,
    Operator,
    Shift,
    Type,
)
from refund_policy.engine.space import ZERO

START, END = (
    Fact(name=name, type=Type("date"), label=name, ask="", where=Where("x")) for name in ("a", "b")
)
CALENDAR = Calendar(frozenset({0, 1, 2, 3, 4}), frozenset({date(2026, 1, 1), date(2026, 1, 2)}))
DURATIONS = [
    Literal(n, Type(kind), "")
    for kind in ("months", "business_days", "days")
    for n in range(-14, 15)
]
SIDES: list[tuple[Expression, Expression]] = [
    *((Shift(START, duration, sign), END) for duration in DURATIONS for sign in (1, -1)),
    *(
        (Between(START, END, duration.type), duration)
        for duration in DURATIONS
        if duration.type.kind != "days"
    ),
    (Shift(START, Literal(3, Type("months"), ""), 1), Literal(date(2026, 5, 31), Type("date"), "")),
]


@pytest.mark.parametrize("operator", get_args(Operator))
def test_the_bounds_of_a_comparison_hold_in_each_case_in_which_it_does(operator: Operator) -> None:
    random = Random(operator)  # noqa: S311 - the same again for the same operator
    checked = 0
    for left, right in SIDES:
        for sides in ((left, right), (right, left)):
            comparison = Compare(sides[0], operator, sides[1])
            base, sense = canonical(comparison)
            for _ in range(60):
                start = date(2026, 1, 1) + timedelta(days=random.randrange(800))
                facts = {"a": start, "b": start + timedelta(days=random.randrange(-450, 450))}
                holds = truth(comparison, Case(facts, CALENDAR)) is sense
                steps = {name: to_steps(day, Type("date")) for name, day in facts.items()}
                for x, y, c in bounds_of(base, "", holds=holds):
                    if not x.startswith(VALUE_OF) and not y.startswith(VALUE_OF):
                        at = {ZERO: 0, **steps}
                        assert at[x] - at[y] <= c, (comparison, facts)
                        checked += 1
    assert checked


def test_so_many_months_take_so_many_days() -> None:
    for months in range(-30, 31):
        for day in range(1500):
            start = date(2023, 1, 1) + timedelta(days=day)
            days = (shift_months(start, months) - start).days
            assert shortest(months) <= days <= longest(months), (start, months)
