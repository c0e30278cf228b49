"""Room ``sources``: events of the manager interface as lines about calls. Knows their fields in Asterisk 13 to 22.

A ``Watch`` remembers no more than it takes to know which call an event is about: callers whose channels are up, and the
agents they ring and talk to. What has become of the calls is folded from the lines, elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami.lines import Line, number
from wallboard_tui.sources.asterisk.ami.wire import Message
from wallboard_tui.sources.asterisk.cdr import AGENT_CONTEXTS
from wallboard_tui.sources.asterisk.keys import key
from wallboard_tui.sources.base import Part

WITNESS = "ami"
OLD_NAMES = {"Join": "QueueCallerJoin", "Leave": "QueueCallerLeave"}
"""Names of events before Asterisk 12."""


class Malformed(Exception):
    """An event lacks a field without which it says nothing; the text is ``<event> without <field>``."""


@dataclass(slots=True)
class _Caller:
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
    talks: list[tuple[str, str, str, float | None]] = field(default_factory=list)
    """(queue, agent, agent's channel, seconds waited) of each agent they talk to."""
    dialled: set[str] = field(default_factory=set)


class Watch:
    """Lines about calls, from events in the order in which they came. ``queues``: the only ones to follow, if any."""

    def __init__(self, source: str, queues: Iterable[str] = ()) -> None:
        self.source = source
        self.callers: dict[str, _Caller] = {}
        """Uniqueid → who has that channel."""
        self._queues = frozenset(queues)
        self._lines: dict[str, list[list[Any]]] = {}
        self._pending = 0
        self._leaving: dict[str, list[Any]] = {}
        """Calls that left a queue just now, and nobody has said for what."""
        self._channels: dict[str, str] = {}
        """An agent's channel → the caller's."""
        self._take: dict[str, Callable[[Message, float], None]] = {
            "Newchannel": self._new_channel, "Hangup": self._hangup, "QueueCallerJoin": self._join,
            "QueueCallerLeave": self._leave, "QueueCallerAbandon": self._abandon, "AgentCalled": self._called,
            "AgentConnect": self._connect, "AgentComplete": self._complete, "AgentRingNoAnswer": self._no_answer,
            "AgentDump": self._dump, "Hold": self._hold, "Unhold": self._hold, "BlindTransfer": self._blind_transfer,
            "AttendedTransfer": self._attended_transfer, "DialBegin": self._dial, "DialEnd": self._dial_end,
        }  # fmt: skip

    @property
    def wanted(self) -> frozenset[str]:
        """Names of the events that are understood."""
        return frozenset(self._take) | OLD_NAMES.keys()

    @property
    def pending(self) -> int:
        """Lines that wait to be told."""
        return self._pending

    def follows(self, queue: str) -> bool:
        """Whether a queue is one of those to follow."""
        return not self._queues or queue in self._queues

    def take(self, event: Message, at: float) -> None:
        """Take an event in. Raises ``Malformed``."""
        name = event["event"]
        take = self._take.get(OLD_NAMES.get(name, name))
        if take is not None:
            take(event, at)

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
        return [Part(key(self.source, call), WITNESS, {"lines": lines}) for call, lines in told.items()]

    # -- a snapshot, and what came before

    def resume(self, calls: Iterable[tuple[str, Sequence[Line]]]) -> None:
        """Take up calls that were going on when the hub stopped: uniqueid and lines kept."""
        for call, lines in calls:
            known = self.callers.setdefault(call, _Caller(told=True))
            for line in lines:
                self._remember(call, known, line)

    def _remember(self, call: str, known: _Caller, line: Line) -> None:
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
            known.talks.append((line[2], line[3], line[6], line[4]))
            self._channels[line[6]] = call
        elif word == "talks":
            known.talks.append((line[2], line[3], "", None))
        elif word == "done":
            known.talks = [talk for talk in known.talks if talk[:2] != (line[2], line[3])]

    def missed(self, at: float) -> None:
        """Something may have been missed: of calls that go on it is not known any more that all was heard."""
        for call, known in self.callers.items():
            if known.told:
                self._say(call, at, "missed")

    def close_others(self, there: Iterable[str], at: float) -> int:
        """Close calls whose channels a snapshot does not show, ``at`` at the latest. Returns how many of them."""
        present = frozenset(there)
        gone = [call for call in self.callers if call not in present]
        for call in gone:
            known = self.callers[call]
            if known.told:
                self._say(call, at, "gone")
            self._forget(call)
        return sum(1 for _ in gone)

    def found_waiting(self, call: str, queue: str, entered: float, at: float) -> None:
        """A snapshot shows a caller who waits."""
        if not self.follows(queue):
            return
        known = self.callers.setdefault(call, _Caller())
        if known.queue != queue:
            known.queue = queue
            self._say(call, at, "here", queue, round(entered, 3))

    def found_talking(self, call: str, queue: str, agent: str, at: float) -> None:
        """A snapshot shows a caller and an agent who talk."""
        if not self.follows(queue):
            return
        known = self.callers.setdefault(call, _Caller())
        if not any(talk[:2] == (queue, agent) for talk in known.talks):
            known.queue = None
            known.talks.append((queue, agent, "", None))
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
        if known is not None:
            for channel in [*known.rings, *(talk[2] for talk in known.talks), *known.dialled]:
                self._channels.pop(channel, None)

    def _stop_rings(self, known: _Caller) -> None:
        for channel in known.rings:
            self._channels.pop(channel, None)
        known.rings.clear()

    # -- the caller's channel

    def _new_channel(self, event: Message, at: float) -> None:
        call = _need(event, "uniqueid")
        channel = event.get("channel", "")
        if event.get("linkedid", call) != call or channel.startswith("Local/") or call in self.callers:
            return
        dialled, context = event.get("exten", ""), event.get("context", "")
        if context in AGENT_CONTEXTS or dialled.startswith("*"):
            return
        line = [at, "new", channel, dialled, context, event.get("calleridnum", ""), _name(event)]
        self.callers[call] = _Caller(new=line)

    def _hangup(self, event: Message, at: float) -> None:
        call = _need(event, "uniqueid")
        known = self.callers.get(call)
        if known is not None:
            if known.told:
                self._say(call, at, "hangup")
            known.hung_up = True
            if not known.talks:
                # Else the agent's ``AgentComplete`` is still to come; it says how long they talked.
                self._forget(call)

    # -- queues

    def _caller(self, event: Message) -> tuple[str, _Caller]:
        call = _need(event, "uniqueid")
        return call, self.callers.setdefault(call, _Caller())

    def _join(self, event: Message, at: float) -> None:
        queue = _need(event, "queue")
        call, known = self._caller(event)
        known.foreign = not self.follows(queue)
        if not known.foreign:
            known.queue = queue
            self._stop_rings(known)
            self._say(call, at, "join", queue, event.get("exten", ""), event.get("calleridnum", ""), _name(event))

    def _leave(self, event: Message, at: float) -> None:
        queue = _need(event, "queue")
        if self.follows(queue):
            call, known = self._caller(event)
            if known.queue is None and known.told:
                self._say(call, at, "leave", queue)
            else:
                known.queue = None
                self._leaving[call] = [at, "leave", queue]

    def _abandon(self, event: Message, at: float) -> None:
        queue = _need(event, "queue")
        if self.follows(queue):
            call, known = self._caller(event)
            known.queue = None
            self._say(call, at, "abandon", queue, number(event.get("holdtime")))

    # -- agents

    def _called(self, event: Message, at: float) -> None:
        queue, agent = _need(event, "queue"), _agent(event)
        call, known = self._caller(event)
        if not self.follows(queue):
            known.foreign = True
            return
        channel = event.get("destuniqueid", "")
        known.queue = queue
        known.rings[channel] = (queue, agent)
        self._channels[channel] = call
        self._say(call, at, "ring", queue, agent, channel)

    def _no_answer(self, event: Message, at: float) -> None:
        queue, agent = _need(event, "queue"), _agent(event)
        if self.follows(queue):
            call, known = self._caller(event)
            self._channels.pop(event.get("destuniqueid", ""), None)
            known.rings.pop(event.get("destuniqueid", ""), None)
            self._say(call, at, "noanswer", queue, agent, number(event.get("ringtime")))

    def _dump(self, event: Message, at: float) -> None:
        queue, agent = _need(event, "queue"), _agent(event)
        if self.follows(queue):
            call, _ = self._caller(event)
            self._say(call, at, "dump", queue, agent)

    def _connect(self, event: Message, at: float) -> None:
        queue, agent = _need(event, "queue"), _agent(event)
        if not self.follows(queue):
            return
        call, known = self._caller(event)
        channel, waited = event.get("destuniqueid", ""), number(event.get("holdtime"))
        known.queue = None
        self._stop_rings(known)
        known.talks.append((queue, agent, channel, waited))
        self._channels[channel] = call
        self._say(call, at, "answer", queue, agent, waited, number(event.get("ringtime")), channel)

    def _complete(self, event: Message, at: float) -> None:
        queue, agent = _need(event, "queue"), _agent(event)
        if not self.follows(queue):
            return
        waited = number(event.get("holdtime"))
        call = event.get("uniqueid") or self._who_talks(event.get("destuniqueid"), queue, agent, waited)
        if call is None:
            raise Malformed(f"{event['event']} without Uniqueid")
        known = self.callers.setdefault(call, _Caller())
        index = next((i for i, talk in enumerate(known.talks) if talk[:2] == (queue, agent)), None)
        if index is not None:
            self._channels.pop(known.talks.pop(index)[2], None)
        self._say(call, at, "done", queue, agent, waited, number(event.get("talktime")), event.get("reason", ""))
        if known.hung_up and not known.talks:
            self._forget(call)

    def _who_talks(self, channel: str | None, queue: str, agent: str, waited: float | None) -> str | None:
        """The caller of an agent whose call was completed after the caller's own channel was gone."""
        if channel and channel in self._channels:
            return self._channels[channel]
        talks = [
            (talk[3] != waited, call)
            for call, known in self.callers.items()
            for talk in known.talks
            if talk[:2] == (queue, agent)
        ]
        return min(talks)[1] if talks else None

    # -- while they talk

    def _hold(self, event: Message, at: float) -> None:
        talk = self._talk_on(event.get("uniqueid", ""))
        if talk is not None:
            call, queue, agent = talk
            self._say(call, at, event["event"].lower(), queue, agent)

    def _talk_on(self, channel: str) -> tuple[str, str, str] | None:
        """The caller, queue and agent who talk on an agent's channel."""
        call = self._channels.get(channel)
        if call is None or call not in self.callers:
            return None
        found = next((talk for talk in self.callers[call].talks if talk[2] == channel), None)
        return None if found is None else (call, found[0], found[1])

    def _blind_transfer(self, event: Message, at: float) -> None:
        if event.get("result", "Success").lower() == "success":
            self._passed(event.get("transfereruniqueid", ""), at, "blind")

    def _attended_transfer(self, event: Message, at: float) -> None:
        if event.get("result", "Success").lower() == "success":
            for field_name in ("origtransfereruniqueid", "secondtransfereruniqueid"):
                if self._passed(event.get(field_name, ""), at, "attended"):
                    return

    def _passed(self, channel: str, at: float, how: str) -> bool:
        talk = self._talk_on(channel)
        if talk is not None:
            call, queue, agent = talk
            self._say(call, at, "pass", queue, agent, how)
        return talk is not None

    # -- past the queues

    def _dial(self, event: Message, at: float) -> None:
        call, channel = event.get("uniqueid"), event.get("destuniqueid", "")
        known = self.callers.get(call or "")
        if call is None or known is None or known.queue is not None or known.foreign or channel in known.rings:
            return
        if known.talks or (known.told and not known.dialled and known.new is None):
            return
        known.dialled.add(channel)
        self._channels[channel] = call
        self._say(call, at, "dial", channel, event.get("destchannel", ""), event.get("dialstring", ""))

    def _dial_end(self, event: Message, at: float) -> None:
        channel = event.get("destuniqueid", "")
        call = self._channels.get(channel)
        known = self.callers.get(call or "")
        if call is not None and known is not None and channel in known.dialled:
            self._say(call, at, "dialend", channel, event.get("dialstatus", ""))


def _need(event: Message, name: str) -> str:
    value = event.get(name)
    if not value:
        raise Malformed(f"{event['event']} without {name.capitalize()}")
    return value


def _agent(event: Message) -> str:
    """An agent's name: as queue_log has it, the interface where the member has none."""
    found = event.get("membername") or event.get("interface") or event.get("location") or event.get("member")
    if not found:
        raise Malformed(f"{event['event']} without MemberName and Interface")
    return found


def _name(event: Message) -> str:
    name = event.get("calleridname", "")
    return "" if name == "<unknown>" else name


def calls_of(docs: Iterable[Doc]) -> list[tuple[str, Sequence[Line]]]:
    """Uniqueid and kept lines of calls that go on, for ``Watch.resume``."""
    return [(doc["key"].split(":", 2)[2], doc.get("parts", {}).get(WITNESS, {}).get("lines", ())) for doc in docs]
