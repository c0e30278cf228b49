"""Room ``sources``: snapshots of an Asterisk: asks for what it has now, and compares that with what was heard.

Input and output only; ``Watch`` and ``Members`` know what the answers mean. Kind to the phone system: of many queues
only the chosen ones are asked for, and its configuration is read no oftener than it may have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from wallboard_tui.sources.asterisk.ami import config, snapshot
from wallboard_tui.sources.asterisk.ami.answers import Answer
from wallboard_tui.sources.asterisk.ami.connection import Connection
from wallboard_tui.sources.asterisk.ami.errors import AmiRefused
from wallboard_tui.sources.asterisk.ami.hearing import Hearing
from wallboard_tui.sources.asterisk.ami.lines import moment
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.rights import PERMISSION
from wallboard_tui.sources.asterisk.ami.watch import Watch

MANY_QUEUES = 200
"""With more queues, and none chosen, the periodic snapshot leaves the queues out."""
CONFIGURATION_S = 600.0
"""How often queues.conf is read while nobody says that queues were loaded anew: the command ``queue reload`` does not
say so."""
NEEDED = ("QueueStatus", "CoreShowChannels")
"""What an account has to be allowed to ask."""
MAY_NOT = "The account may not ask"
OF_USE = (*NEEDED, "Filter", "GetConfig")
"""What it may ask with the rights that are advised."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A snapshot that was taken. ``at``: when, by the phone system's clock; ``first``: nothing was seen before it;
    ``queues``: whether queues and members are in it.
    """

    at: float
    first: bool
    queues: bool


class Looking:
    """The snapshots of one line."""

    def __init__(
        self, connection: Connection, watch: Watch, members: Members, hearing: Hearing, clock: Callable[[], float]
    ) -> None:
        self.version = ""
        """What the phone system calls itself."""
        self.started: float | None = None
        """When it started, as far as it says, by its own wall clock."""
        self._connection = connection
        self._watch = watch
        self._members = members
        self._hearing = hearing
        self._clock = clock
        self._refused: dict[str, str] = {}
        self._seen = False
        """Whether queues and members were seen: a phone system that still starts up shows none."""
        self._configured_at = float("-inf")

    async def introduce(self, events: Collection[str]) -> None:
        """Ask who it is, and have no other events sent than these."""
        settings = await self._ask("CoreSettings")
        self.version = snapshot.version_of(settings.response if settings else {})
        started = await self._ask("CoreStatus")
        self.started = snapshot.started_at(started.response if started else {})
        await self._ask("Filter", Operation="Add", Filter=f"Event: ({'|'.join(sorted(events))})")

    async def look(self, *, first: bool, recent_s: float) -> Looked:
        """Take one. What was heard of within ``recent_s`` seconds before is taken at its word. Raises ``AmiError``."""
        asked = self._clock()
        # What is said from here on may be newer than what is shown.
        anew = first or self._hearing.look_again or self._hearing.loaded_anew
        self._hearing.looks()
        channels = await self._ask("CoreShowChannels")
        if channels is not None:
            self._hearing.clock.shown(snapshot.times(channels.events), self._clock())
        status = await self._queues(anew)
        at = self._now
        agents = await self._ask("Agents") if first else None
        if status is not None and (anew or self._clock() >= self._configured_at + CONFIGURATION_S):
            await self._configuration(status)
        self._hearing.drain(self._connection.taken())
        self._hearing.looked()
        if status is not None:
            self._take_queues(status, at)
        if channels is not None:
            self._hearing.sight.channels(channels.events)
            self._compare_channels(channels, at, asked - recent_s)
        if agents is not None:
            self._members.pool(agents.events)
        found = Looked(at, first or not self._seen, status is not None)
        self._seen = self._seen or found.queues
        return found

    async def set_clock(self) -> None:
        """Learn how far the phone system's clock is ahead of ours."""
        before = self._clock()
        pong = await self._ask("Ping")
        told = moment(pong.response.get("timestamp")) if pong else None
        self._hearing.clock.answered(told, before, self._clock())

    @property
    def complaint(self) -> str:
        """Which questions are refused that the board needs an answer to, in sentences; empty when none is."""
        return " ".join(
            f"{MAY_NOT} {name} ({self._refused[name]}); add system to its write= in manager.conf."
            for name in NEEDED
            if name in self._refused
        )

    @property
    def lacks_rights(self) -> bool:
        """Whether something is refused that the account could be allowed."""
        return any(PERMISSION in self._refused.get(name, "").lower() for name in OF_USE)

    @property
    def _now(self) -> float:
        return self._clock() + self._hearing.clock.ahead

    async def _ask(self, name: str, **fields: str) -> Answer | None:
        """Ask; ``None`` when the account may not, which is remembered."""
        try:
            answer = await self._connection.ask(name, **fields)
        except AmiRefused as error:
            self._refused[name] = error.said
            return None
        self._refused.pop(name, None)
        return answer

    async def _queues(self, anew: bool) -> Answer | None:
        """QueueStatus, of the chosen queues one by one, so that thousands of others cost nothing."""
        chosen = self._connection.settings.queues
        if not chosen:
            few = len(self._members.queues) <= MANY_QUEUES
            return await self._ask("QueueStatus") if anew or few else None
        answers = [await self._ask("QueueStatus", Queue=queue) for queue in chosen]
        found = [answer for answer in answers if answer is not None]
        return Answer({}, tuple(event for answer in found for event in answer.events)) if found else None

    async def _configuration(self, status: Answer) -> None:
        """What only the configuration tells of queues: of the chosen ones, of all where these are not too many."""
        self._configured_at = self._clock()
        chosen = self._connection.settings.queues
        few = sum(event["event"] == "QueueParams" for event in status.events) <= MANY_QUEUES
        for fields in [{"Category": queue} for queue in chosen] or [{}] * few:
            answer = await self._ask("GetConfig", Filename=config.FILE, **fields)
            if answer is not None:
                self._members.wrap_ups |= config.wrap_ups(answer.response)

    def _take_queues(self, status: Answer, at: float) -> None:
        self._hearing.sight.queues(status.events)
        params, members, entries = snapshot.queues(status.events)
        self._members.snapshot(params, members, at)
        for call, queue, waited, sent, name in snapshot.waiting(entries):
            if call not in self._hearing.moved_on:
                self._watch.found_waiting(call, queue, at - waited, at, sent, name)

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
