"""Why somebody sees a row, asked with a key on it, against a real hub."""

import asyncio
from pathlib import Path
from typing import Never

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from wallboard_tui.client.home import Home
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.messages import ConnectionChanged, ViewChanged
from wallboard_tui.tui.screens.admin.base import ASKING
from wallboard_tui.tui.screens.admin.explain import Explain
from wallboard_tui.tui.screens.question import Question
from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.view.view import View

from ...real_hub import RealHub
from .conftest import wait_until
from .live import header, picture, program, sign_in
from .test_admin_snapshots import program as still
from .test_snapshots import settled

pytestmark = pytest.mark.timeout(180)


def explained(app: WallboardApp) -> str:
    if not isinstance(app.screen, Explain):
        return ""
    return "\n".join("".join(s.text for s in line) for line in app.screen.query_one("#page-lines", LineWidget).lines)


async def ask_why(app: WallboardApp, pilot: Pilot[None], pane: str) -> None:
    board = app.board
    assert board is not None
    await wait_until(pilot, lambda: any(one.kind.name == pane and one.rows for one in board.panes), 30)
    board.set_focus(next(one for one in board.panes if one.kind.name == pane))
    await pilot.press("down", "w")
    await wait_until(pilot, lambda: "see it" in explained(app), 30)


async def test_a_page_that_still_asks_the_hub_says_so(view: View) -> None:
    app = still(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: settled(app))
        app.terminal.administer = never  # type: ignore[method-assign]
        await app.push_screen(Explain("call", "c", "Sales"))
        await wait_until(pilot, lambda: ASKING in explained(app))


async def test_a_page_that_is_just_opening_does_not_mind_what_changes_meanwhile(view: View) -> None:
    app = still(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: settled(app))
        opening = Explain("call", "c", "Sales")
        opened = app.push_screen(opening)
        assert opening in app.screen_stack
        app.on_connection_changed(ConnectionChanged())
        app.on_view_changed(ViewChanged(frozenset({"call"})))
        await opened
        await wait_until(pilot, lambda: explained(app))


async def never(question: object) -> Never:
    await asyncio.Event().wait()
    raise AssertionError


async def test_an_admin_reads_why_they_see_a_missed_caller_and_who_else_does(
    hub: RealHub, desk: Home, queue_log: Path
) -> None:
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app) and "2 open" in picture(app), 30)
        await ask_why(app, pilot, "missed")
        said = explained(app)
        assert "You see it" in said
        assert "Missed opportunities" in said
        assert "role Admin" in said
        assert "Rex" in said[said.index("Who else sees it") :]
        await pilot.press("slash")
        await wait_until(pilot, lambda: isinstance(app.screen, Question))
        app.screen.query_one(Input).value = "rex"
        await pilot.press("enter")
        await wait_until(pilot, lambda: "Rex sees it" in explained(app), 30)


async def test_what_is_missing_is_said_of_whoever_does_not_see_a_call(
    hub: RealHub, desk: Home, queue_log: Path
) -> None:
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app), 30)
        while app.board is None or "calls" not in {one.kind.name for one in app.board.panes}:
            await pilot.press("right")
        await ask_why(app, pilot, "calls")
        await pilot.press("slash")
        await wait_until(pilot, lambda: isinstance(app.screen, Question))
        app.screen.query_one(Input).value = "Rex"
        await pilot.press("enter")
        await wait_until(pilot, lambda: "Rex does not see it" in explained(app), 30)
        assert "neither Calls nor Recents is permitted" in explained(app).replace("\n", " ")


async def test_whoever_may_not_see_people_reads_only_about_themselves(
    hub: RealHub, desk: Home, queue_log: Path
) -> None:
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_in(app, pilot, "rex")
        await wait_until(pilot, lambda: "● live" in header(app) and "2 open" in picture(app), 30)
        await ask_why(app, pilot, "missed")
        assert "You see it" in explained(app)
        assert "Who else" not in explained(app)
        await pilot.press("slash")
        assert isinstance(app.screen, Explain)


async def turned_to(app: WallboardApp, pilot: Pilot[None], pane: str) -> None:
    """The page of the board with a pane, and the pane with its rows."""
    while app.board is None or pane not in {one.kind.name for one in app.board.panes}:
        await pilot.press("right")
    await ask_why(app, pilot, pane)


async def test_a_row_of_figures_says_through_what_it_is_counted_and_who_else_sees_it(
    hub: RealHub, desk: Home, queue_log: Path
) -> None:
    await hub.apply(("person", {"key": "ria", "name": "Ria", "role": "standard:reporting-only"}))
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app), 30)
        await turned_to(app, pilot, "rollups")
        said = explained(app)
        assert ": figures" in said
        assert "You see it" in said
        assert "Roll-ups" in said
        assert "All calls of the queue count." in said
        others = said[said.index("Who else sees it") :]
        assert "Ria" in others
        assert "Rex" not in others


async def test_an_agents_row_says_who_sees_the_state_and_not_who_may_know_the_name(
    hub: RealHub, desk: Home, queue_log: Path
) -> None:
    await hub.apply(("person", {"key": "cal", "name": "Cal", "role": "standard:calls-only"}))
    await hub.take(queue_log)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await sign_in(app, pilot, "ann")
        await wait_until(pilot, lambda: "● live" in header(app), 30)
        await turned_to(app, pilot, "agents")
        said = explained(app)
        assert "what they do now" in said
        assert "Supervisor workspace, Wallboard" in said
        assert "Cal" not in said, "Cal sees all calls, and no states"
        await pilot.press("slash")
        await wait_until(pilot, lambda: isinstance(app.screen, Question))
        app.screen.query_one(Input).value = "cal"
        await pilot.press("enter")
        await wait_until(pilot, lambda: "Cal does not see it" in explained(app), 30)
        assert "neither Supervisor workspace nor Wallboard is permitted" in explained(app).replace("\n", " ")
