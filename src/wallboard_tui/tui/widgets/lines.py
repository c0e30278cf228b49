"""Room ``tui``, widgets: one widget that shows lines. One cached strip per line; a frame redraws only what changed."""

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from wallboard_tui.tui.look import Line
from wallboard_tui.tui.themes import PLAIN_THEME, Theme
from wallboard_tui.tui.widgets.painter import Palette, differing, strip


class LineWidget(Widget):
    """Shows the lines it was given last, and prints again the parts of lines that differ from what stands there.

    The price of a frame in Textual goes by widgets and lines, hardly by their width; so a pane with hundreds of
    figures is one of these and not hundreds of widgets. It has no border, padding, opacity or links, and its strips
    go to the screen as they are.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = "LineWidget { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str | None = None, name: str | None = None) -> None:
        super().__init__(id=id, name=name)
        self._lines: list[Line] = []
        self._strips: list[Strip | None] = []
        self._palette = Palette(PLAIN_THEME)
        self._width = 0
        """What the lines were drawn for."""
        self._room = 0
        """What they are shown in."""

    @property
    def lines(self) -> list[Line]:
        """What is shown now."""
        return self._lines

    @property
    def room(self) -> int:
        """The cells that what spans the screen has; before the first layout too, so that it is in the first picture."""
        return self.size.width or self.app.size.width

    def show(self, lines: Sequence[Line], theme: Theme) -> int:
        """Shows other lines. Returns how many lines have to be redrawn; none when nothing changed."""
        width = self.size.width
        if width != self._width or theme is not self._palette.theme or len(lines) != len(self._lines):
            self._width = width
            self._palette = Palette(theme, self._palette.filters)
            self._lines = list(lines)
            self._strips = [None] * len(lines)
            self.refresh()
            return len(lines)
        changed = 0
        regions: list[Region] = []
        for y, (old, new) in enumerate(zip(self._lines, lines, strict=True)):
            if old != new:
                changed += 1
                regions += [Region(start, y, end - start, 1) for start, end in differing(old, new, width)]
                self._lines[y] = new
                self._strips[y] = None
        if changed:
            self.refresh(*regions)
        return changed

    def make_ready(self) -> None:
        """Before lines are rendered: the room there is, and the program's filters (no colours, no dim)."""
        self._room = self.size.width
        filters = tuple(self.get_line_filters())
        if filters != self._palette.filters:
            self._palette = Palette(self._palette.theme, filters)
            self._strips = [None] * len(self._lines)

    def render_lines(self, crop: Region) -> list[Strip]:
        self.make_ready()
        known = self._strips[crop.y : crop.bottom]
        strips = [drawn or self.render_line(y) for y, drawn in enumerate(known, crop.y)]
        strips += [self.render_line(y) for y in range(crop.y + len(known), crop.bottom)]
        if crop.column_span != (0, self._room):
            strips = [each.crop(*crop.column_span) for each in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        if y >= len(self._strips):
            return Strip.blank(self._room, self._palette["text"])
        drawn = self._strips[y]
        if drawn is None:
            drawn = self._strips[y] = strip(self._lines[y], self._room, self._palette)
        return drawn
