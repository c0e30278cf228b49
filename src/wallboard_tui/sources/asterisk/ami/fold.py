"""Room ``sources``: the manager interface's lines about one call as visits and legs. Pure.

Lines may be missing: what a line presupposes is then made from the durations in it. What nobody said stays unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami.lines import Line
from wallboard_tui.sources.asterisk.keys import caller, key

GONE, LEFT = "gone", "left"
"""Outcomes of a visit: left unanswered after waiting (abandoned, timed out, withdrawn …), and left some other way (by
a key, or because nobody was there)."""


FITS_S = 3.0
"""Waits and talks are whole seconds: what they add up to may be so far off."""
_AFTER = frozenset({"gone", "missed", "hangup"})
"""Words after which a snapshot that did not show the call may have been right. Other words prove it wrong."""


@dataclass(slots=True)
class _Talk:
    """A leg whose talk Asterisk has not summed up yet."""

    leg: Doc
    missed: bool = False
    """Whether something may have been missed since the agent answered."""
    held_s: float = 0.0
    held_since: float | None = None
    passed: str = "unknown"
    """How the agent passed the caller on, as far as that was said."""

    def of(self, queue: str, agent: str) -> bool:
        return (self.leg["queue"], self.leg["agent"]) == (queue, agent)


class AmiFold:
    """Visits and legs of one call while its lines are taken in, in canonical order."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.visits: list[Doc] = []
        self.legs: list[Doc] = []
        self.caller: str | None = None
        self.caller_name: str | None = None
        self.called: str | None = None
        self.started: float | None = None
        self.over: float | None = None
        """When the caller's channel was gone."""
        self.last = 0.0
        self._waits = False
        self._left: float | None = None
        """When the caller left the queue, until it is known for what."""
        self._talks: _Talk | None = None
        self._unfinished: list[_Talk] = []
        self._take: dict[str, Callable[[float, Line], None]] = {
            "new": self._new, "join": self._join, "here": self._here, "missed": self._missed, "ring": self._ring,
            "noanswer": self._no_answer, "dump": self._dump, "abandon": self._abandon, "leave": self._leave,
            "answer": self._answer, "talks": self._found_talking, "hold": self._hold, "unhold": self._unhold,
            "pass": self._pass, "done": self._done, "hangup": self._end, "gone": self._end,
        }  # fmt: skip

    def take_all(self, lines: Sequence[Line]) -> None:
        """Take in all lines of the call."""
        alive = max((index for index, line in enumerate(lines) if line[1] not in _AFTER), default=-1)
        for index, line in enumerate(lines):
            take = self._take.get(line[1])
            if take is not None and (line[1] != "gone" or index > alive):
                at = float(line[0])
                if line[1] != "answer":
                    self._settle()
                take(at, line)
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

    def _end(self, at: float, _line: Line) -> None:
        if self.over is None:
            self.over = at
        self._break_off(at)

    # -- waiting

    def _key(self, name: str) -> str:
        return key(self.source, name)

    def _enter(self, queue: str, at: float) -> None:
        self._break_off(at)
        self.visits.append({"queue": self._key(queue), "entered": _time(at), "outcome": "waiting"})
        self._waits = True

    def _join(self, at: float, line: Line) -> None:
        _, _, queue, dialled, sent, name = line
        if not (self._waits and self.visits[-1]["queue"] == self._key(queue)):
            self._enter(queue, at)
        self._known(dialled, sent, name)

    def _here(self, _at: float, line: Line) -> None:
        _, _, queue, entered = line
        if not (self._waits and self.visits[-1]["queue"] == self._key(queue)):
            self._enter(queue, entered)

    def _need(self, queue: str, entered: float) -> Doc:
        """The visit that goes on in a queue, made where nothing led up to it."""
        if not (self._waits and self.visits[-1]["queue"] == self._key(queue)):
            self._enter(queue, entered)
        return self.visits[-1]

    def _abandon(self, at: float, line: Line) -> None:
        _, _, queue, waited = line
        visit = self._need(queue, at - (waited or 0))
        self._leave_waiting(at, GONE, waited)
        self._left = at
        visit.setdefault("wait_s", max(round(at - visit["entered"], 3), 0))

    def _leave(self, at: float, line: Line) -> None:
        if self._waits and self.visits[-1]["queue"] == self._key(line[2]):
            visit = self.visits[-1]
            self._leave_waiting(at, LEFT, None)
            self._left = at
            visit["wait_s"] = max(round(at - visit["entered"], 3), 0)

    def _leave_waiting(self, at: float, outcome: str, waited: float | None) -> None:
        visit = self.visits[-1]
        visit.update(outcome=outcome, left=_time(at))
        if waited is not None:
            visit["wait_s"] = waited
        self._waits = False

    def _settle(self) -> None:
        """Whoever still rings for a caller who left, and was not the one to answer, rings in vain."""
        if self._left is not None:
            self._cancel_rings(self._left)
            self._left = None

    def _cancel_rings(self, at: float) -> None:
        for leg in self.legs:
            if leg["outcome"] == "ringing":
                leg.update(outcome="canceled", ended=_time(at))

    def _break_off(self, at: float) -> None:
        """The caller is somewhere else, or gone: how the stay so far ended was never said."""
        if self._waits:
            self._leave_waiting(at, "unknown", None)
        self._cancel_rings(at)
        if self._talks is not None:
            self._talks.leg["ended"] = _time(at)
            self._talks = None

    def _missed(self, _at: float, _line: Line) -> None:
        for talk in self._unfinished:
            talk.missed = True

    # -- ringing

    def _ring(self, at: float, line: Line) -> None:
        _, _, queue, agent, _channel = line
        self._need(queue, at)
        self._stop_ringing(agent, at, "canceled")
        self._add_leg(queue, agent, {"outcome": "ringing", "rang": _time(at)})

    def _add_leg(self, queue: str, agent: str, known: Doc) -> Doc:
        leg: Doc = {"agent": self._key(agent), "queue": self._key(queue), "visit": len(self.visits) - 1, **known}
        self.legs.append(leg)
        return leg

    def _ringing(self, agent: str) -> Doc | None:
        who = self._key(agent)
        return next((leg for leg in self.legs if leg["agent"] == who and leg["outcome"] == "ringing"), None)

    def _stop_ringing(self, agent: str, at: float, outcome: str) -> Doc | None:
        leg = self._ringing(agent)
        if leg is not None:
            leg.update(outcome=outcome, ended=_time(at))
        return leg

    def _no_answer(self, at: float, line: Line) -> None:
        _, _, queue, agent, ms = line
        outcome = "rejected" if ms == 0 else "no_answer"
        leg = self._stop_ringing(agent, at, outcome)
        if leg is None:
            self._need(queue, at - (ms or 0) / 1000)
            leg = self._add_leg(queue, agent, {"outcome": outcome, "ended": _time(at)})
        if ms is not None:
            leg.update(rang=round(at - ms / 1000, 3), ring_s=ms / 1000)

    def _dump(self, at: float, line: Line) -> None:
        _, _, queue, agent = line
        if self._stop_ringing(agent, at, "dumped") is None:
            self._need(queue, at)
            self._add_leg(queue, agent, {"outcome": "dumped", "ended": _time(at)})

    # -- talking

    def _answer(self, at: float, line: Line) -> None:
        _, _, queue, agent, waited, rung, _channel = line
        if self._talking_with(queue, agent):
            return
        visit = self._left_for(queue, at, waited)
        self._waits = False
        visit.update(outcome="answered", left=_time(at))
        visit["wait_s"] = max(round(at - visit["entered"], 3), 0) if waited is None else waited
        leg = self._ringing(agent)
        if leg is None:
            leg = self._add_leg(queue, agent, {})
        leg.update(outcome="answered", answered=_time(at), visit=len(self.visits) - 1)
        if rung is not None:
            leg["ring_s"] = rung
            leg.setdefault("rang", _time(at - rung))
        self._left = None
        self._cancel_rings(at)
        self._talk(leg)

    def _left_for(self, queue: str, at: float, waited: float | None) -> Doc:
        """The visit that an answer ends: Asterisk says ``leave`` a moment before it. Where the answer itself was not
        heard and is made from the end of the talk, the visit may have been given up already.
        """
        if not self._waits and self.visits and self._talks is None and self.visits[-1]["queue"] == self._key(queue):
            last = self.visits[-1]
            fits = waited is not None and abs(last["entered"] + waited - at) <= FITS_S
            if last["outcome"] == LEFT or (last["outcome"] == "unknown" and fits):
                return last
        return self._need(queue, at - (waited or 0))

    def _talk(self, leg: Doc, *, missed: bool = False) -> None:
        self._talks = _Talk(leg, missed)
        self._unfinished.append(self._talks)

    def _talking_with(self, queue: str, agent: str) -> bool:
        return self._talks is not None and self._talks.of(self._key(queue), self._key(agent))

    def _found_talking(self, at: float, line: Line) -> None:
        _, _, queue, agent = line
        if not self._talking_with(queue, agent):
            visit = self._need(queue, at)
            self._waits = False
            visit.update(outcome="answered", left=_time(at))
            leg = self._ringing(agent) or self._add_leg(queue, agent, {})
            leg.update(outcome="answered", answered=_time(at))
            self._talk(leg, missed=True)

    def _hold(self, at: float, line: Line) -> None:
        if self._talks is not None and self._talking_with(line[2], line[3]) and self._talks.held_since is None:
            self._talks.held_since = at

    def _unhold(self, at: float, line: Line) -> None:
        talk = self._talks
        if talk is not None and self._talking_with(line[2], line[3]) and talk.held_since is not None:
            talk.held_s += at - talk.held_since
            talk.held_since = None

    def _unfinished_with(self, queue: str, agent: str) -> _Talk | None:
        """The newest talk with an agent that Asterisk has not summed up."""
        who = (self._key(queue), self._key(agent))
        return next((talk for talk in reversed(self._unfinished) if talk.of(*who)), None)

    def _pass(self, _at: float, line: Line) -> None:
        talk = self._unfinished_with(line[2], line[3])
        if talk is not None:
            talk.passed = line[4]

    def _done(self, at: float, line: Line) -> None:
        _, _, queue, agent, waited, talked, why = line
        talk = self._unfinished_with(queue, agent)
        if talk is None:
            if self._said_before(queue, agent, talked):
                return
            answered = at - (talked or 0)
            self._answer(answered, (answered, "answer", queue, agent, waited, None, ""))
            talk = self._unfinished[-1]
            talk.missed = True
        self._unfinished.remove(talk)
        leg = talk.leg
        leg["ended"] = _time(at)
        if waited is not None:
            self.visits[leg["visit"]]["wait_s"] = waited
        if talked is not None:
            _told_talk(talk, at, talked)
        if why == "transfer":
            leg["transfer"] = talk.passed
        if self._talks is talk:
            self._talks = None

    def _said_before(self, queue: str, agent: str, talked: float | None) -> bool:
        """Whether the newest leg is the one that is summed up: it is said twice."""
        if not self.legs or talked is None:
            return False
        last = self.legs[-1]
        total = last.get("talk_s", -1.0) + last.get("hold_s", 0.0)
        return (last["queue"], last["agent"]) == (self._key(queue), self._key(agent)) and total == talked


def _told_talk(talk: _Talk, at: float, talked: float) -> None:
    """Asterisk's talk time holds the hold time: ours is apart, where all of it was heard."""
    leg = talk.leg
    if talk.missed:
        leg["talk_s"] = talked
        return
    held = talk.held_s + (at - talk.held_since if talk.held_since is not None else 0.0)
    leg["hold_s"] = min(round(held, 3), talked)
    leg["talk_s"] = round(talked - leg["hold_s"], 3)


def _time(at: Any) -> float:
    """A time to the millisecond."""
    return round(float(at), 3)
