"""Room ``sources``: one live line to an Asterisk: connects, looks, listens, and says what came of it, until it breaks.

Input and output only; ``Watch`` and ``Members`` know what the events mean. Kind to the phone system: one connection,
snapshots at the start and then no oftener than once a minute, and a filter on Asterisk's side where it has one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace

from wallboard_tui.sources.asterisk.ami import rights
from wallboard_tui.sources.asterisk.ami.connecting import connect
from wallboard_tui.sources.asterisk.ami.connection import Connection
from wallboard_tui.sources.asterisk.ami.errors import AmiError
from wallboard_tui.sources.asterisk.ami.hearing import OF_ITSELF, Hearing
from wallboard_tui.sources.asterisk.ami.looking import Looking
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.report import LACKS, Rate, Report, Told, spoilt
from wallboard_tui.sources.asterisk.ami.rights import Sight
from wallboard_tui.sources.asterisk.ami.settings import AmiSettings
from wallboard_tui.sources.asterisk.ami.watch import Watch
from wallboard_tui.sources.asterisk.keys import NAME
from wallboard_tui.sources.base import Batch

FLUSH_S = 0.1
"""How long what was heard may wait to be told together with what comes next: from one telling to the next."""
GATHER_S = 0.02
"""So long is always waited: what the phone system says at once comes in several pieces."""
RECONCILE_S = 60.0
"""How often a snapshot is taken while the line stands. Never oftener: a snapshot costs the phone system something."""
LEAVING_S = 1.0
"""So long a caller who left a queue without a word may still turn out to have been answered."""
AT_ONCE = 500
"""Events that are taken in before others in the hub get their turn."""
MOST_PENDING = 100_000
"""Lines about calls that may wait to be told; beyond, nothing more is read until they were."""
UNUSABLE_S = 900.0
"""So long after the last message that could not be read, or used, the line is not called well."""
QUIET_S = 5.0
"""How often a line on which nothing happens says how it is."""


class AmiLine:
    """A line that is up. Made by ``open_line``; ``told`` gives what it hears until it breaks with ``AmiError``."""

    def __init__(
        self,
        connection: Connection,
        source: str,
        watch: Watch,
        clock: Callable[[], float],
        sees: Mapping[str, bool] | None = None,
    ) -> None:
        self._connection = connection
        self._source = source
        self._watch = watch
        self._members = Members(source, watch.follows)
        self._clock = clock
        self._hearing = Hearing(watch, self._members, Sight(sees))
        self._report = Report(clock())
        self._rate = Rate()
        self._counted = 0
        self._unreadable, self._unreadable_at = 0, float("-inf")
        """Messages so far that could not be read, and when the newest was found."""
        self._looking = Looking(connection, watch, self._members, self._hearing, clock)
        self._news = asyncio.Event()
        self._room = asyncio.Event()

    @property
    def clock(self) -> float:
        """The phone system's time now."""
        return self._clock() + self._hearing.clock.ahead

    @property
    def began(self) -> float:
        """From when on the line hears everything, by the phone system's clock."""
        return self._connection.opened_at + self._hearing.clock.ahead

    # -- looking

    async def look(self, *, first: bool = True) -> Told:
        """A snapshot: what the phone system has now, and what follows from it. Raises ``AmiError``."""
        await self._looking.set_clock()
        if first:
            self._watch.hears_from = self.began
            await self._looking.introduce(self.wanted)
            self._report = replace(self._report, version=self._looking.version, started=self._looking.started)
        looked = await self._looking.look(first=first, recent_s=RECONCILE_S)
        told = self._told(with_members=looked.queues)
        told.at, told.first = looked.at, looked.first
        return told

    # -- listening

    @property
    def wanted(self) -> frozenset[str]:
        """Names of the events that are understood."""
        return self._watch.wanted | Members.EVENTS | OF_ITSELF

    async def told(self) -> AsyncIterator[Told]:
        """What is heard, bundled, for ever. Raises ``AmiError`` when the line breaks."""
        listening = asyncio.create_task(self._listen())
        due, anew = self._clock() + RECONCILE_S, self._clock() + rights.ANEW_S
        loop = asyncio.get_running_loop()
        told_at = float("-inf")
        try:
            while True:
                try:
                    async with asyncio.timeout(max(0.0, min(due - self._clock(), QUIET_S))):
                        await self._news.wait()
                except TimeoutError:
                    yield self._told()
                else:
                    self._news.clear()
                    if listening.done():
                        yield self._told()
                        listening.result()
                    # Taking in what was told is part of the time: a busy hub tells no later for it.
                    await asyncio.sleep(max(min(GATHER_S, FLUSH_S), told_at + FLUSH_S - loop.time()))
                    told_at = loop.time()
                    yield self._told()
                    self._room.set()
                if self._hearing.look_again:
                    due = self._clock()
                if self._clock() >= due:
                    yield await self.look(first=False)
                    due = self._clock() + RECONCILE_S
                if self._lacks_rights and self._clock() >= anew:
                    raise rights.sign_in_anew(self._connection.settings.address, self._complaint())
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self) -> None:
        try:
            async for arrived in self._connection.events():
                self._hearing.waiting.extend(arrived)
                while self._hearing.waiting:
                    self._hearing.take(AT_ONCE)
                    self._news.set()
                    await asyncio.sleep(0)
                if self._watch.pending > MOST_PENDING:
                    self._room.clear()
                    await self._room.wait()
        finally:
            self._news.set()

    def _told(self, *, with_members: bool = False) -> Told:
        now = self._clock()
        arrived = self._connection.arrived
        self._rate.add(now, arrived - self._counted)
        self._counted = arrived
        if self._connection.malformed > self._unreadable:
            self._unreadable, self._unreadable_at = self._connection.malformed, now
        parts = self._watch.parts(self.clock - LEAVING_S)
        batch = Batch(self._source, NAME, parts=parts, documents=self._members.documents(), lacks=LACKS)
        batch.horizon = self._hearing.clock.latest or None
        started = self._hearing.clock.started()
        if started is not None:
            batch.restarts.append(started)
        self._report = replace(
            self._report,
            started=self._report.started if started is None else started,
            lag_s=self._hearing.lag_s,
            events_per_s=self._rate.per_s(now, self._report.since),
            malformed=self._unreadable + sum(self._hearing.unusable.values()),
            heard=round(self._connection.heard_at + self._hearing.clock.ahead, 3),
            sees=self._hearing.sight.sees,
            complaint=self._complaint(),
        )
        self._hearing.tidy()
        said = self._members.statements() + self._members.devices.statements(self.clock, self._watch.engaged)
        return Told(batch, said, self._members.frozen() if with_members else None, self._report)

    @property
    def _lacks_rights(self) -> bool:
        return self._looking.lacks_rights or not all(self._hearing.sight.sees.values())

    def _complaint(self) -> str:
        said = [rights.complaint(self._hearing.sight.sees), self._looking.complaint]
        if self._clock() - max(self._hearing.unusable_at, self._unreadable_at) < UNUSABLE_S:
            said.append(spoilt(self._unreadable, self._hearing.unusable))
        return " ".join(filter(None, said))

    def last_words(self) -> Told:
        """What had come when the line broke, and was not told yet."""
        self._hearing.drain(self._connection.taken())
        return self._told()

    async def close(self) -> None:
        """Hang up."""
        await self._connection.close()


async def open_line(
    settings: AmiSettings, secret: str, source: str, watch: Watch, clock: Callable[[], float] = time.time
) -> AmiLine:
    """A signed-in line. ``watch`` keeps what it knows from one line to the next. Raises ``AmiError``."""
    return AmiLine(await connect_for(settings, secret), source, watch, clock)


async def connect_for(settings: AmiSettings, secret: str) -> Connection:
    """A connection that gives the events a line understands, and no others. Raises ``AmiError``."""
    return await connect(settings, secret, Watch("").wanted | Members.EVENTS | OF_ITSELF)


REFUSED_S = 600.0
"""The longest pause after a refused login."""


def pause_after(error: AmiError, attempt: int, chance: float) -> float:
    """Seconds to wait before the next attempt: doubling from one second to a minute, less up to a half by ``chance``
    (0 to 1), so that many hubs do not come back at once. A refused login waits longer: phone systems ban guessers.
    """
    longest, first = (REFUSED_S, 30.0) if error.name in ("login-refused", "no-secret") else (60.0, 1.0)
    return min(longest, first * float(2 ** min(attempt, 16))) * (1.0 - chance / 2)
