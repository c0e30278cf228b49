"""Room ``sources``: what the manager interface says about queues and their members, as documents. Pure.

Members are known by their name, as queue_log has it, and by their interface where they have none. Penalties and static
membership stand in the agent's document; joining, leaving, pausing and logging in are presence documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami.devices import Devices
from wallboard_tui.sources.asterisk.ami.lines import moment, number
from wallboard_tui.sources.asterisk.ami.membership import FIELDS, Membership, member_of, named
from wallboard_tui.sources.asterisk.ami.statements import Seat, statement
from wallboard_tui.sources.asterisk.ami.watch import Malformed
from wallboard_tui.sources.asterisk.ami.wire import Message
from wallboard_tui.sources.asterisk.keys import key
from wallboard_tui.sources.asterisk.queues_conf import Member

STATIC = "static"
PAUSES = ("queuememberpause", "queuememberpaused")


@dataclass(slots=True)
class Members:
    """Queues and members of one source. ``follows`` says which queues."""

    source: str
    follows: Callable[[str], bool]
    seats: dict[Seat, Membership] = field(default_factory=dict)
    queues: dict[str, Doc] = field(default_factory=dict)
    """Key → document."""
    wrap_ups: dict[str, float | None] = field(default_factory=dict)
    """Queue's name → its wrap-up time (``None``: it has none), as far as the phone system tells its configuration."""
    logged_in: dict[str, float | None] = field(default_factory=dict)
    """Agent of a pool (by its number) → since when it is logged in (0: nobody says), ``None`` when it is not."""
    devices: Devices = field(init=False)
    """The members' phones."""
    _said: list[Doc] = field(default_factory=list)
    _moved: set[str] = field(default_factory=set)
    """Keys of agents, and of queues, whose documents may have changed."""
    _given: dict[tuple[str, str], Doc] = field(default_factory=dict)
    _last: dict[Seat, float] = field(default_factory=dict)
    """When something was last said of an agent in a queue."""

    EVENTS = frozenset(
        {
            "QueueMemberAdded", "QueueMemberRemoved", "QueueMemberPause", "QueueMemberPaused", "QueueMemberPenalty",
            "QueueMemberRinginuse", "AgentLogin", "AgentLogoff", "Agentlogin", "Agentlogoff",
            "QueueMemberStatus",
        }
    )  # fmt: skip

    def __post_init__(self) -> None:
        self.devices = Devices(self.source)

    # -- events

    def take(self, event: Message, at: float) -> None:
        """Take an event about a member, or an agent of a pool, in. Raises ``Malformed``."""
        name = event["event"].lower()
        if name in ("agentlogin", "agentlogoff"):
            self._login(event.get("agent", ""), name == "agentlogin", at)
            return
        queue = event.get("queue", "")
        if not queue:
            raise Malformed(f"{event['event']} without Queue")
        if not self.follows(queue):
            return
        if name in PAUSES and event.get("paused") is None:
            raise Malformed(f"{event['event']} without Paused")
        if name == "queuememberstatus":
            self.devices.note(self._seat(member_of(event), queue), event.get("status"), at)
            return
        member = self._known(member_of(event), queue, event)
        seat = self._seat(member, queue)
        if name == "queuememberremoved":
            self.seats.pop(seat, None)
            self.devices.forget(seat, at)
            self._say(seat, at, "leave")
        else:
            self.seats[seat] = member
        if name == "queuememberadded":
            self._say(seat, at, "join")
            if member.paused:
                self._say(seat, at, "pause", member.reason)
        elif name in PAUSES:
            self._say(seat, at, "pause" if member.paused else "unpause", member.reason if member.paused else "")
        self._moved.update(seat)

    def _known(self, member: Membership, queue: str, event: Message) -> Membership:
        """The member with what is known of it and the event does not tell."""
        before = self.seats.get(self._seat(member, queue))
        if before is None:
            return member
        untold = {name: getattr(before, name) for name, there in FIELDS.items() if there not in event}
        return replace(member, interface=member.interface or before.interface, **untold)

    def _login(self, agent: str, logged_in: bool, at: float) -> None:
        if agent:
            self._say((key(self.source, agent), ""), at, "login" if logged_in else "logout")

    def _seat(self, member: Membership, queue: str) -> Seat:
        return key(self.source, member.name), key(self.source, queue)

    def _say(self, seat: Seat, at: float, what: str, reason: str = "") -> None:
        # In whole seconds, as queue_log has them: what both say is then one document. Exactly, where one second holds
        # more than one statement: the order counts.
        last = self._last.get(seat, 0.0)
        when = float(int(at)) if int(at) != int(last) else max(round(at, 3), round(last + 0.001, 3))
        self._last[seat] = when
        self._said.append(statement(self.source, seat, when, what, reason))

    # -- snapshots

    def snapshot(self, params: Iterable[Message], members: Iterable[Message], at: float = 0.0) -> None:
        """Queues and members as the phone system has them ``at`` a time; of the queues shown, others than these are no
        members.
        """
        shown: set[str] = set()
        for event in params:
            name = event.get("queue", "")
            if name and self.follows(name):
                shown.add(key(self.source, name))
                self._queue(name, event)
        before = [seat for seat in self.seats if seat[1] in shown]
        self.seats = {seat: member for seat, member in self.seats.items() if seat[1] not in shown}
        for event in members:
            queue = event.get("queue", "")
            if queue and named(event) and self.follows(queue):
                member = member_of(event)
                seat = self._seat(member, queue)
                self.seats[seat] = member
                self._last[seat] = max(at, self._last.get(seat, 0.0))
                self.devices.note(seat, event.get("status"), at)
        for seat in before:
            if seat not in self.seats:
                self.devices.forget(seat, at)
        for seat in self.seats:
            self._moved.update(seat)

    def _queue(self, name: str, event: Message) -> None:
        doc: Doc = {"key": key(self.source, name), "source": self.source, "name": name}
        if "servicelevel" in event:
            doc["service_level_s"] = number(event["servicelevel"])
        if name in self.wrap_ups:
            doc["wrap_up_s"] = self.wrap_ups[name]
        self.queues[doc["key"]] = doc
        self._moved.add(doc["key"])

    def frozen(self) -> Members:
        """As it is now, whatever is heard later: what a snapshot showed is compared with what is believed."""
        seen = replace(self, seats=dict(self.seats), queues=dict(self.queues), logged_in=dict(self.logged_in))
        seen.devices = self.devices.frozen()
        return seen

    def pool(self, agents: Iterable[Message]) -> None:
        """Agents of pools as the phone system has them."""
        for event in agents:
            if event.get("agent"):
                off = event.get("status", "AGENT_LOGGEDOFF") == "AGENT_LOGGEDOFF"
                self.logged_in[event["agent"]] = None if off else moment(event.get("loggedintime")) or 0.0

    # -- what came of it

    def statements(self) -> list[Doc]:
        """What members did since the last time: presence documents."""
        said, self._said = self._said, []
        return said

    def documents(self) -> list[tuple[str, Doc]]:
        """Queue and agent documents that changed since the last time."""
        if not self._moved:
            return []
        moved, self._moved = self._moved, set()
        agents: dict[str, list[tuple[str, Membership]]] = {}
        static: dict[str, list[str]] = {}
        for (agent, queue), member in self.seats.items():
            if agent in moved:
                agents.setdefault(agent, []).append((queue, member))
            if queue in moved and member.membership == STATIC:
                static.setdefault(queue, []).append(agent)
        found: list[tuple[str, Doc]] = [
            ("queue", {**self.queues[queue], "members": sorted(static.get(queue, ()))})
            for queue in sorted(moved & self.queues.keys())
        ]
        found += [("agent", self._agent(agent, seats)) for agent, seats in sorted(agents.items())]
        fresh = [(kind, doc) for kind, doc in found if self._given.get((kind, doc["key"])) != doc]
        self._given.update({(kind, doc["key"]): doc for kind, doc in fresh})
        return fresh

    def _agent(self, agent: str, seats: list[tuple[str, Membership]]) -> Doc:
        name = seats[0][1].name
        doc: Doc = {"key": agent, "source": self.source, "name": name}
        interfaces: set[str] = set()
        extensions: set[str] = set()
        for _, member in seats:
            plain = Member(member.interface, member.name, member.state_interface)
            interfaces |= plain.interfaces()
            extension = plain.extension()
            if extension:
                extensions.add(extension)
        if interfaces:
            doc["interfaces"] = sorted(interfaces)
        if len(extensions) == 1:
            doc["extension"] = extensions.pop()
        doc["queues"] = sorted(queue for queue, member in seats if member.membership == STATIC)
        doc["penalties"] = {queue: member.penalty for queue, member in sorted(seats, key=_queue_of) if member.penalty}
        doc["wrap_ups"] = {
            queue: member.wrap_up_s for queue, member in sorted(seats, key=_queue_of) if member.wrap_up_s > 0
        }
        return doc


def _queue_of(seat: tuple[str, Membership]) -> str:
    return seat[0]
