"""Looking at the board as somebody else does, against a real hub: what is shown, refused, written down and left."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.screens.admin.viewing import Eyes

from ...real_hub import RealHub
from .conftest import wait_until
from .live import header, picture, program, sign_in

pytestmark = pytest.mark.timeout(180)
BANNER = "Viewing as Rex (read-only) · Esc ends"


async def look_as_rex(app: WallboardApp, pilot: Pilot[None]) -> None:
    await sign_in(app, pilot, "ann")
    await wait_until(pilot, lambda: "● live" in header(app) and "2 open" in picture(app), 30)
    await pilot.press("f7")
    await wait_until(pilot, lambda: isinstance(app.screen, Eyes))
    await wait_until(pilot, lambda: app.screen.query_one(OptionList).option_count)
    await pilot.press(*"reception", "enter")
    await wait_until(pilot, lambda: BANNER in header(app) and "● live" in header(app), 30)


def panes(app: WallboardApp) -> set[str]:
    return {pane.kind.name for pane in app.board.panes} if app.board else set()


def said(app: WallboardApp) -> list[str]:
    return [toast.message for toast in app._notifications]


async def test_an_admin_sees_the_board_as_somebody_else_and_can_do_nothing_there(
    hub: RealHub, desk: Home, queue_log: Path
) -> None:
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await look_as_rex(app, pilot)
        own = set(desk.cache.glob("*.db"))
        await wait_until(pilot, lambda: panes(app) == {"missed"} and "2 open" in picture(app), 30)
        await pilot.press("down", "c")
        await wait_until(pilot, lambda: any("read-only" in sentence for sentence in said(app)))
        await pilot.press("f2", "f10")
        assert BANNER in header(app)
        titles = {action.id for action in app.open_actions()}
        assert "viewing.end" in titles
        assert not titles & {"admin.team", "admin.view_as", "app.sign_out", "app.password"}
        assert set(desk.cache.glob("*.db")) == own, "what others see is never on the disk"
        await pilot.press("escape")
        await wait_until(pilot, lambda: "Viewing" not in header(app) and "wallboard" in panes(app), 30)
        await wait_until(pilot, lambda: "● live" in header(app) and "2 open" in picture(app), 30)
        assert app.terminal is app.own
    async with HubClient(hub.home.address, operator=True) as operator:
        entries = await operator.request("GET", "/audit?act=viewed-as")
    assert [(entry["by"], entry["target"]) for entry in entries] == [("ann", "rex")]


async def test_a_view_never_goes_beyond_the_viewers_own_access(hub: RealHub, desk: Home, queue_log: Path) -> None:
    await hub.take(queue_log)
    grants = {"roles": {}, "users": {}, "reports.missed": {"scope": ["queue:asterisk:pbx1:support"]}}
    await hub.apply(
        ("role", {"key": "custom:clerk", "name": "Clerk", "grants": grants}),
        ("person", {"key": "ann", "name": "Ann", "role": "custom:clerk"}),
    )
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app) and panes(app) == {"missed"}, 30)
        app.view_as("rex")
        await wait_until(pilot, lambda: BANNER in header(app) and "● live" in header(app), 30)
        await wait_until(
            pilot, lambda: app.board is not None and all(pane.data is not None for pane in app.board.panes)
        )
        assert "0 open" in picture(app) or "No" in picture(app)
        assert "sales" not in picture(app)


async def test_a_view_ends_with_the_right_to_look(hub: RealHub, desk: Home, queue_log: Path) -> None:
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await look_as_rex(app, pilot)
        await hub.apply(("person", {"key": "ann", "name": "Ann", "role": "standard:receptionist"}))
        await wait_until(pilot, lambda: app.terminal is app.own and "live" in header(app), 30)
        await wait_until(pilot, lambda: "Viewing" not in header(app) and panes(app) == {"missed"}, 30)
        await wait_until(pilot, lambda: any("view as somebody else" in sentence for sentence in said(app)))


async def test_whoever_may_not_look_is_not_offered_it(hub: RealHub, desk: Home) -> None:
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "rex")
        await wait_until(pilot, lambda: "● live" in header(app), 30)
        await pilot.press("f7")
        assert not isinstance(app.screen, Eyes)
        assert "admin.view_as" not in {action.id for action in app.open_actions()}
        app.view_as("ann")
        await wait_until(pilot, lambda: any("view as somebody else" in sentence for sentence in said(app)))
        assert app.terminal is app.own
