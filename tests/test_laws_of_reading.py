"""Laws of reading: any text is a policy or has findings, and the digest is that of the content."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from completions import law
from generate import DOMAINS, Data, policies, shuffled, text
from hypothesis import assume, given
from hypothesis import strategies as st

from refund_policy.engine.conditions import WORDS
from refund_policy.engine.errors import (
    SourceError,
)
from refund_policy.engine.load import load_text
from refund_policy.engine.model import PolicyVersion

POLICY = Path(__file__).parent.parent / "policies" / "refund" / "1.0.0" / "policy.yaml"


@law(100)
@given(st.data())
def test_the_digest_is_that_of_the_content(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, _ = load_text(text(policy), "small.yaml")
    other, _ = load_text(restyled(data.draw(shuffled(policy, ("rows",))), data), "other.yaml")
    assert other.digest == version.digest
    assert other.content == version.content


def restyled(policy: Data, data: st.DataObject) -> str:
    """Write a policy as someone else would: indented, in blocks, with comments."""
    indent = data.draw(st.sampled_from([None, 1, 2, 4]))
    if indent is None:
        return "# A comment.\n" + text(policy)
    if data.draw(st.booleans()):
        return "\n".join(f"{line}  # here" for line in text(policy, indent).splitlines())
    return block(policy)


def block(value: Any, depth: int = 0) -> str:  # noqa: ANN401 - JSON
    """Write data in YAML's block style."""
    if isinstance(value, dict) and value:
        return "".join(
            f"\n{'  ' * depth}{key}: {block(inner, depth + 1)}" for key, inner in value.items()
        )
    if isinstance(value, list) and value:
        return "".join(f"\n{'  ' * depth}- {block(inner, depth + 1)}" for inner in value)
    if (
        isinstance(value, str)
        and re.fullmatch("[a-z][a-z_]+", value)
        and value not in WORDS_OF_YAML
    ):
        return value
    return f"'{value}'" if isinstance(value, str) and "'" not in value else json.dumps(value)


WORDS_OF_YAML = ("true", "false", "null")


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    """Yield the way to every value that holds no others."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if (isinstance(value, list))
        else ()
    )
    if not isinstance(value, dict | list):
        yield path
    for key, part in inner:
        yield from leaves(part, (*path, key))


@law(100)
@given(st.data())
def test_the_digest_differs_when_a_value_does(data: st.DataObject) -> None:
    policy = data.draw(policies())
    version, _ = load_text(text(policy), "small.yaml")
    way = data.draw(st.sampled_from([*leaves(policy)]))
    other = json.loads(json.dumps(policy))
    place: Any = other
    for step in way[:-1]:
        place = place[step]
    new = data.draw(st.sampled_from([*DOMAINS["date"], "red", "yes", "1 day", 1, 2, 0.1, True]))
    assume(json.dumps(place[way[-1]]) != json.dumps(new))
    place[way[-1]] = new
    try:
        changed, _ = load_text(text(other), "small.yaml")
    except SourceError:
        return
    assert changed.digest != version.digest


def assert_well_reported(source: str | bytes) -> None:
    """Assert that reading a text gives a policy with all its parts, or findings one can act on."""
    try:
        version, findings = load_text(source, "p.yaml")
    except SourceError as error:
        findings = error.findings
        assert any(finding.severity == "error" for finding in findings)
    else:
        assert_complete(version)
    lines = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    last = re.split("\r\n|[\r\n]", lines)
    for finding in findings:
        where = finding.where
        assert where.file == "p.yaml"
        assert 1 <= where.line <= len(last)
        assert 1 <= where.column <= len(last[where.line - 1].removeprefix("\ufeff")) + 1
        assert finding.message
        assert re.match(r"[^A-Z]|U\+", finding.message)
        assert "\n" not in str(finding)
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", finding.code)
    assert len(set(findings)) == len(findings)
    places = [(finding.where, finding.message) for finding in findings]
    assert len(set(places)) == len(places)


def assert_complete(version: PolicyVersion) -> None:
    """Assert that nothing of the file was left out."""
    content: Any = version.content
    for section in ("terms", "facts", "measures", "conditions", "questions"):
        assert sorted(getattr(version, section)) == sorted(content.get(section, ()))
    assert len(version.notes) == len(content.get("notes", ()))
    for name, question in version.questions.items():
        written = content["questions"][name]
        rows = sum(len(table["rows"]) for table in written.get("tables", {}).values())
        assert len(question.rules) == len(written.get("rules", ())) + rows
        assert len(question.outcomes) == len(written["outcomes"])
        assert len(question.always) >= len(written.get("always", ()))


@law(200)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_any_text_is_a_policy_or_has_findings(source: str | bytes) -> None:
    assert_well_reported(source)


TOP = ["language", "policy", "version", "in_force", "facts", "terms", "measures", "conditions"]
TOP += ["questions", "always", "notes", "currency", "business_days", "time_zone", "title"]
WORDS_TO_USE = ["red", "type", "when", "all", "any", "not", "is", "outcome", "rules", "1 day", "0"]
WORDS_TO_USE += ["label", "else", "from", "days", "choose", "if", "date", "2026-02-30", "3 USD"]
json_like = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=8),
        st.sampled_from(WORDS_TO_USE),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(WORDS_TO_USE), st.text(max_size=4)), inner),
    ),
    max_leaves=20,
)


@law(200)
@given(st.dictionaries(st.sampled_from(TOP), json_like))
def test_any_data_under_the_right_keys_is_a_policy_or_has_findings(data: Data) -> None:
    assert_well_reported(json.dumps(data))


@law(200)
@given(st.data())
def test_a_policy_with_other_data_in_one_place_is_a_policy_or_has_findings(
    data: st.DataObject,
) -> None:
    policy = json.loads(json.dumps(data.draw(policies())))
    places = [*inner_places(policy)]
    holder, key = data.draw(st.sampled_from(places))
    if data.draw(st.integers(0, 3)) and isinstance(holder, dict):
        holder[data.draw(st.sampled_from(WORDS_TO_USE))] = holder.pop(key)
    else:
        holder[key] = data.draw(st.one_of(json_like, st.sampled_from(places).map(lambda at: at[0])))
    try:
        source = json.dumps(policy)
    except (ValueError, RecursionError):  # a place inside itself
        return
    assert_well_reported(source)


def inner_places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    """Yield each list or mapping with each of its positions."""
    if not isinstance(value, dict | list):
        return
    for key in [*value] if isinstance(value, dict) else range(len(value)):
        yield value, key
        yield from inner_places(value[key])


LINES = POLICY.read_text("utf-8").splitlines(keepends=True)
TOKENS = sorted(set(re.findall(r"\w+|[^\w\s]+", POLICY.read_text("utf-8"))))
TOKENS += ["null", "true", "3", "''", "[]", "{}", "&a", "*a", "!t", "<<: {}", "\t", *WORDS]


@law(250)
@given(st.data())
def test_the_policy_with_an_edit_is_a_policy_or_has_findings(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.sampled_from([1, 1, 1, 2, 3]))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["delete", "twice", "move", "token", "token", "token"])):
            case "delete":
                del lines[at]
            case "twice":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(data.draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case _:
                lines[at] = edited(lines[at], data)
    assert_well_reported("".join(lines))


def edited(line: str, data: st.DataObject) -> str:
    """Return a line with one of its words deleted, doubled or replaced."""
    words = re.findall(r"\w+|[^\w\s]+|\s+", line)
    if not words:
        return line
    at = data.draw(st.integers(0, len(words) - 1))
    words[at] = data.draw(st.one_of(st.sampled_from(["", words[at] * 2]), st.sampled_from(TOKENS)))
    return "".join(words)
