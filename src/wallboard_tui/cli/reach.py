"""Room ``cli``: finds the hub of this machine, or starts one for as long as a command needs it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from wallboard_tui.client.child import reach
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient

T = TypeVar("T")
PATIENT_S = 120.0
"""A command waits while the hub takes in a large file; it does not tell people to try again."""


def carry_out(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's asynchronous body to its end."""
    return asyncio.run(work)


@asynccontextmanager
async def operator(as_person: str | None = None) -> AsyncIterator[HubClient]:
    """The hub of this home over its own socket: as operator, or as a person on whose behalf the operator asks.

    Who may open the socket is the operator: it belongs to one account and has mode 0600. A hub that was started for
    this ends by itself once nobody uses it; one that ends meanwhile is replaced. Raises ``HubError`` and ``HomeError``.
    """
    home = Home.find()
    revive = partial(reach, home)
    async with HubClient(await revive(), operator=True, as_person=as_person, answer_s=PATIENT_S, revive=revive) as hub:
        yield hub


def hold(home: Home) -> socket.socket | None:
    """A connection on which nothing is said: while it stands, a child hub does not end. ``None``: there is no hub."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.connect(str(home.socket))
    except OSError:
        line.close()
        return None
    return line
