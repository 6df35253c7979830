"""The map of the engine is the engine: `engine/README.md` names every file, each once."""

import re
from collections import Counter
from pathlib import Path

ENGINE = Path(__file__).parent.parent / "engine"
NAMED = Counter(re.findall(r"`((?:check/)?\w+\.py)`", (ENGINE / "README.md").read_text("utf-8")))


def test_the_map_names_every_file_once() -> None:
    files = {path.relative_to(ENGINE).as_posix() for path in ENGINE.rglob("*.py")}
    assert Counter(files - {"__init__.py"}) == NAMED
