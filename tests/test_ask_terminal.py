"""`refund ask` on a real terminal."""

import os
import pty
import select
import subprocess
import sys

import pytest
from interviews import FEE, POLICIES, REFUNDED, ask, asked, typed

ON_TERMINAL = (
    "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "from refund_policy.engine.cli import main; main(prog_name='refund')"
)


def at_terminal(*answers: str) -> tuple[int, str]:
    """Type answers on a real terminal, each after its prompt; return exit status and screen."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", ON_TERMINAL, "ask", "credits", "--policies", POLICIES]
    screen, left = b"", list(answers)
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        while select.select([ours], [], [], 30)[0]:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # Linux says so when the other end is closed
                break
            screen += chunk
            if not chunk:
                break
            if screen.endswith(b"> ") and left:
                os.write(ours, left.pop(0).encode())
        status = process.wait()
    os.close(ours)
    return status, screen.decode().replace("\r\n", "\n")


def test_an_interview_on_a_terminal_reads_well() -> None:
    lines = [f"{REFUNDED[name]}\n" for name in asked(REFUNDED, "credits")]
    status, screen = at_terminal("nonsense\n", *lines)
    assert status == 0
    assert screen.startswith("\x1b[1mHow long can I use my credits?\x1b[0m\nPress Enter when ")
    assert "\x1b[1mAre you asking for a refund?\x1b[0m (yes or no)\n> nonsense\n  `" in screen
    assert "\n> yes\n" in screen
    assert "\n\x1b[32m\x1b[1mremoved\x1b[0m: your credits are removed\nbecause (" in screen


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_a_key_stops_at_once(key: str) -> None:
    status, screen = at_terminal(key)
    assert status == 1
    assert screen.endswith("\nstopped before a decision\n")
    assert "Traceback" not in screen


def test_no_colour_when_piped() -> None:
    assert "\x1b" not in ask(answers=typed(FEE)).output
