"""The command: what it prints, where, and with which exit status."""

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
from http.server import HTTPServer
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from git_repository import commit, repository

from refund_policy.engine.cli import main

ROOT = Path(__file__).parent.parent
POLICIES = ROOT / "policies"
FEE = {
    "requested_on": "2026-01-31",
    "first_purchase_on": "2026-01-01",
    "charged_on": "2026-01-01",
    "charge_kind": "subscription_fee",
    "amount_paid": "49.00",
    "special_circumstance": "none",
    "account_email_provided": True,
    "charge_details_provided": True,
}
LATE = {**FEE, "requested_on": "2026-02-01"}
ANY_ANSWERS = "yes\n2026-01-01\n1\n" * 20  # a wrong answer is asked again


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty current folder, where the installed policies are the default."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.json").write_text(json.dumps(FEE))
    (tmp_path / "case.yaml").write_text("\n".join(f"{k}: {v}" for k, v in FEE.items()).lower())
    lines = [json.dumps(FEE), "{wrong", json.dumps(LATE), '{"charged_on": "2026-02-30"}']
    (tmp_path / "cases.jsonl").write_text("\n".join(lines) + "\n")
    header = ",".join(FEE)
    rows = [",".join(str(v) for v in row.values()) for row in (FEE, LATE)]
    rows.append("2026-01-05,2026-01-01,2026-01-01,credit_purchase,10.00,none,yes,no")
    (tmp_path / "cases.csv").write_text("\n".join([header, *rows]) + "\n")
    (tmp_path / "answers.txt").write_text(ANY_ANSWERS)
    return tmp_path


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin)


def decided(text: str) -> list[tuple[object, object]]:
    return [
        (found.get("outcome"), found.get("error")) for found in map(json.loads, text.splitlines())
    ]


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


# ---------------------------------------------------------------- many cases


def test_many_cases_answer_in_order_and_a_bad_line_stops_nothing(folder: Path) -> None:
    found = run("decide", "cases.jsonl")
    assert found.exit_code == 1
    broken = "column 2 is no JSON: expecting property name enclosed in double quotes"
    no_day = "`charged_on`: `2026-02-30` is no day of the calendar"
    assert decided(found.stdout) == [
        ("approved", None),
        (None, broken),
        ("declined", None),
        (None, no_day),
    ]
    assert found.stderr == f"line 2: error: {broken}\nline 4: error: {no_day}\n"


def test_cells_follow_the_facts_type_and_an_empty_cell_is_unknown(folder: Path) -> None:
    found = run("decide", "cases.csv")
    assert found.exit_code == 0
    third = json.loads(found.stdout.splitlines()[2])
    assert third["missing"] == ["credits_unused"] or third["outcome"] is not None
    assert [outcome for outcome, _ in decided(found.stdout)][:2] == ["approved", "declined"]


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ("amount_paid\n1\n1,2\n2\n", ["line 3: error: 2 cells for 1 columns"]),
        ("amount_paid\nx\n", ["line 2: error: `amount_paid`: `x` is no exact number"]),
        ("amount_paid\n\udcff\n1\n", ["line 2: error: byte 1 of the line is no UTF-8"]),
        ('amount_paid\n"1\n2\nx\n', ["line 2: error: the line is no CSV: ", "line 4: error: `am"]),
        ('"a"b,c\n1,2\n', ["error: the line is no CSV: "]),
        ("a;b;c\n1;2;3\n", ["error: line 1: column 1, `a;b;c`, is no fact: separate the columns "]),
        ("amount\n1\n", ["error: line 1: column 1, `amount`, is no fact: did you mean `amount_"]),
        ("amount_paid,amount_paid\n", ["error: line 1: column `amount_paid` stands twice"]),
        ("", ["error: line 1: the table has no header"]),
    ],
)
def test_a_wrong_table_names_line_and_column(folder: Path, rows: str, errors: list[str]) -> None:
    (folder / "t.csv").write_bytes(rows.encode("utf-8", "surrogateescape"))
    found = run("decide", "t.csv")
    assert found.exit_code == 1
    for line, error in zip(found.stderr.splitlines(), errors, strict=True):
        assert line.startswith(error)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('{"amount_paid": 1e-99999999}', "`amount_paid`: `1E-99999999` has more than 2 digits"),
        ('{"amount_paid": 1e99999999}', "`amount_paid`: `1E+99999999` is too large"),
        ('{"amount_paid": 1e9999999999999999999999}', "`1e9999999999999999999999` is too large"),
        ('{"credits_unused": "12"}', "`12` is no whole number: leave out the quotes"),
        ('{"credits_unused": %s}' % ("9" * 99), "`credits_unused`: `9999"),
        ('{"credits_unused": %s}' % ("9" * 9999), "`99999999999999999999…` has too many digits"),
        ('{"charge_kind": "\\ud800"}', "`charge_kind`: `<U+D800>` is none of"),
        ('{"charge_kind": "a\\nb\\u001b[31m"}', "`charge_kind`: `a<U+000A>b<U+001B>[31m` is none"),
        ('{"\\ud800": 1, "\\ud800": 2}', "`<U+D800>` stands twice in this case"),
        ("[" * 100_000, "the line is nested too deeply"),
    ],
    ids=lambda text: text[:24],
)
def test_a_hostile_line_is_one_wrong_line(folder: Path, line: str, error: str) -> None:
    (folder / "h.jsonl").write_text(f"{line}\n{json.dumps(FEE)}\n")
    found = run("decide", "h.jsonl")
    assert found.exit_code == 1
    assert error in found.stderr
    assert decided(found.stdout)[1] == ("approved", None)


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv"])
def test_output_picks_the_format_by_its_ending(folder: Path, name: str) -> None:
    found = run("decide", "cases.jsonl", "--output", name)
    assert (found.exit_code, found.stdout) == (1, "")
    text = (folder / name).read_text()
    if name.endswith("csv"):
        assert text.splitlines()[0] == (
            "line,outcome,rule,refund_amount,respond_by,missing,version,digest,error"
        )
        assert text.splitlines()[1].startswith("1,approved,money_back_guarantee,49.00,,,1.0.0,")
    else:
        assert [outcome for outcome, _ in decided(text)] == ["approved", None, "declined", None]


def test_the_input_is_never_overwritten(folder: Path) -> None:
    before = (folder / "cases.csv").read_text()
    found = run("decide", "cases.csv", "--output", "./cases.csv")
    assert found.exit_code == 2
    assert "`cases.csv` is the input: write the decisions to another file" in found.stderr
    assert (folder / "cases.csv").read_text() == before


def test_a_missing_folder_for_the_output_is_named(folder: Path) -> None:
    found = run("decide", "cases.csv", "--output", "nowhere/out.csv")
    assert found.stderr == "error: `nowhere/out.csv`: no such file or directory\n"


def test_a_failed_run_leaves_no_output_behind(folder: Path) -> None:
    (folder / "t.csv").write_text("nonsense\n1\n")
    assert run("decide", "t.csv", "--output", "out.csv").exit_code == 1
    assert [file.name for file in folder.iterdir() if "out" in file.name] == []


def test_many_cases_take_constant_memory(folder: Path) -> None:
    """Eight times the cases take hardly more memory: nothing is kept."""

    def peak(count: int) -> int:
        file = folder / f"{count}.jsonl"
        file.write_text((json.dumps(FEE) + "\n") * count)
        code = (
            "import resource, sys\nfrom refund_policy.engine.cli import main\n"
            f"main(['decide', {str(file)!r}, '--output', 'o.jsonl'], standalone_mode=False)\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        found = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        return int(found.stdout.split()[-1])

    assert peak(8000) < peak(1000) * 1.1


# ---------------------------------------------------------------- on a terminal


def on_terminal(*arguments: str) -> str:
    """Return what the command prints on a real terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "refund_policy.engine.cli", *arguments]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        found = b""
        while select.select([ours], [], [], 30)[0]:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # Linux says so when the other end is closed
                break
            if not chunk:
                break
            found += chunk
        process.wait()
    os.close(ours)
    return found.decode()


def test_a_terminal_gets_colour_text_and_a_progress_bar(folder: Path) -> None:
    assert "\x1b[32m\x1b[1mapproved" in on_terminal("decide", "case.json")
    many = on_terminal("decide", "cases.jsonl")
    assert "1: approved (money_back_guarantee), refund_amount 49.00" in many
    assert "100%" in on_terminal("decide", "cases.csv", "--output", "out.csv")


def test_no_colour_when_piped(folder: Path) -> None:
    assert "\x1b" not in run("decide", "case.json").output


# ---------------------------------------------------------------- the other commands


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


@pytest.mark.parametrize("question", ["refund", "cancellation", "credits"])
def test_generated_schemas_are_current(question: str) -> None:
    found = run("schema", question, "--policies", str(POLICIES))
    committed = ROOT / "schema" / f"refund.{question}.case.schema.json"
    assert found.stdout == committed.read_text("utf-8"), "run `just schemas`"


def test_check_prints_findings_in_four_formats(folder: Path) -> None:
    bad = (POLICIES / "refund/1.0.0/policy.yaml").read_text().replace("is_not: none", "is_not: nun")
    (folder / "policy.yaml").write_text(bad)
    text = run("check", "policy.yaml")
    assert text.exit_code == 1
    where = re.fullmatch(
        r"policy\.yaml:(\d+):(\d+): error\[unknown-option\] (.+) \((.+)\)\n", text.stdout
    )
    assert where
    line, column, message, hint = where.groups()
    assert message == "`nun` is no option here"
    assert hint.startswith("one of: none, duplicate_charge, ")
    as_json = json.loads(run("check", "policy.yaml", "--format", "json").stdout)
    assert as_json[0]["line"] == int(line)
    sarif = json.loads(run("check", "policy.yaml", "--format", "sarif").stdout)
    region = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": int(line), "startColumn": int(column)}
    github = run("check", "policy.yaml", "--format", "github").stdout
    assert github.startswith(f"::error file=policy.yaml,line={line},col={column},title=unknown-op")
    assert run("check").stderr == "0 errors, 0 warnings\n"


def test_test_shows_expected_against_got_with_the_reasons(folder: Path) -> None:
    version = folder / "policies/refund/1.0.0"
    version.mkdir(parents=True)
    (version / "policy.yaml").write_text((POLICIES / "refund/1.0.0/policy.yaml").read_text())
    facts = json.dumps(LATE)
    (version / "cases.yaml").write_text(
        f"- question: refund\n  given: {facts}\n  cases:\n"
        "    - name: A late request is refunded\n"
        "      expect: {outcome: approved, refund_amount: 49.00}\n"
        "    - name: A late request is declined\n      expect: {outcome: declined}\n"
    )
    found = run("test")
    assert found.exit_code == 1
    assert found.stdout.startswith(
        "policies/refund/1.0.0/cases.yaml:4:7: A late request is refunded\n"
        "  outcome: expected `approved`, got `declined`\n"
        "  refund_amount: expected `49.00`, got nothing\n"
        "    final_sale (declined) decides\n"
    )
    assert found.stdout.endswith("\n\n1 passed, 1 failed\n")
    assert [case["passed"] for case in json.loads(run("test", "--json").stdout)] == [False, True]


def test_a_change_is_a_new_version_from_draft_to_published(folder: Path) -> None:
    version = folder / "policies/refund/1.0.0"
    version.mkdir(parents=True)
    (version / "policy.yaml").write_text((POLICIES / "refund/1.0.0/policy.yaml").read_text())
    assert run("publish", "1.0.0").output == (
        "policies/refund/published.yaml: version 1.0.0 is published\n"
    )
    made = run("new-version").output
    assert made.startswith("policies/refund/1.1.0/policy.yaml: edit it, give `in_force` a start")
    assert run("check").exit_code == 0
    draft = folder / "policies/refund/1.1.0/policy.yaml"
    draft.write_text(draft.read_text().replace("in_force: draft", "in_force: {from: 2027-01-01}"))
    assert "error[not-published]" in run("check").output
    assert run("publish", "1.1.0").exit_code == 0
    assert run("check").exit_code == 0
    draft.write_text(draft.read_text().replace("7 days", "8 days"))
    edited = run("decide", "case.json")
    assert edited.exit_code == 1
    assert "error[published-edited] version `1.1.0` is published" in edited.stderr


# ---------------------------------------------------------------- help


PREPARED = ("publish", "new-version", "check", "test", "review", "render", "replay", "translation")


def commands() -> list[tuple[str, click.Command]]:
    return sorted(main.commands.items())


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_command_has_help_with_examples_that_run(
    folder: Path, name: str, command: click.Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HTTPServer, "serve_forever", lambda _: None)  # a preview ends at once
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
