"""Room ``tui``: the half of the program that shows the board as somebody else sees it.

There is one terminal in front: the person's own, or one that looks through somebody else's eyes. The own one is
followed all the time, so that the own board is as it should be when one comes back, and the session's end is heard.
"""

from collections.abc import Mapping
from functools import partial

from textual.events import Key
from textual.worker import Worker

from wallboard_tui.model.me import Me
from wallboard_tui.tui.actions import ACTIONS, Action, applies
from wallboard_tui.tui.app_acts import AppActs
from wallboard_tui.tui.keys import keys_of
from wallboard_tui.tui.messages import (
    AccessChanged,
    ConnectionChanged,
    Failed,
    Noticed,
    SignedOut,
    ViewChanged,
    ViewingBegan,
    ViewingEnded,
    ViewReplaced,
)
from wallboard_tui.tui.screens.board import BoardScreen
from wallboard_tui.tui.terminal import READ_ONLY, Terminal, TerminalError

THEIR_OWN = frozenset({"app.password", "app.sign_out"})
"""What concerns the person at the keys, and not whom they view as."""


class ViewingActs(AppActs):
    """Begins and ends looking through somebody else's eyes."""

    own: Terminal
    keys: Mapping[str, str]
    _looking: Worker[None] | None = None
    _came_from: str = ""

    @property
    def viewing(self) -> str:
        """The name of whoever's eyes one looks through; empty: one's own."""
        return self.me.name if self.terminal is not self.own and self.me is not None else ""

    def holds(self, action: Action) -> bool:
        if action.id == "viewing.end":
            return bool(self.viewing)
        others = self.viewing and action.scope in ("app", "admin") and (action.permission or action.id in THEIR_OWN)
        return not others and super().holds(action)

    def on_key(self, event: Key) -> None:
        """A key that nothing answered: what would change something is refused in a sentence, not in silence."""
        if not self.viewing or self.board is None:
            return
        pane = self.board.focused_pane
        kind = pane.kind.name if pane is not None else None
        acting = [action for action in ACTIONS if action.level == "manage" and applies(action, kind)]
        acting += [action for action in ACTIONS if action.scope == "app" and not self.holds(action)]
        if any(event.key in keys_of(action, self.keys) for action in acting):
            self.notify(READ_ONLY.format(name=self.viewing), severity="warning")

    def view_as(self, person: str) -> None:
        """Shows the board as somebody sees it, once the hub has said what that is."""
        self.run_worker(self._view_as(person), name="view-as", group="view-as", exclusive=True, exit_on_error=False)

    async def _view_as(self, person: str) -> None:
        try:
            terminal = await self.own.view_as(person)
        except TerminalError as error:
            self.post_message(Failed(str(error)))
        else:
            self.post_message(ViewingBegan(terminal))

    async def on_viewing_began(self, message: ViewingBegan) -> None:
        terminal = message.terminal
        if self.me is None or terminal.me is None or self.viewing:
            await terminal.close()
            return
        self._came_from = self.section.name_of if self.section is not None else ""
        self.terminal, self.me = terminal, terminal.me
        await self._only(BoardScreen(terminal.me))
        self._looking = self.follow(terminal, "looking")

    def follow(self, terminal: Terminal, name: str) -> Worker[None]:
        """A worker that follows the feed of a terminal, in the place of the one of that name before."""
        # Not called yet: of one that is taken back before it begins nothing is left that was never awaited.
        followed = partial(terminal.run, Post(self, terminal))
        return self.run_worker(followed, name=name, group=name, exclusive=True, exit_on_error=False)

    def action_viewing_end(self) -> None:
        self.post_message(ViewingEnded(self.terminal))

    async def on_viewing_ended(self, message: ViewingEnded) -> None:
        if message.terminal is not self.terminal or not self.viewing:
            return
        name = self.viewing
        await self.leave_view()
        if self.own.me is None:
            return  # the end of the own session is on its way
        self.me = self.own.me
        await self._only(BoardScreen(self.own.me))
        if self._came_from and self.check_action(f"admin_{self._came_from}", ()):
            await self._open_section(self._came_from)
        self.notify(message.reason or f"You no longer view as {name}.", timeout=15 if message.reason else 5)

    async def leave_view(self) -> None:
        """Puts the own terminal in front again; of the other nothing stays."""
        if self.terminal is self.own:
            return
        terminal, self.terminal = self.terminal, self.own
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        await terminal.close()

    def action_admin_view_as(self) -> None:
        from wallboard_tui.tui.screens.admin.viewing import Eyes

        section = self.section
        if section is not None and section.name_of == "members" and section.selected is not None:
            self.view_as(section.selected)
            return

        def chosen(person: str | None) -> None:
            if person is not None:
                self.view_as(person)

        self.push_screen(Eyes(), chosen)

    async def _only(self, screen: BoardScreen) -> None:
        """Shows a screen and nothing behind it."""
        raise NotImplementedError


class Post:
    """Turns what a terminal's feed says into messages to the program; of what is not in front only what ends or is
    said.
    """

    def __init__(self, app: ViewingActs, terminal: Terminal) -> None:
        self._app = app
        self._terminal = terminal

    @property
    def _in_front(self) -> bool:
        return self._app.terminal is self._terminal

    def view_changed(self, kinds: frozenset[str]) -> None:
        if self._in_front:
            self._app.post_message(ViewChanged(kinds))

    def connection_changed(self) -> None:
        if self._in_front:
            self._app.post_message(ConnectionChanged())

    def access_changed(self, me: Me) -> None:
        if self._in_front:
            self._app.post_message(AccessChanged(me, self._terminal))

    def view_replaced(self) -> None:
        if self._in_front:
            self._app.post_message(ViewReplaced())

    def notice(self, sentence: str) -> None:
        self._app.post_message(Noticed(sentence))

    def signed_out(self, reason: str) -> None:
        own = self._terminal is self._app.own
        self._app.post_message(SignedOut(reason) if own else ViewingEnded(self._terminal, reason))
