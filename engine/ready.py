"""Questions that are asked often: their functions, made when that pays, and kept.

What a function doesn't answer the interpreter does, so nobody can tell them apart but by the time.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from .model import PolicyVersion, Question

if TYPE_CHECKING:
    from .decide import Decision
    from .explanation import Explanation

Quick: TypeAlias = Callable[[Mapping[str, object]], "Decision | None"]
"""The decision of a complete case; None where the interpreter has to look."""

Teller: TypeAlias = Callable[[Mapping[str, object]], "Explanation | None"]
"""The explanation of such a case; None where the interpreter has to look."""

OFTEN = 100
"""Making a function takes as long as deciding about so many cases without it."""
KEPT = 16


class Ready:
    """A question under a version, how often it was asked, and its functions, if they are made."""

    __slots__ = ("asked", "function", "question", "teller", "version")

    def __init__(self, version: PolicyVersion, question: Question) -> None:
        self.version = version
        self.question = question
        self.asked = 0
        self.function: Quick | None = None
        self.teller: Teller | None = None

    def answer(self, given: Mapping[str, object]) -> "Decision | None":
        """Return the decision of a case; None where the interpreter has to look."""
        if self.function is not None:
            return self.function(given)
        self.asked += 1
        if self.asked == OFTEN:
            from .compiled import compiled  # noqa: PLC0415 - only for a question asked often

            self.function = compiled(self.version, self.question)
        return None

    def explanation(self, given: Mapping[str, object]) -> "Explanation | None":
        """Return the explanation of a case; None where the interpreter has to look."""
        if self.teller is not None:
            return self.teller(given)
        if self.function is not None:
            from .telling import teller  # noqa: PLC0415 - only for a question asked often

            self.teller = teller(self.version, self.question, self.function)
        return None


_READY: OrderedDict[tuple[int, int], Ready] = OrderedDict()


def ready(version: PolicyVersion, question: Question) -> Ready:
    """Return what is kept of a question; the last few are."""
    key = (id(version), id(question))  # as in `kept`, whose call each decision would pay for
    found = _READY.get(key)
    if found is None:
        found = _READY[key] = Ready(version, question)
        if len(_READY) > KEPT:
            _READY.popitem(last=False)
    return found


class Functions(dict[str | None, Quick]):
    """Functions by question; a copy of their owner makes its own."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Functions, ()


class Tellers(dict[str | None, Teller]):
    """Functions that explain, by question; a copy of their owner makes its own."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Tellers, ()
