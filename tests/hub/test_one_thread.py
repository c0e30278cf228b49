"""Work on the hub's thread that gives way: its order, and what becomes of it when nobody wants it or it fails."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from wallboard_tui.hub.one_thread import OneThread, Unwanted


@pytest.fixture
async def thread() -> AsyncIterator[OneThread[None]]:
    found = OneThread[None]()
    yield found
    found.close()


def yes() -> bool:
    return True


async def blocked(thread: OneThread[None]) -> threading.Event:
    """Keep the thread busy until the event is set: what is asked for meanwhile waits."""
    begun, go = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def work() -> None:
        loop.call_soon_threadsafe(begun.set)
        assert go.wait(10)

    asyncio.create_task(thread.read(work))  # noqa: RUF006 - it ends with the event
    await begun.wait()
    return go


async def test_what_has_a_lower_rank_goes_first_and_what_has_the_same_in_turn(thread: OneThread[None]) -> None:
    go, done = await blocked(thread), list[str]()
    asked = [(2, "old"), (0, "in"), (1, "now"), (2, "older"), (0, "next in")]
    async with asyncio.TaskGroup() as group:
        for rank, what in asked:
            group.create_task(thread.later(yes, done.append, what, rank=rank))
        await asyncio.sleep(0)
        go.set()
    assert done == ["in", "next in", "now", "old", "older"]


async def test_what_must_be_done_now_waits_for_a_few_pieces_at_most(thread: OneThread[None]) -> None:
    done, pause = list[int](), threading.Event()

    def piece(number: int) -> None:
        pause.wait(0.004)
        done.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(50):
            group.create_task(thread.later(yes, piece, number))
        await asyncio.sleep(0)
        before = await thread.read(len, done)
        assert before < 10
    assert done == list(range(50))


async def test_each_is_told_what_came_of_their_own_piece(thread: OneThread[None]) -> None:
    def fails() -> int:
        raise ValueError("this one")

    go = await blocked(thread)
    asked = [
        asyncio.create_task(one)
        for one in (
            thread.later(yes, int, "7"),
            thread.later(yes, fails),
            thread.later(lambda: False, int, "8"),
            thread.later(yes, int, "9"),
        )
    ]
    await asyncio.sleep(0)
    asked[3].cancel()
    go.set()
    seven, failed, unwanted, gone = await asyncio.gather(*asked, return_exceptions=True)
    assert seven == 7
    assert isinstance(failed, ValueError)
    assert isinstance(unwanted, Unwanted)
    assert isinstance(gone, asyncio.CancelledError)
    assert await thread.later(yes, int, "10") == 10


async def test_nobody_waits_for_a_thread_that_is_no_more(thread: OneThread[None]) -> None:
    thread.close()
    async with asyncio.timeout(5):
        with pytest.raises(RuntimeError):
            await thread.later(yes, int, "7")
