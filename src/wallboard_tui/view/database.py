"""Room ``view``: opening a file, connections, and telling damage from other trouble."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

APPLICATION_ID = 0x57425657
"""Stands in the file's header, so that another program's database is never taken for a view."""
SCHEMA_STEPS = 6
"""Steps of ``view.schema`` that a file of this version has gone through; a test holds the two together."""
SMALL_CACHE, LARGE_CACHE = 2_000, 64_000
"""Kibibytes of pages kept in memory, from day to day and while a large batch goes in (indices are written all over).

What was taken once is hardly ever given back to the system, so who has many neighbours takes less for large batches.
"""
CLOSED = "The view was closed."
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})


class ViewCorrupt(Exception):
    """The file is no view, or is damaged. The caller sets it aside and starts a new one."""


class ViewClosed(sqlite3.ProgrammingError):
    """The view was closed while it was read, or before. What was read of it is not to be shown any more."""


@contextmanager
def telling_damage(path: Path | None) -> Iterator[None]:
    """Turn what SQLite says about a damaged file into ``ViewCorrupt`` with a sentence."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in _DAMAGE:
            raise ViewCorrupt(
                f"{path} is damaged ({error}); set it aside, a new one is built from the journal"
            ) from error
        raise


class Connections:
    """One connection that writes, and for a file one per thread that reads.

    Readers see the last committed state and never wait for the writer. A view in memory has a single connection, which
    its users take turns with.
    """

    def __init__(self, path: Path | None, large_cache: int = LARGE_CACHE) -> None:
        self.path = path
        self._large_cache = large_cache
        self.lock = threading.RLock()
        self._local = threading.local()
        self._state = threading.Lock()
        self._idle: set[sqlite3.Connection] = set()
        self._busy: set[sqlite3.Connection] = set()
        self._closed = False
        self._large = False
        with telling_damage(path):
            if path is not None:
                _prepare(path)
            self.writer = self._connect()
            try:
                self._migrate()
            except BaseException:
                self.writer.close()
                raise

    def _connect(self) -> sqlite3.Connection:
        target = ":memory:" if self.path is None else str(self.path)
        connection = sqlite3.connect(target, check_same_thread=False, timeout=30, cached_statements=256)
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{SMALL_CACHE}")
        return connection

    def _migrate(self) -> None:
        empty = self.writer.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        if self.path is not None:
            owner = self.writer.execute("PRAGMA application_id").fetchone()[0]
            if not empty and owner != APPLICATION_ID:
                raise ViewCorrupt(f"{self.path} is another program's database, not a view; name another file")
            self.writer.execute("PRAGMA journal_mode = WAL")
            # A view is a cache: losing the last moments to a power failure only means to read them again.
            self.writer.execute("PRAGMA synchronous = NORMAL")
            self.writer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        if self.writer.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_STEPS:
            self._bring_up_to_date()
        self.writer.commit()
        self.writer.isolation_level = None

    def _bring_up_to_date(self) -> None:
        # Imported here: sqlite-utils brings click and pluggy along, a tenth of a terminal's start, and a cache that is
        # up to date needs none of them.
        from sqlite_utils import Database

        from wallboard_tui.view.schema import MIGRATIONS, migrate

        db = Database(self.writer)
        ours = {migration.name for migration in MIGRATIONS.pending(db)} | {m.name for m in MIGRATIONS._migrations}
        newer = [step.name for step in MIGRATIONS.applied(db) if step.name not in ours]
        if newer:
            raise ViewCorrupt(
                f"{self.path} was written by a newer version of this program (with {newer[-1]!r});"
                " update, or set it aside"
            )
        migrate(db)
        self.writer.execute(f"PRAGMA user_version = {SCHEMA_STEPS}")

    @contextmanager
    def writing(self, *, large: bool = False) -> Iterator[sqlite3.Connection]:
        """The writing connection, within one transaction. ``large``: much will be written."""
        with self.lock, telling_damage(self.path):
            if large != self._large:
                self._large = large
                self.writer.execute(f"PRAGMA cache_size = -{self._large_cache if large else SMALL_CACHE}")
            self.writer.execute("BEGIN IMMEDIATE")
            try:
                yield self.writer
                self.writer.execute("COMMIT")
            except BaseException:
                if self.writer.in_transaction:
                    self.writer.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read from; all that is read within belongs to one moment. Raises ``ViewClosed``."""
        if self.answers is not None:  # within a moment that has begun
            yield self.writer if self.path is None else self._local.connection
            return
        with self._one_at_a_time() if self.path is None else self._own() as connection:
            self._local.answers = {}
            try:
                yield connection
            finally:
                self._local.answers = None

    @contextmanager
    def _one_at_a_time(self) -> Iterator[sqlite3.Connection]:
        with self.lock:
            if self._closed:
                raise ViewClosed(CLOSED)
            yield self.writer

    @contextmanager
    def _own(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection, within a transaction. Nobody else closes it before the end: SQLite would crash."""
        with telling_damage(self.path):
            connection = self._begin()
            try:
                yield connection
            except sqlite3.OperationalError as error:
                if self._closed:
                    raise ViewClosed(CLOSED) from error
                raise
            finally:
                self._end(connection)

    def _begin(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
            connection.isolation_level = None
        with self._state:
            if self._closed:
                if connection is not getattr(self._local, "connection", None):
                    connection.close()
                raise ViewClosed(CLOSED)
            self._idle.discard(connection)
            self._busy.add(connection)
        self._local.connection = connection
        try:
            connection.execute("BEGIN")
        except BaseException as error:
            self._end(connection)
            if self._closed and isinstance(error, sqlite3.OperationalError):
                raise ViewClosed(CLOSED) from error
            raise
        return connection

    def _end(self, connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            # To close breaks this off as well; the connection goes, and what it began with it.
            if not self._closed:
                raise
        finally:
            with self._state:
                self._busy.discard(connection)
                closed = self._closed
                if not closed:
                    self._idle.add(connection)
            if closed:
                connection.close()

    @property
    def answers(self) -> dict[Hashable, Any] | None:
        """What was found out in the moment that this thread reads; ``None`` outside of one."""
        return getattr(self._local, "answers", None)

    def close(self) -> None:
        """Close all connections. What is read at this moment is broken off; its own thread closes its connection, so
        that nobody waits for it.
        """
        with self._state:
            self._closed = True
            idle, self._idle = self._idle, set()
            for connection in self._busy:
                connection.interrupt()
        for connection in idle:
            connection.close()
        with self.lock:
            self.writer.close()


def _prepare(path: Path) -> None:
    """A new file is readable by its owner alone; SQLite gives the files beside it the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    elif path.stat().st_mode & 0o077:
        path.chmod(0o600)
