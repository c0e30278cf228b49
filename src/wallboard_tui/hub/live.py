"""Room ``hub``: keeps a live line to an Asterisk up, and takes in what it says. Knows ``sources`` and the intake.

When the line breaks it is tried again, ever more slowly. What happened meanwhile is told by the files where they can be
read; else the source's health shows a gap. Calls that ended meanwhile are closed by what the phone system has now.
"""

import asyncio
import logging
import os
import random
from contextlib import suppress
from dataclasses import replace

from wallboard_tui.hub.beliefs import believed
from wallboard_tui.hub.gaps import Gaps
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.intake import Intake
from wallboard_tui.hub.taking import say_health, take
from wallboard_tui.hub.witnesses import Files, Statements
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami.callers import calls_of
from wallboard_tui.sources.asterisk.ami.connection import Connection
from wallboard_tui.sources.asterisk.ami.corrections import corrections, log_ins
from wallboard_tui.sources.asterisk.ami.devices import device_corrections
from wallboard_tui.sources.asterisk.ami.errors import AmiError
from wallboard_tui.sources.asterisk.ami.line import AmiLine, connect_for, open_line, pause_after
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.report import LACKS, Report, Told
from wallboard_tui.sources.asterisk.ami.rights import ANEW
from wallboard_tui.sources.asterisk.ami.settings import AmiSettings, secret_of
from wallboard_tui.sources.asterisk.ami.watch import Watch
from wallboard_tui.sources.asterisk.queue_log import LACKS as LOG_LACKS
from wallboard_tui.sources.base import Batch

log = logging.getLogger(__name__)

LINK = "ami"
SETTLE_S = 0.5
SAME_START_S = 30.0
"""Two starts of the phone system so near to each other are one: how long it has been up is told in whole seconds."""


class Live:
    """The live line of one source."""

    def __init__(
        self,
        hub: Hub,
        source: str,
        settings: AmiSettings,
        intake: Intake,
        files: Files,
        *,
        opened: Connection | None = None,
    ) -> None:
        self._hub = hub
        self._source = source
        self._settings = settings
        self._intake = intake
        self._files = files
        self._opened = opened
        """A connection that is there already: the first line."""
        self._watch: Watch
        """What it takes to know of calls that go on. Made by ``_resume``."""
        self._statements = Statements(files)
        self._gaps = Gaps()
        self._report: Report | None = None
        self._settling: set[asyncio.Task[None]] = set()
        self.sooner = asyncio.Event()
        """Set by whoever knows that the next attempt need not be waited for; while there is a line it says nothing."""
        intake.lacks = self._lacks

    async def run(self) -> None:
        """Keep the line up, for ever."""
        said = asyncio.create_task(self._say_what_waits())
        try:
            await self._keep_up()
        finally:
            for task in (said, *self._settling):
                task.cancel()
            await asyncio.gather(said, *self._settling, return_exceptions=True)
            if self._opened is not None:
                await self._opened.close()
            # What was heard last is where the next hub's gap begins.
            await asyncio.shield(self._hub.run(self._finish))

    async def _keep_up(self) -> None:
        attempt, resumed = 0, False
        while True:
            try:
                if not resumed:
                    await self._hub.run(self._resume)
                    resumed = True
                await self._once()
            except AmiError as error:
                if self._opened is not None:
                    continue
                attempt = 0 if self._report is not None else attempt
                broken = error
            except Exception as error:
                log.exception("The line to %s failed.", self._source)
                # What could not be taken in, as on a full disk, is not told again: what the hub has counts.
                resumed = False
                broken = AmiError("lost", f"The line to {self._settings.address} failed: {error}.", "")
            await self._lost(str(broken))
            pause = pause_after(broken, attempt, random.random())
            attempt += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self.sooner.wait(), pause)

    def _finish(self) -> None:
        self._intake.health(finished=True)

    async def _once(self) -> None:
        """One line, from its beginning to its end, which is an ``AmiError``."""
        takes_over = self._report is not None
        if not takes_over and LINK not in self._intake.errors:
            self._intake.link(LINK, "connecting")
        line = await self._open()
        try:
            if not takes_over:
                self._watch.missed(line.clock)
            first = await line.look()
            self._gaps.close(line.began)
            self._gaps_told()
            await self._take(first)
            async for told in line.told():
                await self._take(told)
        except AmiError as error:
            if error.name == ANEW:
                self._opened = await self._beside()
            words = line.last_words()
            # A line that broke before its first snapshot was complete was never up.
            await self._take(words if self._report is not None else replace(words, report=None))
            raise
        finally:
            await line.close()

    async def _beside(self) -> Connection | None:
        """A connection to take over while the line still stands; ``None`` where it cannot be had now."""
        try:
            return await connect_for(self._settings, secret_of(self._settings, os.environ))
        except AmiError:
            return None

    async def _open(self) -> AmiLine:
        opened, self._opened = self._opened, None
        if opened is not None:
            sees = self._report.sees if self._report is not None else None
            return AmiLine(opened, self._source, self._watch, self._hub.clock, sees)
        secret = secret_of(self._settings, os.environ)
        return await open_line(self._settings, secret, self._source, self._watch, self._hub.clock)

    # -- taking in

    async def _take(self, told: Told) -> None:
        if told.report is not None:
            self._report = told.report
            self._tell(told.report)
        self._intake.lacks = self._lacks
        batch = await self._hub.read(self._fitting, told.batch)
        alone = self._statements.hear(told.said, asyncio.get_running_loop().time())
        batch.documents += [("presence", doc) for doc in alone]
        await asyncio.shield(take(self._hub, self._intake, batch))
        if told.members is not None and told.report is not None and told.first:
            task = asyncio.create_task(self._correct(told.members, told.at))
            self._settling.add(task)
            task.add_done_callback(self._settling.discard)

    def _fitting(self, batch: Batch) -> Batch:
        """The batch without starts that are known, or that queue_log tells."""
        known_starts = (self._hub.document("source", self._source) or {}).get("restarts") or ()
        starts = [at for at in batch.restarts if all(abs(at - known) > SAME_START_S for known in known_starts)]
        return replace(batch, restarts=[] if self._log_is_read else starts)

    @property
    def _lacks(self) -> tuple[str, ...]:
        """What line and files lack together. A queue_log that cannot be read says nothing: why callers leave is not
        known then, and would be counted as 0.
        """
        logged = self._files.queue_log and self._intake.links.get("queue_log") != "down"
        return tuple(sorted({*LACKS} & {*LOG_LACKS})) if logged else LACKS

    @property
    def _log_is_read(self) -> bool:
        return self._files.queue_log and self._intake.links.get("queue_log") == "up"

    async def _say_what_waits(self) -> None:
        """Say what members did where queue_log does not, for ever."""
        while True:
            await asyncio.sleep(SETTLE_S)
            try:
                await self._say_due(asyncio.get_running_loop().time())
            except Exception:
                log.exception("What members of %s did could not be said.", self._source)

    async def _say_due(self, now: float) -> None:
        """Say what has waited long enough for queue_log to say it."""
        due = self._statements.due(now, log_is_read=self._log_is_read)
        if due:
            batch = Batch(self._source, documents=[("presence", doc) for doc in due], lacks=LACKS)
            await asyncio.shield(take(self._hub, self._intake, batch))

    # -- after a time without a line

    def _resume(self) -> None:
        """Take up what goes on as far as the hub knows: its calls, and the gap since it was told last."""
        self._hub.whole()
        self._watch = Watch(self._source, self._settings.queues, records=not self._files.cdr)
        with self._hub.view.reading() as db:
            rows = db.execute(
                "SELECT key FROM call WHERE source = ? AND state NOT IN ('ended', 'lost')", (self._source,)
            )
            keys = [key for (key,) in rows]
        entries = self._hub.journal.get_many("call", keys).values()
        self._watch.resume(calls_of(entry.change.doc for entry in entries if entry.change.doc is not None))
        known = self._hub.document("source", self._source) or {}
        self._gaps = Gaps(known.get("gaps") or ())
        heard = _heard(known) or known.get("connected_since")
        state = (known.get("links") or {}).get(LINK)
        # A connection that was opened while the line before still stood takes over from it: nothing was missed.
        if state is not None and heard is not None and not (state == "up" and self._opened is not None):
            self._gaps.open(heard)

    async def _correct(self, members: Members, at: float) -> None:
        """Bring what is believed of members in line with what the phone system has, once the files had their say."""
        if self._files.queue_log:
            await self._files.caught_up.wait()
        try:
            await self._hub.run(self._put_right, members, at)
        except Exception:
            log.exception("Members of %s could not be put right.", self._source)

    def _put_right(self, members: Members, at: float) -> None:
        held, signed_in, phones = believed(self._hub.view, self._source)
        found = corrections(members, held, at, only_new=self._log_is_read)
        found += log_ins(members, signed_in, self._hub.directory.names.leads, at)
        found += device_corrections(self._source, members.devices.gone(), members.devices.known(), phones, at)
        if found:
            self._intake.take(Batch(self._source, documents=[("presence", doc) for doc in found], lacks=LACKS))

    # -- health

    def _tell(self, report: Report) -> None:
        self._intake.link(LINK, "up", report.complaint)
        self._gaps_told()
        self._intake.told = {
            "connected_since": report.since, "lag_s": report.lag_s, "events_per_s": report.events_per_s,
            "malformed": report.malformed, "gaps": list(self._gaps), "version": report.version,
            "sees": dict(report.sees), "heard": report.heard, "follows": list(self._settings.queues),
        }  # fmt: skip

    async def _lost(self, error: str) -> None:
        """Say that the line is down, and since when nothing is heard."""
        self._report = None
        self.sooner.clear()
        known = await self._hub.read(self._hub.document, "source", self._source) or {}
        if self._intake.links.get(LINK) == "up":
            self._gaps.open(_heard({**known, **self._intake.told}) or self._hub.clock())
        self._intake.link(LINK, "down", error)
        self._intake.told |= {
            "connected_since": None, "lag_s": None, "events_per_s": None, "gaps": list(self._gaps),
            "follows": list(self._settings.queues),
        }  # fmt: skip
        await say_health(self._hub, self._intake)

    def _gaps_told(self) -> None:
        self._gaps.told_by(name for name in ("queue_log", "cdr") if self._intake.links.get(name) == "up")


def _heard(known: Doc) -> float | None:
    """Until when a source is known to have been heard: its line stood, though nothing happened. Its files may have told
    of later things, but not of what the line alone sees; where there was no line yet they are all there is.
    """
    return known["heard"] if known.get("heard") is not None else known.get("last_event")
