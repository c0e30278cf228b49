"""Room ``tui``, screens: the line of *Team*'s sections."""

from typing import TYPE_CHECKING

from textual import events

from wallboard_tui.tui.actions import BY_METHOD
from wallboard_tui.tui.keys import key_name, keys_of
from wallboard_tui.tui.look import Span
from wallboard_tui.tui.screens.admin import SECTIONS, open_to
from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.tui.widgets.painter import fit

if TYPE_CHECKING:
    from wallboard_tui.tui.screens.base import WallboardScreen


class Tabs(LineWidget):
    """The sections one may open, each with its key; a click opens it."""

    DEFAULT_CSS = "Tabs { height: 1; }"

    def on_mount(self) -> None:
        self._spots: list[tuple[int, int, str]] = []

    def draw(self, here: str, screen: "WallboardScreen[None]") -> None:
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
        self.show([fit(tuple(line), (), self.room)], app.look.theme)

    def on_click(self, event: events.Click) -> None:
        for start, end, name in self._spots:
            if start <= event.x < end:
                # On the program's own pump: another section ends this screen, which would wait for itself here.
                self.app.call_later(self.app.run_action, f"app.admin_{name}")
