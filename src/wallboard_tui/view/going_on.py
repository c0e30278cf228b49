"""Room ``view``: what is going on, as measures: callers who wait, calls in progress, states that last.

Cells hold finished facts only; this is the rest, for an explicit ``now``. A caller who waits is offered already; within
the service level's threshold they are ``pending`` as well, so that they count against it only once they have waited too
long.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from wallboard_tui.metrics.measures import LIVE_MAXIMA, MAXIMA
from wallboard_tui.metrics.presence import ENGAGED, SIGNED_IN
from wallboard_tui.metrics.quarters import quarter_of
from wallboard_tui.metrics.settings import settings_of
from wallboard_tui.model.base import Doc
from wallboard_tui.model.live import LiveAgent, LiveQueue
from wallboard_tui.view.live import ON_HOLD, horizon, is_live, live_agents, source_of, told_queues
from wallboard_tui.view.view import View

Found = dict[str, dict[str, float]]
_MAXIMA = frozenset(LIVE_MAXIMA) | MAXIMA


@dataclass(frozen=True)
class Told:
    """What a reader without the rows is told of what goes on: who waits, and what agents do."""

    queues: Sequence[LiveQueue]
    agents: Sequence[LiveAgent]


@dataclass(frozen=True)
class _Fact:
    """One open row: the subjects it belongs to, when it counts, and from when to when it lasts."""

    subjects: dict[str, str | None]
    at: float
    counts: dict[str, float]
    since: float = 0.0
    until: float = 0.0
    lasting: tuple[str, ...] = ()
    """Measures that grow by the seconds between ``since`` and ``until``."""
    total: bool = True
    """Whether it is part of the total over everything; a call that shows up in two queues is so once only."""

    def measures(self, counts: bool, seconds: float) -> Iterator[tuple[str, float]]:
        """What it adds to a period in which it counts, or not, and which has so many seconds of it."""
        if counts:
            yield from self.counts.items()
        if seconds > 0:
            for name in self.lasting:
                yield name, seconds

    def has(self, only: Collection[str]) -> bool:
        """Whether it adds to one of these measures."""
        return not self.counts.keys().isdisjoint(only) or not set(self.lasting).isdisjoint(only)


class GoingOn:
    """Everything that goes on in a lens at one moment; ask it about as many periods and groupings as needed."""

    def __init__(self, view: View, lens: int, now: float, told: Told | None = None) -> None:
        self._view = view
        self._lens = lens
        self._now = now
        self._sources = view.documents("source")
        self._queues = view.documents("queue")
        self._threshold = _threshold(view.documents("organisation").get("organisation", {}), self._queues)
        self._facts: list[_Fact] = []
        self._by: dict[tuple[str, frozenset[str] | None], list[tuple[str, _Fact]]] = {}
        if told is None and not view.counts(lens):
            told = Told(told_queues(view, lens), live_agents(view, lens, now))
        if told is not None:
            self._received(told)
            return
        with view.reading() as db:
            self._visits(db)
            self._calls(db)
            self._legs(db)
            self._intervals(db)

    def add_to(
        self,
        found: Found,
        by: str,
        start: float,
        end: float,
        blank: Callable[[], dict[str, float]],
        only: Collection[str] | None = None,
    ) -> None:
        """Add what goes on to the measures of a period, subject by subject; ``only``: to these measures alone."""
        first = quarter_of(start)
        for subject, fact in self._of(by, only):
            counts = first <= fact.at < end
            seconds = min(end, fact.until) - max(start, fact.since) if fact.lasting else 0.0
            if not counts and seconds <= 0:
                continue
            for name, value in fact.measures(counts, seconds):
                if only is not None and name not in only:
                    continue
                own = found.get(subject)
                if own is None:
                    own = found[subject] = blank()
                if name in _MAXIMA:
                    own[name] = max(own.get(name, 0.0), value)
                else:
                    own[name] = own.get(name, 0.0) + value

    def _of(self, by: str, only: Collection[str] | None) -> list[tuple[str, _Fact]]:
        """The facts that have a subject of a kind and one of the measures, with it."""
        which = by, None if only is None else frozenset(only)
        known = self._by.get(which)
        if known is None:
            facts = self._facts if only is None else [fact for fact in self._facts if fact.has(only)]
            if by == "all":
                known = [("", fact) for fact in facts if fact.total]
            else:
                known = [(key, fact) for fact in facts if (key := fact.subjects.get(by)) is not None]
            self._by[which] = known
        return known

    def _waiting(self, subjects: dict[str, str | None], entered: float, live: bool) -> None:
        counts = {"offered": 1.0}
        if live:
            waited = max(0.0, self._now - entered)
            counts |= {"waiting": 1.0, "waiting_longest_s": waited}
            if waited <= self._threshold(subjects.get("queue")):
                counts["pending"] = 1.0
        self._facts.append(_Fact(subjects, entered, counts))

    def _received(self, told: Told) -> None:
        for live in told.queues:
            for entered in live.waiting_since:
                self._waiting({"queue": live.queue}, entered, True)
            until = self._horizon(live.queue, self._queues)
            for state, begun in live.lasting.items():
                names = (*_state_measures(state, ""), "login_s")
                self._facts += [
                    _Fact({"queue": live.queue}, -1.0, {}, since, until, names, total=False) for since in begun
                ]
        agents = self._view.documents("agent")
        for agent in told.agents:
            until = self._horizon(agent.agent, agents)
            for state, since in agent.lasting.items():
                names = _state_measures(state, agent.reason if agent.state == "paused" else "")
                self._facts.append(_Fact({"agent": agent.agent}, -1.0, {}, since, until, names))
            if agent.state == "talking" and agent.reason in ("", ON_HOLD) and agent.since is not None:
                subjects = {"agent": agent.agent, "queue": agent.queue}
                self._facts.append(
                    _Fact(subjects, agent.since, {"handled": 1.0}, agent.since, self._now, ("talk_s", "busy_s"))
                )

    def _horizon(self, key: str, documents: dict[str, Doc]) -> float:
        """Until when something is known of an agent or a queue."""
        return horizon(self._sources, source_of(key, documents.get(key)), self._now)

    def _visits(self, db: sqlite3.Connection) -> None:
        rows = db.execute(
            "SELECT v.queue, v.entered, c.source, c.number, c.campaign"
            " FROM visit v INDEXED BY visit_open CROSS JOIN call c ON c.id = v.call"
            " WHERE v.done = 0 AND (v.queue IS NOT NULL OR c.whole) AND c.bits >> ? & 1",
            (self._lens,),
        )
        for queue, entered, source, number, campaign in rows.fetchall():
            subjects = {"queue": queue, "number": number or "", "campaign": campaign}
            self._waiting(subjects, entered, is_live(self._sources, source))

    def _legs(self, db: sqlite3.Connection) -> None:
        rows = db.execute(
            "SELECT l.queue, l.agent, l.at, l.answered, c.source, c.number, c.campaign"
            " FROM leg l INDEXED BY leg_open CROSS JOIN call c ON c.id = l.call"
            " WHERE l.done = 0 AND l.outcome = 'answered'"
            " AND (l.agent IS NOT NULL OR l.queue IS NOT NULL OR c.whole)"
            " AND c.bits >> ? & 1",
            (self._lens,),
        )
        for queue, agent, at, answered, source, number, campaign in rows.fetchall():
            subjects = {"queue": queue, "agent": agent, "number": number or "", "campaign": campaign}
            lasting = ("talk_s", "busy_s") if answered is not None and is_live(self._sources, source) else ()
            self._facts.append(_Fact(subjects, at, {"handled": 1.0}, answered or 0.0, self._now, lasting))

    def _calls(self, db: sqlite3.Connection) -> None:
        """Calls in progress: each once for its number and campaign, in each queue it visited, at each agent it rang
        at."""
        rows = db.execute(
            "SELECT c.id, c.direction, c.started, c.answered, c.source, c.number, c.campaign, c.agent"
            " FROM call c INDEXED BY call_open"
            " WHERE c.done = 0 AND c.bits >> ? & 1",
            (self._lens,),
        ).fetchall()
        counted: dict[int, tuple[float, dict[str, float]]] = {}
        for number_of_row, direction, started, answered, source, number, campaign, agent in rows:
            counts = {"calls": 1.0}
            if direction == "inbound":
                counts["inbound"] = 1.0
                if answered is not None:
                    counts["answerable"] = 1.0
            elif direction == "outbound":
                counts["outbound"] = 1.0
                if answered is not None:
                    counts["outbound_answered"] = 1.0
            lasting = ("busy_s",) if agent and answered is not None and is_live(self._sources, source) else ()
            self._facts.append(
                _Fact({"number": number or "", "campaign": campaign, "agent": agent}, started, counts, answered or 0.0,
                      self._now, lasting)
            )  # fmt: skip
            counted[number_of_row] = started, counts
        self._places(db, counted)

    def _places(self, db: sqlite3.Connection, counted: dict[int, tuple[float, dict[str, float]]]) -> None:
        """The same calls in the queues that they visited and at the agents that they rang at."""
        sql = (
            "SELECT c.id, x.{place} FROM call c INDEXED BY call_open CROSS JOIN {table} x ON x.call = c.id AND x.first"
            " WHERE c.done = 0 AND c.bits >> ? & 1 AND x.{place} IS NOT NULL"
        )
        for table, place in (("visit", "queue"), ("leg", "agent")):
            for call, key in db.execute(sql.format(table=table, place=place), (self._lens,)):
                started, counts = counted[call]
                if place == "agent":
                    counts = {name: value for name, value in counts.items() if name != "answerable"}
                self._facts.append(_Fact({place: key}, started, counts, total=False))

    def _intervals(self, db: sqlite3.Connection) -> None:
        agents = self._view.documents("agent")
        rows = db.execute(
            'SELECT agent, queue, state, reason, start FROM agent_interval WHERE "end" IS NULL'
            " AND state NOT IN ('out', ?) AND bits >> ? & 1",
            (ENGAGED, self._lens),
        ).fetchall()
        for agent, queue, state, reason, start in rows:
            until = self._horizon(agent, agents)
            names = _state_measures(state, reason) + (("login_s",) if queue is not None else ())
            subjects: dict[str, str | None] = {"agent": agent} if queue is None else {"queue": queue}
            self._facts.append(_Fact(subjects, -1.0, {}, start, until, names, total=queue is None))


def going_on(view: View, lens: int, now: float) -> GoingOn:
    """What goes on in a lens at that moment; the same for all who ask while they read one moment."""
    return view.once(("going_on", lens, now), lambda: GoingOn(view, lens, now))


def _state_measures(state: str, reason: str) -> tuple[str, ...]:
    """Measures that grow while a presence state lasts."""
    if state == SIGNED_IN:
        return ("login_s",)
    return (f"{state}_s", f"paused_s:{reason}") if state == "paused" and reason else (f"{state}_s",)


def _threshold(organisation: Doc, queues: dict[str, Doc]) -> Callable[[str | None], float]:
    """Queue → its service level's seconds."""
    common = settings_of(organisation)
    own: dict[str, float] = defaultdict(lambda: common.threshold_s)
    for key, doc in queues.items():
        own[key] = settings_of(organisation, doc).threshold_s
    return lambda queue: own[queue or ""]
