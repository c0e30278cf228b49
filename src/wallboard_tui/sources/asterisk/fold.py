"""Room ``sources``: the lines of one call, in any order, as visits and legs. Pure.

The lines are a set: files come in any order, twice, or in halves. ``order`` puts them in the order in which they can
have happened. What is left over (because lines before it were lost, or have not come yet) makes the visit or leg that
it implies.
"""

from __future__ import annotations

from collections.abc import Sequence

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.keys import caller, key
from wallboard_tui.sources.asterisk.order import OUTSIDE, Line, State, after, ordered, parse
from wallboard_tui.sources.asterisk.verbs import COMPLETE_VERBS, RING_VERBS

_OUTCOME = {
    "ABANDON": "abandoned", "EXITWITHTIMEOUT": "timed_out", "EXITWITHKEY": "exit_key", "EXITEMPTY": "exit_empty",
    "WITHDRAW": "withdrawn",
}  # fmt: skip
_WAIT_AT = {"ABANDON": 2, "EXITWITHTIMEOUT": 2, "EXITWITHKEY": 3, "EXITEMPTY": 2, "WITHDRAW": 2}
"""Which parameter of an exit is the wait."""
FITS_S = 2
"""Talks are whole seconds: an end says to within so many when its talk began."""
_TRANSFER = {"BLINDTRANSFER": "blind", "TRANSFER": "blind", "ATTENDEDTRANSFER": "attended"}


class Fold:
    """Visits and legs of one call while its lines are taken in, in order."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.state = OUTSIDE
        self.visits: list[Doc] = []
        self.legs: list[Doc] = []
        self.caller: str | None = None
        self.caller_name: str | None = None
        self.called: str | None = None
        self.last: int = 0
        self._implied: list[int] = []
        self._completed: tuple[str, str] = ("", "")
        self._broken_off: list[Doc] = []
        """Talks whose caller went on without their end being said."""

    def take_all(self, texts: Sequence[str]) -> None:
        """Take in all lines of the call."""
        lines = sorted(map(parse, texts))
        start, count = 0, len(lines)
        while start < count:
            at = lines[start].at
            end = start + 1
            while end < count and lines[end].at == at:
                end += 1
            if end == start + 1 and after(self.state, lines[start]) is not None:
                self._take(lines[start])
            else:
                self._take_second(lines[start:end])
            start = end
        self.last = lines[-1].at if lines else 0
        self._pair_dangling()

    def _take_second(self, lines: list[Line]) -> None:
        """Take in the lines of one second, or a line that nothing led up to."""
        while lines:
            taken, lines = ordered(self.state, lines)
            for line in taken:
                self._take(line)
            if lines:
                self._take_stray(lines.pop(0))

    def _take(self, line: Line) -> None:
        """Take a line that is acceptable in this state."""
        verb, at = line.verb, line.at
        if verb == "ENTERQUEUE":
            self._enter(line)
        elif verb == "CONNECT":
            self._connect(line)
        elif verb in RING_VERBS:
            self._ring(line, len(self.visits) - 1)
        elif verb in COMPLETE_VERBS:
            if not self._take_late(line):
                self._complete(line, self.legs[self.talking()])
        elif verb == "DID":
            self.called = (line.params[0] if line.params else "") or self.called
        else:
            visit = self.visits[-1]
            wait = _number(line.params, _WAIT_AT[verb])
            visit.update(outcome=_OUTCOME[verb], left=at, wait_s=_since(visit, at) if wait is None else wait)
            self.state = OUTSIDE

    def _take_stray(self, line: Line) -> None:
        """Take a line whose forerunner is missing."""
        verb, at = line.verb, line.at
        if verb in RING_VERBS:
            stays = [i for i, visit in enumerate(self.visits) if visit["queue"] == self._key(line)]
            if stays:
                self._ring(line, stays[-1])
                return
        if verb in COMPLETE_VERBS and self._take_late(line):
            return
        if verb in COMPLETE_VERBS and self.state == OUTSIDE and self._completed == (line.queue, line.agent):
            # An attended transfer is reported when it is done, after the agent's own leg was: the first one counts.
            return
        self._break_off(at)
        if verb == "ENTERQUEUE":
            self._take(line)
            return
        waited, talked = _waited_and_talked(line)
        self._imply(line, at - waited - talked)
        if verb in COMPLETE_VERBS:
            self._answer(line, at - talked, waited, None)
        self._take(line)

    def _take_late(self, line: Line) -> bool:
        """Take the end of a talk whose caller was redirected: Asterisk sums it up while they are elsewhere already."""
        began = line.at - _waited_and_talked(line)[1]
        agent = key(self.source, line.agent)
        for leg in reversed(self._broken_off):
            if (leg["queue"], leg["agent"]) == (self._key(line), agent) and abs(leg["answered"] - began) <= FITS_S:
                self._broken_off.remove(leg)
                _sum_up(leg, line)
                return True
        return False

    def _break_off(self, at: int) -> None:
        """The caller is somewhere else by now: how the stay so far ended was not said before."""
        if self.state.agent:
            leg = self.legs[self.talking()]
            leg["ended"] = at
            self._broken_off.append(leg)
        elif self.state.queue:
            self.visits[-1].update(outcome="unknown", left=at)
        self.state = OUTSIDE

    def _key(self, line: Line) -> str:
        return key(self.source, line.queue)

    def _enter(self, line: Line) -> None:
        self.visits.append({"queue": self._key(line), "entered": line.at, "outcome": "waiting"})
        self.state = State(line.queue)
        if self.caller is None and len(line.params) > 1:
            self.caller = caller(line.params[1])
        if self.caller_name is None and len(line.params) > 3:
            self.caller_name = "|".join(line.params[3:]).strip() or None

    def _imply(self, line: Line, entered: int) -> None:
        self._implied.append(len(self.visits))
        self.visits.append({"queue": self._key(line), "entered": entered, "outcome": "waiting"})
        self.state = State(line.queue)

    def _connect(self, line: Line) -> None:
        waited = _number(line.params, 0)
        self._answer(line, line.at, waited, _number(line.params, 2))

    def _answer(self, line: Line, at: int, waited: int | None, ring: int | None) -> None:
        visit = self.visits[-1]
        visit.update(outcome="answered", left=at, wait_s=_since(visit, at) if waited is None else waited)
        leg: Doc = {
            "agent": key(self.source, line.agent), "queue": visit["queue"], "visit": len(self.visits) - 1,
            "outcome": "answered", "answered": at,
        }  # fmt: skip
        if ring is not None:
            leg.update(rang=at - ring, ring_s=ring)
        self.legs.append(leg)
        self.state = State(line.queue, line.agent)

    def _ring(self, line: Line, visit: int) -> None:
        leg: Doc = {
            "agent": key(self.source, line.agent), "queue": self.visits[visit]["queue"], "visit": visit,
            "ended": line.at, "outcome": "dumped" if line.verb in ("AGENTDUMP", "SYSCOMPAT") else "canceled",
        }  # fmt: skip
        if line.verb in ("RINGNOANSWER", "RINGCANCELED"):
            ms = _number(line.params, 0) or 0
            leg.update(rang=round(line.at - ms / 1000, 3), ring_s=ms / 1000)
            if line.verb == "RINGNOANSWER":
                leg["outcome"] = "no_answer" if ms else "rejected"
        self.legs.append(leg)

    def _complete(self, line: Line, leg: Doc) -> None:
        _sum_up(leg, line)
        self.state = OUTSIDE
        self._completed = (line.queue, line.agent)

    def talking(self) -> int:
        """Index of the leg of the agent whom the caller was connected to last."""
        return next(i for i in reversed(range(len(self.legs))) if self.legs[i]["outcome"] == "answered")

    def _pair_dangling(self) -> None:
        """A stay without an end and one without a beginning, in one queue, are one: the clock was set back between."""
        if self.state == OUTSIDE or self.state.agent or not self._implied:
            return
        dangling = self.visits[-1]
        for index in self._implied:
            if self.visits[index]["queue"] == dangling["queue"] and index != len(self.visits) - 1:
                self.visits.pop()
                for leg in self.legs:
                    leg["visit"] = index if leg["visit"] == len(self.visits) else leg["visit"]
                self.state = OUTSIDE
                return


def _sum_up(leg: Doc, line: Line) -> None:
    """What the end of a talk says about it."""
    leg["ended"] = line.at
    talk = _number(line.params, 1 if line.verb.startswith("COMPLETE") else len(line.params) - 2)
    if talk is not None:
        leg["talk_s"] = talk
    transfer = _TRANSFER.get(line.verb)
    if transfer:
        leg["transfer"] = transfer


def _since(visit: Doc, at: int) -> int:
    """Seconds of a stay so far, where the line that ends it does not say."""
    return max(at - int(visit["entered"]), 0)


def _number(params: tuple[str, ...], index: int) -> int | None:
    """A duration among the parameters; a negative one (the clock was set back) is unknown."""
    try:
        value = int(params[index])
    except (IndexError, ValueError):
        return None
    return value if value >= 0 else None


def _waited_and_talked(line: Line) -> tuple[int, int]:
    """Seconds waited and talked before a line, as far as it says so."""
    if line.verb == "CONNECT":
        return _number(line.params, 0) or 0, 0
    if line.verb in _WAIT_AT:
        return _number(line.params, _WAIT_AT[line.verb]) or 0, 0
    if line.verb in COMPLETE_VERBS:
        base = 0 if line.verb.startswith("COMPLETE") else len(line.params) - 3
        return _number(line.params, base) or 0, _number(line.params, base + 1) or 0
    return 0, 0
