"""Room ``tui``: what can be done wherever one is in the program: help, commands, theme, password, and which boards
there are to open.
"""

from collections.abc import Iterator

from wallboard_tui.model.me import Me
from wallboard_tui.tui.actions import ACTIONS, BY_METHOD, Action
from wallboard_tui.tui.dressing import Dressed
from wallboard_tui.tui.screens.base import Dialog
from wallboard_tui.tui.screens.board import BoardScreen


class AppActs(Dressed):
    """The half of the program that answers keys and commands; signing in and out is the other."""

    me: Me | None = None
    """Who is signed in."""

    @property
    def board(self) -> BoardScreen | None:
        """The board, also while something stands over it."""
        return next((screen for screen in self.screen_stack if isinstance(screen, BoardScreen)), None)

    def open_actions(self) -> Iterator[Action]:
        """The actions that are permitted and have something to act on now, for palette and help."""
        board = self.board
        for action in ACTIONS:
            if not action.hidden and (action.scope == "app" or (board is not None and board.open_to(action))):
                yield action

    def other_boards(self) -> list[tuple[str, str]]:
        """Key and name of the boards that are offered and not open."""
        board = self.board
        if board is None:
            return []
        return [(one.key, one.name) for one in board.boards if one is not board.board]

    def open_board(self, key: str) -> None:
        """Opens one of the boards that are offered."""
        if self.board is not None:
            self.board.open_board(key)

    async def do(self, action: Action) -> None:
        """Does what an action's key would do."""
        namespace = self if action.scope == "app" else self.board
        await self.run_action(action.method, namespace)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        known = BY_METHOD.get(action)
        if known is None or known.id == "app.quit":
            return True
        if self.me is None:
            return False
        return not any(isinstance(screen, Dialog) for screen in self.screen_stack) and known.permitted(self.me)

    def action_app_quit(self) -> None:
        self.exit()

    def action_app_help(self) -> None:
        if self.board is not None:
            from wallboard_tui.tui.screens.help import Help

            pane = self.board.focused_pane
            self.push_screen(Help(pane.kind.name if pane else None))

    def action_app_palette(self) -> None:
        from textual.command import CommandPalette

        from wallboard_tui.tui.screens.palette import Commands

        self.push_screen(CommandPalette(providers=[Commands], placeholder="What would you like to do?"))

    def action_app_theme(self) -> None:
        from wallboard_tui.tui.screens.themes import ThemePicker

        self.push_screen(ThemePicker())

    def action_app_password(self) -> None:
        from wallboard_tui.tui.screens.password import NewPassword

        def done(me: Me | None) -> None:
            if me is not None:
                self.notify("Your password has been changed.")

        self.push_screen(NewPassword(self.terminal.address, self.terminal.person), done)
