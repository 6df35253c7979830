"""The maps are the territory: each package's README names every file of it, each once."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("package", ["engine", "render"])
def test_the_map_names_every_file_once(package: str) -> None:
    text = (ROOT / package / "README.md").read_text("utf-8")
    named = Counter(re.findall(r"`((?:check/)?\w+\.py)`", text))
    files = {path.relative_to(ROOT / package).as_posix() for path in (ROOT / package).rglob("*.py")}
    assert Counter(files - {"__init__.py"}) == named
