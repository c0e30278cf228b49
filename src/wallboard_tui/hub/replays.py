"""Room ``hub``: plays recordings into the hub, so that "today" is today. Knows ``sources.replay`` and the intake."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.intake import CHUNK, Intake
from wallboard_tui.hub.released import with_recording
from wallboard_tui.hub.settings import check_source_name
from wallboard_tui.hub.taking import take
from wallboard_tui.metrics.quarters import zone_of
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.base import Batch
from wallboard_tui.sources.history import History
from wallboard_tui.sources.replay import Recording, play

log = logging.getLogger(__name__)
BEHIND = 700
"""Documents of the past per piece: a quarter of a second of the hub's thread, so that who signs in hardly waits for it.
Smaller ones are hardly shorter, for each costs a transaction and another look at every agent, and all together last
twice as long."""
TOLD = "told"
"""Under this name and the source's the view remembers that what was before a recording is in."""


class Replays:
    """Recordings that are being played, one per source."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._tasks: dict[str, list[asyncio.Task[None]]] = {}

    async def begin(
        self, directory: Path, source: str, speed: float = 1.0, offset: float = 0.0, began: float | None = None
    ) -> Doc:
        """Play the recording in a directory from now on. Returns once today is in; the made weeks behind it follow.

        ``directory`` holds ``queue_log``, ``Master.csv``, ``queues.conf`` itself or under ``played`` (a choice of calls
        from a recording) or ``recorded``, and perhaps ``history``. ``offset``: the recording began so many seconds ago,
        so that calls are going on at once; ``began``: it began then, however long the request was under way: the
        same second gives the same calls. Playing it again for the same source ends what was played before. Raises
        ``HubError``.
        """
        check_source_name(source)
        place = next((d for d in (directory / "played", directory / "recorded") if d.is_dir()), directory)
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
        now = self._hub.clock()
        began = now - min(max(offset, 0.0), recording.seconds / speed) if began is None else min(began, now)
        weeks = directory / "history"
        told = weeks.is_dir() and any(weeks.iterdir())
        first = await self._hub.run(self._first_begun, source, began, told)
        today = [asyncio.Event()]
        work = {f"replay of {source}": self._play(recording, source, began, speed, today[0])}
        if told:
            today.append(asyncio.Event())
            work[f"history of {source}"] = self._past(History.of(weeks, zone_of(zone)), source, first, today[1])
        self._tasks[source] = [
            asyncio.create_task(self._guarded(each, what, here))
            for (what, each), here in zip(work.items(), today, strict=True)
        ]
        for here in today:
            await here.wait()
        return {"source": source, "seconds": recording.seconds, "speed": speed, "history": told}

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

    async def _play(self, recording: Recording, source: str, began: float, speed: float, today: asyncio.Event) -> None:
        intake = Intake(self._hub, source, "replayed")
        try:
            async for batch in play(recording, source, began, speed, clock=self._hub.clock):
                await take(self._hub, intake, batch)
                if batch.read:  # beyond who is there: what happened up to now
                    today.set()
        except Exception:
            await self._hub.run(self._broke_off, source)
            raise

    async def _past(self, history: History, source: str, first: float, today: asyncio.Event) -> None:
        """Take in what was before the recording was first begun: today first, then the days before. Once is enough."""
        told = f"{TOLD}:{source}"
        if await self._hub.read(self._hub.view.get_meta, told) == repr(first):
            return
        intake = Intake(self._hub, source, "replayed")
        batches: Iterator[Batch] = history.batches(first, source)
        while (batch := await asyncio.to_thread(next, batches, None)) is not None:
            # Its newest time is not the source's: the recording goes on.
            pieces = intake.pieces(replace(batch, horizon=None), BEHIND if today.is_set() else CHUNK)
            while await self._hub.run(next, pieces, None) is not None:
                if today.is_set():
                    await self._hub.precedence.turn()
            today.set()
            await self._hub.precedence.turn()
        await self._hub.read(self._hub.view.set_meta, told, repr(first))

    def _first_begun(self, source: str, began: float, told: bool) -> float:
        """When a recording was first begun for a source: what was before it is told as of then, and so only once.

        ``told``: there is a past to be told; until that is done, the source says how far back it is.
        """
        known = self._hub.document("source", source)
        if known is not None and known.get("mode") == "replayed" and known.get("connected_since") is not None:
            self._hub.commit([self._hub.put("source", with_recording(known, "up"), f"source:{source}")])
            return float(known["connected_since"])
        doc = {**(known or {"key": source, "system": "asterisk"}), "mode": "replayed", "connected_since": began}
        if told:
            doc["complete_since"] = began
        self._hub.commit([self._hub.put("source", with_recording(doc, "up"), f"source:{source}")])
        return began

    def _broke_off(self, source: str) -> None:
        """Say that a recording is not played any more. On the hub's thread."""
        doc = self._hub.document("source", source)
        if doc is not None:
            self._hub.commit([self._hub.put("source", with_recording(doc, "down"), f"source:{source}")])

    async def _guarded(self, work: Coroutine[Any, Any, None], what: str, here: asyncio.Event) -> None:
        """Nobody waits for work that broke off."""
        try:
            await work
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("The %s broke off.", what)
        finally:
            here.set()
