"""Room ``sources``: one live line to an Asterisk: connects, looks, listens, and says what came of it, until it breaks.

Input and output only; ``Watch`` and ``Members`` know what the events mean. Kind to the phone system: one connection,
snapshots at the start and then no oftener than once a minute, and a filter on Asterisk's side where it has one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from wallboard_tui.sources.asterisk.ami import config, rights, snapshot
from wallboard_tui.sources.asterisk.ami.answers import Answer
from wallboard_tui.sources.asterisk.ami.connecting import connect
from wallboard_tui.sources.asterisk.ami.connection import Connection
from wallboard_tui.sources.asterisk.ami.errors import AmiError, AmiRefused
from wallboard_tui.sources.asterisk.ami.hearing import Hearing
from wallboard_tui.sources.asterisk.ami.lines import moment
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.report import LACKS, Rate, Report, Told
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
MANY_QUEUES = 200
"""With more queues, and none chosen, the periodic snapshot leaves the queues out."""
LEAVING_S = 1.0
"""So long a caller who left a queue without a word may still turn out to have been answered."""
AT_ONCE = 500
"""Events that are taken in before others in the hub get their turn."""
MOST_PENDING = 100_000
"""Lines about calls that may wait to be told; beyond, nothing more is read until they were."""
UNUSABLE_S = 900.0
"""So long after the last event that could not be used the line is not called well."""
QUIET_S = 5.0
"""How often a line on which nothing happens says how it is."""
SNAPSHOT = ("QueueStatus", "CoreShowChannels", "Agents")


class AmiLine:
    """A line that is up. Made by ``open_line``; ``told`` gives what it hears until it breaks with ``AmiError``."""

    def __init__(self, connection: Connection, source: str, watch: Watch, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._source = source
        self._watch = watch
        self._members = Members(source, watch.follows)
        self._clock = clock
        self._hearing = Hearing(watch, self._members)
        self._report = Report(clock())
        self._rate = Rate()
        self._counted = 0
        self._refused: dict[str, str] = {}
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._seen = False
        """Whether queues and members were seen: a phone system that still starts up shows none."""

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
        await self._set_clock()
        if first:
            self._watch.hears_from = self.began
            await self._introduce()
        asked = self._clock()
        self._hearing.looks()
        channels = await self._ask("CoreShowChannels")
        if channels is not None:
            self._hearing.clock.shown(snapshot.times(channels.events), self._clock())
        status = await self._queues(first)
        at = self.clock
        agents = await self._ask("Agents") if first else None
        if first and status is not None:
            await self._configuration(status)
        self._drain()
        self._hearing.looked()
        if status is not None:
            self._hearing.sight.queues(status.events)
            params, members, entries = snapshot.queues(status.events)
            self._members.snapshot(params, members, at)
            for call, queue, waited in snapshot.waiting(entries):
                if call not in self._hearing.moved_on:
                    self._watch.found_waiting(call, queue, at - waited, at)
        if channels is not None:
            self._hearing.sight.channels(channels.events)
            self._compare_channels(channels, at, asked - RECONCILE_S)
        if agents is not None:
            self._members.pool(agents.events)
        told = self._told(with_members=status is not None)
        told.at, told.first = at, first or not self._seen
        self._seen = self._seen or status is not None
        return told

    async def _introduce(self) -> None:
        settings = await self._ask("CoreSettings")
        self._report = replace(self._report, version=snapshot.version_of(settings.response if settings else {}))
        started = await self._ask("CoreStatus")
        self._report = replace(self._report, started=snapshot.started_at(started.response if started else {}))
        names = "|".join(sorted(self.wanted | {"FullyBooted"}))
        await self._ask("Filter", Operation="Add", Filter=f"Event: ({names})")

    async def _queues(self, first: bool) -> Answer | None:
        """QueueStatus, of the chosen queues one by one, so that thousands of others cost nothing."""
        chosen = self._connection.settings.queues
        if not chosen:
            few = len(self._members.queues) <= MANY_QUEUES
            return await self._ask("QueueStatus") if first or few else None
        answers = [await self._ask("QueueStatus", Queue=queue) for queue in chosen]
        found = [answer for answer in answers if answer is not None]
        return Answer({}, tuple(event for answer in found for event in answer.events)) if found else None

    async def _configuration(self, status: Answer) -> None:
        """What only the configuration tells of queues: of the chosen ones, of all where these are not too many."""
        chosen = self._connection.settings.queues
        few = sum(event["event"] == "QueueParams" for event in status.events) <= MANY_QUEUES
        for fields in [{"Category": queue} for queue in chosen] or [{}] * few:
            answer = await self._ask("GetConfig", Filename=config.FILE, **fields)
            if answer is not None:
                self._members.wrap_ups |= config.wrap_ups(answer.response)

    async def _set_clock(self) -> None:
        before = self._clock()
        pong = await self._ask("Ping")
        told = moment(pong.response.get("timestamp")) if pong else None
        self._hearing.clock.answered(told, before, self._clock())

    async def _ask(self, name: str, **fields: str) -> Answer | None:
        """Ask; ``None`` when the account may not, which is remembered."""
        try:
            answer = await self._connection.ask(name, **fields)
        except AmiRefused as error:
            self._refused[name] = error.said
            return None
        self._refused.pop(name, None)
        return answer

    def _compare_channels(self, channels: Answer, at: float, recent: float) -> None:
        """Close what is not there any more. A call that was heard of since ``recent`` is taken at its word: its own
        events will say how it ends.
        """
        there = snapshot.callers_in(channels.events)
        kept = there | self._hearing.heard_since(recent)
        self._watch.close_others(kept, at)
        self._hearing.forget_others(kept)
        for call, queue, agent in snapshot.talks(channels.events, self._members):
            if call not in self._hearing.moved_on:
                self._watch.found_talking(call, queue, agent, at)

    # -- listening

    @property
    def wanted(self) -> frozenset[str]:
        """Names of the events that are understood."""
        return self._watch.wanted | Members.EVENTS

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
                if not all(self._hearing.sight.sees.values()) and self._clock() >= anew:
                    raise rights.sign_in_anew(self._connection.settings.address, self._hearing.sight.sees)
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

    def _drain(self) -> None:
        """Take in what came before and during a snapshot, so that it is not taken for news after it."""
        self._hearing.waiting.extend(self._connection.taken())
        self._hearing.take(len(self._hearing.waiting))

    def _told(self, *, with_members: bool = False) -> Told:
        now = self._clock()
        arrived = self._connection.arrived
        self._rate.add(now, arrived - self._counted)
        self._counted = arrived
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
            malformed=self._connection.malformed + sum(self._hearing.unusable.values()),
            heard=round(self._connection.heard_at + self._hearing.clock.ahead, 3),
            sees=self._hearing.sight.sees,
            complaint=self._complaint(),
        )
        self._hearing.tidy()
        said = self._members.statements() + self._members.devices.statements(self.clock, self._watch.engaged)
        return Told(batch, said, self._members.frozen() if with_members else None, self._report)

    def _complaint(self) -> str:
        said = [rights.complaint(self._hearing.sight.sees)]
        for name in SNAPSHOT[:2]:
            if name in self._refused:
                said.append(
                    f"The account may not ask {name} ({self._refused[name]}); add system to its write= in manager.conf."
                )
        if self._hearing.unusable and self._clock() - self._hearing.unusable_at < UNUSABLE_S:
            what, count = max(self._hearing.unusable.items(), key=lambda item: item[1])
            said.append(
                f"{sum(self._hearing.unusable.values())} events could not be used, most of them {what} ({count})."
            )
        return " ".join(filter(None, said))

    def last_words(self) -> Told:
        """What had come when the line broke, and was not told yet."""
        self._drain()
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
    return await connect(settings, secret, Watch("").wanted | Members.EVENTS | {"FullyBooted"})


def pause_after(error: AmiError, attempt: int, chance: float) -> float:
    """Seconds to wait before the next attempt: doubling from one second to a minute, less up to a half by ``chance``
    (0 to 1), so that many hubs do not come back at once. A refused login waits longer: phone systems ban guessers.
    """
    longest, first = (600.0, 30.0) if error.name in ("login-refused", "no-secret") else (60.0, 1.0)
    return min(longest, first * float(2 ** min(attempt, 16))) * (1.0 - chance / 2)
