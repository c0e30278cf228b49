"""*Team → Teams* against a real hub: made with its past, changed by two at once, removed, looked at only, not there."""

import time
from pathlib import Path

import pytest
from textual.widgets import DataTable, Input, Static

from wallboard_tui.client.administration import Administration
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.model.administration import Edit
from wallboard_tui.model.base import Doc
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.screens.admin.choosing import Chooser
from wallboard_tui.tui.screens.admin.editing import Meanwhiles
from wallboard_tui.tui.screens.admin.past import Past
from wallboard_tui.tui.screens.admin.removing import Remove
from wallboard_tui.tui.screens.admin.team_form import TeamForm
from wallboard_tui.tui.screens.admin.teams import Teams
from wallboard_tui.tui.screens.board import BoardScreen

from ...real_hub import PASSWORD, RealHub
from .conftest import wait_until
from .live import program
from .team import change, lines, note, of_person, off_form, on_form, open_team, said, select, staff

pytestmark = pytest.mark.timeout(180)

QUEUE = "asterisk:pbx1:sales"


async def of_team(hub: RealHub, key: str) -> Doc | None:
    async with HubClient(hub.home.address, operator=True) as operator:
        return next((row.doc for row in await Administration(operator).teams() if row.key == key), None)


async def taken_in(hub: RealHub, folder: Path) -> None:
    """A call to the queue, an hour ago."""
    at, log = int(time.time()) - 3600, folder / "queue_log"
    log.write_text(f"{at}|c1|sales|NONE|ENTERQUEUE||+353871234567|1\n{at + 9}|c1|sales|NONE|ABANDON|1|1|9\n", "utf-8")
    await hub.take(log)


async def test_an_admin_makes_a_team_with_keys_alone_and_gives_it_its_past(
    hub: RealHub, desk: Home, tmp_path: Path
) -> None:
    await staff(hub)
    await hub.apply(("person", {"key": "sue", "name": "Sue Lead", "role": "standard:supervisor"}))
    await taken_in(hub, tmp_path)
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_team(app, pilot, "f8")
        await pilot.press("n")
        await on_form(app, pilot, TeamForm)
        await pilot.press(*"North", "enter")
        assert "There is a team North already" in note(app, "name")
        await pilot.press("shift+tab", "end", *" 2", "enter", *"eve", "enter", *"dan", "enter", "ctrl+pagedown")
        await wait_until(pilot, lambda: in_chooser(app, "managers"))
        await pilot.press(*"sue", "enter")
        await wait_until(pilot, lambda: "Sue Lead" in lines(app, "form-lines"), 30)
        assert "+ Calls" in lines(app, "form-lines")
        await pilot.press("ctrl+pagedown")
        await wait_until(pilot, lambda: in_chooser(app, "queues"))
        await pilot.press(*"sal", "enter", "ctrl+s")
        await off_form(app, pilot)
        assert await of_team(hub, "north.2") == {
            "key": "north.2", "name": "North 2", "members": ["eve", "dan"], "managers": ["sue"], "queues": [QUEUE],
        }  # fmt: skip
        await wait_until(pilot, lambda: "1 known call came in before North 2 was there: p adds" in said(app), 30)
        assert "Sue Lead: + Calls" in said(app)
        await pilot.press("p", *"soon")
        await wait_until(pilot, lambda: isinstance(app.screen, Past) and "“soon” is no day" in past(app))
        await pilot.press("enter", "ctrl+u")
        await wait_until(pilot, lambda: past(app) == "1 known call would be added.")
        await pilot.press("enter")
        await off_form(app, pilot)
        assert said(app) == "1 known call belongs to North 2 now."
        await pilot.press("p")
        await wait_until(pilot, lambda: isinstance(app.screen, Past) and "all of it already" in past(app))
        await pilot.press("enter", "escape")
        await off_form(app, pilot)


def in_chooser(app: WallboardApp, id: str) -> bool:
    focused = app.screen.focused
    return focused is not None and any(one.id == id for one in focused.ancestors)


def past(app: WallboardApp) -> str:
    return str(app.screen.query_one("#past-said", Static).content)


async def test_two_admins_change_a_team_at_once_and_the_second_is_told(hub: RealHub, desk: Home) -> None:
    await staff(hub)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f8")
        select(app, "north")
        await pilot.press("e")
        await on_form(app, pilot, TeamForm)
        app.screen.query_one("#name", Input).value = "North-west"
        await change(hub, Edit(kind="team", key="north", set={"members": ["eve", "dan"]}))
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: isinstance(app.screen, Meanwhiles) and app.screen.is_mounted, 30)
        rows = app.screen.query_one("#meanwhile-rows", DataTable)
        await wait_until(pilot, lambda: rows.row_count == 1)
        assert [str(cell) for cell in rows.get_row_at(0)] == [
            "Members", "Eve Nolan", "Eve Nolan, Dan Walsh", "not changed by you", "theirs",
        ]  # fmt: skip
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(app.screen, TeamForm))
        assert app.screen.query_one("#members", Chooser).chosen == ["eve", "dan"]
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
    assert await of_team(hub, "north") == {"key": "north", "name": "North-west", "members": ["eve", "dan"]}


async def test_a_team_that_is_removed_says_who_loses_by_it_and_its_people_stay(hub: RealHub, desk: Home) -> None:
    await staff(hub)
    await hub.apply(
        ("person", {"key": "sue", "name": "Sue Lead", "role": "standard:supervisor"}),
        ("team", {"key": "north", "name": "North", "members": ["eve"], "managers": ["sue"]}),
    )
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_team(app, pilot, "f8")
        await wait_until(pilot, lambda: "Sue Lead" in lines(app, "detail"))
        await pilot.press("x")
        await on_form(app, pilot, Remove)
        await wait_until(pilot, lambda: "- Calls" in lines(app, "form-lines"), 30)
        assert "Sue Lead" in lines(app, "form-lines")
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        assert app.screen.query_one("#list").has_class("-empty")
    assert await of_team(hub, "north") is None
    assert (await of_person(hub, "eve")).teams == ()


async def test_who_may_only_look_at_teams_changes_nothing_and_who_may_not_has_no_such_section(
    hub: RealHub, desk: Home
) -> None:
    await staff(hub)
    await hub.apply(
        ("role", {"key": "custom:looker", "name": "Looker", "grants": {"workgroups": {"level": "view"}}}),
        ("person", {"key": "lou", "name": "Lou", "role": "custom:looker"}),
        ("credential", {"key": "lou", "password": PASSWORD}),
    )
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f2", "lou")
        assert isinstance(app.screen, Teams)
        await wait_until(pilot, lambda: "You can look at it and not change it." in lines(app, "detail"))
        assert not [one.id for one in app.open_actions() if one.id.startswith("teams.")]
        await pilot.press("n", "e", "p", "x", "f3", "f4", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Teams)
        assert "not change it" in said(app)
        await change(hub, Edit(kind="person", key="lou", set={"role": "standard:receptionist"}))
        await wait_until(pilot, lambda: isinstance(app.screen, BoardScreen), 30)
        await pilot.press("f2", "f8")
        await pilot.pause()
        assert isinstance(app.screen, BoardScreen)
