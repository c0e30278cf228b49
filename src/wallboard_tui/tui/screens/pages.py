"""Room ``tui``, screens: a page of lines over the board, scrolled when it is long."""

import logging
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from wallboard_tui.tui.look import Line, Span
from wallboard_tui.tui.screens.base import Dialog
from wallboard_tui.tui.widgets.bindings import bindings_of
from wallboard_tui.tui.widgets.lines import LineWidget

log = logging.getLogger(__name__)


class Page(Dialog[None]):
    """Shows lines; ``Esc`` closes it. What stands on it comes from ``picture``, which is drawn again when the size
    changes.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("dialog", only="page.")

    families: ClassVar[tuple[str, ...]] = ("page",)
    title_text = ""

    def compose_card(self) -> ComposeResult:
        with Vertical(classes="card page"):
            yield Static(self.title_text, classes="heading", id="page-title", markup=False)
            with VerticalScroll(id="page-scroll"):
                yield LineWidget(id="page-lines")

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()
        self.call_after_refresh(self.redraw)

    def on_resize(self) -> None:
        self.call_after_refresh(self.redraw)

    def picture(self, width: int, height: int) -> Sequence[Line]:
        """The lines for a page of this width; ``height`` is what can be seen at once."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draws the page again."""
        scroll = self.query_one(VerticalScroll)
        width, height = scroll.scrollable_content_region.size
        if width and height:
            try:
                lines = list(self.picture(width, height))
            except Exception:
                log.exception("The page %r could not be drawn.", self.title_text)
                lines = [(Span("This page could not be drawn. What went wrong stands in the log.", "alert"),)]
            widget = self.query_one("#page-lines", LineWidget)
            widget.styles.height = max(1, len(lines))
            widget.show(lines, self.wallboard.look.theme)

    def redress(self) -> None:
        super().redress()
        self.redraw()

    def action_page_down(self) -> None:
        self._scroll(1)

    def action_page_up(self) -> None:
        self._scroll(-1)

    def _scroll(self, by: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def action_page_close(self) -> None:
        self.dismiss(None)
