"""Room ``tui``, screens: a list with the details of its selected row beside it, and a line for what went wrong. Knows
nothing of what stands in it.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import DataTable, Static

from wallboard_tui.tui.drawing.text import clean
from wallboard_tui.tui.look import Line
from wallboard_tui.tui.screens.admin.columns import Column, widths
from wallboard_tui.tui.screens.base import DIALOG_STYLES, WallboardScreen
from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.tui.widgets.own_keys import TextLine
from wallboard_tui.tui.widgets.row_table import RowTable


class ListScreen(WallboardScreen[None]):
    """The table is ``#rows``, an optional search ``#search``; details are lines (``show_detail``)."""

    CSS_PATH = DIALOG_STYLES

    search: ClassVar[str] = ""
    """What may be searched for, as the placeholder says it; empty: there is no search."""

    wished: str = ""
    """The key of the row that the cursor comes to once it is there."""

    _detail: Sequence[Line] | Callable[[int], Sequence[Line]] = ()
    _said_of: str | None = None
    """The row that the line above the footer is about, where it is about one."""

    # What a screen says

    def chosen(self, key: str | None) -> None:
        """The cursor is on another row: ``None`` for none."""

    def compose_above(self) -> ComposeResult:
        """What stands above the list: filters."""
        yield from ()

    def compose_detail(self) -> ComposeResult:
        """The right half; lines that scroll, unless a section has something else there."""
        with VerticalScroll(id="detail-scroll"):
            detail = LineWidget(id="detail")
            detail.styles.height = 0  # until a row is selected
            yield detail

    def underway(self) -> str:
        """What has been begun in the list: said in the line above the footer while nothing else is."""
        return ""

    def redraw_chrome(self) -> None:
        """What stands round the list."""

    # On the screen

    def compose_list(self) -> ComposeResult:
        """List, details and the line below."""
        with Horizontal(id="section"):
            with Vertical(id="list"):
                if self.search:
                    yield TextLine(placeholder=self.search, id="search", compact=True)
                yield from self.compose_above()
                yield RowTable(id="rows", cursor_type="row", zebra_stripes=False)
                yield Static("", id="empty", markup=False)
            with Vertical(id="detail-half"):
                yield from self.compose_detail()
        yield Static("", id="said", markup=False)

    @property
    def table(self) -> "DataTable[object]":
        """The list."""
        return self.query_one("#rows", DataTable)

    @property
    def selected(self) -> str | None:
        """The key of the row under the cursor."""
        table = self.table
        if not table.row_count or not table.is_valid_coordinate(table.cursor_coordinate):
            return None
        return table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value

    @property
    def list_width(self) -> int:
        """The cells that the list has; 0 before it has any."""
        return self.query_one("#list").content_size.width

    def relist(self) -> None:
        """Fills the list once more: it is wider or narrower than it was."""

    def fill(self, columns: Sequence[Column], rows: Sequence[tuple[str, Sequence[object]]]) -> None:
        """Fills the list: its columns, and rows by key. The cursor stays on the row it was on."""
        table, before, place = self.table, self.selected, self.table.cursor_row
        with self.prevent(DataTable.RowHighlighted):
            table.clear(columns=True)
            for one, width in zip(columns, widths(columns, self.list_width), strict=True):
                table.add_column(one.title, width=width)
            for key, cells in rows:
                table.add_row(*(self.cell(one) for one in cells), key=key)
        keys = [key for key, _ in rows]
        if keys:
            wished, self.wished = self.wished, "" if self.wished in keys else self.wished
            before = wished if wished in keys else before
            self.select(before if before in keys else keys[min(place, len(keys) - 1)])
        self.chosen(self.selected)
        self.redraw_chrome()

    def cell(self, value: object) -> object:
        """A cell as it is drawn: texts as they are, never as Textual's markup; figures to the right."""
        if isinstance(value, str):
            return Text(clean(value, self.wallboard.look.glyphs.ascii), no_wrap=True, overflow="ellipsis")
        return Text(str(value), justify="right") if isinstance(value, int) else value

    def select(self, key: str) -> None:
        """Puts the cursor on a row."""
        if key in (row.value for row in self.table.rows):
            self.table.move_cursor(row=self.table.get_row_index(key), animate=False)

    def show_empty(self, sentence: str) -> None:
        """What stands in the place of an empty list; empty to show the list."""
        self.query_one("#empty", Static).update(sentence)
        self.query_one("#list").set_class(bool(sentence), "-empty")

    def show_detail(self, lines: Sequence[Line] | Callable[[int], Sequence[Line]]) -> None:
        """Shows lines in the right half; a function is asked for the lines of a width, again when that changes."""
        self._detail = lines
        self._draw_detail()

    def _draw_detail(self) -> None:
        scrolls = self.query("#detail-scroll").results(VerticalScroll)
        for scroll in scrolls:
            width = scroll.scrollable_content_region.width
            if width:
                lines = self._detail(width) if callable(self._detail) else self._detail
                widget = self.query_one("#detail", LineWidget)
                widget.styles.height = max(1, len(lines))
                widget.show(lines, self.wallboard.look.theme)

    def say(self, sentence: str, *, wrong: bool = True, of: str | None = None) -> None:
        """Says something in the line above the footer. What is said ``of`` a row, by its key, goes when the cursor
        does. An empty sentence leaves what is under way, or no line.
        """
        self._said_of = of
        said, shown = self.query_one("#said", Static), sentence or self.underway()
        said.update(shown)
        said.set_class(not (sentence and wrong), "-calm")
        said.set_class(bool(shown), "-there")
