"""Room ``sources``: events of the manager interface as lines about calls. Knows their fields in Asterisk 13 to 22.

A ``Watch`` remembers no more than it takes to know which call an event is about: callers whose channels are up, and the
agents they ring and talk to. What has become of the calls is folded from the lines, elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wallboard_tui.sources.asterisk.ami.callers import BEGAN_S, Caller, Callers, Talk
from wallboard_tui.sources.asterisk.ami.cdr_events import CdrEvents
from wallboard_tui.sources.asterisk.ami.lines import number
from wallboard_tui.sources.asterisk.ami.wire import Message
from wallboard_tui.sources.asterisk.cdr import AGENT_CONTEXTS

OLD_NAMES = {"Join": "QueueCallerJoin", "Leave": "QueueCallerLeave"}
"""Names of events before Asterisk 12."""


class Malformed(Exception):
    """An event lacks a field without which it says nothing; the text is ``<event> without <field>``."""


class Watch(Callers):
    """Lines about calls, from events in the order in which they came. ``queues``: the only ones to follow, if any.
    ``records``: whether CDR records are taken from events; not where a file of them is read.
    """

    def __init__(self, source: str, queues: Iterable[str] = (), *, records: bool = True) -> None:
        super().__init__(source, queues)
        self.hears_from = float("-inf")
        """Since when the line stands, by the phone system's clock: of calls before it not all is known."""
        self._records = CdrEvents()
        self._take: dict[str, Callable[[Message, float], None]] = {
            "Newchannel": self._new_channel, "Hangup": self._hangup, "QueueCallerJoin": self._join,
            "QueueCallerLeave": self._leave, "QueueCallerAbandon": self._abandon, "AgentCalled": self._called,
            "AgentConnect": self._connect, "AgentComplete": self._complete, "AgentRingNoAnswer": self._no_answer,
            "AgentDump": self._dump, "Hold": self._hold, "Unhold": self._hold, "BlindTransfer": self._blind_transfer,
            "AttendedTransfer": self._attended_transfer, "DialBegin": self._dial, "DialEnd": self._dial_end,
            "Cdr": self._record,
        }  # fmt: skip
        if not records:
            del self._take["Cdr"]

    @property
    def wanted(self) -> frozenset[str]:
        """Names of the events that are understood."""
        return frozenset(self._take) | OLD_NAMES.keys()

    def take(self, event: Message, at: float) -> None:
        """Take an event in. Raises ``Malformed``."""
        name = event["event"]
        take = self._take.get(OLD_NAMES.get(name, name))
        if take is not None:
            take(event, at)

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
        self.callers[call] = Caller(new=line)

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

    def _caller(self, event: Message) -> tuple[str, Caller]:
        call = _need(event, "uniqueid")
        return call, self.callers.setdefault(call, Caller())

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
        known.talks.append(Talk(queue, agent, channel, waited, at))
        self._channels[channel] = call
        self._say(call, at, "answer", queue, agent, waited, number(event.get("ringtime")), channel)

    def _complete(self, event: Message, at: float) -> None:
        queue, agent = _need(event, "queue"), _agent(event)
        if not self.follows(queue):
            return
        waited, talked = number(event.get("holdtime")), number(event.get("talktime"))
        call = event.get("uniqueid") or self._channels.get(event.get("destuniqueid", ""))
        if call is None:
            timed = "timestamp" in event and talked is not None
            call = self._who_talks(queue, agent, waited, at - (talked or 0) if timed else None)
        if call is None:
            if talked is not None and at - talked < self.hears_from + BEGAN_S:
                # Both channels are gone, and the answer was before this line: whose talk it was nobody can tell.
                return
            raise Malformed(f"{event['event']} without Uniqueid")
        known = self.callers.setdefault(call, Caller())
        index = next((i for i, talk in enumerate(known.talks) if talk[:2] == (queue, agent)), None)
        if index is not None:
            self._channels.pop(known.talks.pop(index)[2], None)
        self._say(call, at, "done", queue, agent, waited, talked, event.get("reason", ""))
        if known.hung_up and not known.talks:
            self._forget(call)

    # -- while they talk

    def _hold(self, event: Message, at: float) -> None:
        talk = self._talk_on(event.get("uniqueid", ""))
        if talk is not None:
            call, queue, agent = talk
            self._say(call, at, event["event"].lower(), queue, agent)

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

    def _record(self, event: Message, at: float) -> None:
        call = _need(event, "uniqueid")
        known = self.callers.get(call)
        elsewhere = call in self._elsewhere or (known is not None and known.foreign and not known.told)
        asked = event.get("lastdata", "").partition(",")[0] if event.get("lastapplication") == "Queue" else None
        if elsewhere or (asked is not None and not self.follows(asked)):
            return
        try:
            for of_call, row in self._records.take(event, at):
                self._rows.setdefault(of_call, []).append(row)
                self._pending += 1
        except ValueError as error:
            raise Malformed(f"Cdr with {error}") from error


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
