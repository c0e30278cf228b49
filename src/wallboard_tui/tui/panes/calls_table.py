"""Room ``tui``, panes: the table of calls. Draws rows; knows nothing of views."""

from dataclasses import replace
from typing import TYPE_CHECKING

from wallboard_tui.tui.drawing.box import frame, inside, message
from wallboard_tui.tui.drawing.lines import Block, aired
from wallboard_tui.tui.drawing.table import Cells, Column, Lazily, table
from wallboard_tui.tui.drawing.units import duration, moment
from wallboard_tui.tui.look import Line, Look, Size, Span
from wallboard_tui.tui.panes.base import Spot
from wallboard_tui.tui.panes.frames import finished, framed_spot
from wallboard_tui.tui.panes.words import caller_cell, searched

if TYPE_CHECKING:
    from wallboard_tui.tui.panes.calls import CallRow, CallsData

_COLUMNS = (
    Column("time", "Time", 8, 8, kind="figure"),
    Column("direction", "", 1, 1, 1),
    Column("caller", "Caller", 17, 18, 1, kind="figure"),
    Column("name", "Contact", 9, 24, 6),
    Column("place", "Queue", 11, 22, 3),
    Column("agent", "Agent", 11, 22, 4),
    Column("wait", "Wait", 5, 6, 5, "right", "figure"),
    Column("talk", "Talk", 5, 6, 4, "right", "figure"),
    Column("outcome", "Outcome", 11, 12, 2),
)
_ROLES = {
    "answered": "text",
    "waiting": "warn",
    "ringing": "state.ringing",
    "talking": "state.talking",
    "gave up": "alert",
    "timed out": "alert",
    "no agent": "alert",
    "lost": "alert",
    "missed": "alert",
    "rejected": "alert",
}


_OF_CALLERS = frozenset({"place", "wait"})
"""Columns about people who call: where they wait, and how long."""


def columns_of(data: "CallsData") -> tuple[Column, ...]:
    """Columns for these rows: who stands in them is called what they are, callers or called; a list of outbound calls
    has no columns for what only callers have."""
    ways = {row.direction for row in data.rows}
    if "outbound" not in ways:
        return _COLUMNS
    party = "Called" if len(ways) == 1 else "Caller/called"
    left_out = _OF_CALLERS if len(ways) == 1 and not any(row.place for row in data.rows) else ()
    return tuple(
        replace(column, title=party) if column.key == "caller" else column
        for column in _COLUMNS
        if column.key not in left_out
    )


def draw_calls(data: "CallsData", size: Size, look: Look) -> Block:
    """The table in its frame; what is searched for stands in the border."""
    room = inside(size)
    if data.rows:
        lines = _table(data, Size(max(0, room.w - 2), room.h), look)
        content = aired(lines)
    else:
        content = message(_none(data), room, look)
    more = "+" if data.more else ""
    said: Line = (Span(f"{len(data.rows)}{more} newest" if data.more else f"{len(data.rows)}", "label"),)
    if data.text:
        said = searched(data.text, f"{len(data.rows)}{more}", look)
    return finished(frame(content, size, look, data.title, after_title=said), size, look)


def _none(data: "CallsData") -> str:
    if data.text:
        return f"No call matches “{data.text}”. Search looks at callers, names, queues and agents."
    return "No calls yet. The next one appears here by itself."


def calls_spot(data: "CallsData", size: Size, look: Look, x: int, y: int) -> Spot:
    """What stands in a cell of the pane."""
    return framed_spot([row.key for row in data.rows], data.selected, columns_of(data), size, x, y)


def _table(data: "CallsData", size: Size, look: Look) -> Block:
    at = next((index for index, row in enumerate(data.rows) if row.key == data.selected), None)
    rows = Lazily(data.rows, lambda row: cells_of(row, data.now, data.zone, look))
    return table(rows, columns_of(data), size, look, cursor=at)


def cells_of(row: "CallRow", now: float, zone: str, look: Look) -> Cells:
    """A call's cells: what still goes on runs."""
    wait = now - row.waiting_since if row.waiting_since is not None else row.wait_s
    talk = now - row.talking_since if row.talking_since is not None else row.talk_s
    role = _ROLES.get(row.outcome, "label")
    return {
        "time": (moment(row.started, now, zone), "text"),
        "direction": (look.glyphs.direction.get(row.direction, "?"), "label"),
        "caller": caller_cell(row.caller, row.hidden),
        "name": (row.name, "name"),
        "place": (row.place, "text"),
        "agent": (row.agent, "text"),
        "wait": (duration(wait, look.glyphs), "text" if wait is not None else "dim"),
        "talk": (duration(talk, look.glyphs), role if row.talking_since else "text" if talk is not None else "dim"),
        "outcome": (row.outcome, role),
    }
