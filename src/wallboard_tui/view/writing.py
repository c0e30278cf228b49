"""Room ``view``: letting a batch in. Runs within the transaction of the view that owns it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json, to_json

from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Entry
from wallboard_tui.view import cells
from wallboard_tui.view.agents import Agents, aliases_of, extensions_of, static_queues_of
from wallboard_tui.view.calls import Calls
from wallboard_tui.view.cells import Deltas
from wallboard_tui.view.contributions import VISITS
from wallboard_tui.view.rows import Rows

Received = tuple[str, Doc | None, str]
"""``(kind, document or None, key)`` of a cell, live_queue or live_agent that a hub computed, as in a figures frame."""
_LIVE_KINDS = ("live_queue", "live_agent")
_NAMING = frozenset({"agent", "person", "queue"})
"""Kinds that say which names mean which agent, and who is a member of what."""
_PUT_DOC = (
    "INSERT INTO doc (kind, key, seq, bits, json) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq, bits = excluded.bits, json = excluded.json"
    " WHERE excluded.seq > doc.seq"
)
_PUT_FOLLOWUP = (
    "INSERT INTO followup (key, seq, bits, status, first_miss, last_miss, json) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, bits = excluded.bits, status = excluded.status,"
    " first_miss = excluded.first_miss, last_miss = excluded.last_miss, json = excluded.json"
    " WHERE excluded.seq > followup.seq"
)


@dataclass(frozen=True)
class Touched:
    """What a batch changed: kinds, and the keys of queues, agents and callers of the calls in it."""

    kinds: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    callers: frozenset[str] = frozenset()

    def __contains__(self, kind: object) -> bool:
        return kind in self.kinds

    def __iter__(self) -> Iterator[str]:
        return iter(self.kinds)

    def __bool__(self) -> bool:
        return bool(self.kinds)

    def __or__(self, other: Touched) -> Touched:
        return Touched(
            self.kinds | other.kinds,
            self.queues | other.queues,
            self.agents | other.agents,
            self.callers | other.callers,
        )


class Writer:
    """Lets documents into the tables, and what they contribute into the cells."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._agents = Agents(connection)
        self._calls = Calls(connection, self._agents.look_at)
        self.read_again()

    def read_again(self) -> None:
        """Read what is remembered between batches: at the start, and after a transaction was rolled back."""
        self._agents.forget()
        self._calls.forget()
        self.zone = str(organisation_of(self._db).get("time_zone", "UTC"))
        self._read_names()

    def _read_names(self) -> None:
        agents, people, queues = (documents(self._db, kind) for kind in ("agent", "person", "queue"))
        self._aliases = aliases_of(agents, people)
        self._extensions = extensions_of(agents, people, self._aliases)
        self._static = static_queues_of(agents, queues, self._aliases)

    def apply(self, newest: dict[str, dict[str, Entry]], received: Sequence[Received]) -> Touched:
        calls = newest.pop("call", {})
        presence = newest.pop("presence", {})
        deltas = Deltas(self._db, self.zone)
        kinds = self._put_documents(newest)
        anew = self._settings(newest, kinds, deltas)
        touched: dict[str, list[Doc] | None] = {}
        rows = Rows({}, {})
        if kinds & _NAMING:
            rows = self._names(touched, deltas)
        if calls:
            written = self._calls.put(calls, self._aliases, self._extensions, deltas)
            written.absorb(rows)
            rows = written
            kinds |= {"call"}
        if presence:
            for agent, news in self._agents.put(presence.values(), self._aliases).items():
                touched[agent] = None if agent in touched else news
            kinds |= {"presence"}
        touched.update((agent, None) for agent in newest.get("agent", ()) if agent in self._static)
        for agent in self._agents.first_seen(rows.first_seen, rows.moved):
            if agent in self._static:
                touched[agent] = None
        self._agents.fold(touched, self._static, deltas)
        deltas.write()
        if anew == "cells":
            cells.rebuild(self._db, self.zone)
        if anew:
            cells.rebuild_days(self._db, self.zone)
        if received:
            kinds |= self._receive(received)
        agents = {*touched, *rows.first_seen, *rows.moved, *newest.get("agent", ())}
        queues = {*rows.queues, *newest.get("queue", ())}
        return Touched(frozenset(kinds), frozenset(queues), frozenset(agents), frozenset(rows.callers))

    def _put_documents(self, newest: Mapping[str, Mapping[str, Entry]]) -> set[str]:
        for kind, entries in newest.items():
            if kind == "followup":
                self._db.executemany(_PUT_FOLLOWUP, [_followup_row(entry) for entry in entries.values()])
                continue
            rows = [
                (
                    kind,
                    key,
                    entry.seq,
                    entry.bits,
                    None if entry.change.doc is None else to_json(entry.change.doc).decode(),
                )
                for key, entry in entries.items()
            ]
            self._db.executemany(_PUT_DOC, rows)
        kinds = set(newest)
        return kinds

    def _settings(self, newest: Mapping[str, Mapping[str, Entry]], kinds: set[str], deltas: Deltas) -> str:
        """Take over settings that cells depend on. Returns what must be built anew: ``cells``, ``days`` or nothing."""
        for key in newest.get("queue", ()):
            row = self._db.execute("SELECT json FROM doc WHERE kind = 'queue' AND key = ?", (key,)).fetchone()
            seconds = (from_json(row[0]) if row and row[0] else {}).get("service_level_s")
            there = self._db.execute("SELECT seconds FROM service_level WHERE queue = ?", (key,)).fetchone()
            if seconds == (there[0] if there else None):
                continue
            deltas.take((VISITS,), "v.queue = ?", (key,), -1)
            self._db.execute("DELETE FROM service_level WHERE queue = ?", (key,))
            if seconds is not None:
                self._db.execute("INSERT INTO service_level VALUES (?, ?)", (key, seconds))
            deltas.take((VISITS,), "v.queue = ?", (key,), 1)
        if "organisation" not in kinds:
            return ""
        organisation = organisation_of(self._db)
        anew = ""
        zone = str(organisation.get("time_zone", "UTC"))
        if zone != self.zone:
            deltas.write()
            self.zone = deltas.zone = zone
            anew = "days"
        for name, default in (("service_level_s", 20), ("short_abandon_s", 5)):
            value = organisation.get(name, default)
            if self._db.execute(
                "UPDATE setting SET value = ? WHERE name = ? AND value <> ?", (value, name, value)
            ).rowcount:
                anew = "cells"
        return anew

    def _names(self, touched: dict[str, list[Doc] | None], deltas: Deltas) -> Rows:
        """Names of agents may mean others now: write again what was said under them, and fold again who is
        concerned."""
        aliases, extensions, static = self._aliases, self._extensions, self._static
        self._read_names()
        said = _differing(aliases, self._aliases)
        numbers: set[int] = set()
        for name in said:
            meant = {name, aliases.get(name, name)}
            for agent in meant:
                numbers.update(
                    row[0]
                    for row in self._db.execute("SELECT call FROM leg WHERE agent = ? AND said = ?", (agent, name))
                )
        for extension in _differing(extensions, self._extensions):
            numbers.update(row[0] for row in self._db.execute("SELECT id FROM call WHERE extension = ?", (extension,)))
        rows = self._calls.again(sorted(numbers), self._aliases, self._extensions, deltas)
        for agent in (*self._agents.rename(said, self._aliases), *_differing(static, self._static)):
            touched[agent] = None
        return rows

    def _receive(self, received: Sequence[Received]) -> set[str]:
        cells.receive(self._db, [(doc, key) for kind, doc, key in received if kind == "cell"], self.zone)
        for kind, doc, key in received:
            if kind in _LIVE_KINDS:
                lens = int(key.partition("/")[0])
                self._db.execute("DELETE FROM live WHERE kind = ? AND lens = ? AND key = ?", (kind, lens, key))
                if doc is not None:
                    self._db.execute("INSERT INTO live VALUES (?, ?, ?, ?)", (kind, lens, key, to_json(doc).decode()))
        return {kind for kind, _, _ in received}


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    return {key for key in {*old, *new} if old.get(key) != new.get(key)}


def documents(db: sqlite3.Connection, kind: str) -> dict[str, Doc]:
    rows = db.execute("SELECT key, json FROM doc WHERE kind = ? AND json IS NOT NULL", (kind,))
    return {key: from_json(text) for key, text in rows}


def organisation_of(db: sqlite3.Connection) -> Doc:
    return documents(db, "organisation").get("organisation", {})


def set_meta(db: sqlite3.Connection, name: str, value: str | None) -> None:
    db.execute("DELETE FROM meta WHERE name = ?", (name,))
    if value is not None:
        db.execute("INSERT INTO meta VALUES (?, ?)", (name, value))


def _followup_row(entry: Entry) -> tuple[Any, ...]:
    doc = entry.change.doc
    if doc is None:
        return entry.change.key, entry.seq, entry.bits, None, None, None, None
    return (
        entry.change.key, entry.seq, entry.bits, doc.get("status", "open"), doc["first_miss"], doc["last_miss"],
        to_json(doc).decode(),
    )  # fmt: skip
