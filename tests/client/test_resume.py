"""Laws of the feed, with the real hub and the real client: a line that is cut anywhere, one that is not read, and many
terminals at once.
"""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.view import queries

from ..real_hub import PASSWORD, RealHub
from .conftest import Terminal
from .test_real_hub import calls_of, filled, queue_log

KINDS = ("organisation", "person", "queue", "agent", "source", "followup", "board")
FINE = 1_000_000_000
"""Bytes after which a line is cut that is not to be cut."""


class Line:
    """A socket before a hub's: each connection to it breaks after so many bytes of the hub's answers."""

    def __init__(self, hub: RealHub, place: Path, cuts: Sequence[int]) -> None:
        self.home = Home.at(place).prepare()
        self.address = f"unix:{place / 'line.sock'}"
        self.broken = 0
        self._hub = hub
        self._cuts = iter(cuts)
        self._ends: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Line"]:
        server = await asyncio.start_unix_server(self._through, self.address.removeprefix("unix:"))
        try:
            yield self
        finally:
            server.close()
            # What is still open ends here: the loop, at its own end, would cancel it in the middle of a read.
            for end in self._ends:
                end.transport.abort()
            await asyncio.gather(*self._carrying)

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._carrying.add(task)
        self._ends.add(writer)
        with suppress(OSError):
            there, back = await asyncio.open_unix_connection(self._hub.address.removeprefix("unix:"))
            self._ends.add(back)
            asking = asyncio.create_task(self._copy(reader, back, FINE))
            left = next(self._cuts, FINE)
            await self._copy(there, writer, left)
            self.broken += left != FINE
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            for end in (writer, back):
                end.transport.abort()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int) -> None:
        with suppress(OSError):
            while left > 0 and (data := await reader.read(min(left, 65536))):
                writer.write(data)
                await writer.drain()
                left -= len(data)


@pytest.fixture
async def real(home: Home) -> AsyncIterator[RealHub]:
    """A real hub with some hundred calls of five days."""
    found = RealHub(home)
    await found.begin()
    days = home.data / "queue_log"
    lines = []
    for day in reversed(range(5)):
        queue_log(days, 60 * day, 60, time.time() - 86400 * day - 3600)
        lines.append(days.read_text("utf-8"))
    days.write_text("".join(lines), "utf-8")
    await found.take(days)
    yield found
    found.kill()


def everything(terminal: Any) -> dict[str, Any]:
    """All that a terminal's view holds, and what its figures are."""
    view, now = terminal.cache.view, time.time()
    found: dict[str, Any] = {kind: queries.documents(view, kind) for kind in KINDS}
    found["call"] = {call["key"]: call for call in calls_of(terminal)}
    lens = terminal.cache.me.lens("calls")
    for by in ("queue", "agent"):
        found[by + "s"] = queries.measures(view, lens, by=by, start=now - 7 * 86400, end=now - 60, now=now)
    return found


NUMBERS = count()


async def _cut_anywhere_it_ends_the_same(real: RealHub, cuts: Sequence[int]) -> None:
    number = next(NUMBERS)
    token = await real.token()
    before = len((await _all(real, token))["call"])
    async with Line(real, real.home.data / f"desk{number}", cuts).open() as line:
        ann = Terminal(line, token)  # type: ignore[arg-type]  # it asks for an address and a home only
        try:
            await ann.until(lambda: line.broken > len(cuts) // 2 or ann.state == "live", 30)
            file = real.home.data / f"more.{number}"
            first = 1000 + 5 * number
            queue_log(file, first, 5, time.time() - 1800 - 7 * first)
            await real.take(file)
            await filled(ann, before + 5)
            whole = await _all(real, token)
            with suppress(TimeoutError):  # what follows from calls comes a moment after them
                await ann.until(lambda: everything(ann) == whole, 30)
            assert everything(ann) == whole
        finally:
            await ann.close()
            ann.cache.purge()


async def _all(real: RealHub, token: str) -> dict[str, Any]:
    """What a terminal that was never interrupted has."""
    line = Line(real, real.home.data / f"whole{next(NUMBERS)}", ())
    async with line.open():
        whole = Terminal(line, token)  # type: ignore[arg-type]
        try:
            await filled(whole, 0)
            return everything(whole)
        finally:
            await whole.close()
            whole.cache.purge()


CUTS = st.lists(st.integers(300, 300_000), min_size=1, max_size=4)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(cuts=CUTS)
async def test_a_line_that_is_cut_anywhere_gives_the_same_as_one_that_holds(real: RealHub, cuts: list[int]) -> None:
    await _cut_anywhere_it_ends_the_same(real, cuts)


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cuts=CUTS)
async def test_a_line_that_is_cut_anywhere_gives_the_same_long(real: RealHub, cuts: list[int]) -> None:
    await _cut_anywhere_it_ends_the_same(real, cuts)


async def test_a_terminal_that_stops_reading_costs_the_hub_little_and_nobody_else_anything(real: RealHub) -> None:
    token = await real.token()
    path = real.address.removeprefix("unix:")
    request = f"GET /feed HTTP/1.1\r\nHost: hub\r\nWallboard-Protocol: 1\r\nAuthorization: Bearer {token}\r\n\r\n"
    deaf = []
    for _ in range(10):
        reader, writer = await asyncio.open_unix_connection(path, limit=1024)
        writer.write(request.encode())
        await writer.drain()
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        deaf.append(writer)
    before = memory(real.pid)
    line = Line(real, real.home.data / "desk", ())
    async with line.open():
        ann = Terminal(line, token)  # type: ignore[arg-type]
        try:
            await filled(ann, 0)
            there = len(calls_of(ann))
            file = real.home.data / "many"
            queue_log(file, 5000, 3000, time.time() - 86400 * 2 - 7 * 5000)
            await real.take(file)
            await filled(ann, there + 3000)
        finally:
            await ann.close()
    for writer in deaf:
        writer.transport.abort()
    # 3000 calls in the journal's and the view's caches cost what they cost; ten copies of them in queues would be more
    # than 4 MB for each terminal that does not read.
    assert memory(real.pid) - before < 100_000_000


def memory(pid: int) -> int:
    """Bytes of memory that a process has in use."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


async def test_fifty_terminals_that_sign_in_at_once_all_get_their_board(real: RealHub) -> None:
    lines = [Line(real, real.home.data / f"desk{n}", ()) for n in range(50)]
    there = len((await _all(real, await real.token()))["call"])

    async def one(line: Line) -> int:
        async with HubClient(real.address, answer_s=60) as client:
            await client.sign_in("ann", PASSWORD, "desk")
            async with line.open():
                terminal = Terminal(line, client.token)  # type: ignore[arg-type]
                try:
                    await filled(terminal, there)
                    return len(calls_of(terminal))
                finally:
                    await terminal.close()

    assert await asyncio.gather(*(one(line) for line in lines)) == [there] * 50
