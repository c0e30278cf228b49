"""Frames that are read ahead: only as many as may wait, and every one of them in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from wallboard_tui.client.hub import Frame, HubClient
from wallboard_tui.client.incoming import TOGETHER, WAITING_BYTES, WAITING_FRAMES, Incoming
from wallboard_tui.client.over import Over


class Stream:
    """A feed of frames of one size, as fast as they are taken."""

    def __init__(self, frames: int, size: int, entries: int) -> None:
        self._frames = [Frame("backfill", {"n": n, "changes": [[]] * entries}, None, size) for n in range(frames)]

    @asynccontextmanager
    async def feed(self, cursor: str | None) -> AsyncIterator[AsyncIterator[Frame]]:
        async def all_frames() -> AsyncIterator[Frame]:
            for frame in self._frames:
                yield frame

        yield all_frames()


@pytest.mark.parametrize(
    ("size", "ahead"),
    [
        (10, WAITING_FRAMES + 1),  # one more has been read, and waits to be let in
        (WAITING_BYTES // 4, 5),
        (WAITING_BYTES * 3, 2),
    ],
)
async def test_so_many_frames_and_bytes_wait_and_none_is_lost(size: int, ahead: int) -> None:
    read: list[Frame] = []
    stream: Any = Stream(frames=200, size=size, entries=TOGETHER // 8)
    taken: list[int] = []
    async with asyncio.timeout(10), Incoming(cast(HubClient, stream), read.append).opened(None) as incoming:
        for _ in range(500):  # however long whoever applies them takes
            await asyncio.sleep(0)
        assert len(read) == ahead
        over = None
        while not isinstance(over, Over):
            together, over = await incoming.next()
            assert len(together) <= 8
            taken += [frame.data["n"] for frame in together]
    assert taken == list(range(200))
    assert over.why == "broken-off"


async def test_what_goes_wrong_with_reading_is_heard_by_whoever_waits_for_frames() -> None:
    def heard(frame: Frame) -> None:
        raise AttributeError("a frame of another shape")

    stream: Any = Stream(frames=1, size=10, entries=1)
    async with asyncio.timeout(10), Incoming(cast(HubClient, stream), heard).opened(None) as incoming:
        with pytest.raises(AttributeError, match="another shape"):
            await incoming.next()


class Told:
    """A hub that tells certain frames, and then nothing."""

    def __init__(self, *frames: Frame) -> None:
        self.frames = frames

    @asynccontextmanager
    async def feed(self, cursor: str | None) -> AsyncIterator[AsyncIterator[Frame]]:
        async def told() -> AsyncIterator[Frame]:
            for frame in self.frames:
                yield frame
            await asyncio.Event().wait()

        yield told()


async def test_frames_that_piled_up_are_taken_together_but_never_past_a_word_about_the_connection() -> None:
    row = ["contact", "+1", 1, 1, {"key": "+1", "name": "n"}]

    def changes(count: int) -> Frame:
        return Frame("changes", {"changes": [row] * count, "t": 1.0}, None)

    hub = Told(
        changes(1), changes(2), Frame("figures", {"documents": []}, None), Frame("beat", {}, None),
        changes(TOGETHER - 1), changes(5), changes(1),
    )  # fmt: skip
    heard: list[Frame] = []
    incoming = Incoming(hub, heard.append)  # type: ignore[arg-type]  # it asks for the feed only
    async with asyncio.timeout(10), incoming.opened(None):
        while len(heard) < len(hub.frames):  # noqa: ASYNC110 - nobody signals it
            await asyncio.sleep(0)
        together, other = await incoming.next()
        assert [frame.event for frame in together] == ["changes", "changes", "figures"]
        assert isinstance(other, Frame)
        assert other.event == "beat"
        together, other = await incoming.next()
        assert (together, other) == (list(hub.frames[4:6]), None)
        assert await incoming.next() == ([hub.frames[6]], None)
