"""What changes in words, for people: as text, and as Markdown with old and new side by side."""

from collections.abc import Iterator

from .errors import Where
from .markdown import code, escaped, side_by_side, table, with_code
from .wording import Changed, Reworded, Wording


def as_text(found: Wording) -> str:
    """Return a block for each change, the sentences first."""
    blocks = [*map(sentence_lines, found.sentences), *map(thing_line, found.things)]
    return "\n".join(blocks)


def sentence_lines(item: Reworded) -> str:
    """Return a sentence's name and places, and how it was and is read."""
    was = [f"  - {item.old.text}"] if item.old else []
    now = [f"  + {item.new.text}"] if item.new else []
    places = " → ".join(str(side.where) for side in (item.old, item.new) if side)
    return "\n".join([f"{item.name} {became(item)} ({places})", *was, *now])


def became(item: Reworded) -> str:
    """Return what became of a sentence, in words."""
    if item.by_terms:
        return "reads differently, by a term"
    return {"new": "is new", "dropped": "is dropped", "changed": "is changed"}[item.how]


def thing_line(item: Changed) -> str:
    """Return a line about a thing that is new, dropped or changed."""
    place = item.new_where or item.old_where
    return f"{thing_words(item)} ({place})" if place else thing_words(item)


def thing_words(item: Changed) -> str:
    """Return what became of a thing, in words."""
    name = f"{item.kind} `{item.name}`"
    match item.how:
        case "changed" if item.kind == "rule":
            return f"{name} was called `{item.old}`"
        case "changed":
            return f"{name}: {item.old} → {item.new}"
        case "new" | "dropped":
            value = item.new if item.how == "new" else item.old
            told = (
                f": {value}" if value and item.kind in ("term", "fact", "output", "setting") else ""
            )
            return f"{name} is {item.how}{told}"


def as_markdown(found: Wording) -> str:
    """Return two tables, of the sentences and of the rest; nothing where nothing changes."""
    parts = []
    if found.sentences:
        rows = (sentence_row(item) for item in found.sentences)
        parts.append(table(("Sentence", "Old", "New"), rows))
    if found.things:
        things = (thing_row(item) for item in found.things)
        parts.append(table(("Name", "Old", "New"), things))
    return "\n\n".join(parts)


def sentence_row(item: Reworded) -> tuple[str, ...]:
    """Return a sentence as a row: whose it is, with its place, and the two readings."""
    old, new = (side.text if side else "" for side in (item.old, item.new))
    side = item.new or item.old
    assert side
    return f"{with_code(item.name)}<br>{placed(side.where)}", *side_by_side(old, new)


def placed(where: Where) -> str:
    """Return a place, small."""
    return f"<sub>{escaped(f'{where.file}:{where.line}')}</sub>"


def thing_row(item: Changed) -> tuple[str, ...]:
    """Return a thing as a row."""
    return f"{item.kind} {code(item.name)}", *cells(item)


def cells(item: Changed) -> Iterator[str]:
    """Yield how a thing was and is; where it is only there or not, in a word."""
    match item.how:
        case "changed":
            yield from side_by_side(item.old or "", item.new or "")
        case "new":
            yield from ("", f"**{escaped(item.new or '')}**" if item.new else "**new**")
        case "dropped":
            yield from (f"~~{escaped(item.old or '')}~~" if item.old else "~~dropped~~", "")
