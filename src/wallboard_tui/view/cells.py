"""Room ``view``: keeping cells. Contributions are added and taken away as differences, in quarter and in day cells at
once."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from wallboard_tui.metrics.measures import MAXIMA, MEASURES, SECONDS
from wallboard_tui.metrics.quarters import day_bounds, day_of, quarter_of
from wallboard_tui.model.base import Doc
from wallboard_tui.view.contributions import CALL_KINDS, INTERVAL_KINDS, ROW_ID, VISITS, Kind

Place = tuple[int, str, str, str, int]
"""Lens, by, subject, direction (or reason) and quarter."""
_RECEIVED = Kind("received", MEASURES, {})
_KINDS: dict[str, Kind] = {kind.name: kind for kind in (*CALL_KINDS, *INTERVAL_KINDS, _RECEIVED)}
_HERE = 'lens = ? AND "by" = ? AND subject = ? AND direction = ? AND quarter = ?'
_ROLLED = ", ".join(f"{'max' if name in MAXIMA else 'sum'}({name})" for name in ("n", *MEASURES))


def _upsert(table: str, measures: Sequence[str], last: str = "direction") -> str:
    columns = ("lens", '"by"', "subject", last, "quarter", "n", *measures)
    sets = ", ".join(
        f"{name} = {f'max({name}, excluded.{name})' if name in MAXIMA else f'{name} + excluded.{name}'}"
        for name in ("n", *measures)
    )
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
        f' ON CONFLICT (lens, "by", quarter, subject, {last}) DO UPDATE SET {sets}'
    )


class Deltas:
    """What is to be added to cells: the contributions of some rows, less those of the rows as they were before."""

    def __init__(self, connection: sqlite3.Connection, zone: str) -> None:
        self._db = connection
        self.zone = zone
        self._sums: dict[str, dict[Place, list[int]]] = {}
        self._lost: dict[Place, list[int]] = {}
        """Visit cells from which something was taken away → the maxima that went with it."""
        self._shrunk: dict[str, set[Place]] = {}
        """Kind → cells from which something was taken away."""

    def take(
        self, kinds: Iterable[Kind], where: str, params: Sequence[Any], sign: int, by: Collection[str] | None = None
    ) -> None:
        """Add (``sign`` 1) or take away (-1) what rows contribute. ``{id}`` in ``where`` stands for the call's id.

        ``by``: only cells of these; ``None``: all.
        """
        for kind in kinds:
            chosen = where.replace("{id}", ROW_ID.get(kind.name, "i.id"))
            for sql in kind.selects(chosen, by):
                self.add(kind.name, self._db.execute(sql, params), sign)

    def add(self, name: str, rows: Iterable[tuple[Any, ...]], sign: int) -> None:
        """Add rows as a kind's SELECT yields them."""
        sums = self._sums.setdefault(name, {})
        maxima = _maxima(name)
        for row in rows:
            place, values = row[:5], row[5:]
            known = sums.get(place)
            if sign < 0:
                self._shrunk.setdefault(name, set()).add(place)
                if maxima:
                    lost = [values[i] for i in maxima]
                    self._lost[place] = [max(a, b) for a, b in zip(lost, self._lost.get(place, lost), strict=True)]
                values = tuple(0 if i in maxima else -value for i, value in enumerate(values))
            if known is None:
                sums[place] = list(values)
            elif maxima:
                sums[place] = [
                    max(a, b) if i in maxima else a + b for i, (a, b) in enumerate(zip(known, values, strict=True))
                ]
            else:
                sums[place] = [a + b for a, b in zip(known, values, strict=True)]

    def write(self) -> bool:
        """Write everything into the cells. Returns whether a cell changed."""
        changed = False
        for name, sums in self._sums.items():
            real = {place: values for place, values in sums.items() if any(values)}
            if real:
                changed = True
                self._write(name, real)
        self._repair()
        self._drop_empty()
        self._sums, self._lost, self._shrunk = {}, {}, {}
        return changed

    def _write(self, name: str, sums: dict[Place, list[int]]) -> None:
        measures = _KINDS[name].measures
        if name == "reason":
            self._db.executemany(_upsert("reason_cell", measures, "reason"), [(*p, *v) for p, v in sums.items()])
            return
        self._db.executemany(_upsert("cell", measures), [(*place, *values) for place, values in sums.items()])
        maxima = _maxima(name)
        days: dict[Place, list[int]] = {}
        for place, values in sums.items():
            day = (*place[:4], day_of(place[4], self.zone))
            known = days.get(day)
            if known is None:
                days[day] = list(values)
            else:
                days[day] = [
                    max(a, b) if i in maxima else a + b for i, (a, b) in enumerate(zip(known, values, strict=True))
                ]
        self._db.executemany(_upsert("day_cell", measures), [(*place, *values) for place, values in days.items()])

    def _repair(self) -> None:
        """A maximum cannot be taken away: where the largest went, look for the next among the rows of its quarter."""
        at = _maxima(VISITS.name)
        columns = [VISITS.measures[i - 1] for i in at]
        quarters: dict[int, dict[Place, list[int]]] = {}
        for place, lost in self._lost.items():
            now = self._db.execute(f"SELECT {', '.join(columns)} FROM cell WHERE {_HERE}", place).fetchone()  # noqa: S608
            gained = self._sums[VISITS.name][place]
            if not any(was == kept and gained[i] < was for was, kept, i in zip(lost, now, at, strict=True)):
                continue
            if place[4] not in quarters:
                quarters[place[4]] = {
                    row[:5]: [row[5 + i] for i in at]
                    for sql in VISITS.selects("v.quarter = ?")
                    for row in self._db.execute(sql, (place[4],))
                }
            values = quarters[place[4]].get(place, [0] * len(at))
            sets = ", ".join(f"{name} = ?" for name in columns)
            self._db.execute(f"UPDATE cell SET {sets} WHERE {_HERE}", (*values, *place))  # noqa: S608
            self._repair_day(place)

    def _repair_day(self, place: Place) -> None:
        """Take the maxima of a day anew from its quarters."""
        day, after = day_span(place[4], self.zone)
        names = [name for name in MEASURES if name in MAXIMA]
        largest = self._db.execute(
            f"SELECT {', '.join(f'max({name})' for name in names)} FROM cell"  # noqa: S608
            ' WHERE lens = ? AND "by" = ? AND subject = ? AND direction = ? AND quarter >= ? AND quarter < ?',
            (*place[:4], day, after),
        ).fetchone()
        sets = ", ".join(f"{name} = ?" for name in names)
        self._db.execute(f"UPDATE day_cell SET {sets} WHERE {_HERE}", (*largest, *place[:4], day))  # noqa: S608

    def _drop_empty(self) -> None:
        for name, places in self._shrunk.items():
            if name == "reason":
                here = _HERE.replace("direction", "reason")
                self._db.executemany(f"DELETE FROM reason_cell WHERE n <= 0 AND {here}", places)  # noqa: S608
                continue
            days = {(*place[:4], day_of(place[4], self.zone)) for place in places}
            self._db.executemany(f"DELETE FROM cell WHERE n <= 0 AND {_HERE}", places)  # noqa: S608
            self._db.executemany(f"DELETE FROM day_cell WHERE n <= 0 AND {_HERE}", days)  # noqa: S608


def day_span(quarter: int, zone: str) -> tuple[int, int]:
    """The key of the day cell that a quarter belongs to, and that of the next day's."""
    start, end = day_bounds(quarter, zone)
    return quarter_of(start), quarter_of(end)


def _maxima(name: str) -> tuple[int, ...]:
    """Where in a kind's values (``n`` first) the maxima stand."""
    return _MAXIMA_AT[name]


_MAXIMA_AT = {
    name: tuple(i + 1 for i, measure in enumerate(kind.measures) if measure in MAXIMA) for name, kind in _KINDS.items()
}


def receive(connection: sqlite3.Connection, cells: Iterable[tuple[Doc | None, str]], zone: str) -> None:
    """Put cells that a hub computed in the place of those that are there; ``None`` removes one. Pairs of document and
    key."""
    days: set[tuple[int, str, int]] = set()
    columns = ("lens", '"by"', "subject", "direction", "quarter", "n", *MEASURES)
    put = f"INSERT OR REPLACE INTO cell ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    for doc, key in cells:
        place = _place_of(key)
        connection.execute(f"DELETE FROM cell WHERE {_HERE}", place)  # noqa: S608
        measures: dict[str, float] = doc["measures"] if doc else {}
        if doc is not None:
            connection.execute(put, (*place, 1, *(stored(name, measures.get(name, 0)) for name in MEASURES)))
        _receive_reasons(connection, place, measures)
        days.add((*place[:2], place[4]))
    for lens, by, day in {(lens, by, day_of(quarter, zone)) for lens, by, quarter in days}:
        start, after = day_span(day, zone)
        connection.execute('DELETE FROM day_cell WHERE lens = ? AND "by" = ? AND quarter = ?', (lens, by, start))
        connection.execute(
            f'INSERT INTO day_cell ({", ".join(columns)}) SELECT lens, "by", subject, direction, ?, {_ROLLED}'  # noqa: S608
            ' FROM cell WHERE lens = ? AND "by" = ? AND quarter >= ? AND quarter < ? GROUP BY subject, direction',
            (start, lens, by, start, after),
        )


def _receive_reasons(connection: sqlite3.Connection, place: Place, measures: dict[str, float]) -> None:
    lens, by, subject, direction, quarter = place
    if direction:
        return
    connection.execute(
        'DELETE FROM reason_cell WHERE lens = ? AND "by" = ? AND quarter = ? AND subject = ?',
        (lens, by, quarter, subject),
    )
    connection.executemany(
        _upsert("reason_cell", ("paused_s",), "reason"),
        [
            (lens, by, subject, name.partition(":")[2], quarter, 1, stored("paused_s", value))
            for name, value in measures.items()
            if name.startswith("paused_s:")
        ],
    )


def _place_of(key: str) -> Place:
    """The place in a cell's key, ``<lens>/<by>/<subject>/<direction>/<quarter>``; a subject may hold slashes."""
    lens, by, rest = key.split("/", 2)
    subject, direction, quarter = rest.rsplit("/", 2)
    return int(lens), by, subject, direction, int(quarter)


def stored(name: str, value: float) -> int:
    """A measure as a cell holds it: seconds in whole milliseconds."""
    return round(value * 1000) if name in SECONDS else round(value)


def rebuild(connection: sqlite3.Connection, zone: str) -> None:
    """Compute all cells of counted lenses anew from the rows. Received cells stay."""
    for table in ("cell", "day_cell", "reason_cell"):
        connection.execute(f"DELETE FROM {table} WHERE lens IN (SELECT i FROM lens)")  # noqa: S608
    deltas = Deltas(connection, zone)
    deltas.take((*CALL_KINDS, *INTERVAL_KINDS), "1", (), 1)
    deltas.write()


def rebuild_days(connection: sqlite3.Connection, zone: str) -> None:
    """Compute all day cells anew from the quarters: another time zone has other days."""
    connection.execute("DELETE FROM day_cell")
    quarters = [row[0] for row in connection.execute("SELECT DISTINCT quarter FROM cell")]
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS day_of (quarter INTEGER PRIMARY KEY, day INTEGER)")
    connection.execute("DELETE FROM temp.day_of")
    connection.executemany("INSERT INTO temp.day_of VALUES (?, ?)", [(q, day_of(q, zone)) for q in quarters])
    connection.execute(
        f'INSERT INTO day_cell (lens, "by", subject, direction, quarter, n, {", ".join(MEASURES)})'  # noqa: S608
        f' SELECT lens, "by", subject, direction, day, {_ROLLED} FROM cell JOIN temp.day_of USING (quarter)'
        " GROUP BY 1, 2, 3, 4, 5"
    )
