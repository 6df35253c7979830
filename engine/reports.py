"""Findings for people and for tools: text, JSON, SARIF 2.1.0 and GitHub annotations."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .errors import Finding
from .findings import MEANINGS

ROOT = "%SRCROOT%"
PAGES = "docs/findings"


def as_text(findings: Sequence[Finding]) -> str:
    """Return a line for each finding."""
    return "\n".join(str(finding) for finding in findings)


def as_json(findings: Sequence[Finding]) -> str:
    """Return the findings as a JSON list."""
    return json.dumps([plain(finding) for finding in findings], indent=2, ensure_ascii=False)


def plain(finding: Finding) -> dict[str, Any]:
    """Return a finding as it stands in JSON."""
    where = finding.where
    return {
        "file": where.file,
        "line": where.line,
        "column": where.column,
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
        "hint": finding.hint,
        "case": finding.case,
    }


# ---------------------------------------------------------------- SARIF


def as_sarif(findings: Sequence[Finding]) -> str:
    """Return the findings as a SARIF 2.1.0 log with one run; columns count characters."""
    levels = {finding.code: finding.severity for finding in reversed(findings)}
    codes = [*dict.fromkeys([code for code in MEANINGS if code in levels] + [*levels])]
    driver = {"name": "refund check", "rules": [sarif_rule(code, levels[code]) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "where `refund check` was run"}}},
        "results": [sarif_result(finding, codes.index(finding.code)) for finding in findings],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def sarif_rule(code: str, level: str) -> dict[str, Any]:
    """Return what a code means, and where more stands about it."""
    page = f"{PAGES}/{code}.md"
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in code.split("-")),
        "shortDescription": {"text": MEANINGS.get(code, code)},
        "help": {"text": f"See {page}.", "markdown": f"See [{page}]({page})."},
        "defaultConfiguration": {"level": level},
    }


def sarif_result(finding: Finding, rule: int) -> dict[str, Any]:
    """Return one result of a SARIF log, with the case that shows it."""
    place = {
        "artifactLocation": artifact(finding.where.file),
        "region": {"startLine": finding.where.line, "startColumn": finding.where.column},
    }
    result = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity,
        "message": {"text": worded(finding)},
        "locations": [{"physicalLocation": place}],
    }
    return result if finding.case is None else {**result, "properties": {"case": finding.case}}


def artifact(file: str) -> dict[str, str]:
    """Return a file as SARIF names it: below the folder of the run, where it lies there."""
    path = Path(file)
    here = Path.cwd()
    if path.is_absolute() and not path.is_relative_to(here):
        return {"uri": path.as_uri()}
    below = path.relative_to(here) if path.is_absolute() else path
    return {"uri": quote(below.as_posix()), "uriBaseId": ROOT}


def worded(finding: Finding) -> str:
    """Return a finding's message with its hint."""
    return f"{finding.message} ({finding.hint})" if finding.hint else finding.message


# ---------------------------------------------------------------- GitHub


def as_github(findings: Sequence[Finding]) -> str:
    """Return a workflow command for each finding, which GitHub shows beside the line."""
    return "\n".join(github_line(finding) for finding in findings)


def github_line(finding: Finding) -> str:
    """Return one workflow command, escaped as GitHub asks."""
    where = finding.where
    properties = {
        "file": where.file,
        "line": str(where.line),
        "col": str(where.column),
        "title": finding.code,
    }
    listed = ",".join(f"{name}={escaped(value, ':,')}" for name, value in properties.items())
    return f"::{finding.severity} {listed}::{escaped(worded(finding))}"


def escaped(text: str, more: str = "") -> str:
    """Escape what ends a workflow command, or a property of one."""
    for letter in f"%\r\n{more}":
        text = text.replace(letter, f"%{ord(letter):02X}")
    return text


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
}


def counted(findings: Sequence[Finding]) -> str:
    """Return how many errors and warnings there are, in words."""
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    return f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}"
