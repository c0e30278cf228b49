"""Room ``view``: the view itself. Knows documents, SQLite and cells; nothing of who may see what."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json

from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Entry
from wallboard_tui.view import cells
from wallboard_tui.view.agents import Agents, aliases_of, extensions_of, static_queues_of
from wallboard_tui.view.calls import Calls
from wallboard_tui.view.cells import Deltas
from wallboard_tui.view.contributions import VISITS
from wallboard_tui.view.database import Connections, ViewCorrupt
from wallboard_tui.view.rows import Rows

__all__ = ["Received", "Touched", "View", "ViewCorrupt"]

Received = tuple[str, Doc | None, str]
"""``(kind, document or None, key)`` of a cell, live_queue or live_agent that a hub computed, as in a figures frame."""
_LIVE_KINDS = ("live_queue", "live_agent")
_NAMING = frozenset({"agent", "person", "queue"})
"""Kinds that say which names mean which agent, and who is a member of what."""
BATCH = 2000
"""Entries per transaction when building a view from a journal."""

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


class View:
    """A view of the documents somebody may see: the hub's of all of them, a terminal's of what its user may.

    ``lenses``: how many lenses the bits of rows speak of; ``figures``: mask of those whose cells a hub sends (figures
    without rows), which are never counted from rows. Writing takes turns; any thread may read at any time.
    """

    def __init__(self, connections: Connections, lenses: int, figures: int) -> None:
        self._connections = connections
        self._writer = connections.writer
        self.lenses = lenses
        self._agents = Agents(self._writer)
        self._calls = Calls(self._writer, self._agents.look_at)
        self._cache: dict[str, dict[str, Doc]] = {}
        self._seq = 0
        with connections.writing() as db:
            self._set_lenses(db, lenses, figures)
        self._reload()

    @classmethod
    def open(cls, path: Path | None, *, lenses: int = 1, figures: int = 0) -> View:
        """Open or create a view; ``None``: in memory. A new file has mode 0600. Raises ``ViewCorrupt`` with a
        sentence."""
        connections = Connections(path)
        try:
            return cls(connections, lenses, figures)
        except sqlite3.DatabaseError as error:
            connections.close()
            raise ViewCorrupt(f"{path} cannot be used as a view ({error}); set it aside, a new one is built") from error

    def counts(self, lens: int) -> bool:
        """Whether the figures of a lens are counted from rows; else a hub sends them."""
        return lens in self._counted

    @property
    def path(self) -> Path | None:
        """The file, ``None`` in memory."""
        return self._connections.path

    @property
    def seq(self) -> int:
        """The seq reached: all changes up to it have been let in."""
        return self._seq

    @property
    def epoch(self) -> str:
        """The journal's epoch that ``seq`` belongs to."""
        return self.get_meta("epoch") or ""

    @epoch.setter
    def epoch(self, value: str) -> None:
        self.set_meta("epoch", value)

    @property
    def zone(self) -> str:
        """The organisation's time zone, which decides days."""
        return self._zone

    def get_meta(self, name: str) -> str | None:
        """A remembered value."""
        with self.reading() as db:
            row = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, name: str, value: str | None) -> None:
        """Remember a value, or forget it."""
        with self._connections.writing() as db:
            _set_meta(db, name, value)

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection to read from; all that is read within belongs to one moment."""
        return self._connections.reading()

    def documents(self, kind: str) -> dict[str, Doc]:
        """All documents of a small kind, by key. Not to be changed by the caller."""
        known = self._cache.get(kind)
        if known is None:
            with self.reading() as db:
                cached = self._cache
                rows = db.execute("SELECT key, json FROM doc WHERE kind = ? AND json IS NOT NULL", (kind,))
                known = {key: from_json(text) for key, text in rows}
            # Where a batch was let in meanwhile, the cache is a new one, and this answer is not kept.
            cached[kind] = known
        return known

    def apply(self, entries: Sequence[Entry], *, received: Sequence[Received] = (), seq: int | None = None) -> Touched:
        """Let in changes, in one transaction that also stores the seq reached (``seq``, or the newest entry's).

        Documents may come in any order and more than once: an older seq never overwrites a newer one, and a removal is
        remembered. Entries of the kinds that a hub computes come as ``received``.
        """
        newest: dict[str, dict[str, Entry]] = {}
        top = self._seq if seq is None else seq
        for entry in entries:
            own = newest.setdefault(entry.change.kind, {})
            known = own.get(entry.change.key)
            if known is None or entry.seq > known.seq:
                own[entry.change.key] = entry
            if seq is None and entry.seq > top:
                top = entry.seq
        try:
            with self._connections.writing() as db:
                touched = self._apply(db, newest, received)
                if top != self._seq:
                    _set_meta(db, "seq", str(top))
        except BaseException:
            self._agents.forget()
            self._calls.forget()
            self._reload()
            raise
        self._seq = top
        self._cache = {kind: known for kind, known in self._cache.items() if kind not in touched.kinds}
        return touched

    def rebuild(self, entries: Iterable[Entry], progress: Callable[[int], None] | None = None) -> None:
        """Throw everything away and build it again from a journal's entries; ``progress`` is told how many are done."""
        with self._connections.writing() as db:
            for table in _TABLES:
                db.execute(f"DELETE FROM {table}")  # noqa: S608
            _set_meta(db, "seq", "0")
            for name, value in (("service_level_s", 20), ("short_abandon_s", 5)):
                db.execute("UPDATE setting SET value = ? WHERE name = ?", (value, name))
        self._agents.forget()
        self._calls.forget()
        self._reload()
        rest, done = iter(entries), 0
        while batch := list(islice(rest, BATCH)):
            self.apply(batch)
            done += len(batch)
            if progress is not None:
                progress(done)

    def rebuild_cells(self) -> None:
        """Compute all cells again from the rows."""
        with self._connections.writing() as db:
            cells.rebuild(db, self._zone)

    def close(self) -> None:
        """Close all connections. The view must not be used afterwards."""
        self._connections.close()

    def _reload(self) -> None:
        """Read what is remembered between batches."""
        self._seq = int(self.get_meta("seq") or 0)
        self._cache = {}
        organisation = self.documents("organisation").get("organisation", {})
        self._zone = str(organisation.get("time_zone", "UTC"))
        self._read_names()

    def _read_names(self) -> None:
        agents = self.documents("agent")
        self._aliases = aliases_of(agents)
        self._extensions = extensions_of(agents, self.documents("person"))
        self._static = static_queues_of(agents, self.documents("queue"))

    def _set_lenses(self, db: sqlite3.Connection, lenses: int, figures: int) -> None:
        """Count cells for these lenses; other ones than before need other cells."""
        wanted = [i for i in range(lenses) if not figures >> i & 1]
        self._counted = frozenset(wanted)
        there = [row[0] for row in db.execute("SELECT i FROM lens ORDER BY i")]
        if wanted == there:
            return
        for table in ("cell", "day_cell", "reason_cell"):
            db.execute(f"DELETE FROM {table} WHERE lens IN (SELECT i FROM lens)")  # noqa: S608
        db.execute("DELETE FROM lens")
        db.executemany("INSERT INTO lens VALUES (?)", [(i,) for i in wanted])
        if (
            db.execute("SELECT 1 FROM call LIMIT 1").fetchone()
            or db.execute("SELECT 1 FROM agent_interval LIMIT 1").fetchone()
        ):
            zone = _organisation(db).get("time_zone", "UTC")
            cells.rebuild(db, zone)

    def _apply(
        self, db: sqlite3.Connection, newest: dict[str, dict[str, Entry]], received: Sequence[Received]
    ) -> Touched:
        calls = newest.pop("call", {})
        presence = newest.pop("presence", {})
        deltas = Deltas(db, self._zone)
        kinds = self._put_documents(db, newest)
        anew = self._settings(db, newest, kinds, deltas)
        touched: dict[str, list[Doc] | None] = {}
        rows = Rows({}, {})
        if kinds & _NAMING:
            rows = self._names(db, touched, deltas)
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
            cells.rebuild(db, self._zone)
        if anew:
            cells.rebuild_days(db, self._zone)
        if received:
            kinds |= self._receive(db, received)
        agents = {*touched, *rows.first_seen, *rows.moved, *newest.get("agent", ())}
        queues = {*rows.queues, *newest.get("queue", ())}
        return Touched(frozenset(kinds), frozenset(queues), frozenset(agents), frozenset(rows.callers))

    def _put_documents(self, db: sqlite3.Connection, newest: Mapping[str, Mapping[str, Entry]]) -> set[str]:
        for kind, entries in newest.items():
            if kind == "followup":
                db.executemany(_PUT_FOLLOWUP, [_followup_row(entry) for entry in entries.values()])
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
            db.executemany(_PUT_DOC, rows)
        kinds = set(newest)
        self._cache = {kind: known for kind, known in self._cache.items() if kind not in kinds}
        return kinds

    def _settings(
        self, db: sqlite3.Connection, newest: Mapping[str, Mapping[str, Entry]], kinds: set[str], deltas: Deltas
    ) -> str:
        """Take over settings that cells depend on. Returns what must be built anew: ``cells``, ``days`` or nothing."""
        for key in newest.get("queue", ()):
            row = db.execute("SELECT json FROM doc WHERE kind = 'queue' AND key = ?", (key,)).fetchone()
            seconds = (from_json(row[0]) if row and row[0] else {}).get("service_level_s")
            there = db.execute("SELECT seconds FROM service_level WHERE queue = ?", (key,)).fetchone()
            if seconds == (there[0] if there else None):
                continue
            deltas.take((VISITS,), "v.queue = ?", (key,), -1)
            db.execute("DELETE FROM service_level WHERE queue = ?", (key,))
            if seconds is not None:
                db.execute("INSERT INTO service_level VALUES (?, ?)", (key, seconds))
            deltas.take((VISITS,), "v.queue = ?", (key,), 1)
        if "organisation" not in kinds:
            return ""
        organisation = _organisation(db)
        anew = ""
        zone = str(organisation.get("time_zone", "UTC"))
        if zone != self._zone:
            deltas.write()
            self._zone = deltas.zone = zone
            anew = "days"
        for name, default in (("service_level_s", 20), ("short_abandon_s", 5)):
            value = organisation.get(name, default)
            if db.execute("UPDATE setting SET value = ? WHERE name = ? AND value <> ?", (value, name, value)).rowcount:
                anew = "cells"
        return anew

    def _names(self, db: sqlite3.Connection, touched: dict[str, list[Doc] | None], deltas: Deltas) -> Rows:
        """Names of agents may mean others now: write again what was said under them, and fold again who is
        concerned."""
        aliases, extensions, static = self._aliases, self._extensions, self._static
        agents, people, queues = (_documents(db, kind) for kind in ("agent", "person", "queue"))
        self._aliases = aliases_of(agents)
        self._extensions = extensions_of(agents, people)
        self._static = static_queues_of(agents, queues)
        said = _differing(aliases, self._aliases)
        numbers: set[int] = set()
        for name in said:
            meant = {name, aliases.get(name, name)}
            for agent in meant:
                numbers.update(
                    row[0] for row in db.execute("SELECT call FROM leg WHERE agent = ? AND said = ?", (agent, name))
                )
        for extension in _differing(extensions, self._extensions):
            numbers.update(row[0] for row in db.execute("SELECT id FROM call WHERE extension = ?", (extension,)))
        rows = self._calls.again(sorted(numbers), self._aliases, self._extensions, deltas)
        for agent in (*self._agents.rename(said, self._aliases), *_differing(static, self._static)):
            touched[agent] = None
        return rows

    def _receive(self, db: sqlite3.Connection, received: Sequence[Received]) -> set[str]:
        cells.receive(db, [(doc, key) for kind, doc, key in received if kind == "cell"], self._zone)
        for kind, doc, key in received:
            if kind in _LIVE_KINDS:
                lens = int(key.partition("/")[0])
                db.execute("DELETE FROM live WHERE kind = ? AND lens = ? AND key = ?", (kind, lens, key))
                if doc is not None:
                    db.execute("INSERT INTO live VALUES (?, ?, ?, ?)", (kind, lens, key, to_json(doc).decode()))
        return {kind for kind, _, _ in received}


_TABLES = (
    "doc", "gone", "live", "followup", "call", "visit", "leg", "call_fact", "presence", "agent_interval", "cell", "day_cell",
    "reason_cell", "service_level",
)  # fmt: skip


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    return {key for key in {*old, *new} if old.get(key) != new.get(key)}


def _documents(db: sqlite3.Connection, kind: str) -> dict[str, Doc]:
    rows = db.execute("SELECT key, json FROM doc WHERE kind = ? AND json IS NOT NULL", (kind,))
    return {key: from_json(text) for key, text in rows}


def _organisation(db: sqlite3.Connection) -> Doc:
    return _documents(db, "organisation").get("organisation", {})


def _set_meta(db: sqlite3.Connection, name: str, value: str | None) -> None:
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
