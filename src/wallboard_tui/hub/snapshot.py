"""Room ``hub``: the old rows of one terminal, newest first, page by page. Knows the view's tables and one person's
gate.

First everything small (names, settings, missed opportunities) and what goes on now; then calls and presences back in
time. A page says how far back the terminal has come, so that a snapshot that was cut goes on from there.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass

from pydantic_core import from_json

from wallboard_tui.hub.channel import NOT_FED, Row, visible
from wallboard_tui.hub.frames import COMPLETE, NOTHING
from wallboard_tui.hub.hub import Access, Hub
from wallboard_tui.metrics.quarters import day_bounds
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.kinds import KINDS

SMALL_PAGE = 500
CALLS_PAGE = 300
LATE = ("followup", "contact")
"""Small kinds of which there can be many: after the others, and after what goes on now."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows, or (``ready``) the word that rows are complete since then.

    ``reached``: see ``Cursor.backfilled``.
    """

    rows: list[Row]
    reached: float
    done: int
    total: int
    durable: bool
    ready: float | None = None


class Backfill:
    """The old rows of one terminal. ``backfilled``: what it has already."""

    def __init__(self, hub: Hub, access: Access, backfilled: float) -> None:
        self._hub = hub
        self._gate = access.gate
        self._reached = backfilled
        self._done = 0
        self._total = 0
        self._zone = (access.me.organisation or {}).get("time_zone") or "UTC"
        self._calls_before: tuple[float, str] = (backfilled, "\U0010ffff")
        self._presence_before = backfilled

    async def pages(self) -> AsyncIterator[Page]:
        """All pages that are missing. The last one is ``ready`` from 0."""
        read = self._hub.read
        if self._reached <= COMPLETE:
            yield self._ready(COMPLETE)
            return
        today = day_bounds(self._hub.clock(), self._zone)[0]
        if self._reached == NOTHING:
            for part in (self._small, self._live, self._late):
                pages = await read(part)
                for keys in pages:
                    rows = await read(self._entries, *keys)
                    self._done += len(rows)
                    yield self._page(rows, durable=False)
            # What is small is there: from here on a terminal may resume.
            yield self._page([], durable=True)
        self._total = self._done + await read(self._count)
        announced = NOTHING
        while True:
            rows, reached = await read(self._older)
            self._done += len(rows)
            self._reached = reached
            if rows:
                yield self._page(rows, durable=True)
            if reached <= COMPLETE:
                break
            complete = day_bounds(reached, self._zone)[1]
            if complete <= today and complete < announced:
                announced = complete
                yield self._ready(complete)
        if announced == NOTHING and today > 0:
            yield self._ready(today)
        yield self._ready(COMPLETE)

    def _page(self, rows: list[Row], *, durable: bool) -> Page:
        return Page(rows, self._reached, self._done, max(self._total, self._done), durable)

    def _ready(self, since: float) -> Page:
        return Page([], self._reached, self._done, max(self._total, self._done), since <= COMPLETE, since)

    # -- on the hub's thread

    def _small(self) -> list[tuple[str, list[str]]]:
        kinds = [kind for kind in KINDS if kind not in NOT_FED and kind not in ("call", "presence", *LATE)]
        return [page for kind in kinds for page in self._keys(kind)]

    def _late(self) -> list[tuple[str, list[str]]]:
        return [page for kind in LATE for page in self._keys(kind)]

    def _keys(self, kind: str) -> Iterator[tuple[str, list[str]]]:
        with self._hub.view.reading() as db:
            if kind == "followup":
                found = db.execute("SELECT key FROM followup ORDER BY last_miss DESC").fetchall()
            else:
                found = db.execute("SELECT key FROM doc WHERE kind = ?", (kind,)).fetchall()
        return _paged(kind, [key for (key,) in found], SMALL_PAGE)

    def _live(self) -> list[tuple[str, list[str]]]:
        """Calls that are not over, and the last thing of each sort that each agent said."""
        where, params = self._gate.wanted_sql("c")
        with self._hub.view.reading() as db:
            calls = db.execute(
                f"SELECT c.key FROM call c WHERE c.state NOT IN ('ended', 'lost') AND {where}",  # noqa: S608
                params,
            ).fetchall()
            presences = db.execute("SELECT key, max(at) FROM presence GROUP BY agent, queue, what").fetchall()
        pages = [*_paged("call", [key for (key,) in calls], CALLS_PAGE)]
        return [*pages, *_paged("presence", [key for key, _ in presences], SMALL_PAGE)]

    def _entries(self, kind: str, keys: list[str]) -> list[Row]:
        return self._rows(self._hub.journal.get_many(kind, keys).values())

    def _rows(self, entries: Iterable[Entry]) -> list[Row]:
        return [row for entry in entries for row in visible(self._gate, entry)]

    def _count(self) -> int:
        where, params = self._gate.wanted_sql("c")
        before = min(self._reached, 1e15)
        with self._hub.view.reading() as db:
            calls = db.execute(
                f"SELECT count(*) FROM call c WHERE c.started <= ? AND {where}",  # noqa: S608
                (before, *params),
            ).fetchone()[0]
            return int(calls)

    def _older(self) -> tuple[list[Row], float]:
        """The next calls back in time with the presences between them, and how far back that is."""
        where, params = self._gate.wanted_sql("c")
        at, key = self._calls_before
        with self._hub.view.reading() as db:
            calls = db.execute(
                "SELECT c.key, c.seq, c.started, c.json FROM call c"  # noqa: S608
                f" WHERE (c.started, c.key) < (?, ?) AND {where} ORDER BY c.started DESC, c.key DESC LIMIT ?",
                (min(at, 1e15), key, *params, CALLS_PAGE),
            ).fetchall()
            whole = len(calls) < CALLS_PAGE
            since = COMPLETE if whole else calls[-1][2]
            presences = db.execute(
                "SELECT key, at FROM presence WHERE at <= ? AND at > ? ORDER BY at DESC LIMIT ?",
                (min(self._presence_before, 1e15), since, SMALL_PAGE * 4),
            ).fetchall()
        if len(presences) == SMALL_PAGE * 4:
            # More was said than fits a page: come back only as far as that goes.
            since, whole = presences[-1][1], False
            calls = [call for call in calls if call[2] > since]
        if calls:
            self._calls_before = (calls[-1][2], calls[-1][0])
        elif not whole:
            self._calls_before = (since, "\U0010ffff")
        self._presence_before = since
        rows = self._rows(
            Entry(seq, Change("call", name, from_json(text), started, "hub")) for name, seq, started, text in calls
        )
        rows += self._entries("presence", [name for name, _ in presences])
        return rows, since


def _paged(kind: str, keys: list[str], size: int) -> Iterator[tuple[str, list[str]]]:
    for begin in range(0, len(keys), size):
        yield kind, keys[begin : begin + size]
