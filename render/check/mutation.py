"""Term mutation: every figure moved by one unit, and all that is said of it has to follow.

A figure is moved in memory and the site is made anew, in every language. Then
    each text that shows the figure shows the new one, and so do tables, examples and data
    no other text changes
    some text does change: a figure that nobody reads is said nowhere
The same for each output of each rule.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest

from ...engine.errors import Finding, PolicyError
from ..feed import FEED, summaries
from ..marks import Text, reading
from ..pages import PUBLIC
from ..site import Site
from .bindings import Bindings, any_of, of_term
from .built import Built, built
from .moved import Move, moved_site, moves
from .reverse import NUMBER, in_templates, place, unbound

WORKED_OUT = ("case", "grid", "change")
"""Marks of what is worked out from rules as a whole, and changes as a whole."""
HINT = "mark whose value it is"
IN_DATA = (".json", ".xml", ".txt")


def mutation(made: Built) -> Iterator[Finding]:
    """Find figures and outputs that don't show, texts that don't follow, and those that stray."""
    already = set(unbound(made, Bindings(made.site, made.pages)))
    for version in (made.site.timeline.current, *made.site.timeline.coming):
        for move in moves(version):
            try:
                after = built(moved_site(made.site, version, move), made.day, made.overrides)
            except PolicyError as error:
                yield finding("not-built", move, f"no page can be made: {error}")
            else:
                yield from followed(move, made, after, already)


def followed(
    move: Move, before: Built, after: Built, already: set[tuple[str, Text, str]]
) -> Iterator[Finding]:
    """Yield what doesn't follow a move, or follows and shouldn't."""
    was, now = Bindings(before.site, before.pages), Bindings(after.site, after.pages)
    known = {(path, text) for path, text, _ in already}
    for path, text, _ in unbound(after, now):
        if (path, text) not in known:
            found = finding("stuck-figure", move, f"`{path}` still shows `{text.words}`")
            yield replace(found, where=place(before, was, path, text))
    yield from stuck_in_data(move, before, after)
    changes = {path: pair for path, *pair in changed_pages(before, after)}
    for path, (old, new) in changes.items():
        if stray := strayed(loose(was, path, old), loose(now, path, new)):
            yield astray(move, before, path, *stray)
    if not any(path.startswith(PUBLIC) for path in changes):
        unseen = finding("unshown-figure", move, "no page changes", "name it, or show its table")
        yield replace(unseen, severity="warning")


def changed_pages(
    before: Built, after: Built
) -> Iterator[tuple[str, tuple[Text, ...], tuple[Text, ...]]]:
    """Yield the pages that read differently, with their texts before and after."""
    for path, page in before.read():
        if before.files[path] != after.files[path]:
            texts = reading(after.files[path].decode()).texts
            if page.texts != texts:
                yield path, page.texts, texts


def stuck_in_data(move: Move, before: Built, after: Built) -> Iterator[Finding]:
    """Yield a finding for each file of data or feed that still says the old figure."""
    old = any_of(gone([move.term] if move.term else [], before.site, after.site))
    for path, content in after.files.items():
        if path.endswith(IN_DATA):
            for words in sorted({*old.findall(told(path, content))}):
                yield finding("stuck-figure", move, f"`{path}` still says `{words}`")


def told(path: str, content: bytes) -> str:
    """Return what a file of data says; of a feed, what isn't worked out from rules as a whole.

    A change to "7 to 10 days" doesn't still say a figure that was 10 days.
    """
    if not path.endswith(FEED):
        return content.decode()
    texts = [text for entry in summaries(content) for text in reading(entry).texts]
    return "\n".join(
        text.words for text in texts if not any(text.mark(mark) for mark in WORKED_OUT)
    )


def gone(names: Iterable[str], before: Site, after: Site) -> set[str]:
    """Return the words of figures that nothing in the policy has after a move.

    A bare number is left out: in data it can be anything.
    """
    old, new = (
        {
            words
            for edition in made.editions.values()
            for name in listed
            if name in edition.version.terms
            for words in of_term(made, edition, name)
        }
        for made, listed in ((before, [*names]), (after, [*all_terms(after)]))
    )
    return {words for words in old - new if not NUMBER.fullmatch(words)} - {after.brand.name}


def all_terms(site: Site) -> set[str]:
    """Return the names of the figures of all versions."""
    return {name for edition in site.editions.values() for name in edition.version.terms}


def loose(bindings: Bindings, path: str, texts: tuple[Text, ...]) -> list[str]:
    """Return the words of a page that figures leave alone: texts without what is bound in them."""
    return [
        bindings.rest(path, text)
        for text in texts
        if not any(text.mark(mark) for mark in WORKED_OUT)
    ]


def strayed(old: list[str], new: list[str]) -> tuple[str, str] | None:
    """Return the first words that differ, before and after; None where all are the same."""
    pairs = zip_longest(old, new, fillvalue="")
    return next((pair for pair in pairs if pair[0] != pair[1]), None)


def astray(move: Move, before: Built, path: str, old: str, new: str) -> Finding:
    """Return the finding about words that change without being tied to a figure."""
    where = in_templates(before, old) or in_templates(before, new) or before.template(path)
    found = finding("stray-change", move, f"`{path}` {changed(old, new)}", HINT)
    return replace(found, where=where)


def changed(old: str, new: str) -> str:
    """Return how words changed."""
    if old and new:
        return f"says `{new}` in the place of `{old}`"
    return f"also says `{new}`" if new else f"no longer says `{old}`"


def finding(code: str, move: Move, message: str, hint: str = "") -> Finding:
    """Return the finding about a move."""
    return Finding(
        code=code, where=move.where, message=f"{move.what}: one unit further, {message}", hint=hint
    )
