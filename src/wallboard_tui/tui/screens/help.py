"""Room ``tui``, screens: ``?``. What the focused pane shows, what each of its figures means, and the keys that hold
now.
"""

from collections.abc import Mapping, Sequence

from wallboard_tui.metrics.settings import settings_of
from wallboard_tui.tui.actions import ACTIONS, Action, applies
from wallboard_tui.tui.keys import key_name, keys_of
from wallboard_tui.tui.look import Line, Span, cells
from wallboard_tui.tui.panes.help import help_lines
from wallboard_tui.tui.screens.pages import Page


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
        return [*lines, *key_lines(self._actions(), app.keys, app.look.glyphs.ascii)]

    def _actions(self) -> list[Action]:
        me = self.wallboard.me
        return [action for action in ACTIONS if applies(action, self._pane) and action.permitted(me)]


def key_lines(actions: Sequence[Action], remapped: Mapping[str, str], ascii_only: bool = False) -> list[Line]:
    """The keys of some actions with what they do, those of the pane first."""
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
            keys = " ".join(key_name(key, ascii_only) for key in keys_of(action, remapped))
            lines.append((Span(f"  {keys}{' ' * max(1, 14 - cells(keys))}", "key"), Span(action.description, "text")))
        if chosen:
            lines.append(())
    return lines
