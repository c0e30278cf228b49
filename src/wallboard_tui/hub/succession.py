"""Room ``hub``: how one hub follows another in the same home. Knows the home's socket and two of the hub's requests.

The journal's lock decides who has a home. Whoever finds it taken asks the socket: a service stays; a child (the hub of
a terminal or a command) gives way to a service; where nobody answers, the holder is just starting or just ending.
"""

import http.client
import json
import logging
import socket
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from wallboard_tui.hub.protocol import HEADERS, OPERATOR
from wallboard_tui.journal import JournalHeld

log = logging.getLogger(__name__)
T = TypeVar("T")

PATIENCE_S = 20.0
"""So long a hub waits for another one that is starting or ending, or giving way and not at work any more."""
PAUSE_S = 0.05
ANSWER_S = 10.0


def take_home(take: Callable[[], T], path: Path, *, child: bool, patience_s: float = PATIENCE_S) -> T | None:
    """What ``take`` returns once it does not raise ``JournalHeld`` any more; ``path`` is the home's socket.

    A service waits while a child gives way to it. ``None``: a child is not needed, since another hub serves the home.
    Raises ``JournalHeld`` where a service stays, or when it takes too long.
    """
    deadline = time.monotonic() + patience_s
    said = False
    while True:
        try:
            return take()
        except JournalHeld:
            if child and _ask(path, "GET", "/health") is not None:
                return None
            found = None if child else _ask(path, "POST", "/hand-over")
            if found is not None:
                status, answer = found
                if status != 202:
                    raise
                if answer.get("at_work"):
                    if not said:
                        log.info("The hub of a command finishes its work before this one begins.")
                    said = True
                    deadline = time.monotonic() + patience_s
            if time.monotonic() > deadline:
                raise
        time.sleep(PAUSE_S)


class _Line(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("hub", timeout=ANSWER_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(ANSWER_S)
        self.sock.connect(str(self._path))


def _ask(path: Path, method: str, address: str) -> tuple[int, dict[str, Any]] | None:
    """Status and answer of a request to whoever is on the socket; ``None`` where nobody answers."""
    try:
        with closing(_Line(path)) as line:
            line.request(method, address, headers={**HEADERS, OPERATOR: "1"})
            response = line.getresponse()
            answer = json.loads(response.read())
            return response.status, answer if isinstance(answer, dict) else {}
    except (OSError, http.client.HTTPException, ValueError):
        return None
