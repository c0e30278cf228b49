"""Room ``hub``: follows phone systems as ``hub.toml`` names them: their files while they grow and rotate, and their
live lines.

Where a file was taken up stands in the hub's view, after the batch that came from it is safe: a crash reads a little of
it again, which changes nothing, and never skips any of it.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from wallboard_tui.hub.every import every
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.imports import local_zone
from wallboard_tui.hub.intake import HEALTH_EVERY_S, Intake
from wallboard_tui.hub.live import Live
from wallboard_tui.hub.settings import SourceSettings
from wallboard_tui.hub.taking import say_health, take
from wallboard_tui.hub.witnesses import Files
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami import Connection
from wallboard_tui.sources.asterisk.tail import tail_cdr, tail_queue_log
from wallboard_tui.sources.base import Batch, Unreadable

log = logging.getLogger(__name__)
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
TOLD = "told_until"
"""Kept with a file's position: ``Files.told_until``."""


class Tails:
    """All phone systems that a hub follows: their files, and their live lines."""

    def __init__(self, hub: Hub, sources: Sequence[SourceSettings]) -> None:
        self._hub = hub
        self._sources = sources
        self._tasks: dict[str, list[asyncio.Task[None]]] = {}
        self._lines: dict[str, Live] = {}

    def start(self) -> None:
        """Begin to follow."""
        for source in self._sources:
            self.begin(source)

    def begin(self, source: SourceSettings, opened: Connection | None = None) -> None:
        """Follow one phone system from now on; ``opened``: over a connection that is there already."""
        # One intake per source: files and line feed the same calls and the same health.
        intake = Intake(self._hub, source.name, "followed")
        files = Files(queue_log=source.queue_log is not None, cdr=source.cdr is not None)
        work = []
        if source.queue_log is not None:
            work.append(self._follow(source, "queue_log", intake, files))
        if source.cdr is not None:
            work.append(self._follow(source, "cdr", intake, files))
        if source.ami is not None:
            line = self._lines[source.name] = Live(self._hub, source.name, source.ami, intake, files, opened=opened)
            work.append(line.run())
        work.append(every(HEALTH_EVERY_S, partial(self._say_the_rest, intake), f"health of {source.name}"))
        self._tasks.setdefault(source.name, []).extend(asyncio.create_task(one) for one in work)

    def follows(self, name: str) -> bool:
        """Whether this phone system is followed; not any more once that ends, as when the hub does."""
        return name in self._tasks

    def try_now(self, name: str) -> None:
        """Have a line that is down tried at once: somebody has just seen that it can be had."""
        if name in self._lines:
            self._lines[name].sooner.set()

    async def end(self, name: str) -> None:
        """Follow one phone system no more. A batch that was begun is finished."""
        self._lines.pop(name, None)
        tasks = self._tasks.pop(name, [])
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Follow no more."""
        await asyncio.gather(*(self.end(name) for name in list(self._tasks)))

    async def _follow(self, source: SourceSettings, which: str, intake: Intake, files: Files) -> None:
        """Follow one file for ever; when it cannot be read, say so in the source's health and try again."""
        name = f"position:{source.name}:{which}"
        pause = FIRST_PAUSE_S
        intake.link(which, "connecting")
        while True:
            try:
                position, local = await self._hub.read(self._begin, name)
                if which == "queue_log" and position is not None:
                    # What the file told an earlier hub it has told.
                    files.told_until = max(files.told_until, position.get(TOLD, 0.0))
                async for batch in self._open(source, which, position, local):
                    missing = "" if batch.position is not None else f"{_file(source, which)} does not exist (yet)."
                    intake.link(which, "down" if missing else "up", missing)
                    told = max(files.told_until, batch.horizon or 0.0) if which == "queue_log" else 0.0
                    await asyncio.shield(self._take(intake, batch, name, told))
                    pause = FIRST_PAUSE_S
                    if which == "queue_log":
                        _note(files, batch, told)
            except asyncio.CancelledError:
                raise
            except (Unreadable, OSError) as error:
                await self._say(intake, which, files, str(error))
            except Exception as error:
                log.exception("Following %s of %s failed.", which, source.name)
                await self._say(intake, which, files, f"following {which} failed: {error}")
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE_S, pause * 2)

    async def _say_the_rest(self, intake: Intake) -> None:
        """Write down what a source told last before it fell silent, or could not be written down then."""
        if intake.unsaid:
            await self._hub.run(intake.health)

    def _open(self, source: SourceSettings, which: str, position: Doc | None, local: ZoneInfo) -> AsyncIterator[Batch]:
        if which == "queue_log":
            assert source.queue_log is not None
            return tail_queue_log(source.queue_log, source.name, position=position, clock=self._hub.clock)
        assert source.cdr is not None
        zone = ZoneInfo(source.cdr_zone) if source.cdr_zone else None
        clock = self._hub.clock
        return tail_cdr(source.cdr, source.name, zone=zone, local=local, position=position, clock=clock)

    async def _take(self, intake: Intake, batch: Batch, name: str, told: float) -> None:
        await take(self._hub, intake, batch)
        if batch.position is not None:
            await self._hub.read(self._hub.view.set_meta, name, json.dumps({**batch.position, TOLD: told}))

    def _begin(self, name: str) -> tuple[Doc | None, ZoneInfo]:
        return self._position(name), local_zone(self._hub)

    def _position(self, name: str) -> Doc | None:
        stored = self._hub.view.get_meta(name)
        found: Doc | None = json.loads(stored) if stored else None
        return found

    async def _say(self, intake: Intake, which: str, files: Files, error: str) -> None:
        intake.link(which, "down", error)
        if which == "queue_log":
            files.caught_up.set()
        await say_health(self._hub, intake)


def _file(source: SourceSettings, which: str) -> Path | None:
    return source.queue_log if which == "queue_log" else source.cdr


def _note(files: Files, batch: Batch, told: float) -> None:
    """Note that queue_log has grown, until when it has ``told``, or that all of it was read."""
    files.told_until = told
    if batch.read:
        files.grown_at = asyncio.get_running_loop().time()
    else:
        files.caught_up.set()
