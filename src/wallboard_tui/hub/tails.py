"""Room ``hub``: follows the files of phone systems while they grow and rotate, as ``hub.toml`` names them.

Where a file was taken up stands in the hub's view, after the batch that came from it is safe: a crash reads a little of
it again, which changes nothing, and never skips any of it.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from zoneinfo import ZoneInfo

from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.imports import local_zone
from wallboard_tui.hub.intake import Intake
from wallboard_tui.hub.replays import take
from wallboard_tui.hub.settings import SourceSettings
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.tail import tail_cdr, tail_queue_log
from wallboard_tui.sources.base import Batch, Unreadable

log = logging.getLogger(__name__)
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0


class Tails:
    """All files that a hub follows."""

    def __init__(self, hub: Hub, sources: Sequence[SourceSettings]) -> None:
        self._hub = hub
        self._sources = sources
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to follow."""
        for source in self._sources:
            # One intake per source: both files feed the same calls and the same health.
            intake = Intake(self._hub, source.name, "followed")
            if source.queue_log is not None:
                self._tasks.append(asyncio.create_task(self._follow(source, "queue_log", intake)))
            if source.cdr is not None:
                self._tasks.append(asyncio.create_task(self._follow(source, "cdr", intake)))

    async def stop(self) -> None:
        """Follow no more. A batch that was begun is finished."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _follow(self, source: SourceSettings, which: str, intake: Intake) -> None:
        """Follow one file for ever; when it cannot be read, say so in the source's health and try again."""
        name = f"position:{source.name}:{which}"
        pause = FIRST_PAUSE_S
        while True:
            try:
                async for batch in self._open(source, which, *await self._hub.read(self._begin, name)):
                    await asyncio.shield(self._take(intake, batch, name))
                    pause = FIRST_PAUSE_S
            except asyncio.CancelledError:
                raise
            except (Unreadable, OSError) as error:
                await self._say(intake, str(error))
            except Exception as error:
                log.exception("Following %s of %s failed.", which, source.name)
                await self._say(intake, f"following {which} failed: {error}")
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE_S, pause * 2)

    def _open(self, source: SourceSettings, which: str, position: Doc | None, local: ZoneInfo) -> AsyncIterator[Batch]:
        if which == "queue_log":
            assert source.queue_log is not None
            return tail_queue_log(source.queue_log, source.name, position=position, clock=self._hub.clock)
        assert source.cdr is not None
        zone = ZoneInfo(source.cdr_zone) if source.cdr_zone else None
        clock = self._hub.clock
        return tail_cdr(source.cdr, source.name, zone=zone, local=local, position=position, clock=clock)

    async def _take(self, intake: Intake, batch: Batch, name: str) -> None:
        await take(self._hub, intake, batch)
        if batch.position is not None:
            await self._hub.read(self._hub.view.set_meta, name, json.dumps(batch.position))

    def _begin(self, name: str) -> tuple[Doc | None, ZoneInfo]:
        return self._position(name), local_zone(self._hub)

    def _position(self, name: str) -> Doc | None:
        stored = self._hub.view.get_meta(name)
        found: Doc | None = json.loads(stored) if stored else None
        return found

    async def _say(self, intake: Intake, error: str) -> None:
        try:
            await self._hub.run(lambda: intake.health(error=error))
        except Exception:
            log.exception("The health of %s could not be written down.", intake.source)
