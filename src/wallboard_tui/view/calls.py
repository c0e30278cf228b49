"""Room ``view``: putting calls into tables, and their contributions into cells."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence

from pydantic_core import from_json, to_json

from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Entry
from wallboard_tui.view.cells import Deltas
from wallboard_tui.view.contributions import CALL_KINDS
from wallboard_tui.view.rows import CALL_COLUMNS, FACT_COLUMNS, LEG_COLUMNS, VISIT_COLUMNS, Rows, insert

_INSERTS = (
    insert("call", CALL_COLUMNS),
    insert("visit", VISIT_COLUMNS),
    insert("leg", LEG_COLUMNS),
    insert("call_fact", FACT_COLUMNS),
)
_BATCH = "{id} IN (SELECT id FROM temp.batch)"
_NEW = "{id} BETWEEN ? AND ?"
_BUT_CAMPAIGNS = ("queue", "agent", "number")


class Calls:
    """Writes calls within the transaction of the view that owns it."""

    def __init__(self, connection: sqlite3.Connection, look_at: Callable[[Iterable[str]], None]) -> None:
        """``look_at`` is told of agents before legs are taken away from them."""
        self._db = connection
        self._look_at = look_at
        connection.execute("CREATE TEMP TABLE IF NOT EXISTS batch (id INTEGER PRIMARY KEY)")
        self.forget()

    def forget(self) -> None:
        """Drop what is remembered: the transaction was rolled back, or rows were removed."""
        self._next: int = self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM call").fetchone()[0]

    def put(
        self, entries: Mapping[str, Entry], aliases: Mapping[str, str], extensions: Mapping[str, str], deltas: Deltas
    ) -> Rows:
        """Let in the newest entry of each call. Returns the rows written, for who wants to know what was touched."""
        rows = Rows(aliases, extensions)
        known = self._known(list(entries))
        gone = self._gone(entries)
        old: list[tuple[int, Entry]] = []
        new: list[Entry] = []
        for key, entry in entries.items():
            there = known.get(key)
            if there is not None:
                if entry.seq > there[1]:
                    old.append((there[0], entry))
            elif entry.seq > gone.get(key, -1):
                new.append(entry)
        if old:
            self._replace(old, rows, deltas)
        removed = [entry for entry in (*(entry for _, entry in old), *new) if entry.change.doc is None]
        if removed:
            self._remember_gone(removed)
            new = [entry for entry in new if entry.change.doc is not None]
        if new:
            self._add(new, rows, deltas)
        return rows

    def again(
        self, ids: Iterable[int], aliases: Mapping[str, str], extensions: Mapping[str, str], deltas: Deltas
    ) -> Rows:
        """Write calls anew from their own documents: what a name means has changed. Returns the rows written."""
        rows = Rows(aliases, extensions)
        found: list[tuple[int, str, int, int, Doc]] = []
        for number in ids:
            row = self._db.execute("SELECT key, seq, bits, json FROM call WHERE id = ?", (number,)).fetchone()
            found.append((number, *row[:3], from_json(row[3])))
        if not found:
            return rows
        self._mark([call[0] for call in found])
        deltas.take(CALL_KINDS, _BATCH, (), -1)
        self._touch_before(rows)
        self._delete({call[0]: set(call[4].get("facts") or ()) for call in found})
        for call in found:
            rows.add(*call)
        self._insert(rows)
        deltas.take(CALL_KINDS, _BATCH, (), 1)
        return rows

    def _known(self, keys: list[str]) -> dict[str, tuple[int, int]]:
        found = self._db.execute(
            "SELECT key, id, seq FROM call WHERE key IN (SELECT value FROM json_each(?))", (to_json(keys).decode(),)
        )
        return {key: (number, seq) for key, number, seq in found}

    def _gone(self, entries: Mapping[str, Entry]) -> dict[str, int]:
        if self._db.execute("SELECT 1 FROM gone WHERE kind = 'call' LIMIT 1").fetchone() is None:
            return {}
        found = self._db.execute(
            "SELECT key, seq FROM gone WHERE kind = 'call' AND key IN (SELECT value FROM json_each(?))",
            (to_json(list(entries)).decode(),),
        )
        return dict(found.fetchall())

    def _remember_gone(self, removed: list[Entry]) -> None:
        self._db.executemany(
            "INSERT INTO gone (kind, key, seq) VALUES ('call', ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET seq = max(seq, excluded.seq)",
            [(entry.change.key, entry.seq) for entry in removed],
        )

    def _mark(self, ids: Sequence[int]) -> None:
        self._db.execute("DELETE FROM temp.batch")
        self._db.executemany("INSERT INTO temp.batch VALUES (?)", [(number,) for number in ids])

    def _replace(self, old: list[tuple[int, Entry]], rows: Rows, deltas: Deltas) -> None:
        self._mark([number for number, _ in old])
        before = self._db.execute("SELECT id, json FROM call WHERE id IN (SELECT id FROM temp.batch)").fetchall()
        deltas.take(CALL_KINDS, _BATCH, (), -1)
        self._touch_before(rows)
        self._delete({number: set(from_json(text).get("facts") or ()) for number, text in before})
        for number, entry in old:
            change = entry.change
            if change.doc is not None:
                rows.add(number, change.key, entry.seq, entry.bits, change.doc)
        self._insert(rows)
        deltas.take(CALL_KINDS, _BATCH, (), 1)

    def _touch_before(self, rows: Rows) -> None:
        """Queues and agents that the calls met before are touched as well: a correction may take a call away from
        them."""
        for (queue,) in self._db.execute("SELECT DISTINCT queue FROM visit WHERE call IN (SELECT id FROM temp.batch)"):
            rows.queues.update({queue} - {None})
        found = self._db.execute("SELECT DISTINCT agent FROM leg WHERE call IN (SELECT id FROM temp.batch)").fetchall()
        rows.moved.update(agent for (agent,) in found if agent is not None)
        self._look_at(rows.moved)

    def _delete(self, facts: Mapping[int, set[str]]) -> None:
        for table in ("visit", "leg"):
            self._db.execute(f"DELETE FROM {table} WHERE call IN (SELECT id FROM temp.batch)")  # noqa: S608
        self._db.execute("DELETE FROM call WHERE id IN (SELECT id FROM temp.batch)")
        self._db.executemany(
            "DELETE FROM call_fact WHERE fact = ? AND call = ?",
            [(fact, number) for number, own in facts.items() for fact in own],
        )

    def _add(self, new: list[Entry], rows: Rows, deltas: Deltas) -> None:
        first = self._next
        # Rows of replaced calls are in already; these are new ones only.
        fresh = rows.fresh()
        for number, entry in enumerate(new, first):
            change = entry.change
            if change.doc is not None:
                fresh.add(number, change.key, entry.seq, entry.bits, change.doc)
        self._next = first + len(new)
        self._insert(fresh)
        # Most organisations know no campaigns: then there is no need to look for them.
        deltas.take(CALL_KINDS, _NEW, (first, self._next - 1), 1, by=None if fresh.campaigns else _BUT_CAMPAIGNS)
        rows.absorb(fresh)

    def _insert(self, rows: Rows) -> None:
        for sql, many in zip(_INSERTS, (rows.calls, rows.visits, rows.legs, rows.facts), strict=True):
            if many:
                self._db.executemany(sql, many)
