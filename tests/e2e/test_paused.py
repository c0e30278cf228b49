"""A terminal whose process stands still (``SIGSTOP``) while something is taken from its person: what it prints once it
runs again, byte by byte, in a real terminal against a real hub.
"""

import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.tmux, pytest.mark.xdist_group("tmux"), pytest.mark.timeout(240)]

SECRET = "a long enough secret"
AGENT = re.compile(r"[●◆◇‖○] ([A-Z][a-z]{3,})")
"""An agent on the board, by a first name."""
TALKED = b'"agent":"'
"""Stands in what agents did: calls, log-ins, pauses. Missed opportunities name only who rang in vain or called back."""

NOBODY = "http://127.0.0.1:9"
"""An address at which no hub answers: enough for what the terminal does by itself."""


def program(home: Path, address: str) -> int:
    """The process id of the program that a terminal runs for this home."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            environ = (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if address.encode() in command and f"WALLBOARD_HOME={home}".encode() in environ:
            return int(process.name)
    raise AssertionError("the program does not run in this home")


def kept(home: Path) -> bytes:
    """All that stands in the cache's files, the log of writes among them."""
    return b"".join(file.read_bytes() for file in sorted((home / "cache").glob("*.db*")))


def test_a_paused_terminal_prints_no_row_that_was_taken_once_it_is_back(
    start: Any, hub: Any, home: Path, tmp_path: Path
) -> None:
    code = hub.wallboard("people", "add", "Una Fox", "--key", "una", "--role", "standard:admin")["code"]
    terminal = start(f"--hub {hub.address}", size=(140, 44))
    terminal.wait("Sign in", hub.address)
    terminal.sign_in("una", code)
    terminal.choose_password(SECRET)
    terminal.wait("Una Fox (Admin)", "● live", "Agents ─")
    board = terminal.wait(lambda screen: len(AGENT.findall(screen)) > 2, lambda screen: TALKED in kept(home))
    lost = set(AGENT.findall(board))

    paused = program(home, hub.address)
    os.kill(paused, signal.SIGSTOP)
    try:
        hub.wallboard("people", "role", "una", "--to", "standard:receptionist")
        shown = terminal.screen()
        assert all(name in shown for name in lost), "it stands still: what was painted is still there"
        printed = terminal.record(tmp_path / "printed")
    finally:
        os.kill(paused, signal.SIGCONT)
    reception = terminal.wait("Una Fox (Receptionist)", "● live", "Missed opportunities")
    assert "Agents ─" not in reception
    _, told, since = printed.read_text("utf-8", "replace").partition("Receptionist")
    assert told
    for name in lost:
        assert name not in reception
        assert name not in since
    assert TALKED not in kept(home)


def test_a_terminal_that_was_stopped_and_goes_on_reads_keys_as_before_and_leaves_the_terminal_as_it_was(
    start: Any, home: Path
) -> None:
    terminal = start(f"--hub {NOBODY}", size=(120, 30))
    terminal.wait("Sign in", "your short name")
    paused = program(home, NOBODY)
    threads, stops = len(list(Path(f"/proc/{paused}/task").iterdir())), 10
    for _ in range(stops):
        os.kill(paused, signal.SIGSTOP)
        os.kill(paused, signal.SIGCONT)
    # Threads that look for the hub come meanwhile, a few at most; none may stay behind of each stop.
    terminal.wait(lambda _: len(list(Path(f"/proc/{paused}/task").iterdir())) < threads + stops)
    terminal.wait("Sign in", "your short name")
    terminal.type("ann is who types this")
    terminal.wait("ann is who types this")
    assert "-icanon" in terminal.settings()
    terminal.press("C-q")
    terminal.wait(lambda _: " icanon" in terminal.settings())
    assert " echo " in terminal.settings()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminal_that_is_asked_to_end_leaves_the_screen_as_it_was(
    start: Any, home: Path, tmp_path: Path, number: signal.Signals
) -> None:
    terminal = start(f"--hub {NOBODY}; echo status $?", size=(100, 30))
    printed = terminal.record(tmp_path / "printed")
    terminal.wait("your short name")
    os.kill(program(home, NOBODY), number)
    left = terminal.wait(f"status {128 + number}")
    assert "your short name" not in left, "what stood there before is there again"
    assert " echo " in terminal.settings()
    _, _, after = printed.read_bytes().rpartition(b"your short name")
    for mode in (b"?1049l", b"?1003l", b"?25h"):  # the other screen, the mouse, the cursor
        assert mode in after
