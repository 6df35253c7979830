import doctest
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from refund_policy.engine import source
from refund_policy.engine.errors import Where
from refund_policy.engine.source import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_FINDINGS,
    ListNode,
    MapNode,
    Node,
    Scalar,
    entry,
    plain,
    read,
)
from refund_policy.engine.syntax import AT_THE_OPENING, AT_THE_STOP

TRAPS = yaml.safe_load(Path(__file__).with_name("yaml_traps.yaml").read_text("utf-8"))

READ_AS = [
    ("true", True),
    ("false", False),
    ("null", None),
    ("~", None),
    ("", None),
    ("# nothing", None),
    ("0", 0),
    ("-0", 0),
    ("30", 30),
    ("-7", -7),
    ("9" * 100, int("9" * 100)),
    ("0.50", Decimal("0.50")),
    ("-1.10", Decimal("-1.10")),
    ("3.14159265358979323846264338327950288", Decimal("3.14159265358979323846264338327950288")),
    ("'true'", "true"),
    ('"30"', "30"),
    ("''", ""),
    ('""', ""),
    ("'~'", "~"),
    ("'it''s'", "it's"),
    (r'"\x41\u00e9\U0001D11E\n\t\0"', "Aé𝄞\n\t\0"),
    ("\"a?b '?' ? \"", "a?b '?' ? "),
    ("two\n  lines", "two lines"),
    ("1\n  2", "1 2"),
    ("|\n  30\n", "30\n"),
    (">-\n  a\n  b?\n\n  c ?\n", "a b?\nc ?"),
    ("|2-\n    x # y\n", "  x # y"),
    ("[1, 'a', no, [], {}]", [1, "a", "no", [], {}]),
    ("\n- a\n- - b\n- c: d\n-", ["a", ["b"], {"c": "d"}, None]),
    ("[a: b, c]", [{"a": "b"}, "c"]),
    ("{a, b: , c: 1}", {"a": None, "b": None, "c": 1}),
    ("{ask: When was it?, help: why?}", {"ask": "When was it?", "help": "why?"}),
    ("{no: 1, 12:30: 2, on: 3}", {"no": 1, "12:30": 2, "on": 3}),
    ("{'<<': 1, \"5\": 2, '': 3}", {"<<": 1, "5": 2, "": 3}),
    ("\n  ? long\n  : form", {"long": "form"}),
]

STAYS_TEXT = [
    *("no", "No", "yes", "on", "off", "y", "n", "True", "FALSE", "Null", "NULL", "=", "<<"),
    *("010", "00", "01.5", "0o10", "0x1F", "0b1", "1_000", "1,000", "12:30", "1.0.0"),
    *("1e3", "1.5e3", ".5", "5.", "+5", "-.5", "--1", "1-", "٣", "1٣", "½"),
    *("2025-01-01", "2025-01-01T10:00:00Z", ".nan", "NaN", ".inf", "-.inf", "Infinity"),
    *("30 days", "a#b", "a:b", "http://x.y/?a=b&c", "50%", "a & b * c", "it's", 'a "b"'),
    *("why?", "why ?", "?why", "a ? b", "-?", "é 𝄞", "\ue000", "a\N{NO-BREAK SPACE}?"),
]

BAD_CHARACTERS: list[tuple[str | bytes, list[str]]] = [
    ("a:\tb\n\tc:", ["1:3: error[tab] a tab stands here (use spaces)"]),
    ("é: x\r\nb: '1\r2'", ["2:6: error[carriage-return] a lone carriage return stands here"]),
    ("a: \x1b[0m", ["1:4: error[control-character] the control character U+001B stands here"]),
    ("a: \x7f", ["1:4: error[control-character] the control character U+007F stands here"]),
    ("a\x85", ["1:2: error[line-separator] U+0085 ends a line unseen (use a common line break)"]),
    ("# \u2028\nb: \u2029", ["1:3: error[line-separator] U+2028 ends a line unseen"]),
    ("\ufeffa: \ufeff", ["1:4: error[byte-order-mark] a byte order mark (U+FEFF) stands inside"]),
    ("a: \ud800", ["1:4: error[surrogate] U+D800 is half a character (write the character"]),
    (r'a: "\ud83d\ude00"', ["1:4: error[surrogate] U+D83D is half a character"]),
    ("a: \uffff", ["1:4: error[noncharacter] U+FFFF is no character (remove it)"]),
    (r'a: "\uFdd0"', [r"1:5: error[noncharacter] `\uFdd0` is no character (remove it)"]),
    (b"\xff\xfea\0", ["1:1: error[not-utf-8] the byte 0xFF isn't UTF-8 (save the file as UTF-8)"]),
    ("\ufeffa: é\r\nüb: ".encode() + b"\xe9", ["2:5: error[not-utf-8] the byte 0xE9 isn't UTF-8"]),
    (b"a: 1\rb: \xed\xa0\x80", ["2:4: error[not-utf-8] the byte 0xED isn't UTF-8"]),
    (
        "a: 1\ta: \x072\na: \u2028[",
        ["1:5: error[tab]", "1:9: error[control-character]", "2:4: error[line-separator]"],
    ),
    ("a:\t1\na: 2\nb: *c", ["1:3: error[tab]", "2:1: error[duplicate-key]", "3:4: error[alias]"]),
]

TOO_MUCH = [
    ("- " * 64 + "- a", "1:129: error[too-deep] this is nested more than 64 levels deep"),
    ("[" * 65, "1:65: error[too-deep] this is nested more than 64 levels deep"),
    ("a" * (MAX_BYTES + 1), "1:1: error[too-large] the file is larger than 1024 KiB (split it)"),
    ("é" * (MAX_BYTES // 2 + 1), "1:1: error[too-large] the file is larger than 1024 KiB"),
    (f"a: -{'9' * 100}", "1:4: error[long-number] this number is longer than 100 characters"),
    (f"a: 0.{'9' * 5000}", "1:4: error[long-number] this number is longer than 100 characters"),
    (f"%YAML 1.{'9' * 5000}\n---\n", "1:9: error[yaml-syntax] this number is too large"),
    (f"? {'why? ' * 20}\n? {'why? ' * 20}", f"2:3: error[duplicate-key] `{'why? ' * 12}…` stands"),
]

HOSTILE = {
    "lists": "[" * MAX_BYTES,
    "mappings": "{" * MAX_BYTES,
    "dashes": "- " * (MAX_BYTES // 2),
    "keys": "? " * (MAX_BYTES // 2),
    "key-lists": "[[]," * (MAX_BYTES // 4),
    "duplicates": "a: 1\n" * (MAX_BYTES // 5),
    "aliases": "- *a\n" * (MAX_BYTES // 5),
    "documents": "---\n" * (MAX_BYTES // 4),
    "tabs": "\t" * MAX_BYTES,
    "surrogates": "\ud800" * (MAX_BYTES // 3),
    "questions": "?" * MAX_BYTES,
    "headers": "|-+" * (MAX_BYTES // 3),
    "backslashes": '"\\' * (MAX_BYTES // 2),
    "digits": "9" * MAX_BYTES,
    "lines": "a: b" + "\n " * (MAX_BYTES // 2 - 2),
    "open": "[" * MAX_DEPTH + "a," * 30_000,
    "late": "[" * MAX_DEPTH + "]" * MAX_DEPTH + "\n" * 30_000 + "]",
    "long": "".join(f"k{number}: v\n" for number in range(10_000)),
}

PIECES = [
    *("a", "b: ", "c:", "- ", "-", "? ", "?", "why?", " ?", ":", ": ", ",", "[", "]", "{", "}"),
    *("\n", "\n", "\n ", "\n  ", "\n    ", " ", "  ", "#", " # c\n", "'", '"', "''", "'d'", '"e"'),
    *("&a ", "*a", "!", "!!str ", "!<t> ", "<<: ", "|\n", ">-\n", "|2\n  ", "|#", "|", ">", "%X\n"),
    *("%YAML 1.2\n", "---", "\n---\n", "...", "\n...\n", "`", "@", "~", "1", "1.5", "true", "null"),
    *("\\", "\\x41", "\\ud800", "\\U00110000", "é", "𝄞", "\t", "\r", "\r\n", "\x07", "\u2028"),
    *("\ufeff", "\ufdd0", "\\ufdd0", "k" * 1030, "=", "f:\n  g: h\n", "i: [j, k]\n", "- l: m\n"),
]


def use_pure_parser(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("refund_policy.engine.source._fast", lambda: None)


@pytest.fixture(params=["LibYAML", "PyYAML"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "PyYAML":
        use_pure_parser(monkeypatch)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without LibYAML")


both_parsers = pytest.mark.usefixtures("parser")


def built(text: str | bytes) -> Node:
    node, findings = read(text, "f")
    assert findings == ()
    assert node is not None
    return node


def found(text: str | bytes) -> list[str]:
    _, findings = read(text, "f")
    return [str(finding).removeprefix("f:") for finding in findings]


def starts(lines: list[str], expected: list[str]) -> list[str]:
    """Cut each line to the length of what is expected."""
    return [line[: len(start)] for line, start in zip(lines, expected, strict=True)]


def places(node: Node) -> Iterator[tuple[str, int, int]]:
    match node:
        case Scalar():
            yield node.text, node.where.line, node.where.column
        case ListNode():
            yield "[]", node.where.line, node.where.column
            for item in node.items:
                yield from places(item)
        case MapNode():
            yield "{}", node.where.line, node.where.column
            for key, item in node.entries:
                yield from places(key)
                yield from places(item)


@both_parsers
@pytest.mark.parametrize(("text", "expected"), READ_AS)
def test_a_value_is_what_it_looks_like(text: str, expected: object) -> None:
    result = plain(built(f"v: {text}"))
    assert repr(result) == repr({"v": expected})  # 1 == True and 1.0 == 1, but not as text


@both_parsers
@pytest.mark.parametrize("text", STAYS_TEXT)
def test_what_other_readers_change_stays_text(text: str) -> None:
    assert plain(built(f"v: {text}")) == {"v": text}


@both_parsers
@pytest.mark.parametrize("trap", TRAPS, ids=[ascii(trap["text"]) for trap in TRAPS])
def test_what_is_wrong_is_said_with_its_place_and_what_to_do(trap: dict[str, list[str]]) -> None:
    assert found(str(trap["text"])) == trap["says"]


def test_every_message_about_syntax_has_an_example() -> None:
    said = "\n".join(line for trap in TRAPS for line in trap["says"])
    for _, message, hint in (*AT_THE_OPENING, *AT_THE_STOP):
        start = message.replace("{{", "{").replace("}}", "}")
        assert re.split(r"\{(?:sign|opened)", start)[0] in said
        assert f"({hint})" in said


@both_parsers
@pytest.mark.parametrize(("text", "expected"), BAD_CHARACTERS)
def test_the_first_of_each_kind_of_forbidden_character_is_found(
    text: str | bytes, expected: list[str]
) -> None:
    assert starts(found(text), expected) == expected


@both_parsers
@pytest.mark.parametrize(
    ("text", "expected"), TOO_MUCH, ids=[ascii(text[:8]) for text, _ in TOO_MUCH]
)
def test_size_depth_and_digits_are_bounded(text: str, expected: str) -> None:
    assert starts(found(text), [expected]) == [expected]


@both_parsers
def test_the_bounds_are_inside() -> None:
    assert plain(built(b"\xef\xbb\xbf" + b"x" * (MAX_BYTES - 3))) == "x" * (MAX_BYTES - 3)
    assert isinstance(built("[" * MAX_DEPTH + "]" * MAX_DEPTH), ListNode)


@both_parsers
def test_reading_stops_when_there_is_too_much_to_mend() -> None:
    lines = found("- *a\n" * (MAX_FINDINGS + 5))
    assert len(lines) == MAX_FINDINGS + 1
    assert lines[-1] == (
        "1000:3: error[too-many] there is too much to mend: the rest wasn't read "
        "(mend what stands above first)"
    )


@both_parsers
def test_findings_before_a_syntax_error_are_kept() -> None:
    expected = ["2:1: error[duplicate-key]", "3:4: error[yaml-syntax]"]
    assert starts(found("a: 1\na: 2\nb: 'c"), expected) == expected


@both_parsers
def test_every_node_knows_its_place() -> None:
    text = """\ufeff# é
é: {b: 'c', d: [1,
  𝄞, x]}
list:
- e
-
  - f: |
      g
"""
    expected = [
        *(("{}", 2, 1), ("é", 2, 1), ("{}", 2, 4), ("b", 2, 5), ("c", 2, 8), ("d", 2, 13)),
        *(("[]", 2, 16), ("1", 2, 17), ("𝄞", 3, 3), ("x", 3, 6)),
        *(("list", 4, 1), ("[]", 5, 1), ("e", 5, 3)),
        *(("[]", 7, 3), ("{}", 7, 5), ("f", 7, 5), ("g\n", 7, 8)),
    ]
    assert list(places(built(text))) == expected
    assert list(places(built(text.replace("\n", "\r\n").encode()))) == expected


@both_parsers
@pytest.mark.parametrize("text", ["a: {b: , c}", "a: {b:\n  , c }", "a:\n  b:\n  c:\n"])
def test_a_value_that_was_left_out_stands_at_its_key(text: str) -> None:
    inner = entry(built(text), "a")
    assert isinstance(inner, MapNode)
    assert plain(inner) == {"b": None, "c": None}
    assert all(key.where == value.where for key, value in inner.entries)


def test_a_scalar_keeps_its_text() -> None:
    price = entry(built("price: 1.50"), "price")
    assert price == Scalar(Decimal("1.50"), Where("f", 1, 8), "1.50")


def test_an_entry_is_found_only_in_a_mapping_that_has_it() -> None:
    node = built("a: [b]")
    assert isinstance(entry(node, "a"), ListNode)
    assert entry(node, "b") is None
    assert entry(entry(node, "a"), "b") is None
    assert entry(None, "a") is None


def test_a_wrong_file_still_gives_a_best_guess() -> None:
    node, findings = read('a: &x 1\n2: *x\na: b\n<<: {c: d}\n[e]: f\ng: "\\ud800"\n', "f")
    assert len(findings) == 7
    assert node is not None
    assert plain(node) == {"a": 1, "2": "*x", "g": "\ufffd"}


@pytest.mark.timeout(10)
@both_parsers
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_input_ends_soon(text: str) -> None:
    read(text, "f")


@given(st.binary() | st.text(st.characters(exclude_categories=())))
def test_no_input_raises(text: str | bytes) -> None:
    node, findings = read(text, "f")
    assert node is not None or findings
    for finding in findings:
        assert finding.severity == "error"
        assert finding.hint
        assert str(finding).isprintable()


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML was built without LibYAML")
@settings(max_examples=1000)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_both_parsers_read_the_same(text: str) -> None:
    fast = read(text, "f")
    with pytest.MonkeyPatch.context() as patch:
        use_pure_parser(patch)
        assert read(text, "f") == fast
    assert repr(fast).isprintable()


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(source).failed == 0
