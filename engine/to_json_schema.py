"""A question → the JSON Schema of its cases, for services and forms."""

from typing import Any

from .model import Fact, PolicyVersion, Question

DATE = (
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"([Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?"
    r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))?$"
)


def to_json_schema(version: PolicyVersion, question: Question) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a case of one question.

    It holds what can be said of each fact alone. How facts must fit together (`always`), and how
    many digits an amount has that is written as a number, is checked when a case is decided. No
    fact is required: an unknown one is left out.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{version.name}.{question.name}.case.schema.json",
        "title": question.asks or question.name,
        "description": f"A case for {question.name}, {version.name} {version.version}.",
        "type": "object",
        "properties": {fact.name: fact_schema(fact) for fact in question.facts},
        "additionalProperties": False,
    }


def fact_schema(fact: Fact) -> dict[str, Any]:
    """Return the schema of one fact's values."""
    about = {"title": fact.label, "description": fact.ask}
    match fact.type.kind:
        case "yes_no":
            return {**about, "enum": [True, False, "yes", "no"]}
        case "choice":
            return {**about, "enum": list(fact.type.options)}
        case "date":
            return {**about, "type": "string", "pattern": DATE}
        case "whole_number":
            return {**about, "type": "integer"}
        case _:
            return {**about, **exact_number(fact.type.scale)}


def exact_number(scale: int) -> dict[str, Any]:
    """Return the schema of a decimal number or an amount, as text or as a number."""
    digits = rf"(\.[0-9]{{1,{scale}}})?" if scale else ""
    return {"type": ["string", "number"], "pattern": rf"^-?(0|[1-9][0-9]{{0,17}}){digits}$"}
