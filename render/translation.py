"""The words of a version in another language: `translation.de.yaml` beside its policy.

    policy.yaml ─────────texts──▶ sources ┐
    translation.de.yaml ──pairs─▶ pairs ──┴─flaws─▶ what is stale, missing, idle
                                    └──rewritten──▶ the same policy and layout, in German

Each sentence stands beside its source, so that a source that has changed since shows.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..engine.errors import Finding, LanguageError, SourceError, Where
from ..engine.model import PolicyVersion
from ..engine.rewritten import exchanged, rewritten
from ..engine.sentences import PLACEHOLDER, placeholders
from ..engine.source import MapNode, Scalar
from ..engine.spoken import Key
from .layout import Layout
from .locale import Locale, locale
from .pairs import Pair, Pairs, read_pairs
from .read_layout import layout
from .texts import PAGES, POLICY, Text, counted, texts


def translated(
    version: PolicyVersion, root: MapNode | None, own: Layout, language: str
) -> tuple[PolicyVersion, Layout]:
    """Return a version and its layout in another language; `root` is its `pages.yaml`.

    Raises SourceError with everything that is wrong with the translation.
    """
    found = read_pairs(version, own.language, language)
    checker = Checker(version, found, locale(language))
    sources = tuple(texts(version, root))
    wrong = {text.key: [*checker.flaws(text)] for text in sources}
    findings = [finding for several in wrong.values() for finding in several]
    findings += idle(found, wrong)
    right = [text for text in sources if not wrong[text.key]]
    own_texts = {text.key: in_place(text, found) for text in right}
    try:
        words = rewritten(version, under(POLICY, own_texts))
        pages = exchanged(root, (), under(PAGES, own_texts)) if root else None
        assert pages is None or isinstance(pages, MapNode), "INVARIANT: a mapping stays one"
        made = replace(layout(words, pages), language=language)
    except SourceError as error:
        moved = {text.where: found.by_key[text.key].own.where for text in right}
        findings += [
            replace(flaw, where=moved.get(flaw.where, flaw.where)) for flaw in error.findings
        ]
    if findings:
        raise SourceError(sorted(findings, key=lambda finding: finding.where))
    return words, made


def in_place(text: Text, found: Pairs) -> Scalar:
    """Return the translation of a text, at the place of the text: there its rule or note is."""
    own = found.by_key[text.key].own
    return Scalar(own.text, text.where, own.text)


def under(part: str, own: Mapping[Key, Scalar]) -> dict[Key, Scalar]:
    """Return the translations of one of the two files, by their keys in it."""
    return {key[1:]: text for key, text in own.items() if key[0] == part}


def idle(found: Pairs, sources: Container[Key]) -> Iterator[Finding]:
    """Yield a finding for each translation of nothing."""
    for key in found.by_key:
        if key not in sources:
            yield Finding(
                code="idle-translation",
                where=found.places[key],
                message=f"the policy has no text `{': '.join(counted(key))}` any more",
                hint="delete it, or move it to where its source stands now",
            )


@dataclass(frozen=True, slots=True)
class Checker:
    """Finds what is wrong with the translation of a text."""

    version: PolicyVersion
    found: Pairs
    locale: Locale

    def flaws(self, text: Text) -> Iterator[Finding]:
        """Yield how the translation of a text doesn't fit it."""
        pair = self.found.by_key.get(text.key)
        if pair is None:
            yield self.missing(text, self.nearest(text.key))
        elif pair.source.text != text.source:
            yield self.stale(text, pair)
        elif not pair.own.text.strip():
            yield self.missing(text, pair.own.where)
        else:
            yield from self.other_figures(text, pair.own)
            own = replace(text, source=pair.own.text, where=pair.own.where)
            yield from wrong_forms([own], self.version, self.locale)

    def nearest(self, key: Key) -> Where:
        """Return the place of the innermost part of the file that a key leads through."""
        lengths = range(len(key), -1, -1)
        return next(place for end in lengths if (place := self.found.places.get(key[:end])))

    def missing(self, text: Text, where: Where) -> Finding:
        """Return the finding about a text without a translation."""
        *above, last = counted(text.key)
        return Finding(
            code="missing-translation",
            where=where,
            message=f"{text.name} isn't translated: `{text.source}`",
            hint=f"write it to `{self.locale.language}:`"
            if text.key in self.found.by_key
            else f"write `{last}:` with source and translation under `{': '.join(above)}:`; "
            f"`{self.command}` lays them out",
        )

    def stale(self, text: Text, pair: Pair) -> Finding:
        """Return the finding about a text that isn't any more what was translated."""
        return Finding(
            code="stale-translation",
            where=pair.source.where,
            message=f"{text.name} has changed since it was translated: "
            f"it was `{pair.source.text}`, it is `{text.source}`",
            hint=f"translate it anew; `{self.command}` lays it out",
        )

    def other_figures(self, text: Text, own: Scalar) -> Iterator[Finding]:
        """Yield the figures that only one of the two sides has."""
        ours, theirs = set(placeholders(own.text)), set(placeholders(text.source))
        for name in sorted(ours ^ theirs):
            side = "source" if name in theirs else "translation"
            yield Finding(
                code="lost-placeholder",
                where=own.where,
                message=f"{text.name}: only the {side} has `{{{name}}}`",
                hint="both must show the same figures",
            )

    @property
    def command(self) -> str:
        """The command that prints the file anew."""
        return f"refund translation {self.locale.language}"


def wrong_forms(
    sources: Iterable[Text], version: PolicyVersion, locale: Locale
) -> Iterator[Finding]:
    """Yield the grammatical forms of figures that a language doesn't have."""
    for text in sources:
        for found in PLACEHOLDER.finditer(text.source):
            if term := version.terms.get(found[1]):
                try:
                    locale.term(term, version.currency, found[2] or "")
                except LanguageError as error:
                    yield Finding(code="unknown-form", where=text.where, message=str(error))
