"""Room ``tui``, panes: one's own figures as cards, or as a table where there is little room. Knows nothing of views."""

from typing import TYPE_CHECKING

from wallboard_tui.metrics.kpis import KPIS, format_duration, format_value
from wallboard_tui.tui.drawing import digits
from wallboard_tui.tui.drawing.box import frame, inside, message
from wallboard_tui.tui.drawing.lines import Block, aired, beside, blank, exactly, fitted, shares
from wallboard_tui.tui.drawing.spark import bar, chart, sparkline, unfinished
from wallboard_tui.tui.drawing.table import GAP, Cells, Column, table
from wallboard_tui.tui.drawing.text import cut, name, pad
from wallboard_tui.tui.drawing.units import day
from wallboard_tui.tui.look import Line, Look, Size, Span, cells
from wallboard_tui.tui.panes.calls_table import cells_of
from wallboard_tui.tui.panes.figures import arriving_note, shown_role, shown_text, signed
from wallboard_tui.tui.panes.frames import finished
from wallboard_tui.tui.panes.words import STATES

if TYPE_CHECKING:
    from wallboard_tui.tui.panes.figures import Shown
    from wallboard_tui.tui.panes.metrics import Compared, MetricsData

UNLINKED = (
    "You are not linked to an agent on the phone system, so there are no figures of your own. Ask an admin to link your"
    " account to your agent."
)
CARD = Size(26, 6)
MOST_CHART_H = 14
"""Lines of the columns of 28 days at most."""
TODAY = "today"
BETWEEN_W = 3
"""Cells between the figures and the calls."""
TIME_W = 8
"""Cells of a time of today: ``7:06:12``."""
MOST_WORD_W = 24
"""Cells of a state or the reason of a pause at most, with the blank before its bar."""
TITLES = {
    "handled": "Calls handled",
    "talk_time": "Talk time",
    "aht": "Handling time",
    "own_missed_call_rate": "Missed-call rate",
    "sms_sent": "SMS sent",
    "sms_received": "SMS received",
    "quality_score": "Quality score",
}


def draw_metrics(data: "MetricsData", size: Size, look: Look) -> Block:
    """One's own day in exactly that rectangle."""
    room = inside(size)
    if not data.linked or not data.figures:
        content = message(UNLINKED, room, look)
    else:
        body = _body(data, Size(max(0, room.w - 2), room.h), look)
        content = aired(body)
    arriving = arriving_note(data.progress.share, look, "28 days")
    framed = frame(content, size, look, data.title, after_title=_state(data, look), bottom=arriving)
    return finished(framed, size, look)


def _state(data: "MetricsData", look: Look) -> tuple[Span, ...]:
    """Whose day it is, and what the person does now."""
    spans = [Span(cut(name(data.name, 30, look.glyphs).rstrip(), 30), "name")]
    if data.state:
        word = STATES.get(data.state, data.state)
        since = f" {format_duration(data.now - data.since)}" if data.since is not None else ""
        sign = look.glyphs.state.get(data.state, "?")
        spans += [Span(f" {look.glyphs.dot} ", "dim"), Span(f"{sign} {word}{since}", f"state.{data.state}")]
    return tuple(spans)


def _body(data: "MetricsData", size: Size, look: Look) -> Block:
    wide = size.w >= 132
    # The calls say all that they have to say, as long as three cards still stand side by side.
    left_w = max(3 * CARD.w, min(size.w * 3 // 5, size.w - BETWEEN_W - RECENT_W)) if wide else size.w
    above = _figures(data, Size(left_w, size.h), look)
    lower = _times(data, left_w, look)
    if wide:
        left = [*above, blank(left_w), *lower]
        left = exactly([*left, *_days(data, Size(left_w, size.h - len(left)), look)], Size(left_w, size.h))
        right = _recent(data, Size(size.w - left_w - BETWEEN_W, size.h), look)
        return beside([left, [blank(BETWEEN_W)] * size.h, right])
    lines = list(above)
    if len(lines) + 1 + len(lower) <= size.h:
        lines += [blank(size.w), *lower, *_days(data, Size(size.w, min(2, size.h - len(lines) - 1 - len(lower))), look)]
    if data.recent and len(lines) + 4 <= size.h:
        lines += [blank(size.w), *_recent(data, Size(size.w, size.h - len(lines) - 1), look)]
    return exactly(lines, size)


def _figures(data: "MetricsData", size: Size, look: Look) -> Block:
    """Cards where there is room for all of them, else a table."""
    columns = min(4, size.w // CARD.w)
    known = [each for each in data.figures if each.today.blank != "n/a"]
    if columns < 2 or -(-len(known) // columns) * CARD.h + 10 > size.h:
        rows = [_row(each, look) for each in data.figures]
        shown = _COLUMNS if any(each.goal is not None for each in data.figures) else _WITHOUT_GOALS
        return table(rows, shown, Size(size.w, min(size.h, len(rows) + 1)), look)
    lines: Block = []
    for first in range(0, len(known), columns):
        members = known[first : first + columns]
        widths = shares(size.w, [1] * columns)
        cards = [_card(each, Size(w, CARD.h), look) for each, w in zip(members, widths, strict=False)]
        lines += beside([*cards, *([blank(w)] * CARD.h for w in widths[len(members) :])])
    absent = [_title(each) for each in data.figures if each.today.blank == "n/a"]
    if absent:
        said = name(f"n/a on this phone system: {', '.join(absent)}", size.w, look.glyphs)
        lines.append((Span(said, "dim"),))
    return lines


def _card(each: "Compared", size: Size, look: Look) -> Block:
    """A figure in big dots under its name, and what it usually is below it."""
    role = shown_role(each.today)
    text = shown_text(each.today, look)
    big = each.today.blank == "value" and digits.paintable(text) and digits.width_of(text, digits.SMALL) <= size.w - 2
    painted = digits.paint(text, digits.SMALL, look.glyphs) if big else ("", text, "")
    goal = _goal(each)
    room = size.w - 1 - (cells(goal[0]) + 2 if goal[0] else 0)
    title = [Span(name(_title(each), room, look.glyphs), "label"), *([Span("  "), Span(*goal)] if goal[0] else [])]
    lines: Block = [fitted(title, size.w)]
    lines += [fitted([Span(part, role)], size.w) for part in painted]
    per = " a day" if each.per_day and each.month.blank == "value" else ""
    month = f"28 d {shown_text(each.month, look)}{per}"
    usual = f"7 d {shown_text(each.week, look)}  {month}"
    moved = _moved(each, look)
    spans = [Span(usual if cells(usual) < size.w else month, "dim")]
    if sum(cells(span.text) for span in spans) + cells(moved[0]) + 2 < size.w:
        spans += [Span("  "), Span(*moved)]
    return exactly([*lines, fitted(spans, size.w)], size)


def _title(each: "Compared") -> str:
    """The figure's name, with what its label adds (``AHT talk only``)."""
    added = each.today.label.removeprefix(KPIS[each.kpi].short).strip() if each.kpi == "aht" else ""
    return f"{TITLES.get(each.kpi, KPIS[each.kpi].title)}{f', {added}' if added else ''}"


def _moved(each: "Compared", look: Look) -> tuple[str, str]:
    """How far today is from the last 28 days, and whether that is good."""
    if each.change is None or abs(each.change) < 0.05:
        return "", "dim"
    unit = KPIS[each.kpi].unit
    size = format_duration(abs(each.change)) if unit == "s" else f"{abs(each.change):.1f}"
    return signed(each.change, size, look), "dim" if each.better is None else "ok" if each.better else "warn"


def _goal(each: "Compared") -> tuple[str, str]:
    """The day's goal and whether it is met; what grows with the day is not missed before it is over."""
    if each.goal is None:
        return "", "dim"
    said = f"goal {format_value((each.kpi, each.goal))}"
    if each.met is None or (not each.met and each.per_day):
        return said, "dim"
    return f"{said} {'met' if each.met else 'missed'}", "ok" if each.met else "warn"


_COLUMNS = (
    Column("name", "", 16, 28),
    Column("today", "Today", 8, 10, 0, "right", "figure"),
    Column("week", "7 days", 13, 14, 1, "right", "figure"),
    Column("month", "28 days", 13, 14, 2, "right", "figure"),
    Column("moved", "Change", 8, 10, 3, "right", "figure"),
    Column("goal", "Goal", 14, 18, 1, "right", "figure"),
)
_WITHOUT_GOALS = _COLUMNS[:-1]


def _row(each: "Compared", look: Look) -> Cells:

    def usual(past: "Shown") -> tuple[str, str]:
        known = past.blank == "value"
        return f"{shown_text(past, look)}{' a day' if each.per_day and known else ''}", "text" if known else "dim"

    return {
        "name": (_title(each), "label"),
        "today": (shown_text(each.today, look), shown_role(each.today)),
        "week": usual(each.week),
        "month": usual(each.month),
        "moved": _moved(each, look),
        "goal": (_goal(each)[0].removeprefix("goal "), _goal(each)[1]),
    }


def _times(data: "MetricsData", w: int, look: Look) -> Block:
    """Time by state as bars, and the days behind as a curve."""
    whole = max(sum(each.seconds for each in data.states), 1.0)
    signed_in = look.glyphs.ellipsis if data.signed_in_s is None else format_duration(data.signed_in_s)
    heading = [Span("Time today", "title"), Span(f"  signed in {signed_in}", "label")]
    lines: Block = [fitted(heading, w)]
    longest = max((cells(each.word) for each in data.states), default=0)
    word_w = max(12, min(longest + 1, MOST_WORD_W, w // 3))
    room = min(40, w - 2 - word_w - TIME_W - 2 - 6)
    for each in data.states:
        share = each.seconds / whole
        role = f"state.{each.state}"
        spans = [
            Span(f"{look.glyphs.state.get(each.state, ' ')} ", role),
            Span(f"{name(each.word, word_w - 1, look.glyphs)} ", "text"),
            *(_bar(share, room, role, look) if room >= 8 else ()),
            Span(f" {format_duration(each.seconds):>{TIME_W}} ", "value"),
            Span(f"{share * 100:3.0f} %", "dim"),
        ]
        lines.append(fitted(spans, w))
    if not data.states and data.signed_in_s is not None:
        lines.append(fitted([Span("Not signed in to a queue today.", "dim")], w))
    return lines


def _bar(share: float, w: int, role: str, look: Look) -> tuple[Span, Span]:
    """A share of the day; what is left of it recedes."""
    drawn = bar(share, w, look.glyphs)
    filled = sum(mark in "█#" for mark in drawn)
    return Span(drawn[:filled], role), Span(drawn[filled:], "frame")


def _days(data: "MetricsData", size: Size, look: Look) -> Block:
    """Calls handled on each of the last 28 days: in one line, or as columns where there is room."""
    count = len(data.curve)
    if not count or size.h < 2 or size.w < 14 + count + 24:
        return []
    if size.h < 6:
        curve = unfinished(sparkline(data.curve, count, look.glyphs), count, "spark")
        said = [Span(pad("Handled", 14), "label"), *curve, Span("  last 28 days and today", "label")]
        return [blank(size.w), fitted(said, size.w)]
    w = min(size.w // count * count, 4 * count)
    columns = chart(data.curve, w, min(MOST_CHART_H, size.h - 3), look.glyphs)
    heading = fitted([Span("Calls handled, last 28 days and today", "label")], size.w)
    oldest = day(data.now - (count - 1) * 86400, data.zone)
    below = fitted([Span(pad(oldest, w - len(TODAY)) + TODAY, "dim")], size.w)
    return [blank(size.w), heading, *(fitted(unfinished(row, count, "bar"), size.w) for row in columns), below]


_RECENT = (
    Column("time", "My calls", 8, 8, kind="figure"),
    Column("direction", "", 1, 1, 1),
    Column("caller", "Caller", 17, 18, 0, kind="figure"),
    Column("place", "Queue", 9, 20, 3),
    Column("wait", "Wait", 5, 6, 4, "right", "figure"),
    Column("talk", "Talk", 5, 6, 2, "right", "figure"),
    Column("outcome", "Outcome", 11, 11, 5),
)
RECENT_W = sum(column.low for column in _RECENT) + GAP * (len(_RECENT) - 1)
"""Cells in which all columns of the calls have room."""


def _recent(data: "MetricsData", size: Size, look: Look) -> list[Line]:
    if not data.recent:
        said = "No calls of your own yet." if data.progress.complete else "None of your calls is here yet."
        return exactly([fitted([Span("My calls", "title")], size.w), *message(said, Size(size.w, 3), look)], size)
    rows = [cells_of(row, data.now, data.zone, look) for row in data.recent]
    return table(rows[: max(1, size.h - 1)], _RECENT, size, look)
