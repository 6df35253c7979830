# One-line recipes. `just` lists them.
_default:
    @just --list

setup:
    python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]'

test *args:
    .venv/bin/pytest {{args}}

# What judges generated pages; needs nodejs, npm, chromium and default-jre-headless as well.
judges:
    cd tests/browser && npm ci

lint:
    .venv/bin/ruff check && .venv/bin/ruff format --check && .venv/bin/mypy

format:
    .venv/bin/ruff check --fix && .venv/bin/ruff format

check:
    .venv/bin/refund check --pages && .venv/bin/refund test

schemas:
    for q in refund cancellation credits; do .venv/bin/refund schema $q > schema/refund.$q.case.schema.json; done

# Rewrite the expected messages of tests/bad, then review them as a diff.
messages:
    REWRITE=1 .venv/bin/pytest tests/test_bad.py

# A million answers of all ways to decide, beside the interpreter's: `just prove --checks 50000 --seed 7`.
prove *args:
    nice .venv/bin/python -m tests.differential {{args}}

# What takes how long, beside other engines: writes docs/benchmarks.md. Takes minutes.
bench:
    .venv/bin/pip install -q -e '.[bench]' && .venv/bin/python -m benchmarks

ci:
    .ci/run
