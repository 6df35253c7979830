"""The site as a whole: the commands that make it, its bytes, and what is wrong with its sources."""

import os
import shutil
import subprocess
import sys
import threading
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from refund_policy.engine.cli import main
from refund_policy.engine.folder import load
from refund_policy.render.build import files
from refund_policy.render.serve import Fresh, server
from refund_policy.render.site import site

GYM = Path(__file__).parent / "gym"


@pytest.fixture
def gym(tmp_path: Path) -> Path:
    """Return a copy of a small policy with pages."""
    return Path(shutil.copytree(GYM, tmp_path / "policies/gym"))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in arguments])


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# ---------------------------------------------------------------- the folder


def test_two_builds_are_the_same_wherever_and_whenever(tmp_path: Path) -> None:
    made = []
    zones = ("Pacific/Kiritimati", "America/Los_Angeles")
    for seed, (place, zone) in enumerate(zip(("one", "two/three"), zones, strict=True)):
        folder = tmp_path / place
        folder.mkdir(parents=True)
        shutil.copytree(GYM, folder / "policies/gym")
        subprocess.run(
            [sys.executable, "-m", "refund_policy.engine.cli", "site"],
            cwd=folder,
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": str(seed)},
            check=True,
            capture_output=True,
        )
        made.append(tree(folder / "site"))
    assert made[0] == made[1]


def test_a_site_says_how_many_files_it_has(gym: Path, tmp_path: Path) -> None:
    found = run("site", "--policies", gym, "--output", tmp_path / "site")
    assert found.exit_code == 0, found.output
    assert found.stderr.strip().endswith(f"{len(tree(tmp_path / 'site')) - 1} files")


def test_a_policy_of_one_s_own_needs_no_pages_file(gym: Path, tmp_path: Path) -> None:
    (gym / "1.0.0/pages.yaml").unlink()
    found = run("site", "--policies", gym, "--output", tmp_path / "site")
    assert found.exit_code == 0, found.output
    page = (tmp_path / "site/public/index.html").read_text("utf-8")
    assert "Do I get my fee back?" in page
    assert 'data-sentence="ask_us"' in page


def test_a_draft_is_for_the_company_alone(gym: Path, tmp_path: Path) -> None:
    draft = shutil.copytree(gym / "1.0.0", gym / "1.1.0") / "policy.yaml"
    replace(draft, "version: 1.0.0", "version: 1.1.0")
    replace(draft, "in_force: {from: 2026-01-01}", "in_force: draft")
    found = run("site", "--policies", gym, "--output", tmp_path / "site")
    assert found.exit_code == 0, found.output
    showing = {path for path, content in tree(tmp_path / "site").items() if b"1.1.0" in content}
    assert "internal/review.html" in showing
    assert not [path for path in showing if path.startswith("public/")]


# ---------------------------------------------------------------- on which day


def test_a_notice_stands_until_its_last_day(gym: Path) -> None:
    for day, there in (("2026-02-10", True), ("2026-02-11", False)):
        found = run("render", "policy", "--policies", gym, "--as-of", day)
        assert ("We answer later than usual." in found.stdout) is there
        assert ('<time datetime="2026-02-10">' in found.stdout) is there


def test_before_the_first_version_nothing_is_in_force(gym: Path) -> None:
    found = run("render", "policy", "--policies", gym, "--as-of", "2025-12-31")
    assert found.exit_code == 1
    assert "nothing is in force on 2025-12-31: the first version starts on 2026-01-01" in (
        found.stderr
    )


# ---------------------------------------------------------------- templates


def test_a_template_of_one_s_own_takes_the_place_of_ours(gym: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "glossary.jinja").write_text("{{ page.title }}!")
    found = run("render", "glossary", "--policies", gym, "--templates", own)
    assert found.stdout == "What the words mean!"


@pytest.mark.parametrize(
    ("template", "line", "message"),
    [
        ("one\n{{ nobody }}", 2, "there is no `nobody` here"),
        ("one\n\n{% if %}", 3, "Expected an expression, got 'end of statement block'"),
        ("{{ page.title | upper }}", 1, "No filter named 'upper'"),
        ("{{ page.edition.__class__.__mro__ }}", 1, "access to attribute '__class__'"),
        ('{% include "gone.jinja" %}', 1, "there is no template `gone.jinja`"),
        ('\n{{ _("Nobody translated this {}") }}', 2, "Replacement index 0 out of range"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_line(
    template: str, line: int, message: str, gym: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "glossary.jinja").write_text(template)
    target = tmp_path / "site"
    run("site", "--policies", gym, "--output", target)
    before = tree(target)
    found = run("site", "--policies", gym, "--output", target, "--templates", own)
    assert found.exit_code == 1
    assert f"glossary.jinja:{line}:1: error[bad-template]" in found.stderr
    assert message in found.stderr
    assert tree(target) == before


# ---------------------------------------------------------------- what is asked for


def test_a_page_that_is_not_there_is_named_with_the_nearest(gym: Path) -> None:
    found = run("render", "glosary", "--policies", gym)
    assert found.exit_code == 1
    assert "there is no page `glosary`: did you mean `glossary`?" in found.stderr


def test_a_language_without_a_translation_is_an_error(gym: Path) -> None:
    found = run("render", "policy", "--policies", gym, "--language", "de")
    assert found.exit_code == 1
    assert "there is no translation to `de`: languages are `en`" in found.stderr


# ---------------------------------------------------------------- the preview


def test_a_preview_follows_its_sources(gym: Path) -> None:
    said: list[str] = []
    fresh = Fresh(lambda: files(site(load(gym))), (gym,))
    with server(fresh, 0, said.append) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        file = gym / "1.0.0/policy.yaml"
        assert b"Membership fees" in got(found.server_port, "/", 200)
        replace(file, "Membership fees", "What it costs")
        assert b"What it costs" in got(found.server_port, "/index.html", 200)
        replace(file, "{trial_period} we", "{trail_period} we")
        broken = got(found.server_port, "/", 500)
        assert b"did you mean `trial_period`?" in broken
        assert said == [broken.decode()]
        replace(file, "{trail_period} we", "{trial_period} we")
        assert b"This page isn" in got(found.server_port, "/nowhere", 404)
        assert b"{" in got(found.server_port, "/style.css", 200)
        found.shutdown()


def got(port: int, path: str, status: int) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status == status
    return answer.read()


def test_a_port_that_is_taken_is_an_error(gym: Path) -> None:
    with server(Fresh(dict, ()), 0, print) as taken:
        found = run("site", "--serve", "--policies", gym, "--port", taken.server_port)
    assert found.exit_code == 1
    assert f"port {taken.server_port} can't be used: " in found.stderr
