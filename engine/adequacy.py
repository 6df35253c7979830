"""Whether the cases beside a policy are enough: what they cover, and which mistakes they notice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal as OneWordOf

from .apart import apart
from .coverage import Reached, covers, decided, decided_cases, typical
from .model import PolicyVersion, Value
from .mutants import Mutant
from .proposals import Proposal, proposal
from .suite import Example, differences, expected

State = OneWordOf["noticed", "survives", "same", "not settled"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a mutant: the name of a case that it fails, or why there is none.

    A mutant that `survives` comes with a case that it decides in another way. One that is the
    `same` as the policy decides every case alike, so nothing can notice it.
    """

    mutant: Mutant
    state: State
    by: str = ""
    question: str = ""
    case: Mapping[str, Value] | None = None


def trials(
    version: PolicyVersion, examples: Sequence[Example], mutants: Iterable[Mutant]
) -> Iterator[Trial]:
    """Try mutants of a version on its cases, one after the other.

    Only cases of the questions concerned are run, those first that noticed the last mistakes, and
    none after the first that notices.
    """
    near = {
        name: typical(decided_cases(version, name, examples).values()) for name in version.questions
    }
    order = sorted(examples, key=lambda example: -len(example.facts))  # unknown facts take time
    for mutant in mutants:
        changed = changed_questions(version, mutant.version)
        asked = (example for example in order if example.question in changed)
        found = next((case for case in asked if differences(mutant.version, case)), None)
        if found:
            order.remove(found)
            order.insert(0, found)
            yield Trial(mutant, "noticed", found.name)
        else:
            yield unnoticed(version, mutant, near)


def changed_questions(old: PolicyVersion, new: PolicyVersion) -> tuple[str, ...]:
    """Return the names of the questions that aren't the same object in two versions."""
    return tuple(name for name, found in new.questions.items() if found is not old.questions[name])


def unnoticed(
    version: PolicyVersion, mutant: Mutant, near: Mapping[str, Mapping[str, Value]]
) -> Trial:
    """Return a mutant that no case notices, with a case that would, or as one that none can."""
    perhaps = ""
    for name in changed_questions(version, mutant.version):
        found = apart(version, mutant.version, name, near.get(name))
        if found and found.facts:
            return Trial(mutant, "survives", question=name, case=found.facts)
        perhaps = perhaps or (name if found else "")
    return Trial(mutant, "not settled" if perhaps else "same", question=perhaps)


# ---------------------------------------------------------------- what is missing


def enough(found: Iterable[Reached | Trial]) -> bool:
    """Return whether nothing is open that some case could cover, or notice."""
    return not any(item.state in ("open", "survives") for item in found)


def proposals(
    version: PolicyVersion,
    examples: Sequence[Example],
    reached: Iterable[Reached],
    tried: Iterable[Trial],
) -> list[Proposal]:
    """Return cases that cover what is open and notice what survives, none that adds nothing."""
    found: list[Proposal] = []
    for item in reached:
        if item.case and not any(covered(item, other.example, version) for other in found):
            found.append(for_target(version, item))
    for trial in tried:
        if trial.case and not any(differs(trial, other.example) for other in found):
            found.append(for_mutant(version, trial))
    order = [*version.questions]
    found.sort(key=lambda item: order.index(item.example.question))
    return [*under_new_names(found, {example.name for example in examples})]


def covered(item: Reached, example: Example, version: PolicyVersion) -> bool:
    """Return whether a case covers a target."""
    same = item.target.question == example.question
    case = decided(version, example) if same else None
    return case is not None and covers(case, item.target)


def differs(trial: Trial, example: Example) -> bool:
    """Return whether a case notices a mutant."""
    return bool(differences(trial.mutant.version, example))


def for_target(version: PolicyVersion, item: Reached) -> Proposal:
    """Return the case that covers a target."""
    assert item.case is not None, "INVARIANT: an open target has a case"
    question = version.questions[item.target.question]
    because = "to be judged: no other case covers this"
    return proposal(version, question, item.case, item.target.what, because)


def for_mutant(version: PolicyVersion, trial: Trial) -> Proposal:
    """Return the case that notices a mutant."""
    assert trial.case is not None, "INVARIANT: a mutant that survives has a case"
    mistaken = with_mistake(trial)
    because = f"to be judged: a mistake would make it {expected(mistaken.example)}"
    question = version.questions[trial.question]
    return proposal(version, question, trial.case, f"not {trial.mutant.what}", because)


def with_mistake(trial: Trial) -> Proposal:
    """Return the case that notices a mutant, with what the mutant answers."""
    assert trial.case is not None, "INVARIANT: a mutant that survives has a case"
    question = trial.mutant.version.questions[trial.question]
    return proposal(trial.mutant.version, question, trial.case, trial.mutant.what, "")


def under_new_names(found: Iterable[Proposal], taken: set[str]) -> Iterator[Proposal]:
    """Yield proposals under names that no other case has."""
    for item in found:
        name, count = item.example.name, 2
        while name in taken:
            name, count = f"{item.example.name} ({count})", count + 1
        taken.add(name)
        yield replace(item, example=replace(item.example, name=name))
