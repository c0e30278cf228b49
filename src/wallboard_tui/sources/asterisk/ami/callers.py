"""Room ``sources``: the callers whose channels are up, the agents they ring and talk to, and what is told of them.

Remembers no more than it takes to know which call an event is about. Pure.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami.lines import Line
from wallboard_tui.sources.asterisk.cdr import WITNESS as CDR
from wallboard_tui.sources.asterisk.keys import key
from wallboard_tui.sources.base import Part

WITNESS = "ami"
ELSEWHERE = 5_000
"""So many calls of queues that are not followed are remembered after their end."""
BEGAN_S = 2.0
"""Talk times are whole seconds: what an end says of its beginning may be so far off."""


class Talk(NamedTuple):
    """A caller and an agent who talk."""

    queue: str
    agent: str
    channel: str
    """The agent's channel, empty where it is not known."""
    waited: float | None
    since: float


@dataclass(slots=True)
class Caller:
    """A caller whose channel is up."""

    new: list[Any] | None = None
    """The line about the channel, until something happens that makes it a call worth telling."""
    told: bool = False
    queue: str | None = None
    """Where they wait."""
    hung_up: bool = False
    foreign: bool = False
    """In a queue that is not followed."""
    rings: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Agent's channel → (queue, agent)."""
    talks: list[Talk] = field(default_factory=list)
    """The agents they talk to."""
    dialled: set[str] = field(default_factory=set)


class Callers:
    """Calls that go on, and the lines about them that were not told yet. ``queues``: the only ones to follow, if
    any.
    """

    def __init__(self, source: str, queues: Iterable[str] = ()) -> None:
        self.source = source
        self.callers: dict[str, Caller] = {}
        """Uniqueid → who has that channel."""
        self._queues = frozenset(queues)
        self._lines: dict[str, list[list[Any]]] = {}
        self._pending = 0
        self._leaving: dict[str, list[Any]] = {}
        """Calls that left a queue just now, and nobody has said for what."""
        self._channels: dict[str, str] = {}
        """An agent's channel → the caller's."""
        self._rows: dict[str, list[list[Any]]] = {}
        """Rows of CDR records that were not told yet."""
        self._elsewhere: deque[str] = deque(maxlen=ELSEWHERE)
        """Calls of queues that are not followed, whose CDR records may still come."""

    @property
    def pending(self) -> int:
        """Lines that wait to be told."""
        return self._pending

    def follows(self, queue: str) -> bool:
        """Whether a queue is one of those to follow."""
        return not self._queues or queue in self._queues

    def parts(self, until: float = float("inf")) -> list[Part]:
        """What was said since the last time, one part per call.

        Who left a queue after ``until`` is not told yet, unless more is known: Asterisk says so a moment before the
        agent's answer, and callers would seem lost for that moment.
        """
        for call, line in list(self._leaving.items()):
            if line[0] <= until:
                del self._leaving[call]
                self._append(call, line)
        told, self._lines, self._pending = self._lines, {}, 0
        rows, self._rows = self._rows, {}
        parts = [Part(key(self.source, call), WITNESS, {"lines": lines}) for call, lines in told.items()]
        return parts + [Part(key(self.source, call), CDR, {"rows": of_call}) for call, of_call in rows.items()]

    # -- a snapshot, and what came before

    def resume(self, calls: Iterable[tuple[str, Sequence[Line]]]) -> None:
        """Take up calls that were going on when the hub stopped: uniqueid and lines kept."""
        for call, lines in calls:
            known = self.callers.setdefault(call, Caller(told=True))
            for line in lines:
                self._remember(call, known, line)

    def _remember(self, call: str, known: Caller, line: Line) -> None:
        word = line[1]
        if word in ("join", "here"):
            known.queue = line[2]
        elif word in ("abandon", "leave"):
            known.queue = None
        elif word == "ring":
            known.rings[line[4]] = (line[2], line[3])
            self._channels[line[4]] = call
        elif word == "answer":
            known.queue = None
            known.rings.clear()
            known.talks.append(Talk(line[2], line[3], line[6], line[4], line[0]))
            self._channels[line[6]] = call
        elif word == "talks":
            known.talks.append(Talk(line[2], line[3], "", None, line[0]))
        elif word == "done":
            known.talks = [talk for talk in known.talks if talk[:2] != (line[2], line[3])]

    def missed(self, at: float) -> None:
        """Something may have been missed: of calls that go on it is not known any more that all was heard."""
        for call, known in self.callers.items():
            if known.told:
                self._say(call, at, "missed")

    def close_others(self, there: Iterable[str], at: float) -> None:
        """Close calls whose channels a snapshot does not show, ``at`` at the latest."""
        present = frozenset(there)
        for call in [call for call in self.callers if call not in present]:
            known = self.callers[call]
            if known.told:
                self._say(call, at, "gone")
            self._forget(call)

    def found_waiting(self, call: str, queue: str, entered: float, at: float, sent: str = "", name: str = "") -> None:
        """A snapshot shows a caller who waits; ``sent``, ``name``: who they are."""
        if not self.follows(queue):
            return
        known = self.callers.setdefault(call, Caller())
        if known.queue != queue:
            known.queue = queue
            self._say(call, at, "here", queue, round(entered, 3), sent, name)

    def found_talking(self, call: str, queue: str, agent: str, at: float) -> None:
        """A snapshot shows a caller and an agent who talk."""
        if not self.follows(queue):
            return
        known = self.callers.setdefault(call, Caller())
        if not any(talk[:2] == (queue, agent) for talk in known.talks):
            known.queue = None
            known.talks.append(Talk(queue, agent, "", None, at))
            self._say(call, at, "talks", queue, agent)

    # -- saying

    def _say(self, call: str, at: float, word: str, *rest: Any) -> None:
        known = self.callers.get(call)
        if known is not None and not known.told:
            known.told = True
            if known.new is not None:
                self._append(call, known.new)
                known.new = None
        left = self._leaving.pop(call, None)
        if left is not None:
            self._append(call, left)
        self._append(call, [at, word, *rest])

    def _append(self, call: str, line: list[Any]) -> None:
        self._lines.setdefault(call, []).append(line)
        self._pending += 1

    def _forget(self, call: str) -> None:
        known = self.callers.pop(call, None)
        if known is not None and known.foreign and not known.told:
            self._elsewhere.append(call)
        if known is not None:
            for channel in [*known.rings, *(talk[2] for talk in known.talks), *known.dialled]:
                self._channels.pop(channel, None)

    def _stop_rings(self, known: Caller) -> None:
        for channel in known.rings:
            self._channels.pop(channel, None)
        known.rings.clear()

    # -- who talks

    def engaged(self) -> set[str]:
        """Keys of agents who ring or talk for a call that goes on."""
        rings = (who for known in self.callers.values() for _, who in known.rings.values())
        talks = (talk.agent for known in self.callers.values() for talk in known.talks)
        return {key(self.source, agent) for agent in (*rings, *talks)}

    def _who_talks(self, queue: str, agent: str, waited: float | None, began: float | None) -> str | None:
        """The caller of an agent whose call was completed after the caller's own channel was gone.

        ``began``: when they began to talk, by the times and durations in events; ``None`` where these have no times.
        """
        talks = [
            (talk.since, call)
            for call, known in self.callers.items()
            for talk in known.talks
            if talk[:2] == (queue, agent)
            and (talk.waited is None or talk.waited == waited)
            and (began is None or abs(talk.since - began) <= BEGAN_S)
        ]
        return min(talks)[1] if talks else None

    def _talk_on(self, channel: str) -> tuple[str, str, str] | None:
        """The caller, queue and agent who talk on an agent's channel."""
        call = self._channels.get(channel)
        if call is None or call not in self.callers:
            return None
        found = next((talk for talk in self.callers[call].talks if talk[2] == channel), None)
        return None if found is None else (call, found[0], found[1])


def calls_of(docs: Iterable[Doc]) -> list[tuple[str, Sequence[Line]]]:
    """Uniqueid and kept lines of calls that go on, for ``Watch.resume``."""
    return [(doc["key"].split(":", 2)[2], doc.get("parts", {}).get(WITNESS, {}).get("lines", ())) for doc in docs]
