"""Room ``tui``, widgets: a table of which whole rows are selected."""

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.widgets import DataTable

Cell = TypeVar("Cell")


class RowTable(DataTable[Cell]):
    """Home and End go to the first and the last row, as in every list of the program; Textual's own go to columns."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("home", "scroll_top", show=False),
        Binding("end", "scroll_bottom", show=False),
    ]
