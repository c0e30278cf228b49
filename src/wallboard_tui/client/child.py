"""Room ``client``: a hub of one's own, started as a child process on a Unix socket where none runs yet.

The child lives as long as anybody is connected to it; counting is the hub's affair. It stands in a session of its own,
so that Ctrl+C in the terminal that started it does not end it under another terminal.
"""

import asyncio
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from wallboard_tui.client.errors import HubError
from wallboard_tui.client.home import Home, begin_log, size_of, usable
from wallboard_tui.client.hub import HubClient

PROGRAM = (sys.executable, "-P", "-m", "wallboard_tui.cli")
"""``-P``: nothing is imported from the directory in which somebody happens to be, such as a file ``click.py`` there."""
COMMAND = (*PROGRAM, "hub", "--child")
START_S = 20.0
"""A hub that must bring a large view up to date says so in its log and still opens its socket within this time."""
PAUSE_S = 0.03
TAIL = 5
SENTENCE = "wallboard: "
"""So begins what the program says when it was refused or failed."""
_STARTED: list[subprocess.Popen[bytes]] = []
"""Hubs this process started: kept so that one that ended is waited for, and never stays a zombie for long."""


async def reach(home: Home, *, command: Sequence[str] = COMMAND, start_s: float = START_S) -> str:
    """The address of a hub that answers on this machine's socket; starts one when none does.

    Raises ``HubError``: ``other-protocol`` when another version of the program runs there, ``hub-did-not-start`` with
    the last lines of its log; and ``HomeError`` when there is no place for it.
    """
    home.prepare()
    if await answers(home):
        return home.address
    with usable(home.data):
        async with _alone(home, start_s):
            if not await answers(home):
                await _start(home, command, start_s)
    return home.address


async def _start(home: Home, command: Sequence[str], start_s: float) -> None:
    began = size = begin_log(home.hub_log)
    child = _spawn(home, command)
    deadline = time.monotonic() + start_s
    while time.monotonic() < deadline:
        # The socket is looked at after the child, so that an answer given before the child ended still counts.
        ended = child.poll()
        if await answers(home):
            return
        if ended == 0:
            # It found another hub in this home and ended for that; where that one has ended meanwhile, one is needed.
            child = _spawn(home, command)
        elif ended is not None:
            how = f"it ended with status {ended}" if ended > 0 else f"a signal ended it ({signal.strsignal(-ended)})"
            raise _failed(home, how, began)
        if (grown := size_of(home.hub_log)) != size:
            # It says how far it is: a large view is being brought up to date.
            size, deadline = grown, time.monotonic() + start_s
        await asyncio.sleep(PAUSE_S)
    await asyncio.to_thread(_end, child)
    raise _failed(home, f"it did not open {home.socket} within {start_s:.0f} s", began)


def _spawn(home: Home, command: Sequence[str]) -> subprocess.Popen[bytes]:
    with open(os.open(home.hub_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
        _STARTED[:] = [earlier for earlier in _STARTED if earlier.poll() is None]
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=home.environ(),
            start_new_session=True,
        )
        _STARTED.append(child)
        return child


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


async def answers(home: Home) -> bool:
    """Whether a hub of this version answers in a home. Raises ``HubError`` where something else does, which is no
    reason to start one.
    """
    if not home.socket.exists():
        return False
    async with HubClient(home.address) as hub:
        try:
            await hub.health()
        except HubError as error:
            if error.lost:
                return False
            raise
    return True


@asynccontextmanager
async def _alone(home: Home, start_s: float) -> AsyncIterator[None]:
    """Two terminals that open at the same time start one hub: the second waits until the first is done."""
    fd = os.open(home.data / "hub.start.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + start_s
    try:
        while not _try_lock(fd):
            if time.monotonic() > deadline:
                raise HubError(
                    "hub-did-not-start", "another terminal is starting a hub and does not get done", "Try again."
                )
            await asyncio.sleep(PAUSE_S)
        yield
    finally:
        os.close(fd)


def _try_lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _failed(home: Home, how: str, began: int) -> HubError:
    try:
        with home.hub_log.open("rb") as log:
            log.seek(began)
            said = log.read().decode(errors="replace").split("\n")
    except OSError:
        said = []
    lines = [line.rstrip() for line in said if line.strip()][-TAIL:]
    if lines and lines[-1].startswith(SENTENCE):
        # It knew itself what was wrong, and what to do about it.
        reason, _, next_step = lines[-1].removeprefix(SENTENCE).partition(". ")
        return HubError("hub-did-not-start", f"the hub could not be started: {reason}", next_step)
    last = "\n".join(["", *lines]) if lines else " It said nothing."
    return HubError("hub-did-not-start", f"the hub could not be started: {how}", f"Its log is {home.hub_log}.{last}")
