"""Room ``tui``, screens: a form of *Team* whose fields stand on several pages."""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import TabbedContent, TabPane, Tabs

from wallboard_tui.tui.screens.admin.form import Form


class PagedForm(Form):
    """A form with one ``TabbedContent``; Ctrl+PgDn and Ctrl+PgUp turn its pages from any field."""

    # Before the field that has the focus: tables turn their own columns with these keys.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+pagedown", "turn(1)", "Next", priority=True),
        Binding("ctrl+pageup", "turn(-1)", "Back", priority=True),
    ]

    more_keys = (("^PgDn", "page"),)

    _turning_to = ""
    """The page that a key turned to and that is not shown yet; after a click the cursor stays on the tabs."""

    def action_turn(self, by: int) -> None:
        """The next page, or the one before; the cursor goes into its first field."""
        content, tabs = self.query_one(TabbedContent), self.query_one(Tabs)
        # A field that is hidden while it has the focus gives it to a neighbour on its own page, which comes back then.
        self.set_focus(tabs)
        tabs.action_next_tab() if by > 0 else tabs.action_previous_tab()
        turned = (pane.id or "" for pane in self.query(TabPane) if content.get_tab(pane) is tabs.active_tab)
        self._turning_to = next(turned, "")

    @on(TabbedContent.TabActivated)
    def _turned(self, event: TabbedContent.TabActivated) -> None:
        self.show_keys()
        # That the first page is there is told too, and may be told only after a key has turned it.
        if self._turning_to and event.pane.id == self._turning_to:
            self._turning_to = ""
            self.call_after_refresh(self._into, event.pane)

    def _into(self, page: TabPane) -> None:
        fields = [one for one in page.query("*") if one.focusable]
        if fields and self.query_one(TabbedContent).active_pane is page:
            # With what stands above it: its label.
            self.set_focus(fields[0], scroll_visible=False)
            for scroll in page.query(VerticalScroll):
                scroll.scroll_home(animate=False)
