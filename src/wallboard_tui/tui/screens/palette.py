"""Room ``tui``, screens: the command palette. Holds what the person may do here and now, and nothing else."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider

from wallboard_tui.tui.actions import Action
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.keys import key_name, keys_of


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
            yield DiscoveryHit(title, run, help=description)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for title, description, run in self._open():
            score = max(matcher.match(title), 0.8 * matcher.match(description))
            if score > 0:
                yield Hit(score, matcher.highlight(title), run, help=description)
