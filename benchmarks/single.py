"""One case at a time: the library beside a function written by hand, and beside other engines.

All decide the same cases, in rounds that take turns, after their answers were compared. Only the
ratios carry over to another machine. Engines that aren't installed are left out.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from refund_policy import load
from refund_policy.engine.explanation import in_json

from .by_hand import Facts, by_hand
from .peers import PEERS, Way
from .rounds import Times, timed
from .tables import table
from .workload import cases

ROUNDS = 15
HAND = "a function written by hand"
POLICY = load(Path(__file__).parent.parent / "policies")


def decided(facts: Facts) -> object:
    """Decide, with every fact checked, and get a decision object."""
    return POLICY.decide("refund", facts)


def read(facts: Facts) -> object:
    """Decide, and read what services read."""
    found = POLICY.decide("refund", facts)
    return found.outcome, found.rule, found.outputs, found.reasons


def held(facts: Facts) -> object:
    """Decide, and read until when the decision holds."""
    return POLICY.decide("refund", facts).holds_until


def explained(facts: Facts) -> object:
    """Decide, read what services read, and write out what became of each rule."""
    found = POLICY.explain("refund", facts)
    now = found.decision
    return now and (now.outcome, now.rule, now.outputs, now.reasons, in_json(found.rules))


def written_out(facts: Facts) -> object:
    """Decide, and write out all that there is to say, until when it holds included."""
    return POLICY.explain("refund", facts).as_json()


WAYS: dict[str, tuple[Callable[[Facts], object], int]] = {
    HAND: (by_hand, 1),
    "**refund-policy: decide**": (decided, 1),
    "… and outcome, rule, outputs, reasons read": (read, 1),
    "… and `holds_until` read": (held, 10),
    "… and each rule explained, as data": (explained, 10),
    "… explained, and `holds_until`, all as data": (written_out, 10),
}
SLOWER = 10
"""Of how many cases other engines decide one in each round."""


def ours(facts: Facts) -> Facts:
    """Return our answer in the form of the one written by hand."""
    found = POLICY.decide("refund", facts)
    amount, day = found.outputs.get("refund_amount"), found.outputs.get("respond_by")
    return {"outcome": found.outcome, "rule": found.rule, "amount": amount, "respond_by": day}


def installed() -> dict[str, Way]:
    """Return the engines that are installed; says which ones aren't."""
    found = {}
    for name, make in PEERS.items():
        try:
            found[name] = make()
        except ImportError:
            print(f"not installed: {name}", file=sys.stderr)
    return found


def compared(way: Way, name: str, found: list[Facts]) -> None:
    """Stop where an answer differs from the one written by hand."""
    for facts in found:
        if way(facts) != by_hand(facts):
            sys.exit(f"{name} disagrees: {facts}: {way(facts)}, {by_hand(facts)}")


def measured() -> dict[str, Times]:
    """Compare all answers, and return what each way takes."""
    found, peers = cases(), installed()
    for name, way in {"refund-policy": ours, **peers}.items():
        compared(way, name, found)
    ways = {name: way for name, (way, _) in WAYS.items()} | peers
    parts = {name: part for name, (_, part) in WAYS.items()} | dict.fromkeys(peers, SLOWER)
    return timed(ways, {name: found[:: parts[name]] for name in ways}, ROUNDS)


def shown(times: dict[str, Times]) -> str:
    """Return the times as a table, the quickest way first."""
    hand = times[HAND]
    rows = [
        (name, f"{t.median:.2f}", f"{t.p99:.1f}", f"{t.mean / hand.mean:.1f}")
        for name, t in sorted(times.items(), key=lambda item: item[1].mean)
    ]
    return table(("one case", "median µs", "p99", "× hand"), rows)
