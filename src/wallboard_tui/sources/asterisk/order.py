"""Room ``sources``: in which order the lines of one call can have happened. Pure.

They are put in order by time, and within one second by what can follow what: a small state machine (outside, waiting in
a queue, talking with an agent) takes the next acceptable line, and where a second could be read in several ways, the
way that leaves the fewest lines over.
"""

from __future__ import annotations

from typing import NamedTuple

from wallboard_tui.sources.asterisk.verbs import COMPLETE_VERBS, RING_VERBS

_RANK = {
    "DID": 0, "RINGNOANSWER": 1, "RINGCANCELED": 1, "AGENTDUMP": 1, "SYSCOMPAT": 1, "CONNECT": 2, "ABANDON": 3,
    "EXITWITHTIMEOUT": 3, "EXITWITHKEY": 3, "EXITEMPTY": 3, "WITHDRAW": 3, "COMPLETEAGENT": 4, "COMPLETECALLER": 4,
    "BLINDTRANSFER": 5, "ATTENDEDTRANSFER": 5, "TRANSFER": 5, "ENTERQUEUE": 6,
}  # fmt: skip
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
