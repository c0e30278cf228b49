"""Room ``cli``: what the hub sends a person's terminal, in a view that is gone afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from wallboard_tui.cli.failures import Failure
from wallboard_tui.client.frames import DATA, gather
from wallboard_tui.client.hub import Frame, HubClient
from wallboard_tui.model.me import Me
from wallboard_tui.view.view import View

AT_ONCE = 200
"""Frames applied in one transaction."""


@asynccontextmanager
async def snapshot(hub: HubClient) -> AsyncIterator[tuple[View, Me, float]]:
    """A view as this caller's terminal would have it once its history is complete, who they are, and the hub's time.

    It goes through the feed, and so through the gate. Raises ``HubError``, and ``Failure`` when the hub ends the feed.
    """
    view: View | None = None
    try:
        async with hub.feed() as frames:
            me, now, waiting = await _hello(frames), 0.0, list[Frame]()
            figures = sum(1 << i for i, lens in enumerate(me.lenses) if not lens.rows)
            view = View.open(None, lenses=max(1, len(me.lenses)), figures=figures)
            async for frame in frames:
                now = float(frame.data.get("t", now))
                if frame.event == "bye":
                    raise Failure("feed-ended", f"The hub ended the feed: {frame.data.get('reason')}.", "Try again.")
                if frame.event not in DATA:
                    continue
                waiting.append(frame)
                complete = frame.event == "ready" and not frame.data["from"]
                if complete or len(waiting) >= AT_ONCE:
                    _apply(view, waiting)
                    waiting.clear()
                if complete:
                    yield view, me, now
                    return
        raise Failure("feed-ended", "The hub ended the feed before it was complete.", "Try again.")
    finally:
        if view is not None:
            view.close()


async def _hello(frames: AsyncIterator[Frame]) -> Me:
    async for frame in frames:
        if frame.event == "hello" and frame.data["answer"] == "snapshot":
            return Me.model_validate(frame.data["me"])
        break
    raise Failure("feed-ended", "The hub did not begin a feed.", "Try again.")


def _apply(view: View, frames: list[Frame]) -> None:
    batch = gather(frames)
    view.apply(batch.entries, received=batch.received, seq=batch.seq)
