"""A terminal that was paused or cut off while something was taken from its person: the program against a real hub. From
the first word of the hub on nothing that was lost is painted, or left in the cache file.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from textual.strip import Strip

from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import Frame, HubClient
from wallboard_tui.model.board import Pane
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.online import OnlineTerminal
from wallboard_tui.tui.screens.behind import Behind
from wallboard_tui.tui.screens.pages import Page
from wallboard_tui.tui.widgets.lines import LineWidget

from ...real_hub import RealHub
from .conftest import THEMES, wait_until
from .live import header, picture, program, sign_in

pytestmark = pytest.mark.timeout(180)

LOST = "Alice"
"""An agent: somebody at the reception sees missed opportunities and no agents."""
DEMOTED = ("person", {"key": "ann", "name": "Ann", "role": "standard:receptionist"})


class Watch:
    """Everything that is painted; from ``begin`` on, since the hub's first word about the connection."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.painted: list[str] = []
        self.waiting = False
        self.reached = False
        render, frames = LineWidget.render_line, HubClient._frames

        def painted(widget: LineWidget, y: int) -> Strip:
            strip = render(widget, y)
            self.painted.append(strip.text)
            return strip

        async def heard(client: HubClient, source: object) -> AsyncIterator[Frame]:
            async for frame in frames(client, source):  # type: ignore[arg-type]
                if self.waiting and frame.event in ("hello", "bye"):
                    self.waiting, self.reached = False, True
                    self.painted.clear()
                yield frame

        monkeypatch.setattr(LineWidget, "render_line", painted)
        monkeypatch.setattr(HubClient, "_frames", heard)

    def begin(self) -> None:
        self.waiting, self.reached = True, False

    def seen(self, word: str) -> bool:
        return any(word in line for line in self.painted)


class Line:
    """What lies between a terminal and its hub. While it is cut nothing gets through, and nobody is told."""

    def __init__(self, hub: RealHub, place: Path) -> None:
        self.address = f"unix:{place / 'line.sock'}"
        self.whole = asyncio.Event()
        self.whole.set()
        self._hub = hub.home.address.removeprefix("unix:")

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Line"]:
        server = await asyncio.start_unix_server(self._through, self.address.removeprefix("unix:"))
        try:
            yield self
        finally:
            server.close()

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._hub)
        asking = asyncio.create_task(self._copy(reader, back))
        await self._copy(there, writer)
        asking.cancel()
        for end in (writer, back):
            end.transport.abort()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self.whole.wait()
                writer.write(data)
                await writer.drain()


def lines_of(page: Page) -> str:
    """What stands on a page over the board."""
    widgets = page.query(LineWidget)
    return "\n".join("".join(span.text for span in line) for widget in widgets for line in widget.lines)


def kept(desk: Home) -> bytes:
    """All that stands in the cache's files, the log of writes among them."""
    return b"".join(file.read_bytes() for file in sorted(desk.cache.glob("*.db*")))


async def test_a_terminal_that_was_cut_off_paints_nothing_that_was_taken_once_it_is_back(
    hub: RealHub, desk: Home, queue_log: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hub.take(queue_log)
    watch = Watch(monkeypatch)
    async with Line(hub, tmp_path_factory.mktemp("line")).open() as line:
        app = WallboardApp(OnlineTerminal(desk, address=line.address), theme_folders=[THEMES])
        async with app.run_test(size=(160, 48)) as pilot:
            await sign_in(app, pilot, "ann")
            await wait_until(pilot, lambda: "● live" in header(app) and LOST in picture(app), 30)
            assert watch.seen(LOST)
            assert LOST.encode() in kept(desk)
            page = Behind(Pane(pane="rollups", by="queue"), "asterisk:pbx1:sales", "Sales")
            await app.push_screen(page)
            await wait_until(pilot, lambda: LOST in lines_of(page), 30)
            line.whole.clear()
            watch.begin()
            await hub.apply(DEMOTED)
            await pilot.pause(0.5)
            assert LOST in picture(app), "nothing has reached it: it shows what it had, within its lease"
            line.whole.set()
            await wait_until(pilot, lambda: watch.reached, 30)
            await wait_until(pilot, lambda: "● live" in header(app) and "2 open" in picture(app), 30)
            assert LOST not in picture(app)
            assert page not in app.screen_stack, "a page over the board goes with what stood on it"
            assert not watch.seen(LOST)
            assert LOST.encode() not in kept(desk)


async def test_a_cache_resumed_after_something_was_taken_is_shown_until_the_hub_answers_and_never_again(
    hub: RealHub, desk: Home, queue_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hub.take(queue_log)
    watch = Watch(monkeypatch)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app) and LOST in picture(app), 30)
    await hub.apply(DEMOTED)
    hub.kill(signal.SIGSTOP)
    watch.begin()
    again = program(hub, desk)
    async with again.run_test(size=(160, 48)) as pilot:
        try:
            await wait_until(pilot, lambda: LOST in picture(again), 30)
            assert "● live" not in header(again)
            assert not watch.reached
        finally:
            hub.kill(signal.SIGCONT)
        await wait_until(pilot, lambda: watch.reached, 30)
        await wait_until(pilot, lambda: "● live" in header(again) and "2 open" in picture(again), 30)
        assert LOST not in picture(again)
        assert not watch.seen(LOST)
        assert LOST.encode() not in kept(desk)
