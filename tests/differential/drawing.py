"""What Hypothesis strategies draw, from a number alone: no other run and no source adds to it."""

from collections.abc import Mapping
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, PrimitiveProvider
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")
BACKEND = "by_number"


class ByNumber(PrimitiveProvider):
    """Draws whole numbers and truth values evenly: all that our strategies are made of."""

    random = Random(0)  # noqa: S311 - no secret

    def draw_boolean(self, p: float = 0.5) -> bool:
        return self.random.random() < p

    def draw_integer(
        self,
        min_value: int | None = None,
        max_value: int | None = None,
        *,
        weights: Mapping[int, float] | None = None,  # noqa: ARG002 - the interface
        shrink_towards: int = 0,  # noqa: ARG002 - ditto
    ) -> int:
        assert min_value is not None
        assert max_value is not None
        return self.random.randint(min_value, max_value)

    def draw_float(self, *_: object, **__: object) -> float:
        raise NotImplementedError

    def draw_string(self, *_: object, **__: object) -> str:
        raise NotImplementedError

    def draw_bytes(self, *_: object, **__: object) -> bytes:
        raise NotImplementedError


AVAILABLE_PROVIDERS[BACKEND] = f"{__name__}.{ByNumber.__name__}"


def drawn(strategy: SearchStrategy[T], many: int, number: int) -> list[T]:
    """Return so many examples; the same ones for the same number."""
    found: list[T] = []
    ByNumber.random.seed(number)

    @settings(
        backend=BACKEND,
        max_examples=many,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(strategy)
    def keep(example: Any) -> None:  # noqa: ANN401 - whatever is drawn
        found.append(example)

    keep()
    return found[:many]
