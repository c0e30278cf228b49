"""Room ``tui``, widgets: boxes to tick, drawn as ``[x]`` and ``[ ]``. Textual's own tell ticked from not by colour
alone.
"""

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Checkbox, OptionList, RadioButton, SelectionList
from textual.widgets._toggle_button import ToggleButton

from wallboard_tui.tui.widgets.own_keys import OwnKeys


class Tick(Checkbox, OwnKeys):
    """One box with its label."""

    @property
    def _button(self) -> Content:
        return Content("[x]" if self.value else "[ ]")


class Dot(RadioButton):
    """One of several, of which one holds."""

    @property
    def _button(self) -> Content:
        return Content("(*)" if self.value else "( )")


class Ticks(SelectionList[str], OwnKeys):
    """A list of boxes."""

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """What stood there when the cursor came to it may be gone by now, because something else is searched for:
        Textual's own list breaks off then.
        """
        if event.option_index >= self.option_count:
            event.stop()
            event.prevent_default()

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        segments = list(strip)
        if len(segments) < 4 or segments[0].text != ToggleButton.BUTTON_LEFT:
            return strip  # below the last
        value = self.get_option_at_index(self.scroll_offset.y + y).value
        _, inner, _, gap, *rest = segments
        # The meta of Textual's own button says which box a click is on.
        style = (gap.style + inner.style.without_color) if gap.style and inner.style else gap.style
        return Strip([Segment("[x]" if value in self.selected else "[ ]", style), gap, *rest])
