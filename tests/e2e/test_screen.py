"""From an empty directory to a board, in a real terminal: the demo as two roles; a hub that goes and comes back."""

import os
import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.tmux, pytest.mark.xdist_group("tmux"), pytest.mark.timeout(240)]

SIGN_IN = "People to try"
HERE = Path("/proc")


def child_hub(home: Path) -> int:
    """The process id of the hub that a terminal started for this home."""
    for process in HERE.glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            environ = (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"--child" in command and f"WALLBOARD_HOME={home}".encode() in environ:
            return int(process.name)
    raise AssertionError("no hub runs in this home")


def test_the_demo_shows_two_roles_what_each_may_see(start: Any, home: Path) -> None:
    terminal = start("demo", size=(140, 44))
    terminal.wait(SIGN_IN, within_s=20)
    assert time.monotonic() - terminal.began < 20

    terminal.sign_in("ann")
    board = terminal.wait("Ann Kelly (Supervisor)", "● live", "longest", "Agents ─", "Missed opportunities", "talking")
    assert "Sales" in board

    terminal.press("F10")
    terminal.wait(SIGN_IN)
    assert not [file for file in (home / "cache").glob("*.db")], "signing out takes the calls off the disk"

    terminal.sign_in("ct-reception")
    reception = terminal.wait("Rita Farrell", "Missed opportunities", "● live")
    for pane in ("Agents ─", "longest", "waiting", "Calls ─", "SL 80"):
        assert pane not in reception

    terminal.press("C-q")
    terminal.wait(lambda screen: "Rita Farrell" not in screen)


def test_two_terminals_share_one_demo(start: Any, home: Path) -> None:
    first = start("demo", size=(140, 44))
    first.wait(SIGN_IN)
    first.sign_in("ann")
    first.wait("Ann Kelly", "● live")
    hub = child_hub(home)

    second = start("demo", size=(140, 44))
    second.wait(SIGN_IN)
    second.sign_in("alice")
    second.wait("Alice Morgan", "● live")
    assert child_hub(home) == hub
    first.wait("Ann Kelly", "● live")


def test_a_killed_hub_of_ones_own_comes_back_and_the_board_with_it(start: Any, home: Path) -> None:
    terminal = start("demo", size=(140, 44))
    terminal.wait(SIGN_IN)
    terminal.sign_in("ann")
    terminal.wait("Ann Kelly", "● live", re.compile(r"offered +\d").search)
    before = child_hub(home)

    os.kill(before, signal.SIGKILL)
    terminal.wait(lambda screen: "● live" not in screen or child_hub_or_none(home) not in (None, before))
    board = terminal.wait("Ann Kelly", "● live", lambda screen: child_hub_or_none(home) not in (None, before))
    assert re.search(r"offered +\d", board), "the last board is still drawn"

    # The recording goes on where it would have been, so that something is heard of the phone system again.
    terminal.wait(lambda screen: "talking" in screen and screen != board)


def child_hub_or_none(home: Path) -> int | None:
    """As ``child_hub``; ``None`` while there is none."""
    try:
        return child_hub(home)
    except AssertionError:
        return None


def test_from_a_one_time_code_to_a_board_that_outlives_its_hub(start: Any, hub: Any) -> None:
    code = hub.wallboard("people", "code", "admin")["code"]
    terminal = start(f"--hub {hub.address}", size=(140, 44))
    terminal.wait("Sign in", hub.address)

    terminal.sign_in("admin", code)
    terminal.choose_password("a long enough secret")
    board = terminal.wait("Admin (Admin)", "● live", "longest")

    hub.kill()
    killed = time.monotonic()
    stale = terminal.wait("STALE", "the board is as of", within_s=20)
    assert time.monotonic() - killed <= 15
    for kept in ("longest", "Admin (Admin)"):
        assert kept in board
        assert kept in stale, "the last board is still drawn"

    hub.start()
    came_back = time.monotonic()
    terminal.wait("● live", lambda screen: "STALE" not in screen, within_s=10)
    assert time.monotonic() - came_back <= 5


def test_a_small_terminal_and_a_large_one_show_the_same_board(start: Any) -> None:
    terminal = start("demo", size=(80, 24))
    terminal.wait("ann", "bob")
    terminal.sign_in("ann")
    terminal.wait("Ann", "Waiting", "VIP", lambda screen: max(map(len, screen.splitlines())) <= 80)
    terminal.resize(200, 60)
    terminal.wait("Ann Kelly (Supervisor)", "Agents ─", "Missed opportunities")


def test_where_there_is_no_hub_yet_it_says_what_there_is_to_do(start: Any) -> None:
    terminal = start("", size=(220, 20))
    terminal.wait("There is no hub on this machine yet.", "wallboard demo", "wallboard init", "--hub ADDRESS")


def test_init_asks_on_a_terminal_and_prints_the_one_time_code(start: Any, home: Path) -> None:
    terminal = start("init", size=(100, 30))
    terminal.wait("Name of the organisation")
    terminal.type("Corrib Telecom")
    terminal.press("Enter")
    terminal.wait("Time zone")
    terminal.type("Europe/Dublin")
    terminal.press("Enter")
    terminal.wait("Roles to start with")
    terminal.press("Enter")
    terminal.wait("Corrib Telecom is set up", "one-time code", "and choose a password")
    assert (home / "journal.db").exists()
