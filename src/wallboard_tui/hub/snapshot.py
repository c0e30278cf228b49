"""Room ``hub``: the old rows of one terminal, newest first, page by page. Knows the view's tables and one person's
gate.

First what a board needs at once: everything small (names, settings), what goes on now, and today; then the rest of
what can be many, and calls and presences back in time. A page says how far back the terminal has come, so that a
snapshot that was cut goes on from there.
"""

import math
from collections.abc import AsyncIterator, Callable, Iterable, Set
from dataclasses import dataclass
from functools import partial

from pydantic_core import from_json

from wallboard_tui.hub.channel import NOT_FED, WATCHED, Row, visible
from wallboard_tui.hub.frames import COMPLETE, NOTHING, Reached
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import Access
from wallboard_tui.journal.base import Ref
from wallboard_tui.metrics.quarters import QUARTER, day_bounds, quarter_of
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.kinds import KINDS
from wallboard_tui.view import queries

SMALL_PAGE = 500
CALLS_PAGE = 300
PRESENCE_PAGE = 2000
LATE = ("followup", "contact")
"""Small kinds of which there can be many: after the others, and after today."""
EVERYTHING = Reached(COMPLETE, late=True)
Work = Callable[[], list[Row]]
"""What makes the rows of a page, on the hub's thread."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows, or (``ready``) the word that rows are complete since then.

    ``durable``: a terminal that has it may go on from ``reached``.
    """

    rows: list[Row]
    reached: Reached
    done: int
    total: int
    durable: bool
    ready: float | None = None


class Backfill:
    """The old rows of one terminal. ``reached``: what it has already; ``wanted``: whether it is still to have them;
    ``shown``: what they may see of ``WATCHED`` documents. What comes into sight from then on is told by their channel.
    """

    def __init__(
        self,
        hub: Hub,
        access: Access,
        reached: Reached,
        wanted: Callable[[], bool],
        shown: Set[Ref],
    ) -> None:
        self._hub = hub
        self._shown = shown
        self._wanted = wanted
        self._gate = access.gate
        self._reached = reached
        self._announced = NOTHING
        self._durable = reached.back != NOTHING
        self._done = 0
        self._total = 0
        self._zone = (access.me.organisation or {}).get("time_zone") or "UTC"
        self._calls_before: tuple[float, str] = (reached.back, "\U0010ffff")
        self._presence_before: tuple[float, str] = (reached.back, "\U0010ffff")

    async def pages(self) -> AsyncIterator[Page]:
        """All pages that are missing, in turn with those of other terminals. The last one is ``ready`` from 0.

        Raises ``Unwanted`` as soon as they are not wanted any more.
        """
        if self._reached == EVERYTHING:
            yield self._ready(COMPLETE)
            return
        now = self._hub.clock()
        today = day_bounds(now, self._zone)[0]
        self._total = await self._hub.later(self._wanted, self._count)
        if not self._durable:
            for part in (self._small, lambda: self._live(today), lambda: self._late(today, NOTHING)):
                async for page in self._all(part):
                    yield page
            self._durable = True
            yield self._ready(float(quarter_of(now) + QUARTER))
        while self._reached.back > today:
            async for page in self._next(today):
                yield page
        if not self._reached.late:
            async for page in self._all(lambda: self._late(COMPLETE, today)):
                yield page
            self._reached = self._reached._replace(late=True)
        while self._reached.back > COMPLETE:
            async for page in self._next(today):
                yield page
        if self._announced > today > 0:
            yield self._ready(today)
        yield self._ready(COMPLETE)

    async def _all(self, part: Callable[[], list[Work]]) -> AsyncIterator[Page]:
        for work in await self._hub.later(self._wanted, part):
            rows = await self._hub.later(self._wanted, work)
            self._done += len(rows)
            self._total += len(rows)
            yield self._page(rows)

    async def _next(self, today: float) -> AsyncIterator[Page]:
        """The next page back in time; and the word that another quarter of today, or another day, is complete."""
        rows, back = await self._hub.later(self._wanted, partial(self._older, today))
        self._reached = self._reached._replace(back=back)
        self._done += sum(kind == "call" for kind, *_ in rows)
        if rows:
            yield self._page(rows)
        if back <= today < self._announced and today > COMPLETE:
            # A page of somebody with few calls goes back for days; the figures of today do not wait for those of then.
            yield self._ready(today)
        if back > today:
            complete = float(quarter_of(back) + QUARTER)
        else:
            complete = day_bounds(back, self._zone)[1] if back > COMPLETE else today
        if complete < self._announced and (self._reached.late or complete >= today):
            yield self._ready(complete)

    def _page(self, rows: list[Row]) -> Page:
        return Page(rows, self._reached, self._done, max(self._total, self._done), self._durable)

    def _ready(self, since: float) -> Page:
        self._announced = since
        total = max(self._total, self._done)
        return Page([], self._reached, self._done, total, self._durable, since)

    # -- on the hub's thread

    def _small(self) -> list[Work]:
        """All of them in one go, kind by kind: most people see few of what there are many of."""
        kinds = [kind for kind in KINDS if kind not in NOT_FED and kind not in ("call", "presence", *LATE)]
        theirs = [
            entry
            for kind in kinds
            for entry in self._hub.standing.of(kind)
            if kind not in WATCHED or (kind, entry.change.key) in self._shown
        ]
        pages = (theirs[begin : begin + SMALL_PAGE] for begin in range(0, len(theirs), SMALL_PAGE))
        return [partial(self._rows, page) for page in pages]

    def _late(self, start: float, end: float) -> list[Work]:
        """Missed opportunities whose last miss was in ``[start, end)``; with those of old also what else is late."""
        with self._hub.view.reading() as db:
            found = db.execute(
                "SELECT key FROM followup WHERE last_miss >= ? AND last_miss < ? ORDER BY last_miss DESC",
                (start, min(end, 1e15)),
            ).fetchall()
        pages = self._paged("followup", [key for (key,) in found], SMALL_PAGE)
        if start <= COMPLETE:
            pages += [page for kind in LATE if kind != "followup" for page in self._keys(kind)]
        return pages

    def _keys(self, kind: str) -> list[Work]:
        with self._hub.view.reading() as db:
            found = db.execute("SELECT key FROM doc WHERE kind = ?", (kind,)).fetchall()
        return self._paged(kind, [key for (key,) in found], SMALL_PAGE)

    def _paged(self, kind: str, keys: list[str], size: int) -> list[Work]:
        return [partial(self._entries, kind, keys[begin : begin + size]) for begin in range(0, len(keys), size)]

    def _live(self, today: float) -> list[Work]:
        """Calls that are not over, and the last thing of each sort that each agent said: by now, and before today
        began, when what was said yesterday still held.
        """
        where, params = self._gate.wanted_sql("c")
        with self._hub.view.reading() as db:
            calls = db.execute(
                f"SELECT c.key FROM call c WHERE c.state NOT IN ('ended', 'lost') AND {where}",  # noqa: S608
                params,
            ).fetchall()
        presences = queries.in_force(self._hub.view, math.inf) | queries.in_force(self._hub.view, today)
        pages = self._paged("call", [key for (key,) in calls], CALLS_PAGE)
        return [*pages, *self._paged("presence", sorted(presences), SMALL_PAGE)]

    def _entries(self, kind: str, keys: list[str]) -> list[Row]:
        return self._rows(self._hub.journal.get_many(kind, keys).values())

    def _rows(self, entries: Iterable[Entry]) -> list[Row]:
        return [row for entry in entries for row in visible(self._gate, entry)]

    def _count(self) -> int:
        where, params = self._gate.wanted_sql("c")
        before = min(self._reached.back, 1e15)
        with self._hub.view.reading() as db:
            calls = db.execute(
                f"SELECT count(*) FROM call c WHERE c.started <= ? AND {where}",  # noqa: S608
                (before, *params),
            ).fetchone()[0]
            return int(calls)

    def _older(self, today: float) -> tuple[list[Row], float]:
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
        presences = self._said(since, today)
        said_since = self._presence_before[0]
        if said_since > since:
            # More was said than fits a page: come back only as far as that goes.
            since, whole = said_since, False
            calls = [call for call in calls if call[2] > since]
        if calls:
            self._calls_before = (calls[-1][2], calls[-1][0])
        elif not whole:
            self._calls_before = (since, "\U0010ffff")
        rows = self._rows(
            Entry(seq, Change("call", name, from_json(text), started, "hub")) for name, seq, started, text in calls
        )
        rows += self._entries("presence", presences)
        return rows, since

    def _said(self, since: float, today: float) -> list[str]:
        """Keys of the next presences, at least back to ``since`` unless that is more than a page.

        What was said before today comes by the page, ahead of the calls: each page of it makes a terminal fold
        everybody's past once more.
        """
        at, key = self._presence_before
        if at <= since:
            return []
        until = since if since > today else COMPLETE
        with self._hub.view.reading() as db:
            found = db.execute(
                "SELECT key, at FROM presence WHERE (at, key) < (?, ?) AND at > ? ORDER BY at DESC, key DESC LIMIT ?",
                (min(at, 1e15), key, until, PRESENCE_PAGE),
            ).fetchall()
        self._presence_before = (found[-1][1], found[-1][0]) if len(found) == PRESENCE_PAGE else (until, "\U0010ffff")
        return [key for key, _ in found]
