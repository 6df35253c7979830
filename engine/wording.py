"""What changes in words from one version to another: sentences, figures, and the names of things.

A sentence changes when its source does, or when a term in it has another figure: then the customer
reads something else, although the source is the same. What a change means for cases is not here:
see `compare`.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any as Json
from typing import Literal, TypeVar

from .errors import Where
from .model import Outcome, PolicyVersion, Question, Type
from .renamed import renamed, renamed_in
from .spoken import Key, Sentence, called, places_of, sentences

Name = TypeVar("Name", bound=Hashable)
How = Literal["new", "dropped", "changed"]
SETTINGS = ("in_force", "time_zone", "currency", "business_days")


@dataclass(frozen=True, slots=True)
class Reworded:
    """A sentence that is new, dropped or changed; `name` says whose it is."""

    name: str
    old: Sentence | None
    new: Sentence | None

    @property
    def how(self) -> How:
        """What became of the sentence."""
        return how(self.old, self.new)

    @property
    def by_terms(self) -> bool:
        """Whether it reads differently only because a term in it has another figure."""
        return bool(self.old and self.new and self.old.source == self.new.source)

    def as_json(self) -> dict[str, object]:
        """Return the sentence as it stands in JSON."""
        return {
            "name": self.name,
            "how": self.how,
            "by_terms": self.by_terms,
            "old": self.old.text if self.old else None,
            "new": self.new.text if self.new else None,
            "old_where": str(self.old.where) if self.old else None,
            "new_where": str(self.new.where) if self.new else None,
        }


@dataclass(frozen=True, slots=True)
class Changed:
    """A thing that is new, dropped or changed: its kind, its name, and how it was and is written.

    A rule under a new name is `changed`, from the old name to the new one.
    """

    kind: str
    name: str
    old: str | None
    new: str | None
    old_where: Where | None
    new_where: Where | None

    @property
    def how(self) -> How:
        """What became of it."""
        return how(self.old, self.new)

    def as_json(self) -> dict[str, object]:
        """Return the thing as it stands in JSON."""
        return {
            "kind": self.kind,
            "name": self.name,
            "how": self.how,
            "old": self.old,
            "new": self.new,
            "old_where": str(self.old_where) if self.old_where else None,
            "new_where": str(self.new_where) if self.new_where else None,
        }


@dataclass(frozen=True, slots=True)
class Wording:
    """All that changes in words from one version to another, in the order of the newer file."""

    sentences: tuple[Reworded, ...]
    things: tuple[Changed, ...]

    def __bool__(self) -> bool:
        return bool(self.sentences or self.things)

    def as_json(self) -> dict[str, object]:
        """Return all changes as they stand in JSON."""
        return {
            "sentences": [item.as_json() for item in self.sentences],
            "things": [item.as_json() for item in self.things],
        }


def how(old: object, new: object) -> How:
    """Return what became of a thing that was `old` and is `new`; None is absent."""
    return "new" if old is None else "dropped" if new is None else "changed"


def wording(old: PolicyVersion, new: PolicyVersion) -> Wording:
    """Return what changes in words from one version to another."""
    names = renamed(old, new)
    things = (
        *settings(old, new),
        *paired("term", old.terms, new.terms, lambda term: term.text),
        *paired("fact", old.facts, new.facts, lambda fact: type_words(fact.type)),
        *options(old, new),
        *paired("question", old.questions, new.questions, lambda _: ""),
        *(
            item
            for name in both(old.questions, new.questions)
            for item in answers(name, old, new, names)
        ),
    )
    return Wording(tuple(reworded(old, new, names)), tuple(things))


# ---------------------------------------------------------------- sentences


def reworded(
    old: PolicyVersion, new: PolicyVersion, names: Mapping[Key, Key]
) -> Iterator[Reworded]:
    """Yield the sentences that differ; one that only stands elsewhere now reads as before."""
    before = {renamed_in(key, names): item for key, item in sentences(old)}
    after = dict(sentences(new))
    gone = {item.both for key, item in before.items() if key not in after}
    come = {item.both for key, item in after.items() if key not in before}
    for key in in_turn(after, before):
        read = {item.both for item in (before.get(key), after.get(key)) if item}
        stays = len(read) == 1 and key in before and key in after
        if not stays and not read <= gone & come:
            yield Reworded(called(key), before.get(key), after.get(key))


# ---------------------------------------------------------------- things with a name


def paired(
    kind: str, old: Mapping[str, Json], new: Mapping[str, Json], text: Callable[[Json], str]
) -> Iterator[Changed]:
    """Yield the things that only one side has, or that are written differently."""
    for name in in_turn(new, old):
        was, now = old.get(name), new.get(name)
        before, after = (None if item is None else text(item) for item in (was, now))
        if before != after:
            yield Changed(
                kind, name, before, after, getattr(was, "where", None), getattr(now, "where", None)
            )


def settings(old: PolicyVersion, new: PolicyVersion) -> Iterator[Changed]:
    """Yield what changes at the top of the file."""
    for name in SETTINGS:
        was, now = (flow(item.content.get(name)) for item in (old, new))
        if was != now:
            yield Changed("setting", name, was, now, *(place(item, name) for item in (old, new)))


def place(version: PolicyVersion, name: str) -> Where | None:
    """Return where a version has a setting."""
    return next((where for key, where in places_of(version) if key == (name,)), None)


def flow(content: object) -> str | None:
    """Return a part of a policy on one line, as an editor would write it.

    >>> flow({"from": "2026-01-01", "when": {"not": "member"}})
    '{from: 2026-01-01, when: {not: member}}'
    """
    match content:
        case None | str():
            return content
        case Mapping():
            inner = ", ".join(f"{name}: {flow(part)}" for name, part in content.items())
            return f"{{{inner}}}"
        case list():
            return f"[{', '.join(str(flow(part)) for part in content)}]"
        case _:
            return str(content)


def type_words(type_: Type) -> str:
    """Return a type in a few words; a choice without its options.

    >>> type_words(Type("decimal", scale=2))
    'decimal with 2 digits'
    """
    digits = f" with {type_.scale} digits" if type_.kind == "decimal" else ""
    return f"{type_.kind}{digits}"


def options(old: PolicyVersion, new: PolicyVersion) -> Iterator[Changed]:
    """Yield the options that choices gain and lose."""
    for name in both(old.facts, new.facts):
        was, now = old.facts[name], new.facts[name]
        if was.type.kind == now.type.kind == "choice":
            for option in in_turn(was.type.options, now.type.options):
                before, after = (
                    option if option in item.type.options else None for item in (was, now)
                )
                if before != after:
                    yield Changed(
                        "option", f"{name}: {option}", before, after, was.where, now.where
                    )


def answers(
    name: str, old: PolicyVersion, new: PolicyVersion, names: Mapping[Key, Key]
) -> Iterator[Changed]:
    """Yield the outcomes, outputs and rules that a question gains and loses."""
    was, now = old.questions[name], new.questions[name]
    yield from paired(
        "outcome", by_name(name, was.outcomes), by_name(name, now.outcomes), lambda _: ""
    )
    yield from paired(
        "output", outputs(was, now), outputs(now, was), lambda item: type_words(item.type)
    )
    new_names = {key[-1]: to[-1] for key, to in names.items() if key[1] == name}
    before = {new_names.get(rule.name, rule.name): rule for rule in was.rules}
    after = {rule.name: rule for rule in now.rules}
    for rule in in_turn(after, before):
        one, other = before.get(rule), after.get(rule)
        if one and other and one.name == other.name:
            continue
        yield Changed(
            kind="rule",
            name=f"{name}: {rule}",
            old=one.name if one else None,
            new=other.name if other else None,
            old_where=one.where if one else None,
            new_where=other.where if other else None,
        )


def by_name(question: str, outcomes: Iterable[Outcome]) -> dict[str, Outcome]:
    """Return outcomes by the name of their question and their own."""
    return {f"{question}: {item.name}": item for item in outcomes}


def outputs(question: Question, other: Question) -> dict[str, Json]:
    """Return the outputs of the outcomes that another version of the question has too."""
    known = {item.name for item in other.outcomes}
    return {
        f"{question.name}: {item.name}: {output.name}": output
        for item in question.outcomes
        for output in item.outputs
        if item.name in known
    }


def in_turn(first: Iterable[Name], second: Iterable[Name]) -> tuple[Name, ...]:
    """Return the names of both sides, none twice."""
    return tuple(dict.fromkeys((*first, *second)))


def both(first: Mapping[str, object], second: Mapping[str, object]) -> Sequence[str]:
    """Return the names that both sides have."""
    return [name for name in first if name in second]
