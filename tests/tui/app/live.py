"""A real hub behind a Unix socket, and the program on another machine, as it were."""

from textual.pilot import Pilot
from textual.widgets import Input

from wallboard_tui.client.child import reach
from wallboard_tui.client.home import Home
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.online import OnlineTerminal
from wallboard_tui.tui.screens.signin import SignIn
from wallboard_tui.tui.widgets.header import Header
from wallboard_tui.tui.widgets.lines import LineWidget

from ...real_hub import PASSWORD, RealHub
from .conftest import BOARD, THEMES, wait_until


class Office(RealHub):
    """A hub with Ann, Rex at the reception, and a board."""

    async def begin(self) -> None:
        await super().begin()
        await self.apply(
            ("person", {"key": "rex", "name": "Rex", "role": "standard:receptionist"}),
            ("credential", {"key": "rex", "password": PASSWORD}),
            ("board", BOARD),
        )


def program(hub: RealHub, desk: Home, *, starts_hub: bool = False) -> WallboardApp:
    async def reached() -> None:
        await reach(hub.home)

    terminal = OnlineTerminal(desk, address=hub.home.address, reach=reached if starts_hub else None)
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
    app.screen.set_focus(field)  # at once: asked of the field itself, it may come after Enter has gone elsewhere
    await pilot.press("enter")
