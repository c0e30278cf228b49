"""Room ``view``: calls and presences that are somebody's by now and do not say so yet."""

from collections.abc import Collection

from pydantic_core import to_json

from wallboard_tui.view.view import View

Within = tuple[int, int]
"""Ids of the view's calls: from, and up to but without."""


def newest_call(view: View) -> int:
    """The highest id of a call, 0 when there is none."""
    with view.reading() as db:
        return int(db.execute("SELECT coalesce(max(id), 0) FROM call").fetchone()[0])


def dialled(view: View, since: float, within: Within) -> list[str]:
    """What callers dialled whose calls have no business number."""
    with view.reading() as db:
        rows = db.execute(
            "SELECT DISTINCT json ->> '$.called' FROM call WHERE id >= ? AND id < ? AND number IS NULL"
            " AND direction = 'inbound' AND coalesce(started, 0) >= ? AND json ->> '$.called' IS NOT NULL",
            (*within, since),
        )
        return [called for (called,) in rows]


def past_calls(
    view: View, fact: str, facts: Collection[str], called: Collection[str], since: float, within: Within
) -> list[str]:
    """Keys of calls since a moment that have one of ``facts``, or were made to one of ``called`` and have no business
    number, and have not ``fact``.
    """
    with view.reading() as db:
        rows = db.execute(
            "SELECT c.key FROM call AS c WHERE c.id IN ("
            " SELECT f.call FROM json_each(?1) AS own JOIN call_fact AS f ON f.fact = own.value"
            " AND f.call >= ?4 AND f.call < ?5"
            " UNION SELECT id FROM call WHERE id >= ?4 AND id < ?5 AND number IS NULL AND direction = 'inbound'"
            " AND json_array_length(?2) > 0 AND json ->> '$.called' IN (SELECT value FROM json_each(?2))"
            ") AND coalesce(c.started, 0) >= ?3"
            " AND NOT EXISTS (SELECT 1 FROM call_fact AS had WHERE had.fact = ?6 AND had.call = c.id)",
            (to_json(sorted(facts)).decode(), to_json(sorted(called)).decode(), since, *within, fact),
        )
        return [key for (key,) in rows]


def past_presences(view: View, agents: Collection[str], queues: Collection[str], since: float) -> list[str]:
    """Keys of what some agents said since a moment, and of what others said of some queues."""
    with view.reading() as db:
        rows = db.execute(
            "SELECT key FROM presence WHERE at >= ?3 AND (agent IN (SELECT value FROM json_each(?1))"
            " OR queue IN (SELECT value FROM json_each(?2)))",
            (to_json(sorted(agents)).decode(), to_json(sorted(queues)).decode(), since),
        )
        return [key for (key,) in rows]
