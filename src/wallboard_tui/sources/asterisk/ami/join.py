"""Room ``sources``: what queue_log and the manager interface say about one call, as one. Pure.

Precedence, field by field: queue_log, then the manager interface, then the CDR. queue_log says why a caller left and
has the last word on rings; the manager interface is ahead of the file, knows who rings and how long callers were on
hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk import cdr_rows
from wallboard_tui.sources.asterisk.ami.ends import close, end_of
from wallboard_tui.sources.asterisk.ami.fold import AmiFold
from wallboard_tui.sources.asterisk.ami.lines import Line
from wallboard_tui.sources.asterisk.fold import Fold
from wallboard_tui.sources.asterisk.keys import key

_CLASS = {"no_answer": "missed", "rejected": "missed"}
_UNSETTLED = frozenset({"waiting", "unknown"})
_NO_END = frozenset({"ringing", "unknown"})
RANG_S = 2.0
"""queue_log has whole seconds: when a ring began follows from it to within so many."""


def call(
    source: str, heard: Sequence[Line], logged: Sequence[Any], rows: list[cdr_rows.Row], restart: float | None
) -> Doc:
    """The call of which the manager interface said ``heard``, without its key, its parts and what the organisation
    adds.

    ``logged``: lines of queue_log; ``restart``: when the phone system started anew, which no call survives.
    """
    ami = AmiFold(source)
    ami.take_all(heard)
    log = Fold(source)
    if logged:
        log.take_all(logged)
    known = cdr_rows.call(source, rows) if rows else {}
    if not ami.visits and not log.visits:
        return _past_the_queues(source, heard, ami, known, restart)
    visits, legs = join(log.visits, log.legs, ami.visits, ami.legs)
    last = max(log.last, ami.last)
    end = end_of(ami, known, last, restart)
    cut_off = end is not None and close(visits, legs, max(last, end.at), told=end.told)
    doc: Doc = {"source": source, "direction": "inbound", "state": _state(visits, legs)}
    if doc["state"] == "ended":
        doc["state"] = "lost" if end is not None and end.lost and cut_off else "ended"
        doc["ended"] = max(last, 0.0 if end is None or (end.lost and not cut_off) else end.at)
    doc["started"] = min(t for t in (visits[0]["entered"], ami.started, known.get("started")) if t is not None)
    _names(doc, ami, log, known)
    answered = min((leg["answered"] for leg in legs if leg["outcome"] == "answered"), default=None)
    if answered is None and rows:
        answered = cdr_rows.picked_up(rows)
    if answered is not None:
        doc["answered"] = answered
    doc["visits"], doc["legs"] = visits, legs
    return doc


def _names(doc: Doc, ami: AmiFold, log: Fold, known: Doc) -> None:
    inbound = known if known.get("direction") == "inbound" else {}
    for name in ("caller", "caller_name"):
        value = getattr(log, name) or inbound.get(name) or getattr(ami, name)
        if value:
            doc[name] = value
    called = log.called or inbound.get("called") or ami.called
    if called:
        doc["called"] = called


def _state(visits: Sequence[Doc], legs: Sequence[Doc]) -> str:
    if any(leg["outcome"] == "answered" and "ended" not in leg for leg in legs):
        return "talking"
    if any(visit["outcome"] == "waiting" for visit in visits):
        return "ringing" if any(leg["outcome"] == "ringing" for leg in legs) else "waiting"
    return "ended"


# -- visit by visit, leg by leg


def join(
    visits: Sequence[Doc], legs: Sequence[Doc], heard_visits: Sequence[Doc], heard_legs: Sequence[Doc]
) -> tuple[list[Doc], list[Doc]]:
    """Visits and legs of queue_log and of the manager interface (``heard``) as one. Copies; in order of time."""
    same = _paired(visits, heard_visits, lambda visit: visit["queue"], "entered")
    heard_as = {heard: own for own, heard in same}
    found: list[tuple[Doc, int | None, int | None]] = [(dict(visit), index, None) for index, visit in enumerate(visits)]
    for own, heard in same:
        found[own] = (_visit(visits[own], heard_visits[heard]), own, heard)
    found += [(dict(v), None, i) for i, v in enumerate(heard_visits) if i not in heard_as]
    found.sort(key=lambda one: one[0]["entered"])
    joined: list[Doc] = []
    for index, (visit, mine, theirs) in enumerate(found):
        logged_here = [leg for leg in legs if mine is not None and leg["visit"] == mine]
        heard_here = [leg for leg in heard_legs if theirs is not None and leg["visit"] == theirs]
        open_ = mine is None or visits[mine]["outcome"] in _UNSETTLED
        here = _legs(logged_here, heard_here, open_)
        if visit["outcome"] != "waiting":
            _stop(here, visit.get("left"))
        joined += [{**leg, "visit": index} for leg in sorted(here, key=_leg_time)]
    return [visit for visit, _, _ in found], joined


def _stop(legs: Sequence[Doc], at: float | None) -> None:
    """The caller does not wait there any more: whoever still rings by what was told does so no more, and nobody said
    how that ended.
    """
    for leg in legs:
        if leg["outcome"] == "ringing":
            leg.update(outcome="unknown", ended=at)


def _leg_time(leg: Doc) -> float:
    return float(next((leg[name] for name in ("rang", "answered", "ended") if leg.get(name) is not None), 0.0))


def _paired(
    ones: Sequence[Doc], others: Sequence[Doc], kind: Callable[[Doc], Hashable], at: str
) -> list[tuple[int, int]]:
    """Which are the same: of one kind, in order, and as near in time as that allows; as many as there can be."""
    groups: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for index, one in enumerate(ones):
        groups[kind(one)][0].append(index)
    for index, other in enumerate(others):
        groups[kind(other)][1].append(index)
    found: list[tuple[int, int]] = []
    for left, right in groups.values():
        found += _nearest([(i, _at(ones[i], at)) for i in left], [(i, _at(others[i], at)) for i in right])
    return found


def _at(one: Doc, name: str) -> float:
    return float(one[name]) if one.get(name) is not None else _leg_time(one)


def _nearest(left: list[tuple[int, float]], right: list[tuple[int, float]]) -> list[tuple[int, int]]:
    """Pairs in order, every one of the fewer with one of the more, at the least distance in time altogether."""
    if len(left) > len(right):
        return [(one, other) for other, one in _nearest(right, left)]
    if len(left) == len(right):
        return [(one[0], other[0]) for one, other in zip(left, right, strict=True)]
    # costs[k]: the best way for the first ``done`` of left among the first ``done + k`` of right.
    costs: list[tuple[float, tuple[int, ...]]] = [(0.0, ())] * (len(right) - len(left) + 1)
    for done, (_, at) in enumerate(left):
        best: list[tuple[float, tuple[int, ...]]] = []
        for slack, (cost, chosen) in enumerate(costs):
            take = (cost + abs(at - right[done + slack][1]), (*chosen, done + slack))
            best.append(min(best[-1], take) if best else take)
        costs = best
    return [(one[0], right[index][0]) for one, index in zip(left, costs[-1][1], strict=True)]


def _visit(logged: Doc, heard: Doc) -> Doc:
    if logged["outcome"] in _UNSETTLED and heard["outcome"] not in _UNSETTLED:
        told: Doc = {name: heard[name] for name in ("outcome", "left", "wait_s") if name in heard}
        return {**logged, **told}
    if logged["outcome"] == "waiting" and heard["outcome"] == "unknown":
        return {**logged, "outcome": "unknown", "left": heard["left"]}
    return dict(logged)


def _legs(logged: Sequence[Doc], heard: Sequence[Doc], open_: bool) -> list[Doc]:
    same = dict(_paired(logged, heard, lambda leg: (leg["agent"], _class(leg)), "ended"))
    same |= _told_by_one(logged, heard, same)
    found = [_leg(leg, heard[same[index]]) if index in same else dict(leg) for index, leg in enumerate(logged)]
    if open_:
        # queue_log is not there yet, or never will be. Where it is, a ring it does not know was lost to a colleague.
        taken = set(same.values())
        found += [dict(leg) for index, leg in enumerate(heard) if index not in taken]
    return found


def _told_by_one(logged: Sequence[Doc], heard: Sequence[Doc], same: Mapping[int, int]) -> dict[int, int]:
    """Rings of which only queue_log told the end, as those that were heard to begin then."""
    ended = [index for index in range(len(logged)) if index not in same and "rang" in logged[index]]
    begun = [i for i in range(len(heard)) if i not in set(same.values()) and heard[i]["outcome"] in _NO_END]
    pairs = _paired([logged[i] for i in ended], [heard[i] for i in begun], lambda leg: leg["agent"], "rang")
    found = {ended[one]: begun[other] for one, other in pairs}
    return {one: other for one, other in found.items() if abs(logged[one]["rang"] - heard[other]["rang"]) <= RANG_S}


def _class(leg: Doc) -> str:
    outcome: str = leg["outcome"]
    return _CLASS.get(outcome, outcome)


def _leg(logged: Doc, heard: Doc) -> Doc:
    """One leg of both: queue_log's word first. Asterisk's talk time holds the hold time, which only AMI tells apart."""
    told = {name: value for name, value in heard.items() if name != "transfer" or "ended" not in logged}
    leg = {**told, **logged}
    if "ended" in leg:
        leg.pop("held", None)
    hold = heard.get("hold_s")
    if hold is not None and logged.get("talk_s") is not None:
        leg["hold_s"] = min(hold, logged["talk_s"])
        leg["talk_s"] = round(logged["talk_s"] - leg["hold_s"], 3)
    return leg


# -- past the queues


def _past_the_queues(source: str, heard: Sequence[Line], ami: AmiFold, known: Doc, restart: float | None) -> Doc:
    """A call that met no queue: from the CDR when it is over, else as rows that the CDR would have of it by now."""
    end = end_of(ami, known, ami.last, restart)
    if known and end is not None:
        return known
    over = None if end is None else end.at
    lost = end is not None and end.lost
    rows = _rows(heard, over)
    if not rows:
        state: Doc = {"state": "waiting"} if over is None else {"state": "lost" if lost else "ended", "ended": over}
        doc: Doc = {"source": source, "direction": "inbound", "started": ami.started or float(heard[0][0]), **state}
        _names(doc, ami, Fold(source), known)
        return doc
    doc = cdr_rows.call(source, rows)
    if over is None:
        talks = any(row.answer and row.end <= row.answer for row in rows)
        doc["state"] = "talking" if talks else "ringing"
        doc.pop("ended", None)
        doc.pop("talk_s", None)
        _reopen(doc, source, rows)
    elif any(row.end == over for row in rows) and not any(line[1] == "hangup" for line in heard):
        # It is over by now; since when, and so for how long they talked, nobody said.
        doc["state"] = "lost" if lost else "ended"
        doc.pop("talk_s", None)
        for leg in doc.get("legs", ()):
            leg.pop("talk_s", None)
    return doc


def _rows(heard: Sequence[Line], over: float | None) -> list[cdr_rows.Row]:
    """One row for each phone dialled. One that still rings or talks has no end yet: it ends as it began."""
    new = next((line for line in heard if line[1] == "new"), None)
    if new is None:
        return []
    _, _, channel, dialled, context, sent, name = new
    rows: list[cdr_rows.Row] = []
    ends = {line[2]: line for line in heard if line[1] == "dialend"}
    for line in heard:
        if line[1] != "dial":
            continue
        at, _, ident, other, data = line
        ended = ends.get(ident)
        status = ended[3] if ended is not None else ""
        answer = float(ended[0]) if ended is not None and status == "ANSWER" else 0.0
        end = over if answer or ended is None else float(ended[0])
        end = max(answer, float(at)) if end is None else end
        disposition = {"ANSWER": "ANSWERED", "BUSY": "BUSY", "NOANSWER": "NO ANSWER"}.get(status, "FAILED")
        rows.append(
            cdr_rows.Row(float(at), answer, end, sent, name, dialled, context, channel, other, "Dial", data,
                         disposition if ended is not None else "", "")
        )  # fmt: skip
    return rows


def _reopen(doc: Doc, source: str, rows: Sequence[cdr_rows.Row]) -> None:
    """Legs of a call that goes on: those that ring or talk have no end."""
    going = {
        key(source, row.other_channel.rpartition("-")[0]): row for row in rows if row.end <= max(row.answer, row.start)
    }
    for leg in doc.get("legs", ()):
        row = going.get(leg["agent"])
        if row is not None and leg["rang"] == row.start:
            leg.pop("ended", None)
            leg.pop("talk_s", None)
            leg["outcome"] = "answered" if row.answer else "ringing"
