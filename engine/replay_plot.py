"""A replay as a picture, for people who would rather look: SVG, readable in light and dark.

One chart tells how many cases go from which outcome to which; one for each sum of money how it
changes along with them; one more how many cases change for each value of a column.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from html import escape

from .replay import Flow, Part, Replay
from .replay_text import (
    after,
    amount,
    comparable,
    headline,
    share,
    title,
    told_parts,
    value_words,
)

WIDTH, LABELS, NUMBERS = 860, 250, 170
BAR, ROW, GAP, MARGIN = 18, 28, 34, 20
MOST_BARS = 12
STYLE = """
  svg { font: 13px system-ui, sans-serif; background: var(--paper);
        --paper: #fff; --ink: #1c1e21; --faint: #c8ccd1; --soft: #5b6168;
        --bar: #2f6fb0; --less: #b3651d; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #16181b; --ink: #eceef0; --faint: #454a50; --soft: #a9b0b7; --bar: #6ba7e5;
          --less: #e6a25c; }
  }
  text { fill: var(--ink); stroke: var(--paper); stroke-width: 4px; paint-order: stroke; }
  .title { font-size: 17px; font-weight: 600; }
  .heading { font-weight: 600; }
  .tick { fill: var(--soft); font-size: 11px; }
  .axis { stroke: var(--soft); }
  .grid { stroke: var(--faint); }
  .bar { fill: var(--bar); }
  .less { fill: var(--less); }
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: what it stands for, how long it is, and the number in words."""

    label: str
    size: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over one axis that has zero on it; `rest` says what isn't shown."""

    heading: str
    bars: tuple[Bar, ...]
    rest: str = ""

    @property
    def height(self) -> int:
        """How much room it takes."""
        return GAP + ROW * len(self.bars) + GAP + ROW * bool(self.rest)


def as_svg(found: Replay) -> str:
    """Return the picture."""
    shown = list(charts(found))
    top = MARGIN + 3 * ROW
    height = top + sum(chart.height for chart in shown) + MARGIN
    lines = [*drawn(shown, top)]
    what, told = (words.replace("`", "") for words in (title(found), headline(found)))
    box = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    named = 'role="img" aria-labelledby="title told"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {box} {named}>',
            f'<title id="title">{escape(what)}</title>',
            f'<desc id="told">{escape(told)}</desc>',
            f"<style>{STYLE}</style>",
            text(MARGIN, MARGIN + 16, what, "title"),
            text(MARGIN, MARGIN + 42, told),
            *lines,
            "</svg>\n",
        ]
    )


def drawn(shown: Sequence[Chart], top: int) -> Iterator[str]:
    """Yield all charts, one below the other."""
    for chart in shown:
        yield from drawn_chart(chart, top)
        top += chart.height


# ---------------------------------------------------------------- what is shown


def charts(found: Replay) -> Iterator[Chart]:
    """Yield the charts of a replay."""
    flows = [flow for flow in found.flows if flow.changed]
    shown = [chart("Cases that change", [case_bar(flow, found) for flow in flows])]
    for name in found.sums if comparable(found) else ():
        bars = [money_bar(flow, name) for flow in flows if flow.sums[name].difference]
        shown.append(chart(f"Difference in {name}, {found.new.currency}", bars))
    if found.by is not None:
        bars = [part_bar(part) for part in told_parts(found)]
        shown.append(chart(f"Cases that change, by {found.by}", bars))
    yield from (item for item in shown if item.bars)


def case_bar(flow: Flow, found: Replay) -> Bar:
    """Return how many cases a flow has, and their share."""
    words = f"{flow.cases:,} ({share(flow.cases, found.cases)})"
    return Bar(label(flow), Decimal(flow.cases), words)


def money_bar(flow: Flow, output: str) -> Bar:
    """Return how much more the cases of a flow come to."""
    difference = flow.sums[output].difference
    return Bar(label(flow), difference, amount(difference, sign=True))


def part_bar(part: Part) -> Bar:
    """Return how many cases with one value in a column change."""
    words = f"{part.changed:,} of {part.cases:,}"
    return Bar(value_words(part), Decimal(part.changed), words)


def label(flow: Flow) -> str:
    """Return what becomes of the cases of a flow."""
    return f"{flow.old} → {after(flow)}"


def chart(heading: str, bars: Sequence[Bar]) -> Chart:
    """Return a chart of the first bars."""
    more = len(bars) - MOST_BARS
    rest = f"… and {more:,} more" if more > 0 else ""
    return Chart(heading, tuple(bars[:MOST_BARS]), rest)


# ---------------------------------------------------------------- how it is drawn


@dataclass(frozen=True, slots=True)
class Axis:
    """Where numbers stand on a line: from `low` to `high`, with a mark at each step."""

    low: Decimal
    high: Decimal
    step: Decimal

    def at(self, number: Decimal) -> float:
        """Return the place of a number."""
        room = WIDTH - 2 * MARGIN - LABELS - NUMBERS
        part = (number - self.low) / (self.high - self.low)
        return round(MARGIN + LABELS + float(part) * room, 1)

    @property
    def marks(self) -> list[Decimal]:
        """The numbers that are marked."""
        return [
            self.low + self.step * at for at in range(int((self.high - self.low) / self.step) + 1)
        ]


def axis(sizes: Sequence[Decimal]) -> Axis:
    """Return an axis with round marks on which all sizes have their place, and zero too.

    >>> axis([Decimal(730), Decimal(-20)])
    Axis(low=Decimal('-200'), high=Decimal('800'), step=Decimal('200'))
    """
    least, most = min(Decimal(0), *sizes), max(Decimal(0), *sizes)
    step = round_step((most - least) / 4)
    low = (least / step).to_integral_value(ROUND_FLOOR) * step
    high = (most / step).to_integral_value(ROUND_CEILING) * step
    return Axis(low, high if high > low else low + step, step)


def round_step(wanted: Decimal) -> Decimal:
    """Return 1, 2 or 5 with some zeros, no smaller than what is wanted, and no part of one.

    >>> round_step(Decimal("187.5")), round_step(Decimal("0.3"))
    (Decimal('200'), Decimal('1'))
    """
    unit = Decimal(1)
    while unit * 10 < wanted:
        unit *= 10
    return next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= wanted)


def drawn_chart(chart: Chart, top: int) -> Iterator[str]:
    """Yield a chart: its heading, axis, bars and numbers."""
    scale = axis([bar.size for bar in chart.bars])
    first, bottom = top + GAP, top + GAP + ROW * len(chart.bars)
    yield text(MARGIN, top + 16, chart.heading, "heading")
    for mark in scale.marks:
        x = scale.at(mark)
        yield line(x, first - 6, bottom, "axis" if mark == 0 else "grid")
        yield text(x, bottom + 16, amount(mark), "tick", anchor="middle")
    for place, bar in enumerate(chart.bars):
        yield from drawn_bar(bar, scale, first + ROW * place)
    if chart.rest:
        yield text(MARGIN, bottom + 16 + ROW, chart.rest, "tick")


def drawn_bar(bar: Bar, scale: Axis, top: int) -> Iterator[str]:
    """Yield a bar with its label before it, and its number after it."""
    start, end = sorted((scale.at(Decimal(0)), scale.at(bar.size)))
    kind = "less" if bar.size < 0 else "bar"
    width = max(round(end - start, 1), 1)
    yield text(MARGIN, top + 14, shortened(bar.label))
    yield f'<rect class="{kind}" x="{start}" y="{top}" width="{width}" height="{BAR}"/>'
    yield text(start + width + 6, top + 14, bar.words)


def shortened(label: str) -> str:
    """Return a label that fits in front of the bars."""
    most = LABELS // 7
    return label if len(label) <= most else f"{label[: most - 1]}…"


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "") -> str:
    """Write words; they are escaped where they may hold anything."""
    named = f' class="{kind}"' if kind else ""
    placed = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:g}" y="{y:g}"{named}{placed}>{escape(words)}</text>'


def line(x: float, top: int, bottom: int, kind: str) -> str:
    """Write a line that stands upright."""
    return f'<line class="{kind}" x1="{x}" y1="{top}" x2="{x}" y2="{bottom}"/>'
