"""Exact numbers in SQL, and how large the facts of a case may be for them.

A database has whole numbers of a fixed size, and its decimals divide inexactly. So money is counted
in its smallest unit, and a number is kept as a known factor, times one whole number, divided by
another one. Each step notes the largest fact with which nothing grows beyond `LARGEST_WHOLE`: a
case with a larger one isn't decided in SQL.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from itertools import zip_longest
from math import gcd, lcm, prod
from typing import TypeAlias

from sqlglot import exp

from .model import Rounding

Sql: TypeAlias = exp.Condition
LARGEST_WHOLE = 10**18 - 1
ZERO, UNIT = exp.Literal.number(0), exp.Literal.number(1)


@dataclass(frozen=True, slots=True)
class Size:
    """A bound: so many times the largest fact to the power of 0, of 1 and so on, added up.

    >>> Size((5, 0, 2)).at(10)
    205
    """

    factors: tuple[int, ...]

    def __add__(self, other: "Size") -> "Size":
        return Size(tuple(map(sum, zip_longest(self.factors, other.factors, fillvalue=0))))

    def __mul__(self, other: "Size") -> "Size":
        parts = (
            (0,) * power + tuple(factor * one for one in other.factors)
            for power, factor in enumerate(self.factors)
        )
        return sum(map(Size, parts), start=Size(()))

    def at(self, fact: int) -> int:
        """Return the bound where the largest fact is known."""
        return reduce(lambda found, factor: found * fact + factor, reversed(self.factors), 0)

    @property
    def largest(self) -> int:
        """The largest fact with which the bound stays within `LARGEST_WHOLE`."""
        return largest(self)


@cache
def largest(size: Size) -> int:
    """Return the largest fact with which a bound stays within `LARGEST_WHOLE`; 0 for none."""
    return max(bisect_right(range(LARGEST_WHOLE + 1), LARGEST_WHOLE, key=size.at) - 1, 0)


def fixed(number: int) -> Size:
    """Return the bound of what no fact makes larger."""
    return Size((number,))


ONE, FACT = fixed(1), Size((0, 1))


@dataclass(frozen=True, slots=True)
class Number:
    """A number: `factor` times `above`, divided by `by`, which is unknown where it would be zero.

    `limit` is the largest fact with which all that leads to it can be worked out.
    """

    above: Sql
    size: Size
    factor: Fraction = Fraction(1)
    by: Sql | None = None
    by_size: Size = ONE
    limit: int = LARGEST_WHOLE


def constant(known: int | Fraction) -> Number:
    """Return a number that is known."""
    return Number(UNIT, ONE, Fraction(known))


def limited(found: Number, *parts: Number, size: Size = ONE) -> Number:
    """Return a number whose limit minds the parts and sizes that lead to it."""
    sizes = (size.largest, found.size.largest, found.by_size.largest)
    limit = min(*sizes, *(part.limit for part in parts))
    return Number(found.above, found.size, found.factor, found.by, found.by_size, limit)


# ---------------------------------------------------------------- SQL


def whole(known: int) -> Sql:
    """Write a whole number that is known."""
    digits = exp.Literal.number(abs(known))
    return exp.paren(exp.Neg(this=digits)) if known < 0 else digits


def times(*factors: Sql | int | None) -> Sql:
    """Write a product; what is one or left out doesn't show."""
    written = [whole(item) if isinstance(item, int) else item for item in factors]
    plain = [item for item in written if item is not None and item != UNIT]
    return reduce(lambda found, item: found * item, plain) if plain else UNIT


def divided(sql: Sql, by: Sql) -> Sql:
    """Write a division of whole numbers; what is left over falls away."""
    return exp.cast(sql // by, "BIGINT")


# ---------------------------------------------------------------- arithmetic


def alike(numbers: Sequence[Number]) -> tuple[Fraction, list[Number]]:
    """Return a factor, and the whole numbers with which it makes the numbers.

    Where they are divided by something, all are divided by the same.
    """
    share = Fraction(
        gcd(*(item.factor.numerator for item in numbers)) or 1,
        lcm(*(item.factor.denominator for item in numbers)),
    )
    by = [item for item in numbers if item.by is not None]
    common = times(*(item.by for item in by)) if by else None
    common_size = prod((item.by_size for item in by), start=ONE)
    found = []
    for item in numbers:
        others = [other for other in by if other is not item]
        factor = int(item.factor / share)
        above = times(item.above, factor, *(other.by for other in others))
        size = prod((other.by_size for other in others), start=item.size * fixed(abs(factor)))
        found.append(limited(Number(above, size, share, common, common_size), item))
    return share, found


def plus(numbers: Sequence[Number]) -> Number:
    """Return the sum."""
    share, items = alike(numbers)
    above, size = items[0].above, items[0].size
    for item in items[1:]:
        above, size = above + item.above, size + item.size
    return limited(Number(exp.paren(above), size, share, items[0].by, items[0].by_size), *items)


def minus(left: Number, right: Number) -> Number:
    """Return the difference."""
    return plus((left, product(right, constant(-1))))


def product(left: Number, right: Number) -> Number:
    """Return the product."""
    by = None if left.by is None and right.by is None else times(left.by, right.by)
    above, size = times(left.above, right.above), left.size * right.size
    factor = left.factor * right.factor
    return limited(Number(above, size, factor, by, left.by_size * right.by_size), left, right)


def quotient(left: Number, right: Number) -> Number:
    """Return the exact quotient; unknown where it divides by zero."""
    return product(left, inverse(right))


def inverse(one: Number) -> Number:
    """Return one divided by a number."""
    if one.factor == 0:
        return Number(exp.cast(exp.null(), "BIGINT"), ONE)
    by = None if one.above == UNIT else exp.func("NULLIF", one.above, ZERO)
    above, by_size = one.by or UNIT, ONE if by is None else one.size
    return limited(Number(above, one.by_size, 1 / one.factor, by, by_size), one)


def in_order(numbers: Sequence[Number]) -> tuple[Fraction, list[Number]]:
    """Return numbers as `alike` does, in the order of what they are divided as well."""
    share, found = alike(numbers)
    by = found[0].by
    if by is None:
        return share, found
    sign, size = like(by, UNIT), found[0].by_size
    upright = exp.func("ABS", by)
    return share, [
        Number(times(one.above, sign), one.size, share, upright, size, one.limit) for one in found
    ]


# ---------------------------------------------------------------- rounding


def rounded(one: Number, to: Fraction, mode: Rounding) -> Number:
    """Return a number brought to a multiple of `to`."""
    return product(to_whole(product(one, constant(1 / to)), mode), constant(to))


def to_whole(one: Number, mode: Rounding = "half_up") -> Number:
    """Return a number brought to a whole one; "up" and "half_up" go away from zero."""
    above, parts = one.factor.numerator, one.factor.denominator
    number, size = times(one.above, above), one.size * fixed(abs(above))
    if parts == 1 and one.by is None:
        return limited(Number(number, size), one)
    below = times(parts, one.by)
    amount = below if one.by is None else exp.func("ABS", below)
    match mode:
        case "half_up":
            found = divided(times(number, 2) + like(number, amount), times(below, 2))
        case "half_even":
            found = half_even(number, below, amount)
        case "up":
            found = divided(number + like(number, amount - UNIT), below)
        case "down":
            found = divided(number, below)
    twice = size * fixed(2) + one.by_size * fixed(2 * parts)
    return limited(Number(exp.paren(found), size + ONE), one, size=twice)


def like(number: Sql, amount: Sql) -> Sql:
    """Write an amount with the sign of a number."""
    below_zero = exp.Neg(this=exp.paren(amount))
    return exp.paren(exp.case().when(number < ZERO, below_zero).else_(amount))


def half_even(number: Sql, below: Sql, amount: Sql) -> Sql:
    """Write a number brought to a whole one, and to an even one where two are equally near."""
    down, twice = divided(number, below), exp.func("ABS", times(exp.paren(number % below), 2))
    tie = exp.and_(twice.eq(amount), exp.not_((down % whole(2)).eq(ZERO)))
    away = like(number, like(below, UNIT))
    return down + exp.case().when(exp.or_(twice > amount, tie), away).else_(ZERO)
