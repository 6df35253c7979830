"""Whether a target says what is meant."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from differential.asked import Asked, Facts, Got, Said, meant

if TYPE_CHECKING:
    from differential.targets import Target

Agrees = Callable[[Asked, Got, Said], bool]
ONLY_IN_CSV = " has too many digits for .parquet: write .csv"
LARGE = 10**9
LIFETIME = (date(1900, 1, 1), date(2199, 12, 31))


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A target that says something else than what is meant of a case."""

    target: str
    asked: Asked
    got: Got
    meant: Said

    @property
    def alone(self) -> Asked:
        """The question with that case alone."""
        return Asked(self.asked.policy, self.asked.question, [self.asked.cases[self.got.case]])

    def __str__(self) -> str:
        lines = {
            "case": dict(self.asked.cases[self.got.case]),
            "as read": self.got.record.error or dict(self.got.record.facts),
            "meant": self.meant,
            self.target: self.got.said,
        }
        return "\n".join(f"{name}: {text}" for name, text in lines.items())


def checked(
    asked: Asked, targets: Mapping[str, "Target"]
) -> Iterator[tuple[str, int, list[Disagreement]]]:
    """Yield of each target how many answers were checked, and those that aren't right."""
    right: dict[str, Said] = {}
    for name, target in targets.items():
        with TemporaryDirectory() as folder:
            found = [*target.run(asked, Path(folder))]
        if found or asked.facts:  # a table has columns
            answered = {got.case for got in found}
            assert answered == {*range(len(asked.cases))}, f"{name} dropped a case"
        yield name, len(found), [*disagreements(asked, name, target.agrees, found, right)]


def disagreements(
    asked: Asked, target: str, agrees: Agrees, found: Iterable[Got], known: dict[str, Said]
) -> Iterator[Disagreement]:
    """Yield the answers that aren't what is meant; `known` keeps that, by the text of a case."""
    for got in found:
        kinds = [type(value) for value in got.record.facts.values()]  # a cell is read otherwise
        text = repr((got.record.facts, kinds, got.record.error))
        right = known.get(text)
        if right is None:
            right = known[text] = meant(asked, got.record)
        if not agrees(asked, got, right):
            yield Disagreement(target, asked, got, right)


def decides_all(parts: Iterable[str]) -> Agrees:
    """Return the demand that every case is answered, alike in these parts."""

    def agrees(_: Asked, got: Got, right: Said) -> bool:
        if got.said.error.endswith(ONLY_IN_CSV):
            return True
        return all(getattr(got.said, part) == getattr(right, part) for part in parts)

    return agrees


DECISION = ("outcome", "rule", "outputs", "version", "digest", "error")


def decides_what_is_plain(asked: Asked, got: Got, right: Said) -> bool:
    """Return whether an answer is right, or left open where it may be.

    It may be where a fact is unknown, where several rules agree, and with figures that are huge. A
    wrong case never gets an answer, and one with all facts gets an error.
    """
    if got.said.outcome:
        return all(getattr(got.said, part) == getattr(right, part) for part in DECISION)
    facts = got.record.facts
    if right.error:
        return bool(got.said.error) or is_incomplete(asked, facts)
    if any(map(is_huge, facts.values())):
        return True
    if right.missing:
        return not got.said.error
    return bool(right.also) or is_incomplete(asked, facts)


def is_incomplete(asked: Asked, facts: Facts) -> bool:
    """Return whether a fact is unknown."""
    return any(name not in facts for name in asked.facts)


def is_huge(value: object) -> bool:
    """Return whether a figure is one with which a database may not calculate."""
    if isinstance(value, date):
        return not LIFETIME[0] <= value <= LIFETIME[1]
    return isinstance(value, int | Decimal) and not -LARGE <= value <= LARGE
