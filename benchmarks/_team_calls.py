"""An organisation of teams with a queue each, and what they did yesterday and today: what a wave of snapshots is made
of.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

from wallboard_tui.hub.hub import Hub
from wallboard_tui.model.agent import presence_key
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change

TEAM = 10
"""People per team."""
TODAY, BEFORE = 100, 200
"""Finished calls of each team today, and on the days before."""
DAY = 86400.0
GOING_ON = 2
"""Calls of each team that are not over."""


def queue(team: int) -> str:
    """The key of a team's queue."""
    return f"asterisk:pbx1:q{team}"


def agent(number: int) -> str:
    """The key of somebody's agent."""
    return f"asterisk:pbx1:Agent {number}"


def organisation(count: int, role: dict[str, Any]) -> Iterator[tuple[str, Doc]]:
    """So many people with a role in teams of ten, each with an agent who sits in the team's queue."""
    yield "role", {"key": "custom:floor", **role}
    for number in range(count):
        own = queue(number // TEAM)
        yield "agent", {"key": agent(number), "source": "pbx1", "name": f"Agent {number}", "queues": [own]}
        person = {"key": f"p{number}", "name": f"Person {number}", "role": "custom:floor", "agents": [agent(number)]}
        yield "person", {**person, "extension": str(1000 + number)}
    for team, first in enumerate(range(0, count, TEAM)):
        members = [f"p{number}" for number in range(first, min(count, first + TEAM))]
        yield "queue", {"key": queue(team), "source": "pbx1", "name": f"q{team}", "title": f"Queue {team}"}
        yield "team", {"key": f"t{team}", "name": f"Team {team}", "members": members, "queues": [queue(team)]}


def happened(count: int, midnight: float, now: float) -> Iterator[tuple[str, Doc]]:
    """Calls and presences of all teams, as the hub has stamped them."""
    for team, first in enumerate(range(0, count, TEAM)):
        members = range(first, min(count, first + TEAM))
        for n in range(TODAY):
            yield (
                "call",
                _call(f"t{team}.{n}", team, members[n % len(members)], midnight + (now - midnight) * n / TODAY),
            )
        for n in range(BEFORE):
            started = midnight - 14 * DAY * (n + 1) / BEFORE
            yield "call", _call(f"b{team}.{n}", team, members[n % len(members)], started)
        for n in range(GOING_ON):
            call = _call(f"l{team}.{n}", team, members[n], now - 30 - n)
            for key in ("ended", "legs", "answered"):
                call.pop(key)
            visits = [{"queue": queue(team), "entered": call["started"]}]
            yield "call", {**call, "state": "waiting", "visits": visits}
        for number in members:
            for n, what in enumerate(("login", "pause", "unpause", "pause", "unpause")):
                at = midnight + (now - midnight) * (n + 1) / 6
                facts = [f"agent:{agent(number)}", f"person:p{number}", f"team:t{team}", f"ext:{1000 + number}"]
                said = {"source": "pbx1", "agent": agent(number), "at": at, "what": what, "facts": facts}
                yield "presence", {"key": presence_key(agent(number), at, None, what), **said}


def _call(name: str, team: int, number: int, started: float) -> Doc:
    own, answered = queue(team), started + 12
    facts = [f"queue:{own}", f"team:t{team}", f"agent:{agent(number)}", f"person:p{number}", f"ext:{1000 + number}"]
    leg = {"agent": agent(number), "queue": own, "visit": 0, "outcome": "answered", "rang": started + 4}
    return {
        "key": f"asterisk:pbx1:{name}",
        "source": "pbx1",
        "state": "ended",
        "started": started,
        "answered": answered,
        "ended": answered + 150,
        "caller": f"+3538700{crc32(name.encode()) % 20000:05}",
        "visits": [{"queue": own, "entered": started, "outcome": "answered", "left": answered, "wait_s": 12}],
        "legs": [{**leg, "answered": answered, "ended": answered + 150, "ring_s": 8, "talk_s": 150, "hold_s": 0}],
        "facts": facts,
    }


def commit(home: Path, documents: Iterator[tuple[str, Doc]], now: float) -> None:
    """Put documents into a home whose hub does not run."""
    hub = Hub.open(home)
    try:
        changes = [Change(kind, doc["key"], doc, now, "made") for kind, doc in documents]
        for begin in range(0, len(changes), 2000):
            hub.commit(changes[begin : begin + 2000])
    finally:
        hub.close()
