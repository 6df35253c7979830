"""The command as tests run it: in a folder with a few cases, and on a terminal."""

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

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


def prepared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an empty folder the current one, where the installed policies are the default."""
    monkeypatch.chdir(folder)
    (folder / "case.json").write_text(json.dumps(FEE))
    (folder / "case.yaml").write_text("\n".join(f"{k}: {v}" for k, v in FEE.items()).lower())
    lines = [json.dumps(FEE), "{wrong", json.dumps(LATE), '{"charged_on": "2026-02-30"}']
    (folder / "cases.jsonl").write_text("\n".join(lines) + "\n")
    header = ",".join(FEE)
    rows = [",".join(str(v) for v in row.values()) for row in (FEE, LATE)]
    rows.append("2026-01-05,2026-01-01,2026-01-01,credit_purchase,10.00,none,yes,no")
    (folder / "cases.csv").write_text("\n".join([header, *rows]) + "\n")
    return folder


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin)


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
