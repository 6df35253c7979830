"""Every example in a docstring does what it shows."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import refund_policy

ENGINE = (Path(refund_policy.__file__).parent / "engine").resolve()
NAMES = [".".join(file.relative_to(ENGINE).with_suffix("").parts) for file in ENGINE.rglob("*.py")]
MODULES = ["refund_policy", *sorted(f"refund_policy.engine.{name}" for name in NAMES)]


@pytest.mark.parametrize("module", MODULES)
def test_docstrings_show_the_truth(module: str) -> None:
    assert doctest.testmod(import_module(module)).failed == 0
