"""All measurements, written to `docs/benchmarks.md` and its chart. Run it: no options.

It takes a few minutes, and means something on a machine that does nothing else meanwhile.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from . import growth, single, startup, volume
from .chart import chart
from .rounds import machine

DOCS = Path(__file__).parent.parent / "docs"
PAGE = """\
# How fast it is

Written by `just bench` on {machine}. Only ratios carry over to another machine.

## One case

A case in, a decision out: 10,000 cases, a third of them on the first or last day of a period; all
answers are compared first. Other engines get the days as whole numbers, name the rule and leave
the amount and the day of the answer to Python. They take the facts as they come; here each is
checked, and so is what no valid case breaks.

![How many times as long as a function written by hand](benchmarks.svg)

{single}

## Start

A new process each time, from nothing imported to the first answer; the command over an interpreter
that does nothing. Memory is over a bare interpreter.

{startup}

## Growth

Each rule is about one of many products, so ten of them at most have to do with a case. Loading
includes the check of the file's shape, which a published version skips.

{rules}

{facts}

## Volume

Ten million cases in a Parquet file; outcome, rule, amount and due date of each, counted and summed
or written to another file. The SQL is the one that `refund decide` runs. Speed is in million cases
a second of the processor, memory is that of the process beyond its start; all answers are compared
first. All but the way that trusts every case find wrong ones; ours also sees to days and the size
of numbers, which the statistics of the file tell.

![How many times as long as the quickest way](volume.svg)

{volume}

{spark}
"""
ON_SPARK = """\
{table}

There ours checks days and the size of numbers row by row; the SQL by hand finds all other wrong
cases.
"""


def main() -> None:
    """Measure everything, and write it down."""
    times = single.measured()
    hand = times[single.HAND].mean
    ratios = {name: time.mean / hand for name, time in times.items()}
    ordered = dict(sorted(ratios.items(), key=lambda item: item[1]))
    title = "One case: how many times as long as a function written by hand"
    (DOCS / "benchmarks.svg").write_text(chart(title, ordered), "utf-8")
    volumes = volume.measured()
    (DOCS / "volume.svg").write_text(volume_chart(volumes), "utf-8")
    page = PAGE.format(
        machine=machine(),
        single=single.shown(times),
        startup=startup.shown(startup.measured()),
        rules=growth.measured(growth.RULES),
        facts=growth.measured(growth.FACTS),
        volume=volume.shown(volumes),
        spark=on_spark(),
    )
    (DOCS / "benchmarks.md").write_text(page, "utf-8")
    print(page)


def volume_chart(found: Mapping[str, volume.Volume]) -> str:
    """Return a chart of how long each way takes to decide and count millions of cases."""
    speeds = {name: one.speeds[0] for name, one in found.items()}
    best = max(speeds.values())
    ratios = {name: best / speed for name, speed in speeds.items()}
    title = "Millions of cases: how many times as long as the quickest way"
    return chart(title, dict(sorted(ratios.items(), key=lambda item: item[1])))


def on_spark() -> str:
    """Return what millions of cases take on Spark, where it is there."""
    if not (find_spec("pyspark") and which("java")):
        return "Spark wasn't there to be measured."
    from . import spark  # noqa: PLC0415 - may be missing

    return ON_SPARK.format(table=spark.shown(spark.measured())).rstrip()


if __name__ == "__main__":
    main()
