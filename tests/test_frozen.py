"""The laws of frozen data: it is what a frozen dataclass of the same fields is."""

import pickle
from collections.abc import Callable
from copy import copy, deepcopy
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from dataclasses import replace as replace_dataclass
from itertools import product
from typing import Any

import pytest

from refund_policy.engine import frozen
from refund_policy.engine.frozen import Frozen

Value = int | str | tuple[int, ...]


class Book(Frozen):
    """A book, wherever it stands."""

    title: Value
    pages: Value
    where: Value = 0
    parts: Value = (1,)


class Paper(Frozen):
    """What has the same fields and is something else."""

    title: Value
    pages: Value
    where: Value = 0
    parts: Value = (1,)


class Shelf(Frozen, kw_only=True, apart=()):
    """Where books stand."""

    where: Value
    room: Value = "hall"


@dataclass(frozen=True)
class AsBook:
    """The dataclass of the same fields as a book."""

    title: Value
    pages: Value
    where: Value = field(default=0, compare=False, repr=False)
    parts: Value = (1,)


VALUES = [
    (title, pages, where, parts)
    for title, pages, where, parts in product(("a", "b"), (1, 2), (0, 3), ((), (1,)))
]
PAIRS = [(Book(*values), AsBook(*values)) for values in VALUES]
BOOK = Book("a", 1, where=3)
WRONG: list[tuple[Callable[..., Frozen], tuple[int, ...], dict[str, int], str]] = [
    (Book, (), {}, "Book lacks `title`"),
    (Book, (1,), {}, "Book lacks `pages`"),
    (Book, (1, 2), {"title": 1}, "Book can't take `title`"),
    (Book, (1, 2), {"colour": 1}, "Book can't take `colour`"),
    (Book, (1, 2, 3, 4, 5), {}, "Book can't take 5 values"),
    (Shelf, (), {"room": 1}, "Shelf lacks `where`"),
]


def test_it_is_equal_and_hashed_as_a_dataclass() -> None:
    for (one, as_one), (other, as_other) in product(PAIRS, PAIRS):
        assert (one == other) is (as_one == as_other)
        assert (hash(one) == hash(other)) is (hash(as_one) == hash(as_other))


def test_it_is_written_as_a_dataclass() -> None:
    assert [f"As{one!r}" for one, _ in PAIRS] == [repr(as_one) for _, as_one in PAIRS]


@pytest.mark.parametrize("replace", [frozen.replace, replace_dataclass], ids=["ours", "theirs"])
def test_it_is_replaced_as_a_dataclass(replace: Callable[..., Any]) -> None:
    changes: list[dict[str, Value]] = [{}, {"pages": 5}, {"where": 6, "parts": (7,)}]
    for (one, as_one), change in product(PAIRS, changes):
        assert vars(replace(one, **change)) == vars(replace_dataclass(as_one, **change))


def test_the_functions_of_dataclasses_know_it() -> None:
    assert is_dataclass(BOOK)
    assert asdict(BOOK) == asdict(AsBook("a", 1, where=3))
    seen = [[(part.name, part.compare) for part in fields(kind)] for kind in (Book, AsBook)]
    assert seen[0] == seen[1]


def test_it_differs_from_all_that_is_of_another_class() -> None:
    assert Book("a", 1) != Paper("a", 1)
    assert Book("a", 1).__eq__(("a", 1)) is NotImplemented


def test_a_place_counts_where_the_class_says_so() -> None:
    assert Book("a", 1, where=1) == Book("a", 1, where=2)
    assert Shelf(where=1) != Shelf(where=2)


@pytest.mark.parametrize("again", [copy, deepcopy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301 - our own
def test_a_copy_is_the_same(again: Callable[[Book], Book]) -> None:
    assert vars(again(BOOK)) == vars(BOOK)


def test_it_matches_by_position_and_by_name() -> None:
    match BOOK:
        case Book(title, pages, parts=parts):
            assert (title, pages, parts) == ("a", 1, (1,))


@pytest.mark.parametrize(("kind", "values", "named", "message"), WRONG)
def test_wrong_fields_are_refused(
    kind: Callable[..., Frozen], values: tuple[int, ...], named: dict[str, int], message: str
) -> None:
    with pytest.raises(TypeError) as error:
        kind(*values, **named)
    assert str(error.value) == message


@pytest.mark.parametrize("name", ["pages", "colour"])
def test_it_does_not_change(name: str) -> None:
    with pytest.raises(AttributeError, match=f"`{name}` can't be changed"):
        setattr(BOOK, name, 2)
    with pytest.raises(AttributeError, match=f"`{name}` can't be changed"):
        delattr(BOOK, name)
