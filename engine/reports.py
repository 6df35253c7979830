"""Findings for people and for tools: text, JSON, SARIF 2.1.0 and GitHub annotations."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .errors import Finding


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
    }


def as_sarif(findings: Sequence[Finding]) -> str:
    """Return the findings as a SARIF 2.1.0 log with one run."""
    codes = sorted({finding.code for finding in findings})
    driver = {"name": "refund check", "rules": [{"id": code} for code in codes]}
    run = {"tool": {"driver": driver}, "results": [sarif_result(item) for item in findings]}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def sarif_result(finding: Finding) -> dict[str, Any]:
    """Return one result of a SARIF log."""
    place = {
        "artifactLocation": {"uri": finding.where.file},
        "region": {"startLine": finding.where.line, "startColumn": finding.where.column},
    }
    return {
        "ruleId": finding.code,
        "level": finding.severity,
        "message": {"text": worded(finding)},
        "locations": [{"physicalLocation": place}],
    }


def worded(finding: Finding) -> str:
    """Return a finding's message with its hint."""
    return f"{finding.message} ({finding.hint})" if finding.hint else finding.message


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
