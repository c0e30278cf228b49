"""Room ``tui``: what can be done wherever one is in the program: help, commands, theme, password, and which boards
there are to open.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wallboard_tui.model.me import Me
from wallboard_tui.tui.actions import ACTIONS, BY_METHOD, Action
from wallboard_tui.tui.dressing import Dressed
from wallboard_tui.tui.screens.board import BoardScreen

if TYPE_CHECKING:
    from wallboard_tui.tui.screens.admin.base import Section

OVER_THE_BOARD = 3
"""Textual's own screen, the board, and what stands over it."""


class AppActs(Dressed):
    """The half of the program that answers keys and commands; signing in and out is the other."""

    me: Me | None = None
    """Who is signed in."""

    @property
    def board(self) -> BoardScreen | None:
        """The board, also while something stands over it."""
        return next((screen for screen in self.screen_stack if isinstance(screen, BoardScreen)), None)

    @property
    def section(self) -> "Section | None":
        """The section of *Team* that is open, also while something stands over it."""
        if len(self.screen_stack) < OVER_THE_BOARD:  # most never open one: what it is made of need not be loaded
            return None
        from wallboard_tui.tui.screens.admin.base import Section

        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, Section)), None)

    def open_actions(self) -> Iterator[Action]:
        """The actions that are permitted and have something to act on now, for palette and help."""
        front = self.section or self.board
        for action in ACTIONS:
            if action.hidden or not self.holds(action):
                continue
            if action.scope == "app" or (front is not None and front.open_to(action)):
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
        namespace = self if action.scope == "app" else self.section if action.scope == "admin" else self.board
        await self.run_action(action.method, namespace)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        known = BY_METHOD.get(action)
        if known is None or known.id == "app.quit":
            return True
        if self.me is None:
            return False
        return not any(screen.is_modal for screen in self.screen_stack) and self.holds(known)

    def holds(self, action: Action) -> bool:
        """Whether the person may do it at all as things stand."""
        return action.permitted(self.me)

    def action_app_quit(self) -> None:
        self.exit()

    def action_app_help(self) -> None:
        if (section := self.section) is not None:
            from wallboard_tui.tui.screens.admin.help import SectionHelp

            self.push_screen(SectionHelp(section.name_of))
        elif self.board is not None:
            from wallboard_tui.tui.screens.help import Help

            pane = self.board.focused_pane
            self.push_screen(Help(pane.kind.name if pane else None))

    def action_app_palette(self) -> None:
        from wallboard_tui.tui.screens.palette import Palette

        self.push_screen(Palette())

    def action_app_sources(self) -> None:
        if self.board is not None:
            from wallboard_tui.tui.screens.sources import Sources

            self.push_screen(Sources(self.board.sources))

    async def action_admin_team(self) -> None:
        from wallboard_tui.tui.screens.admin import open_to

        for name in open_to(self.me)[:1]:
            await self._open_section(name)

    async def action_admin_roles(self) -> None:
        await self._open_section("roles")

    async def action_admin_members(self) -> None:
        await self._open_section("members")

    async def action_admin_review(self) -> None:
        await self._open_section("review")

    async def action_admin_audit(self) -> None:
        await self._open_section("audit")

    async def action_admin_teams(self) -> None:
        await self._open_section("teams")

    async def open_member(self, person: str) -> None:
        """Opens *Members* with the cursor on somebody."""
        await self._open_section("members")
        if self.section is not None:
            self.section.wished = person

    async def _open_section(self, name: str) -> None:
        """Opens a section of *Team* over the board, in the place of the one that is open."""
        from wallboard_tui.tui.screens.admin import section

        open_ = self.section
        wanted = section(name)
        if open_ is None:
            await self.push_screen(wanted)
        elif open_.name_of != name:
            await self.switch_screen(wanted)
        else:
            return
        await wanted.first_answer()

    def action_app_theme(self) -> None:
        from wallboard_tui.tui.screens.themes import ThemePicker

        self.push_screen(ThemePicker())

    def action_app_password(self) -> None:
        from wallboard_tui.tui.screens.password import NewPassword

        def done(me: Me | None) -> None:
            if me is not None:
                self.notify("Your password has been changed.")

        self.push_screen(NewPassword(self.terminal.address, self.terminal.person), done)
