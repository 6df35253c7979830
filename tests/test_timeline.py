"""Which version is in force on a day, and what its page says of it."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from two_versions import two_versions

from refund_policy import VersionError, load
from refund_policy.engine.cli import main
from refund_policy.render.site import Site, site
from refund_policy.render.timeline import timeline

VIMEO = Path(__file__).parent / "policies/vimeo"


@pytest.fixture(scope="module")
def gym(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_versions(tmp_path_factory.mktemp("two"))


def on(folder: Path, day: str | None) -> Site:
    return site(load(folder), date.fromisoformat(day) if day else None)


def page(folder: Path, name: str, *options: str) -> str:
    found = CliRunner().invoke(main, ["render", name, "--policies", str(folder), *options])
    assert found.exit_code == 0, found.output
    return found.stdout


@pytest.mark.parametrize(
    ("day", "standings"),
    [
        ("2026-01-01", {"1.1.0": "coming", "1.0.0": "in force"}),
        ("2026-06-30", {"1.1.0": "coming", "1.0.0": "in force"}),
        ("2026-07-01", {"1.1.0": "in force", "1.0.0": "former"}),
        (None, {"1.1.0": "in force", "1.0.0": "former"}),
    ],
)
def test_a_version_is_in_force_from_its_first_day(
    day: str | None, standings: dict[str, str], gym: Path
) -> None:
    found = on(gym, day).timeline
    assert {each.version: found.standing(each) for each in found.public} == standings


def test_a_policy_of_drafts_shows_its_newest(tmp_path: Path) -> None:
    folder = two_versions(tmp_path, ("in_force: {from: 2026-07-01}", "in_force: draft"))
    (folder / "1.0.0/policy.yaml").unlink()
    found = on(folder, None).timeline
    assert [found.standing(each) for each in found.public] == ["draft"]


def test_a_draft_beside_a_version_in_force_is_not_shown(tmp_path: Path) -> None:
    folder = two_versions(tmp_path, ("in_force: {from: 2026-07-01}", "in_force: draft"))
    assert [each.version for each in on(folder, None).timeline.public] == ["1.0.0"]


def test_versions_follow_each_other(gym: Path) -> None:
    found = timeline(load(gym))
    newer, older = found.public
    assert found.before(newer) is older
    assert found.after(older) is newer
    assert (found.before(older), found.after(newer)) == (None, None)


def test_nothing_is_in_force_before_the_first_day(gym: Path) -> None:
    with pytest.raises(VersionError, match="the first version starts on 2026-01-01"):
        on(gym, "2025-12-31")


# ---------------------------------------------------------------- on the pages


def test_the_policy_says_what_is_coming_and_when(gym: Path) -> None:
    text = page(gym, "policy", "--as-of", "2026-06-30")
    assert "Version 1.1.0 is coming." in text
    assert '<time datetime="2026-07-01">1 July 2026</time>' in text
    assert 'href="versions/1.1.0.html"' in text
    assert 'href="changes.html#version-1.1.0"' in text
    assert "is coming" not in page(gym, "policy", "--as-of", "2026-07-01")


def test_a_frozen_version_says_to_which_cases_it_applies(gym: Path) -> None:
    text = page(gym, "versions/1.0.0")
    assert "This is version 1.0.0, which is no longer the newest one." in text
    assert (
        '<dt>In force from</dt><dd><time datetime="2026-01-01">1 January 2026</time></dd>' in text
    )
    assert '<dt>Until</dt><dd><time datetime="2026-06-30">30 June 2026</time></dd>' in text
    assert "<dt>What counts is</dt><dd>the day you joined</dd>" in text


def test_a_version_to_come_says_so(gym: Path) -> None:
    text = page(gym, "versions/1.1.0", "--as-of", "2026-06-30")
    assert "This is version 1.1.0, which is still to come." in text


def test_a_version_starts_for_some_cases_later_than_for_others() -> None:
    found = on(VIMEO, None)
    newer, older = (found.box(found.editions[version, "en"]) for version in ("2.0.0", "1.0.0"))
    label = "the day your account was created"
    new, old = f"{label}: on or after 8 July 2024", f"{label}: before 8 July 2024"
    assert newer.starts == ((date(2024, 7, 8), new), (date(2024, 8, 15), old))
    assert older.starts == ((date(2020, 10, 9), ""),)
    assert older.ends == ((date(2024, 7, 7), new), (date(2024, 8, 14), old))
    assert newer.by == "the day of the purchase"
