"""Room ``view``: what agents said without naming a queue, and the queues that it is about."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf
from typing import Final, NamedTuple

from pydantic_core import to_json

from wallboard_tui.metrics.sitting import FAMILIES, Second, about, seconds
from wallboard_tui.view.view import View

OF_QUEUES: Final = ("join", "leave", "pause", "unpause")
"""What can be said of one queue."""


class Stretch(NamedTuple):
    """From when to when something may be other than it was."""

    since: float
    until: float


def moved(view: View, keys: Collection[str]) -> dict[str, Stretch]:
    """Agent → the stretch of their past on which some presences bear, by key.

    What is said of a queue bears on all between the statements of that queue before and after it.
    """
    found: dict[str, Stretch] = {}
    with view.reading() as db:
        rows = db.execute(
            "SELECT agent, queue, min(at), max(at) FROM presence WHERE key IN (SELECT value FROM json_each(?))"
            " GROUP BY agent, queue",
            (to_json(sorted(keys)).decode(),),
        ).fetchall()
        for agent, queue, since, until in rows:
            if queue is not None:
                since = _nearest(db, agent, queue, OF_QUEUES, since, "max", "<", -inf)
                until = _nearest(db, agent, queue, OF_QUEUES, until, "min", ">", inf)
            known = found.get(agent, Stretch(since, until))
            found[agent] = Stretch(min(known.since, since), max(known.until, until))
    return found


def signed_into(view: View, agent: str, stretch: Stretch) -> Mapping[str, frozenset[str]]:
    """Key of each statement without a queue that was made or held then → the queues that it is about, as
    ``metrics.sitting`` has it. Nothing where the agent never spoke of a queue.
    """
    with view.reading() as db:
        queues = db.execute("SELECT DISTINCT queue FROM presence WHERE agent = ? AND queue > ''", (agent,)).fetchall()
        found: dict[str, frozenset[str]] = {}
        for family in FAMILIES if queues else ():
            statements, first, until = _held(db, agent, family, stretch)
            if statements:
                begin = -inf if first else min(at for _, at in statements)
                said = {queue: _of_queue(db, agent, queue, begin, until) for (queue,) in queues}
                found |= about(statements, said, first=first, until=until)
    return found


def _held(
    db: sqlite3.Connection, agent: str, family: Sequence[str], stretch: Stretch
) -> tuple[list[tuple[str, float]], bool, float]:
    """Statements of a family that were made or held in a stretch of time, whether the oldest is the first of all, and
    when the next one was made."""
    since = _nearest(db, agent, None, family, stretch.since, "max", "<", stretch.since)
    until = _nearest(db, agent, None, family, stretch.until, "min", ">", stretch.until)
    statements = db.execute(
        f"SELECT key, at FROM presence WHERE agent = ? AND queue IS NULL AND what IN ({_marks(family)})"  # noqa: S608
        " AND at >= ? AND at <= ?",
        (agent, *family, _bound(since), _bound(until)),
    ).fetchall()
    first = _nearest(db, agent, None, family, since, "max", "<", -inf) == -inf
    return statements, first, _nearest(db, agent, None, family, until, "min", ">", inf)


def _of_queue(db: sqlite3.Connection, agent: str, queue: str, begin: float, end: float) -> list[Second]:
    """What was said of a queue from ``begin`` to ``end``, with the last that counts before and the first after."""
    since = _nearest(db, agent, queue, OF_QUEUES, begin, "max", "<", -inf)
    until = _nearest(db, agent, queue, OF_QUEUES, end, "min", ">", inf)
    found = seconds(_said(db, agent, queue, since, until))
    times = [at for at, _ in found]
    if all(at in times for at in (since, until) if abs(at) < inf):
        return found
    # At the edge stands a moment that changes nothing: what counts lies further away.
    return seconds(_said(db, agent, queue, -inf, inf))


def _said(db: sqlite3.Connection, agent: str, queue: str, begin: float, end: float) -> Iterable[tuple[float, str]]:
    return db.execute(
        f"SELECT at, what FROM presence WHERE agent = ? AND queue = ? AND what IN ({_marks(OF_QUEUES)})"  # noqa: S608
        " AND at >= ? AND at <= ?",
        (agent, queue, *OF_QUEUES, _bound(begin), _bound(end)),
    )


def _nearest(
    db: sqlite3.Connection, agent: str, queue: str | None, whats: Sequence[str], at: float, best: str, side: str,
    otherwise: float,
) -> float:  # fmt: skip
    """When one of some statements was made last before, or first after, a moment."""
    each = f"SELECT {best}(at) AS at FROM presence WHERE agent = ? AND queue IS ? AND what = ? AND at {side} ?"  # noqa: S608
    sql = f"SELECT {best}(at) FROM ({' UNION ALL '.join([each] * len(whats))})"  # noqa: S608
    found = db.execute(sql, [value for what in whats for value in (agent, queue, what, _bound(at))]).fetchone()[0]
    return otherwise if found is None else float(found)


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))


def _bound(at: float) -> float:
    return max(-1e15, min(at, 1e15))
