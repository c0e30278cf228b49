"""Room ``tui``: a terminal that follows a hub into its view, by the means of the ``client`` room. No Textual here.

Light to import, for the first paint: everything that needs the network is imported when it is first used.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from wallboard_tui.client.cache import Cache
from wallboard_tui.client.connection import elapsed
from wallboard_tui.client.errors import HubError
from wallboard_tui.model.base import Doc
from wallboard_tui.model.me import Me
from wallboard_tui.tui.standing import Standing
from wallboard_tui.tui.terminal import Listener, TerminalError
from wallboard_tui.view.database import ViewClosed
from wallboard_tui.view.view import View

if TYPE_CHECKING:
    from wallboard_tui.client.administration import Administration
    from wallboard_tui.client.connection import Connection
    from wallboard_tui.client.hub import HubClient
    from wallboard_tui.client.sync import Sync

T = TypeVar("T")
Reach = Callable[[], Awaitable[object]]
NO_VIEW = "There is nothing to show until the hub has answered."


class Following:
    """The half of a terminal that follows and asks; how somebody came to be signed in is not its affair."""

    def __init__(
        self,
        *,
        reach: Reach | None = None,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = elapsed,
    ) -> None:
        self.me: Me | None = None
        self._reach = reach
        self._wall = wall
        self._monotonic = monotonic
        self._offset = wall() - monotonic()
        self._client: HubClient | None = None
        self._cache: Cache | None = None
        self._sync: Sync | None = None
        self._questions = ThreadPoolExecutor(1, "ask")

    @property
    def view(self) -> View | None:
        """What may be drawn; ``None`` while nothing may."""
        return self._cache.view if self._cache else None

    # Following

    async def _follow(self, client: "HubClient", listener: Listener) -> tuple[str, str]:
        """Follows the hub until the session is over; then why, as a name and as a sentence."""
        from wallboard_tui.client.sync import Sync

        assert self._cache is not None

        def on_state(connection: "Connection") -> None:
            listener.connection_changed()

        def on_me(me: Me) -> None:
            self.me = me
            listener.access_changed(me)

        self._sync = Sync(
            client,
            self._cache,
            on_change=lambda touched: listener.view_changed(touched.kinds),
            on_state=on_state,
            on_view=lambda view: listener.view_replaced(),
            on_me=on_me,
            on_notice=listener.notice,
            revive=self._reach,
            clock=self._wall,
            monotonic=self._monotonic,
        )
        await self._sync.run()
        connection = self._sync.connection
        self._sync = None
        return connection.why, connection.reason

    def now(self) -> float:
        """The hub's time now."""
        return self._sync.now() if self._sync is not None else self._monotonic() + self._offset

    def standing(self) -> Standing:
        """How it stands with the hub."""
        now = self.now()
        if self._sync is None:
            return Standing("connecting", now, self._age(now, self._cache.heard if self._cache else None))
        connection = self._sync.connection
        heard = self._age(now, connection.last_heard)
        return Standing(
            connection.state, now, heard, connection.reason, connection.backfill_done, connection.backfill_total,
            empty=self.view is None,
        )  # fmt: skip

    def _age(self, now: float, heard: float | None) -> float | None:
        """When the hub was heard, on the hub's clock, from when that was on this machine's."""
        return None if heard is None else now - max(0.0, self._wall() - heard)

    # Asking and acting

    async def ask(self, question: Callable[[View], T]) -> T:
        """Asks the view off the program's own thread. Raises ``TerminalError`` while there is none, and when it goes
        meanwhile.
        """
        view = self.view
        if view is None:
            raise TerminalError("no-view", NO_VIEW)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._questions, question, view)
        except ViewClosed as error:
            raise TerminalError("no-view", NO_VIEW) from error

    async def followup(self, key: str, act: str, note: str = "", revision: int | None = None) -> Doc:
        """Does something about a missed opportunity. Raises ``TerminalError``."""
        if self._client is None:
            raise TerminalError("unreachable", "The hub is away: nothing was noted. Try again when it is back.")
        try:
            return await self._client.followup(key, act, note=note, revision=revision)
        except HubError as error:
            raise refused(error) from error

    async def administer(self, question: Callable[["Administration"], Awaitable[T]]) -> T:
        """Asks the hub, or tells it, something about who may do what. Raises ``TerminalError``."""
        if self._client is None:
            raise TerminalError("unreachable", "The hub is away: nothing was changed. Try again when it is back.")
        from wallboard_tui.client.administration import Administration

        try:
            return await question(Administration(self._client))
        except HubError as error:
            raise refused(error) from error

    async def close(self) -> None:
        """Hangs up."""
        self._questions.shutdown(wait=True, cancel_futures=True)
        if self._client is not None:
            await self._client.close()
        if self._cache is not None:
            self._cache.close()


def refused(error: HubError) -> TerminalError:
    """What the hub said, as the screens take it."""
    until = error.details.get("until")
    until = float(until) if isinstance(until, int | float) else None
    return TerminalError(error.name, str(error), until, error.details)


def import_network() -> None:
    """What the network and the feed need; it takes a while, so it belongs on another thread."""
    from wallboard_tui.client import hub, sync  # noqa: F401


def import_all() -> None:
    """The same, and what makes a new view's tables. Whoever goes on from a cache never needs that."""
    import_network()
    View.open(None).close()
