"""Room ``hub``: who waits for whom: what a person waits for goes before what is taken in behind. Knows nothing."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 2.0
"""Work behind waits so long for each of its pieces at most: it gets done however many people come."""
NEXT_S = 0.5
"""Who signed in asks for their feed next; so long the way is kept free for it."""


class Precedence:
    """Lets long work give way, piece by piece, while somebody waits for their board."""

    def __init__(self) -> None:
        self._waiting = 0
        self._free = asyncio.Event()
        self._free.set()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Somebody waits for what is done within."""
        self._waiting += 1
        self._free.clear()
        try:
            yield
        finally:
            self._waiting -= 1
            asyncio.get_running_loop().call_later(NEXT_S, self._over)

    def _over(self) -> None:
        if not self._waiting:
            self._free.set()

    async def turn(self) -> None:
        """Wait, for a while, until nobody waits: before each piece of work that can."""
        try:
            await asyncio.wait_for(self._free.wait(), PATIENCE_S)
        except TimeoutError:
            return
