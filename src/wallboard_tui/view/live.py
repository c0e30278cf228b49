"""Room ``view``: what goes on now: who waits, who talks, who is paused. Read from open rows, with an explicit
``now``."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic_core import from_json

from wallboard_tui.metrics.presence import DEVICE_RINGS, ENGAGED
from wallboard_tui.model.base import Doc
from wallboard_tui.model.live import LiveAgent, LiveQueue
from wallboard_tui.view.agents import aliases_of
from wallboard_tui.view.view import View

LIVE_MODES = frozenset({"followed", "replayed"})
_ORDER = {state: rank for rank, state in enumerate(("talking", "ringing", "wrap", "available", "paused", "out"))}
OTHER_CALL = "on another call"
ON_HOLD = "on hold"
"""Why an agent talks whose phone is in use for something that no call tells of."""
RECENT = 3
"""How many of an agent's last calls are looked at for the end of the newest."""


def horizon(sources: dict[str, Doc], source: str, now: float) -> float:
    """Until when something is known of a source: ``now`` for a live one, else its last event.

    A source that no health document speaks of is taken to be live: nothing says that it was imported.
    """
    health = sources.get(source)
    if health is None or health.get("mode", "imported") in LIVE_MODES:
        return now
    return min(now, health.get("last_event") or 0.0)


def is_live(sources: dict[str, Doc], source: str) -> bool:
    """Whether a source has a present: what it left open is still going on."""
    health = sources.get(source)
    return health is None or health.get("mode", "imported") in LIVE_MODES


def on_board(sources: Mapping[str, Doc], source: str) -> bool:
    """Whether agents and queues of a source stand on a board when nothing goes on there.

    Not of one that is followed no more, and not of one that was only imported, beside others that have a present: of
    its agents nobody knows whether they are signed in. Where there is nothing but imports they are shown.
    """
    health = sources.get(source)
    if health is None or health.get("mode", "imported") in LIVE_MODES:
        return True
    return health.get("released") is None and not any(doc.get("mode") in LIVE_MODES for doc in sources.values())


def source_of(key: str, doc: Doc | None) -> str:
    """The source of an agent or a queue, by its document or by its key (``<system>:<source>:<name>``)."""
    if doc and doc.get("source"):
        return str(doc["source"])
    parts = key.split(":", 2)
    return parts[1] if len(parts) > 2 else ""


def live_queues(view: View, lens: int, now: float) -> dict[str, LiveQueue]:
    """Queue → who waits in it (oldest first) and how many talk. Queues in which nothing goes on are left out."""
    with view.reading():
        return view.once(("live_queues", lens, now), lambda: _live_queues(view, lens, now))


def _live_queues(view: View, lens: int, now: float) -> dict[str, LiveQueue]:
    if not view.counts(lens):
        return {doc.queue: doc for doc in told_queues(view, lens) if doc.waiting_since or doc.talking}
    sources = view.documents("source")
    waiting: dict[str, list[float]] = defaultdict(list)
    talking: dict[str, int] = defaultdict(int)
    with view.reading() as db:
        visits = db.execute(
            "SELECT v.queue, v.entered, c.source FROM visit v INDEXED BY visit_open CROSS JOIN call c ON c.id = v.call"
            " WHERE v.done = 0 AND v.queue IS NOT NULL AND c.bits >> ? & 1",
            (lens,),
        ).fetchall()
        legs = db.execute(
            "SELECT l.queue, c.source FROM leg l INDEXED BY leg_open CROSS JOIN call c ON c.id = l.call"
            " WHERE l.done = 0 AND l.outcome = 'answered' AND l.queue IS NOT NULL AND c.bits >> ? & 1",
            (lens,),
        ).fetchall()
    for queue, entered, source in visits:
        if is_live(sources, source):
            waiting[queue].append(entered)
    for queue, source in legs:
        talking[queue] += is_live(sources, source)
    return {
        queue: LiveQueue(
            key=f"{lens}/{queue}",
            lens=lens,
            queue=queue,
            waiting_since=tuple(sorted(waiting.get(queue, ()))),
            talking=talking.get(queue, 0),
        )
        for queue in sorted({*waiting, *(queue for queue, number in talking.items() if number)})
    }


def told_queues(view: View, lens: int) -> list[LiveQueue]:
    """What the hub told of queues, also of those in which agents only sit."""
    return [LiveQueue.load(doc) for doc in _received(view, "live_queue", lens)]


def lasting_in_queues(view: View, lens: int) -> dict[str, dict[str, tuple[float, ...]]]:
    """Queue → state (``available``, ``paused``) → since when agents are in it, oldest first."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with view.reading() as db:
        rows = db.execute(
            'SELECT queue, state, start FROM agent_interval WHERE "end" IS NULL AND queue IS NOT NULL'
            " AND bits >> ? & 1 ORDER BY start",
            (lens,),
        )
        for queue, state, start in rows:
            found[queue][state].append(start)
    return {queue: {state: tuple(since) for state, since in each.items()} for queue, each in found.items()}


def _received(view: View, kind: str, lens: int) -> list[Doc]:
    with view.reading() as db:
        rows = db.execute("SELECT json FROM live WHERE kind = ? AND lens = ? ORDER BY key", (kind, lens)).fetchall()
    return [from_json(text) for (text,) in rows]


def agents_by_name(view: View) -> Mapping[str, str]:
    """Another name of an agent → the agent's key, as rows and figures have it."""
    agents, people = view.documents("agent"), view.documents("person")
    return view.derived("agents by name", frozenset({"agent", "person"}), lambda: aliases_of(agents, people))


@dataclass
class _Now:
    """What is known of one agent at this moment."""

    whole: dict[str, tuple[float, str]] = field(default_factory=dict)
    """State of the agent as a whole → since when, and why."""
    queues: set[str] = field(default_factory=set)
    talking: list[tuple[float, str | None]] = field(default_factory=list)
    holds: bool = False
    """Whether every caller the agent talks with in a queue is on hold."""
    ringing: list[tuple[float, str | None]] = field(default_factory=list)

    def lasting(self) -> dict[str, float]:
        """States of the agent as a whole whose time is in no cell yet, and since when."""
        return {word: at for word, (at, _) in self.whole.items() if word not in ("out", ENGAGED)}


def live_agents(view: View, lens: int, now: float) -> list[LiveAgent]:
    """What each agent of the lens does, busiest first: talking, ringing, wrap, available, paused, out; longest in it
    first.

    ``since`` of an available agent is when they became free: the end of a pause, of a call, or of its wrap-up.
    """
    with view.reading():
        return view.once(("live_agents", lens, now), lambda: _live_agents(view, lens, now))


def _live_agents(view: View, lens: int, now: float) -> list[LiveAgent]:
    if not view.counts(lens):
        agents = [LiveAgent.load(doc) for doc in _received(view, "live_agent", lens)]
        return sorted(agents, key=_rank)
    docs, queues, sources = view.documents("agent"), view.documents("queue"), view.documents("source")
    found: dict[str, _Now] = defaultdict(_Now)
    others = agents_by_name(view)
    with view.reading() as db:
        for (key,) in db.execute(
            "SELECT key FROM doc WHERE kind = 'agent' AND json IS NOT NULL AND bits >> ? & 1", (lens,)
        ):
            if key not in others:  # what is known of an interface is the agent's whose it is
                found[key] = _Now()
        _read_intervals(db, lens, found)
        _read_legs(db, lens, found)
        agents = []
        for key, state in found.items():
            source = source_of(key, docs.get(key))
            if is_live(sources, source):
                agents.append(_agent(db, lens, key, state, docs.get(key) or {}, queues, now))
            elif on_board(sources, source):
                lasting = state.lasting()
                agents.append(LiveAgent(key=f"{lens}/{key}", lens=lens, agent=key, state="out", lasting=lasting))
    return sorted(agents, key=_rank)


def _rank(agent: LiveAgent) -> tuple[int, float, str]:
    return _ORDER.get(agent.state, len(_ORDER)), agent.since if agent.since is not None else 0.0, agent.agent


def _read_intervals(db: sqlite3.Connection, lens: int, found: dict[str, _Now]) -> None:
    rows = db.execute(
        'SELECT agent, queue, state, reason, start FROM agent_interval WHERE "end" IS NULL AND bits >> ? & 1', (lens,)
    )
    for agent, queue, state, reason, start in rows:
        if queue is not None:
            found[agent].queues.add(queue)
        else:
            found[agent].whole[state] = (start, reason)


def _read_legs(db: sqlite3.Connection, lens: int, found: dict[str, _Now]) -> None:
    rows = db.execute(
        "SELECT l.agent, l.queue, l.outcome, l.at, l.rang, l.answered,"
        " json_extract(c.json, '$.legs[' || l.idx || '].held') IS NOT NULL"
        " FROM leg l INDEXED BY leg_open CROSS JOIN call c ON c.id = l.call"
        " WHERE l.done = 0 AND l.agent IS NOT NULL AND c.bits >> ? & 1",
        (lens,),
    )
    for agent, queue, outcome, at, rang, answered, held in rows:
        if outcome == "answered":
            found[agent].holds = bool(held) and (found[agent].holds or not found[agent].talking)
            found[agent].talking.append((answered if answered is not None else at, queue))
        elif outcome == "ringing":
            found[agent].ringing.append((rang if rang is not None else at, queue))
    calls = db.execute(
        "SELECT c.agent, c.answered"
        " FROM call c INDEXED BY call_open WHERE c.done = 0 AND c.agent IS NOT NULL AND c.answered IS NOT NULL"
        " AND c.bits >> ? & 1",
        (lens,),
    )
    for agent, answered in calls:
        found[agent].holds = False
        found[agent].talking.append((answered, None))


def _agent(
    db: sqlite3.Connection, lens: int, key: str, known: _Now, own: Doc, queues: dict[str, Doc], now: float
) -> LiveAgent:
    def doing(state: str, since: float | None, reason: str = "", queue: str | None = None) -> LiveAgent:
        return LiveAgent(
            key=f"{lens}/{key}", lens=lens, agent=key, state=state, since=since, reason=reason, queue=queue,
            queues=tuple(sorted(known.queues)),
            lasting=known.lasting(),
        )  # fmt: skip

    for state, legs in (("talking", known.talking), ("ringing", known.ringing)):
        if legs:
            since, queue = min(legs, key=lambda leg: leg[0])
            return doing(state, since, ON_HOLD if state == "talking" and known.holds else "", queue)
    if ENGAGED in known.whole:
        since, what = known.whole[ENGAGED]
        return doing("ringing", since) if what == DEVICE_RINGS else doing("talking", since, OTHER_CALL)
    ended, queue, told = _last_call(db, lens, key)
    wrap = told if told is not None else _wrap_up(own, queues.get(queue or "", {}), queue)
    if ended is not None and ended <= now < ended + wrap:
        return doing("wrap", ended, queue=queue)
    if "paused" in known.whole:
        return doing("paused", *known.whole["paused"])
    if "available" in known.whole:
        return doing("available", max(known.whole["available"][0], (ended or 0.0) + wrap))
    return doing("out", *known.whole.get("out", (None, "")))


def _wrap_up(agent: Doc, asked: Doc, queue: str | None) -> float:
    """How long an agent's wrap-up lasts after a call of a queue: the agent's own time there, else the queue's."""
    return float((agent.get("wrap_ups") or {}).get(queue) or asked.get("wrap_up_s") or 0.0)


def _last_call(db: sqlite3.Connection, lens: int, agent: str) -> tuple[float | None, str | None, float | None]:
    """When an agent's newest call ended, its queue, and how long its wrap-up took where somebody said so."""
    rows = db.execute(
        "SELECT l.ended, l.queue, l.wrap_s"
        " FROM leg l JOIN call c ON c.id = l.call WHERE l.agent = ? AND l.outcome = 'answered'"
        " AND l.ended IS NOT NULL AND c.bits >> ? & 1 ORDER BY l.at DESC LIMIT ?",
        (agent, lens, RECENT),
    ).fetchall()
    return max(rows, key=lambda row: row[0]) if rows else (None, None, None)


def staffing(view: View, lens: int, now: float) -> dict[str, dict[str, float]]:
    """Queue → how many of its agents are talking, available, paused and logged in (names of
    ``metrics.measures.LIVE``)."""
    found: dict[str, dict[str, float]] = {}
    for agent in live_agents(view, lens, now):
        for queue in agent.queues:
            counts = found.setdefault(
                queue, dict.fromkeys(("agents_talking", "agents_available", "agents_paused", "agents_logged_in"), 0.0)
            )
            if f"agents_{agent.state}" in counts:
                counts[f"agents_{agent.state}"] += 1
            counts["agents_logged_in"] += agent.state != "out"
    return found
