"""Judges that other people wrote: the W3C's checker, html-validate, and axe in a browser.

A test that asks one of them is skipped where it is not installed, and fails there when the
environment says `JUDGES=required`, as `.ci/run` does.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

import pytest

BROWSER = Path(__file__).parent.parent / "browser"
MODULES = BROWSER / "node_modules"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--no-pdf-header-footer",
)
SHEET = re.compile(rb"/Type\s*/Page\b")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
INSTALL = {
    "java": "apt-get install default-jre-headless",
    "node": "apt-get install nodejs npm",
    CHROMIUM: "apt-get install chromium",
    str(MODULES): "(cd tests/browser && npm ci)",
}


def vnu(folder: Path) -> list[str]:
    """Return the errors and warnings of the W3C's checker about all pages and style sheets.

    What it says about a page's security policy is left out: it reads files, which have no origin
    that `'self'` could mean. The browser knows better.
    """
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    options = ["--format", "json", "--exit-zero-always", "--also-check-css", "--stdout"]
    files = _files(folder, ".html", ".css")
    output = _run(["java", "-jar", str(jar), *options, *map(str, files)], "java", str(MODULES))
    return [
        f"{_local(item['url'].removeprefix('file:'), folder)}:{item.get('lastLine', 1)}: "
        f"{item['message']}"
        for item in json.loads(output)["messages"]
        if "violates Content Security Policy" not in item["message"]
    ]


def html_validate(folder: Path) -> list[str]:
    """Return what html-validate says about all pages, by the rules of `html-validate.json`."""
    script = MODULES / "html-validate" / "bin" / "html-validate.mjs"
    options = ["--config", str(BROWSER / "html-validate.json"), "--formatter", "json"]
    command = ["node", str(script), *options, *map(str, _files(folder, ".html"))]
    return [
        f"{_local(result['filePath'], folder)}:{item['line']}: {item['ruleId']}: {item['message']}"
        for result in json.loads(_run(command, "node", str(MODULES), allowed=(0, 1)))
        for item in result["messages"]
    ]


def audit(folder: Path, *addresses: str, shots: Path | None = None) -> list[str]:
    """Return what a browser finds on each page, in light, in dark and 320 px wide.

    Further addresses are opened too: a page in another state, such as `index.html#kind=fee`.
    Pictures of all pages are written to `shots`.
    """
    assert _files(folder, ".html")
    options = ["--shots", str(shots)] if shots else []
    command = ["node", str(BROWSER / "audit.mjs"), str(folder), *options, *addresses]
    report = json.loads(_run(command, "node", CHROMIUM, str(MODULES)))
    return [_line(finding) for finding in report["findings"]]


def sheets(page: Path) -> int:
    """Return how many sheets of A4 a page takes on paper."""
    with TemporaryDirectory() as folder:
        pdf = Path(folder) / "page.pdf"
        _run([CHROMIUM, *FLAGS, f"--print-to-pdf={pdf}", page.resolve().as_uri()], CHROMIUM)
        return len(SHEET.findall(pdf.read_bytes()))


def _line(finding: dict[str, Any]) -> str:
    return "{page}: {mode}: {code}: {where}: {message}".format_map(finding)


def _files(folder: Path, *endings: str) -> list[Path]:
    found = sorted(file for file in folder.rglob("*") if file.suffix in endings)
    assert found, f"no {' or '.join(endings)} in {folder}"
    return found


def _local(path: str, folder: Path) -> str:
    return Path(path).resolve().relative_to(folder.resolve()).as_posix()


def _run(command: list[str], *needed: str, allowed: Iterable[int] = (0,)) -> str:
    for name in needed:
        if not (shutil.which(name) or Path(name).is_dir()):
            _missing(f"needs {Path(name).name}: {INSTALL[name]}")
    with TemporaryFile("w+") as out:  # a pipe loses the end of what Node writes as it exits
        done = subprocess.run(command, stdout=out, stderr=PIPE, text=True, check=False, timeout=110)
        assert done.returncode in allowed, done.stderr
        out.seek(0)
        return out.read()


def _missing(reason: str) -> None:
    if os.environ.get("JUDGES") == "required":
        pytest.fail(reason)
    pytest.skip(reason)
