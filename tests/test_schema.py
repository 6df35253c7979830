"""The JSON Schemas: valid, explained, and of one mind with the engine."""

import json
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from refund_policy import CaseError, load
from refund_policy.engine.source import plain, read
from refund_policy.engine.suite import Example, examples
from refund_policy.engine.to_json_schema import to_json_schema

ROOT = Path(__file__).parent.parent
SCHEMAS = sorted((ROOT / "schema").glob("*.json"))
POLICY = json.loads((ROOT / "schema/policy.schema.json").read_text("utf-8"))
REFUND = ROOT / "policies/refund/1.0.0"


def nodes(schema: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every part of a schema that describes a value, with its path."""
    if isinstance(schema, dict):
        yield path, schema
        for key, part in schema.items():
            if key not in ("examples", "enum", "const", "required"):
                yield from nodes(part, f"{path}/{key}")
    elif isinstance(schema, list):
        for position, part in enumerate(schema):
            yield from nodes(part, f"{path}/{position}")


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.name)
def test_schemas_are_valid(file: Path) -> None:
    Draft202012Validator.check_schema(json.loads(file.read_text("utf-8")))


def test_every_key_of_the_language_is_explained_to_editors() -> None:
    unexplained = [
        f"{path}/{key}"
        for path, node in nodes(POLICY)
        for key, part in node.get("properties", {}).items()
        if path.rpartition("/")[2] != "if" and not explained(part)
    ]
    assert unexplained == []


def explained(part: dict[str, Any]) -> bool:
    """Whether an editor has something to show for a part of the schema."""
    whole = {**target(part), **part}
    return "title" in whole and "description" in whole


def target(part: dict[str, Any]) -> dict[str, Any]:
    """The part of the schema that another one refers to; what it refers to itself included."""
    if "$ref" not in part:
        return {}
    found: dict[str, Any] = reduce(dict.__getitem__, part["$ref"].split("/")[1:], POLICY)
    return {**target(found), **found}


def test_examples_in_the_schema_fit_their_place() -> None:
    for path, node in nodes(POLICY):
        schema = {**{k: v for k, v in node.items() if k != "$id"}, "$defs": POLICY["$defs"]}
        for example in node.get("examples", ()):
            errors = list(Draft202012Validator(schema).iter_errors(example))
            assert not errors, (path, example)


@pytest.mark.parametrize("name", ["policy", "cases"])
def test_a_plain_validator_accepts_the_real_files(name: str) -> None:
    schema = json.loads((ROOT / f"schema/{name}.schema.json").read_text("utf-8"))
    node, findings = read((REFUND / f"{name}.yaml").read_bytes(), name)
    assert node
    assert not findings
    assert not list(Draft202012Validator(schema).iter_errors(plain(node)))


def case_validity() -> Iterator[tuple[Example, bool]]:
    """Yield every case of the refund policy with whether its schema accepts it."""
    policy = load(ROOT / "policies")
    version = policy.version("1.0.0")
    for example in examples(version):
        schema = to_json_schema(version, version.questions[example.question])
        yield example, Draft202012Validator(schema).is_valid(example.facts)


def test_the_schema_of_a_case_accepts_what_can_be_decided() -> None:
    policy = load(ROOT / "policies")
    for example, valid in case_validity():
        try:
            policy.decide(example.question, example.facts, version="1.0.0")
        except CaseError:
            continue
        assert valid, example.name


def test_the_schema_of_a_case_refuses_wrong_types_and_names() -> None:
    wrong = ("is no fact", "is none of", "is neither", "is no whole number")
    found = 0
    for example, valid in case_validity():
        if any(words in str(example.expect.get("error", "")) for words in wrong):
            found += 1
            assert not valid, example.name
    assert found >= 2
