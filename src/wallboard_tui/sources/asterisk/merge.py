"""Room ``sources``: what the witnesses of an Asterisk call say, as one call. Pure and order-independent.

Parts: ``queue_log`` is the set of the call's lines, ``cdr`` the set of its rows, ``ami`` the set of what the manager
interface said. Visits and legs come from queue_log, and from the manager interface where it is ahead of it or knows
more (``ami.join``); what neither knows (the number dialled, the caller's name, calls past the queues) from the CDR.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk import cdr_rows
from wallboard_tui.sources.asterisk.aliases import interfaces_of
from wallboard_tui.sources.asterisk.ami.join import call as ami_call
from wallboard_tui.sources.asterisk.ami.lines import union
from wallboard_tui.sources.asterisk.fold import Fold
from wallboard_tui.sources.asterisk.keys import NAME, source_of
from wallboard_tui.sources.asterisk.order import OUTSIDE
from wallboard_tui.sources.asterisk.queue_settings import settled
from wallboard_tui.sources.asterisk.restarts import Implied
from wallboard_tui.sources.base import Part

STAMPED = ("facts", "number", "campaign", "contact")
"""Fields that the organisation adds; a merge leaves them as they are."""


class Asterisk:
    """How parts of Asterisk calls become documents. See ``sources.base.System``."""

    name = NAME

    def merge(self, key: str, old: Doc | None, parts: Sequence[Part], restarts: Sequence[float] = ()) -> Doc:
        """The call after taking in ``parts``; ``old`` itself when they and the restarts add nothing."""
        stored: Doc = old.get("parts", {}) if old else {}
        lines = _union(stored.get("queue_log", {}).get("lines", ()), parts, "queue_log", "lines")
        rows = _union(stored.get("cdr", {}).get("rows", ()), parts, "cdr", "rows")
        heard = _union(stored.get("ami", {}).get("lines", ()), parts, "ami", "lines")
        restart = _restart(lines, heard, _known_restart(stored), restarts)
        witnesses: Doc = {}
        if lines:
            witnesses["queue_log"] = {"lines": lines}
        if heard:
            witnesses["ami"] = {"lines": heard}
        if rows:
            witnesses["cdr"] = {"rows": rows}
        if old is not None and witnesses == _without_restart(stored):
            # A start after the end of a call means nothing to it. One before it does, where nobody told of the end.
            over = old["state"] == "ended" and (restart is None or old["ended"] < restart)
            if over or restart == _known_restart(stored):
                return old
        source, loaded = source_of(key), [cdr_rows.load(row) for row in rows]
        call = ami_call(source, heard, lines, loaded, restart) if heard else _call(source, lines, loaded, restart)
        call["key"] = key
        if old:
            call.update({name: old[name] for name in STAMPED if name in old})
        if call["state"] == "lost" and restart is not None:
            witnesses["queue_log" if lines else "ami"]["restart"] = restart
        call["parts"] = witnesses
        return call

    def combine(self, kind: str, old: Doc | None, new: Doc) -> Doc:
        """A document other than a call after the source said ``new``. Interfaces only grow; presence is said once; of a
        queue's settings those that people made stay.
        """
        if kind == "queue":
            combined = {**(old or {}), **new, **settled(old, new)}
            return {name: value for name, value in combined.items() if value is not None}
        if old is None:
            return new
        if kind == "presence":
            # Nobody does the same thing twice in one second; should two reasons claim it, either order gives the same.
            return max(old, new, key=lambda doc: str(doc.get("reason", "")))
        merged = {**old, **new}
        if kind == "agent":
            interfaces = {*old.get("interfaces", ()), *new.get("interfaces", ())}
            if interfaces:
                merged["interfaces"] = sorted(interfaces)
        return merged

    def learn(self, call: Doc) -> Sequence[tuple[str, Doc]]:
        """The agent's interface, when one agent answered the call and one CDR row shows the channel that did."""
        parts = call.get("parts", {})
        if "cdr" not in parts or "queue_log" not in parts:
            return ()
        answered = [leg for leg in call["legs"] if leg["outcome"] == "answered"]
        rows = [row for row in map(cdr_rows.load, parts["cdr"]["rows"]) if row.app == "Queue" and row.reached()]
        if len(answered) != 1 or len(rows) != 1 or rows[0].end + 1 < answered[0]["answered"]:
            return ()
        agent = answered[0]["agent"]
        source = source_of(agent)
        name = agent.split(":", 2)[2]
        found = [i for i in interfaces_of(rows[0].other_channel) if i != name]
        return (("agent", {"key": agent, "source": source, "name": name, "interfaces": found}),) if found else ()

    def implied(self) -> Implied:
        """An empty collector of what restarts imply about agents."""
        return Implied()


def _union(stored: Sequence[Any], parts: Sequence[Part], witness: str, name: str) -> Sequence[Any]:
    new = [item for part in parts if part.witness == witness for item in part.part[name]]
    if not new:
        return stored
    if witness == "queue_log":
        return sorted({*stored, *new})
    if witness == "ami":
        return union(stored, new)
    return [list(row) for row in sorted({tuple(row) for row in (*stored, *new)}, key=cdr_rows.order)]


def _without_restart(stored: Doc) -> Doc:
    return {name: {key: value for key, value in part.items() if key != "restart"} for name, part in stored.items()}


def _known_restart(stored: Doc) -> float | None:
    found = [part["restart"] for part in stored.values() if "restart" in part]
    return min(found, default=None)


def _restart(
    lines: Sequence[Any], heard: Sequence[Any], stored: float | None, restarts: Sequence[float]
) -> float | None:
    """The first start of the phone system after the call came in: no call survives one."""
    if not (lines or heard) or (stored is None and not restarts):
        return stored
    began = min((*(int(line.partition("|")[0]) for line in lines), *(line[0] for line in heard[:1])))
    known = restarts if stored is None else sorted({*restarts, stored})
    index = bisect_right(known, began)
    return known[index] if index < len(known) else None


def _call(source: str, lines: Sequence[Any], rows: list[cdr_rows.Row], restart: float | None) -> Doc:
    """The call without its key, its parts and what the organisation adds."""
    if not lines:
        return cdr_rows.call(source, rows)
    fold = Fold(source)
    fold.take_all(lines)
    known = cdr_rows.call(source, rows) if rows else {}
    ended = _hung_up(fold, known)
    over = restart if ended is None else ended
    state = _close(fold, over, lost=ended is None)
    started = fold.visits[0]["entered"] if fold.visits else fold.last
    call: Doc = {"source": source, "direction": "inbound", "state": state, "started": started}
    if known:
        call["started"] = min(call["started"], known["started"])
        if known.get("direction") == "inbound":
            call.update({name: known[name] for name in ("caller", "caller_name", "called") if known.get(name)})
    for name, value in (("caller", fold.caller), ("caller_name", fold.caller_name), ("called", fold.called)):
        if value:
            call[name] = value
    answered = min((leg["answered"] for leg in fold.legs if leg["outcome"] == "answered"), default=None)
    if answered is None and rows:
        answered = cdr_rows.picked_up(rows)
    if answered is not None:
        call["answered"] = answered
    if state in ("ended", "lost"):
        call["ended"] = max(fold.last, (restart if state == "lost" else ended) or 0)
    call["visits"], call["legs"] = fold.visits, fold.legs
    return call


def _hung_up(fold: Fold, known: Doc) -> float | None:
    """When the CDR shows that the caller had hung up; ``None`` when it has no row that reaches into the open stay.

    A call has a row for each agent who was rung and for each part of its way: that one ended proves nothing about what
    queue_log tells of later.
    """
    ended: float | None = known.get("ended")
    if ended is None or fold.state == OUTSIDE:
        return ended
    since = fold.legs[fold.talking()]["answered"] if fold.state.agent else fold.visits[-1]["entered"]
    return ended if ended > since and ended >= fold.last else None


def _close(fold: Fold, over: float | None, *, lost: bool) -> str:
    """The call's state; what is still open although the call is over is closed with unknown outcome."""
    if fold.state == OUTSIDE:
        return "ended"
    if over is None:
        return "talking" if fold.state.agent else "waiting"
    over = max(over, fold.last)
    if fold.state.agent:
        for leg in fold.legs:
            if leg["outcome"] == "answered" and "ended" not in leg:
                leg["ended"] = over
    else:
        fold.visits[-1].update(outcome="unknown", left=over)
    return "lost" if lost else "ended"
