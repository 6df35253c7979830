"""Policies drawn one after the other, each decided by generated Python and two targets in turn."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle
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
    """What was checked so far: answers by target, policies, and what was found."""

    policies: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    found: list[tuple[Disagreement, Sequence[Data]]] = field(default_factory=list)

    def check(self, cases: Asked, policy: Sequence[Data], targets: Mapping[str, Target]) -> None:
        """Check the answers of some targets; of each the first disagreement is noted."""
        self.policies += 1
        for name, many, found in checked(cases, targets):
            self.answers[name] += many
            self.found += [(one, policy) for one in found[:1]]

    def __str__(self) -> str:
        done = ", ".join(f"{name} {many:,}" for name, many in sorted(self.answers.items()))
        return (
            f"{self.answers.total():,} checks, {self.policies:,} policies, "
            f"{len(self.found)} disagreements ({done})"
        )


def prove(checks: int, number: int, cases: int, targets: Mapping[str, Target]) -> Proof:
    """Check so many answers to so many cases a policy, with a line that shows how far it is.

    The same number draws the same policies and cases.
    """
    proof = Proof()
    others = cycle([name for name in targets if name != "python"])
    for policy, given in questions(number, cases):
        names = ("python", next(others), next(others))
        proof.check(given, policy, {name: targets[name] for name in names})
        sys.stderr.write(f"\r{proof}")
        if proof.answers.total() >= checks:
            break
    sys.stderr.write("\n")
    return proof


def questions(number: int, cases: int) -> Iterator[tuple[Sequence[Data], Asked]]:
    """Yield policies with cases without end."""
    draw = Random(number)  # noqa: S311 - no secret
    for batch in count(number * 10**6):
        for policy in drawn(versions(), AT_ONCE, batch):
            yield policy, asked(loaded(policy), cases, draw)
