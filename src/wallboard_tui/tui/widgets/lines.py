"""Room ``tui``, widgets: one widget that shows lines. One cached strip per line; a frame redraws only the lines that
changed.
"""

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from wallboard_tui.tui.look import Line
from wallboard_tui.tui.themes import Theme
from wallboard_tui.tui.widgets.painter import strip


class LineWidget(Widget):
    """Shows the lines it was given last, one full-width region for each line that differs from what stands there.

    The price of a frame in Textual goes by widgets and lines, hardly by their width; so a pane with hundreds of
    figures is one of these and not hundreds of widgets.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = "LineWidget { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str | None = None, name: str | None = None) -> None:
        super().__init__(id=id, name=name)
        self._lines: list[Line] = []
        self._strips: list[Strip] = []
        self._drawn_in: tuple[int, int] = (0, 0)
        """Width and identity of the theme that the strips were made for."""

    @property
    def lines(self) -> list[Line]:
        """What is shown now."""
        return self._lines

    def show(self, lines: Sequence[Line], theme: Theme) -> int:
        """Shows other lines. Returns how many lines have to be redrawn; none when nothing changed."""
        width = self.size.width
        if (width, id(theme)) != self._drawn_in or len(lines) != len(self._lines):
            self._drawn_in = (width, id(theme))
            self._lines = list(lines)
            self._strips = [strip(line, width, theme) for line in lines]
            self.refresh()
            return len(lines)
        changed = [y for y, (old, new) in enumerate(zip(self._lines, lines, strict=True)) if old != new]
        for y in changed:
            self._lines[y] = lines[y]
            self._strips[y] = strip(lines[y], width, theme)
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))
        return len(changed)

    def render_line(self, y: int) -> Strip:
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.rich_style)
