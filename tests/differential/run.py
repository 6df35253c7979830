"""The command of the big run: so many checks, how far it is, and what came of it."""

import argparse
import sys
from time import monotonic

from differential.kept import to_keep
from differential.prove import Proof, prove
from differential.shrink import shrunk
from differential.targets import there

CASES = 2000
A_MOMENT = 0.5


def main() -> int:
    """Run, and print what was checked of each target, and what was found as files for `found/`."""
    parser = argparse.ArgumentParser(prog="differential", description=__doc__)
    parser.add_argument("--checks", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    show = Progress(wanted.checks)
    proof = prove(wanted.checks, wanted.seed, CASES, there(), show)
    show.end()
    sys.stdout.write(f"{proof}\n")
    for found, policy in proof.found:
        sys.stdout.write(f"\n{to_keep(found.target, shrunk(found, policy))}")
    return bool(proof.found)


class Progress:
    """A line on a terminal that tells how far a run is."""

    def __init__(self, checks: int) -> None:
        self.checks = checks
        self.shown = 0.0

    def __call__(self, proof: Proof) -> None:
        """Show how far it is, now and then."""
        if sys.stderr.isatty() and monotonic() - self.shown > A_MOMENT:
            self.shown = monotonic()
            done = min(proof.answers.total() / self.checks, 1)
            found = f"{len(proof.found)} disagreements"
            sys.stderr.write(f"\r{done:4.0%}  {proof.policies.total():,} policies, {found}  ")

    def end(self) -> None:
        """Leave no line behind."""
        if self.shown:
            sys.stderr.write("\r\033[K")
