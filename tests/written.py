"""The text of a generated policy: a line for each fact, term and rule."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

Data = dict[str, Any]

OUTCOMES: Data = {
    "declined": {},
    "exchanged": {},
    "refunded": {"outputs": {"amount": "money"}},
    "reviewed": {"outputs": {"answer_by": "date"}},
}


def policy_text(parts: Mapping[str, Data], always: Sequence[Data], rules: Data) -> str:
    """Return a policy of one question, `ask`; `parts` are its terms, facts and so on."""
    lines = [
        "language: 1",
        "policy: generated",
        "version: 1.0.0",
        "in_force: {from: beginning}",
        "currency: USD",
        *(line for name, entries in parts.items() for line in section(name, entries)),
        "always:",
        *(f"  - {flow(item)}" for item in always),
        "questions:",
        "  ask:",
        f"    outcomes: {flow(OUTCOMES)}",
        "    rules:",
        *(f"      {name}: {flow(rule)}" for name, rule in rules.items()),
    ]
    return "\n".join([*lines, ""])


def section(name: str, entries: Mapping[str, Any]) -> list[str]:
    """Return one part of a policy in lines, or none when it is empty."""
    lines = [f"  {key}: {flow(value)}" for key, value in entries.items()]
    return [f"{name}:", *lines] if lines else []


def flow(data: Any) -> str:  # noqa: ANN401 - YAML
    """Return data as YAML in one line."""
    match data:
        case dict():
            return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in data.items()) + "}"
        case list():
            return "[" + ", ".join(map(flow, data)) + "]"
        case str() if re.search(r"[{}:,\[\]#]", data):
            return json.dumps(data)
        case bool():
            return "yes" if data else "no"
        case _:
            return str(data)
