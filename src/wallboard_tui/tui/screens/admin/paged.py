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

    _turned_to: TabPane | None = None
    """The page that a key turned to last; after a click the cursor stays on the tabs."""
    _began = False
    """The first page has been told to be there."""

    def action_turn(self, by: int) -> None:
        """The next page, or the one before; the cursor goes into its first field. All of it at once, so that what is
        typed behind the key belongs to that page, and the next turn begins there.
        """
        content, pages = self.query_one(TabbedContent), list(self.query(TabPane))
        # A field that is hidden while it has the focus gives it to a neighbour on its own page, which comes back then.
        self.set_focus(self.query_one(Tabs))
        here = next((at for at, page in enumerate(pages) if page.id == content.active), 0)
        self._turned_to = pages[(here + by) % len(pages)]
        self._into(self._turned_to)

    @on(TabbedContent.TabActivated)
    def _turned(self, event: TabbedContent.TabActivated) -> None:
        self.show_keys()
        # That the first page is there is told, too, perhaps only after a key has turned it, and brings it back then.
        if not self._began and event.pane is self.query(TabPane).first():
            self._began = True
            if self._turned_to is not None:
                self._into(self._turned_to)

    def _into(self, page: TabPane) -> None:
        self.query_one(TabbedContent).active = page.id or ""
        fields = [one for one in page.query("*") if one.focusable]
        if fields:
            # With what stands above it: its label.
            self.set_focus(fields[0], scroll_visible=False)
            for scroll in page.query(VerticalScroll):
                scroll.scroll_home(animate=False)
