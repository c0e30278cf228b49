"""Room ``sources``: looks at an Asterisk before it becomes a source: what is there, and what may the account see?

Input and output only. Changes nothing on the phone system, and hangs up.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami.connecting import connect
from wallboard_tui.sources.asterisk.ami.connection import Connection
from wallboard_tui.sources.asterisk.ami.errors import AmiRefused
from wallboard_tui.sources.asterisk.ami.lines import moment, number
from wallboard_tui.sources.asterisk.ami.looking import MANY_QUEUES
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.membership import named
from wallboard_tui.sources.asterisk.ami.rights import (
    NEEDED,
    PERMISSION,
    UNWRITTEN,
    WRITE,
    WRITE_POOLS,
    Advice,
    Sight,
    to_see,
)
from wallboard_tui.sources.asterisk.ami.settings import AmiSettings
from wallboard_tui.sources.asterisk.ami.snapshot import started_at, version_of
from wallboard_tui.sources.asterisk.ami.wire import Message
from wallboard_tui.sources.asterisk.queues_conf import Member

ACTIONS = ("QueueStatus", "QueueSummary", "CoreShowChannels", "CoreStatus", "CoreSettings", "Filter", "Agents", "Ping")
QUEUES = "QueueStatus"
"""What an account that may not ask sees no queue at all without."""
_PERMISSIONS = re.compile(r"read perm:\s*(\S*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ProbedMember:
    """A member of a queue as QueueStatus shows it. ``membership``: ``static``, ``dynamic`` or ``realtime``."""

    name: str
    interface: str
    state_interface: str
    extension: str | None
    membership: str
    paused: bool

    @property
    def of_a_pool(self) -> bool:
        """Whether it is an agent of agents.conf, who logs in."""
        return self.interface.startswith("Agent/") or self.state_interface.startswith("Agent:")


@dataclass(frozen=True, slots=True)
class ProbedQueue:
    """A queue as QueueStatus shows it; ``waiting``: callers in it."""

    name: str
    strategy: str
    service_level_s: int | None
    waiting: int
    members: tuple[ProbedMember, ...]


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found. See ``docs/contracts.md`` for each field; ``None`` is "could not be told"."""

    version: str
    system_name: str
    started: float | None
    clock_ahead_s: float | None
    timestamps: bool | None
    reads: Mapping[str, bool | None]
    actions: Mapping[str, bool | None]
    queues: tuple[ProbedQueue, ...]
    advice: tuple[Advice, ...] = ()

    def documents(self, source: str) -> list[tuple[str, Doc]]:
        """Queue and agent documents, as the source itself would give them."""
        members = Members(source, lambda _queue: True)
        members.snapshot(
            [{"queue": queue.name, "servicelevel": str(queue.service_level_s or "")} for queue in self.queues],
            [
                {
                    "queue": queue.name, "name": one.name, "location": one.interface, "membership": one.membership,
                    "stateinterface": one.state_interface,
                }
                for queue in self.queues
                for one in queue.members
            ],
        )  # fmt: skip
        return members.documents()


async def probe(settings: AmiSettings, secret: str, *, listen_s: float = 2.0) -> Probe:
    """Connect, look, listen for ``listen_s`` seconds, and hang up. Raises ``AmiError``, a sentence each."""
    connection = await connect(settings, secret)
    try:
        return await probe_on(connection, listen_s=listen_s)
    finally:
        await connection.close()


async def probe_on(connection: Connection, *, listen_s: float = 2.0) -> Probe:
    """Look at what a connection leads to. It stays open, and every event that comes meanwhile stays in it."""
    settings = connection.settings
    began = time.time()
    sight = Sight()
    core = await _response(connection, "CoreSettings")
    status = await _response(connection, "CoreStatus")
    listed = await _response(connection, "ListCommands") or {}
    ahead = await _ahead(connection)
    events, refused = await _look(connection, sight)
    granted = await _granted(connection, settings.login, listed)
    await asyncio.sleep(max(0.0, began + listen_s - time.time()))
    params = tuple(event for event in events if event["event"] == "QueueParams")
    if granted is None and len(params) <= MANY_QUEUES:
        await _look(connection, sight)
    heard = connection.waiting
    for one in heard:
        sight.hear(one.event["event"])
    members: dict[str, list[Message]] = defaultdict(list)
    for event in events:
        if event["event"] == "QueueMember" and named(event):
            members[event.get("queue", "")].append(event)
    booted = connection.booted
    actions: dict[str, bool | None] = {name: name.lower() in listed if listed else None for name in ACTIONS}
    actions |= {"QueueStatus": refused is None, "CoreSettings": core is not None, "CoreStatus": status is not None}
    times = {"timestamp" in one.event for one in heard if one.event["event"] != "FullyBooted"}
    uptime = number(booted.event.get("uptime")) if booted else None
    found = Probe(
        version=version_of(core or {}),
        system_name=(core or {}).get("systemname", ""),
        started=began + (ahead or 0.0) - uptime if uptime is not None else started_at(status or {}),
        clock_ahead_s=ahead,
        timestamps=None if not times else True in times,
        reads=_reads(granted, sight.sees, booted is not None),
        actions=actions,
        queues=tuple(
            sorted(
                (_queue(event, members.get(event.get("queue", ""), ())) for event in params),
                key=lambda queue: (queue.name.casefold(), queue.name),
            )
        ),
    )
    return replace(found, advice=tuple(_advice(found, settings.login, granted, refused)))


async def _look(connection: Connection, sight: Sight) -> tuple[list[Message], str | None]:
    """QueueStatus, and in what words it was refused. Two looks beside what is heard between tell what is not seen."""
    with suppress(AmiRefused):
        sight.channels((await connection.ask("CoreShowChannels")).events)
    found: list[Message] = []
    try:
        for fields in [{"Queue": queue} for queue in connection.settings.queues] or [{}]:
            found += (await connection.ask("QueueStatus", **fields)).events
    except AmiRefused as error:
        return found, error.said
    sight.queues(found)
    return found, None


async def _response(connection: Connection, name: str, **fields: str) -> Message | None:
    try:
        return (await connection.ask(name, **fields)).response
    except AmiRefused:
        return None


async def _ahead(connection: Connection) -> float | None:
    """How far the phone system's clock is ahead of ours, in seconds."""
    before = time.time()
    pong = await _response(connection, "Ping")
    told = moment((pong or {}).get("timestamp"))
    return None if told is None else round(told - (before + time.time()) / 2, 3)


async def _granted(connection: Connection, login: str, listed: Message) -> frozenset[str] | None:
    """The account's read classes in Asterisk's own words, for an account that may run commands."""
    if "command" not in listed:
        return None
    answer = await _response(connection, "Command", Command=f"manager show user {login}")
    found = _PERMISSIONS.search((answer or {}).get("output", ""))
    return None if found is None else frozenset(found.group(1).lower().split(","))


def _reads(granted: frozenset[str] | None, sees: Mapping[str, bool], booted: bool) -> dict[str, bool | None]:
    """Which of the needed classes of events the account may see; ``None``: that cannot be told.

    What Asterisk says of ``system`` is enough: it greets who may see these with ``FullyBooted``, once it is up.
    """
    if granted is not None:
        return {name: name in granted or "all" in granted for name in NEEDED}
    return {**{name: sees.get(name) for name in NEEDED}, "system": booted or sees.get("system", False)}


def _queue(event: Message, members: Iterable[Message]) -> ProbedQueue:
    name = event.get("queue", "")
    seconds = number(event.get("servicelevel"))
    return ProbedQueue(
        name=name,
        strategy=event.get("strategy", ""),
        service_level_s=int(seconds) if seconds else None,
        waiting=int(number(event.get("calls")) or 0),
        members=tuple(_member(member) for member in members),
    )


def _member(event: Message) -> ProbedMember:
    interface = event.get("location") or event.get("interface") or ""
    name = event.get("name") or event.get("membername") or interface
    state = event.get("stateinterface", "")
    return ProbedMember(
        name=name,
        interface=interface,
        state_interface=state,
        extension=Member(interface, name, state).extension(),
        membership=event.get("membership", "dynamic"),
        paused=event.get("paused") == "1",
    )


def _advice(found: Probe, login: str, granted: frozenset[str] | None, refused: str | None) -> Iterable[Advice]:
    """What to change on the phone system."""
    pools = any(member.of_a_pool for queue in found.queues for member in queue.members)
    write = WRITE_POOLS if pools else WRITE
    for name in NEEDED:
        if found.reads[name] is False:
            yield to_see(name, login, granted)
    if refused is not None:
        allowed = PERMISSION not in refused.lower()
        why = f"Asterisk says “{refused}”." + (" Its queues (app_queue) are not loaded." if allowed else "")
        yield Advice(QUEUES, why, "" if allowed else write, login)
    if found.actions["CoreShowChannels"] is False:
        why = "calls that ended while the line was down are closed only when a later event tells"
        yield Advice("write=system", f"Without it {why}, {UNWRITTEN}.", write, login)
    elif found.actions["Filter"] is False:
        why = "the phone system sends events that are of no use here, too"
        yield Advice("write=system", f"Without it {why}, {UNWRITTEN}.", write, login)
    if pools and found.actions["Agents"] is False:
        why = "Without it agents of a pool who logged in before the line was made count as logged out."
        yield Advice("write=agent", why, write, login)
    if found.timestamps is False:
        why = "Events carry no time of their own; they are placed where they arrive."
        yield Advice("timestampevents", why, "timestampevents = yes", "general")
