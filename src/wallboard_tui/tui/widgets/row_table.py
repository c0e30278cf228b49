"""Room ``tui``, widgets: a table of which whole rows are selected."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import DataTable


class RowTable(DataTable[object]):
    """Home and End go to the first and the last row, as in every list of the program; Textual's own go to columns."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("home", "scroll_top", show=False),
        Binding("end", "scroll_bottom", show=False),
    ]
