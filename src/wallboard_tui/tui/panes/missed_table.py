"""Room ``tui``, panes: the table of missed opportunities. Draws rows; knows nothing of views."""

from typing import TYPE_CHECKING

from wallboard_tui.tui.drawing.box import badge, frame, inside, listed, message, stale_note
from wallboard_tui.tui.drawing.lines import Block, aired
from wallboard_tui.tui.drawing.table import Cells, Column, Lazily, table
from wallboard_tui.tui.drawing.text import clean
from wallboard_tui.tui.drawing.units import age, duration
from wallboard_tui.tui.look import Look, Size, Span, cells, width
from wallboard_tui.tui.panes.base import Spot
from wallboard_tui.tui.panes.figures import arriving, arriving_note, shown_role, shown_text
from wallboard_tui.tui.panes.frames import finished, framed_spot
from wallboard_tui.tui.panes.words import STATUSES, caller_cell, searched

if TYPE_CHECKING:
    from wallboard_tui.tui.panes.missed import MissedData, MissedRow

_ROLES = {"open": "warn", "claimed": "accent", "reached": "ok", "resolved": "dim"}
"""The roles that statuses are drawn in."""

_COLUMNS = (
    Column("caller", "Caller", 17, 18, kind="figure"),
    Column("name", "Contact", 14, 26, 2),
    Column("attempts", "Tries", 5, 5, 1, "right", "figure"),
    Column("place", "Queue", 9, 22, 3),
    Column("age", "Since", 5, 6, 1, "right", "figure"),
    Column("status", "Status", 11, 12, 4),
    Column("wait", "Waited", 6, 7, 5, "right", "figure"),
    Column("owner", "Owner", 10, 18, 6),
    Column("reason", "Reason", 11, 12, 7),
)


def draw_missed(data: "MissedData", size: Size, look: Look) -> Block:
    """The table in its frame, with the counts in the border."""
    room = inside(size)
    if data.rows:
        lines = _table(data, Size(max(0, room.w - 2), room.h), look)
        content = aired(lines)
    else:
        content = message(_nobody(data, look), room, look)
    right = badge(data.level, look)
    counts = _counts(data, size.w - (width(right) + 3 if right else 0), look)
    bottom = _bottom(data, size.w, look)
    framed = frame(content, size, look, data.title, right=right, after_title=counts, bottom=bottom, level=data.level)
    return finished(framed, size, look)


def _nobody(data: "MissedData", look: Look) -> str:
    if data.text:
        return f"No caller matches “{data.text}”."
    if not data.progress.complete:
        return arriving(data.progress.share, look)
    reached = data.counts.get("reached", 0)
    praise = f" {reached} reached today." if reached else ""
    return f"Nobody is waiting to be called back.{praise}"


def _counts(data: "MissedData", w: int, look: Look) -> tuple[Span, ...]:
    """``7 open · 2 claimed · 5 reached today``, as much of it as has room; or what is searched for."""
    if data.text:
        return searched(data.text, str(len(data.rows)), look)
    counted = {
        **{status: STATUSES[status] for status in ("open", "claimed", "not_reached")},
        "reached": "reached today",
    }
    parts = [
        (Span(f"{data.counts.get(status, 0)} ", "value"), Span(word, _ROLES.get(status, "text")))
        for status, word in counted.items()
        if data.counts.get(status, 0) or status == "open"
    ]
    return listed(parts, w - cells(data.title) - 10, look)


def _bottom(data: "MissedData", w: int, look: Look) -> tuple[Span, ...]:
    """``today: callback rate 62.5 % · time to callback 14:20``, as much of it as has room; first what is arriving."""
    note, stale = arriving_note(data.progress.share, look), stale_note(look)
    today = Span("today: ", "label")
    parts = [
        (
            *([] if number else [today]),
            Span(f"{clean(each.label, look.glyphs.ascii)} ", "label"),
            Span(shown_text(each, look), shown_role(each)),
        )
        for number, each in enumerate(data.figures)
    ]
    return listed([note, *parts] if note else parts, w - 6 - (width(stale) + 3 if stale else 0), look)


def missed_spot(data: "MissedData", size: Size, look: Look, x: int, y: int) -> Spot:
    """What stands in a cell of the pane."""
    return framed_spot([row.key for row in data.rows], data.selected, _COLUMNS, size, x, y)


def _table(data: "MissedData", size: Size, look: Look) -> Block:
    at = next((index for index, row in enumerate(data.rows) if row.key == data.selected), None)
    return table(
        Lazily(data.rows, lambda row: _cells(row, data, look)),
        _COLUMNS,
        size,
        look,
        cursor=at,
        sorted_by=data.sort,
        descending=data.descending,
    )


def _cells(row: "MissedRow", data: "MissedData", look: Look) -> Cells:
    star = f"{look.glyphs.star} " if row.vip else ""
    return {
        "caller": caller_cell(row.caller, row.hidden),
        "name": (f"{star}{row.name}" if row.name else star.strip(), "vip" if row.vip else "name"),
        "attempts": (f"{look.glyphs.times}{row.attempts}", "value" if row.attempts > 1 else "text"),
        "place": (row.place, "text"),
        "age": (age(data.now - row.first_miss, look.glyphs), "text"),
        "status": (STATUSES.get(row.status, row.status), _ROLES.get(row.status, "text")),
        "wait": (duration(row.wait_s, look.glyphs), "text" if row.wait_s is not None else "dim"),
        "owner": (row.owner, "text"),
        "reason": (row.reason, "dim"),
    }
