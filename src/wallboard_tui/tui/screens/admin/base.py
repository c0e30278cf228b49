"""Room ``tui``, screens: what the sections of *Team* have in common. A list, the details of the selected row, and the
way to the hub. Knows ``client`` and ``model``.

A section says ``name`` (as in ``SECTIONS``), ``depends`` and ``load``; it fills the table and the details when what it
asked for has come. Its own actions are those of the table of actions whose ids begin with its name.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.timer import Timer
from textual.widgets import DataTable, Input

from wallboard_tui.model.administration import EditedKind, Saved
from wallboard_tui.model.me import Me
from wallboard_tui.tui.actions import ACTIONS, BY_METHOD, Action
from wallboard_tui.tui.look import Span
from wallboard_tui.tui.screens.admin import SECTIONS, open_to
from wallboard_tui.tui.screens.admin.listing import ListScreen
from wallboard_tui.tui.screens.admin.tabs import Tabs
from wallboard_tui.tui.screens.admin.working import work
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.ascii_only import without_signs
from wallboard_tui.tui.widgets.footer import Footer
from wallboard_tui.tui.widgets.header import Header, Heading

if TYPE_CHECKING:
    from wallboard_tui.client.administration import Administration
    from wallboard_tui.tui.screens.admin.form import Form

log = logging.getLogger(__name__)
T = TypeVar("T")

SETTLE_S = 0.3
"""What changed is asked for once things have been quiet so long."""
PASSING = frozenset({"unreachable", "no-answer", "broken-off", "no-view"})
"""What goes by by itself: the hub is away or silent, or the cache is just being replaced."""
AGAIN_S = 2.0
"""So long after that the hub is asked once more."""
SLOW_S = 0.5
"""A first answer that takes longer is said to be on its way."""
ASKING = "One moment: the hub is being asked."
CLEAR = "Show all"
"""What Esc does while something is searched for."""


class Section(ListScreen):
    """A section of *Team*: header, tabs, a list with details, a line for what went wrong, and the footer."""

    name_of: ClassVar[str] = ""
    """As in ``SECTIONS``."""
    kind_of: ClassVar[EditedKind | None] = None
    """What its rows are, where they can be edited."""
    depends: ClassVar[frozenset[str]] = frozenset()
    """Kinds of documents that make the section ask again when the feed brings one."""

    # What a section says

    async def load(self) -> None:
        """Asks the hub for what the section shows; called again when something changed."""
        raise NotImplementedError

    def loaded(self) -> None:
        """The answer is there: fill the table."""
        raise NotImplementedError

    def searched(self, text: str) -> None:
        """Somebody typed into the search."""

    def opened(self, key: str) -> None:
        """Enter, or a second click, on a row."""

    def acts(self, action: Action) -> bool:
        """Whether an action of the section has something to act on now."""
        return True

    # On the screen

    def compose(self) -> ComposeResult:
        yield Header(id="header")
        yield Tabs(id="tabs")
        yield from self.compose_list()
        footer = Footer(id="footer")
        footer.most_rows = 2
        yield footer

    def on_mount(self) -> None:
        self._settle: Timer | None = None
        self._unwell = False
        self._listed_for = 0
        self._there = asyncio.Event()
        self._asking: Timer | None = self.set_timer(SLOW_S, self._say_asking)
        self.set_interval(1.0, self.redraw_chrome, name="clock")
        # At once, not when the program comes to it: what is typed ahead belongs to the list.
        self.set_focus(self.table)
        self.redraw_chrome()
        self.reload()
        if self.wallboard.look.glyphs.whole:
            without_signs(self)

    def on_resize(self) -> None:
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        self.redraw_chrome()
        self._draw_detail()
        if self.list_width != self._listed_for:
            self._listed_for = self.list_width
            self.relist()

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
        actions = [
            replace(one, title=CLEAR) if one.id == "admin.close" and self._searches else one
            for one in ACTIONS
            if (one.footer or one.id == "admin.view_as") and self.open_to(one)
        ]
        self.query_one(Footer).draw(sorted(actions, key=self._rank), app.keys, standing, look)

    @staticmethod
    def _rank(action: Action) -> int:
        return 0 if action.section else 1 if action.scope == "admin" else 2

    # Asking

    def reload(self) -> None:
        """Asks the hub for everything again."""
        work(self, "load", self._load)

    async def _load(self) -> None:
        """A worker: asks, and shows what came."""
        try:
            await self.load()
        except TerminalError as error:
            self._answered()
            self.say(str(error))
            self._unwell = True
            if error.name in PASSING:
                self._ask_again(AGAIN_S)
            return
        if self._unwell:
            self.say("")
            self._unwell = False
        self._answered()
        self.loaded()

    def _say_asking(self) -> None:
        # Not in the place of the list: that would take the focus from it, and the next key would go elsewhere.
        self.show_detail([(Span(ASKING, "dim"),)])

    def _answered(self) -> None:
        """The first answer is there, whatever it says."""
        self.call_later(self._there.set)  # once the list is filled
        if self._asking is not None:
            self._asking.stop()
            self._asking = None
            self.show_detail(())

    async def first_answer(self) -> None:
        """Returns once there is something to act on, or the hub is slow: keys that are typed ahead wait for it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SLOW_S):
                await self._there.wait()

    def over(self, form: "Form", then: Callable[[Saved | None], None]) -> Awaitable[None]:
        """Puts a form over the list, which is up to date again before the form goes. Whoever waits for what it gives
        goes on when the form takes keys.
        """
        self.say("")  # what was said of an earlier form is not said of this one
        form.refreshes = self.refreshed
        return self.app.push_screen(form, then)

    async def refreshed(self, saved: Saved) -> None:
        """Shows what was saved, the cursor on it."""
        self.workers.cancel_group(self, "load")  # what was asked before may be answered after
        self.wished = next((one.key for one in saved.applied if one.kind == self.kind_of), "")
        await self._load()
        self.wished = ""  # what was removed never comes

    async def ask(self, question: "Callable[[Administration], Awaitable[T]]") -> T:
        """The hub's answer. Raises ``TerminalError``."""
        return await self.wallboard.terminal.administer(question)

    def view_changed(self, kinds: frozenset[str]) -> None:
        if kinds & self.depends and self.is_mounted:
            self._ask_again(SETTLE_S)

    def _ask_again(self, after: float) -> None:
        """Asks once more in so many seconds, unless there is another reason before."""
        if self._settle is not None:
            self._settle.stop()
        self._settle = self.set_timer(after, self.reload)

    def access_changed(self, me: Me) -> None:
        if self.name_of not in open_to(me):
            # On the program's own pump: a screen that waits for its own end waits for ever.
            self.app.call_later(self._leave)
            lost = "" if self.app.screen is self else " What you had open over it was not saved."
            self.notify(f"You may not see {SECTIONS[self.name_of][0]} any more.{lost}", severity="warning", timeout=15)
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
    def _clicked(self, message: Footer.Chosen) -> None:
        # On the program's own pump: what is chosen may end this screen, which would wait for itself here.
        self.app.call_later(self.wallboard.do, message.action)

    @on(DataTable.RowHighlighted, "#rows")
    def _highlighted(self, event: DataTable.RowHighlighted) -> None:
        if self._said_of not in (None, event.row_key.value):
            self.say("")
        self.chosen(event.row_key.value if self.table.row_count else None)
        self.redraw_chrome()

    @on(DataTable.RowSelected, "#rows")
    def _opened(self, event: DataTable.RowSelected) -> None:
        if event.row_key.value is not None:
            self.opened(event.row_key.value)

    @on(Input.Changed, "#search")
    def _searched(self, event: Input.Changed) -> None:
        self.searched(event.value)
        self.redraw_chrome()

    @on(Input.Submitted, "#search")
    def _found(self) -> None:
        self.set_focus(self.table)

    def on_key(self, event: events.Key) -> None:
        """Out of the search into what it found, as Enter does: a line of text has no line below."""
        search = self.query("#search")
        if event.key == "down" and search and search.first(Input).has_focus:
            event.stop()
            self._found()

    def action_admin_search(self) -> None:
        # At once: what is typed next belongs into the search.
        self.set_focus(self.query_one("#search"))

    def action_admin_reload(self) -> None:
        self.reload()

    def action_admin_close(self) -> None:
        """Back: out of the search, and of what it found, first; then to the board."""
        if not self._searches:
            self.dismiss(None)
            return
        self.query_one("#search", Input).value = ""
        self.set_focus(self.table)

    @property
    def _searches(self) -> bool:
        """Whether something is searched for, or about to be."""
        return any(one.has_focus or one.value for one in self.query("#search").results(Input))

    async def _leave(self) -> None:
        """Back to the board, whatever stands over this screen."""
        while self in self.app.screen_stack:
            await self.app.pop_screen()
