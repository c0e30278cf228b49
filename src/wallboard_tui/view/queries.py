"""Room ``view``: what one can ask a view. Plain SQL; every answer depends on the view, the lens and an explicit ``now``
alone.

The seam of the room. A *lens* is an index; a hub's own view has lens 0 only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, MutableMapping
from typing import Any, TypeVar

from pydantic_core import from_json, to_json

from wallboard_tui.metrics.presence import ENGAGED, SIGNED_IN
from wallboard_tui.model.agent import Interval
from wallboard_tui.model.base import Doc
from wallboard_tui.view.figures import By, measures, trend, trends
from wallboard_tui.view.live import agents_by_name, lasting_in_queues, live_agents, live_queues, staffing
from wallboard_tui.view.view import View

__all__ = [
    "By",
    "agents_by_name",
    "call",
    "calls",
    "calls_as",
    "complete_since",
    "document",
    "documents",
    "followups",
    "in_force",
    "intervals",
    "lasting_in_queues",
    "live_agents",
    "live_queues",
    "measures",
    "sent_since",
    "set_complete_since",
    "staffing",
    "told_since",
    "trend",
    "trends",
]


T = TypeVar("T")


def documents(view: View, kind: str) -> dict[str, Doc]:
    """All documents of a small kind, by key; not calls and presence. Not to be changed by the caller."""
    if kind == "followup":
        with view.reading() as db:
            rows = db.execute("SELECT key, json FROM followup WHERE json IS NOT NULL").fetchall()
        return {key: from_json(text) for key, text in rows}
    return view.documents(kind)


def document(view: View, kind: str, key: str) -> Doc | None:
    """One document, ``None`` when there is none."""
    if kind == "call":
        return call(view, key)
    if kind == "followup":
        with view.reading() as db:
            row = db.execute("SELECT json FROM followup WHERE key = ?", (key,)).fetchone()
        return from_json(row[0]) if row and row[0] else None
    return view.documents(kind).get(key)


def call(view: View, key: str) -> Doc | None:
    """One call without its parts, ``None`` when there is none."""
    with view.reading() as db:
        row = db.execute("SELECT json FROM call WHERE key = ?", (key,)).fetchone()
    return from_json(row[0]) if row else None


def calls(
    view: View,
    lens_bits: int,
    *,
    limit: int,
    before: float | tuple[float, str] | None = None,
    text: str = "",
    queue: str | None = None,
    agent: str | None = None,
    direction: str | None = None,
    state: str | None = None,
    caller: str | None = None,
    campaign: str | None = None,
    fact: str | None = None,
) -> list[Doc]:
    """Calls, newest first, that one of the lenses in the mask ``lens_bits`` admits.

    ``before``: only calls that started earlier; or the start and key of the last call of the page before. ``text``:
    every word of it must stand somewhere in the caller's number or name, what was called, or the names of queues,
    agents or the contact. ``fact``: one of those that were stamped on the call, such as ``team:sales``.
    """
    condition, params = _conditions(
        view, lens_bits, before, text, queue, agent, fact,
        {"direction": direction, "state": state, "caller": caller, "campaign": campaign},
    )  # fmt: skip
    sql = f"SELECT c.json FROM call c WHERE {condition} {_NEWEST}"  # noqa: S608
    with view.reading() as db:
        rows = db.execute(sql, (*params, limit)).fetchall()
    return [from_json(text) for (text,) in rows]


def calls_as(
    view: View,
    lens_bits: int,
    make: Callable[[Doc], T],
    known: MutableMapping[tuple[str, int], T],
    *,
    limit: int,
    text: str = "",
    queue: str | None = None,
    agent: str | None = None,
) -> list[T]:
    """``calls``, each as what ``make`` makes of its document. ``known``: what was made before, by key and seq; what is
    new comes in, and who asks again soon has only that to make.
    """
    condition, params = _conditions(view, lens_bits, None, text, queue, agent, None, {})
    sql = f"SELECT c.key, c.seq FROM call c WHERE {condition} {_NEWEST}"  # noqa: S608
    with view.reading() as db:
        newest = db.execute(sql, (*params, limit)).fetchall()
        new = {key: seq for key, seq in newest if (key, seq) not in known}
        if new:
            # Their documents alone are read: all of a list's would be most of what the question costs.
            rows = db.execute(
                "SELECT c.key, c.json FROM call c WHERE c.key IN (SELECT value FROM json_each(?))", (_json([*new]),)
            )
            known.update(((key, new[key]), make(from_json(json))) for key, json in rows)
    return [known[each] for each in newest]


_NEWEST = "ORDER BY c.started DESC, c.key DESC LIMIT ?"


def _conditions(
    view: View,
    lens_bits: int,
    before: float | tuple[float, str] | None,
    text: str,
    queue: str | None,
    agent: str | None,
    fact: str | None,
    equal: Mapping[str, str | None],
) -> tuple[str, list[Any]]:
    """What chooses calls, as SQL, and its parameters; ``equal``: what columns of the call must be."""
    where = ["c.bits & ?"]
    params: list[Any] = [lens_bits]
    if isinstance(before, tuple):
        where.append("(c.started, c.key) < (?, ?)")
        params += before
    elif before is not None:
        where.append("c.started < ?")
        params.append(before)
    for column, value in equal.items():
        if value is not None:
            where.append(f"c.{column} = ?")
            params.append(value)
    for table, value in (("visit", queue), ("leg", agent)):
        if value is not None:
            name = "queue" if table == "visit" else "agent"
            where.append(f"EXISTS (SELECT 1 FROM {table} x WHERE x.call = c.id AND x.{name} = ?)")  # noqa: S608
            params.append(value)
    if fact is not None:
        where.append("EXISTS (SELECT 1 FROM call_fact f WHERE f.fact = ? AND f.call = c.id)")
        params.append(fact)
    for word in text.casefold().split():
        condition, values = _word(view, word)
        where.append(condition)
        params += values
    return " AND ".join(where), params


def _word(view: View, word: str) -> tuple[str, list[str]]:
    """A word in the call's own words, or in the name of a contact or the title of a queue it names."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    conditions, params = ["c.words LIKE ? ESCAPE '\\'"], [f"%{escaped}%"]
    named = [key for key, doc in view.documents("contact").items() if word in str(doc.get("name", "")).casefold()]
    titled = [key for key, doc in view.documents("queue").items() if word in str(doc.get("title", "")).casefold()]
    if named:
        conditions.append("c.caller IN (SELECT value FROM json_each(?))")
        params.append(_json(named))
    if titled:
        conditions.append(
            "EXISTS (SELECT 1 FROM visit x WHERE x.call = c.id AND x.queue IN (SELECT value FROM json_each(?)))"
        )
        params.append(_json(titled))
    return f"({' OR '.join(conditions)})", params


def _json(values: list[str]) -> str:
    return to_json(values).decode()


def followups(
    view: View,
    since: float,
    statuses: Collection[str],
    *,
    limit: int = -1,
    before: tuple[float, str] | None = None,
) -> list[Doc]:
    """Missed opportunities in one of the statuses whose last miss is not before ``since``, newest first.

    ``limit``: at most so many; ``before``: the last miss and key of the last one of the page before.
    """
    marks = ", ".join("?" * len(statuses))
    at, key = before or (1e15, "")
    with view.reading() as db:
        rows = db.execute(
            "SELECT json FROM followup WHERE last_miss >= ? AND last_miss <= ? AND (last_miss < ? OR key > ?)"  # noqa: S608
            f" AND json IS NOT NULL AND status IN ({marks}) ORDER BY last_miss DESC, key LIMIT ?",
            (since, at, at, key, *statuses, limit),
        ).fetchall()
    return [from_json(text) for (text,) in rows]


def intervals(view: View, agent: str, start: float, end: float, queue: str | None = None) -> list[Interval]:
    """An agent's past that overlaps a stretch of time, oldest first; ``queue=None``: the agent as a whole.

    States ``paused``, ``available`` and (as a whole) ``out``; they do not overlap. The open one has ``end=None``.
    """
    with view.reading() as db:
        rows = db.execute(
            'SELECT agent, queue, state, reason, start, "end" FROM agent_interval WHERE agent = ? AND queue IS ?'
            ' AND start < ? AND ("end" IS NULL OR "end" > ?) AND state NOT IN (?, ?) ORDER BY start',
            (agent, queue, end, start, SIGNED_IN, ENGAGED),
        ).fetchall()
    return [Interval(*row) for row in rows]


def in_force(view: View, at: float) -> set[str]:
    """Keys of the last presence of each sort that each agent said before a moment: what held then is among them."""
    with view.reading() as db:
        rows = db.execute(
            "SELECT key, max(at) FROM presence WHERE at < ? GROUP BY agent, queue, what", (min(at, 1e15),)
        ).fetchall()
    return {key for key, _ in rows}


def complete_since(view: View) -> float | None:
    """Since when rows are complete while a back-fill runs, or while the hub itself still takes in the past of a source
    (``inf``: not even today's); ``None``: all of them are there."""
    return max((since for since in (sent_since(view), told_since(view)) if since is not None), default=None)


def sent_since(view: View) -> float | None:
    """Since when the rows that the hub has are here, while a back-fill runs (``inf``: not even today's); ``None``: all
    of them are."""
    stored = view.get_meta("complete_since")
    return None if stored is None else float(stored)


def told_since(view: View) -> float | None:
    """Since when the hub itself knows everything, while it still takes in the past of a source; ``None``: always."""
    told = (doc.get("complete_since") for doc in view.documents("source").values())
    return max((float(since) for since in told if since is not None), default=None)


def set_complete_since(view: View, since: float | None) -> None:
    """Note how far back rows are complete; ``None`` or 0: all of them are there."""
    view.set_meta("complete_since", repr(float(since)) if since else None)
