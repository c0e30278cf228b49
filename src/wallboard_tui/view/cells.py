"""Room ``view``: keeping cells. Contributions are added and taken away as differences, in quarter and in day cells at
once."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from operator import add
from typing import Any

from wallboard_tui.metrics.measures import MAXIMA, MEASURES, SECONDS
from wallboard_tui.metrics.quarters import day_bounds, day_of, quarter_of
from wallboard_tui.model.base import Doc
from wallboard_tui.view.contributions import CALL_KINDS, INTERVAL_KINDS, REASONS, ROW_ID, VISITS, Kind

Place = tuple[int, str, str, str, int]
"""Lens, by, subject, direction (or reason) and quarter."""
_COLUMNS = ("n", *MEASURES)
_AT = {name: index for index, name in enumerate(_COLUMNS)}
_MAXIMA = tuple(name for name in MEASURES if name in MAXIMA)
_MAXIMA_AT = tuple(_AT[name] for name in _MAXIMA)
_PLACES: dict[str, tuple[int, ...]] = {
    kind.name: tuple(_AT[name] for name in kind.measures) for kind in (*CALL_KINDS, *INTERVAL_KINDS)
}
"""Kind → where in a cell its measures stand."""
_HERE = 'lens = ? AND "by" = ? AND subject = ? AND direction = ? AND quarter = ?'
_REASON_HERE = _HERE.replace("direction", "reason")
_ROLLED = ", ".join(f"{'max' if name in MAXIMA else 'sum'}({name})" for name in _COLUMNS)


def _upsert(table: str, measures: Sequence[str], last: str = "direction") -> str:
    columns = ("lens", '"by"', "subject", last, "quarter", *measures)
    sets = ", ".join(
        f"{name} = {f'max({name}, excluded.{name})' if name in MAXIMA else f'{name} + excluded.{name}'}"
        for name in measures
    )
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
        f' ON CONFLICT (lens, "by", quarter, subject, {last}) DO UPDATE SET {sets}'
    )


_PUT_CELL, _PUT_DAY = _upsert("cell", _COLUMNS), _upsert("day_cell", _COLUMNS)
_PUT_REASON = _upsert("reason_cell", ("n", "paused_s"), "reason")


class Deltas:
    """What is to be added to cells: the contributions of some rows, less those of the rows as they were before."""

    def __init__(self, connection: sqlite3.Connection, zone: str) -> None:
        self._db = connection
        self.zone = zone
        self._clear()

    def _clear(self) -> None:
        self._cells: dict[Place, list[int]] = {}
        """Place → what to add to ``n`` and the measures; the maxima among them are those of the rows added."""
        self._reasons: dict[Place, list[int]] = {}
        self._lost: dict[Place, list[int]] = {}
        """Place → the maxima of the rows taken away."""
        self._doubtful: set[Place] = set()
        """Cells from which something was taken away that had been added just before."""
        self._shrunk: set[Place] = set()

    def take(
        self, kinds: Iterable[Kind], where: str, params: Sequence[Any], sign: int, by: Collection[str] | None = None
    ) -> None:
        """Add (``sign`` 1) or take away (-1) what rows contribute. ``{id}`` in ``where`` stands for the call's id.

        ``by``: only cells of these; ``None``: all.
        """
        for kind in kinds:
            chosen = where.replace("{id}", ROW_ID.get(kind.name, "i.id"))
            for sql in kind.selects(chosen, by):
                rows = self._db.execute(sql, params)
                if kind is REASONS:
                    self._take_reasons(rows, sign)
                else:
                    self._take(rows, _PLACES[kind.name], sign)

    def _take(self, rows: Iterable[tuple[Any, ...]], at: tuple[int, ...], sign: int) -> None:
        cells = self._cells
        for row in rows:
            place = row[:5]
            own = cells.get(place)
            if own is None:
                own = cells[place] = [0] * len(_COLUMNS)
            own[0] += sign * row[5]
            for index, value in zip(at, row[6:], strict=True):
                if value:
                    if index not in _MAXIMA_AT:
                        own[index] += sign * value
                    elif sign > 0:
                        own[index] = max(own[index], value)
                    else:
                        self._lose(place, own, index, value)
            if sign < 0:
                self._shrunk.add(place)

    def _lose(self, place: Place, own: list[int], index: int, value: int) -> None:
        if own[index]:
            self._doubtful.add(place)
        lost = self._lost.setdefault(place, [0] * len(_MAXIMA_AT))
        which = _MAXIMA_AT.index(index)
        lost[which] = max(lost[which], value)

    def _take_reasons(self, rows: Iterable[tuple[Any, ...]], sign: int) -> None:
        for row in rows:
            own = self._reasons.setdefault(row[:5], [0, 0])
            own[0] += sign * row[5]
            own[1] += sign * row[6]

    def write(self) -> None:
        """Write everything into the cells."""
        real = {place: values for place, values in self._cells.items() if any(values)}
        # One by one, and not made all at once: there are thousands of them, each of forty figures.
        self._db.executemany(_PUT_CELL, ((*place, *values) for place, values in real.items()))
        self._db.executemany(_PUT_DAY, ((*place, *values) for place, values in self._days(real).items()))
        self._db.executemany(_PUT_REASON, ((*place, *values) for place, values in self._reasons.items() if any(values)))
        self._repair()
        self._drop_empty()
        self._clear()

    def _days(self, cells: dict[Place, list[int]]) -> dict[Place, list[int]]:
        days: dict[Place, list[int]] = {}
        for place, values in cells.items():
            day = (*place[:4], day_of(place[4], self.zone))
            known = days.get(day)
            if known is None:
                days[day] = list(values)
                continue
            largest = [max(known[index], values[index]) for index in _MAXIMA_AT]
            known[:] = map(add, known, values)
            for index, value in zip(_MAXIMA_AT, largest, strict=True):
                known[index] = value
        return days

    def _repair(self) -> None:
        """A maximum cannot be taken away: where the largest went, look for the next among the rows of its quarter."""
        quarters: dict[int, dict[Place, list[int]]] = {}
        for place, lost in self._lost.items():
            if place not in self._doubtful and not self._largest_gone(place, lost):
                continue
            if place[4] not in quarters:
                at = [6 + VISITS.measures.index(name) for name in _MAXIMA]
                quarters[place[4]] = {
                    row[:5]: [row[index] for index in at]
                    for sql in VISITS.selects("v.quarter = ?")
                    for row in self._db.execute(sql, (place[4],))
                }
            values = quarters[place[4]].get(place, [0] * len(_MAXIMA))
            sets = ", ".join(f"{name} = ?" for name in _MAXIMA)
            self._db.execute(f"UPDATE cell SET {sets} WHERE {_HERE}", (*values, *place))  # noqa: S608
            self._repair_day(place)

    def _largest_gone(self, place: Place, lost: list[int]) -> bool:
        row = self._db.execute(f"SELECT {', '.join(_MAXIMA)} FROM cell WHERE {_HERE}", place).fetchone()  # noqa: S608
        gained = [self._cells[place][index] for index in _MAXIMA_AT]
        return any(was == kept and got < was for was, kept, got in zip(lost, row or (), gained, strict=bool(row)))

    def _repair_day(self, place: Place) -> None:
        """Take the maxima of a day anew from its quarters."""
        day, after = day_span(place[4], self.zone)
        largest = self._db.execute(
            f"SELECT {', '.join(f'max({name})' for name in _MAXIMA)} FROM cell"  # noqa: S608
            ' WHERE lens = ? AND "by" = ? AND subject = ? AND direction = ? AND quarter >= ? AND quarter < ?',
            (*place[:4], day, after),
        ).fetchone()
        sets = ", ".join(f"{name} = ?" for name in _MAXIMA)
        self._db.execute(f"UPDATE day_cell SET {sets} WHERE {_HERE}", (*largest, *place[:4], day))  # noqa: S608

    def _drop_empty(self) -> None:
        days = {(*place[:4], day_of(place[4], self.zone)) for place in self._shrunk}
        self._db.executemany(f"DELETE FROM cell WHERE n <= 0 AND {_HERE}", self._shrunk)  # noqa: S608
        self._db.executemany(f"DELETE FROM day_cell WHERE n <= 0 AND {_HERE}", days)  # noqa: S608
        gone = [place for place, values in self._reasons.items() if values[0] < 0]
        self._db.executemany(f"DELETE FROM reason_cell WHERE n <= 0 AND {_REASON_HERE}", gone)  # noqa: S608


def day_span(quarter: int, zone: str) -> tuple[int, int]:
    """The key of the day cell that a quarter belongs to, and that of the next day's."""
    start, end = day_bounds(quarter, zone)
    return quarter_of(start), quarter_of(end)


def receive(connection: sqlite3.Connection, cells: Iterable[tuple[Doc | None, str]], zone: str) -> None:
    """Put cells that a hub computed in the place of those that are there; ``None`` removes one. Pairs of document and
    key."""
    days: set[tuple[int, str, int]] = set()
    columns = ("lens", '"by"', "subject", "direction", "quarter", *_COLUMNS)
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
        _PUT_REASON,
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
