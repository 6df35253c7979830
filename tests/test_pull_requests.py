"""The action, the workflow, the hooks and their page: they use what there is, and they work."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from git_repository import commit, edit, git, repository

from refund_policy.engine.cli import main

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/pull-requests.md").read_text("utf-8")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
WORKFLOW_TEXT = (ROOT / ".github/workflows/policy.yml").read_text("utf-8")
WORKFLOW = yaml.safe_load(WORKFLOW_TEXT)
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
RUNS = {step["name"]: step["run"] for step in STEPS if "run" in step}
EXAMPLES = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


# ---------------------------------------------------------------- only what exists


def commands() -> Iterator[str]:
    """Every use of the command line in the action, the hooks and the page."""
    for run in RUNS.values():
        yield from re.findall(r"^\s*(refund .*?)(?: *\\$| *>|$)", run, re.MULTILINE)
    yield from (shlex.join([*shlex.split(hook["entry"]), *hook["args"]]) for hook in HOOKS)
    for text in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL):
        yield from (line.partition(" #")[0] for line in text.splitlines())


@pytest.mark.parametrize("line", list(commands()))
def test_only_commands_and_options_that_exist_are_used(line: str) -> None:
    words = shlex.split(line)
    assert words[0] == "refund"
    command = main.commands[words[1]]
    known = {option for item in command.params for option in (*item.opts, *item.secondary_opts)}
    used = [word for word in words[2:] if word.startswith("-")]
    assert set(used) <= known
    for option, value in pairwise(words):
        for item in command.params:
            if option in item.opts and isinstance(item.type, click.Choice):
                assert value in item.type.choices


def test_the_commands_are_found() -> None:
    assert {line.split()[1] for line in commands()} == {"check", "review", "test"}


def test_inputs_and_outputs_are_declared_and_used() -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])
    written = set(re.findall(r'echo "(\w+)=.*GITHUB_OUTPUT', text))
    assert written == set(re.findall(r"steps\.review\.outputs\.([\w-]+)", text))
    assert written == set(ACTION["outputs"])
    for example in EXAMPLES:
        for step in steps_of(example):
            if "refund-policy@" in step["uses"]:
                assert set(step["with"]) <= set(ACTION["inputs"])


def steps_of(workflow: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - parsed YAML
    jobs = workflow.get("jobs", {})
    return [step for job in jobs.values() for step in job["steps"]]


def test_no_text_of_a_pull_request_is_pasted_into_a_script() -> None:
    scripts = [
        *RUNS.values(),
        *(step["with"]["script"] for step in STEPS if "script" in step.get("with", {})),
    ]
    assert len(scripts) == 5
    assert [script for script in scripts if "${{" in script] == []
    assert all(step["shell"] == "bash" for step in STEPS if "run" in step)


def test_the_workflow_may_do_no_more_than_it_needs() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    job = WORKFLOW["jobs"]["review"]
    assert job["permissions"] == {
        "contents": "read",
        "pull-requests": "write",
        "security-events": "write",
    }
    assert "pull_request_target" not in WORKFLOW_TEXT
    assert steps_of(WORKFLOW)[0]["with"] == {"fetch-depth": 0, "persist-credentials": False}


def test_the_page_shows_the_workflow_that_this_repository_uses() -> None:
    shown, used = steps_of(EXAMPLES[0]), steps_of(WORKFLOW)
    assert shown[0] == used[0]
    assert EXAMPLES[0]["jobs"]["review"]["permissions"] == WORKFLOW["jobs"]["review"]["permissions"]
    assert used[1] == {"uses": "./"}


def test_the_page_names_the_hooks() -> None:
    assert [hook["id"] for hook in EXAMPLES[1]["repos"][0]["hooks"]] == [
        hook["id"] for hook in HOOKS
    ]


# ---------------------------------------------------------------- they work


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone whose branch left origin/main, with `refund` on the path."""
    origin = repository(tmp_path / "origin")
    shutil.copytree(ROOT / "tests/versions", origin / "policies")
    commit(origin)
    git(tmp_path, "clone", "-q", str(origin), "shop")
    shop = tmp_path / "shop"
    git(shop, "checkout", "-q", "-b", "change")
    refund = tmp_path / "bin/refund"
    refund.parent.mkdir()
    refund.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m refund_policy.engine.cli "$@"\n')
    refund.chmod(0o755)
    monkeypatch.setenv("PATH", f"{refund.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(shop)
    return shop


def runner(shop: Path, step: str, **inputs: str) -> tuple[int, str]:
    """Run a step of the action as GitHub does; returns its status and what it printed."""
    temp = shop.parent
    given = {"POLICIES": "policies", "BASE": "", "GITHUB_BASE_REF": "main", **inputs}
    files = {name: str(temp / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", RUNS[step]],  # noqa: S607
        cwd=shop,
        env={**os.environ, "RUNNER_TEMP": str(temp), **files, **given},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def reviewed(shop: Path, **inputs: str) -> tuple[int, str, str]:
    """Run check, review and gate; returns the gate's status, the page and the outputs."""
    assert runner(shop, "Check", **inputs)[0] == 0
    assert runner(shop, "Review", **inputs) == (0, "")
    outputs = (shop.parent / "github_output").read_text()
    ready = "true" if "ready=true" in outputs else "false"
    page = (shop.parent / "github_step_summary").read_text()
    return runner(shop, "Gate", READY=ready)[0], page, outputs


def test_the_action_passes_a_change_in_words(shop: Path) -> None:
    edit(shop / "policies/loans/2.0.0/policy.yaml", "Lending is free.", "Lending is always free.")
    commit(shop)
    status, page, outputs = reviewed(shop)
    assert status == 0
    assert "| Lending is free. | Lending is **always** free. |" in page
    assert outputs == f"ready=true\nreport={shop.parent}/review.md\n"


def test_the_action_stops_an_edit_of_a_published_version(shop: Path) -> None:
    edit(shop / "policies/loans/1.0.0/policy.yaml", "14 days", "15 days")
    commit(shop)
    status, page, outputs = reviewed(shop)
    assert status == 1
    assert "version `1.0.0` is published and its text has changed" in page
    assert outputs.startswith("ready=false\n")
    sarif = json.loads((shop.parent / "refund.sarif").read_text())
    place = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "policies/loans/1.0.0/policy.yaml"


def test_the_action_reads_a_folder_with_a_strange_name(shop: Path) -> None:
    name = "our $(touch stolen) policies; exit"
    (shop / "policies").rename(shop / name)
    commit(shop)
    assert reviewed(shop, POLICIES=name)[0] == 0
    assert not (shop / "stolen").exists()


def test_a_push_is_compared_with_itself(shop: Path) -> None:
    assert "No version changes." in reviewed(shop, GITHUB_BASE_REF="")[1]


def test_without_the_base_branch_the_action_says_what_to_do(shop: Path) -> None:
    status, said = runner(shop, "Review", GITHUB_BASE_REF="release")
    assert status == 1
    assert "check out with `fetch-depth: 0`" in said


def test_a_wrong_folder_fails_the_check(shop: Path) -> None:
    status, said = runner(shop, "Check", POLICIES="nowhere")
    assert status == 1
    assert "there is no file or folder `nowhere`" in said


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_a_hook_runs_in_a_repository(shop: Path, hook: dict[str, Any]) -> None:
    (shop / "policies/loans/2.0.0/cases.yaml").write_text(
        "- question: fee\n  cases:\n"
        "    - {name: soon, facts: {borrowed_on: 2027-01-01, returned_on: 2027-01-02}, "
        "expect: {outcome: free}}\n"
    )
    commit(shop)
    touched = git(shop, "diff", "--name-only", "HEAD~1").splitlines()
    assert [file for file in touched if re.search(hook["files"], file)] == touched
    command = [*shlex.split(hook["entry"]), *hook["args"]]
    assert subprocess.run(command, cwd=shop, capture_output=True, check=False).returncode == 0
    edit(shop / "policies/loans/2.0.0/cases.yaml", "outcome: free", "outcome: fre")
    assert subprocess.run(command, cwd=shop, capture_output=True, check=False).returncode == 1


# ---------------------------------------------------------------- the comment

MOCK = """
const calls = [];
const { comments, status, context } = JSON.parse(process.env.GIVEN);
const call = (name) => async (given) => {
  if (status) throw Object.assign(new Error('no'), { status });
  calls.push([name, given]);
};
const github = {
  paginate: async () => comments,
  rest: { issues: {
    listComments: {}, updateComment: call('update'), createComment: call('create') } },
};
const core = { notice: (text) => calls.push(['notice', text]) };
(async () => {
  await (async () => { SCRIPT })();
  console.log(JSON.stringify(calls));
})().catch((error) => { console.log(JSON.stringify([['thrown', error.status]])); });
"""


def commented(tmp_path: Path, report: str, *, comments: object = (), status: int = 0) -> Any:  # noqa: ANN401 - JSON
    """Run the action's script with a mock of GitHub; returns what it called."""
    node = shutil.which("node")
    if not node:
        pytest.skip("node isn't installed")
    script = next(step["with"]["script"] for step in STEPS if step.get("name") == "Comment")
    (tmp_path / "review.md").write_text(report, "utf-8")
    context = {
        "repo": {"owner": "o", "repo": "r"},
        "issue": {"number": 7},
        "serverUrl": "https://example.com",
        "runId": 1,
    }
    given = {"comments": list(comments), "status": status, "context": context}  # type: ignore[call-overload]
    done = subprocess.run(
        [node, "-e", MOCK.replace("SCRIPT", script)],
        env={"GIVEN": json.dumps(given), "REPORT": str(tmp_path / "review.md"), "POLICIES": "p"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


BOT = {"id": 3, "user": {"type": "Bot"}, "body": "<!-- refund review p -->\nold"}


def test_the_first_comment_is_written(tmp_path: Path) -> None:
    (call,) = commented(tmp_path, "All is well.")
    body = "<!-- refund review p -->\nAll is well."
    assert call == ["create", {"owner": "o", "repo": "r", "issue_number": 7, "body": body}]


def test_a_later_push_updates_the_comment(tmp_path: Path) -> None:
    other = {"id": 1, "user": {"type": "User"}, "body": BOT["body"]}
    (call,) = commented(tmp_path, "New.", comments=[other, {"id": 2, "user": None}, BOT])
    assert (call[0], call[1]["comment_id"]) == ("update", 3)


def test_without_permission_the_job_summary_holds_the_review(tmp_path: Path) -> None:
    ((kind, said),) = commented(tmp_path, "x", status=403)
    assert (kind, said) == (
        "notice",
        "The review is in the job summary: no comment may be written from here.",
    )
    assert commented(tmp_path, "x", status=500) == [["thrown", 500]]


def test_a_long_review_is_cut_at_a_line_and_links_the_rest(tmp_path: Path) -> None:
    (call,) = commented(tmp_path, "a line\n" * 20_000)
    body = call[1]["body"]
    assert len(body) < 65_536
    assert body.endswith(
        "a line\n\n[The rest is in the job summary.](https://example.com/o/r/actions/runs/1)"
    )
