"""Room ``sources``: the lines of one call, in any order, as visits and legs. Pure.

The lines are a set: files come in any order, twice, or in halves. They are put in order by time, and within one
second by what can follow what: a small state machine (outside, waiting in a queue, talking with an agent) takes the
next acceptable line, and where a second could be read in several ways, the way that leaves the fewest lines over.
What is left over (because lines before it were lost, or have not come yet) makes the visit or leg that it implies.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.keys import caller, key
from wallboard_tui.sources.asterisk.verbs import COMPLETE_VERBS, RING_VERBS

_RANK = {
    "DID": 0, "RINGNOANSWER": 1, "RINGCANCELED": 1, "AGENTDUMP": 1, "SYSCOMPAT": 1, "CONNECT": 2, "ABANDON": 3,
    "EXITWITHTIMEOUT": 3, "EXITWITHKEY": 3, "EXITEMPTY": 3, "WITHDRAW": 3, "COMPLETEAGENT": 4, "COMPLETECALLER": 4,
    "BLINDTRANSFER": 5, "ATTENDEDTRANSFER": 5, "TRANSFER": 5, "ENTERQUEUE": 6,
}  # fmt: skip
_OUTCOME = {
    "ABANDON": "abandoned", "EXITWITHTIMEOUT": "timed_out", "EXITWITHKEY": "exit_key", "EXITEMPTY": "exit_empty",
    "WITHDRAW": "withdrawn",
}  # fmt: skip
_WAIT_AT = {"ABANDON": 2, "EXITWITHTIMEOUT": 2, "EXITWITHKEY": 3, "EXITEMPTY": 2, "WITHDRAW": 2}
"""Which parameter of an exit is the wait."""
_TRANSFER = {"BLINDTRANSFER": "blind", "TRANSFER": "blind", "ATTENDEDTRANSFER": "attended"}
MOST_TRIED = 7
"""Lines of one second that are still tried in every order."""


class Line(NamedTuple):
    """One line of queue_log about a call, without the call's id. Sorts into canonical order."""

    at: int
    rank: int
    verb: str
    queue: str
    agent: str
    params: tuple[str, ...]


class State(NamedTuple):
    """Where the caller is: outside (no queue), waiting (queue, no agent), talking (both)."""

    queue: str = ""
    agent: str = ""


OUTSIDE = State()


def parse(text: str) -> Line:
    """A stored line, ``epoch|queue|agent|verb|parameters``."""
    at, queue, agent, verb, *params = text.split("|")
    return Line(int(at), _RANK[verb], verb, queue, agent, tuple(params))


def after(state: State, line: Line) -> State | None:
    """Where the caller is after a line, ``None`` when the line cannot come now."""
    verb = line.verb
    if verb == "ENTERQUEUE":
        return State(line.queue) if state == OUTSIDE else None
    if verb == "DID":
        return state
    if verb in RING_VERBS:
        return state if state.queue == line.queue else None
    if verb == "CONNECT":
        return State(line.queue, line.agent) if state == (line.queue, "") else None
    if verb in COMPLETE_VERBS:
        return OUTSIDE if state == (line.queue, line.agent) else None
    return OUTSIDE if state == (line.queue, "") else None


def ordered(state: State, lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Lines of one second (in canonical order) in the order they can have happened, and those that cannot."""
    taken, left = _greedy(state, lines)
    if left and len(lines) <= MOST_TRIED:
        return _best(state, lines)
    return taken, left


def _greedy(state: State, lines: list[Line]) -> tuple[list[Line], list[Line]]:
    taken: list[Line] = []
    left = list(lines)
    found = True
    while found:
        found = False
        for line in left:
            new = after(state, line)
            if new is not None:
                state, found = new, True
                taken.append(line)
                left.remove(line)
                break
    return taken, left


def _best(state: State, lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The first way in canonical order that leaves the fewest lines over."""
    best: tuple[list[Line], list[Line]] = ([], lines)
    for index, line in enumerate(lines):
        new = after(state, line)
        if new is None:
            continue
        taken, left = _best(new, lines[:index] + lines[index + 1 :])
        if len(left) < len(best[1]):
            best = ([line, *taken], left)
            if not left:
                break
    return best


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

    def _break_off(self, at: int) -> None:
        """The caller is somewhere else by now: how the stay so far ended was never said."""
        if self.state.agent:
            self.legs[self.talking()]["ended"] = at
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
        leg["ended"] = line.at
        talk = _number(line.params, 1 if line.verb.startswith("COMPLETE") else len(line.params) - 2)
        if talk is not None:
            leg["talk_s"] = talk
        transfer = _TRANSFER.get(line.verb)
        if transfer:
            leg["transfer"] = transfer
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
