"""A real hub behind a Unix socket, and the program on another machine, as it were."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from wallboard_tui.client.child import reach
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.model.base import Doc
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.online import OnlineTerminal
from wallboard_tui.tui.screens.signin import SignIn
from wallboard_tui.tui.widgets.header import Header
from wallboard_tui.tui.widgets.lines import LineWidget

from .conftest import BOARD, THEMES, wait_until

PASSWORD = "correct horse battery"


class RealHub:
    """A hub of one's own, with Ann who may see everything and Rex at the reception."""

    def __init__(self, home: Home) -> None:
        self.home = home

    async def begin(self) -> None:
        await reach(self.home)
        await self.operate("/init", {"name": "Example Ltd", "time_zone": "Europe/Dublin", "packs": ["standard"]})
        await self.apply(
            ("person", {"key": "ann", "name": "Ann", "role": "standard:admin"}),
            ("person", {"key": "rex", "name": "Rex", "role": "standard:receptionist"}),
            ("board", BOARD),
            *(("credential", {"key": key, "password": PASSWORD}) for key in ("ann", "rex")),
        )

    async def operate(self, path: str, body: Doc) -> Doc:
        async with HubClient(self.home.address, operator=True) as operator:
            answer: Doc = await operator.request("POST", path, body)
            return answer

    async def apply(self, *documents: tuple[str, Doc]) -> None:
        await self.operate("/apply", {"documents": documents})

    async def take(self, file: Path) -> None:
        async with HubClient(self.home.address, operator=True) as operator:
            body = {"kind": "queue-log", "paths": [str(file)], "source": "pbx1"}
            async for _ in operator.progress("/import", body):
                pass

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        with suppress(ProcessLookupError, FileNotFoundError):
            os.kill(int(self.home.journal.with_name("journal.db.lock").read_text()), number)


def program(hub: RealHub, desk: Home, *, starts_hub: bool = False) -> WallboardApp:
    async def start() -> None:
        await reach(hub.home)

    terminal = OnlineTerminal(desk, address=hub.home.address, reach=start if starts_hub else None)
    return WallboardApp(terminal, theme_folders=[THEMES])


def header(app: WallboardApp) -> str:
    if app.board is None or not app.board.query(Header):
        return ""
    return "\n".join("".join(span.text for span in line) for line in app.board.query_one(Header).lines)


def picture(app: WallboardApp) -> str:
    panes: list[LineWidget] = list(app.board.panes) if app.board else []
    return "\n".join("".join(span.text for span in line) for pane in panes for line in pane.lines)


async def sign_in(app: WallboardApp, pilot: Pilot[None], person: str, password: str = PASSWORD) -> None:
    await wait_until(pilot, lambda: isinstance(app.screen, SignIn) and app.screen.focused is not None)
    app.screen.query_one("#person", Input).value = person
    field = app.screen.query_one("#word", Input)
    field.value = password
    field.focus()
    await pilot.press("enter")
