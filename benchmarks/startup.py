"""The way to the first decision: a new process each time, in rounds that take turns.

Modules are read as an installed package has them, that is as byte code. Memory is what Linux tells
of a process: what `resource` tells of it may be its parent's.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from .tables import table

ROOT = Path(__file__).parent.parent
ROUNDS = 15
BARE = "a bare interpreter"
COMMAND = "`refund decide CASE`, the whole process"
WITHIN = """\
from time import perf_counter
start = perf_counter()
{code}
taken = perf_counter() - start
status = open("/proc/self/status").read()
print(taken * 1000, int(status.split("VmHWM:")[1].split()[0]) / 1024)
"""
CASE = "from benchmarks.by_hand import FIRST\n"
OURS = CASE + "from refund_policy import load\nload().decide('refund', FIRST).reasons"
PEER = CASE + "from benchmarks.peers import {name}\n{name}()(FIRST)"
FIRSTS: Mapping[str, tuple[str, str]] = {
    BARE: ("sys", "pass"),
    "**refund-policy, the library**": ("refund_policy", OURS),
    "CEL in Rust": ("cel", PEER.format(name="cel")),
    "ZEN, one expression": ("zen", PEER.format(name="zen_expression")),
    "ZEN, a decision table": ("zen", PEER.format(name="zen")),
    "JSON Logic in Python": ("json_logic", PEER.format(name="json_logic")),
    "Cedar in Rust": ("cedarpy", PEER.format(name="cedar")),
    "Rego in C++": ("regopy", PEER.format(name="rego")),
}
PROCESSES: Mapping[str, Sequence[str]] = {
    BARE: ("-c", "pass"),
    COMMAND: ("-m", "refund_policy.engine.cli", "decide", "docs/case.yaml"),
}
Started = dict[str, tuple[float, float]]
"""The milliseconds to the first decision, and the mebibytes at its end; 0 where not measured."""


def measured() -> Started:
    """Return what a start takes, over a bare interpreter."""
    firsts = {name: code for name, (module, code) in FIRSTS.items() if find_spec(module)}
    with TemporaryDirectory() as folder:
        found = [one_round(firsts, folder) for _ in range(ROUNDS + 1)][1:]  # first: byte code
    middle = {
        name: tuple(median(one[name][n] for one in found) for n in (0, 1)) for name in found[0]
    }
    bare = middle.pop(BARE)
    process = middle.pop("process")[0]
    return {
        name: (time - process, 0) if name == COMMAND else (time, memory - bare[1])
        for name, (time, memory) in middle.items()
    }


def one_round(firsts: Mapping[str, str], folder: str) -> dict[str, tuple[float, ...]]:
    """Return what each takes once."""
    found: dict[str, tuple[float, ...]] = {}
    for name, code in firsts.items():
        printed = run(["-c", WITHIN.format(code=code)], folder)[1].split()
        found[name] = tuple(float(number) for number in printed)
    for name, arguments in PROCESSES.items():
        found["process" if name == BARE else name] = (run(arguments, folder)[0], 0.0)
    return found


def run(arguments: Sequence[str], folder: str) -> tuple[float, str]:
    """Run Python; return the milliseconds that takes, and what it prints."""
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    paths = {"PYTHONPATH": path, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
    start = perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, **paths},
        text=True,
    )
    return (perf_counter() - start) * 1000, done.stdout


def shown(started: Started) -> str:
    """Return the starts as a table."""
    rows = [
        (name, f"{time:.0f}", "" if name == COMMAND else f"{memory:.0f}")
        for name, (time, memory) in sorted(started.items(), key=lambda item: item[1])
    ]
    return table(("start, load, first decision", "ms", "MiB"), rows)
