"""How large facts may be for a database: what is added to a product doesn't count as one."""

from hypothesis import given
from hypothesis import strategies as st

from refund_policy.engine.sql_numbers import FACT, LARGEST_WHOLE, Size, fixed

SIZES = st.lists(st.integers(0, 10**20), max_size=5).map(lambda found: Size(tuple(found)))
FACTS = st.integers(0, 10**6)


@given(SIZES)
def test_the_largest_fact_is_the_last_that_stays_inside(size: Size) -> None:
    largest = size.largest
    assert size.at(largest) <= LARGEST_WHOLE or largest == 0
    assert size.at(largest + 1) > LARGEST_WHOLE or largest == LARGEST_WHOLE


@given(SIZES, SIZES, FACTS)
def test_sizes_are_added_and_multiplied_as_numbers_are(left: Size, right: Size, fact: int) -> None:
    assert (left + right).at(fact) == left.at(fact) + right.at(fact)
    assert (left * right).at(fact) == left.at(fact) * right.at(fact)


def test_a_large_figure_beside_a_product_hardly_makes_facts_smaller() -> None:
    product = fixed(2) * FACT * FACT
    assert product.largest - (product + fixed(10**12)).largest < 1000
