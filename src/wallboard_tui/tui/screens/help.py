"""Room ``tui``, screens: ``?``. What the focused pane shows, what each of its figures means, and the keys that hold
now.
"""

from collections.abc import Mapping, Sequence

from wallboard_tui.metrics.settings import settings_of
from wallboard_tui.tui.actions import ACTIONS, Action, applies
from wallboard_tui.tui.drawing.text import wrap
from wallboard_tui.tui.keys import MOUSE, key_name, keys_of
from wallboard_tui.tui.look import Line, Look, Span
from wallboard_tui.tui.panes.help import help_lines
from wallboard_tui.tui.screens.pages import Page

KEYS_W = 16
"""Cells of the keys, and the blanks around them."""


class Help(Page):
    """Explains the pane that had the focus."""

    title_text = "Help"

    def __init__(self, pane: str | None) -> None:
        super().__init__()
        self._pane = pane

    def picture(self, width: int, height: int) -> Sequence[Line]:
        app = self.wallboard
        lines: list[Line] = []
        if self._pane is not None and app.me is not None:
            settings = settings_of(app.me.organisation)
            lines += [*help_lines(self._pane, settings, width - 1, app.look), ()]
        return [*lines, *key_lines(self._actions(), app.keys, width - 1, app.look)]

    def _actions(self) -> list[Action]:
        me = self.wallboard.me
        return [action for action in ACTIONS if applies(action, self._pane) and action.permitted(me)]


def key_lines(actions: Sequence[Action], remapped: Mapping[str, str], width: int, look: Look) -> list[Line]:
    """The keys of some actions with what they do, those of the pane first, and what a mouse does."""
    lines: list[Line] = []
    for scope, title in (
        ("pane", "Keys of this pane"),
        ("board", "Keys of the board"),
        ("app", "Keys that always hold"),
    ):
        chosen = [action for action in actions if action.scope == scope and keys_of(action, remapped)]
        if chosen:
            lines += [(Span(title, "title"),)]
        for action in chosen:
            keys = " ".join(key_name(key, look.glyphs.ascii) for key in keys_of(action, remapped))
            mouse = f" Mouse: {action.mouse}." if action.mouse else ""
            rows = wrap(action.description + mouse, max(20, width - KEYS_W), look.glyphs)
            head = f"  {keys}".ljust(KEYS_W - 1) + " "
            lines += [(Span(" " * KEYS_W if n else head, "key"), Span(row, "text")) for n, row in enumerate(rows)]
        if chosen:
            lines.append(())
    return [*lines, (Span("Mouse", "title"),), *((Span(f"  {sentence}", "text"),) for sentence in MOUSE)]
