"""Room ``tui``, panes: the time in the organisation's zone, as large as there is room. Pure."""

from dataclasses import dataclass

from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.drawing import digits
from wallboard_tui.tui.drawing.box import frame, inside
from wallboard_tui.tui.drawing.lines import Block, blank
from wallboard_tui.tui.drawing.text import pad
from wallboard_tui.tui.drawing.units import clock, day
from wallboard_tui.tui.look import Line, Look, Size, Span
from wallboard_tui.tui.panes import seen
from wallboard_tui.tui.panes.base import NOTHING_CHOSEN, Context, PaneKind
from wallboard_tui.tui.panes.frames import finished
from wallboard_tui.view.view import View


@dataclass(frozen=True)
class ClockData:
    """A moment and where it is read."""

    now: float
    title: str
    zone: str


def ask(view: View, me: Me, pane: Pane, now: float, context: Context = NOTHING_CHOSEN) -> ClockData:
    """Nothing is asked but the organisation's time zone."""
    return ClockData(now, pane.title, seen.zone_name(me))


def draw(data: ClockData, size: Size, look: Look) -> list[Line]:
    """Hours and minutes in the largest dots that fit, with seconds where they fit as well; the day below."""
    room = inside(size)
    content = _time(data, Size(max(0, room.w - 2), room.h - 1), look)
    content.append((Span(pad(day(data.now, data.zone), room.w, "centre"), "label"),))
    above = max(0, (room.h - len(content)) // 2)
    shown = [(Span(pad("".join(s.text for s in each), room.w, "centre"), each[0].style),) for each in content if each]
    return finished(frame([*[blank(room.w)] * above, *shown], size, look, data.title), size, look)


def _time(data: ClockData, room: Size, look: Look) -> Block:
    for font in digits.FONTS:
        for text in (clock(data.now, data.zone), clock(data.now, data.zone, seconds=False)):
            if font.height <= room.h and digits.width_of(text, font) <= room.w:
                return [(Span(row, "big"),) for row in digits.paint(text, font, look.glyphs)]
    return [(Span(clock(data.now, data.zone), "big"),)]


KIND = PaneKind("clock", "Clock", ask, draw, min_height=3)
