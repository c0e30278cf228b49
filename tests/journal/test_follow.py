"""Following a journal: everything in order, nothing left out, also under many writers."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing

from wallboard_tui.journal.base import Journal
from wallboard_tui.model.change import Change, Entry


def put(key: str, n: int = 0) -> Change:
    return Change("call", key, {"key": key, "n": n}, 1.0, "source:pbx1")


async def until(journal: Journal, after: int, seq: int) -> list[Entry]:
    """What a follower sees until it has reached a seq."""
    seen: list[Entry] = []
    async with aclosing(journal.follow(after)) as batches:
        async for batch in batches:
            assert batch
            seen += batch
            if seen[-1].seq >= seq:
                return seen
    raise AssertionError("the journal was closed")


async def test_a_follower_gets_what_stands_there_and_then_what_comes(journal: Journal) -> None:
    journal.append([put("a"), put("b")])
    follower = asyncio.ensure_future(until(journal, 0, 4))
    await asyncio.sleep(0)
    await journal.append_async([put("c")])
    await journal.append_async([put("d")])
    assert [entry.change.key for entry in await follower] == ["a", "b", "c", "d"]


async def test_a_follower_starts_after_its_cursor(journal: Journal) -> None:
    journal.append([put(str(n)) for n in range(10)])
    assert [entry.seq for entry in await until(journal, 7, 10)] == [8, 9, 10]


async def test_an_append_from_another_thread_wakes_a_waiting_follower(journal: Journal) -> None:
    follower = asyncio.ensure_future(until(journal, 0, 1))
    await asyncio.sleep(0)
    await asyncio.to_thread(journal.append, [put("a")])
    assert [entry.seq for entry in await asyncio.wait_for(follower, 10)] == [1]


async def test_followers_see_every_document_under_concurrent_writers(journal: Journal) -> None:
    """Writers in tasks and in threads, many documents changed again and again; three followers keep up or lag."""
    tasks, threads, rounds = 6, 2, 25

    async def in_a_task(writer: int) -> None:
        for n in range(rounds):
            await journal.append_async([put(f"own-{writer}-{n}"), put("shared", writer * 1000 + n)])

    def in_a_thread(writer: int) -> None:
        for n in range(rounds):
            journal.append([put(f"thread-{writer}-{n}"), put("shared", 100_000 + writer * 1000 + n)])

    last = (tasks + threads) * rounds * 2
    followers = [asyncio.ensure_future(until(journal, 0, last)) for _ in range(2)]
    writers = [in_a_task(n) for n in range(tasks)]
    await asyncio.gather(*writers, *(asyncio.to_thread(in_a_thread, n) for n in range(threads)))
    assert journal.seq() == last
    standing = journal.read(0)
    late = await until(journal, 0, last)
    for seen in [*await asyncio.gather(*followers), late]:
        seqs = [entry.seq for entry in seen]
        assert seqs == sorted(set(seqs))
        newest = {entry.change.key: entry for entry in seen}
        assert newest == {entry.change.key: entry for entry in standing}


async def test_a_tombstone_is_followed_too(journal: Journal) -> None:
    journal.append([put("a")])
    journal.append([Change("call", "a", None, 2.0, "hub")])
    seen = await until(journal, 0, 2)
    assert [(entry.seq, entry.change.doc) for entry in seen] == [(2, None)]


async def test_following_ends_when_the_journal_is_closed(open_journal: Callable[[], Journal]) -> None:
    journal = open_journal()
    journal.append([put("a")])
    seen: list[list[Entry]] = []
    arrived = asyncio.Event()

    async def follow() -> None:
        async for batch in journal.follow(0):
            seen.append(batch)
            arrived.set()

    follower = asyncio.ensure_future(follow())
    await arrived.wait()
    journal.close()
    await asyncio.wait_for(follower, 10)
    assert len(seen) == 1
