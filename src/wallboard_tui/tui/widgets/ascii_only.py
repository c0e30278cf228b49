"""Room ``tui``, widgets: Textual's own widgets on a terminal that shows nothing but ASCII."""

from textual.containers import VerticalScroll
from textual.scrollbar import ScrollBarRender
from textual.widget import Widget
from textual.widgets import DataTable, SelectionList, Static

from wallboard_tui.tui.widgets.permissions import PermissionTable

ARROWS = {"down-arrow": "v", "up-arrow": "^"}


class PlainBar(ScrollBarRender):
    """A scroll bar that ends with whole cells."""

    VERTICAL_BARS = [" "] * 8
    HORIZONTAL_BARS = [" "] * 8


def without_signs(screen: Widget) -> None:
    """Takes the arrows of lists to choose from, and the eighths of cells at the ends of scroll bars, off a screen."""
    for name, sign in ARROWS.items():
        for arrow in screen.query(f".{name}").results(Static):
            arrow.update(sign)
    for table in screen.query(PermissionTable):
        table.dash = "-"
    for widget in screen.query("*"):
        if isinstance(widget, DataTable | SelectionList | VerticalScroll):
            for bar in (widget.vertical_scrollbar, widget.horizontal_scrollbar):
                bar.renderer = PlainBar  # type: ignore[misc]
