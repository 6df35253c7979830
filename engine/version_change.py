"""One version of a policy that is new, edited or gone, held against the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass

from .adequacy import Trial, trials
from .case_changes import CaseChanges, case_changes
from .comparison import Change, Comparison, compare
from .comparison_text import data
from .coverage import Reached, coverage
from .errors import SourceError
from .folder import sealed
from .model import PolicyVersion
from .mutants import mutants
from .suite import Example, examples, run


@dataclass(frozen=True, slots=True)
class Adequacy:
    """Whether the cases of a version are enough: what they cover, which mistakes they notice."""

    reached: tuple[Reached, ...]
    trials: tuple[Trial, ...]

    @property
    def noticed(self) -> tuple[int, int]:
        """How many small mistakes the cases notice, of how many that change a decision."""
        states = [trial.state for trial in self.trials]
        return states.count("noticed"), len(states) - states.count("same")

    def open(self) -> tuple[str, ...]:
        """Return what isn't covered, and what isn't noticed, in words with its place."""
        uncovered = (item.target for item in self.reached if item.state in ("open", "not settled"))
        unnoticed = (
            item.mutant for item in self.trials if item.state in ("survives", "not settled")
        )
        return (
            *(f"not covered: {target.what} ({target.where})" for target in uncovered),
            *(f"not noticed: {mutant.what} ({mutant.where})" for mutant in unnoticed),
        )

    def as_json(self) -> dict[str, object]:
        """Return the numbers, and what is open, as they stand in JSON."""
        noticed, mistakes = self.noticed
        return {
            "covered": sum(item.state == "covered" for item in self.reached),
            "coverable": sum(item.state != "impossible" for item in self.reached),
            "noticed": noticed,
            "mistakes": mistakes,
            "open": list(self.open()),
        }


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A version that is new, edited or gone, held against the one that it is compared with."""

    old: PolicyVersion | None
    new: PolicyVersion | None
    comparison: Comparison | None
    cases: CaseChanges
    adequacy: Adequacy | None

    @property
    def same(self) -> bool:
        """Whether the policy itself is as it was."""
        return (
            self.old is not None and self.new is not None and (sealed(self.old) == sealed(self.new))
        )

    @property
    def changes(self) -> tuple[Change, ...]:
        """The groups of cases that are decided differently."""
        return self.comparison.changes if self.comparison else ()

    @property
    def title(self) -> str:
        """What became of the version, in words."""
        old, new = self.old, self.new
        if new is None:
            assert old
            return f"`{old.name}` {old.version} is gone"
        if old is None:
            return f"`{new.name}` {new.version} is new"
        if old.version != new.version:
            draft = "" if new.in_force else ", a draft,"
            return f"`{new.name}` {new.version}{draft} is new, compared with {old.version}"
        return f"`{new.name}` {new.version}: {'its cases change' if self.same else 'edited'}"

    def as_json(self) -> dict[str, object]:
        """Return the change as it stands in JSON."""
        named, found = self.new or self.old, self.comparison
        assert named
        return {
            "policy": named.name,
            "old": self.old.version if self.old else None,
            "new": self.new.version if self.new else None,
            "title": self.title,
            "comparison": data(found) if found else None,
            "cases": self.cases.as_json(),
            "adequacy": self.adequacy.as_json() if self.adequacy else None,
        }


def version_change(old: PolicyVersion | None, new: PolicyVersion | None) -> VersionChange:
    """Hold a version against the one before it; one of them may not be there."""
    return VersionChange(
        old=old,
        new=new,
        comparison=compare(old, new) if old and new else None,
        cases=case_changes(cases_of(old), cases_of(new)) if new else CaseChanges(),
        adequacy=adequacy(new, cases_of(new)) if new else None,
    )


def adequacy(version: PolicyVersion, cases: Sequence[Example]) -> Adequacy | None:
    """Return whether cases are enough; None where there are none, or not all of them pass."""
    if not cases or not all(run(version, case).passed for case in cases):
        return None
    return Adequacy(coverage(version, cases), tuple(trials(version, cases, mutants(version))))


def cases_of(version: PolicyVersion | None) -> tuple[Example, ...]:
    """Return the cases beside a version; none where they can't be read, which is a finding."""
    try:
        return examples(version) if version else ()
    except SourceError:
        return ()
