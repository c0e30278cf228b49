"""Room ``view``: measures of a period and their course, read from cells and completed by what goes on.

``all`` is the sum over numbers, since every call has exactly one (or none, which is a subject of its own), and of the
agents' time. A team's figures are sums: what counts visits over the queues it owns, what counts legs and time over its
members.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence

from wallboard_tui.metrics.measures import MAXIMA, MEASURES, SECONDS, VISIT_MEASURES, blank, combine
from wallboard_tui.metrics.quarters import QUARTER, day_bounds, days, quarter_of
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import By as By
from wallboard_tui.view.going_on import Found, GoingOn, Told, going_on
from wallboard_tui.view.live import agents_by_name
from wallboard_tui.view.view import View

_SUMS = ", ".join(f"{'max' if name in MAXIMA else 'sum'}({name})" for name in MEASURES)
_WAITING = ("waiting", "pending", "waiting_longest_s")
_PRESENCE = ("login_s", "available_s", "paused_s")
OF_QUEUES = VISIT_MEASURES | {"calls", "inbound", "inbound_missed", "answerable", *_WAITING}
"""What a team has from the queues it owns; everything else it has from its members."""
DAY = 86400


def measures(
    view: View,
    lens: int,
    *,
    by: By,
    start: float,
    end: float,
    now: float,
    finished_only: bool = False,
    told: Told | None = None,
) -> Found:
    """Subject → measures of a period, what is going on at ``now`` included. Subjects without anything are left out.

    ``finished_only``: without what is going on, for a reader who may see figures but not the present. ``told``: what is
    going on as a reader without the rows knows it.

    All of ``MEASURES`` are there; beside them ``waiting``, ``pending`` and ``waiting_longest_s`` (not for agents),
    and ``paused_s:<reason>``. Durations in seconds. With ``by="all"`` the only subject is ``""``. Periods are taken by
    quarters of an hour.
    """
    with view.reading() as db:
        going = None if finished_only else GoingOn(view, lens, now, told) if told else going_on(view, lens, now)
        if by == "team":
            queues = _period(view, db, lens, "queue", start, end, now, going)
            agents = _period(view, db, lens, "agent", start, end, now, going)
            return {team: _team(doc, view, queues, agents) for team, doc in view.documents("team").items()}
        return _period(view, db, lens, by, start, end, now, going)


def _period(
    view: View,
    db: sqlite3.Connection,
    lens: int,
    by: str,
    start: float,
    end: float,
    now: float,
    going: GoingOn | None,
) -> Found:
    first, last = _whole_days(start, end, now, view.zone)
    parts = (
        [("day_cell", first, last), ("cell", start, first), ("cell", last, end)]
        if first < last
        else [("cell", start, end)]
    )
    found: Found = {}
    for table, begin, finish in parts:
        if begin >= finish:
            continue
        for subject, values in _read(db, table, lens, by, quarter_of(begin), finish):
            found[subject] = combine((found[subject], values)) if subject in found else values
    for subject, reason, seconds in _reasons(db, lens, by, start, max(end, last)):
        found.setdefault(subject, blank())[f"paused_s:{reason}"] = seconds
    if going is not None:
        going.add_to(found, by, start, max(end, last), blank)
    if by != "agent":
        for values in found.values():
            for name in _WAITING:
                values.setdefault(name, 0.0)
    return found


def _whole_days(start: float, end: float, now: float, zone: str) -> tuple[float, float]:
    """The whole local days inside a period. A period that reaches ``now`` has all of its last day: the rest is still
    empty."""
    begin, after = day_bounds(quarter_of(start), zone)
    first = start if start <= begin else after
    begin, after = day_bounds(quarter_of(end), zone)
    last = after if now <= end and end > begin else begin
    return (first, last) if first < last else (start, start)


def _read(
    db: sqlite3.Connection, table: str, lens: int, by: str, start: float, end: float
) -> Iterable[tuple[str, dict[str, float]]]:
    group = "''" if by == "all" else "subject"
    cells = "number" if by == "all" else by
    rows = db.execute(
        f'SELECT {group}, count(*), {_SUMS} FROM {table} WHERE lens = ? AND "by" = ? AND quarter >= ? AND quarter < ?'  # noqa: S608
        + ("" if by == "all" else " GROUP BY subject"),
        (lens, cells, start, end),
    )
    for subject, number, *values in rows:
        if number:
            yield subject, _scaled(values)
    if by == "all":
        sums = ", ".join(f"sum({name})" for name in _PRESENCE)
        row = db.execute(
            f"SELECT {sums} FROM {table} WHERE lens = ? AND \"by\" = 'agent' AND quarter >= ? AND quarter < ?"  # noqa: S608
            " AND direction = ''",
            (lens, start, end),
        ).fetchone()
        if row[0] is not None:
            yield "", blank() | {name: value / 1000 for name, value in zip(_PRESENCE, row, strict=True)}


def _scaled(values: Sequence[float], names: Sequence[str] = MEASURES) -> dict[str, float]:
    # Dividing, not multiplying by 0.001: 3368000 ms must be 3368.0 s exactly.
    return {name: value / 1000 if name in SECONDS else float(value) for name, value in zip(names, values, strict=True)}


def _reasons(db: sqlite3.Connection, lens: int, by: str, start: float, end: float) -> list[tuple[str, str, float]]:
    if by not in ("queue", "agent", "all"):
        return []
    group = "''" if by == "all" else "subject"
    rows = db.execute(
        f'SELECT {group}, reason, sum(paused_s) FROM reason_cell WHERE lens = ? AND "by" = ?'  # noqa: S608
        f" AND quarter >= ? AND quarter < ? GROUP BY {group}, reason",
        (lens, "agent" if by == "all" else by, quarter_of(start), end),
    )
    return [(subject, reason, milliseconds / 1000) for subject, reason, milliseconds in rows]


def _team(team: Doc, view: View, queues: Found, agents: Found) -> dict[str, float]:
    """A team's figures out of those of its queues and its members' agents."""
    people = view.documents("person")
    owned = [queues[key] for key in team.get("queues") or () if key in queues]
    names = agents_by_name(view)
    said = {agent for member in team.get("members") or () for agent in people.get(member, {}).get("agents") or ()}
    linked = {names.get(agent, agent) for agent in said}
    own = [agents[key] for key in sorted(linked) if key in agents]
    # Without queues of its own, a team's calls are those of its members.
    of_queues = OF_QUEUES if team.get("queues") else OF_QUEUES - {"calls", "inbound"}
    return combine(
        [{name: value for name, value in part.items() if name in of_queues} for part in owned]
        + [{name: value for name, value in part.items() if name not in of_queues} for part in own]
    )


def trend(
    view: View, lens: int, *, by: By, subject: str, start: float, end: float, step: float, now: float
) -> list[dict[str, float]]:
    """Measures of one subject in steps of ``step`` seconds from ``start``; each also has ``start``.

    Steps are whole quarters of an hour; from 86,400 s on they are local days, whatever their length.
    """
    found = trends(view, lens, by=by, start=start, end=end, step=step, now=now)
    return found.get(subject) or [blank() | {"start": begin} for begin, _ in _steps(start, end, step, view.zone)]


def trends(
    view: View,
    lens: int,
    *,
    by: By,
    start: float,
    end: float,
    step: float,
    now: float,
    only: Collection[str] | None = None,
) -> dict[str, list[dict[str, float]]]:
    """Subject → ``trend``, for all subjects in one pass; ``only``: these measures and no others, for who draws one."""
    steps = _steps(start, end, step, view.zone)
    names = MEASURES if only is None else tuple(name for name in MEASURES if name in only)
    with view.reading() as db:
        going = going_on(view, lens, now)
        if by == "team":
            queues = _course(db, lens, "queue", steps, step, going, names, only)
            agents = _course(db, lens, "agent", steps, step, going, names, only)
            return {
                team: [
                    _team(
                        doc,
                        view,
                        {key: own[i] for key, own in queues.items()},
                        {key: own[i] for key, own in agents.items()},
                    )
                    | {"start": begin}
                    for i, (begin, _) in enumerate(steps)
                ]
                for team, doc in view.documents("team").items()
            }
        course = _course(db, lens, by, steps, step, going, names, only)
    return {
        key: [values | {"start": begin} for values, (begin, _) in zip(own, steps, strict=True)]
        for key, own in course.items()
    }


def _steps(start: float, end: float, step: float, zone: str) -> list[tuple[float, float]]:
    if step >= DAY:
        return list(days(start, end, zone))
    width = max(1, round(step / QUARTER)) * QUARTER
    begin = quarter_of(start)
    return [(float(at), float(at + width)) for at in range(begin, int(max(end, begin + 1)), width)]


def _course(
    db: sqlite3.Connection,
    lens: int,
    by: str,
    steps: list[tuple[float, float]],
    step: float,
    going: GoingOn,
    names: Sequence[str],
    only: Collection[str] | None,
) -> dict[str, list[dict[str, float]]]:
    nothing = {name: value for name, value in blank().items() if only is None or name in names}
    found: list[Found] = [{} for _ in steps]
    if steps:
        begins = [quarter_of(begin) for begin, _ in steps]
        table = "day_cell" if step >= DAY else "cell"
        for at, subject, values in _by_quarter(db, table, lens, by, begins[0], quarter_of(steps[-1][1]), names):
            here = found[bisect_right(begins, at) - 1]
            here[subject] = combine((here[subject], values)) if subject in here else values
    for here, (begin, end) in zip(found, steps, strict=True):
        going.add_to(here, by, begin, end, nothing.copy, only)
    subjects = {subject for here in found for subject in here}
    return {subject: [here.get(subject) or nothing.copy() for here in found] for subject in subjects}


def _by_quarter(
    db: sqlite3.Connection, table: str, lens: int, by: str, start: float, end: float, names: Sequence[str]
) -> Iterable[tuple[float, str, dict[str, float]]]:
    """Quarter (or day), subject and its measures, in one pass over the cells of all subjects."""
    subject = "''" if by == "all" else "subject"
    sums = ", ".join(f"{'max' if name in MAXIMA else 'sum'}({name})" for name in names)
    where = 'lens = ? AND "by" = ? AND quarter >= ? AND quarter < ?'
    rows = db.execute(
        f"SELECT quarter, {subject}, {sums} FROM {table} WHERE {where} GROUP BY quarter, 2",  # noqa: S608
        (lens, "number" if by == "all" else by, start, end),
    )
    for at, key, *values in rows:
        yield at, key, _scaled(values, names)
    present = [name for name in _PRESENCE if name in names]
    if by == "all" and present:
        sums = ", ".join(f"sum({name})" for name in present)
        rows = db.execute(
            f"SELECT quarter, {sums} FROM {table} WHERE {where} AND direction = '' GROUP BY quarter",  # noqa: S608
            (lens, "agent", start, end),
        )
        for at, *values in rows:
            yield at, "", dict.fromkeys(names, 0.0) | {k: v / 1000 for k, v in zip(present, values, strict=True)}
