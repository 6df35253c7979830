"""What a start leaves out: a first decision imports no more than it needs."""

import subprocess
import sys

DECIDED = """\
import sys
from refund_policy import load
load().decide("credits", {
    "requested_on": "2026-01-01", "billing_cycle_ends_on": "2026-01-31",
    "subscription_canceled": False, "refund_requested": True})
print(*sys.modules)
"""
COMMAND = """\
import sys
from refund_policy.engine.cli import main
main(["decide", "docs/case.yaml"], standalone_mode=False)
print(*sys.modules)
"""
NEVER = {"jsonschema", "jinja2", "zoneinfo", "difflib", "refund_policy.engine.check"}


def imported(code: str) -> set[str]:
    """Return the modules that a process has imported at its end."""
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, check=True, text=True)
    return set(run.stdout.splitlines()[-1].split())


def test_the_library_imports_neither_the_command_nor_the_analysis() -> None:
    late = {"click", "refund_policy.engine.explain", "refund_policy.engine.diagram"}
    assert not imported(DECIDED) & (NEVER | late)


def test_the_library_imports_nothing_that_writes_or_inspects_code() -> None:
    assert not imported(DECIDED) & {"dataclasses", "inspect", "ast", "dis", "tokenize"}


def test_the_command_that_decides_imports_no_other() -> None:
    others = {"publish", "review", "table", "mutants", "to_sql", "to_python", "diagram"}
    late = {f"refund_policy.engine.{name}" for name in others}
    assert not imported(COMMAND) & (NEVER | late)
