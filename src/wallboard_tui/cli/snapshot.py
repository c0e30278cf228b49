"""Room ``cli``: what the hub sends a person's terminal, in a view that is gone afterwards."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from math import inf
from typing import TYPE_CHECKING

from wallboard_tui.cli.failures import Failure
from wallboard_tui.client.errors import HubError
from wallboard_tui.client.frames import DATA, gather
from wallboard_tui.client.hub import Frame, HubClient
from wallboard_tui.client.over import ANEW
from wallboard_tui.model.me import Me
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

AT_ONCE = 200
"""Frames applied in one transaction."""
TRIES = 5
"""Streams in a row that may end without having brought anything."""
Enough = Callable[[View, Me, float], bool]


def _everything(view: View, me: Me, now: float) -> bool:
    """Nobody said that less would do."""
    return False


def snapshot(hub: HubClient, enough: Enough = _everything) -> "AbstractAsyncContextManager[tuple[View, Me, float]]":
    """A view as this caller's terminal would have it once its history is complete, who they are, and the hub's time.

    ``enough`` says whether a view whose older rows are still missing (``queries.complete_since``) will do. It goes
    through the feed, and so through the gate. A stream that the hub ends before (it cuts who cannot read as fast as
    things happen) is taken up where it ended. Raises ``HubError``, and ``Failure`` when the hub ends the feed for good.
    """
    return _Terminal(hub, enough).filled()


class _Terminal:
    """A terminal for one look: what it was fed, and from where it goes on."""

    def __init__(self, hub: HubClient, enough: Enough) -> None:
        self._hub = hub
        self._enough = enough
        self._cursor: str | None = None
        self._view: View | None = None
        self._me: Me | None = None
        self._now = 0.0
        self._heard = 0
        """Frames of data that were applied."""

    @asynccontextmanager
    async def filled(self) -> AsyncIterator[tuple[View, Me, float]]:
        """The view once there is enough in it."""
        try:
            await self._fill()
            assert self._view is not None
            assert self._me is not None
            yield self._view, self._me, self._now
        finally:
            self._drop()

    async def _fill(self) -> None:
        in_vain = 0
        while in_vain < TRIES:
            before = self._heard
            try:
                if await self._follow():
                    return
            except HubError as error:
                if not error.lost:
                    raise
            in_vain = 0 if self._heard > before else in_vain + 1
            await self._hub.health()  # where it has gone, it is brought back, or it is said why not
        raise Failure("feed-ended", "The hub ended the feed before it was complete.", "Try again.")

    async def _follow(self) -> bool:
        """Take in one stream; whether there was enough in it."""
        waiting: list[Frame] = []
        async with self._hub.feed(self._cursor) as frames:
            async for frame in frames:
                self._now = float(frame.data.get("t", self._now))
                if frame.event == "hello":
                    self._begin(frame)
                elif frame.event == "bye":
                    waiting = []
                    if self._told_to_go(str(frame.data.get("reason"))):
                        return False
                elif frame.event in DATA:
                    waiting.append(frame)
                ready = frame.event == "ready"
                if waiting and (ready or len(waiting) >= AT_ONCE):
                    self._apply(waiting)
                    waiting = []
                if ready and self._has_enough(float(frame.data["from"])):
                    return True
        if waiting:
            self._apply(waiting)
        return False

    def _begin(self, frame: Frame) -> None:
        if frame.data["answer"] == "sign-in":
            raise Failure("feed-ended", "The hub did not begin a feed.", "Try again.")
        self._me = me = Me.model_validate(frame.data["me"])
        if frame.data["answer"] == "snapshot":
            self._drop()
            figures = sum(1 << i for i, lens in enumerate(me.lenses) if not lens.rows)
            self._view = View.open(None, lenses=max(1, len(me.lenses)), figures=figures)
            queries.set_complete_since(self._view, inf)

    def _told_to_go(self, reason: str) -> bool:
        """Whether the stream ends: where access changed, it begins anew. That, or a hub that ends, is no reason to give
        up; whatever else it says is one.
        """
        if reason == ANEW:
            self._drop()
        elif reason != "shutting-down":
            raise Failure("feed-ended", f"The hub ended the feed: {reason}.", "Try again.")
        return reason != ANEW

    def _apply(self, frames: list[Frame]) -> None:
        assert self._view is not None
        batch = gather(frames)
        self._view.apply(batch.entries, received=batch.received, seq=batch.seq)
        if batch.complete_since is not None:
            queries.set_complete_since(self._view, batch.complete_since)
        self._cursor = batch.cursor or self._cursor
        self._heard += len(frames)

    def _has_enough(self, since: float) -> bool:
        assert self._view is not None
        assert self._me is not None
        return not since or self._enough(self._view, self._me, self._now)

    def _drop(self) -> None:
        self._cursor = None
        if self._view is not None:
            self._view.close()
            self._view = None
