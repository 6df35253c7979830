"""The command: what it prints of one case, where, and with which exit status; its help."""

import json
import os
import re
import shutil
import subprocess
import sys
from http.server import HTTPServer
from pathlib import Path

import click
import pytest
from commands import FEE, LATE, POLICIES, on_terminal, prepared, run
from git_repository import commit, repository

from refund_policy.engine.cli import main

ANY_ANSWERS = "yes\n2026-01-01\n1\n" * 20  # a wrong answer is asked again


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return prepared(tmp_path, monkeypatch)


# ---------------------------------------------------------------- one case


def test_a_decision_reads_well(folder: Path) -> None:
    found = run("decide", "case.json")
    assert found.exit_code == 0
    first, amount, until, because, *_, origin = found.stdout.splitlines()
    assert (first, amount) == ("approved: we refund you", "  refund_amount: 49.00 USD")
    assert until == "  this holds until 2026-01-31, then declined (final_sale)"
    assert because == "because (money_back_guarantee):"
    assert re.fullmatch(r"refund 1\.0\.0 sha256:[0-9a-f]{64}", origin)


def test_what_would_change_it_is_told_only_when_asked(folder: Path) -> None:
    (folder / "late.json").write_text(json.dumps(LATE))
    plain, asked = run("explain", "late.json"), run("explain", "late.json", "--what-if")
    assert asked.stdout.startswith(plain.stdout)
    assert "approved (money_back_guarantee): if `requested_on` had been" in asked.stdout
    without = json.loads(run("explain", "late.json", "--json").stdout)
    told = json.loads(run("explain", "late.json", "--json", "--what-if").stdout)
    changes = told.pop("what_if")["changes"]
    assert told == without
    assert changes[0]["facts"] == {"requested_on": {"now": "2026-02-01", "instead": "2026-01-31"}}


@pytest.mark.parametrize("case", ["case.json", "case.yaml"])
def test_json_has_the_keys_in_their_order(folder: Path, case: str) -> None:
    found = run("decide", case, "--json")
    assert list(json.loads(found.stdout)) == [
        *("question", "outcome", "rule", "outputs", "also", "reasons", "missing"),
        *("holds_until", "then", "policy", "version", "digest"),
    ]
    assert json.loads(found.stdout)["outputs"] == {"refund_amount": "49.00"}


@pytest.mark.parametrize("text", [json.dumps(FEE), "\n".join(f"{k}: {v}" for k, v in FEE.items())])
def test_a_dash_reads_json_and_yaml_from_standard_input(folder: Path, text: str) -> None:
    text = text.replace("True", "true")
    assert json.loads(run("decide", "-", "--json", stdin=text).stdout)["outcome"] == "approved"


def test_an_undecided_case_asks_and_exits_with_three(folder: Path) -> None:
    found = run("decide", "-", "--question", "credits", stdin="subscription_canceled: false")
    assert found.exit_code == 3
    assert found.stdout == (
        "undecided: it still depends on\n  refund_requested: Are you asking for a refund?\n"
    )


def test_wrong_facts_are_all_named_and_nothing_is_decided(folder: Path) -> None:
    wrong = {**FEE, "charged_on": "2026-02-30", "amount_payed": 3, "charge_kind": None}
    found = run("decide", "-", stdin=json.dumps(wrong))
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr == (
        "error: `charged_on`: `2026-02-30` is no day of the calendar\n"
        "error: `charge_kind`: null is no value: leave an unknown fact out\n"
        "error: `amount_payed` is no fact of question `refund`: did you mean `amount_paid`?\n"
    )


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("a.json", '{"a": }', "a.json:1:7: error[syntax] this is no JSON: expecting value"),
        ("a.json", '{"a": 1, "a": 2}', "a.json:1:1: error[bad-case] `a` stands twice in this case"),
        ("a.json", '{"a": NaN}', "a.json:1:1: error[bad-case] `NaN` is no value"),
        ("a.json", "[]", "a.json:1:1: error[bad-case] a case is a JSON object of facts"),
        (
            "a.json",
            '{"a": ' + "9" * 5000 + "}",
            "a.json:1:1: error[bad-case] `99999999999999999999…`",
        ),
        ("a.json", '{"a": ' * 100_000, "a.json:1:1: error[bad-case] the case is nested too deeply"),
        ("a.json", "\udcff", "a.json:1:1: error[bad-case] byte 1 is no UTF-8"),
        ("a.yaml", "- a", "a.yaml:1:1: error[bad-case] a case is a mapping of facts"),
        ("a.yaml", "a: 1\na: 2", "a.yaml:2:1: error["),
    ],
)
def test_an_unreadable_case_names_its_place(folder: Path, name: str, text: str, error: str) -> None:
    (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    found = run("decide", name)
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.startswith(error)


@pytest.mark.parametrize(
    ("arguments", "status", "error"),
    [
        (["nowhere.json"], 1, "error: `nowhere.json`: no such file or directory"),
        (["case.txt"], 2, "`case.txt` ends in none of .json, .yaml, .yml, .jsonl"),
        (["case.json", "--question", "refunds"], 1, "did you mean `refund`?"),
        (["case.json", "--version", "3.0.0"], 1, "has no version `3.0.0`: there is `1.0.0`"),
        (["case.json", "--policy", "refnd"], 1, "no policy `refnd`: did you mean `refund`?"),
        (["case.json", "--policies", "none"], 1, "error: there is no file or folder `none`"),
        (["case.json", "--output", "out.csv"], 2, "one decision is written as .json"),
        (["cases.csv", "--output", "out.txt"], 2, "many decisions are written as .jsonl"),
        (["--from", "xml", "case.json"], 2, "'xml' is not one of"),
        ([], 2, "Missing argument 'CASE'"),
    ],
)
def test_wrong_usage_says_what_to_do(
    folder: Path, arguments: list[str], status: int, error: str
) -> None:
    found = run("decide", *arguments)
    assert found.exit_code == status
    assert error in found.stderr


# ---------------------------------------------------------------- on a terminal


def test_a_terminal_gets_colour_text_and_a_progress_bar(folder: Path) -> None:
    assert "\x1b[32m\x1b[1mapproved" in on_terminal("decide", "case.json")
    many = on_terminal("decide", "cases.jsonl")
    assert "1: approved (money_back_guarantee), refund_amount 49.00" in many
    assert "100%" in on_terminal("decide", "cases.csv", "--output", "out.csv")


def test_no_colour_when_piped(folder: Path) -> None:
    assert "\x1b" not in run("decide", "case.json").output


# ---------------------------------------------------------------- explanations


def test_explain_names_rules_comparisons_and_values(folder: Path) -> None:
    found = run("explain", "-", stdin=json.dumps(LATE))
    assert found.exit_code == 0
    assert "final_sale (declined) decides" in found.stdout
    assert (
        "money_back_guarantee (approved) does not apply\n"
        "  - days_as_customer is at most guarantee_period? no (31 days against 30 days)\n"
    ) in found.stdout
    as_data = json.loads(run("explain", "-", "--json", stdin=json.dumps(FEE)).stdout)
    reports = {report["rule"]: report for report in as_data["rules"]}
    assert reports["final_sale"]["status"] == "overridden"
    assert reports["final_sale"]["overridden_by"] == ["money_back_guarantee"]
    assert reports["money_back_guarantee"]["because"][0] == {
        "comparison": "days_as_customer is at most guarantee_period",
        "left": "30 days",
        "right": "30 days",
        "holds": True,
    }


def test_explain_uses_what_the_requirements_settle(folder: Path) -> None:
    """Charged on day 40, so the guarantee is over although the first purchase is unknown."""
    known = {"requested_on": "2026-03-10", "charged_on": "2026-01-29"}
    known["special_circumstance"] = "none"
    found = json.loads(run("explain", "-", "--json", stdin=json.dumps(known)).stdout)
    assert found["decision"]["rule"] == "final_sale"
    status = {report["rule"]: report["status"] for report in found["rules"]}
    assert status["money_back_guarantee"] == "does_not_apply"
    assert "open" not in status.values()


def test_explain_names_only_the_values_that_an_output_came_from(folder: Path) -> None:
    """Credits play no part in the refund of a fee."""
    found = json.loads(run("explain", "case.json", "--json").stdout)
    assert found["rules"][0]["outputs_from"] == {
        "charge_kind": "subscription_fee",
        "amount_paid": "49.00 USD",
    }


def test_facts_tell_type_label_and_question(folder: Path) -> None:
    listed = json.loads(run("facts", "credits", "--json").stdout)
    assert [fact["name"] for fact in listed] == [
        *("requested_on", "billing_cycle_ends_on", "refund_requested", "subscription_canceled"),
    ]
    assert listed[0].keys() == {"name", "type", "label", "ask"}
    assert "requested_on" in run("facts").stdout


# ---------------------------------------------------------------- help


PREPARED = ("publish", "new-version", "check", "test", "review", "render", "replay", "translation")


def commands() -> list[tuple[str, click.Command]]:
    return sorted(main.commands.items())


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_command_has_help_with_examples_that_run(
    folder: Path, name: str, command: click.Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HTTPServer, "serve_forever", lambda _: None)  # a preview ends at once
    (folder / "answers.txt").write_text(ANY_ANSWERS)
    shown = run(name, "--help").stdout
    assert "Examples\n" in shown
    for example in re.findall(r"^ +(refund .+)$", shown.split("Examples\n")[1], re.MULTILINE):
        words, _, redirected = example.partition(" < ")
        words = words.partition(" > ")[0].replace("--serve", "--serve --port 0")
        if name in PREPARED:
            prepare_policies(folder)
        if name in ("review", "render"):
            commit(repository(folder))
        found = run(*words.split()[1:], stdin=(folder / (redirected or "answers.txt")).read_text())
        assert found.exit_code == 0, (example, found.output)


def prepare_policies(folder: Path) -> None:
    """Copy the policy and start its next version, so that there is something to work on."""
    version = folder / "policies/refund/1.0.0"
    if not version.exists():
        version.mkdir(parents=True)
        for file in (POLICIES / "refund/1.0.0").iterdir():
            (version / file.name).write_text(file.read_text())
        draft = folder / "policies/refund/1.1.0"
        shutil.copytree(version, draft)
        text = (version / "policy.yaml").read_text().replace("version: 1.0.0", "version: 1.1.0")
        (draft / "policy.yaml").write_text(text.replace("from: beginning", "from: 2027-01-01"))


def test_completion_is_offered(folder: Path) -> None:
    found = subprocess.run(
        [str(Path(sys.executable).with_name("refund"))],
        env={**os.environ, "_REFUND_COMPLETE": "bash_source"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "_refund_completion" in found.stdout
