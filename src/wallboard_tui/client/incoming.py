"""Room ``client``: frames of one feed, read ahead of whoever applies them. Knows the client and what ends a stream."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self

from wallboard_tui.client.errors import HubError
from wallboard_tui.client.frames import DATA
from wallboard_tui.client.hub import Frame, HubClient
from wallboard_tui.client.over import Over

WAITING_FRAMES = 64
WAITING_BYTES = 300_000
"""On the wire; read, they take several times as much. A history is written slower than it comes: one frame ahead is
enough."""
TOGETHER = 512
"""Entries from which on no more frames are given at once, when they have piled up. Larger batches take more memory and
are no quicker."""


class Incoming:
    """One stream, from a cursor on. So many frames and bytes may wait; then the hub is held up.

    ``heard`` is called with each frame as it comes.
    """

    def __init__(self, client: HubClient, heard: Callable[[Frame], None]) -> None:
        self._client = client
        self._heard = heard
        self._waiting: asyncio.Queue[Frame | Over | Exception] = asyncio.Queue(WAITING_FRAMES)
        self._bytes = 0
        self._room = asyncio.Event()

    @asynccontextmanager
    async def opened(self, cursor: str | None) -> AsyncIterator[Self]:
        """Read until the end of the context."""
        reader = asyncio.create_task(self._read(cursor))
        try:
            yield self
        finally:
            reader.cancel()
            # Gathered: whoever cancels this meanwhile is heard, too.
            await asyncio.gather(reader, return_exceptions=True)

    async def next(self) -> tuple[list[Frame], Frame | Over | None]:
        """All frames that wait and can be applied together, and what came after them, if anything did.

        Raises whatever went wrong with reading, unless it is a ``HubError``: that is how the stream ended.
        """
        together: list[Frame] = []
        entries = 0
        found = await self._waiting.get()
        while True:
            self._taken(found)
            if isinstance(found, Exception):
                raise found
            if isinstance(found, Over) or found.event not in DATA:
                return together, found
            together.append(found)
            entries += len(found.data.get("changes", ()))
            if entries >= TOGETHER or self._waiting.empty():
                return together, None
            found = self._waiting.get_nowait()

    def _taken(self, found: Frame | Over | Exception) -> None:
        if isinstance(found, Frame):
            self._bytes -= found.size
            self._room.set()

    async def _wait_for_room(self, size: int) -> None:
        """A frame that is larger than all that may wait comes alone."""
        while self._bytes and self._bytes + size > WAITING_BYTES:
            self._room.clear()
            await self._room.wait()
        self._bytes += size

    async def _read(self, cursor: str | None) -> None:
        """Let the stream's frames wait, and at last how it ended."""
        try:
            async with self._client.feed(cursor) as frames:
                async for frame in frames:
                    self._heard(frame)
                    await self._wait_for_room(frame.size)
                    await self._waiting.put(frame)
            await self._waiting.put(Over("broken-off", HubError("broken-off", "the hub ended the connection")))
        except HubError as error:
            await self._waiting.put(Over(error.name, error))
        except Exception as error:
            await self._waiting.put(error)  # else nobody would ever hear that no more frames come
