"""Room ``tui``, screens: a form of *Team* whose fields stand on several pages."""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import TabbedContent, TabPane, Tabs

from wallboard_tui.tui.screens.admin.form import Form


class Pages(TabbedContent):
    """The pages of a form. What is told late of a page that was turned over since does not bring it back."""

    def on_tab_pane_focused(self, event: TabPane.Focused) -> None:
        focused = self.screen.focused
        if focused is None or event.tab_pane not in focused.ancestors:
            event.stop().prevent_default()

    def on_tabs_tab_activated(self, event: Tabs.TabActivated) -> None:
        if event.tab.id != event.tabs.active:
            event.stop().prevent_default()


class PagedForm(Form):
    """A form with one ``Pages``; Ctrl+PgDn and Ctrl+PgUp turn its pages from any field."""

    # Before the field that has the focus: tables turn their own columns with these keys.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+pagedown", "turn(1)", "Next", priority=True),
        Binding("ctrl+pageup", "turn(-1)", "Back", priority=True),
    ]

    more_keys = (("^PgDn", "page"),)

    def action_turn(self, by: int) -> None:
        """The next page, or the one before; the cursor goes into its first field. All of it at once, so that what is
        typed behind the key belongs to that page, and the next turn begins there.
        """
        content, pages = self.query_one(Pages), list(self.query(TabPane))
        # A field that is hidden while it has the focus gives it to a neighbour on its own page, which comes back then.
        self.set_focus(self.query_one(Tabs))
        here = next((at for at, page in enumerate(pages) if page.id == content.active), 0)
        self._into(pages[(here + by) % len(pages)])

    @on(TabbedContent.TabActivated)
    def _turned(self) -> None:
        self.show_keys()

    def _into(self, page: TabPane) -> None:
        self.query_one(Pages).active = page.id or ""
        fields = [one for one in page.query("*") if one.focusable]
        if fields:
            # With what stands above it: its label.
            self.set_focus(fields[0], scroll_visible=False)
            for scroll in page.query(VerticalScroll):
                scroll.scroll_home(animate=False)
