"""Room ``metrics``: from what agents said about their presence to intervals. Pure, and independent of the order of
telling.

What holds (as Asterisk has it, and other systems map to it):

- A pause is per queue. A pause without a queue pauses every queue the agent is in; being added to a queue starts
unpaused, and leaving a queue ends its pause. The agent as a whole is paused while paused in any queue, and that time
counts once.
- A static member who has said nothing is available. One who speaks of a queue before having joined it was in it all
along.
- An agent who ever logs in or out (an agent pool) is available only between the two.
- An agent whose phone cannot be reached is out, unless paused: nobody could ring them. A phone that is in use changes
nothing but what the agent is shown to do.

Sources may know whole seconds only. Where a pause and its end are told for one second, the next statement says which
came last: a pause follows an end, an end follows a pause. Where nothing follows, and for join and leave, both are
taken to have been real changes: the state is what it was before.
"""

from collections.abc import Collection, Iterable
from itertools import groupby

from wallboard_tui.model.agent import Interval
from wallboard_tui.model.base import Doc

RESTART = "restart"
"""Reason of statements that a restart of the phone system implies: they say nothing about the time before."""
SIGNED_IN = "signed_in"
ENGAGED = "engaged"
"""State beside the others, of an agent whose phone rings or is in use for something that no call tells of."""
DEVICE_FREE, DEVICE_RINGS, DEVICE_BUSY, DEVICE_GONE = "device_free", "device_rings", "device_busy", "device_gone"
DEVICES = frozenset({DEVICE_FREE, DEVICE_RINGS, DEVICE_BUSY, DEVICE_GONE})
"""Statements about the agent's phone, whatever the queue."""
NO_DEVICE = "device unavailable"
"""Why an agent is out whose phone cannot be reached."""


class Folding:
    """The intervals of one agent while their statements are taken in, in order of time."""

    def __init__(self, agent: str, events: Iterable[Doc], static_queues: Collection[str], since: float | None) -> None:
        self.agent = agent
        self.closed: list[Interval] = []
        self.last: float | None = None
        """Time of the newest statement taken in."""
        ordered, self._heard = _from_first_heard(sorted(events, key=_time), since)
        self._since = since
        self._spoke = min((event["at"] for event in ordered if event.get("reason", "") != RESTART), default=None)
        self.known = set(static_queues) | {event["queue"] for event in ordered if event.get("queue")}
        self._static = frozenset(static_queues)
        self._paused: dict[str, tuple[float, str]] = {}
        """Queue → since when and why."""
        self._members = set(static_queues)
        self._logged_in, self._pool = _login_before(ordered)
        self._unsure: set[str] = set()
        """Queues whose last second told both a pause and its end, and nothing since."""
        self._device = DEVICE_FREE
        self._open: dict[tuple[str | None, str], tuple[str, float]] = {}
        """(queue, state) → reason and start of the intervals that go on."""
        self._members |= _implied(ordered)
        times = [event["at"] for event in ordered[:1]] + ([] if since is None else [since])
        if times and (ordered or static_queues):
            self._record(min(times))
        self.extend(ordered)

    def extend(self, events: Iterable[Doc]) -> None:
        """Take in statements that are all later than those so far."""
        seconds = [(at, list(group)) for at, group in groupby(sorted(events, key=_time), key=_time)]
        for index, (at, group) in enumerate(seconds):
            self._second(at, group, seconds[index + 1 :])
            self._record(at)
            self.last = at

    def can_extend(self, events: Iterable[Doc]) -> bool:
        """Whether statements only add to the end: later than all others, and none that changes what was before."""
        return (
            self._heard
            and self.last is not None
            and all(
                event["at"] > self.last
                and (event["queue"] in self.known - self._unsure if event.get("queue") else not self._unsure)
                and (self._pool or event["what"] not in ("login", "logout"))
                for event in events
            )
        )

    def is_same_since(self, since: float | None) -> bool:
        """Whether it would be the same had the agent been first seen otherwise at ``since``: who spoke before that is
        heard of from then on.
        """
        return self._spoke is not None and all(seen is None or self._spoke <= seen for seen in (self._since, since))

    def running(self) -> list[Interval]:
        """The intervals that go on."""
        return [
            Interval(self.agent, queue, state, reason, start, None)
            for (queue, state), (reason, start) in self._open.items()
        ]

    def _second(self, at: float, events: list[Doc], later: list[tuple[float, list[Doc]]]) -> None:
        said = {event["what"] for event in events}
        # What takes something back at a moment was said before what is new at that moment.
        self._device = max(said & DEVICES, key=lambda what: (what != DEVICE_FREE, what), default=self._device)
        events = [event for event in events if event["what"] not in DEVICES]
        if ("login" in said) != ("logout" in said):
            self._logged_in = "login" in said
        queues = {event["queue"] for event in events if event.get("queue")}
        if any(not event.get("queue") for event in events):
            queues |= self._members or ({""} if not self.known else set())
        for queue in queues:
            here = [event for event in events if event.get("queue") in (queue, None, "")]
            self._in_queue(queue, at, here, later)

    def _in_queue(self, queue: str, at: float, events: list[Doc], later: list[tuple[float, list[Doc]]]) -> None:
        said = {event["what"] for event in events}
        own = {event["what"] for event in events if event.get("queue")}
        was_member = queue in self._members
        if "join" in own and ("leave" in own or not was_member):
            self._paused.pop(queue, None)
        if own & {"join", "pause", "unpause"}:
            self._members.add(queue)
        reasons = [event.get("reason", "") for event in events if event["what"] == "pause"]
        both = {"pause", "unpause"} <= said
        ends_paused = "pause" in said and not (both and self._ends_unpaused(queue, later))
        if ends_paused and (queue in self._members or not queue):
            self._pause(queue, at, max(reasons), again=both)
        elif "pause" in said or "unpause" in said:
            self._paused.pop(queue, None)
        if "leave" in own and not ("join" in own and was_member):
            self._members.discard(queue)
            self._paused.pop(queue, None)

    def _ends_unpaused(self, queue: str, later: list[tuple[float, list[Doc]]]) -> bool:
        """How a second that tells both a pause and its end ended."""
        for _, group in later:
            said = {event["what"] for event in group if event.get("queue") in (queue, None, "")}
            if ("pause" in said) != ("unpause" in said):
                return "pause" in said
        self._unsure.add(queue)
        return queue not in self._paused

    def _pause(self, queue: str, at: float, reason: str, *, again: bool) -> None:
        since, known = self._paused.get(queue, (at, reason))
        self._paused[queue] = (at, reason) if again or known != reason else (since, known)

    def _record(self, at: float) -> None:
        """Close the intervals that are over and open those that begin."""
        now = self._states()
        for place, (reason, start) in list(self._open.items()):
            if now.get(place) != reason:
                del self._open[place]
                if at > start:
                    self.closed.append(Interval(self.agent, place[0], place[1], reason, start, at))
        for place, reason in now.items():
            self._open.setdefault(place, (reason, at))

    def _states(self) -> dict[tuple[str | None, str], str]:
        """(queue, state) → reason, of every interval that should go on."""
        states: dict[tuple[str | None, str], str] = {}
        for queue in self._members:
            if queue in self._paused:
                states[queue, "paused"] = self._paused[queue][1]
            elif self._logged_in and self._device != DEVICE_GONE:
                states[queue, "available"] = ""
        member = self._logged_in and bool(self._members or not self.known)
        signed_in = member and (self._device != DEVICE_GONE or bool(self._paused))
        if self._paused:
            states[None, "paused"] = min((since, queue, why) for queue, (since, why) in self._paused.items())[2]
        elif signed_in:
            states[None, "available"] = ""
        else:
            states[None, "out"] = NO_DEVICE if member else ""
        if signed_in:
            states[None, SIGNED_IN] = ""
        if self._device in (DEVICE_BUSY, DEVICE_RINGS):
            states[None, ENGAGED] = self._device
        return states


def _time(event: Doc) -> float:
    return float(event["at"])


def _from_first_heard(ordered: list[Doc], since: float | None) -> tuple[list[Doc], bool]:
    """Statements from the last restart before the agent was first heard of, and whether they ever were.

    Earlier restarts concern agents who were there then, and say nothing of one who came later.
    """
    heard = [event["at"] for event in ordered if event.get("reason", "") != RESTART] + (
        [] if since is None else [since]
    )
    if not heard:
        return ordered, False
    first = min(heard)
    before = [event["at"] for event in ordered if event["at"] <= first and event.get("reason", "") == RESTART]
    return [event for event in ordered if event["at"] >= before[-1]] if before else ordered, True


def _login_before(ordered: list[Doc]) -> tuple[bool, bool]:
    """Whether the agent was logged in before the first statement, and whether they are one who logs in at all."""
    first = next((event for event in ordered if event["what"] in ("login", "logout")), None)
    if first is None:
        return True, False
    same = {event["what"] for event in ordered if event["at"] == first["at"]}
    logout = "logout" in same and "login" not in same
    return logout and first.get("reason", "") != RESTART, True


def _implied(ordered: list[Doc]) -> set[str]:
    """Queues that the agent speaks of before having joined them: a member all along."""
    implied: set[str] = set()
    settled: set[str] = set()
    for _, group in groupby(ordered, key=_time):
        said: dict[str, set[str]] = {}
        for event in group:
            if event.get("queue"):
                said.setdefault(event["queue"], set()).add(event["what"])
        implied |= {queue for queue, words in said.items() if queue not in settled and "join" not in words}
        settled |= set(said)
    return implied


def fold(
    agent: str, events: Iterable[Doc], static_queues: Collection[str] = (), *, since: float | None = None
) -> list[Interval]:
    """An agent's intervals, those of one place in order of start.

    ``events``: presence documents of this agent, in any order. ``static_queues``: queues the agent is configured in.
    ``since``: when the agent was first seen otherwise (a call); what is known begins there or at the first statement.
    Without either there is nothing to tell.

    Places: ``queue=None`` is the agent as a whole: ``paused``, ``available`` (signed in and not paused) and ``out``
    take turns without a gap, and ``signed_in`` overlaps them (paused or not). Each queue has ``paused`` and
    ``available``. ``engaged`` (as a whole) overlaps all of these; its reason is what the phone does.
    """
    folding = Folding(agent, events, static_queues, since)
    return sorted(
        folding.closed + folding.running(),
        key=lambda i: (i.queue or "", i.start, i.state),
    )
