"""Policies drawn one after the other, each decided by generated Python and two targets in turn."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from generate import Data

from differential.asked import Asked
from differential.drawing import drawn
from differential.drawn import asked, loaded, versions
from differential.judge import Disagreement, checked
from differential.targets import Target

AT_ONCE = 50


@dataclass(slots=True)
class Proof:
    """What was checked so far: answers and policies by target, and what was found."""

    answers: Counter[str] = field(default_factory=Counter)
    policies: Counter[str] = field(default_factory=Counter)
    found: list[tuple[Disagreement, Sequence[Data]]] = field(default_factory=list)

    def check(self, cases: Asked, policy: Sequence[Data], targets: Mapping[str, Target]) -> None:
        """Check the answers of some targets; of each the first disagreement is noted."""
        for name, many, found in checked(cases, targets):
            self.answers[name] += many
            self.policies[name] += 1
            self.found += [(one, policy) for one in found[:1]]

    def __str__(self) -> str:
        differ = Counter(one.target for one, _ in self.found)
        lines: list[tuple[object, ...]] = [("target", "checks", "policies", "disagreements")]
        for name, many in self.answers.items():
            lines.append((name, many, self.policies[name], differ[name]))
        lines.append(("all", self.answers.total(), max(self.policies.values()), len(self.found)))
        return "\n".join(f"{a:10}{b:>12}{c:>12}{d:>16}" for a, b, c, d in lines)


def prove(
    checks: int,
    number: int,
    cases: int,
    targets: Mapping[str, Target],
    show: Callable[[Proof], None] = lambda _: None,
) -> Proof:
    """Check so many answers, with so many cases a policy; `show` is called on the way.

    The same number draws the same policies and cases.
    """
    proof = Proof()
    others = in_turn(targets)
    for policy, given in questions(number, cases):
        names = ("python", next(others), next(others))
        proof.check(given, policy, {name: targets[name] for name in names})
        show(proof)
        if proof.answers.total() >= checks:
            return proof
    raise AssertionError("INVARIANT: policies have no end")


def in_turn(targets: Mapping[str, Target]) -> Iterator[str]:
    """Yield the targets besides generated Python again and again, slow ones now and then."""
    for turn in count():
        for name, target in targets.items():
            if name != "python" and turn % target.every == 0:
                yield name


def questions(number: int, cases: int) -> Iterator[tuple[Sequence[Data], Asked]]:
    """Yield policies with cases without end."""
    draw = Random(number)  # noqa: S311 - no secret
    for batch in count(number * 10**6):
        for policy in drawn(versions(), AT_ONCE, batch):
            yield policy, asked(loaded(policy), cases, draw)
