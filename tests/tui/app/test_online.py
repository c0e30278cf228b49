"""The program against a real hub behind a Unix socket: sign-in, live board, a lost hub, access that changes."""

import signal
import time
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from wallboard_tui.client.home import Home, HomeError
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.online import OnlineTerminal
from wallboard_tui.tui.screens.password import NewPassword
from wallboard_tui.tui.screens.signin import SignIn

from ...real_hub import RealHub
from .conftest import THEMES, wait_until
from .live import header, picture, program, sign_in

pytestmark = pytest.mark.timeout(180)


async def test_from_sign_in_to_a_live_board_and_an_act_that_everybody_sees(
    hub: RealHub, desk: Home, queue_log: Path
) -> None:
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann", "wrong")
        await wait_until(pilot, lambda: str(app.screen.query_one("#error", Static).content) not in ("", "Signing in …"))
        assert isinstance(app.screen, SignIn)
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app), 30)
        await wait_until(pilot, lambda: "2 open" in picture(app), 30)
        await pilot.press("tab", "tab", "down", "c")
        await wait_until(pilot, lambda: "1 open · 1 claimed" in picture(app), 30)
        await pilot.press("c")
        await wait_until(pilot, lambda: any("have it already" in toast.message for toast in app._notifications), 30)


async def test_a_hub_that_goes_away_is_said_and_found_again(hub: RealHub, desk: Home, queue_log: Path) -> None:
    await hub.take(queue_log)
    app = program(hub, desk, starts_hub=True)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app) and "2 open" in picture(app), 30)
        hub.kill()
        await wait_until(pilot, lambda: "● live" not in header(app), 30)
        assert "2 open" in picture(app)
        await wait_until(pilot, lambda: "● live" in header(app), 60)
        assert "2 open" in picture(app)


async def test_the_next_start_draws_from_the_cache_before_the_hub_answers(
    hub: RealHub, desk: Home, queue_log: Path
) -> None:
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app) and "2 open" in picture(app), 30)
    hub.kill()
    again = program(hub, desk)
    async with again.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: "2 open" in picture(again), 30)
        assert "live" not in header(again)
        await pilot.press("f10")
        await wait_until(pilot, lambda: isinstance(again.screen, SignIn), 30)
    assert list(desk.cache.glob("*.db*")) == []
    third = program(hub, desk)
    async with third.run_test() as pilot:
        await wait_until(pilot, lambda: isinstance(third.screen, SignIn) and bool(third.screen.query("#error")), 30)
        assert third.screen.query_one("#person", Input).value == "ann"


async def test_while_the_hub_hangs_the_last_board_is_dimmed_and_after_its_lease_refused_in_a_sentence(
    hub: RealHub, desk: Home, queue_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app) and "2 open" in picture(app), 30)
        assert app.look.stale_s is None
    hub.kill(signal.SIGSTOP)  # it accepts, and does not answer
    monkeypatch.setattr("wallboard_tui.tui.online.RESUME_S", 0.5)
    try:
        terminal = OnlineTerminal(desk, address=hub.home.address, wall=lambda: time.time() + 60)
        again = WallboardApp(terminal, theme_folders=[THEMES])
        async with again.run_test(size=(160, 48)) as pilot:
            await wait_until(pilot, lambda: "2 open" in picture(again), 30)
            assert "as of" in header(again)
            assert again.look.stale_s is not None
        terminal = OnlineTerminal(desk, address=hub.home.address, wall=lambda: time.time() + 86400)
        third = WallboardApp(terminal, theme_folders=[THEMES])
        async with third.run_test(size=(160, 48)) as pilot:
            await wait_until(pilot, lambda: isinstance(third.screen, SignIn) and bool(third.screen.query("#error")), 30)
            said = str(third.screen.query_one("#error", Static).content)
            assert "could be shown without the hub until" in said
            assert "does not answer" in said
    finally:
        hub.kill(signal.SIGCONT)


async def test_access_that_changes_recomposes_the_board_at_once(hub: RealHub, desk: Home, queue_log: Path) -> None:
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app) and "2 open" in picture(app), 30)
        await hub.apply(("person", {"key": "ann", "name": "Ann", "role": "standard:receptionist"}))
        await wait_until(
            pilot, lambda: app.board is not None and {p.kind.name for p in app.board.panes} == {"missed"}, 30
        )
        await wait_until(pilot, lambda: "2 open" in picture(app), 30)
        assert any("No longer shown" in toast.message for toast in app._notifications)


async def test_a_one_time_code_becomes_a_password(hub: RealHub, desk: Home) -> None:
    code = str((await hub.operate("/people/rex/code", {}))["code"])
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "rex", code)
        await wait_until(pilot, lambda: isinstance(app.screen, NewPassword) and app.screen.focused is not None, 30)
        for field in ("#new", "#again"):
            app.screen.query_one(field, Input).value = "my own long password"
        app.screen.query_one("#again", Input).focus()
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.board is not None and "● live" in header(app), 30)


async def test_no_hub_is_said_in_a_sentence(desk: Home, tmp_path: Path) -> None:
    app = WallboardApp(OnlineTerminal(desk, address=f"unix:{tmp_path}/nobody.sock"), theme_folders=[THEMES])
    async with app.run_test() as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "No hub runs" in str(app.screen.query_one("#error", Static).content), 30)


async def test_a_hub_of_ones_own_that_has_no_place_is_said_in_a_sentence(desk: Home, tmp_path: Path) -> None:
    async def reach() -> None:
        raise HomeError(f"directory {tmp_path}", "read-only file system", "Set WALLBOARD_HOME to another place.")

    terminal = OnlineTerminal(desk, address=f"unix:{tmp_path}/nobody.sock", reach=reach)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test() as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(
            pilot, lambda: "read-only file system. Set" in str(app.screen.query_one("#error", Static).content), 30
        )
