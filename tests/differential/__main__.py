"""The big run: `python -m differential --checks 1000000 --seed 1`, with `tests` in the path."""

import argparse
import sys

from differential.kept import to_keep
from differential.prove import prove
from differential.shrink import shrunk
from differential.targets import there

CASES = 400


def main() -> int:
    """Run, and print what was found as files for `found/`."""
    parser = argparse.ArgumentParser(prog="differential", description=__doc__)
    parser.add_argument("--checks", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    proof = prove(wanted.checks, wanted.seed, CASES, there())
    for found, policy in proof.found:
        sys.stdout.write(to_keep(found.target, shrunk(found, policy)) + "\n")
    return bool(proof.found)


sys.exit(main())
