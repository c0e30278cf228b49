"""Room ``hub``: one thread on which everything that touches journal and view is done, one piece after another, and
listeners who are told of what was done in its order. Knows nothing of either.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

T = TypeVar("T")
News = TypeVar("News")

TURNS = 2
"""Pieces of work that give way and may wait at the thread at a time: one is done, one is ready."""


class Unwanted(Exception):
    """Nobody waits any more for what was to be read."""


class OneThread(Generic[News]):
    """Work in turn. What a piece of work adds to ``_outbox`` is handed to all listeners before the next is."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[News], Awaitable[None]]] = []
        self._outbox: list[News] = []
        self._delivering = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, "hub")
        self._turns = asyncio.Semaphore(TURNS)

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Do a piece of work on the hub's thread; returns once what it changed was handed to the listeners."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, self._piece, work, *args)
        finally:
            await self._deliver()

    async def read(self, work: Callable[..., T], *args: Any) -> T:
        """Do a piece of work on the hub's thread without waiting for listeners: for listeners themselves, and for
        reading.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._piece, work, *args)

    def _piece(self, work: Callable[..., T], *args: Any) -> T:
        """One piece of work, on the hub's thread."""
        return work(*args)

    async def later(self, wanted: Callable[[], bool], work: Callable[..., T], *args: Any) -> T:
        """``read`` for what many ask for at once and can wait, such as old rows: in turn, two of them at a time, so
        that what must be done now never stands behind hundreds of them. Raises ``Unwanted`` when ``wanted`` says so
        once it is its turn.
        """
        async with self._turns:
            if not wanted():
                raise Unwanted
            return await self.read(work, *args)

    async def _deliver(self) -> None:
        async with self._delivering:
            while self._outbox:
                news = self._outbox.pop(0)
                for listener in list(self.listeners):
                    await listener(news)

    def close(self) -> None:
        """Finish what is being done."""
        self._thread.shutdown(wait=True)
