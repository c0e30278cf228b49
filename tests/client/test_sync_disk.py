"""A terminal whose cache is damaged, whose disk is full, or that is killed: the board goes on."""

import asyncio
import os
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from wallboard_tui.client.cache import HEARD

from .conftest import Open, fill


async def test_a_damaged_cache_is_set_aside_and_loaded_again(hub: Any, terminal: Open) -> None:
    fill(hub, 5)
    first = terminal()
    await first.complete()
    await first.close()
    [path] = hub.home.cache.glob("*.db")
    path.write_bytes(os.urandom(path.stat().st_size))
    second = terminal()
    await second.complete()
    assert len(list(hub.home.cache.glob("*.corrupt-*"))) == 1
    assert any("was damaged" in notice for notice in second.notices)
    assert hub.cursors == [None, None]


async def test_a_cache_that_loses_its_tables_while_in_use_does_not_stop_the_board(hub: Any, terminal: Open) -> None:
    fill(hub, 3)
    ann = terminal()
    await ann.complete()
    path = ann.cache.view.path
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE doc")
    hub.put("contact", "+9", name="after the loss")
    await ann.until(lambda: len(ann.views) >= 3 and ann.state == "live" and ann.has_all())
    assert ann.notices


@contextmanager
def no_room(limit: int) -> Iterator[None]:
    """No file of this process may grow beyond a size: to SQLite that is a disk that refuses."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)


async def test_with_a_full_disk_the_board_goes_on_in_memory_and_says_so(hub: Any, terminal: Open) -> None:
    fill(hub, 5)
    ann = terminal()
    await ann.complete()
    largest = max(file.stat().st_size for file in hub.home.cache.iterdir())
    with no_room(largest):
        fill(hub, 200, "x" * 3000)
        await ann.until(lambda: len(ann.documents()) == 200 and ann.has_all(), 30)
        assert ann.state == "live"
        assert [notice for notice in ann.notices if "disk is full" in notice and "in memory" in notice]
    hub.put("contact", "+9", name="one more")
    await ann.complete()


TERMINAL = """
import asyncio, sys, time
from pathlib import Path
from wallboard_tui.client.cache import Cache
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.client.sync import Sync

async def main():
    home = Home.at(Path(sys.argv[1]))
    cache = Cache.open(home, home.address, "ann", time.time())
    changed = lambda touched: print("changed", flush=True)
    async with HubClient(home.address, token="good") as client:
        await Sync(client, cache, on_change=changed).run()

asyncio.run(main())
"""


async def test_a_terminal_that_is_killed_at_any_moment_goes_on_with_nothing_missing(hub: Any, terminal: Open) -> None:
    fill(hub, 30)
    began = time.time()
    for n in range(6):
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", TERMINAL, str(hub.home.data), stdout=asyncio.subprocess.PIPE
        )
        assert child.stdout is not None
        hub.put("contact", f"+44{n}", name="something to hear of")
        await child.stdout.readline()
        for m in range(20):
            # Each key is put once: what a terminal loses, nothing later would bring back.
            hub.put("contact", f"+49{n}/{m}", name="x" * 200)
            await asyncio.sleep(0.002)  # spread, so that the kill below falls anywhere in the terminal's work
            if m == 10 + n:
                child.kill()
        await child.wait()
    ann = terminal()
    assert ann.cache.view is not None
    assert float(ann.cache.view.get_meta(HEARD)) > began, "a killed one left word how old its rows are"
    await ann.complete()
    assert None not in hub.cursors[1:], "each terminal went on from what the killed one had"
