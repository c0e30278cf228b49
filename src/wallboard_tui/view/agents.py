"""Room ``view``: agents: their names, what they said, and the intervals folded from it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from wallboard_tui.metrics.presence import Folding
from wallboard_tui.model.agent import Interval, agents_by_name
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import ALL_BITS, Entry
from wallboard_tui.view.cells import Deltas
from wallboard_tui.view.contributions import INTERVAL_KINDS

_PUT = (
    "INSERT INTO presence (key, seq, bits, said, agent, queue, at, what, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, bits = excluded.bits, said = excluded.said,"
    " agent = excluded.agent, queue = excluded.queue, at = excluded.at, what = excluded.what, reason = excluded.reason"
)
_ADD = 'INSERT INTO agent_interval (agent, queue, state, reason, start, "end", bits) VALUES (?, ?, ?, ?, ?, ?, ?)'
_CHOSEN = "i.id IN (SELECT id FROM temp.chosen)"
_KNOWN = "SELECT seq, agent, bits, said, agent, queue, at, what, reason FROM presence WHERE key = ?"
_Key = tuple[str | None, str, str, float, float | None, int]


def aliases_of(agents: Mapping[str, Doc], people: Mapping[str, Doc]) -> dict[str, str]:
    """Another name of an agent → the agent's key: ``model.agent.agents_by_name``, of documents."""
    return agents_by_name(
        ((key, doc.get("name") or "", doc.get("interfaces") or ()) for key, doc in agents.items()),
        ((key, doc.get("agents") or ()) for key, doc in people.items()),
    )


def extensions_of(agents: Mapping[str, Doc], people: Mapping[str, Doc], aliases: Mapping[str, str]) -> dict[str, str]:
    """Extension → key of the agent who has it, by the agent's own word or the person's."""
    found: dict[str, str] = {}
    for key in sorted(agents):
        if agents[key].get("extension"):
            found.setdefault(agents[key]["extension"], aliases.get(key, key))
    for key in sorted(people):
        if people[key].get("extension") and people[key].get("agents"):
            own = people[key]["agents"][0]
            found.setdefault(people[key]["extension"], aliases.get(own, own))
    return found


def static_queues_of(
    agents: Mapping[str, Doc], queues: Mapping[str, Doc], aliases: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """Agent → queues it is configured in, by the agent's own list and the queues', under whichever name."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, agent in agents.items():
        found[aliases.get(key, key)].update(agent.get("queues") or ())
    for key, queue in queues.items():
        for member in queue.get("members") or ():
            found[aliases.get(member, member)].add(key)
    return {key: frozenset(own) for key, own in found.items() if own}


class Agents:
    """Keeps presence and intervals within the transaction of the view that owns it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        connection.execute("CREATE TEMP TABLE IF NOT EXISTS chosen (id INTEGER PRIMARY KEY)")
        self._foldings: dict[str, tuple[Folding, int, tuple[frozenset[str], float | None]]] = {}
        """Agent → its fold so far, its bits, and what it was folded with. Dropped when in doubt."""
        self._since: dict[str, float | None] = {}

    def forget(self) -> None:
        """Drop what is remembered: the transaction was rolled back, or somebody else wrote."""
        self._foldings.clear()
        self._since.clear()

    def put(self, entries: Iterable[Entry], aliases: Mapping[str, str]) -> dict[str, list[Doc] | None]:
        """Let in presence documents. Returns agent → new statements; ``None`` where old ones changed."""
        touched: dict[str, list[Doc] | None] = {}
        rows = []
        for entry in entries:
            key, doc = entry.change.key, entry.change.doc
            known = self._db.execute(_KNOWN, (key,)).fetchone()
            gone = self._db.execute("SELECT seq FROM gone WHERE kind = 'presence' AND key = ?", (key,)).fetchone()
            if entry.seq <= max(known[0] if known else -1, gone[0] if gone else -1):
                continue
            if doc is None:
                self._remove(key, entry.seq)
                if known:
                    touched[known[1]] = None
                continue
            said = doc["agent"]
            agent = aliases.get(said, said)
            row = (entry.bits, said, agent, doc.get("queue"), doc["at"], doc["what"], doc.get("reason", ""))
            rows.append((key, entry.seq, *row))
            if known and known[2:] == row:
                continue  # of what changed nothing counts here: the facts by which others see it
            if known:
                touched[known[1]] = None
            news = touched.setdefault(agent, [])
            if news is not None:
                news.append(doc | {"bits": entry.bits})
        self._db.executemany(_PUT, rows)
        return touched

    def _remove(self, key: str, seq: int) -> None:
        self._db.execute("DELETE FROM presence WHERE key = ?", (key,))
        self._db.execute("INSERT OR REPLACE INTO gone (kind, key, seq) VALUES ('presence', ?, ?)", (key, seq))

    def rename(self, said: Iterable[str], aliases: Mapping[str, str]) -> set[str]:
        """Give presence under other names to the agents these now mean. Returns all agents concerned."""
        concerned: set[str] = set()
        for name in said:
            agent = aliases.get(name, name)
            old = self._db.execute("SELECT DISTINCT agent FROM presence WHERE said = ?", (name,)).fetchall()
            if old:
                self._db.execute("UPDATE presence SET agent = ? WHERE said = ?", (agent, name))
                concerned |= {agent, *(row[0] for row in old)}
        return concerned

    def look_at(self, agents: Iterable[str]) -> None:
        """Note when agents were first seen in calls, before calls are taken away from them."""
        for agent in agents:
            self._seen(agent)

    def first_seen(self, agents: Mapping[str, float], moved: Collection[str]) -> set[str]:
        """Note when agents were seen in calls. Returns those whose past may begin at another time than it did.

        ``moved``: agents from whom calls may have been taken away; ``look_at`` was told before.
        """
        changed: set[str] = set()
        for agent in {*agents, *moved}:
            if agent in moved:
                before = self._since.pop(agent, None)
                now = self._seen(agent)
            elif agent in self._since:
                before = self._since[agent]
                now = agents[agent] if before is None else min(agents[agent], before)
            else:
                # The rows are in already: whether these legs came first is not known any more. Fold to be sure.
                before, now = None, self._seen(agent)
            if now != before:
                self._since[agent] = now
                if not self._spoke_before(agent, now):
                    changed.add(agent)
        return changed

    def _spoke_before(self, agent: str, seen: float | None) -> bool:
        """Whether the fold so far stays what it is although the agent was first seen in a call at another time."""
        kept = self._foldings.get(agent)
        if kept is None or not kept[0].is_same_since(seen):
            return False
        folding, bits, (queues, _) = kept
        self._foldings[agent] = folding, bits, (queues, seen if queues else None)
        return True

    def _seen(self, agent: str) -> float | None:
        if agent not in self._since:
            found = self._db.execute("SELECT min(at) FROM leg WHERE agent = ?", (agent,)).fetchone()
            self._since[agent] = found[0]
        return self._since[agent]

    def fold(
        self, touched: Mapping[str, list[Doc] | None], static: Mapping[str, frozenset[str]], deltas: Deltas
    ) -> None:
        """Bring the intervals of agents up to date, and their contributions with them."""
        for agent, news in touched.items():
            queues = static.get(agent, frozenset())
            given = (queues, self._seen(agent) if queues else None)
            kept = self._foldings.get(agent)
            if (
                news is not None
                and kept is not None
                and kept[2] == given
                and all(doc["bits"] == kept[1] for doc in news)
                and kept[0].can_extend(news)
            ):
                self._extend(agent, kept[0], kept[1], news, deltas)
            else:
                self._refold(agent, given, deltas)

    def _extend(self, agent: str, folding: Folding, bits: int, news: list[Doc], deltas: Deltas) -> None:
        folding.closed.clear()
        folding.extend(news)
        self._db.execute('DELETE FROM agent_interval WHERE agent = ? AND "end" IS NULL', (agent,))
        self._insert([_key(interval, bits) for interval in (*folding.closed, *folding.running())], agent, deltas)

    def _refold(self, agent: str, given: tuple[frozenset[str], float | None], deltas: Deltas) -> None:
        self._foldings.pop(agent, None)
        events = [
            {"queue": queue, "at": at, "what": what, "reason": reason, "bits": bits}
            for queue, at, what, reason, bits in self._db.execute(
                "SELECT queue, at, what, reason, bits FROM presence WHERE agent = ?", (agent,)
            )
        ]
        wanted: set[_Key] = set()
        groups = self._by_bits(agent, events)
        for bits, own in groups:
            folding = Folding(agent, own, *given)
            wanted |= {_key(interval, bits) for interval in (*folding.closed, *folding.running())}
            folding.closed.clear()  # it stands in the table; only what comes next is asked for
            if len(groups) == 1:
                self._foldings[agent] = (folding, bits, given)
        there = {
            (queue, state, reason, start, end, bits): number
            for number, queue, state, reason, start, end, bits in self._db.execute(
                'SELECT id, queue, state, reason, start, "end", bits FROM agent_interval WHERE agent = ?', (agent,)
            )
        }
        self._take_away([number for key, number in there.items() if key not in wanted], deltas)
        self._insert([key for key in wanted if key not in there], agent, deltas)

    def _by_bits(self, agent: str, events: list[Doc]) -> list[tuple[int, list[Doc]]]:
        """Statements as each lens sees them; nearly always all lenses that see one see all."""
        masks = {event["bits"] for event in events}
        if not masks:
            found = self._db.execute("SELECT bits FROM doc WHERE kind = 'agent' AND key = ?", (agent,)).fetchone()
            return [(found[0] if found else ALL_BITS, [])]
        if len(masks) == 1:
            return [(masks.pop(), events)]
        lenses = [row[0] for row in self._db.execute("SELECT i FROM lens")]
        seen = [(1 << i, [event for event in events if event["bits"] >> i & 1]) for i in lenses]
        return [(bits, own) for bits, own in seen if own]

    def _take_away(self, ids: list[int], deltas: Deltas) -> None:
        if ids:
            self._choose(ids)
            deltas.take(INTERVAL_KINDS, _CHOSEN, (), -1)
            self._db.execute("DELETE FROM agent_interval WHERE id IN (SELECT id FROM temp.chosen)")

    def _insert(self, keys: list[_Key], agent: str, deltas: Deltas) -> None:
        if not keys:
            return
        first = self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM agent_interval").fetchone()[0]
        self._db.executemany(_ADD, [(agent, *key) for key in keys])
        deltas.take(INTERVAL_KINDS, "i.id BETWEEN ? AND ?", (first, first + len(keys) - 1), 1)

    def _choose(self, ids: list[int]) -> None:
        self._db.execute("DELETE FROM temp.chosen")
        self._db.executemany("INSERT INTO temp.chosen VALUES (?)", [(number,) for number in ids])


def _key(interval: Interval, bits: int) -> _Key:
    return interval.queue, interval.state, interval.reason, interval.start, interval.end, bits
