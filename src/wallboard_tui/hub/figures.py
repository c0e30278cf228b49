"""Room ``hub``: figures without rows: what the hub computes for a lens whose calls its terminal does not get.

A scope that holds everything is computed by the hub's own view. For every other one there is a private view in memory,
into which only what the lens admits is let in, redacted: no figure can know more than the rows it is made of. It is
filled newest first.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wallboard_tui.hub.figure_source import Source
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import Access
from wallboard_tui.model.change import Entry

Documents = list[list[Any]]
"""``[[kind, doc or None, key], …]``."""
CHUNK = 400
WINDOW_S = 7 * 86400.0
"""Cells are read a week at a time."""
KEEP_S = 600.0
"""How long a private view is kept after its last use."""
LIVE_EVERY_S = 4.0
WITHOUT_FIGURES = frozenset({"reports.missed"})
"""Permissions that show documents only: nobody is sent a figure for them."""


@dataclass(slots=True)
class _Kept:
    """A source, and what the terminals that share it were sent."""

    source: Source
    used: float
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    live_at: float = 0.0


class Figures:
    """All figures that a hub computes for its terminals."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._kept: dict[tuple[str, int], _Kept] = {}

    async def since(self, access: Access, start: float, end: float) -> AsyncIterator[Documents]:
        """What goes on now, and the cells of ``[start, end)``, of every lens without rows."""
        for lens in lenses_of(access):
            kept = self._of(access, lens)
            before = min(end, self._hub.clock() + WINDOW_S)
            while True:
                # Window by window, so that neither memory nor the hub's thread is taken for all history at once.
                since = max(start, before - WINDOW_S)
                async with kept.lock:
                    await self._fill(kept.source, since)
                    documents = await self._hub.read(kept.source.everything, since, before, self._hub.clock())
                    oldest = await self._hub.read(kept.source.oldest)
                for begin in range(0, len(documents), CHUNK):
                    yield documents[begin : begin + CHUNK]
                before = since
                if before <= start or (kept.source.filled <= start and oldest >= before):
                    break

    def note(self, entries: Sequence[Entry]) -> None:
        """Documents changed: what follows from them is computed at the next ``moved``."""
        for kept in self._kept.values():
            kept.source.note(entries)

    async def moved(self, served: Mapping[str, Access]) -> list[tuple[str, Documents]]:
        """Fingerprint and documents of figures that are other than they were sent. ``served``: who is connected."""
        now = self._hub.clock()
        found = []
        for (fingerprint, lens), kept in list(self._kept.items()):
            access = served.get(fingerprint)
            if access is None:
                if now - kept.used > KEEP_S:
                    await self._drop(fingerprint, lens)
                continue
            if lens not in lenses_of(access):
                # Kept for ``source`` alone: this terminal has the rows, and counts them itself.
                if now - kept.used > KEEP_S:
                    await self._drop(fingerprint, lens)
                continue
            kept.used = now
            if not kept.source.noted and now - kept.live_at < LIVE_EVERY_S:
                continue
            kept.live_at = now
            async with kept.lock:
                documents = await self._hub.read(kept.source.changed, now)
            found += [(fingerprint, documents[i : i + CHUNK]) for i in range(0, len(documents), CHUNK)]
        return found

    async def source(self, access: Access, lens: int) -> Source:
        """Where the figures of a lens come from; its view holds all that the lens admits, and nothing else."""
        kept = self._of(access, lens)
        async with kept.lock:
            await self._fill(kept.source, 0.0)
            await self._hub.read(kept.source.absorb)
        return kept.source

    async def close(self) -> None:
        """Let go of all private views."""
        for kept in self._kept.values():
            await self._hub.read(kept.source.close)
        self._kept.clear()

    async def _drop(self, fingerprint: str, lens: int) -> None:
        kept = self._kept.pop((fingerprint, lens))
        async with kept.lock:
            await self._hub.read(kept.source.close)

    def _of(self, access: Access, lens: int) -> _Kept:
        key = (access.gate.fingerprint, lens)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = _Kept(Source(self._hub, access, lens), self._hub.clock())
        kept.used = self._hub.clock()
        return kept

    async def _fill(self, source: Source, start: float) -> None:
        """Let calls in, newest first, until those that started at ``start`` are there."""
        while source.filled > start:
            await self._hub.read(source.fill)


def lenses_of(access: Access) -> Iterable[int]:
    """Lenses of which a terminal is sent figures."""
    for index, lens in enumerate(access.me.lenses):
        if not lens.rows and not WITHOUT_FIGURES.issuperset(lens.permissions):
            yield index
