"""The support kit: macros for each answer, and lines for apps."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from git_repository import edit
from judges import fixpoint

from refund_policy.engine.cli import main
from refund_policy.engine.folder import load
from refund_policy.render.build import files
from refund_policy.render.kit import macros
from refund_policy.render.site import Site, site

TESTS = Path(__file__).parent
LINES = """
strings:
  leave_screen:
    question: refund
    outcome: paid_back
    says: "You get {amount} back until {holds_until}: {trial_period} are over then."
  paused:
    question: pause
    outcome: yes
    says: "You can pause until {holds_until}."
"""
PAUSING = (
    """
    rules:
      injury: {when: injured, outcome: yes, says: You can pause while you are injured.}
      no_pause: {when: {not: injured}, outcome: no, says: Without an injury you can't pause.}
""",
    """
    rules:
      injury: {when: injured, outcome: yes, says: You can pause while you are injured.}
    tables:
      others:
        columns: [injured, joined_on]
        outcome: no
        says: Without an injury you can't pause.
        rows:
          no_pause: {when: [no, {on_or_after: 2026-06-01}]}
          old_member: {when: [no, {before: 2026-06-01}]}
""",
)
CASE = {"joined_on": "2026-03-01", "left_on": "2026-03-10", "fee_paid": "1249.90"}


@pytest.fixture
def gym(tmp_path: Path) -> Path:
    """Return a small policy with lines for apps."""
    folder = Path(shutil.copytree(TESTS / "gym", tmp_path / "gym"))
    file = folder / "1.0.0/pages.yaml"
    file.write_text(file.read_text("utf-8") + LINES, "utf-8")
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in arguments])


def case_file(folder: Path, **facts: object) -> Path:
    file = folder / "case.json"
    file.write_text(json.dumps(facts))
    return file


def call_loop() -> Site:
    return site(load(TESTS.parent / "policies"))


# ---------------------------------------------------------------- macros


def test_each_outcome_and_rule_has_a_macro_the_best_first() -> None:
    edition = call_loop().current("en")
    refund = next(found for found in macros(edition) if found.name == "refund")
    assert [macro.rules for macro in refund.macros] == [
        ("money_back_guarantee",),
        ("special_circumstances_review",),
        ("request_incomplete",),
        ("final_sale",),
        ("credits_used",),
        ("late_report",),
    ]
    rules = {rule for found in macros(edition) for macro in found.macros for rule in macro.rules}
    assert rules == {rule.name for question in edition.questions for rule in question.rules}


def test_rows_of_a_table_that_say_the_same_share_a_macro(gym: Path) -> None:
    rules, table = PAUSING
    edit(gym / "1.0.0/policy.yaml", rules, table)
    edit(gym / "1.0.0/pages.yaml", "[injury, no_pause], question", "[injury], question")
    edit(gym / "1.0.0/pages.yaml", "[injury, no_pause]}", "[injury]}")
    edition = site(load(gym)).current("en")
    pause = next(found for found in macros(edition) if found.name == "pause")
    assert [macro.rules for macro in pause.macros] == [("injury",), ("no_pause", "old_member")]


def test_a_macro_has_the_customers_words_and_places_for_outputs(gym: Path) -> None:
    text = run("render", "macros", "--policies", gym, "--as", "text").stdout
    assert "You get your fee back.\nWhat you get back: {{amount}}\n" in text
    assert "get your fee back less €5." in " ".join(text.split())


def test_a_macro_asks_for_what_its_answer_rests_on(gym: Path) -> None:
    edition = site(load(gym)).current("en")
    asked = {macro.rules[0]: macro.asks for found in macros(edition) for macro in found.macros}
    assert asked["no_refund"] == ("When did you join?", "When did you leave?")
    assert asked["trial"] == (*asked["no_refund"], "How much did you pay?")
    assert asked["injury"] == ("Are you injured?",)


@pytest.mark.parametrize("page", ["macros", "strings"])
def test_a_help_desk_takes_the_kit_as_it_is(page: str, gym: Path) -> None:
    assert fixpoint(run("render", page, "--policies", gym, "--as", "zendesk").stdout) == []


# ---------------------------------------------------------------- lines for apps


def test_lines_name_their_outputs_until_a_decision_fills_them_in(gym: Path) -> None:
    found = run("render", "strings", "--policies", gym, "--as", "text")
    assert found.stdout.splitlines() == [
        "leave_screen: You get {amount} back until {holds_until}: 14 days are over then.",
        "paused: You can pause until {holds_until}.",
    ]


def test_a_decision_fills_in_the_lines_of_its_outcome(gym: Path) -> None:
    case = case_file(gym, **CASE)
    found = run("render", "strings", "--policies", gym, "--as", "text", "--case", case)
    assert (found.exit_code, found.stdout) == (
        0,
        "leave_screen: You get €1,244.90 back until 15 March 2026: 14 days are over then.\n",
    )


def test_another_outcome_shows_no_line(gym: Path) -> None:
    case = case_file(gym, **{**CASE, "left_on": "2026-03-16"})
    found = run("render", "strings", "--policies", gym, "--as", "text", "--case", case)
    assert (found.exit_code, found.stdout) == (0, "")


def test_a_line_with_a_last_day_is_not_shown_for_what_holds_for_ever(gym: Path) -> None:
    case = case_file(gym, joined_on="2026-03-01", injured=True)
    asked = ("--policies", gym, "--as", "text", "--case", case, "--question", "pause")
    assert run("render", "strings", *asked).stdout == ""
    edit(gym / "1.0.0/pages.yaml", " until {holds_until}.", ".")
    assert run("render", "strings", *asked).stdout == "paused: You can pause.\n"


def test_an_undecided_case_shows_no_line(gym: Path) -> None:
    case = case_file(gym, joined_on="2026-03-01")
    found = run("render", "strings", "--policies", gym, "--as", "text", "--case", case)
    assert (found.exit_code, found.stdout) == (3, "")


def test_apps_read_the_lines_as_data(gym: Path) -> None:
    data = json.loads(files(site(load(gym)))["internal/strings.en.json"]())
    assert data["strings"]["leave_screen"] == {
        "question": "refund",
        "outcome": "paid_back",
        "says": "You get {amount} back until {holds_until}: 14 days are over then.",
        "fill_in": {"amount": "money", "holds_until": "date"},
    }


def test_a_policy_without_lines_has_no_page_of_them() -> None:
    names = files(site(load(TESTS / "gym"))).keys()
    assert not [name for name in names if "strings" in name]


# ---------------------------------------------------------------- in the site


def test_what_is_for_the_company_stands_apart(gym: Path) -> None:
    made = files(site(load(gym)))
    assert {name for name in made if name.startswith("internal/")} == {
        "internal/kit.css",
        "internal/macros.html",
        "internal/review.html",
        "internal/strings.html",
        "internal/strings.en.json",
    }


def test_its_pages_lead_to_each_other_and_no_page_for_customers_leads_there(gym: Path) -> None:
    made = files(site(load(gym)))
    for name, make in made.items():
        if name.endswith(".html"):
            links = re.findall(r'(?:href|src)="([^"#:]+)"', make().decode())
            inside = [link for link in links if name.startswith("internal/") and "/" not in link]
            assert {f"internal/{link}" for link in inside} <= made.keys()
            assert not [link for link in links if "internal" in link]
            outside = [link for link in links if link.startswith("../public/")]
            assert {link.removeprefix("../") for link in outside} <= made.keys()
            assert bool(outside) is name.startswith("internal/")
