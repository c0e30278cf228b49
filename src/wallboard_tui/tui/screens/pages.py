"""Room ``tui``, screens: a page of lines over the board, scrolled when it is long."""

import logging
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from wallboard_tui.tui.actions import ACTIONS
from wallboard_tui.tui.drawing.text import entries
from wallboard_tui.tui.keys import key_name, keys_of
from wallboard_tui.tui.look import Line, Span
from wallboard_tui.tui.screens.base import Dialog
from wallboard_tui.tui.widgets.lines import LineWidget

log = logging.getLogger(__name__)


class Page(Dialog[None]):
    """Shows lines; ``Esc`` closes it. What stands on it comes from ``picture``, which is drawn again when the size
    changes.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,enter", "cancel", "Close"),
        ("j", "scroll(1)", "Down"),
        ("k", "scroll(-1)", "Up"),
    ]

    title_text = ""
    own: ClassVar[frozenset[str]] = frozenset()
    """Methods of the table's actions that this kind of page offers."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="card page"):
            yield Static(self.title_text, classes="heading", id="page-title")
            with VerticalScroll(id="page-scroll"):
                yield LineWidget(id="page-lines")
            yield Static(self.hint(), classes="hint", id="page-hint", markup=False)

    def hint(self) -> str:
        """The keys that hold on this page, those of its own first."""
        return f"{self.own_keys()}{self.arrows}  scroll    Esc  close"

    def own_keys(self) -> str:
        """The keys of this kind of page, made from the table of actions."""
        actions = [action for action in ACTIONS if action.method in self.own and action.permitted(self.wallboard.me)]
        named = [(keys_of(action, self.wallboard.keys), action.title) for action in actions]
        return "".join(f"{key_name(keys[0])}  {title.lower()}    " for keys, title in named if keys)

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
            self.query_one("#page-hint", Static).update("\n".join(entries(self.hint(), scroll.size.width)))
            widget = self.query_one("#page-lines", LineWidget)
            widget.styles.height = max(1, len(lines))
            widget.show(lines, self.wallboard.look.theme)

    def redress(self) -> None:
        self.redraw()

    def action_scroll(self, by: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
