"""Room ``tui``, screens: what the sections of *Team* have in common. A list, the details of the selected row, and the
way to the hub. Knows ``client`` and ``model``.

A section says ``name`` (as in ``SECTIONS``), ``depends`` and ``load``; it fills the table and the details when what it
asked for has come. Its own actions are those of the table of actions whose ids begin with its name.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.timer import Timer
from textual.widgets import DataTable, Input, Static

from wallboard_tui.model.me import Me
from wallboard_tui.tui.actions import ACTIONS, BY_METHOD, Action, key_name, keys_of
from wallboard_tui.tui.drawing.text import clean
from wallboard_tui.tui.look import Line, Span
from wallboard_tui.tui.screens.admin import SECTIONS, open_to
from wallboard_tui.tui.screens.base import WallboardScreen
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.footer import Footer
from wallboard_tui.tui.widgets.header import Header, Heading
from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.tui.widgets.painter import fit
from wallboard_tui.tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from wallboard_tui.client.administration import Administration

log = logging.getLogger(__name__)
T = TypeVar("T")

SETTLE_S = 0.3
"""What changed is asked for once things have been quiet so long."""


class Tabs(LineWidget):
    """The sections one may open, each with its key; a click opens it."""

    DEFAULT_CSS = "Tabs { height: 1; }"

    def on_mount(self) -> None:
        self._spots: list[tuple[int, int, str]] = []

    def draw(self, here: str, screen: "Section") -> None:
        """Shows the tabs, the open one marked by more than its colour."""
        app = screen.wallboard
        line: list[Span] = [Span(" Team ", "dim")]
        x = 6
        self._spots = []
        for name in open_to(app.me):
            keys = keys_of(BY_METHOD[f"admin_{name}"], app.keys)
            key = f" {key_name(keys[0], app.look.glyphs.ascii)}" if keys else ""
            title = SECTIONS[name][0]
            word = f"[{title}]" if name == here else f" {title} "
            line += [Span(key, "key"), Span(word, "title" if name == here else "text"), Span(" ", "text")]
            size = len(key) + len(word) + 1
            self._spots.append((x, x + size, name))
            x += size
        self.show([fit(tuple(line), (), self.size.width)], app.look.theme)

    async def on_click(self, event: events.Click) -> None:
        for start, end, name in self._spots:
            if start <= event.x < end:
                await self.app.run_action(f"app.admin_{name}")


class Section(WallboardScreen[None]):
    """A section of *Team*: header, tabs, a list, the details of the selected row, a line for what went wrong, footer.

    The table is ``#rows``, an optional search ``#search``; details are lines (``show_detail``).
    """

    name_of: ClassVar[str] = ""
    """As in ``SECTIONS``."""
    depends: ClassVar[frozenset[str]] = frozenset()
    """Kinds of documents that make the section ask again when the feed brings one."""
    search: ClassVar[str] = ""
    """What may be searched for, as the placeholder says it; empty: there is no search."""
    list_title: ClassVar[str] = ""

    wished: str = ""
    """The key of the row that the cursor comes to once it is there."""

    # What a section says

    async def load(self) -> None:
        """Asks the hub for what the section shows; called again when something changed."""
        raise NotImplementedError

    def loaded(self) -> None:
        """The answer is there: fill the table."""
        raise NotImplementedError

    def searched(self, text: str) -> None:
        """Somebody typed into the search."""

    def chosen(self, key: str | None) -> None:
        """The cursor is on another row: ``None`` for none."""

    def opened(self, key: str) -> None:
        """Enter, or a second click, on a row."""

    def acts(self, action: Action) -> bool:
        """Whether an action of the section has something to act on now."""
        return True

    def compose_above(self) -> ComposeResult:
        """What stands above the list: filters."""
        yield from ()

    def compose_detail(self) -> ComposeResult:
        """The right half; lines that scroll, unless a section has something else there."""
        with VerticalScroll(id="detail-scroll"):
            yield LineWidget(id="detail")

    # On the screen

    def compose(self) -> ComposeResult:
        yield Header(id="header")
        yield Tabs(id="tabs")
        with Horizontal(id="section"):
            with Vertical(id="list"):
                if self.search:
                    yield Input(placeholder=self.search, id="search", compact=True)
                yield from self.compose_above()
                yield RowTable(id="rows", cursor_type="row", zebra_stripes=False)
                yield Static("", id="empty", markup=False)
            with Vertical(id="detail-half"):
                yield from self.compose_detail()
        yield Static("", id="said", markup=False)
        yield Footer(id="footer")

    def on_mount(self) -> None:
        self._settle: Timer | None = None
        self._unwell = False
        self._detail: Sequence[Line] | Callable[[int], Sequence[Line]] = ()
        self.set_interval(1.0, self.redraw_chrome, name="clock")
        self.query_one("#rows").focus()
        self.call_after_refresh(self.redraw_chrome)
        self.reload()

    def on_resize(self) -> None:
        self.call_after_refresh(self.redraw_chrome)
        self.call_after_refresh(self._draw_detail)

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

    def fill(self, columns: Sequence[tuple[str, int | None]], rows: Sequence[tuple[str, Sequence[object]]]) -> None:
        """Fills the list: titles with widths, and rows by key. The cursor stays on the row it was on."""
        table, before, place = self.table, self.selected, self.table.cursor_row
        with self.prevent(DataTable.RowHighlighted):
            table.clear(columns=True)
            for title, width in columns:
                table.add_column(title, width=width)
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

    def say(self, sentence: str, *, wrong: bool = True) -> None:
        """Says something in the line above the footer; an empty sentence takes the line away."""
        said = self.query_one("#said", Static)
        said.update(sentence)
        said.set_class(not wrong, "-calm")
        said.set_class(bool(sentence), "-there")

    def redress(self) -> None:
        self.redraw_chrome()
        self._draw_detail()

    def redraw_chrome(self) -> None:
        """Header, tabs and footer."""
        app = self.wallboard
        if not self.query(Header) or app.me is None:
            return
        standing, look = app.terminal.standing(), app.look
        heading = Heading(
            board=str(app.me.organisation.get("name", "")),
            page=f"Team {look.glyphs.pointer} {SECTIONS[self.name_of][0]}",
            number=1,
            pages=1,
            zone=str(app.me.organisation.get("time_zone", "UTC")),
            person=app.me.name,
            role=app.me.role_name,
        )
        self.query_one(Header).draw(heading, standing, look)
        self.query_one(Tabs).draw(self.name_of, self)
        actions = [one for one in ACTIONS if one.footer and self.open_to(one)]
        self.query_one(Footer).draw(sorted(actions, key=self._rank), app.keys, standing, look)

    @staticmethod
    def _rank(action: Action) -> int:
        return 0 if action.section else 1 if action.scope == "admin" else 2

    # Asking

    def reload(self) -> None:
        """Asks the hub for everything again."""
        self.run_worker(self._load(), name="load", group="load", exclusive=True, exit_on_error=False)

    async def _load(self) -> None:
        """A worker: asks, and shows what came."""
        try:
            await self.load()
        except TerminalError as error:
            self.say(str(error))
            self._unwell = True
            return
        if self._unwell:
            self.say("")
            self._unwell = False
        self.loaded()

    async def ask(self, question: "Callable[[Administration], Awaitable[T]]") -> T:
        """The hub's answer. Raises ``TerminalError``."""
        return await self.wallboard.terminal.administer(question)

    def view_changed(self, kinds: frozenset[str]) -> None:
        if kinds & self.depends and self.is_mounted:
            if self._settle is not None:
                self._settle.stop()
            self._settle = self.set_timer(SETTLE_S, self.reload)

    def access_changed(self, me: Me) -> None:
        if self.name_of not in open_to(me):
            # On the program's own pump: a screen that waits for its own end waits for ever.
            self.app.call_later(self._leave)
            return
        self.redraw_chrome()
        self.reload()

    # What may be done

    def open_to(self, action: Action) -> bool:
        """Whether an action is permitted here and has something to act on now."""
        if not self.wallboard.holds(action) or action.scope not in ("app", "admin"):
            return False
        if action.id == "admin.search":
            return bool(self.search)
        if action.scope == "admin" and action.section:
            return action.section == self.name_of and self.acts(action)
        return action.id != "admin.team"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        known = BY_METHOD.get(action)
        return True if known is None or known.scope == "app" else self.open_to(known)

    @on(Footer.Chosen)
    async def _clicked(self, message: Footer.Chosen) -> None:
        await self.wallboard.do(message.action)

    @on(DataTable.RowHighlighted, "#rows")
    def _highlighted(self, event: DataTable.RowHighlighted) -> None:
        self.chosen(event.row_key.value if self.table.row_count else None)
        self.redraw_chrome()

    @on(DataTable.RowSelected, "#rows")
    def _opened(self, event: DataTable.RowSelected) -> None:
        if event.row_key.value is not None:
            self.opened(event.row_key.value)

    @on(Input.Changed, "#search")
    def _searched(self, event: Input.Changed) -> None:
        self.searched(event.value)

    @on(Input.Submitted, "#search")
    def _found(self) -> None:
        self.set_focus(self.table)

    def action_admin_search(self) -> None:
        # At once: what is typed next belongs into the search.
        self.set_focus(self.query_one("#search"))

    def action_admin_reload(self) -> None:
        self.reload()

    def action_admin_close(self) -> None:
        """Back: out of the search first, then to the board."""
        search = self.query("#search")
        if search and search.first(Input).has_focus:
            search.first(Input).value = ""
            self.set_focus(self.table)
            return
        self.dismiss(None)

    async def _leave(self) -> None:
        """Back to the board, whatever stands over this screen."""
        while self in self.app.screen_stack:
            await self.app.pop_screen()
