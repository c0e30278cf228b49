"""Room ``hub``: the old rows of one terminal, newest first, page by page. Knows the view's tables, one person's gate,
and what many are sent (``Stock``). Belongs on the hub's thread.

First what a board needs at once: everything small (names, settings), what goes on now, and today; then the rest of
what can be many, and calls and presences back in time. A page says how far back the terminal has come, so that a
snapshot that was cut goes on from there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Self, TypeVar

from pydantic_core import to_json

from wallboard_tui.hub.channel import NOT_FED, visible
from wallboard_tui.hub.frames import COMPLETE, NOTHING, Reached
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import WATCHED, Access
from wallboard_tui.hub.present import Present
from wallboard_tui.hub.shared import Position, Shared, Shelf
from wallboard_tui.hub.stretches import BEGINNING, LAST, Stretches
from wallboard_tui.journal.base import Ref
from wallboard_tui.metrics.quarters import QUARTER, day_bounds, quarter_of
from wallboard_tui.model.change import Entry
from wallboard_tui.model.kinds import KINDS

SMALL_PAGE = 500
CALLS_PAGE = 300
PRESENCE_PAGE = 2000
STRETCHES = 4
"""Stretches that one page goes back through at most, so that it is soon done for somebody with few calls, too."""
TURN = 400
"""Rows that are made at a time, before others have their turn."""
LATE = ("followup", "contact")
"""Small kinds of which there can be many: after the others, and after today."""
EVERYTHING = Reached(COMPLETE, late=True)
Found = list[tuple[Shelf, Shared]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of encoded rows, or (``ready``) the word that rows are complete since then.

    ``durable``: a terminal that has it may go on from ``reached``. ``board``: boards have all of now with it, or all of
    today.
    """

    rows: Sequence[bytes]
    reached: Reached
    done: int
    total: int
    durable: bool
    ready: float | None = None
    board: bool = False


@dataclass(frozen=True, slots=True)
class Stock:
    """What many terminals are sent: what goes on, and what was."""

    present: Present
    calls: Stretches
    presences: Stretches

    @classmethod
    def of(cls, hub: Hub) -> Self:
        """Of a hub; nothing is read before somebody needs it."""
        return cls(Present(hub), Stretches(hub, "call"), Stretches(hub, "presence"))


def turn(pages: Iterator[Page]) -> tuple[list[Page], bool]:
    """The next pages, as many as are made before others have their turn: all of what goes on now, or of today, or a
    number of rows; and whether there may be more.
    """
    found, rows = list[Page](), 0
    for page in pages:
        found.append(page)
        rows += len(page.rows)
        if page.board or rows >= TURN:
            return found, True
    return found, False


class Backfill:
    """The old rows of one terminal. ``reached``: what it has already; ``shown``: what they may see of ``WATCHED``
    documents. What comes into sight from then on is told by their channel.
    """

    def __init__(self, hub: Hub, stock: Stock, access: Access, reached: Reached, shown: Set[Ref]) -> None:
        self._hub = hub
        self._stock = stock
        self._shown = shown
        self._gate = access.gate
        self._reached = reached
        self._announced = NOTHING
        self._durable = reached.back != NOTHING
        self._had: set[int] = set()
        """Seqs of calls and presences that have come with what goes on."""
        self._done = 0
        self._total: int | None = None
        self._zone = (access.me.organisation or {}).get("time_zone") or "UTC"
        self._calls_before: Position = (reached.back, LAST)
        self._presences_before: Position = (reached.back, LAST)

    def pages(self) -> Iterator[Page]:
        """All pages that are missing. The last one is ``ready`` from 0."""
        if self._reached == EVERYTHING:
            yield self._ready(COMPLETE)
            return
        now = self._hub.clock()
        today = day_bounds(now, self._zone)[0]
        if not self._durable:
            for part in (self._small(), self._live(today), self._late(today, NOTHING)):
                yield from part
            self._durable = True
            yield self._ready(float(quarter_of(now) + QUARTER), board=True)
        while self._reached.back > today:
            yield from self._next(today)
        self._total = self._done + self._count()
        if not self._reached.late:
            yield from self._late(COMPLETE, today)
            self._reached = self._reached._replace(late=True)
        while self._reached.back > COMPLETE:
            yield from self._next(today)
        if self._announced > today > 0:
            yield self._ready(today)
        yield self._ready(COMPLETE)

    def _next(self, today: float) -> Iterator[Page]:
        """The next page back in time; and the word that another quarter of today, or another day, is complete."""
        calls, presences, back = self._older(today)
        self._reached = self._reached._replace(back=back)
        self._done += len(calls)
        if rows := calls + presences:
            yield self._page(rows)
        if back <= today < self._announced and today > COMPLETE:
            # A page of somebody with few calls goes back for days; the figures of today do not wait for those of then.
            yield self._ready(today, board=True)
        if back > today:
            complete = float(quarter_of(back) + QUARTER)
        else:
            complete = day_bounds(back, self._zone)[1] if back > COMPLETE else today
        if complete < self._announced and (self._reached.late or complete >= today):
            yield self._ready(complete)

    def _page(self, rows: Sequence[bytes]) -> Page:
        return Page(rows, self._reached, self._done, self._expected(), self._durable)

    def _ready(self, since: float, *, board: bool = False) -> Page:
        self._announced = since
        return Page([], self._reached, self._done, self._expected(), self._durable, since, board)

    def _expected(self) -> int:
        # How many there are is counted once the board is there: until then it is more than have come.
        return self._done + 1 if self._total is None else max(self._total, self._done)

    # -- what is small, and what goes on

    def _small(self) -> Iterator[Page]:
        """All of them, kind by kind: most people see few of what there are many of."""
        kinds = [kind for kind in KINDS if kind not in NOT_FED and kind not in ("call", "presence", *LATE)]
        theirs: list[Entry] = []
        for kind in kinds:
            standing = self._hub.standing.of(kind)
            if kind in WATCHED:
                keys = sorted(key for of, key in self._shown if of == kind)
                theirs += (standing[key] for key in keys if key in standing)
            else:
                theirs += standing.values()
        return self._paged(theirs, SMALL_PAGE, self._entries)

    def _live(self, today: float) -> Iterator[Page]:
        """Calls that are not over, and the last thing of each sort that each agent said: by now, and before today
        began, when what was said yesterday still held.
        """
        present = self._stock.present
        for shelf, kind in ((present.calls(), "call"), (present.presences(today), "presence")):
            found = [(shelf, one) for one in shelf.wanted(self._gate, kind)]
            self._had.update(one.entry.seq for _, one in found)
            yield from self._paged(found, CALLS_PAGE, self._rows)

    def _late(self, start: float, end: float) -> Iterator[Page]:
        """Missed opportunities whose last miss was in ``[start, end)``; with those of old also what else is late."""
        if self._gate.may("reports.missed"):
            with self._hub.view.reading() as db:
                found = db.execute(
                    "SELECT key FROM followup WHERE last_miss >= ? AND last_miss < ? ORDER BY last_miss DESC",
                    (start, min(end, 1e15)),
                ).fetchall()
            yield from self._keys("followup", found)
        if start <= COMPLETE and self._gate.may("contacts"):
            with self._hub.view.reading() as db:
                found = db.execute("SELECT key FROM doc WHERE kind = 'contact'").fetchall()
            yield from self._keys("contact", found)

    def _keys(self, kind: str, found: Sequence[tuple[str]]) -> Iterator[Page]:
        def rows(keys: Sequence[tuple[str]]) -> list[bytes]:
            return self._entries(self._hub.journal.get_many(kind, [key for (key,) in keys]).values())

        return self._paged(found, SMALL_PAGE, rows)

    def _paged(self, found: Sequence[T], size: int, rows: Callable[[Sequence[T]], list[bytes]]) -> Iterator[Page]:
        for begin in range(0, len(found), size):
            if made := rows(found[begin : begin + size]):
                self._done += len(made)
                if self._total is not None:
                    self._total += len(made)
                yield self._page(made)

    def _entries(self, entries: Iterable[Entry]) -> list[bytes]:
        return [to_json(row) for entry in entries for row in visible(self._gate, entry)]

    def _rows(self, found: Iterable[tuple[Shelf, Shared]]) -> list[bytes]:
        return [row for shelf, one in found if (row := shelf.row(one, self._gate))]

    # -- back in time

    def _count(self) -> int:
        """Calls that are still to come."""
        where, params = self._gate.wanted_sql("c", gathered=True)
        before = min(self._reached.back, 1e15)
        with self._hub.view.reading() as db:
            calls = db.execute(
                f"SELECT count(*) FROM call c WHERE c.started < ? AND {where}",  # noqa: S608
                (before, *params),
            ).fetchone()[0]
            return int(calls)

    def _older(self, today: float) -> tuple[list[bytes], list[bytes], float]:
        """The next calls back in time, the presences between them, and how far back that is. No page has some of today
        and some of before: today is what boards draw, and many wait for theirs at a time.
        """
        morning: Position = (today, "")
        floor = morning if self._reached.back > today else BEGINNING
        calls, before = self._back("call", self._calls_before, floor, CALLS_PAGE)
        whole = before <= BEGINNING
        since = COMPLETE if whole else before[0]
        presences = self._said(since, today)
        if self._presences_before[0] > since:
            # More was said than fits a page: come back only as far as that goes.
            since, whole = self._presences_before[0], False
            before = (since, LAST)
            calls = [found for found in calls if found[1].at > since]
        self._calls_before = BEGINNING if whole else before
        return self._rows(calls), self._rows(presences), since

    def _said(self, since: float, today: float) -> Found:
        """The next presences, at least back to ``since`` unless that is more than a page.

        What was said before today comes by the page, ahead of the calls: each page of it makes a terminal fold
        everybody's past once more.
        """
        floor = (since, LAST) if since > today else (today, "") if since == today else (COMPLETE, LAST)
        if self._presences_before <= floor:
            return []
        found, self._presences_before = self._back("presence", self._presences_before, floor, PRESENCE_PAGE)
        return found

    def _back(self, kind: str, position: Position, floor: Position, most: int) -> tuple[Found, Position]:
        """What this person may get of a kind before a position, newest first, at most a page of it; and where the next
        begins: at ``floor`` when that was all.
        """
        stretches = self._stock.calls if kind == "call" else self._stock.presences
        found: Found = []
        for _ in range(STRETCHES):
            stretch = stretches.before(position)
            theirs = [
                one
                for one in stretch.wanted(self._gate, kind)
                if floor < one.position < position and one.entry.seq not in self._had
            ]
            found += ((stretch, one) for one in theirs)
            position = max(stretch.since, floor)
            if len(found) > most:
                return found[:most], found[most - 1][1].position
            if position <= floor:
                break
        return found, position
