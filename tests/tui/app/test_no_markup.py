"""What people call things stands on the screen as they wrote it, whatever brackets are in it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar, cast

import pytest
from textual.pilot import Pilot

from wallboard_tui.client.administration import Administration
from wallboard_tui.model.administration import PersonRow
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.look import Line
from wallboard_tui.tui.messages import Failed, Noticed
from wallboard_tui.tui.screens.pages import Page
from wallboard_tui.tui.screens.signin import SignIn
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.view.view import View

from .conftest import BOARD, THEMES, StillTerminal, somebody, wait_until
from .test_admin_snapshots import StillOffice, TeamTerminal, program
from .test_snapshots import settled

T = TypeVar("T")
NAME = "EU [/] [red]x [Team]"


def screen_text(app: WallboardApp) -> str:
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def shown(app: WallboardApp, pilot: Pilot[None], times: int = 1) -> None:
    await wait_until(pilot, lambda: screen_text(app).count(NAME) == times)


@pytest.mark.parametrize("kind", [Noticed, Failed])
async def test_in_a_notice(kind: type[Noticed] | type[Failed]) -> None:
    app = WallboardApp(StillTerminal(me=somebody()), theme_folders=[THEMES])
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await wait_until(pilot, lambda: app.board is not None and app.board.panes)
        app.post_message(kind(f"Role {NAME} is yours."))
        await shown(app, pilot)


async def test_of_a_board_in_the_palette_found_or_not() -> None:
    boards = (BOARD, {**BOARD, "key": "other", "name": NAME})
    app = WallboardApp(StillTerminal(me=somebody(boards=boards)), theme_folders=[THEMES])
    async with app.run_test(size=(120, 48)) as pilot:
        await wait_until(pilot, lambda: app.board is not None and app.board.panes)
        await pilot.press("ctrl+p")
        await pilot.press(*"open board")
        await shown(app, pilot)
        await pilot.press(*["backspace"] * len("open board"))
        await shown(app, pilot)


async def test_in_the_title_of_a_page(view: View) -> None:
    class Named(Page):
        title_text = NAME

        def picture(self, width: int, height: int) -> Sequence[Line]:
            return ()

    app = WallboardApp(StillTerminal(me=somebody(), view=view), theme_folders=[THEMES])
    async with app.run_test(size=(120, 36)) as pilot:
        await wait_until(pilot, lambda: app.board is not None and app.board.panes)
        await app.push_screen(Named())
        await shown(app, pilot)


async def test_in_a_refused_sign_in() -> None:
    app = WallboardApp(StillTerminal(refuse=TerminalError("no", NAME), person="ann"), theme_folders=[THEMES])
    async with app.run_test(size=(120, 36)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, SignIn))
        await pilot.press(*"word", "enter")
        await shown(app, pilot)


class OddlyCalled(StillOffice):
    async def people(self) -> list[PersonRow]:
        rows = await super().people()
        return [row.model_copy(update={"role_name": NAME if row.key == "eve" else "Agent"}) for row in rows]


class OddTerminal(TeamTerminal):
    async def administer(self, question: Callable[[Administration], Awaitable[T]]) -> T:
        return await question(cast(Administration, OddlyCalled()))


async def test_in_the_list_of_those_whom_one_can_view_as(view: View) -> None:
    app = program(view, kind=OddTerminal)
    async with app.run_test(size=(120, 36)) as pilot:
        await wait_until(pilot, lambda: settled(app))
        await pilot.press("f7")
        await shown(app, pilot)
