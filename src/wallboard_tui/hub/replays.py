"""Room ``hub``: plays recordings into the hub, so that "today" is today. Knows ``sources.replay`` and the intake."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.intake import Intake
from wallboard_tui.hub.settings import check_source_name
from wallboard_tui.metrics.quarters import zone_of
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.base import Batch
from wallboard_tui.sources.history import History
from wallboard_tui.sources.replay import Recording, play

log = logging.getLogger(__name__)
TOLD = "told"
"""Under this name and the source's the view remembers that what was before a recording is in."""


class Replays:
    """Recordings that are being played, one per source."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._tasks: dict[str, list[asyncio.Task[None]]] = {}

    async def begin(self, directory: Path, source: str, speed: float, offset: float) -> Doc:
        """Play the recording in a directory from now on; the made weeks behind it are taken in meanwhile.

        ``directory`` holds ``queue_log``, ``Master.csv``, ``queues.conf`` itself or under ``recorded``, and perhaps
        ``history``. ``offset``: the recording began so many seconds ago, so that calls are going on at once. Playing
        it again for the same source ends what was played before. Raises ``HubError``.
        """
        check_source_name(source)
        place = directory / "recorded" if (directory / "recorded").is_dir() else directory
        recording = Recording.of(place)
        if not recording.queue_log.exists():
            raise HubError(
                422, "no-recording", f"There is no queue_log in {place}.", "Name a directory that holds a recording."
            )
        if not 0 < speed <= 1000:
            raise HubError(
                422, "wrong-speed", f"A speed of {speed:g} cannot be played.", "Give one above 0, at most 1000."
            )
        await self.end(source)
        zone = self._hub.organisation["time_zone"]
        await asyncio.to_thread(lambda: recording.seconds)
        began = self._hub.clock() - min(max(offset, 0.0), recording.seconds / speed)
        first = await self._hub.run(self._first_begun, source, began)
        playing = asyncio.create_task(self._guarded(self._play(recording, source, began, speed), f"replay of {source}"))
        tasks = self._tasks[source] = [playing]
        weeks = directory / "history"
        if weeks.is_dir() and any(weeks.iterdir()):
            history = History.of(weeks, zone_of(zone))
            tasks.append(
                asyncio.create_task(self._guarded(self._weeks(history, source, first), f"history of {source}"))
            )
        return {"source": source, "seconds": recording.seconds, "speed": speed, "history": len(tasks) > 1}

    async def end(self, source: str) -> None:
        """Play no more for a source."""
        tasks = self._tasks.pop(source, [])
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Play no more at all."""
        for source in list(self._tasks):
            await self.end(source)

    async def _play(self, recording: Recording, source: str, began: float, speed: float) -> None:
        intake = Intake(self._hub, source, "replayed")
        async for batch in play(recording, source, began, speed, clock=self._hub.clock):
            await take(self._hub, intake, batch)

    async def _weeks(self, history: History, source: str, first: float) -> None:
        """Take in what was before the recording was first begun: today first, then the days before. Once is enough."""
        told = f"{TOLD}:{source}"
        if await self._hub.read(self._hub.view.get_meta, told) == repr(first):
            return
        intake = Intake(self._hub, source, "replayed")
        batches: Iterator[Batch] = history.batches(first, source)
        while (batch := await asyncio.to_thread(next, batches, None)) is not None:
            # Its newest time is not the source's: the recording goes on.
            await take(self._hub, intake, replace(batch, horizon=None))
            await asyncio.sleep(0)
        await self._hub.read(self._hub.view.set_meta, told, repr(first))

    def _first_begun(self, source: str, began: float) -> float:
        """When a recording was first begun for a source: what was before it is told as of then, and so only once."""
        known = self._hub.document("source", source)
        if known is not None and known.get("mode") == "replayed" and known.get("connected_since") is not None:
            return float(known["connected_since"])
        doc = {**(known or {"key": source, "system": "asterisk"}), "mode": "replayed", "connected_since": began}
        self._hub.commit([self._hub.put("source", doc, f"source:{source}")])
        return began

    async def _guarded(self, work: Coroutine[Any, Any, None], what: str) -> None:
        try:
            await work
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("The %s broke off.", what)


async def take(hub: Hub, intake: Intake, batch: Batch) -> None:
    """Take a batch in, piece by piece, each handed to the terminals before the next."""
    pieces = intake.pieces(batch)
    while await hub.run(next, pieces, None) is not None:
        pass
