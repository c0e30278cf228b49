"""Room ``tui``, panes: what the admin wrote, and nothing else. Pure."""

from dataclasses import dataclass

from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.drawing.box import frame, inside
from wallboard_tui.tui.drawing.lines import blank
from wallboard_tui.tui.drawing.text import pad, wrap
from wallboard_tui.tui.look import Line, Look, Size, Span
from wallboard_tui.tui.panes.base import NOTHING_CHOSEN, Context, PaneKind
from wallboard_tui.tui.panes.frames import finished
from wallboard_tui.view.view import View


@dataclass(frozen=True)
class TextData:
    """A text and its title."""

    now: float
    title: str
    text: str


def ask(view: View, me: Me, pane: Pane, now: float, context: Context = NOTHING_CHOSEN) -> TextData:
    """The text stands in the board itself; the view is not asked."""
    return TextData(now, pane.title, pane.text)


def draw(data: TextData, size: Size, look: Look) -> list[Line]:
    """The text in the middle, broken between words; a line break in the text stays one."""
    room = inside(size)
    lines = [each for part in data.text.splitlines() for each in wrap(part, max(1, room.w - 2), look.glyphs) or [""]]
    above = max(0, (room.h - len(lines)) // 2)
    content: list[Line] = [blank(room.w)] * above
    content += [(Span(pad(each, room.w, "centre"), "value"),) for each in lines]
    return finished(frame(content, size, look, data.title), size, look)


KIND = PaneKind("text", "Text", ask, draw, min_height=3, ticks=False)
