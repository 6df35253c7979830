"""What README promises: every command in it runs, and CI runs the same set-up lines."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from git_repository import commit, repository

from refund_policy.engine.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def lines(language: str) -> list[str]:
    """Return the lines of all blocks in a language, without comments."""
    found = [line for kind, text in BLOCKS if kind == language for line in text.splitlines()]
    return [line.partition(" # ")[0].strip() for line in found if line.strip()]


SET_UP = [line for line in lines("sh") if line.startswith("python3 ")]
COMMANDS = [line for line in lines("sh") if line.startswith("refund ")]


def test_ci_runs_the_two_set_up_lines_of_readme() -> None:
    assert len(SET_UP) == 2
    ci = (ROOT / ".ci/run").read_text("utf-8").splitlines()
    assert [line for line in SET_UP if line in ci] == SET_UP
    assert ci[-1] == SET_UP[-1]


def test_every_line_is_a_command_that_is_tested_here_or_in_ci() -> None:
    assert len(SET_UP) + len(COMMANDS) == len(lines("sh"))


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_run(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    shutil.copy(ROOT / "docs/case.yaml", tmp_path / "case.yaml")
    (tmp_path / "cases.csv").write_text("charged_on\n2026-01-01\n")
    monkeypatch.chdir(tmp_path)
    if "publish" in command:
        text = (tmp_path / "policies/refund/1.0.0/policy.yaml").read_text()
        draft = tmp_path / "policies/refund/1.1.0/policy.yaml"
        draft.parent.mkdir()
        text = text.replace("version: 1.0.0", "version: 1.1.0")
        draft.write_text(text.replace("from: beginning", "from: 2027-01-01"))
    if "HEAD" in command or command.split()[1] in ("review", "replay"):
        commit(repository(tmp_path))
    found = CliRunner().invoke(main, command.split()[1:])
    assert found.exit_code == 0, found.output


def test_the_decision_shown_is_the_decision_made() -> None:
    shown = next(text for kind, text in BLOCKS if kind == "text").splitlines()
    case = ["decide", str(ROOT / "docs/case.yaml"), "--policies", str(ROOT / "policies")]
    got = CliRunner().invoke(main, case).stdout.splitlines()
    for expected, line in zip(shown, got, strict=True):
        assert line.startswith(expected.partition("…")[0])


def test_the_interview_shown_is_the_one_held() -> None:
    command, *shown = next(text for kind, text in BLOCKS if kind == "console").splitlines()
    answers = "\n".join(line.removeprefix("> ") for line in shown if line.startswith("> "))
    arguments = [*command.split()[2:], "--policies", str(ROOT / "policies")]
    found = CliRunner().invoke(main, arguments, input=answers)
    got = [*found.stderr.splitlines(), *found.stdout.splitlines()]
    for expected, line in zip(shown, got, strict=True):
        assert line.startswith(expected.partition("…")[0])


def test_the_json_shown_is_the_json_of_a_decision() -> None:
    shown = json.loads(next(text for kind, text in BLOCKS if kind == "json"))
    case = ["decide", str(ROOT / "docs/case.yaml"), "--policies", str(ROOT / "policies"), "--json"]
    got = json.loads(CliRunner().invoke(main, case).stdout)
    assert list(shown) == list(got)
    assert {**got, "reasons": ["…"], "digest": "sha256:…"} == shown


def test_the_python_shown_runs() -> None:
    code = next(text for kind, text in BLOCKS if kind == "python")
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - our own README
    assert names["decision"].missing == ("longer_term_agreement", "billing_cycle_ends_on")  # type: ignore[attr-defined]


def test_the_rule_shown_stands_in_the_policy() -> None:
    shown = next(text for kind, text in BLOCKS if kind == "yaml").splitlines()
    policy = (ROOT / "policies/refund/1.0.0/policy.yaml").read_text("utf-8")
    for line in shown:
        assert line.strip() in policy


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)]+)\)", README))))
def test_links_resolve(target: str) -> None:
    assert (ROOT / target).exists()
