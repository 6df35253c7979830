"""What templates can do with words: put them into a target's form. Nothing here knows a policy."""

import re
from collections.abc import Callable, Iterator, Mapping
from textwrap import wrap as lines_of
from typing import Any
from urllib.parse import quote

from ..engine.markdown import code, with_code
from ..engine.markdown import spaced as in_markdown

WIDTH = 74
ENDS = (".", "!", "?", ":", "…")
START = re.compile(r"^(\d{1,9})([.)])|^([-+=])")  # a list, a rule, or a heading's underline


def block(markdown: str) -> str:
    r"""Return inline Markdown as a block of its own, whose start is no mark of a list or a line.

    >>> print(block("1. of March"), block("- 5"))
    1\. of March \- 5
    """
    return START.sub(
        lambda found: f"{found[1] or ''}\\{found[2] or found[3]}", markdown.strip(" \n")
    )


def address(href: str) -> str:
    """Return an address as a link of Markdown takes it.

    >>> address("https://gym.example/fees_(new)")
    'https://gym.example/fees_%28new%29'
    """
    return re.sub(r"[()\\\s]", lambda found: quote(found[0]), href)


def fenced(text: str, language: str) -> str:
    """Return lines of a language as Markdown that shows them as they are.

    >>> print(fenced("a: b", "yaml"))
    ```yaml
    a: b
    ```
    """
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def wrapped(text: str, first: str = "", rest: str | None = None) -> str:
    """Return words in lines of plain text, with `first` before the first one, `rest` before others.

    Without `rest`, the others stand below the first one.

    >>> print(wrapped("one two " * 10, "* "))
    * one two one two one two one two one two one two one two one two one two
      one two
    """
    indent = " " * len(first) if rest is None else rest
    found = lines_of(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(found)


def indented(text: str, by: str) -> str:
    """Return lines with something before each of them."""
    return "\n".join(f"{by}{line}".rstrip() for line in text.split("\n"))


def underlined(text: str, mark: str) -> str:
    """Return a heading of plain text.

    >>> print(underlined("Refunds", "="))
    Refunds
    =======
    """
    heading = wrapped(text)
    return f"{heading}\n{mark * max(map(len, heading.splitlines()), default=0)}"


def sentence(label: str) -> str:
    """Return a label as a sentence.

    >>> sentence("you can pause")
    'You can pause.'
    """
    return f"{capital(label)}{'' if label.endswith(ENDS) else '.'}"


def capital(label: str) -> str:
    """Return a label as it stands at the start of a line."""
    return label[:1].upper() + label[1:]


def ticks(message: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of one of our messages, each with whether it stands in backticks.

    >>> list(ticks("rule `late` is new"))
    [('rule ', False), ('late', True), (' is new', False)]
    """
    for at, part in enumerate(re.split(r"`([^`\n]+)`", message)):
        if part:
            yield part, at % 2 == 1


FILTERS: dict[str, Callable[..., Any]] = {
    "md": in_markdown,
    "block": block,
    "address": address,
    "code": code,
    "coded": with_code,
    "fenced": fenced,
    "wrap": wrapped,
    "indent": indented,
    "underlined": underlined,
    "sentence": sentence,
    "capital": capital,
    "ticks": ticks,
}


# ---------------------------------------------------------------- whole pages


def spaced(text: str) -> str:
    """Return a page with one empty line between blocks at most, and none at its ends."""
    lines = "\n".join(line.rstrip(" ") for line in text.split("\n"))
    found = re.sub(r"\n{3,}", "\n\n", lines).strip("\n")
    return f"{found}\n" if found else ""


def serialized(html: str) -> str:
    r"""Return HTML as browsers write it, so that a help desk that reads it changes no letter.

    >>> serialized('<p title="&#34;it&#39;s&#34;">&#34;it&#39;s&#34;</p>')
    '<p title="&quot;it\'s&quot;">"it\'s"</p>'
    """
    plain = html.replace("&#39;", "'").replace("\N{NO-BREAK SPACE}", "&nbsp;")
    parts = re.split(r"(<[^>]*>)", plain)
    quotes = ('"', "&quot;")
    return spaced("".join(part.replace("&#34;", quotes[at % 2]) for at, part in enumerate(parts)))


FINISHED: Mapping[str, Callable[[str], str]] = {
    "html": str,
    "zendesk": serialized,
    "markdown": spaced,
    "text": spaced,
}
"""What becomes of a page of each target when its template is filled."""
TARGETS = tuple(FINISHED)
