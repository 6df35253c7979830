"""A chart of times as SVG: a bar for each way, ten times as long to the right for each line."""

from collections.abc import Iterator, Mapping
from html import escape
from math import ceil, log10

WIDTH, LABELS, ROW = 860, 380, 26
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
    ' font-family="system-ui, sans-serif" font-size="13" role="img">'
)
OURS, OTHERS = "#1a6f5c", "#9aa5ab"


def chart(title: str, ratios: Mapping[str, float]) -> str:
    """Return bars of how many times as long each way takes as the first."""
    height = ROW * (len(ratios) + 3)
    return "\n".join(
        [
            HEAD.format(width=WIDTH, height=height),
            f"<title>{escape(title)}</title>",
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            f'<text x="12" y="{ROW}" font-weight="600">{escape(title)}</text>',
            *scale(max(ratios.values()), height),
            *(part for n, item in enumerate(ratios.items()) for part in bar(n + 2, *item, ratios)),
            "</svg>",
            "",
        ]
    )


def x_of(ratio: float, most: float) -> float:
    """Return where a ratio lies from left to right."""
    return LABELS + (WIDTH - LABELS - 70) * log10(max(ratio, 1)) / ceil(log10(most))


def scale(most: float, height: int) -> Iterator[str]:
    """Yield a line for 1, 10, 100 and so on."""
    for power in range(ceil(log10(most)) + 1):
        x = x_of(10**power, most)
        yield f'<path d="M{x:.0f} {ROW * 1.5:.0f}V{height - ROW}" stroke="#dde2e4"/>'
        place = f'x="{x:.0f}" y="{height - 8}" text-anchor="middle" fill="#667"'
        yield f"<text {place}>× {10**power}</text>"


def bar(row: int, name: str, ratio: float, ratios: Mapping[str, float]) -> Iterator[str]:
    """Yield a way's name, its bar and its ratio."""
    y, end = row * ROW, x_of(ratio, max(ratios.values()))
    color = OURS if "*" in name or "…" in name else OTHERS
    label = escape(name.replace("*", "").replace("`", ""))
    yield f'<text x="{LABELS - 10}" y="{y}" text-anchor="end">{label}</text>'
    yield (
        f'<rect x="{LABELS}" y="{y - 13}" width="{max(end - LABELS, 2):.0f}" height="16"'
        f' fill="{color}"/>'
    )
    yield f'<text x="{max(end, LABELS + 2) + 6:.0f}" y="{y}">{ratio:.1f}</text>'
