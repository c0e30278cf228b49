"""Room ``reports``: the access review as a file: CSV for spreadsheets, JSON for programs. Pure but for ``write``."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from wallboard_tui.model.administration import Review, ReviewRow
from wallboard_tui.model.security import by_whom

COLUMNS: Final = (
    "person", "permission", "level", "for", "through", "since", "given by", "last used", "decided", "decided on",
    "decided by", "note", "due", "overdue",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(review: Review, zone: str) -> str:
    """The review as CSV with a line of titles; days in a time zone, empty where there is none."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_plain(cell) for cell in _cells(row, zone)] for row in review.rows)
    return file.getvalue()


def to_json(review: Review) -> str:
    """The review as the hub gave it: times in epoch seconds."""
    return json.dumps(review.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"


def write(review: Review, file: Path, zone: str) -> int:
    """Write the review, as JSON where the file's name ends so, else as CSV; how many rows. Raises ``OSError``."""
    text = to_json(review) if file.suffix.casefold() == ".json" else to_csv(review, zone)
    file.write_text(text, encoding="utf-8")
    return len(review.rows)


def day(at: float | None, zone: str) -> str:
    """``2026-11-22``; nothing for ``None``."""
    return "" if at is None else datetime.fromtimestamp(at, ZoneInfo(zone)).strftime("%Y-%m-%d")


def _cells(row: ReviewRow, zone: str) -> tuple[str, ...]:
    return (
        row.name, row.title, row.level, row.words, "; ".join(row.through), day(row.since, zone), by_whom(row.given_by),
        day(row.last_used, zone), row.decided or "", day(row.decided_at, zone), by_whom(row.decided_by), row.note,
        day(row.due, zone), "yes" if row.overdue else "no",
    )  # fmt: skip


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: names come from people."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
