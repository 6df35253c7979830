"""All ways to decide say what is meant: on policies that were drawn, and that people wrote.

The harness is in `differential/`; `just prove` runs it on a million answers, on Spark as well.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from differential.asked import Asked, Facts, Got, Said
from differential.drawn import QUESTION, loaded
from differential.judge import Agrees, Disagreement, checked, decides_all
from differential.kept import asked as kept_case
from differential.kept import kept, to_keep
from differential.prove import prove
from differential.shrink import shrunk, steps
from differential.targets import EVERYTHING, PLAIN, TARGETS, Target, python, there
from differential.warehouses import postgres_is_there
from differential.written import WRITTEN

from refund_policy.engine.reading import Record
from refund_policy.engine.writing import is_running

FAST = {name: target for name, target in there().items() if name != "spark"}
QUERIES = [name for name in ("python", "duckdb", "postgres") if name in FAST]
KEPT = dict(kept())


def differences(asked: Asked, *names: str) -> Iterator[str]:
    """Yield what targets say that isn't meant."""
    for _, _, found in checked(asked, {name: TARGETS[name] for name in names}):
        yield from map(str, found)


def test_policies_drawn_are_decided_alike_by_all() -> None:
    proof = prove(4_000, 1, 60, FAST)
    for found, policy in proof.found:
        pytest.fail(to_keep(found.target, shrunk(found, policy)))
    assert proof.answers.keys() == FAST.keys()
    assert [line.split()[0] for line in str(proof).splitlines()] == [
        "target",
        *proof.answers,
        "all",
    ]


@pytest.mark.parametrize("name", KEPT)
def test_what_once_differed_is_decided_alike(name: str) -> None:
    assert not [*differences(KEPT[name], *FAST)]


@pytest.mark.parametrize("name", WRITTEN)
def test_policies_of_people_are_decided_alike(name: str) -> None:
    assert not [*differences(WRITTEN[name](), *QUERIES)]


# ---------------------------------------------------------------- a harness that can fail

POLICY: dict[str, Any] = {
    "language": 1,
    "policy": "small",
    "version": "1.0.0",
    "in_force": {"from": "beginning"},
    "facts": {
        "flag": {"type": "yes_no"},
        "count": {"type": "whole_number"},
        "day": {"type": "date"},
    },
    "always": [{"count": {"at_least": -5}, "else": "Too few."}],
    "questions": {
        "ask": {
            "outcomes": {"yes": {}, "no": {}, "some": {"outputs": {"number": "whole_number"}}},
            "rules": {
                "rest": {"outcome": "no"},
                "early": {
                    "when": {"day": {"before": "2026-03-01"}},
                    "overrides": ["rest"],
                    "outcome": "yes",
                },
                "many": {
                    "when": {"all": ["flag", {"count": {"at_least": 2}}]},
                    "overrides": ["rest", "early"],
                    "outcome": "some",
                    "number": {"plus": ["count", 1]},
                },
            },
        }
    },
}
CASE = {"flag": True, "count": 2, "day": "2026-02-28"}
WRONG: dict[str, dict[str, Any]] = {
    "another outcome": {"outcome": "no"},
    "another rule": {"rule": "early"},
    "an output that is off by one": {"outputs": (("number", "4"),)},
    "an output that is left out": {"outputs": ()},
    "another version": {"version": "1.0.1"},
    "another digest": {"digest": "sha256:0"},
    "an error as well": {"error": "no"},
    "an error instead": {"outcome": "", "rule": "", "error": "no"},
    "nothing": {"outcome": "", "rule": ""},
}


def plant(monkeypatch: pytest.MonkeyPatch, agrees: Agrees, **part: object) -> None:
    """Add a target that says something wrong where the rule `many` decides."""

    def run(asked: Asked, folder: Path) -> Iterator[Got]:
        for got in python(asked, folder):
            said = replace(got.said, **part) if got.said.rule == "many" else got.said  # type: ignore[arg-type]
            yield replace(got, said=said)

    monkeypatch.setitem(TARGETS, "planted", Target(run, agrees))


def found_by(cases: Sequence[Facts], target: str) -> list[Disagreement]:
    """Return what a target is found to say wrong."""
    asked = Asked(loaded([POLICY]), QUESTION, cases)
    ((_, _, found),) = checked(asked, {target: TARGETS[target]})
    return found


@pytest.mark.parametrize("agrees", [decides_all(EVERYTHING), PLAIN], ids=["all", "plain"])
@pytest.mark.parametrize("part", WRONG.values(), ids=[*WRONG])
def test_a_planted_mistake_is_found(
    part: dict[str, object], agrees: Agrees, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, agrees, **part)
    found = found_by([CASE, {**CASE, "count": 1}], "planted")
    assert {one.got.case for one in found} == {0}


def test_a_mistake_is_shrunk_to_what_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, decides_all(EVERYTHING), outcome="no")
    (one, _) = found_by([CASE], "planted")
    found = shrunk(one, [POLICY])
    assert found["case"] == {"count": 2}
    (version,) = found["versions"]
    assert [*version["questions"]["ask"]["rules"]] == ["many"]
    text = to_keep("planted", found)
    assert text.startswith("# case: {'count': 2}\n")
    assert [*differences(kept_case(yaml.safe_load(text)), "planted")]


@pytest.mark.parametrize(
    ("said", "right", "case", "is_right"),
    [
        (Said(outcome="yes"), Said(error="no"), CASE, False),
        (Said(), Said(error="no"), CASE, False),
        (Said(), Said(error="no"), {"flag": True}, True),
        (Said(error="no"), Said(missing=("count",)), {"flag": True}, False),
        (Said(), Said(missing=("count",)), {"flag": True}, True),
        (Said(), Said(outcome="yes"), {"flag": True}, True),
        (Said(), Said(outcome="yes"), CASE, False),
        (Said(), Said(outcome="yes", also=("early",)), CASE, True),
        (Said(), Said(outcome="yes"), {**CASE, "count": 10**12}, True),
    ],
)
def test_what_isnt_plain_may_be_left_open(
    said: Said, right: Said, case: Facts, *, is_right: bool
) -> None:
    asked = Asked(loaded([POLICY]), QUESTION, [case])
    assert PLAIN(asked, Got(0, Record(0, case), said), right) is is_right


def test_a_case_that_is_dropped_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TARGETS, "planted", Target(lambda *_: iter(()), PLAIN))
    with pytest.raises(AssertionError, match="dropped a case"):
        found_by([CASE], "planted")


def test_a_part_at_a_time_is_left_out() -> None:
    assert [*steps({"not": ["flag"]})] == [{}, ["flag"], {"not": []}, {"not": "flag"}]


@pytest.mark.skipif(not postgres_is_there(), reason="PostgreSQL isn't installed")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_server_ends_with_the_run_that_started_it(number: signal.Signals) -> None:
    code = "from differential.warehouses import server; print(server().folder, flush=True); input()"
    command = [sys.executable, "-c", code]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as process:  # type: ignore[call-overload]
        folder = Path(process.stdout.readline().strip())
        server = int((folder / "data/postmaster.pid").read_text().split()[0])
        process.send_signal(number)
        process.wait(20)
    for _ in range(200):
        if not folder.exists() and not is_running(str(server)):
            return
        time.sleep(0.1)
    pytest.fail("the server still runs")
