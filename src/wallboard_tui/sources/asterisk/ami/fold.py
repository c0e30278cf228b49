"""Room ``sources``: the manager interface's lines about one call as visits and legs. Pure.

Lines may be missing: what a line presupposes is then made from the durations in it. What nobody said stays unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami.lines import Line
from wallboard_tui.sources.asterisk.ami.rings import Rings
from wallboard_tui.sources.asterisk.ami.stays import GONE, LEFT, Stays, since
from wallboard_tui.sources.asterisk.ami.talks import AgentThere, Talks
from wallboard_tui.sources.asterisk.keys import caller, key

_AFTER = frozenset({"gone", "missed", "hangup"})
"""Words after which a snapshot that did not show the call may have been right. Other words prove it wrong."""
_SHOWN = frozenset({"here", "talks"})
"""Words that come from snapshots."""
_NO_WITNESS = frozenset({"gone", "missed"})
"""Words by which the phone system told nothing of the call."""


class AmiFold:
    """Visits and legs of one call while its lines are taken in, in canonical order."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.caller: str | None = None
        self.caller_name: str | None = None
        self._joined = False
        self.called: str | None = None
        self.started: float | None = None
        self.over: float | None = None
        """When the caller hung up, or was hung up on, as it was told."""
        self.not_shown: float | None = None
        """When a snapshot first did not show the caller's channel, where no later word proves it wrong. How and when
        the call ended it does not say."""
        self.last = 0.0
        """When something was told last."""
        self._left: float | None = None
        """When the caller left the queue, until it is known for what."""
        self._stays, self._rings, self._talks = Stays(), Rings(), Talks()
        self.visits, self.legs = self._stays.visits, self._rings.legs
        self._take: dict[str, Callable[[float, Line], None]] = {
            "new": self._new, "join": self._join, "here": self._here, "missed": self._missed, "ring": self._ring,
            "noanswer": self._no_answer, "dump": self._dump, "abandon": self._abandon, "leave": self._leave,
            "answer": self._answer, "talks": self._found_talking, "hold": self._held, "unhold": self._held,
            "pass": self._pass, "done": self._done, "hangup": self._hangup,
        }  # fmt: skip

    def take_all(self, lines: Sequence[Line]) -> None:
        """Take in all lines of the call."""
        alive = max((index for index, line in enumerate(lines) if line[1] not in _AFTER), default=-1)
        self.not_shown = next((float(line[0]) for line in lines[alive + 1 :] if line[1] == "gone"), None)
        for line in lines:
            take = self._take.get(line[1])
            # Who hung up does not come back: a snapshot that shows them is an old one.
            if take is not None and (self.over is None or line[1] not in _SHOWN):
                at = float(line[0])
                if line[1] != "answer":
                    self._settle()
                take(at, line)
                if line[1] not in _NO_WITNESS:
                    self.last = max(self.last, at)
        self._settle()

    # -- the caller

    def _new(self, at: float, line: Line) -> None:
        _, _, _channel, dialled, _context, sent, name = line
        if self.started is None:
            self.started = at
        self._known(dialled, sent, name)

    def _known(self, dialled: str, sent: str, name: str) -> None:
        self.called = self.called or dialled or None
        self.caller = self.caller or caller(sent)
        self.caller_name = self.caller_name or name or None

    def _hangup(self, at: float, _line: Line) -> None:
        if self.over is None:
            self.over = at
        self._break_off(at)

    # -- waiting

    def _key(self, name: str) -> str:
        return key(self.source, name)

    def _need(self, queue: str, entered: float) -> Doc:
        """The visit that goes on in a queue, made where nothing led up to it."""
        if not self._stays.in_queue(self._key(queue)):
            self._break_off(entered)
            self._stays.enter(self._key(queue), entered)
        return self.visits[-1]

    def _join(self, at: float, line: Line) -> None:
        _, _, queue, dialled, sent, name = line
        self._need(queue, at)
        self._came_as(sent, name)
        self._known(dialled, sent, name)

    def _came_as(self, sent: str, name: str) -> None:
        """As queue_log has it: with what the dialplan made of the number on the way into the first queue."""
        if not self._joined:
            self.caller, self.caller_name = caller(sent) or self.caller, name or self.caller_name
            self._joined = True

    def _here(self, _at: float, line: Line) -> None:
        _, _, queue, entered, *known = line
        self._need(queue, entered)
        if known:
            self._came_as(*known)

    def _abandon(self, at: float, line: Line) -> None:
        _, _, queue, waited = line
        self._need(queue, at - (waited or 0))
        visit = self._stays.leave(at, GONE, waited)
        visit.setdefault("wait_s", since(visit, at))
        self._left = at

    def _leave(self, at: float, line: Line) -> None:
        if self._stays.in_queue(self._key(line[2])):
            visit = self._stays.leave(at, LEFT, None)
            visit["wait_s"] = since(visit, at)
            self._left = at

    def _settle(self) -> None:
        """Whoever still rings for a caller who left, and was not the one to answer, rings in vain."""
        if self._left is not None:
            self._rings.cancel(self._left)
            self._left = None

    def _break_off(self, at: float) -> None:
        """The caller is somewhere else, or gone: how the stay so far ended was never said."""
        if self._stays.waits:
            self._stays.leave(at, "unknown", None)
        self._rings.cancel(at)
        self._talks.break_off(at)

    def _missed(self, _at: float, _line: Line) -> None:
        self._talks.missed()
        self._rings.missed()

    # -- ringing

    def _ring(self, at: float, line: Line) -> None:
        _, _, queue, agent, _channel = line
        self._need(queue, at)
        self._rings.stop(self._key(agent), at, "canceled")
        self._add_leg(queue, agent, {"outcome": "ringing", "rang": _time(at)})

    def _add_leg(self, queue: str, agent: str, known: Doc) -> Doc:
        return self._rings.add(self._key(agent), self._key(queue), len(self.visits) - 1, known)

    def _no_answer(self, at: float, line: Line) -> None:
        _, _, queue, agent, ms = line
        outcome = "rejected" if ms == 0 else "no_answer"
        leg = self._rings.stop(self._key(agent), at, outcome)
        if leg is None:
            self._need(queue, at - (ms or 0) / 1000)
            leg = self._add_leg(queue, agent, {"outcome": outcome, "ended": _time(at)})
        if ms is not None:
            leg.update(rang=round(at - ms / 1000, 3), ring_s=ms / 1000)

    def _dump(self, at: float, line: Line) -> None:
        _, _, queue, agent = line
        if self._rings.stop(self._key(agent), at, "dumped") is None:
            self._need(queue, at)
            self._add_leg(queue, agent, {"outcome": "dumped", "ended": _time(at)})

    # -- talking

    def _answer(self, at: float, line: Line) -> None:
        _, _, queue, agent, waited, rung, _channel = line
        if self._talks.going_on(self._there(queue, agent)):
            return
        visit = self._left_for(queue, at, waited)
        self._stays.waits = False
        visit.update(outcome="answered", left=_time(at), wait_s=since(visit, at) if waited is None else waited)
        leg = self._rings.of(self._key(agent))
        if leg is None:
            leg = self._add_leg(queue, agent, {})
        leg.update(outcome="answered", answered=_time(at), visit=len(self.visits) - 1)
        if rung is not None:
            leg["ring_s"] = rung
            leg.setdefault("rang", _time(at - rung))
        self._left = None
        self._rings.cancel(at)
        self._talks.begin(leg)

    def _left_for(self, queue: str, at: float, waited: float | None) -> Doc:
        """The visit that an answer ends: Asterisk says ``leave`` a moment before it. Where the answer itself was not
        heard and is made from the end of the talk, the visit may have been given up already.
        """
        given_up = self._stays.given_up(self._key(queue), at, waited) if self._talks.now is None else None
        return self._need(queue, at - (waited or 0)) if given_up is None else given_up

    def _there(self, queue: str, agent: str) -> AgentThere:
        return self._key(queue), self._key(agent)

    def _found_talking(self, at: float, line: Line) -> None:
        _, _, queue, agent = line
        if not self._talks.going_on(self._there(queue, agent)):
            visit = self._need(queue, at)
            self._stays.waits = False
            visit.update(outcome="answered", left=_time(at))
            leg = self._rings.of(self._key(agent)) or self._add_leg(queue, agent, {})
            leg.update(outcome="answered", answered=_time(at))
            self._talks.begin(leg, missed=True)

    def _held(self, at: float, line: Line) -> None:
        held = self._talks.hold if line[1] == "hold" else self._talks.unhold
        held(self._there(line[2], line[3]), at)

    def _pass(self, _at: float, line: Line) -> None:
        talk = self._talks.newest(self._there(line[2], line[3]))
        if talk is not None:
            talk.passed = line[4]

    def _done(self, at: float, line: Line) -> None:
        _, _, queue, agent, waited, talked, why = line
        talk = self._talks.newest(self._there(queue, agent))
        if talk is None:
            if self._rings.summed_up(self._key(agent), self._key(queue), talked):
                return
            answered = at - (talked or 0)
            self._answer(answered, (answered, "answer", queue, agent, waited, None, ""))
            talk = self._talks.unfinished[-1]
            talk.missed = True
        self._talks.done(talk)
        leg = talk.leg
        leg["ended"] = _time(at)
        if waited is not None:
            self.visits[leg["visit"]]["wait_s"] = waited
        if talked is not None:
            talk.told(at, talked)
        if why == "transfer":
            leg["transfer"] = talk.passed


def _time(at: Any) -> float:
    """A time to the millisecond."""
    return round(float(at), 3)
