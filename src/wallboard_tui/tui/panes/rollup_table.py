"""Room ``tui``, panes: the roll-ups' table. Draws rows of figures; knows nothing of views."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wallboard_tui.metrics.kpis import KPIS
from wallboard_tui.tui.drawing.box import LEVEL_WORDS, frame, inside, message
from wallboard_tui.tui.drawing.lines import Block, aired
from wallboard_tui.tui.drawing.spark import sparkline, unfinished
from wallboard_tui.tui.drawing.table import Cell, Cells, Column, Lazily, columns_that_fit, row_line, table
from wallboard_tui.tui.look import Line, Look, Size, Span
from wallboard_tui.tui.panes.base import NOWHERE, Spot
from wallboard_tui.tui.panes.figures import arriving, shown_role, shown_text, signed
from wallboard_tui.tui.panes.frames import finished, framed_spot

if TYPE_CHECKING:
    from wallboard_tui.tui.panes.rollups import RollupRow, RollupsData

NOTHING = "Nothing happened in this period yet. Choose another period, or wait for the first call."


def draw_rollups(data: "RollupsData", size: Size, look: Look) -> Block:
    """The table in its frame, or the sentence that says why there is none."""
    room = inside(size)
    # A title that says the period, as boards' authors like it, need not hear it again.
    said = [] if data.period in data.title.casefold() else [Span(data.period, "label")]
    sentence = _sentence(data, look)
    table_size = Size(max(0, room.w - 2), room.h)
    content = message(sentence, room, look) if sentence else aired(_table(data, table_size, look))
    return finished(frame(content, size, look, data.title, after_title=said), size, look)


def _sentence(data: "RollupsData", look: Look) -> str:
    if data.refused:
        return data.refused
    if not data.progress.complete:
        return f"{arriving(data.progress.share, look)}: these figures are shown as soon as they are right."
    if not data.rows:
        return f"Nothing matches “{data.text}”." if data.text else NOTHING
    return ""


def _table(data: "RollupsData", size: Size, look: Look) -> Block:
    columns = _columns(data, look)
    fitting = columns_that_fit(columns, size.w)
    room = next((w for column, w in fitting if column.key == "trend"), 0)
    cells = Lazily(data.rows, lambda row: _cells(row, data, look, room))
    at = next((index for index, row in enumerate(data.rows) if row.key == data.selected), None)
    below = _below(data, size.h)
    lines = table(
        cells,
        columns,
        Size(size.w, size.h - below),
        look,
        cursor=at,
        sorted_by=data.sort,
        descending=data.descending,
    )
    if below and data.total is not None:
        filled = min(len(data.rows) + 1, size.h - below)
        rule = (Span(look.glyphs.box[1] * size.w, "frame"),)
        total = row_line(_cells(data.total, data, look, room), fitting, size.w, look)
        lines = [*lines[:filled], rule, total, *lines[filled:]]
    return lines


def _below(data: "RollupsData", h: int) -> int:
    """Lines for the row of everything together, and the rule above it."""
    return 2 if data.total is not None and h >= 5 else 0


def rollups_spot(data: "RollupsData", size: Size, look: Look, x: int, y: int) -> Spot:
    """What stands in a cell of the pane."""
    if _sentence(data, look):
        return NOWHERE
    keys = [row.key for row in data.rows]
    below = _below(data, inside(size).h)
    return framed_spot(keys, data.selected, _columns(data, look), size, x, y, below)


def shown_kpis(data: "RollupsData") -> tuple[str, ...]:
    """KPIs that some row has, in the order of the row that has most."""
    most = max((row.figures for row in data.rows), key=len, default=())
    return tuple(each.kpi for each in most)


def _columns(data: "RollupsData", look: Look) -> list[Column]:
    """Name, KPIs, target, trend. The heading of a figure carries its settings when all rows share them."""
    first = {"queue": "Queue", "team": "Team", "number": "Number", "campaign": "Campaign", "agent": "Agent"}.get(
        data.by, ""
    )
    columns = [Column("name", first, 10, 34)]
    for kpi in shown_kpis(data):
        labels = {each.label for row in data.rows for each in row.figures if each.kpi == kpi}
        heading = labels.pop() if len(labels) == 1 else KPIS[kpi].short
        heading = heading[:1].upper() + heading[1:]
        least = max(len(heading) + (2 if kpi == data.sort else 0), _least_width(kpi, _differ(data)))
        columns.append(Column(kpi, heading, least, max(least, 13), _weight(kpi), "right", "figure"))
        if kpi == "service_level":
            columns.append(Column("target", "Target", 7, 8, _weight("target"), "right", "figure"))
    title, most = _trend_title(data), max((len(row.trend) for row in data.rows), default=0)
    low, high = max(len(title), min(12, most)), max(len(title), most)
    columns.append(Column("trend", title, low, high, _weight("trend"), kind="figure"))
    return columns


_IMPORTANCE = (
    "service_level", "handled", "missed_call_rate", "own_missed_call_rate", "offered", "inbound", "answered",
    "talk_time", "abandon_rate", "aht", "asa", "target", "occupancy", "login_time", "paused_time", "trend",
)  # fmt: skip
"""What must be read first; the last of these falls out first where there is little room."""


def _weight(column: str) -> int:
    return 1 + _IMPORTANCE.index(column) if column in _IMPORTANCE else len(_IMPORTANCE)


def _differ(data: "RollupsData") -> bool:
    """Whether rows have service levels of different settings, so that each must say its own."""
    return len({each.label for row in data.rows for each in row.figures if each.kpi == "service_level"}) > 1


def _least_width(kpi: str, differ: bool) -> int:
    """Cells that a KPI's values need."""
    unit = KPIS[kpi].unit
    if kpi == "service_level" and differ:
        return 20
    return 10 if unit == "%" else 8 if unit == "s" else 6


def _trend_title(data: "RollupsData") -> str:
    return "By day" if data.period in ("this week", "this month") else "By hour"


def _cells(row: "RollupRow", data: "RollupsData", look: Look, trend_w: int) -> Cells:
    cells: dict[str, Cell] = {}
    differ = _differ(data)
    for each in row.figures:
        text = shown_text(each, look)
        if differ and each.kpi == "service_level" and each.blank == "value":
            text = f"{text}  {each.label.removeprefix('SL '):<7}"
        cells[each.kpi] = (text, shown_role(each))
    mark = f"{look.glyphs.level[row.level]} " if row.level in LEVEL_WORDS else ""
    cells["name"] = (f"{mark}{row.name}", row.level if mark else "title" if row is data.total else "name")
    cells["target"] = _against(row.against_target, look)
    cells["trend"] = _curve(row.trend, data, look, trend_w)
    return cells


def _against(points: float | None, look: Look) -> tuple[str, str]:
    """Points above or below the target; the sign says it as well as the colour."""
    if points is None:
        return look.glyphs.dash, "dim"
    return signed(points, f"{abs(points):.1f}", look), "ok" if points >= 0 else "warn"


def _curve(values: Sequence[float | None], data: "RollupsData", look: Look, w: int) -> Line:
    """The curve, its newest steps where there is no room for all; the last is still running but for yesterday's."""
    row = sparkline(values, min(w, len(values)), look.glyphs)
    return (Span(row, "spark"),) if data.period == "yesterday" else unfinished(row, len(row), "spark")
