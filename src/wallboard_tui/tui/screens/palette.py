"""Room ``tui``, screens: the command palette. Holds what the person may do here and now, and nothing else."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher
from textual.widgets import Input

from wallboard_tui.tui.actions import Action
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.keys import key_name, keys_of
from wallboard_tui.tui.screens.base import DIALOG_STYLES, rows_below
from wallboard_tui.tui.widgets.footer import Footer

KEYS = {
    "cursor_down": Action("palette.choose", "down", "Choose", "Go to the next command.", beside="page.up"),
    "submit": Action("palette.run", "enter", "Do it", "Do what the cursor is on."),
    "escape": Action("palette.leave", "escape", "Leave it", "Close the palette."),
}
"""What its footer shows, by the names under which Textual's palette does it. It answers these keys itself, so they are
none of the table's.
"""


class Palette(CommandPalette):
    """Textual's palette with this program's commands, and its own keys in the footer."""

    CSS_PATH = DIALOG_STYLES

    def __init__(self) -> None:
        super().__init__(providers=[Commands], placeholder="What would you like to do?")

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield Footer(id="footer")

    def on_mount(self) -> None:
        self._draw_keys()

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw_keys)

    def _draw_keys(self) -> None:
        app = self.app
        assert isinstance(app, WallboardApp)
        footer = self.query_one(Footer)
        footer.least_rows = rows_below(self)
        footer.draw(tuple(KEYS.values()), {}, None, app.look)

    @on(Footer.Chosen)
    def _clicked(self, message: Footer.Chosen) -> None:
        act = next(name for name, action in KEYS.items() if action is message.action)
        self.app.call_later(self.app.run_action, act, self.query_one(Input) if act == "submit" else self)


class Commands(Provider):
    """Every action of the table that is permitted and has something to act on, and the boards one is offered."""

    def _open(self) -> Iterator[tuple[str, str, partial[Any]]]:
        app = self.app
        assert isinstance(app, WallboardApp)
        for action in app.open_actions():
            yield self._title(action, app), action.description, partial(app.do, action)
        for key, name in app.other_boards():
            yield f"Open board: {name}", "Show another of the boards you are offered.", partial(app.open_board, key)

    @staticmethod
    def _title(action: Action, app: WallboardApp) -> str:
        keys = keys_of(action, app.keys)
        return f"{action.title}  ({key_name(keys[0])})" if keys else action.title

    async def discover(self) -> Hits:
        for title, description, run in self._open():
            yield DiscoveryHit(Content(title), run, title, description)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for title, description, run in self._open():
            score = max(matcher.match(title), 0.8 * matcher.match(description))
            if score > 0:
                yield Hit(score, _marked(title, matcher), run, title, description)


def _marked(title: str, matcher: Matcher) -> Content:
    """A title, with the letters that were looked for. A board's name in it is no markup."""
    found = Content(title)
    for offset in matcher.fuzzy_search.match(matcher.query, title)[1]:
        found = found.stylize(matcher.match_style, offset, offset + 1)
    return found
