"""Room ``tui``, screens: a form of *Team* whose fields stand on several pages."""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import TabbedContent, Tabs

from wallboard_tui.tui.screens.admin.form import Form


class PagedForm(Form):
    """A form with one ``TabbedContent``; Ctrl+PgDn and Ctrl+PgUp turn its pages from any field."""

    # Before the field that has the focus: tables turn their own columns with these keys.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+pagedown", "turn(1)", "Next", priority=True),
        Binding("ctrl+pageup", "turn(-1)", "Back", priority=True),
    ]

    _turning = False
    """A key turned the page, which is not shown yet; a click leaves the cursor on the tabs."""

    def action_turn(self, by: int) -> None:
        """The next page, or the one before; the cursor goes into its first field."""
        self._turning = True
        tabs = self.query_one(Tabs)
        tabs.action_next_tab() if by > 0 else tabs.action_previous_tab()

    @on(TabbedContent.TabActivated)
    def _turned(self) -> None:
        self.show_keys()
        if self._turning:
            self._turning = False
            self.call_after_refresh(self._into_page)

    def _into_page(self) -> None:
        pane = self.query_one(TabbedContent).active_pane
        if pane is not None:
            fields = [one for one in pane.query("*") if one.focusable]
            if fields:
                fields[0].focus()
