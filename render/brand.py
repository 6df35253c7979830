"""The colours and fonts of who speaks, after the style sheet of all pages, which reads them."""

from collections.abc import Iterator

from .layout import Brand

DARK = "@media (prefers-color-scheme: dark) {{ {} }}"


def styled(brand: Brand) -> str:
    r"""Return a brand as custom properties; "" where the defaults are to stand.

    >>> styled(Brand(accent="#00695c"))
    ':root { --accent: #00695c; }\n'
    """
    return "".join(f"{line}\n" for line in lines(brand))


def lines(brand: Brand) -> Iterator[str]:
    """Yield a rule for each thing that a brand says."""
    if brand.font:
        yield rule("font", brand.font)
    if brand.accent:
        yield rule("accent", brand.accent)
    if brand.accent_dark:
        yield DARK.format(rule("accent", brand.accent_dark))


def rule(name: str, value: str) -> str:
    """Return the rule that sets a custom property."""
    return f":root {{ --{name}: {value}; }}"
