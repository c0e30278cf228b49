"""Room ``tui``: the program. Holds who is signed in, and the feed; screens hold the rest.

Workers run the network and the disk and only post messages; the handlers here own the state.
"""

import gc
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual import constants, events
from textual.binding import BindingType
from textual.driver import Driver
from textual.notifications import SeverityLevel
from textual.worker import Worker, WorkerState

from wallboard_tui.model.me import Me
from wallboard_tui.tui.messages import (
    UNEXPECTED,
    AccessChanged,
    ConnectionChanged,
    Failed,
    Noticed,
    PanesAnswered,
    SignedIn,
    SignedOut,
    ViewChanged,
    ViewReplaced,
)
from wallboard_tui.tui.panes import PANES
from wallboard_tui.tui.screens.base import Dialog, WallboardScreen
from wallboard_tui.tui.screens.board import BoardScreen
from wallboard_tui.tui.settings import Settings
from wallboard_tui.tui.terminal import DemoPerson, Terminal, TerminalError
from wallboard_tui.tui.viewing_acts import ViewingActs
from wallboard_tui.tui.widgets.bindings import bindings_of

log = logging.getLogger(__name__)

FEED_AFTER_S = 0.3
"""The feed begins so long after sign-in at the latest; at the first picture if that is earlier. What the network needs
takes a while to import, and the figures that are here already do not wait for it."""
FEED_AGAIN_S = 2.0
"""A feed that failed for a reason nobody thought of starts again after this long."""
READING_S = 0.5
"""A word takes so long: unhurried, and with a glance away."""


class WallboardApp(ViewingActs):
    """The terminal's program: sign in, board, sign out. Everything from the client's side comes in as a
    ``Terminal``.
    """

    CSS_PATH = "styles/wallboard.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("app")
    ENABLE_COMMAND_PALETTE = False  # ours is opened by an action of the table
    ALLOW_SELECT = False
    TITLE = "wallboard"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (Textual declares it so)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-tall")]  # noqa: RUF012
    COMMANDS: ClassVar = set()

    def __init__(
        self,
        terminal: Terminal,
        *,
        settings: Settings | None = None,
        settings_file: Path | None = None,
        theme_folders: Sequence[Path] = (),
        people: Sequence[DemoPerson] = (),
        fixed_hub: bool = False,
    ) -> None:
        super().__init__(terminal, settings or Settings(), settings_file, theme_folders)
        self.own = terminal
        self._people = tuple(people)
        self._fixed_hub = fixed_hub
        self._feed: Worker[None] | None = None
        self.keys: Mapping[str, str] = self.settings.keys
        self.animation_level = "none"

    # Start and end

    def get_driver_class(self) -> type[Driver]:
        if constants.DRIVER or sys.platform == "win32":
            return super().get_driver_class()
        from wallboard_tui.tui.driver import TerminalDriver

        return TerminalDriver

    def start(self) -> None:
        """Runs the program until the person leaves it. What is loaded by now stays, so the collector of garbage never
        looks through it again; else that is a fifth of what a busy board costs."""
        gc.freeze()
        gc.enable()
        self.run(mouse=self.settings.mouse)

    def on_mount(self) -> None:
        self.set_keymap(dict(self.keys))
        self.dress_first()
        self.run_worker(self._open(), group="open", exit_on_error=False)

    async def _open(self) -> None:
        """A worker: whoever was signed in last time sees their board at once; else the sign-in screen."""
        reason = ""
        me = None
        try:
            me = await self.own.resume()
        except TerminalError as error:
            reason = str(error)
        except Exception:
            log.exception("The last session could not be opened.")
        self.post_message(SignedIn(me) if me is not None else SignedOut(reason))

    async def on_unmount(self) -> None:
        await self.leave_view()
        await self.own.close()

    async def on_signed_in(self, message: SignedIn) -> None:
        self.me = message.me
        await self._only(BoardScreen(message.me))
        self.set_timer(FEED_AFTER_S, self._feed_again)

    def on_panes_answered(self, _: PanesAnswered) -> None:
        if not self._feeding:
            self.call_after_refresh(self._feed_again)

    async def on_signed_out(self, message: SignedOut) -> None:
        await self.leave_view()
        self.me = None
        if self._feed is not None:
            self._feed.cancel()
            self._feed = None
        from wallboard_tui.tui.screens.signin import SignIn

        await self._only(SignIn(message.reason, self._people, self._fixed_hub, message.wished))
        # After the first picture, while the person still looks for the keys.
        self.call_after_refresh(self.run_worker, self.own.prepare, group="prepare", exit_on_error=False)

    async def _only(self, screen: WallboardScreen[None]) -> None:
        """Shows a screen and nothing behind it."""
        while len(self.screen_stack) > 2:
            await self.pop_screen()
        if len(self.screen_stack) == 2:
            # In the old one's place: between taking it down and the new one nothing would be on the screen.
            await self.switch_screen(screen)
        else:
            await self.push_screen(screen)

    # The feed

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is not WorkerState.ERROR:
            return
        log.error("The worker %s failed.", event.worker.name, exc_info=event.worker.error)
        if event.worker is self._feed:
            self.set_timer(FEED_AGAIN_S, self._feed_again)
        else:
            self.post_message(Failed(UNEXPECTED))

    @property
    def _feeding(self) -> bool:
        return self._feed is not None and not self._feed.is_finished

    def _feed_again(self) -> None:
        if self.me is not None and not self._feeding:
            self._feed = self.follow(self.own, "feed")

    def on_view_changed(self, message: ViewChanged) -> None:
        for screen in self._screens:
            screen.view_changed(message.kinds)

    def on_connection_changed(self, _: ConnectionChanged) -> None:
        for screen in self._screens:
            screen.redress()

    async def on_view_replaced(self, _: ViewReplaced) -> None:
        if self.board is None:
            return
        self.board.view_replaced()
        # What was drawn before may not be shown any more, wherever it stands: on pages over the board, and in *Team*
        # once the lease is over.
        standing = self.terminal.standing()
        lease_over = standing.empty and standing.old
        over = self.screen_stack[self.screen_stack.index(self.board) + 1 :]
        for screen in [one for one in over if lease_over or (isinstance(one, Dialog) and one.shows_rows)]:
            while screen in self.screen_stack:
                await self.pop_screen()
            if isinstance(screen, Dialog) and screen.closing:
                self.notify(screen.closing, severity="warning", timeout=reading_s(screen.closing))

    def on_access_changed(self, message: AccessChanged) -> None:
        if message.terminal is not self.terminal:
            return  # said while another one was in front
        before, self.me = self.me, message.me
        if self.board is None or before is None or _same(before, message.me):
            return
        for screen in [one for one in self.screen_stack if isinstance(one, WallboardScreen)]:
            screen.access_changed(message.me)
        if before.permissions != message.me.permissions:
            for dialog in [one for one in self.screen_stack if isinstance(one, Dialog)]:
                dialog.access_changed(message.me)
        if not self.viewing and (before.permissions, before.panes) != (message.me.permissions, message.me.panes):
            self.notify(changed_sentence(before, message.me), title="Your access was changed", timeout=15)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Says something for a while. What roles and queues are called stands in it as it is, and is never markup."""
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=False)

    def on_noticed(self, message: Noticed) -> None:
        self.notify(message.sentence, timeout=reading_s(message.sentence))

    def on_failed(self, message: Failed) -> None:
        self.notify(message.sentence, severity="error", timeout=10)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, (events.Key, events.MouseDown)) and self.me is not None and not event.is_forwarded:
            # Given as it is and not called: of keys in a row all but the last are taken back before they begin.
            stirred: Callable[[], Awaitable[None]] = self.own.active
            self.run_worker(stirred, group="active", exclusive=True, exit_on_error=False)
        await super().on_event(event)

    def action_app_sign_out(self) -> None:
        self.run_worker(self._sign_out(), group="sign-out", exclusive=True, exit_on_error=False)

    async def _sign_out(self) -> None:
        if self._feed is not None:
            self._feed.cancel()
        await self.own.sign_out()
        self.post_message(SignedOut("You are signed out, and your calls have been removed from this machine.", True))


def reading_s(sentence: str) -> float:
    """Seconds that a notice stays: long enough to be read by somebody who looks up when it comes. It comes once."""
    return max(10.0, READING_S * len(sentence.split()))


def _same(one: Me, two: Me) -> bool:
    """Whether two answers of the hub lead to the same boards."""
    passing = {"server_time": 0.0, "policy": 0}
    return one.model_copy(update=passing) == two.model_copy(update=passing)


def changed_sentence(before: Me, after: Me) -> str:
    """What a change of access means on the screen, in the names that stand there."""
    gone = [PANES[name].title for name in before.panes if name not in after.panes]
    new = [PANES[name].title for name in after.panes if name not in before.panes]
    said = [f"New: {', '.join(new)}." if new else "", f"No longer shown: {', '.join(gone)}." if gone else ""]
    return " ".join(sentence for sentence in said if sentence) or "The board now shows what your role allows."
