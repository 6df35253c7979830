"""What changes with a version, as customers read it: figures, sentences, and whom it affects.

Guarantee period: 30 days → 45 days
We refund … in the first 30 days. → We refund … in the first 45 days.
we can't refund this charge → we refund you, better for you
days since your first purchase: 31 to 45 days
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ..engine.affected import Result, Situations, affected
from ..engine.comparison import Change, Comparison, compare
from ..engine.effect import Effect
from ..engine.model import PolicyVersion
from ..engine.spoken import Sentence as Spoken
from .box import Box
from .edition import Edition, Sentence
from .flips import Flip, flip
from .said import Pieces
from .site import Site

UNSEEN: tuple[Effect, ...] = ("same", "unanswered")
"""Changes that give no customer another answer."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure before and after, under its name in the glossary; empty where it isn't there."""

    label: str
    old: Pieces
    new: Pieces


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence before and after; None where it isn't there."""

    old: Sentence | None
    new: Sentence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cases that got one answer and now get another: in which situations, with an example.

    `effect` says for whom it is better.
    """

    name: str
    asks: str
    before: Result
    after: Result
    effect: Effect
    cases: tuple[Situations, ...]
    example: Flip

    @property
    def same_outcome(self) -> bool:
        """Whether only what comes with the outcome is another."""
        return self.before.label == self.after.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A version with what changes by it; `since` is the number of the one before, "" for the first.

    It is `told` where the one before is there in the same language as well, and `settled` where
    these are all cases that change.
    """

    edition: Edition
    box: Box
    since: str
    told: bool = True
    figures: tuple[Figure, ...] = ()
    readings: tuple[Reading, ...] = ()
    groups: tuple[Group, ...] = ()
    settled: bool = True


def releases(site: Site, language: str) -> Iterator[Release]:
    """Yield every version that is there in a language, the newest first, with what changes."""
    for version in site.timeline.public:
        if new := site.edition(version, language):
            yield release(site, new, site.timeline.before(version))


def release(site: Site, new: Edition, before: PolicyVersion | None) -> Release:
    """Return a version with what changes by it."""
    since = before.version if before else ""
    old = site.edition(before, new.locale.language) if before else None
    if old is None:
        return Release(edition=new, box=site.box(new), since=since, told=not before)
    found = compare(old.version, new.version)
    return Release(
        edition=new,
        box=site.box(new),
        since=since,
        figures=tuple(figures(found, old, new)),
        readings=tuple(readings(found, old, new)),
        groups=tuple(groups(found, old, new)),
        settled=not (found.unsettled or found.incomplete),
    )


def figures(found: Comparison, old: Edition, new: Edition) -> Iterator[Figure]:
    """Yield the figures of the glossary that change."""
    labels = {entry.name: entry.label for of in (old, new) for entry in of.layout.glossary}
    for thing in found.wording.things:
        if thing.kind == "term" and thing.name in labels:
            sides = ((thing.old, old), (thing.new, new))
            yield Figure(
                labels[thing.name],
                *(of.pieces(f"{{{thing.name}}}") if text is not None else () for text, of in sides),
            )


def readings(found: Comparison, old: Edition, new: Edition) -> Iterator[Reading]:
    """Yield the sentences for customers that read differently."""
    for item in found.wording.sentences:
        was = sentence(item.old, old) if item.old else None
        now = sentence(item.new, new) if item.new else None
        if was or now:
            yield Reading(was, now)


def sentence(item: Spoken, of: Edition) -> Sentence | None:
    """Return a sentence of a version as customers read it; None for a label or the like."""
    name = next((said.id for said in of.known.values() if said.source == item.source), None)
    return of.sentence(name) if name else None


def groups(found: Comparison, old: Edition, new: Edition) -> Iterator[Group]:
    """Yield the cases that get another answer; those with the same two answers come together."""
    together: dict[tuple[str, Result, Result, Effect], list[tuple[Change, Situations]]] = {}
    for change in found.changes:
        if change.effect not in UNSEEN:
            told = affected(change, found, new.speech)
            key = (change.question, told.before, told.after, change.effect)
            together.setdefault(key, []).append((change, told.situations))
    for number, ((question, before, after, effect), items) in enumerate(together.items(), 1):
        yield Group(
            name=f"{new.version.version}-{number}",
            asks=new.version.questions[question].asks,
            before=before,
            after=after,
            effect=effect,
            cases=tuple(dict.fromkeys(cases for _, cases in items)),
            example=flip(items[0][0], old, new, (before.label, after.label)),
        )
