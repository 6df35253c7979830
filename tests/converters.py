"""Decision tables of other people → policies in our language, for the tests alone."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from refund_policy.engine.decide import decide
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion

Part = Any  # a part of a policy as JSON
OTHER = "<other>"  # any text that a table doesn't mention
SCALE = 4
COMPARISON = re.compile(r"(<=|>=|!=|<|>)?\s*(.+)")
INTERVAL = re.compile(r"([\[(])(.+)\.\.(.+)([\])])")
WORDS = {">=": "at_least", "<=": "at_most", ">": "more_than", "<": "less_than", "!=": "is_not"}
FOR_DATES = {
    "at_least": "on_or_after",
    "at_most": "on_or_before",
    "more_than": "after",
    "less_than": "before",
}
KINDS = {
    "number": "number",
    "dayTimeDuration": "number",  # whole hours
    "yearMonthDuration": "number",  # months
    "date": "date",
    "bool": "yes_no",
    "boolean": "yes_no",
}


def corpus(name: str) -> Path:
    """Return a folder of the corpus; skips the test where there is none."""
    if "CORPUS" not in os.environ:
        pytest.skip("CORPUS names no folder with tables and cases by other people")
    return Path(os.environ["CORPUS"]) / name


def fact_name(text: str) -> str:
    """Return a column's name as ours.

    >>> fact_name("policy.vehicleAge"), fact_name("Years of Service")
    ('policy_vehicle_age', 'years_of_service')
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


# ---------------------------------------------------------------- cells


def alternatives(cell: str, kind: str) -> list[Part]:
    """Return our cells, one of which must hold: a comma between comparisons means or.

    >>> alternatives("> 5 and <= 8, 12", "number")
    [{'more_than': 5, 'at_most': 8}, {'is': 12}]
    """
    if cell in ("", "-"):
        return ["any"]
    if re.match("[\"']", cell):
        return [quoted(cell)]
    return [joined(part, kind) for part in re.split(r",\s*(?![^()\[\]]*[)\]])", cell)]


def quoted(cell: str) -> list[str]:
    """Return the texts that stand in quotes."""
    return [double or single for double, single in re.findall("\"([^\"]*)\"|'([^']*)'", cell)]


def joined(part: str, kind: str) -> Part:
    """Return the comparisons of an interval, or of several with `and` between them."""
    if found := INTERVAL.fullmatch(part):
        opening, low, high, closing = found.groups()
        part = f"{'>=' if opening == '[' else '>'}{low} and {'<=' if closing == ']' else '<'}{high}"
    return dict(compared(piece, kind) for piece in part.split(" and "))


def compared(piece: str, kind: str) -> tuple[str, Part]:
    """Return a comparison's word and its right side."""
    if found := re.fullmatch(r"not\((.+)\)", piece):
        return "is_not", operand(found[1])
    sign, right = COMPARISON.fullmatch(piece.strip()).groups()  # type: ignore[union-attr]
    word = WORDS.get(sign, "is")
    return (FOR_DATES.get(word, word) if kind == "date" else word), operand(right)


def operand(text: str) -> Part:
    """Return a number, a yes or no, a text, a date or the name of a fact."""
    if found := re.fullmatch(r"date\(\"(.+)\"\)|\"(.+)\"|'(.+)'", text):
        return next(group for group in found.groups() if group)
    try:
        return json.loads(text.replace("_", ""))
    except ValueError:
        return fact_name(text)


# ---------------------------------------------------------------- facts


def fact(kind: str, mentioned: Iterable[str] = ()) -> Part:
    """Return a fact of a kind; one of text is a choice of the values mentioned."""
    match KINDS.get(kind, "choice"):
        case "number":
            return {"type": "decimal", "scale": SCALE}
        case "choice":
            return {"type": "choice", "options": dict.fromkeys([*mentioned, OTHER], "a value")}
        case simple:
            return {"type": simple}


def mentioned(cells: Iterable[str]) -> dict[str, None]:
    """Return the texts that a column's cells name, none twice."""
    return dict.fromkeys(text for cell in cells for text in quoted(cell))


def version_of(
    facts: Mapping[str, Part],
    question: Mapping[str, Part],
    measures: Mapping[str, Part] | None = None,
) -> PolicyVersion:
    """Return a policy of these facts and one question, read as the YAML of a file is."""
    policy = {
        "language": 1,
        "policy": "converted",
        "version": "1.0.0",
        "in_force": "draft",
        "facts": facts,
        "measures": measures or {},
        "questions": {"converted": question},
    }
    return load_text(json.dumps(policy), "converted.yaml")[0]


def answer(version: PolicyVersion, given: Mapping[str, object]) -> Any:  # noqa: ANN401
    """Decide a case; of what is given, the question's own facts count."""
    (question,) = version.questions.values()
    known = {}
    for found in question.facts:
        value = given[found.name]
        other = found.type.kind == "choice" and value not in found.type.options
        known[found.name] = OTHER if other else value
    return decide(version, question, known)


# ---------------------------------------------------------------- tables of ZEN


def zen_version(table: Mapping[str, Part]) -> PolicyVersion:
    """Return a table of ZEN as a policy whose outcome is `row_1`, `row_2`, …"""
    inputs = [item["field"] for item in table["inputs"]]
    kinds = [item["type"] for item in table["inputs"]]
    columns = list(zip(*(row["when"] for row in table["rules"]), strict=True))
    facts = {
        fact_name(name): fact(kind, mentioned(cells))
        for name, kind, cells in zip(inputs, kinds, columns, strict=True)
    }
    rows = {
        name: {"when": cells, "outcome": f"row_{number}"}
        for number, row in enumerate(table["rules"], 1)
        for name, cells in split_row(f"row_{number}", row["when"], kinds)
    }
    outcomes: dict[str, Part] = {
        f"row_{number}": {} for number in range(1, len(table["rules"]) + 1)
    }
    converted = {"columns": list(facts), "pick": "first", "rows": rows}
    return version_of(facts, {"outcomes": outcomes, "tables": {"converted": converted}})


def split_row(
    name: str, cells: Sequence[str], kinds: Sequence[str]
) -> Iterator[tuple[str, list[Part]]]:
    """Yield a row for each choice among the alternatives of its cells."""
    ways = [alternatives(cell, kind) for cell, kind in zip(cells, kinds, strict=True)]
    for number, way in enumerate(product(*ways)):
        yield (f"{name}_or_{number}" if number else name), list(way)


# ---------------------------------------------------------------- tables of DMN

FOUND = "found"  # the one outcome, with the table's outputs
DEFAULT = "default"  # the rule that every row overrides
AGGREGATES = {"SUM": "plus", "COUNT": "plus", "MAX": "greatest", "MIN": "least"}


def dmn_version(table: Mapping[str, Part], texts: Sequence[str] = ()) -> PolicyVersion:
    """Return a table of DMN as a policy; `texts` are options of the columns that name none."""
    kinds = [item["type"] for item in table["inputs"]]
    names = [fact_name(item["expr"]) for item in table["inputs"]]
    columns = list(zip(*(row["when"] for row in table["rules"]), strict=True))
    facts: dict[str, Part] = {}
    for name, kind, item, cells in zip(names, kinds, table["inputs"], columns, strict=True):
        found = fact(kind, item["enum"] or mentioned(cells) or texts)
        facts |= dict.fromkeys([name, *named(cells, kind)], found)
    question = {"outcomes": {FOUND: {"outputs": outputs(table)}}, **defaults(table)}
    if table["aggregation"]:
        question["rules"] |= {"aggregate": aggregate(table, names, kinds)}
    else:
        question["tables"] = {"converted": {"columns": names, **rows(table, kinds)}}
    return version_of(facts, question)


def named(cells: Iterable[str], kind: str) -> Iterator[str]:
    """Yield the facts that a column's cells compare it with; texts stand in lists."""
    for cell in cells:
        for part in alternatives(cell, kind):
            rights = part.values() if isinstance(part, dict) else ()
            yield from (right for right in rights if re.match("[a-z]", str(right)))


def output_name(output: Mapping[str, Part]) -> str:
    """Return an output's name; the only output of a table often has none."""
    return fact_name(output["name"]) or "result"


def outputs(table: Mapping[str, Part]) -> dict[str, Part]:
    """Return the outputs of a table, each with its type."""
    columns = zip(*(row["then"] for row in table["rules"]), strict=True)
    return {
        output_name(output): output_type([*map(result, (*column, output["default"]))])
        for output, column in zip(table["outputs"], columns, strict=True)
    }


def output_type(values: Sequence[Part]) -> Part:
    """Return the type of an output that has these values; None is no default."""
    if isinstance(values[0], bool):
        return {"type": "yes_no"}
    if isinstance(values[0], str):
        return {"type": "choice", "options": dict.fromkeys(filter(None, values), "a value")}
    return {"type": "decimal", "scale": SCALE}


def result(cell: str) -> Part:
    """Return an output's value: a number, yes or no, a text, or an expression as it stands."""
    try:
        return json.loads(cell) if cell else None
    except ValueError:
        return cell


def defaults(table: Mapping[str, Part]) -> Part:
    """Return the rule that gives a table's default outputs, where it has such."""
    given = {output_name(out): result(out["default"]) for out in table["outputs"]}
    if None in given.values():
        return {"rules": {}} if table["aggregation"] else {}
    return {"rules": {DEFAULT: {"outcome": FOUND, **given}}}


def rows(table: Mapping[str, Part], kinds: Sequence[str]) -> Part:
    """Return the rows of a table by its hit policy."""
    split = [
        (name, position, cells)
        for position, row in enumerate(table["rules"])
        for name, cells in split_row(f"row_{position + 1}", row["when"], kinds)
    ]
    ranks = [rank(table, row) for row in table["rules"]]
    found = {}
    for name, position, cells in split:
        given = zip(table["outputs"], table["rules"][position]["then"], strict=True)
        found[name] = {"when": cells, **{output_name(out): result(cell) for out, cell in given}}
        if beaten := [other for other, at, _ in split if ranks[at] > ranks[position]]:
            found[name]["overrides"] = beaten
    pick = "first" if table["hit_policy"] == "FIRST" else "only"
    overrides = {"overrides": [DEFAULT]} if defaults(table) else {}
    return {"pick": pick, "outcome": FOUND, **overrides, "rows": found}


def rank(table: Mapping[str, Part], row: Mapping[str, Part]) -> int:
    """Return where a row's first output stands among a PRIORITY table's values."""
    if table["hit_policy"] != "PRIORITY":
        return 0
    return quoted(table["outputs"][0]["order"]).index(result(row["then"][0]))


def aggregate(table: Mapping[str, Part], names: Sequence[str], kinds: Sequence[str]) -> Part:
    """Return the rule that joins the values of all rows that hold.

    A row that doesn't hold counts as nought in a sum, as the largest value in a minimum.
    """
    way = table["aggregation"]
    values = [1 if way == "COUNT" else result(row["then"][0]) for row in table["rules"]]
    absent = max(values) if way == "MIN" else 0
    holds = [row_condition(row["when"], names, kinds) for row in table["rules"]]
    items = [
        {"if": when, "then": value, "else": absent}
        for when, value in zip(holds, values, strict=True)
    ]
    overrides = {"overrides": [DEFAULT]} if defaults(table)["rules"] else {}
    total = {AGGREGATES[way]: items}
    return {"when": {"any": holds}, "outcome": FOUND, **overrides, "result": total}


def row_condition(cells: Sequence[str], names: Sequence[str], kinds: Sequence[str]) -> Part:
    """Return the condition that a row's cells make together."""
    return {
        "all": [
            {"any": [{name: as_comparison(part)} for part in alternatives(cell, kind)]}
            for name, kind, cell in zip(names, kinds, cells, strict=True)
            if cell != "-"
        ]
    }


def as_comparison(part: Part) -> Part:
    """Return a cell as a comparison."""
    return {"one_of": part} if isinstance(part, list) else part
