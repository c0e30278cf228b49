"""Room ``hub``: one thread on which everything that touches journal and view is done, one piece after another, and
listeners who are told of what was done in its order. Knows nothing of either.
"""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from queue import Empty, PriorityQueue
from typing import Any, Generic, TypeVar

T = TypeVar("T")
News = TypeVar("News")

TURN_S = 0.01
"""Pieces of work that give way are done together for so long: each way to the thread and back costs as much as a small
piece, and what must be done now does not wait longer for them.
"""


class Unwanted(Exception):
    """Nobody waits any more for what was to be read."""


@dataclass(eq=False, slots=True)
class _Late:
    """A piece of work that gives way."""

    wanted: Callable[[], bool]
    work: Callable[[], Any]
    answer: asyncio.Future[Any]

    def take(self, found: Any, error: BaseException | None) -> None:
        """Say what came of it, if anybody still waits."""
        if self.answer.done():
            return
        if error is None:
            self.answer.set_result(found)
        else:
            self.answer.set_exception(error)


class OneThread(Generic[News]):
    """Work in turn. What a piece of work adds to ``_outbox`` is handed to all listeners before the next is."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[News], Awaitable[None]]] = []
        self._outbox: list[News] = []
        self._delivering = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, "hub")
        self._late: PriorityQueue[tuple[int, int, _Late]] = PriorityQueue()
        """By rank, and by number within a rank. What is put in on the loop is taken out on the hub's thread."""
        self._numbers = itertools.count()
        self._taking_turns: asyncio.Task[None] | None = None

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

    async def later(self, wanted: Callable[[], bool], work: Callable[..., T], *args: Any, rank: int = 0) -> T:
        """``read`` for what many ask for at once and can wait, such as old rows: in turn, a few at a time, so that what
        must be done now never stands behind hundreds of them. Of these, what has a lower ``rank`` goes first. Raises
        ``Unwanted`` when ``wanted``, which is asked on the hub's thread, says so once it is its turn.
        """
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._late.put((rank, next(self._numbers), _Late(wanted, partial(work, *args), answer)))
        if self._taking_turns is None or self._taking_turns.done():
            self._taking_turns = asyncio.create_task(self._take_turns())
        return await answer

    async def _take_turns(self) -> None:
        """Have done what gives way, until nothing of it is left."""
        try:
            while not self._late.empty():
                for late, found, error in await self.read(self._turn):
                    late.take(found, error)
        except BaseException as error:
            # There is no thread any more, or no loop: nobody is to wait for ever.
            while (left := self._next_late()) is not None:
                left.take(None, error)
            if not isinstance(error, Exception):
                raise

    def _turn(self) -> list[tuple[_Late, Any, BaseException | None]]:
        """Some of what gives way, on the hub's thread: what came of each."""
        done: list[tuple[_Late, Any, BaseException | None]] = []
        until = time.monotonic() + TURN_S
        while (not done or time.monotonic() < until) and (late := self._next_late()) is not None:
            if not late.answer.done():
                done.append((late, *self._outcome(late)))
        return done

    def _next_late(self) -> _Late | None:
        try:
            return self._late.get_nowait()[2]
        except Empty:
            return None

    def _outcome(self, late: _Late) -> tuple[Any, BaseException | None]:
        if not late.wanted():
            return None, Unwanted()
        try:
            return self._piece(late.work), None
        except Exception as error:
            return None, error

    async def _deliver(self) -> None:
        async with self._delivering:
            while self._outbox:
                news = self._outbox.pop(0)
                for listener in list(self.listeners):
                    await listener(news)

    def close(self) -> None:
        """Finish what is being done."""
        self._thread.shutdown(wait=True)
