"""All measurements, written to `docs/benchmarks.md` and its chart. Run it: no options.

It takes a few minutes, and means something on a machine that does nothing else meanwhile.
"""

from pathlib import Path

from . import growth, single, startup
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
"""


def main() -> None:
    """Measure everything, and write it down."""
    times = single.measured()
    hand = times[single.HAND].mean
    ratios = {name: time.mean / hand for name, time in times.items()}
    ordered = dict(sorted(ratios.items(), key=lambda item: item[1]))
    title = "One case: how many times as long as a function written by hand"
    (DOCS / "benchmarks.svg").write_text(chart(title, ordered), "utf-8")
    page = PAGE.format(
        machine=machine(),
        single=single.shown(times),
        startup=startup.shown(startup.measured()),
        rules=growth.measured(growth.RULES),
        facts=growth.measured(growth.FACTS),
    )
    (DOCS / "benchmarks.md").write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main()
