"""What the cases beside a policy cover and notice, in words and in JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any as Json

import click

from .adequacy import Trial, for_mutant, for_target, with_mistake
from .coverage import TARGET_KINDS, Reached
from .errors import Where
from .model import PolicyVersion
from .proposals import Proposal, in_yaml
from .suite import expected

PERHAPS_NONE = "perhaps no case can: it rests on a comparison that isn't analysed exactly"


def coverage_text(version: PolicyVersion, found: Sequence[Reached]) -> str:
    """Return how much is covered of each kind, and what isn't, with its place."""
    lines = [click.style(f"{version.name} {version.version}: what the cases cover", bold=True)]
    for kind in TARGET_KINDS:
        of_kind = [item for item in found if item.target.kind == kind]
        if of_kind:
            lines.append(f"  {kind + 's':<12} {counted(of_kind)}")
    for item in found:
        if item.state in ("open", "not settled"):
            lines.append(f"{item.target.where}: not covered: {item.target.what}")
        if item.state == "not settled":
            lines.append(f"  {PERHAPS_NONE}")
    return "\n".join(lines)


def counted(found: Sequence[Reached]) -> str:
    """Return how many targets of those that can be covered are.

    >>> counted([])
    '0 of 0'
    """
    covered = sum(item.state == "covered" for item in found)
    impossible = sum(item.state == "impossible" for item in found)
    rest = f" ({impossible} more that no valid case can cover)" if impossible else ""
    return f"{covered} of {len(found) - impossible}{rest}"


def mutants_text(version: PolicyVersion, found: Sequence[Trial]) -> str:
    """Return how many mistakes are noticed, and each that isn't with a case that would."""
    states = [trial.state for trial in found]
    head = f"{version.name} {version.version}: {len(found)} small mistakes, one at a time"
    lines = [
        click.style(head, bold=True),
        f"  {states.count('noticed')} noticed by a case",
        f"  {states.count('same')} that change no decision",
        f"  {states.count('survives') + states.count('not settled')} not noticed",
    ]
    for trial in found:
        if trial.state in ("survives", "not settled"):
            lines += survivor_lines(version, trial)
    return "\n".join(lines)


def survivor_lines(version: PolicyVersion, trial: Trial) -> Iterator[str]:
    """Yield a mistake that no case notices, with a case that would and what it makes of it."""
    yield click.style(f"{trial.mutant.where}: not noticed: {trial.mutant.what}", fg="red")
    if trial.case is None:
        yield f"  {PERHAPS_NONE}"
        return
    yield f"  with it, this case would get {expected(with_mistake(trial).example)}"
    yield from (f"    {line}" for line in in_yaml([for_mutant(version, trial)]).splitlines())


# ---------------------------------------------------------------- JSON


def coverage_json(version: PolicyVersion, found: Iterable[Reached]) -> dict[str, Json]:
    """Return what is covered as it stands in JSON."""
    return {**head(version), "targets": [reached_json(version, item) for item in found]}


def reached_json(version: PolicyVersion, item: Reached) -> dict[str, Json]:
    """Return a target as it stands in JSON."""
    target = item.target
    return {
        "kind": target.kind,
        "question": target.question,
        "what": target.what,
        **place(target.where),
        "state": item.state.replace(" ", "_"),
        "covered_by": item.by or None,
        "case": item.case and facts_json(for_target(version, item)),
    }


def mutants_json(version: PolicyVersion, found: Iterable[Trial]) -> dict[str, Json]:
    """Return which mistakes are noticed as it stands in JSON."""
    return {**head(version), "mutants": [trial_json(version, item) for item in found]}


def trial_json(version: PolicyVersion, trial: Trial) -> dict[str, Json]:
    """Return a mutant as it stands in JSON."""
    shown = for_mutant(version, trial) if trial.case else None
    return {
        "kind": trial.mutant.kind,
        "question": trial.mutant.question,
        "what": trial.mutant.what,
        **place(trial.mutant.where),
        "state": trial.state.replace(" ", "_"),
        "noticed_by": trial.by or None,
        "case": shown and facts_json(shown),
        "expect": shown and plain(shown.example.expect),
        "instead": shown and plain(with_mistake(trial).example.expect),
    }


def head(version: PolicyVersion) -> dict[str, Json]:
    """Return which version is meant."""
    return {"policy": version.name, "version": version.version}


def place(where: Where) -> dict[str, Json]:
    """Return a place as it stands in JSON."""
    return {"file": where.file, "line": where.line, "column": where.column}


def facts_json(found: Proposal) -> dict[str, Json]:
    """Return the facts of a case as they stand in JSON."""
    return plain(found.example.facts)


def plain(values: Mapping[str, object]) -> dict[str, Json]:
    """Return values as they stand in JSON: dates and exact numbers as text."""
    return {
        name: str(value) if isinstance(value, date | Decimal) else value
        for name, value in values.items()
    }
