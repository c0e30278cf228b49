"""A hub and a real terminal of it that shows the list of calls, and when something that happened stood on its screen.

What happens carries a caller's number of its own, by which it is looked for in what the terminal prints.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import httpx
from _made import organisation
from _pty import Program

from wallboard_tui.client.home import Home
from wallboard_tui.client.session import Session, save
from wallboard_tui.hub.passwords import Passwords
from wallboard_tui.model.base import Doc

NUMBER = re.compile(rb"\+1 415 555 (\d{4})")
"""An event's number as the list of calls writes it."""
CALLS_BOARD: Doc = {
    "key": "calls",
    "name": "Calls",
    "priority": 99,
    "pages": [{"name": "Calls", "rows": [{"panes": [{"pane": "calls"}]}]}],
}
SIZE = (120, 60)


def number(n: int) -> str:
    """The caller's number that stands for event ``n``."""
    return f"+1415555{n:04}"


@contextmanager
def running_hub(home: Home, environ: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A hub of that home, as a service of its own; it is there when this is entered, and gone afterwards."""
    command = [sys.executable, "-m", "wallboard_tui.cli", "hub"]
    given = {**home.environ(), **(environ or {})}
    with open(os.devnull, "wb") as nowhere:
        hub = subprocess.Popen(command, env=given, stdout=nowhere, stderr=nowhere)
    try:
        while not home.socket.exists():
            if hub.poll() is not None:
                raise RuntimeError(f"the hub ended with status {hub.returncode}")
            time.sleep(0.05)
        yield hub
    finally:
        hub.terminate()
        hub.wait()


@contextmanager
def operator(home: Home) -> Iterator[httpx.Client]:
    """A client that may do everything, over the hub's own socket."""
    transport = httpx.HTTPTransport(uds=str(home.socket))
    headers = {"Wallboard-Operator": "1"}
    with httpx.Client(transport=transport, base_url="http://hub", timeout=60, headers=headers) as hub:
        yield hub


@contextmanager
def board_of(home: Home, hub: httpx.Client, board: Doc) -> Iterator[Program]:
    """A real terminal of an admin in a pseudo-terminal, with that board open and live."""
    secret = {"key": "admin", "password_hash": Passwords().hash("demo")}
    everything = [*organisation(), ("credential", secret), ("board", board)]
    hub.post("/apply", json={"documents": everything}).raise_for_status()
    transport = httpx.HTTPTransport(uds=str(home.socket))
    with httpx.Client(transport=transport, base_url="http://hub") as anybody:
        given = {"person": "admin", "password": "demo", "terminal": "benchmark"}
        token = anybody.post("/sign-in", json=given).raise_for_status().json()["token"]
    save(home.session, Session(home.address, "admin", token))
    screen = Program([sys.executable, "-m", "wallboard_tui.cli"], {"WALLBOARD_HOME": str(home.data)}, SIZE)
    try:
        screen.until("live")
        screen.settle()
        yield screen
    finally:
        screen.end()


def shown(screen: Program, told: Mapping[int, float], total: int, going_on: Callable[[], bool]) -> dict[int, float]:
    """Milliseconds until each event stood on the screen, as long as something goes on and then until none is missing.

    ``told``: when each was told, by ``perf_counter``; others may add to it meanwhile.
    """
    found: dict[int, float] = {}
    rest, done, until = b"", 0, float("inf")
    while len(found) < total and time.perf_counter() < until:
        if until == float("inf") and not going_on():
            until = time.perf_counter() + 10
        data = rest + screen.read(0.05)
        now = time.perf_counter()
        for match in NUMBER.finditer(data):
            newest = int(match.group(1))
            if newest in told:  # events come in order: what is older is on the screen, or already above it
                for n in range(done, newest + 1):
                    found[n] = (now - told[n]) * 1000
                done = max(done, newest + 1)
        rest = data[-40:]
    return found


def percentiles(found: Mapping[int, float]) -> tuple[float, float, float]:
    """Median, 99th percentile and the largest of some durations."""
    ordered = sorted(found.values())
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], ordered[-1]
