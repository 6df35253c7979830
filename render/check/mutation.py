"""Term mutation: every figure moved by one unit, and all that is said of it has to follow.

A figure is moved in memory and the site is made anew, in every language. Then
    each text that shows the figure shows the new one, and so do tables, examples and data
    no other text changes
    some text does change: a figure that nobody reads is said nowhere
The same for each output of each rule.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from ...engine.errors import Finding, PolicyError
from ...engine.model import PolicyVersion
from ..pages import PUBLIC
from ..site import Site
from .bindings import Bindings, any_of, of_term
from .built import Built, built
from .marks import Text, reading
from .moved import Move, moves
from .reverse import NUMBER, in_templates, place, unbound

WORKED_OUT = ("case", "grid", "change")
"""Marks of what is worked out from rules as a whole, and changes as a whole."""
IN_DATA = (".json", ".xml", ".txt")


def mutation(made: Built) -> Iterator[Finding]:
    """Find figures and outputs that don't show, texts that don't follow, and those that stray."""
    already = set(unbound(made, Bindings(made.site, made.pages)))
    for version in (made.site.timeline.current, *made.site.timeline.coming):
        for move in moves(version):
            try:
                after = built(moved_site(made.site, version, move), made.day, made.overrides)
            except PolicyError as error:
                yield finding("not-built", move, f"one unit further, no page can be made: {error}")
            else:
                yield from followed(move, made, after, already)


def followed(
    move: Move, before: Built, after: Built, already: set[tuple[str, Text, str]]
) -> Iterator[Finding]:
    """Yield what doesn't follow a move, or follows and shouldn't."""
    was, now = Bindings(before.site, before.pages), Bindings(after.site, after.pages)
    for path, text, _ in unbound(after, now):
        if not any(path == known and text == same for known, same, _ in already):
            message = f"one unit further, `{path}` still shows `{text.words}`"
            yield replace(
                finding("stuck-figure", move, message), where=place(before, was, path, text)
            )
    yield from stuck_in_data(move, before, after)
    shows = False
    for path in before.files:
        if path.endswith(".html") and before.files[path] != after.files[path]:
            old, new = (reading(made.files[path].decode()).texts for made in (before, after))
            shows = shows or (path.startswith(PUBLIC) and old != new)
            if stray := strayed(loose(was, path, old), loose(now, path, new)):
                message = f"one unit further, `{path}` {changed(*stray)}"
                found = finding("stray-change", move, message, "mark whose value it is")
                where = in_templates(before, stray[0]) or in_templates(before, stray[1])
                yield replace(found, where=where or before.template(path))
    if not shows:
        unseen = finding("unshown-figure", move, "no page shows it", "name it, or show its table")
        yield replace(unseen, severity="warning")


def stuck_in_data(move: Move, before: Built, after: Built) -> Iterator[Finding]:
    """Yield a finding for each file of data or feed that still says the old figure."""
    old = gone(move.term, before.site, after.site) if move.term else set()
    for path, content in after.files.items() if old else ():
        if path.endswith(IN_DATA):
            text = content.decode()
            for words in sorted({*any_of(old).findall(text)}):
                message = f"one unit further, `{path}` still says `{words}`"
                yield finding("stuck-figure", move, message)


def gone(name: str, before: Site, after: Site) -> set[str]:
    """Return the words of a figure that nothing in the policy has after a move.

    A bare number is left out: in data it can be anything.
    """
    old = {words for of in before.editions.values() for words in of_term(before, of, name)}
    new = {
        words
        for of in after.editions.values()
        for term in of.version.terms
        for words in of_term(after, of, term)
    }
    return {words for words in old - new if not NUMBER.fullmatch(words)} - {after.brand.name}


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


def changed(old: str, new: str) -> str:
    """Return how words changed."""
    if old and new:
        return f"says `{new}` in the place of `{old}`"
    return f"also says `{new}`" if new else f"no longer says `{old}`"


def moved_site(site: Site, version: PolicyVersion, move: Move) -> Site:
    """Return a site in which a version is moved, in every language."""

    def moved(one: PolicyVersion) -> PolicyVersion:
        return move.apply(one) if one.version == version.version else one

    line = site.timeline
    return replace(
        site,
        policy=replace(site.policy, versions=tuple(map(moved, site.policy.versions))),
        timeline=replace(line, current=moved(line.current), coming=tuple(map(moved, line.coming))),
        editions={
            key: replace(found, version=moved(found.version))
            for key, found in site.editions.items()
        },
    )


def finding(code: str, move: Move, message: str, hint: str = "") -> Finding:
    """Return the finding about a move."""
    return Finding(code=code, where=move.where, message=f"{move.what}: {message}", hint=hint)
