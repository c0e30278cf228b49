"""Room ``hub``: cells of a view as the documents that travel in a ``figures`` frame.

Knows the view's tables; reads only.
"""

import sqlite3
from collections.abc import Iterator

from wallboard_tui.metrics.measures import MEASURES, SECONDS
from wallboard_tui.model.base import Doc

_COLUMNS = ", ".join(MEASURES)


def cells(db: sqlite3.Connection, lens: int, start: float, end: float, *, reasons: bool) -> Iterator[Doc]:
    """Cells of lens 0 whose quarter lies in ``[start, end)``, newest first, as documents of another lens.

    ``reasons``: with ``paused_s:<reason>`` beside ``paused_s``.
    """
    by_reason: dict[tuple[str, str, int], dict[str, float]] = {}
    if reasons:
        found = db.execute(
            'SELECT "by", subject, quarter, reason, paused_s FROM reason_cell'
            " WHERE lens = 0 AND quarter >= ? AND quarter < ?",
            (start, end),
        )
        for by, subject, quarter, reason, paused in found:
            by_reason.setdefault((by, subject, quarter), {})[f"paused_s:{reason}"] = paused / 1000
    rows = db.execute(
        f'SELECT "by", subject, direction, quarter, {_COLUMNS} FROM cell'  # noqa: S608 - our own names
        " WHERE lens = 0 AND quarter >= ? AND quarter < ? ORDER BY quarter DESC",
        (start, end),
    )
    for by, subject, direction, quarter, *values in rows:
        measures = {
            name: value / 1000 if name in SECONDS else value
            for name, value in zip(MEASURES, values, strict=True)
            if value
        }
        if not direction:
            measures.update(by_reason.get((by, subject, quarter), {}))
        yield {
            "key": f"{lens}/{by}/{subject}/{direction}/{quarter}",
            "lens": lens,
            "by": by,
            "subject": subject,
            "direction": direction,
            "quarter": quarter,
            "measures": measures,
        }
