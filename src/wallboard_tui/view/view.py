"""Room ``view``: the view itself. Knows documents, SQLite and cells; nothing of who may see what."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pydantic_core import from_json

from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Entry
from wallboard_tui.view import cells
from wallboard_tui.view.database import LARGE_CACHE, Connections, ViewCorrupt
from wallboard_tui.view.known import Known
from wallboard_tui.view.writing import Received, Touched, Writer, organisation_of, set_meta

__all__ = ["Received", "Touched", "View", "ViewCorrupt"]

T = TypeVar("T")
LARGE = 500
"""Entries from which on a batch is a large one."""
BATCH = 2000
"""Entries per transaction when building a view from a journal."""


class View:
    """A view of the documents somebody may see: the hub's of all of them, a terminal's of what its user may.

    ``lenses``: how many lenses the bits of rows speak of; ``figures``: mask of those whose cells a hub sends (figures
    without rows), which are never counted from rows. Writing takes turns; any thread may read at any time.
    """

    def __init__(self, connections: Connections, lenses: int, figures: int) -> None:
        self._connections = connections
        self.lenses = lenses
        self._known = Known()
        self._seq = 0
        with connections.writing() as db:
            self._set_lenses(db, lenses, figures)
        self._writer = Writer(connections.writer)
        self._reload()

    @classmethod
    def open(cls, path: Path | None, *, lenses: int = 1, figures: int = 0, large_cache: int = LARGE_CACHE) -> View:
        """Open or create a view; ``None``: in memory. A new file has mode 0600. Raises ``ViewCorrupt`` with a
        sentence. ``large_cache``: kibibytes of memory for large batches.
        """
        connections = Connections(path, large_cache)
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
        return self._writer.zone

    def get_meta(self, name: str) -> str | None:
        """A remembered value."""
        with self.reading() as db:
            row = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, name: str, value: str | None) -> None:
        """Remember a value, or forget it."""
        self.remember({name: value})

    def remember(self, values: Mapping[str, str | None]) -> None:
        """Remember values, or forget those that are ``None``, in one transaction."""
        with self._connections.writing() as db:
            for name, value in values.items():
                set_meta(db, name, value)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read from; all that is read within belongs to one moment."""
        with self._connections.reading() as db:
            self._knowing()  # before anything is read: what changes from now on has a ``Known`` of its own
            yield db

    def _knowing(self) -> Known:
        """What is known at the moment that is read."""
        return self.once("known", lambda: self._known)

    def once(self, question: Hashable, ask: Callable[[], T]) -> T:
        """The answer to a question, asked once in a moment (``reading``) however often it is needed within it."""
        answers = self._connections.answers
        if answers is None:
            return ask()
        if question not in answers:
            answers[question] = ask()
        found: T = answers[question]
        return found

    def documents(self, kind: str) -> dict[str, Doc]:
        """All documents of a small kind, by key. Not to be changed by the caller."""
        there = self._knowing().documents.get(kind)
        if there is not None:
            return there
        with self.reading() as db:
            known = self._knowing().documents
            if kind not in known:
                rows = db.execute("SELECT key, json FROM doc WHERE kind = ? AND json IS NOT NULL", (kind,))
                known[kind] = {key: from_json(text) for key, text in rows}
            return known[kind]

    def derived(self, name: str, kinds: frozenset[str], make: Callable[[], T]) -> T:
        """Something made from small documents of some kinds, kept under a name until one of these kinds changes."""
        return self._knowing().derived(name, kinds, make)

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
            with self._connections.writing(large=len(entries) >= LARGE) as db:
                touched = self._writer.apply(newest, received)
                if top != self._seq:
                    set_meta(db, "seq", str(top))
        except BaseException:
            with self._connections.lock:
                self._writer.read_again()
            self._reload()
            raise
        self._seq = top
        self._known = self._known.without(touched.kinds)
        return touched

    def rebuild(self, entries: Iterable[Entry], progress: Callable[[int], None] | None = None) -> None:
        """Throw everything away and build it again from a journal's entries; ``progress`` is told how many are done."""
        with self._connections.writing() as db:
            for table in _TABLES:
                db.execute(f"DELETE FROM {table}")  # noqa: S608
            set_meta(db, "seq", "0")
            for name, value in (("service_level_s", 20), ("short_abandon_s", 5)):
                db.execute("UPDATE setting SET value = ? WHERE name = ?", (value, name))
            self._writer.read_again()
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
            cells.rebuild(db, self._writer.zone)

    def close(self) -> None:
        """Close all connections. The view must not be used afterwards."""
        self._connections.close()

    def _reload(self) -> None:
        """Read what is remembered between batches."""
        self._seq = int(self.get_meta("seq") or 0)
        self._known = Known()

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
            zone = organisation_of(db).get("time_zone", "UTC")
            cells.rebuild(db, zone)


_TABLES = (
    "doc", "gone", "live", "followup", "call", "visit", "leg", "call_fact", "presence", "agent_interval", "cell",
    "day_cell", "reason_cell", "service_level",
)  # fmt: skip
