"""The command `refund test`: the cases beside a policy, and whether they are enough."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from .adequacy import Trial, enough, proposals, trials
from .adequacy_text import coverage_json, coverage_text, mutants_json, mutants_text
from .coverage import coverage
from .errors import VersionError
from .model import PolicyVersion
from .mutants import mutants
from .proposals import in_yaml
from .suite import Example, Result, run, suites
from .suite_text import results_text

Suite = tuple[PolicyVersion, tuple[Example, ...]]
NO_CASES = "there are no cases: write them in `cases.yaml` beside `policy.yaml`"


def test_folders(folders: Sequence[Path], options: Mapping[str, Any]) -> int:
    """Run the cases under folders, tell what was asked of them, and return the exit status."""
    if options["propose"] and options["as_json"]:
        raise click.UsageError("--propose prints YAML: leave --json out")
    found = [suite for folder in folders for suite in suites(folder)]
    results = [run(version, case) for version, cases in found for case in cases]
    if not results and not options["propose"]:
        raise VersionError(NO_CASES)
    if not all(result.passed for result in results):
        show_results(results, options)
        return 1
    if options["propose"]:
        return propose(found)
    return tell(results, [suite for suite in found if suite[1]], options)


def show_results(results: Sequence[Result], options: Mapping[str, Any]) -> None:
    """Print how cases went of which some fail."""
    asked = options["coverage"] or options["mutants"]
    if options["as_json"]:
        cases = [result.as_json() for result in results]
        print_json({"cases": cases} if asked else cases)
        return
    click.echo(results_text(results), err=options["propose"])
    if asked or options["propose"]:
        click.echo("mend these first: the rest is told of cases that pass", err=True)


def print_json(content: object) -> None:
    """Print JSON."""
    click.echo(json.dumps(content, indent=2, ensure_ascii=False))


def tell(results: Sequence[Result], found: Sequence[Suite], options: Mapping[str, Any]) -> int:
    """Print that all cases pass, and whether they are enough in the ways asked for."""
    reached = [(v, coverage(v, cases)) for v, cases in found if options["coverage"]]
    tried = [(v, tuple(tries(v, cases))) for v, cases in found if options["mutants"]]
    if options["as_json"]:
        cases = [result.as_json() for result in results]
        told = {
            **({"coverage": [coverage_json(*item) for item in reached]} if reached else {}),
            **({"mutants": [mutants_json(*item) for item in tried]} if tried else {}),
        }
        print_json({"cases": cases, **told} if told else cases)
    else:
        click.echo(results_text(results))
        for version, targets in reached:
            click.echo("\n" + coverage_text(version, targets))
        for version, attempts in tried:
            click.echo("\n" + mutants_text(version, attempts))
    covered = all(enough(targets) for _, targets in reached)
    return 0 if covered and all(enough(attempts) for _, attempts in tried) else 1


def propose(found: Sequence[Suite]) -> int:
    """Print the cases that are missing, as YAML."""
    for version, cases in found:
        missing = proposals(version, cases, coverage(version, cases), tries(version, cases))
        count = f"cases to judge: {len(missing)}" if missing else "no case is missing"
        click.echo(f"# {version.name} {version.version}, {count}")
        if missing:
            click.echo(in_yaml(missing))
    return 0


def tries(version: PolicyVersion, cases: Sequence[Example]) -> Iterator[Trial]:
    """Yield what becomes of each mutant, and show on a terminal how far it is."""
    every = tuple(mutants(version))
    if not sys.stderr.isatty():
        yield from trials(version, cases, every)
        return
    label = f"mistakes in {version.name} {version.version}"
    with click.progressbar(length=len(every), file=sys.stderr, label=label) as bar:
        for trial in trials(version, cases, every):
            bar.update(1)
            yield trial
