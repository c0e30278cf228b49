"""Room ``journal``: the journal in one SQLite file, the default. Knows ``model`` and its own room."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock as Mutex

from pydantic_core import from_json, to_json

from wallboard_tui.journal.base import Expect, JournalError, Ref
from wallboard_tui.journal.file import Lock, connect, open_writer, words
from wallboard_tui.journal.plan import Encoded, Plan, Standing, encode, refs
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.kinds import POLICY_KINDS

SELECT = "SELECT seq, kind, key, CAST(doc AS BLOB), at, by FROM entry "
INLINE = 64
"""A follower reads so many entries on the event loop itself; more than that in a thread."""


class _Request:
    """One append that waits for its commit."""

    def __init__(self, changes: Sequence[Change], expect: Expect | None) -> None:
        self.changes: list[Encoded] = [encode(change) for change in changes]
        self.expect = dict(expect) if expect else None
        self.done: Future[list[Entry]] = Future()


class SqliteJournal:
    """A ``Journal`` in one SQLite file (WAL, ``synchronous=FULL``), mode 0600.

    Appends that wait at the same time, from threads or coroutines, share one transaction and one sync of the disk.
    Reads go through their own connection and never wait for a commit. Raises ``JournalError`` when the file cannot be
    opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock(path)
        try:
            self._writer = open_writer(path)
            with words(path):
                self._reader = connect(path)
                self.epoch: str = self._one("SELECT value FROM meta WHERE name = 'epoch'")
                self._load()
        except BaseException:
            self._lock.release()
            raise
        self._writing = Mutex()
        self._reading = Mutex()
        self._waiting: deque[_Request] = deque()
        self._thread = ThreadPoolExecutor(1, "journal")
        self._followers: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._closed = False

    # -- writing

    def append(self, changes: Sequence[Change], expect: Expect | None = None) -> list[Entry]:
        """See ``Journal.append``. Threads that append at the same time share one commit."""
        request = self._accept(changes, expect)
        self._commit_waiting()
        return request.done.result()

    async def append_async(self, changes: Sequence[Change], expect: Expect | None = None) -> list[Entry]:
        """See ``Journal.append_async``. A caller that is cancelled may or may not have been written."""
        request = self._accept(changes, expect)
        self._thread.submit(self._commit_waiting)
        return await asyncio.wrap_future(request.done)

    def _accept(self, changes: Sequence[Change], expect: Expect | None) -> _Request:
        request = _Request(changes, expect)
        if self._closed:
            raise JournalError(f"journal {self.path}", "it was closed", "Start the hub again.")
        self._waiting.append(request)
        return request

    def _commit_waiting(self) -> None:
        """Write everything that waits by now. Whoever holds the mutex writes for all others too."""
        with self._writing:
            requests = list(_drain(self._waiting))
            if requests:
                self._commit(requests)

    def _commit(self, requests: list[_Request]) -> None:
        answers: list[tuple[_Request, list[Entry] | Exception]] = []
        try:
            with words(self.path):
                plan = Plan(self._seq, self._policy, self._standing(requests))
                for request in requests:
                    try:
                        answers.append((request, plan.add(request.changes, request.expect)))
                    except Exception as error:
                        answers.append((request, error))
                if plan.rows:
                    self._write(plan)
        except Exception as error:
            answers = [(request, error) for request in requests]
        for request, answer in answers:
            if isinstance(answer, Exception):
                request.done.set_exception(answer)
            else:
                request.done.set_result(answer)

    def _write(self, plan: Plan) -> None:
        rows = (
            (entry.seq, entry.change.kind, entry.change.key, doc and doc.decode(), entry.change.at, entry.change.by)
            for entry, doc in plan.rows
        )
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            # REPLACE removes the row that the document had under its earlier seq.
            self._writer.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)", rows)
            self._writer.execute("COMMIT")
        except BaseException:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            self._load()
            raise
        self._seq, self._policy = plan.seq, plan.policy
        self._wake()

    def _standing(self, requests: Iterable[_Request]) -> dict[Ref, Standing]:
        """How all documents stand that the requests name: one SELECT per kind."""
        keys: dict[str, set[str]] = {}
        for request in requests:
            for kind, key in refs((change for change, _ in request.changes), request.expect):
                keys.setdefault(kind, set()).add(key)
        standing: dict[Ref, Standing] = {}
        for kind, names in keys.items():
            found = self._writer.execute(
                "SELECT key, seq, CAST(doc AS BLOB) FROM entry"
                " WHERE kind = ? AND key IN (SELECT value FROM json_each(?))",
                (kind, to_json(list(names)).decode()),
            )
            standing.update(((kind, key), (seq, doc)) for key, seq, doc in found)
        return standing

    # -- reading

    def get(self, kind: str, key: str) -> Entry | None:
        """See ``Journal.get``."""
        found = self._select("WHERE kind = ? AND key = ?", (kind, key))
        return found[0] if found else None

    def get_many(self, kind: str, keys: Sequence[str]) -> dict[str, Entry]:
        """See ``Journal.get_many``."""
        found = self._select(
            "WHERE kind = ? AND key IN (SELECT value FROM json_each(?))",
            (kind, to_json(list(keys)).decode()),
        )
        return {entry.change.key: entry for entry in found}

    def read(self, after: int, limit: int = 1000) -> list[Entry]:
        """See ``Journal.read``."""
        return self._select("WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))

    def read_kind(self, kind: str) -> list[Entry]:
        """All documents of one kind that stand, in order of seq; tombstones are left out."""
        return self._select("WHERE kind = ? AND doc IS NOT NULL ORDER BY seq", (kind,))

    def newest(self, kind: str, before: str | None = None, limit: int = 100) -> list[Entry]:
        """Documents of a kind whose keys sort by time, newest first: those with keys before ``before``."""
        bound = "" if before is None else "AND key < ? "
        given = (kind, limit) if before is None else (kind, before, limit)
        return self._select(f"WHERE kind = ? {bound}AND doc IS NOT NULL ORDER BY key DESC LIMIT ?", given)

    async def follow(self, after: int) -> AsyncGenerator[list[Entry], None]:
        """See ``Journal.follow``. Woken by commits of this process; nothing polls."""
        woken = asyncio.Event()
        follower = (asyncio.get_running_loop(), woken)
        self._followers.add(follower)
        try:
            while not self._closed:
                woken.clear()
                behind = self._seq - after
                if behind <= 0:
                    await woken.wait()
                    continue
                batch = self.read(after) if behind <= INLINE else await asyncio.to_thread(self.read, after)
                if batch:
                    after = batch[-1].seq
                    yield batch
        finally:
            self._followers.discard(follower)

    def seq(self) -> int:
        """See ``Journal.seq``."""
        return self._seq

    def policy(self) -> int:
        """See ``Journal.policy``."""
        return self._policy

    def count(self) -> int:
        """See ``Journal.count``."""
        with self._reading, words(self.path):
            return int(
                self._one("SELECT (SELECT count(*) FROM entry) - (SELECT count(*) FROM entry WHERE doc IS NULL)")
            )

    # -- life

    def close(self) -> None:
        """See ``Journal.close``. Followers end."""
        if self._closed:
            return
        self._closed = True
        self._thread.shutdown(wait=True)
        self._commit_waiting()
        self._wake()
        with self._writing, self._reading:
            self._reader.close()
            self._writer.close()
        self._lock.release()

    def _load(self) -> None:
        self._seq = int(self._one("SELECT coalesce(max(seq), 0) FROM entry"))
        newest = (self._one("SELECT coalesce(max(seq), 0) FROM entry WHERE kind = ?", kind) for kind in POLICY_KINDS)
        self._policy = max(map(int, newest))

    def _one(self, sql: str, *params: str) -> str:
        return str(self._reader.execute(sql, params).fetchone()[0])

    def _select(self, where: str, params: tuple[str | int, ...]) -> list[Entry]:
        with self._reading, words(self.path):
            rows = self._reader.execute(SELECT + where, params).fetchall()
        return [_entry(row) for row in rows]

    def _wake(self) -> None:
        for loop, woken in list(self._followers):
            if not loop.is_closed():
                loop.call_soon_threadsafe(woken.set)


def _drain(waiting: deque[_Request]) -> Iterator[_Request]:
    """Take what waits, but not what its caller gave up before it was begun."""
    while waiting:
        request = waiting.popleft()
        if request.done.set_running_or_notify_cancel():
            yield request


def _entry(row: sqlite3.Row | tuple[int, str, str, bytes | None, float, str]) -> Entry:
    seq, kind, key, doc, at, by = row
    return Entry(seq, Change(kind, key, None if doc is None else from_json(doc), at, by))
