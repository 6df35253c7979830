"""The small policy of `gym` in two versions: the trial gets longer, and a sentence is reworded."""

import shutil
from pathlib import Path

GYM = Path(__file__).parent / "gym"
EDITS = (
    ("version: 1.0.0", "version: 1.1.0"),
    ("in_force: {from: 2026-01-01}", "in_force: {from: 2026-07-01}"),
    ("trial_period: 14 days", "trial_period: 21 days"),
    ("You can pause while you are injured.", "You can pause for as long as you are injured."),
)


def two_versions(folder: Path, *more: tuple[str, str]) -> Path:
    """Return a folder with both versions; `more` are further edits of the second one."""
    gym = Path(shutil.copytree(GYM, folder / "policies/gym"))
    newer = Path(shutil.copytree(gym / "1.0.0", gym / "1.1.0"))
    edit(newer / "policy.yaml", *EDITS, *more)
    return gym


def edit(file: Path, *edits: tuple[str, str]) -> None:
    """Change some words of a file, each of which is there."""
    text = file.read_text("utf-8")
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
