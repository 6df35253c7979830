"""Whether the cases beside a policy notice a mistake: which mutants some case refuses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .model import PolicyVersion
from .mutants import Mutant, mutants
from .suite import Example, differences


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant, and the name of a case that gets what it doesn't expect; "" when none does."""

    mutant: Mutant
    noticed_by: str


def trials(version: PolicyVersion, examples: Sequence[Example]) -> Iterator[Trial]:
    """Try every mutant of a version on its cases.

    Only cases of the questions concerned are run, those first that noticed the last mistakes, and
    none after the first that notices.
    """
    order = sorted(examples, key=lambda example: -len(example.facts))  # unknown facts take time
    for mutant in mutants(version):
        changed = {
            name
            for name, new in mutant.version.questions.items()
            if new is not version.questions[name]
        }
        concerned = (example for example in order if example.question in changed)
        found = next((case for case in concerned if differences(mutant.version, case)), None)
        if found:
            order.remove(found)
            order.insert(0, found)
        yield Trial(mutant, found.name if found else "")
