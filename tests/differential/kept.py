"""Every disagreement that was found: a policy and a case each in `found/`, tried on all targets."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from differential.asked import Asked
from differential.drawn import QUESTION, loaded
from differential.judge import checked
from differential.targets import TARGETS

FOUND = Path(__file__).parent / "found"


def kept() -> Iterator[tuple[str, Asked]]:
    """Yield what is kept, by name."""
    for file in sorted(FOUND.glob("*.yaml")):
        yield file.stem, asked(yaml.safe_load(file.read_text("utf-8")))


def asked(found: dict[str, Any]) -> Asked:
    """Return the question and the case of a disagreement."""
    return Asked(loaded(found["versions"]), QUESTION, [found["case"]])


def to_keep(target: str, found: dict[str, Any]) -> str:
    """Return a disagreement as a file for `found/`: what is wrong, the case, the policy."""
    (_, _, seen), *_ = checked(asked(found), {target: TARGETS[target]})
    lines = [f"# {line}\n" for line in str(seen[0]).splitlines()] if seen else []
    return "".join(lines) + yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=100)
