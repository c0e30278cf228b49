"""A hub of one's own in a process of its own, as terminals meet it: over its Unix socket, and mortal."""
# ruff: noqa: ASYNC110 - a condition that nobody signals

import asyncio
import os
import signal
from contextlib import suppress
from multiprocessing.process import BaseProcess

from wallboard_tui.client.child import START_S, answers
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.model.base import Doc

from .hub_process import start

PASSWORD = "correct horse battery"


async def begin(home: Home) -> BaseProcess:
    """A hub of the home as terminals and commands start it, once it answers."""
    process = start(home.data, home.hub_log, socket=home.socket, child=True)
    async with asyncio.timeout(START_S):
        while not await answers(home):
            await asyncio.sleep(0.02)
    return process


class RealHub:
    """A hub with Ann, who may see everything and has the ``PASSWORD``."""

    def __init__(self, home: Home) -> None:
        self.home = home

    @property
    def address(self) -> str:
        return self.home.address

    @property
    def pid(self) -> int:
        """Of the hub that has the home now, whoever started it."""
        return int(self.home.journal.with_name("journal.db.lock").read_text())

    async def begin(self) -> None:
        """Start it, and make its organisation."""
        await begin(self.home)
        await self.operate("/init", {"name": "Example Ltd", "time_zone": "Europe/Dublin", "packs": ["standard"]})
        await self.apply(
            ("person", {"key": "ann", "name": "Ann", "role": "standard:admin"}),
            ("credential", {"key": "ann", "password": PASSWORD}),
        )

    def operator(self) -> HubClient:
        return HubClient(self.address, operator=True)

    async def operate(self, path: str, body: Doc) -> Doc:
        """Ask something as the operator."""
        async with self.operator() as operator:
            answer: Doc = await operator.request("POST", path, body)
            return answer

    async def apply(self, *documents: tuple[str, Doc]) -> None:
        """Put documents as they are."""
        await self.operate("/apply", {"documents": documents})

    async def take(self, file: os.PathLike[str]) -> Doc:
        """Import a queue_log; the summary."""
        summary: Doc = {}
        async with self.operator() as operator:
            body = {"kind": "queue-log", "paths": [os.fspath(file)], "source": "pbx1"}
            async for line in operator.progress("/import", body):
                summary = line
        return summary

    async def token(self) -> str:
        """A session of Ann's."""
        async with HubClient(self.address) as client:
            await client.sign_in("ann", PASSWORD, "desk 4")
            assert client.token is not None
            return client.token

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send it a signal, where it runs."""
        with suppress(ProcessLookupError, FileNotFoundError):
            os.kill(self.pid, number)
