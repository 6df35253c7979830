"""Each language has words for all that templates and pages say, and no words for anything else."""

import ast
from collections.abc import Iterator

import pytest
from jinja2 import Environment, nodes

from refund_policy.engine.speech import PATTERNS, places
from refund_policy.render.environment import TEMPLATES
from refund_policy.render.locale import LOCALES, locale

RENDER = TEMPLATES.parent
OTHERS = sorted(file.stem for file in LOCALES.glob("*.yaml") if file.stem != "en")
WORKED_OUT = {"yes", "no"}
"""Patterns that no source spells out: what `locale` says of a value."""
TALKS_TO_THE_COMPANY = {"serve.py", "cli.py"}


def in_templates() -> Iterator[tuple[str, nodes.Expr]]:
    """Yield what is said in templates, with its place."""
    for file in sorted(TEMPLATES.rglob("*.jinja")):
        parsed = Environment(autoescape=True).parse(file.read_text("utf-8"))
        for call in parsed.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_":
                yield f"{file.relative_to(RENDER)}:{call.lineno}", call.args[0]


def in_sources() -> Iterator[str]:
    """Yield the patterns that sources say."""
    for file in sorted(set(RENDER.glob("**/*.py"))):
        if file.name in TALKS_TO_THE_COMPANY:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and name_of(node.func) == "say" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield str(first.value)


def name_of(function: ast.expr) -> str:
    match function:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def said() -> set[str]:
    """Return every pattern that pages say."""
    texts = (text.value for _, text in in_templates() if isinstance(text, nodes.Const))
    return {*texts, *in_sources(), *PATTERNS, *WORKED_OUT}


def test_templates_say_words_that_are_spelt_out() -> None:
    assert [where for where, text in in_templates() if not isinstance(text, nodes.Const)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_words_for_all_that_pages_say(language: str) -> None:
    words = locale(language).words or {}
    assert said() - words.keys() == set(), "add these"
    assert words.keys() - said() == set(), "nobody says these any more"


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_s_words_take_the_parts_of_the_english_ones(language: str) -> None:
    for pattern, words in (locale(language).words or {}).items():
        assert places(words) == places(pattern), pattern


def test_german_says_the_same_as_english_only_where_it_has_the_same_words() -> None:
    same = {pattern for pattern, words in (locale("de").words or {}).items() if pattern == words}
    assert same <= {
        "Version",
        "Version {}",
        "{}, {}",
        "({})",
        "{}: {}",
        "{} plus {}",
        "{} minus {}",
    }
