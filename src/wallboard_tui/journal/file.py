"""Room ``journal``: the file of a SQLite journal: who may hold it, how it is opened, what its errors mean in words."""

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wallboard_tui.journal.base import JournalError, JournalHeld

APPLICATION_ID = 0x57424A31
"""Stands in the file's header (``WBJ1``), so that somebody else's database is never taken for a journal."""
VERSION = 1
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    doc TEXT,
    at REAL NOT NULL,
    by TEXT NOT NULL
);
CREATE UNIQUE INDEX entry_ref ON entry (kind, key);
CREATE INDEX entry_tombstone ON entry (seq) WHERE doc IS NULL;
"""


class Lock:
    """Only one process may write a journal. On a file beside it: SQLite's own locks would not survive a second open."""

    def __init__(self, path: Path) -> None:
        lock_path = path.with_name(path.name + ".lock")
        try:
            self._fd = os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise explain(path, error) from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(self._fd, 32, 0).decode("ascii", "replace").strip()
            os.close(self._fd)
            who = f"process {holder}" if holder else "another process"
            raise JournalHeld(
                f"journal {path}", f"{who} is using it", "Talk to the hub that runs already, or stop it first."
            ) from error
        # Who holds it is a kindness to whoever finds it held; a full disk must not keep a hub from being opened.
        with suppress(OSError):
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let other processes in. The lock file stays: removing it would let two processes lock two different files."""
        os.close(self._fd)


def open_writer(path: Path) -> sqlite3.Connection:
    """The writing connection of a journal that exists or is made now. Raises ``JournalError``."""
    with words(path):
        fresh = not path.exists() or path.stat().st_size == 0
        # Made here and not by SQLite, which would give it the umask's mode; -wal and -shm take over this file's mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        connection = connect(path)
        try:
            _make(connection) if fresh else _recognise(path, connection)
            if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
                raise JournalError(
                    f"journal {path}",
                    "its file system cannot share memory between connections",
                    "Put it on a local disk (WALLBOARD_HOME).",
                )
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA fullfsync = ON")
            connection.execute("PRAGMA wal_autocheckpoint = 4000")
            connection.execute("PRAGMA journal_size_limit = 67108864")
        except BaseException:
            connection.close()
            raise
        if fresh:
            _sync_directory(path.parent)
        return connection


def connect(path: Path) -> sqlite3.Connection:
    """A connection that several threads may use in turn, with explicit transactions."""
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)


def _make(connection: sqlite3.Connection) -> None:
    connection.executescript(
        f"BEGIN; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; {SCHEMA}"
    )
    connection.execute("INSERT INTO meta VALUES ('epoch', ?)", (secrets.token_hex(6),))
    connection.execute("COMMIT")


def _recognise(path: Path, connection: sqlite3.Connection) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID:
        raise JournalError(
            f"journal {path}",
            "the file is not a journal of this program",
            "Choose another place, or move the file away.",
        )
    if version > VERSION:
        raise JournalError(
            f"journal {path}", f"a newer version of this program wrote it (format {version})", "Install that version."
        )


def _sync_directory(directory: Path) -> None:
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def words(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into a ``JournalError``."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise explain(path, error) from error


def explain(path: Path, error: sqlite3.Error | OSError) -> JournalError:
    """The sentence for an error at a journal's file."""
    reason, next_step = _reason(path, error)
    return JournalError(f"journal {path}", reason, next_step)


def _reason(path: Path, error: sqlite3.Error | OSError) -> tuple[str, str]:
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
        if isinstance(error, FileNotFoundError):
            return f"there is no directory {path.parent}", "Make it, or choose another place (WALLBOARD_HOME)."
        if isinstance(error, PermissionError):
            return "permission denied", "Give its owner read and write permission to the file and its directory."
        return reason[:1].lower() + reason[1:], "Check the disk and the permissions of the directory."
    name = getattr(error, "sqlite_errorname", None) or ""
    if name == "SQLITE_FULL":
        return "the disk is full; this was not written", "Make room, then try again; what was acknowledged is safe."
    if name.startswith("SQLITE_IOERR"):
        return (
            f"the disk refused ({name.removeprefix('SQLITE_').lower()}); this was not written",
            "Check free space, quota and the disk's health, then try again; what was acknowledged is safe.",
        )
    if name.startswith("SQLITE_NOTADB"):
        return "the file is not a journal of this program", "Choose another place, or move the file away."
    if name.startswith("SQLITE_CORRUPT"):
        return "the file is damaged", "Put it aside, with its -wal file, and restore the latest backup."
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return "permission denied", "Give its owner read and write permission to the file and its directory."
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "another program is writing to it", "Stop that program, then try again."
    return str(error), "Check that the file is a journal and that nothing else uses it."
