"""Room ``hub``: plays recordings into the hub, so that "today" is today. Knows ``sources.replay`` and the intake."""

import asyncio
import logging
import re
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.intake import Intake
from wallboard_tui.hub.settings import check_source_name
from wallboard_tui.metrics.quarters import day_bounds, zone_of
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.base import Batch
from wallboard_tui.sources.replay import History, Recording, play

log = logging.getLogger(__name__)
_BORN = re.compile(r"(\d{9,10})\.\d+$", re.ASCII)


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
        playing = asyncio.create_task(self._guarded(self._play(recording, source, began, speed), f"replay of {source}"))
        tasks = self._tasks[source] = [playing]
        weeks = directory / "history"
        if weeks.is_dir() and any(weeks.iterdir()):
            history = History.of(weeks, zone_of(zone))
            tasks.append(asyncio.create_task(self._guarded(self._weeks(history, source), f"history of {source}")))
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

    async def _weeks(self, history: History, source: str) -> None:
        """Take the weeks behind the recording in: today first, so that the board is soon whole, then the days before."""
        intake = Intake(self._hub, source, "replayed")
        now = self._hub.clock()
        today = day_bounds(now, str(history.zone))[0]
        for since, until in ((today, now), (0.0, today)):
            batches: Iterator[Batch] = history.batches(now, source)
            while (batch := await asyncio.to_thread(next, batches, None)) is not None:
                await take(self._hub, intake, _within(batch, since, until))
                await asyncio.sleep(0)

    async def _guarded(self, work: Coroutine[Any, Any, None], what: str) -> None:
        try:
            await work
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("The %s broke off.", what)


def _within(batch: Batch, since: float, until: float) -> Batch:
    """What of a batch began in a stretch of time. Its newest time is not the source's: the recording goes on."""
    parts = [part for part in batch.parts if since <= _began(part.key) < until]
    documents = [
        (kind, doc) for kind, doc in batch.documents if kind != "presence" or since <= float(doc["at"]) < until
    ]
    return replace(batch, parts=parts, documents=documents, horizon=None)


def _began(key: str) -> float:
    """When a call began, by the uniqueid in its key; a key without one stands for the oldest."""
    found = _BORN.search(key)
    return float(found.group(1)) if found else 0.0


async def take(hub: Hub, intake: Intake, batch: Batch) -> None:
    """Take a batch in, piece by piece, each handed to the terminals before the next."""
    pieces = intake.pieces(batch)
    while await hub.run(next, pieces, None) is not None:
        pass
