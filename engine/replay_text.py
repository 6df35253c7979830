"""A replay of history for people and for tools: as text, as Markdown, as JSON."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import compress

from .comparison_text import wrapped
from .markdown import escaped, table, with_code
from .model import PolicyVersion
from .replay import Example, Flow, Outputs, Part, Replay, Result, Sum, Sums

MOST_FLOWS = 10
MOST_VALUES = 30
HUNDRED, TENTH = 100, Decimal("0.1")
Row = tuple[str, ...]


def title(found: Replay) -> str:
    """Return what is compared, and on which cases."""
    old, new = found.old, found.new
    name = f"{old.name} {old.version}" if old.name != new.name else old.version
    draft = "" if new.in_force else " (a draft)"
    return f"{new.name} {name} → {new.version}{draft}: `{found.question}` on {found.data}"


def headline(found: Replay) -> str:
    """Return how many cases change, and what it comes to."""
    if not found.cases:
        return "There are no cases."
    many = f"{found.changed:,} of {found.cases:,} cases"
    verb = "changes" if found.changed == 1 else "change"
    told = [f"{many} {verb} ({share(found.changed, found.cases)})."]
    told += [
        f"`{name}`: {amount(item.difference, sign=True)} {currency(found)}."
        for name, item in found.sums.items()
        if item.difference and comparable(found)
    ]
    return " ".join(told)


def share(part: int, whole: int) -> str:
    """Return a share in percent, which is 0 or 100 only where none or all are meant.

    >>> share(1, 3), share(1, 100_000), share(99_999, 100_000), share(0, 5)
    ('33.3 %', 'less than 0.1 %', 'more than 99.9 %', '0 %')
    """
    if part in (0, whole):
        return "100 %" if part else "0 %"
    found = (Decimal(HUNDRED * part) / whole).quantize(TENTH)
    if found < TENTH:
        return "less than 0.1 %"
    return f"{found} %" if found < HUNDRED else "more than 99.9 %"


def amount(number: Decimal, *, sign: bool = False) -> str:
    """Return an amount with all its digits.

    >>> amount(Decimal("-1234.50")), amount(Decimal("3.00"), sign=True)
    ('-1,234.50', '+3.00')
    """
    return format(number, "+,f" if sign and number else ",f")


def currency(found: Replay) -> str:
    """Return the currency of both versions."""
    old, new = found.old.currency, found.new.currency
    return new if old == new else f"{old} → {new}"


def doubts(found: Replay) -> Iterator[str]:
    """Yield what to know about the data: facts that aren't in it, cases without a decision."""
    if found.absent:
        names = ", ".join(f"`{name}`" for name in found.absent)
        so = "so it is" if len(found.absent) == 1 else "so they are"
        yield f"No column holds {names}, {so} unknown in every case."
    old = sum(group.cases for group in found.groups if group.old.why)
    new = sum(group.cases for group in found.groups if group.new.why)
    if old or new:
        yield f"Without a decision: {old:,} cases before, {new:,} after."


# ---------------------------------------------------------------- tables


def head(found: Replay, first: Row) -> Row:
    """Return the head of a table: some columns, then three for each sum of money."""
    unit = currency(found)
    return (
        *first,
        *(
            word
            for name in found.sums
            for word in (f"{name} before ({unit})", f"after ({unit})", "difference")
        ),
    )


def sums(found: Sums, *, comparable: bool) -> Row:
    """Return cells with the money before and after, and the difference."""
    return tuple(cell for item in found.values() for cell in sum_cells(item, comparable=comparable))


def sum_cells(item: Sum, *, comparable: bool) -> Row:
    """Return the cells of one sum; amounts in two currencies have no difference."""
    difference = amount(item.difference, sign=True) if comparable else ""
    return amount(item.old), amount(item.new), difference


def comparable(found: Replay) -> bool:
    """Return whether amounts of both versions are in one currency."""
    return found.old.currency == found.new.currency


def flow_rows(found: Replay) -> list[Row]:
    """Return a row for each flow, the head first and all cases last."""
    same = comparable(found)
    rows = [
        (f"{flow.cases:,}", flow.old, after(flow), *sums(flow.sums, comparable=same))
        for flow in found.flows
    ]
    total = (f"{found.cases:,}", "all cases", "", *sums(found.sums, comparable=same))
    return [head(found, ("cases", "before", "after")), *rows, total]


def after(flow: Flow) -> str:
    """Return what becomes of cases: their outcome, or that it stays."""
    if not flow.changed:
        return "as before"
    return flow.new if flow.new != flow.old else f"{flow.new}, other outputs"


def part_rows(found: Replay) -> list[Row]:
    """Return a row for each value of the column, the head first; those that change most stay."""
    rows = [part_row(part, found) for part in told_parts(found)]
    return [head(found, (found.by or "", "cases", "change")), *rows]


def part_row(part: Part, found: Replay) -> Row:
    """Return the row of a value."""
    money = sums(part.sums, comparable=comparable(found))
    return value_words(part), f"{part.cases:,}", f"{part.changed:,}", *money


def value_words(part: Part) -> str:
    """Return the value that the cases of a part have in the column."""
    return "no value" if part.value is None else part.value


def told_parts(found: Replay) -> list[Part]:
    """Return the parts to tell, in the order of their values: those with most changes."""
    most = sorted(found.parts, key=lambda part: -part.changed)[:MOST_VALUES]
    return [part for part in found.parts if part in most]


def more_values(found: Replay) -> str:
    """Say how many values aren't told."""
    more = len(found.parts) - MOST_VALUES
    return f"And {more:,} more values. The JSON lists them all." if more > 0 else ""


# ---------------------------------------------------------------- examples


def changed(found: Replay) -> list[Flow]:
    """Return the flows of which examples are shown: those of most cases."""
    return [flow for flow in found.flows if flow.changed][:MOST_FLOWS]


def example_words(example: Example, found: Replay) -> str:
    """Return a case with what both versions say of it, on one line."""
    facts = ", ".join(f"`{name}` {value}" for name, value in example.facts.items())
    place = "row" if found.data.endswith(".parquet") else "line"
    old = answer_words(example.old, example.outputs[0], found.old, found.question)
    new = answer_words(example.new, example.outputs[1], found.new, found.question)
    return f"{place} {example.line}: {facts}: {old} → {new}"


def answer_words(result: Result, outputs: Outputs, version: PolicyVersion, question: str) -> str:
    """Return what a version says of a case, with its outputs."""
    types = {
        output.name: output.type
        for outcome in version.questions[question].outcomes
        if outcome.name == result.outcome
        for output in outcome.outputs
    }
    given = (
        f", {name} {value} {version.currency}"
        if types[name].kind == "money"
        else f", {name} {value}"
        for name, value in outputs.items()
    )
    return result.words + "".join(given)


def rule_words(flow: Flow) -> Iterator[str]:
    """Yield which rules decide the cases of a flow, before and after."""
    first = flow.groups[0]  # all groups of a flow have an outcome, or none has
    decided = [first.old.why is None, first.new.why is None]
    for rules, cases in flow.rules.items():
        if told := dict.fromkeys(f"`{rule}`" for rule in compress(rules, decided)):
            yield f"{cases:,} by {' → '.join(told)}"


def flow_title(flow: Flow) -> str:
    """Return a flow with how many cases it has."""
    return f"{flow.old} → {after(flow)}: {flow.cases:,} case{'s' * (flow.cases != 1)}"


def flow_lines(flow: Flow, found: Replay) -> list[str]:
    """Return what there is to tell of a flow: by which rules, and the first cases."""
    return [
        *rule_words(flow),
        *(example_words(example, found) for example in found.examples_of(flow)),
    ]


# ---------------------------------------------------------------- formats


def as_text(found: Replay) -> str:
    """Return the replay as lines for a terminal."""
    blocks = [f"{title(found)}\n{headline(found)}", *doubts(found)]
    blocks.append(aligned(flow_rows(found), left=(1, 2)))
    if found.by is not None:
        blocks += [aligned(part_rows(found), left=(0,)), more_values(found)]
    for flow in changed(found):
        lines = (f"  {line}" for line in flow_lines(flow, found))
        blocks.append("\n".join([flow_title(flow), *wrapped(lines)]))
    return "\n\n".join(block for block in blocks if block)


def aligned(rows: Sequence[Row], left: Sequence[int]) -> str:
    """Return rows in columns; those in `left` stand left, the others right."""
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            f"{cell:<{width}}" if at in left else f"{cell:>{width}}"
            for at, (cell, width) in enumerate(zip(row, wide, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def as_markdown(found: Replay) -> str:
    """Return the replay as a page."""
    return "\n\n".join([f"## {with_code(title(found))}", *tables(found), *flow_items(found)])


def tables(found: Replay) -> Iterator[str]:
    """Yield the parts of a page that tell how many cases change, and how much money."""
    yield f"**{with_code(headline(found))}**"
    yield from map(with_code, doubts(found))
    yield marked(flow_rows(found))
    if found.by is not None:
        yield marked(part_rows(found))
        yield from filter(None, [more_values(found)])


def flow_items(found: Replay) -> Iterator[str]:
    """Yield the parts of a page that tell by which rules cases change, with examples."""
    for flow in changed(found):
        lines = (f"- {with_code(line)}" for line in flow_lines(flow, found))
        yield "\n".join([f"#### {escaped(flow_title(flow))}", "", *lines])


def marked(rows: Sequence[Row]) -> str:
    """Return rows as a table of Markdown."""
    first, *others = [tuple(map(escaped, row)) for row in rows]
    return table(first, others)


def as_json(found: Replay) -> str:
    """Return the replay as JSON."""
    return json.dumps(found.as_json(), indent=2, ensure_ascii=False)


FORMATS: Mapping[str, Callable[[Replay], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
}
