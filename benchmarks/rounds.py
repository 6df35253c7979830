"""How time is taken: rounds in which the ways take turns, and medians over the rounds."""

import gc
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from os import cpu_count
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import TypeVar

Input = TypeVar("Input")


@dataclass(frozen=True, slots=True)
class Times:
    """What one case takes, in microseconds: on average in the median round, and case by case.

    Where each case is timed, the time of the clock itself is in it.
    """

    mean: float
    median: float
    p99: float


def timed(
    ways: Mapping[str, Callable[[Input], object]],
    cases: Mapping[str, Sequence[Input]],
    rounds: int,
) -> dict[str, Times]:
    """Return what each way takes for each of its cases."""
    means: dict[str, list[float]] = {name: [] for name in ways}
    singles: dict[str, list[float]] = {name: [] for name in ways}
    gc.disable()
    for _ in range(rounds):
        for name, way in ways.items():
            means[name].append(whole_round(way, cases[name]))
            singles[name] += each_case(way, cases[name])
        gc.collect()
    gc.enable()
    return {
        name: Times(median(means[name]), median(singles[name]), nearly_all(singles[name]))
        for name in ways
    }


def whole_round(way: Callable[[Input], object], cases: Sequence[Input]) -> float:
    """Return the time for a case, on average."""
    start = perf_counter_ns()
    for case in cases:
        way(case)
    return (perf_counter_ns() - start) / len(cases) / 1000


def each_case(way: Callable[[Input], object], cases: Sequence[Input]) -> list[float]:
    """Return the time for each case."""
    found = []
    for case in cases:
        start = perf_counter_ns()
        way(case)
        found.append((perf_counter_ns() - start) / 1000)
    return found


def nearly_all(times: list[float]) -> float:
    """Return the time that 99 of 100 cases stay under."""
    return sorted(times)[len(times) * 99 // 100]


def machine() -> str:
    """Say on what this is measured."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    chip = names[0] if names else platform.processor() or platform.machine()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{chip}, {cpu_count()} cores, {python}, {platform.system()}"
