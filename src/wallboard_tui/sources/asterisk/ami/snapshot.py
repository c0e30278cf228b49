"""Room ``sources``: what a phone system's snapshots show: queues, who waits, whose channels are up, who talks. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from wallboard_tui.sources.asterisk.ami.lines import number
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.wire import Message
from wallboard_tui.sources.asterisk.cdr import born
from wallboard_tui.sources.asterisk.keys import key

_DURATION = re.compile(r"(\d+):(\d\d):(\d\d)", re.ASCII)

NAMELESS = ("unknown", "<unknown>")
"""What stands for a name that a caller does not have."""


def queues(status: Iterable[Message]) -> tuple[list[Message], list[Message], list[Message]]:
    """QueueStatus by what its events are about: queues, members, waiting callers."""
    by_name: dict[str, list[Message]] = defaultdict(list)
    for event in status:
        by_name[event["event"]].append(event)
    return by_name["QueueParams"], by_name["QueueMember"], by_name["QueueEntry"]


def waiting(entries: Iterable[Message]) -> Iterator[tuple[str, str, float, str, str]]:
    """Uniqueid, queue, seconds waited, number and name of each waiting caller; these empty where they are not known."""
    for event in entries:
        call, queue = event.get("uniqueid"), event.get("queue")
        if call and queue:
            sent, name = event.get("calleridnum", ""), event.get("calleridname", "")
            yield call, queue, number(event.get("wait")) or 0.0, sent, "" if name in NAMELESS else name


def callers_in(channels: Iterable[Message]) -> set[str]:
    """Uniqueids of the channels that are up."""
    return {event["uniqueid"] for event in channels if event.get("uniqueid")}


def times(channels: Iterable[Message]) -> list[float]:
    """What time it is on the phone system, by each channel: its id holds the second in which it came up."""
    found: list[float] = []
    for event in channels:
        since = born(event.get("uniqueid", ""))
        lasts = _DURATION.fullmatch(event.get("duration", ""))
        if since is not None and lasts is not None:
            hours, minutes, seconds = map(int, lasts.groups())
            found.append(since + 3600.0 * hours + 60 * minutes + seconds)
    return found


def talks(channels: Iterable[Message], members: Members) -> Iterator[tuple[str, str, str]]:
    """Uniqueid, queue and agent of each caller in a queue who is on one bridge with a member of it."""
    bridges: dict[str, list[Message]] = defaultdict(list)
    for event in channels:
        if event.get("uniqueid") and event.get("bridgeid"):
            bridges[event["bridgeid"]].append(event)
    known = {(queue, member.interface): member.name for (_, queue), member in members.seats.items()}
    for bridge in bridges.values():
        for caller in bridge:
            if caller.get("application") != "Queue":
                continue
            name = caller.get("applicationdata", "").partition(",")[0]
            queue = key(members.source, name)
            for other in bridge:
                agent = _member_on(other.get("channel", ""), queue, known) if other is not caller else None
                if agent is not None:
                    yield caller["uniqueid"], name, agent


def _member_on(channel: str, queue: str, known: Mapping[tuple[str, str], str]) -> str | None:
    """The member of a queue whose channel this is: ``Local/101@agents-0001;1`` is one of ``Local/101@agents/n``.

    ``known``: queue's key and interface → name.
    """
    leg = channel[:-2] if channel.endswith((";1", ";2")) else channel
    interface = leg.rpartition("-")[0]
    return known.get((queue, interface)) or known.get((queue, f"{interface}/n"))


def version_of(settings: Message) -> str:
    """What the phone system calls itself, without what a distribution put behind its version: ``Asterisk 22.10.1``."""
    return f"Asterisk {settings.get('asteriskversion', '').partition('+')[0]}".strip()


def started_at(status: Message) -> float | None:
    """When the phone system started, by its own wall clock taken for ours; good for comparing, not for showing."""
    text = f"{status.get('corestartupdate', '')} {status.get('corestartuptime', '')}"
    try:
        return datetime.fromisoformat(text.strip()).timestamp()
    except ValueError:
        return None
