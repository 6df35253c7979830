"""Small questions, with what the checks say of them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from refund_policy.engine.check import version_findings
from refund_policy.engine.load import load_text

BAD = Path(__file__).parent / "bad"
HEAD = """
language: 1
policy: small
version: 1.0.0
in_force: {from: beginning}
currency: EUR
facts:
  bought_on: {type: date}
  returned_on: {type: date}
  opened: {type: yes_no}
  paid: {type: money}
  months: {type: whole_number}
measures:
  days: {days: {from: bought_on, to: returned_on}}
  months_since: {months: {from: bought_on, to: returned_on}}
  last_day: {plus: [bought_on, 2 months]}
  a_month: {if: {months: {is: 0}}, then: paid, else: {divided_by: [paid, months]}}
conditions: {in_time: {returned_on: {on_or_before: last_day}}}
questions:
  ask:
    outcomes: {approved: {}, declined: {}, partly: {outputs: {amount: money}}}
"""
DEFAULT = "      final: {outcome: declined}\n"
RULES: Mapping[str, tuple[set[str], str]] = {
    "whole months follow one another": (
        set(),
        """
      early: {when: {months_since: {at_most: 3 months}}, outcome: approved}
      middle: {when: {months_since: {at_least: 4 months, at_most: 5 months}}, outcome: declined}
      late: {when: {months_since: {more_than: 5 months}}, outcome: approved}
""",
    ),
    "two months are over before 70 days": (
        {"dead-rule"},
        f"""{DEFAULT}
      early: {{when: in_time, overrides: [final], outcome: approved}}
      never: {{when: {{all: [in_time, {{days: {{at_least: 70 days}}}}]}}, overrides: [early],
              outcome: declined}}
""",
    ),
    "a month may be 31 days": (
        set(),
        f"""{DEFAULT}
      rare: {{when: {{all: [{{months_since: {{is: 0 months}}}}, {{days: {{at_least: 30 days}}}}]}},
             overrides: [final], outcome: approved}}
""",
    ),
    "an override that follows from others says something true": (
        set(),
        f"""{DEFAULT}
      early: {{when: {{days: {{at_most: 30 days}}}}, overrides: [final], outcome: approved}}
      worn: {{when: opened, overrides: [early, final], outcome: declined}}
""",
    ),
    "an override matters by what it brings along": (
        set(),
        f"""{DEFAULT}
      early: {{when: {{days: {{at_most: 30 days}}}}, overrides: [final], outcome: approved}}
      late: {{when: {{days: {{more_than: 60 days}}}}, overrides: [early], outcome: approved}}
""",
    ),
    "overrides of all need no reason": (
        set(),
        f"""{DEFAULT}
      early: {{when: {{days: {{at_most: 30 days}}}}, overrides: all, outcome: approved}}
      late: {{when: {{days: {{more_than: 60 days}}}}, overrides: [final], outcome: approved}}
""",
    ),
    "a division by zero that `if` avoids is none": (
        set(),
        f"""{DEFAULT}
      some: {{when: opened, overrides: [final], outcome: partly, amount: a_month}}
""",
    ),
    "a rule that is dead has no other finding": (
        {"dead-rule"},
        """
      early: {when: {days: {at_most: 30 days}}, overrides: [worn], outcome: approved}
      late: {when: {days: {more_than: 30 days}}, overrides: [worn], outcome: approved}
      worn: {when: opened, outcome: declined}
""",
    ),
    "a limit that another rule names is meant": (
        set(),
        """
      early: {when: {days: {less_than: 30 days}}, outcome: approved}
      late: {when: {days: {more_than: 30 days}}, outcome: approved}
      last: {when: {days: {is: 30 days}}, outcome: declined}
""",
    ),
    "a table overrides one that it never meets": (
        {"idle-override"},
        """
      late: {when: {days: {more_than: 30 days}}, outcome: declined}
    tables:
      early:
        columns: [days, opened]
        overrides: [late]
        rows:
          new: {when: [{at_most: 30 days}, no], outcome: approved}
          used: {when: [{at_most: 30 days}, yes], outcome: declined}
""",
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_small_questions_get_these_findings(name: str) -> None:
    codes, rules = RULES[name]
    version, _ = load_text(f"{HEAD}    rules:\n{rules.lstrip(chr(10))}", "policy.yaml")
    assert sorted(finding.code for finding in version_findings(version)) == sorted(codes)


def test_cases_lie_near_the_start_of_the_version() -> None:
    version, _ = load_text((BAD / "gap.yaml").read_text("utf-8"), "policy.yaml")
    (gap,) = version_findings(version)
    assert gap.case == {"bought_on": "2026-01-01", "returned_on": "2026-01-01", "opened": True}
