"""The data about a policy that search engines read in its page."""

import json
from html.parser import HTMLParser
from pathlib import Path

from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).parent.parent / "browser" / "json-ld.schema.json"


def json_ld(html: str) -> list[str]:
    """Return what is wrong with the JSON-LD of a page: one block, which our schema allows."""
    blocks = _Blocks()
    blocks.feed(html)
    blocks.close()
    if len(blocks.texts) != 1:
        return [f"{len(blocks.texts)} blocks of JSON-LD"]
    try:
        data = json.loads(blocks.texts[0])
    except json.JSONDecodeError as error:
        return [f"no JSON: {error}"]
    schema = json.loads(SCHEMA.read_text("utf-8"))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]


class _Blocks(HTMLParser):
    """Collects the text of each JSON-LD block."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and ("type", "application/ld+json") in attrs
        if self._inside:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data
