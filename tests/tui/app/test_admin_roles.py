"""*Team → Roles* against a real hub: made, given, changed by two at once, refused, looked at only, and not there."""

import pytest
from textual.widgets import Checkbox, DataTable, Input, Select, SelectionList, Static

from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.model.administration import Edit
from wallboard_tui.tui.screens.admin.compare import Compare
from wallboard_tui.tui.screens.admin.editing import Meanwhiles
from wallboard_tui.tui.screens.admin.give import Give
from wallboard_tui.tui.screens.admin.merging import canonical
from wallboard_tui.tui.screens.admin.permission_form import PermissionForm
from wallboard_tui.tui.screens.admin.removing import Remove
from wallboard_tui.tui.screens.admin.role_form import RoleForm
from wallboard_tui.tui.screens.admin.roles import Roles
from wallboard_tui.tui.screens.admin.sure import Sure
from wallboard_tui.tui.screens.board import BoardScreen
from wallboard_tui.tui.widgets.permissions import PermissionTable

from ...real_hub import PASSWORD, RealHub
from .conftest import wait_until
from .live import program
from .team import VIEW_ALL, change, lines, note, of_role, off_form, on_form, open_team, said, select, turn

pytestmark = pytest.mark.timeout(180)


async def test_an_admin_makes_a_role_gives_it_to_two_people_and_sees_the_effect(hub: RealHub, desk: Home) -> None:
    await hub.apply(("person", {"key": "eve", "name": "Eve", "role": "standard:agent"}))
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f2")
        await pilot.press("n")
        await on_form(app, pilot, RoleForm)
        await pilot.press(*"QA Analyst", "enter", "enter", "tab")
        assert app.screen.query_one(PermissionTable).has_focus
        await pilot.press(*"reco", "space")
        await wait_until(pilot, lambda: "nothing opens" in lines(app, "form-lines"))
        await pilot.press(*"qual", "space", "space")
        await pilot.press("c", "space")
        await wait_until(pilot, lambda: "Opens" in lines(app, "form-lines"))
        table = app.screen.query_one(PermissionTable)
        assert {name: grant["level"] for name, grant in table.grants.items()} == {
            "recordings": "view", "scores": "manage", "calls": "view",
        }  # fmt: skip
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        # At once, without waiting: the next key acts on what was saved, not on what was selected before.
        assert "QA Analyst" in lines(app, "detail")
        assert "Nobody has this role." in lines(app, "detail")
        await wait_until(pilot, lambda: "nobody has it yet" in said(app))
        await pilot.press("g")
        await on_form(app, pilot, Give)
        assert app.screen.query_one("#role", Select).value == "custom:qa-analyst"
        await pilot.press(*"rex", "enter", *"eve", "enter")
        await wait_until(pilot, lambda: "Eve" in lines(app, "form-lines") and "Rex" in lines(app, "form-lines"), 30)
        assert "Advice (broad)" in lines(app, "form-lines")
        assert "- Missed opportunities" in lines(app, "form-lines")
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        assert "Eve, Rex" in lines(app, "detail")
        await wait_until(pilot, lambda: "Saved. It holds now, and they have been told." in said(app))
        await pilot.press("e")
        await on_form(app, pilot, RoleForm)
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        assert said(app) == "", "nothing was changed: what was saved before is not said again"
    async with HubClient(hub.home.address) as rex:
        me = await rex.sign_in("rex", PASSWORD)
    assert me.role == "custom:qa-analyst"
    assert me.may("scores", "manage")
    assert me.panes == ("calls",)
    assert not me.may("reports.missed")


async def test_two_admins_change_a_role_at_once_and_the_second_loses_nothing(hub: RealHub, desk: Home) -> None:
    key = "standard:calls-only"
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f3")
        select(app, key)
        await pilot.press("e")
        await on_form(app, pilot, RoleForm)
        field = app.screen.query_one("#description", Input)
        field.value = "What I typed"
        table = app.screen.query_one(PermissionTable)
        table.set("export", VIEW_ALL)
        theirs = {name: grant for name, grant in (await of_role(hub, key))["grants"].items() if name != "recordings"}
        await change(hub, Edit(kind="role", key=key, set={"description": "What they typed", "grants": theirs}))
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: isinstance(app.screen, Meanwhiles) and app.screen.is_mounted, 30)
        heading = app.screen.query_one("#meanwhile .heading", Static)
        assert str(heading.render()).startswith("Operator changed the role"), "as the audit trail calls them"
        rows = app.screen.query_one("#meanwhile-rows", DataTable)
        await wait_until(pilot, lambda: rows.row_count == 2)
        told = {str(rows.get_row_at(n)[0]): [str(cell) for cell in rows.get_row_at(n)[1:]] for n in range(2)}
        assert told["About"][1:] == ["What they typed", "What I typed", "yours"]
        assert told["Recordings"] == ["view everything", "–", "not changed by you", "theirs"]
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(app.screen, RoleForm))
        assert app.screen.query_one("#description", Input).value == "What I typed"
        assert "recordings" not in app.screen.query_one(PermissionTable).grants
        assert "export" in app.screen.query_one(PermissionTable).grants
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
    doc = await of_role(hub, key)
    assert doc["description"] == "What I typed"
    assert sorted(doc["grants"]) == ["caller_number", "calls", "export"]


async def test_floor_toggles_and_sign_in_of_a_role_are_changed_with_keys_and_what_it_means_is_said(
    hub: RealHub, desk: Home
) -> None:
    key = "standard:agent"
    await hub.apply(("person", {"key": "eve", "name": "Eve", "role": key}))
    before = canonical(await of_role(hub, key))
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_team(app, pilot, "f3")
        select(app, key)
        await pilot.press("e")
        await on_form(app, pilot, RoleForm)
        await turn(app, pilot, "floor")
        await pilot.press(*"reco", "space")
        assert app.screen.query_one("#floor", PermissionTable).grants.keys() == {*before["floor"], "recordings"}
        await wait_until(pilot, lambda: "+ Recordings (own)" in lines(app, "form-lines"), 30)
        ticks = app.screen.query_one("#needs_extension", SelectionList)
        ticks.highlighted = [ticks.get_option_at_index(n).value for n in range(ticks.option_count)].index("recordings")
        await pilot.press("tab", "space")
        await wait_until(pilot, lambda: "+ Recordings" not in lines(app, "form-lines"), 30)  # Eve has no extension
        await turn(app, pilot, "offered")
        await pilot.press("space", "down", "space", "space")
        await turn(app, pilot, "login")
        await pilot.press("space")
        await wait_until(pilot, lambda: "Eve" in lines(app, "form-lines"), 30)
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        await wait_until(pilot, lambda: "People with this role cannot sign in." in lines(app, "detail"), 30)
        off = canonical(await of_role(hub, key))
        assert off["login"] is False
        assert off["floor"] == {**before["floor"], "recordings": {"level": "view", "scope": ["SELF"]}}
        assert off["needs_extension"] == ["recordings"]
        assert off["toggles"] == before["toggles"][1:]
        await pilot.press("e")
        await on_form(app, pilot, RoleForm)
        app.screen.query_one("#login", Checkbox).value = True
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        await wait_until(pilot, lambda: "cannot sign in" not in lines(app, "detail"), 30)
    after = canonical(await of_role(hub, key))
    assert after.get("login", True)
    assert {name: after.get(name) for name in ("floor", "toggles", "needs_extension", "grants")} == {
        name: off.get(name) for name in ("floor", "toggles", "needs_extension", "grants")
    }


async def test_two_admins_change_floor_and_toggles_at_once_and_both_hold(hub: RealHub, desk: Home) -> None:
    key = "standard:agent"
    own = {"level": "view", "scope": ["SELF"]}
    before = canonical(await of_role(hub, key))
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f3")
        select(app, key)
        await pilot.press("e")
        await on_form(app, pilot, RoleForm)
        app.screen.query_one("#floor", PermissionTable).set("calls", own)
        await wait_until(pilot, lambda: app.screen.query_one("#needs_extension", SelectionList).option_count == 3)
        app.screen.query_one("#needs_extension", SelectionList).select("calls")
        theirs = {"floor": {**before["floor"], "messages": own}, "toggles": before["toggles"][:1], "login": False}
        await change(hub, Edit(kind="role", key=key, set=theirs))
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: isinstance(app.screen, Meanwhiles) and app.screen.is_mounted, 30)
        rows = app.screen.query_one("#meanwhile-rows", DataTable)
        await wait_until(pilot, lambda: rows.row_count == 3)
        told = {str(rows.get_row_at(n)[0]): str(rows.get_row_at(n)[2]) for n in range(3)}
        assert told == {"Messages": "view own", "Toggles": "View Team Analytics", "May sign in": "no"}
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(app.screen, RoleForm))
        assert not app.screen.query_one("#login", Checkbox).value
        assert app.screen.query_one("#offered", SelectionList).selected == before["toggles"][:1]
        assert app.screen.query_one("#needs_extension", SelectionList).selected == ["calls"]
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
    doc = canonical(await of_role(hub, key))
    assert doc["floor"] == {**before["floor"], "messages": own, "calls": own}
    assert (doc["needs_extension"], doc["toggles"], doc["login"]) == (["calls"], before["toggles"][:1], False)


async def test_a_role_is_copied_compared_renamed_and_removed(hub: RealHub, desk: Home) -> None:
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f3")
        select(app, "standard:receptionist")
        await pilot.press("c")
        await on_form(app, pilot, RoleForm)
        app.screen.query_one(PermissionTable).set("calls", {"level": "view", "scope": ["ALL/inbound"]})
        app.screen.query_one("#name", Input).value = "Front desk"
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        await wait_until(pilot, lambda: "everything (inbound only)" in lines(app, "detail"), 30)
        await pilot.press("v")
        select(app, "standard:receptionist")
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(app.screen, Compare) and "differ" in lines(app, "page-lines"), 30)
        marked = [line for line in lines(app, "page-lines").splitlines() if line.startswith("≠")]
        assert len(marked) == 1
        assert "Calls" in marked[0]
        await pilot.press("escape", "r")
        await wait_until(pilot, lambda: app.screen.query("#question Input"))
        app.screen.query_one(Input).value = "Lobby"
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(app.screen, Roles), 30)
        await wait_until(pilot, lambda: said(app) == "Receptionist is called Lobby now.", 30)
        select(app, "standard:receptionist")
        await pilot.press("x")
        await on_form(app, pilot, Remove)
        assert "Rex" in str(app.screen.query(".hint").first(Static).content)
        await pilot.press("ctrl+s")
        assert isinstance(app.screen, Remove)
        assert note(app, "instead").startswith("in-use")
        app.screen.query_one("#instead", Select).value = "standard:calls-only"
        await wait_until(pilot, lambda: "- Missed opportunities" in lines(app, "form-lines"), 30)
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        screen = app.screen
        assert isinstance(screen, Roles)
        await wait_until(
            pilot, lambda: screen.office is not None and "standard:receptionist" not in screen.office.roles, 30
        )


async def test_a_rule_that_refuses_is_named_while_one_edits_and_nothing_is_saved(hub: RealHub, desk: Home) -> None:
    await hub.apply(("role", {"key": "custom:keeper", "name": "Keeper", "grants": {"roles": {"level": "manage"}}}))
    before = await of_role(hub, "standard:admin")
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f3")
        select(app, "standard:admin")
        await pilot.press("enter")
        await on_form(app, pilot, RoleForm)
        app.screen.query_one(PermissionTable).set("roles", None)
        await wait_until(pilot, lambda: "Refused (last-admin)" in lines(app, "form-lines"), 30)
        await pilot.press("ctrl+s")
        await pilot.pause()
        await wait_until(pilot, lambda: isinstance(app.screen, RoleForm) and app.screen._refused, 30)
        assert "Refused (last-admin)" in lines(app, "form-lines")
        await pilot.press("escape")
        await wait_until(pilot, lambda: isinstance(app.screen, Sure))
        await pilot.press("enter")
        await off_form(app, pilot)
    assert await of_role(hub, "standard:admin") == before


async def test_who_may_only_look_at_roles_can_change_nothing_and_who_may_not_has_no_team(
    hub: RealHub, desk: Home
) -> None:
    await hub.apply(
        ("role", {"key": "custom:auditor", "name": "Auditor", "grants": {"roles": {"level": "view"},
                                                                        "calls": VIEW_ALL}}),
        ("person", {"key": "aud", "name": "Aud", "role": "custom:auditor"}),
        ("credential", {"key": "aud", "password": PASSWORD}),
    )  # fmt: skip
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f3", "aud")
        await wait_until(pilot, lambda: "You can look at it and not change it. not-permitted" in lines(app, "detail"))
        select(app, "standard:agent")
        await wait_until(pilot, lambda: "What may be switched for one person" in lines(app, "detail"))
        assert "View Wallboard" in lines(app, "detail")
        assert "What everybody with it keeps about themselves" in lines(app, "detail")
        assert not [one.id for one in app.open_actions() if one.id.startswith("roles.") and one.level == "manage"]
        assert not {"admin.members", "admin.audit"} & {one.id for one in app.open_actions()}
        await pilot.press("e", "n", "x", "f4", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Roles)
        assert "not change it" in said(app)
        await change(hub, Edit(kind="person", key="aud", set={"role": "standard:receptionist"}))
        await wait_until(pilot, lambda: isinstance(app.screen, BoardScreen), 30)
        assert "admin.team" not in {one.id for one in app.open_actions()}
        await pilot.press("f2", "f3")
        await pilot.pause()
        assert isinstance(app.screen, BoardScreen)


async def test_level_scope_and_directions_of_a_permission_are_chosen_with_keys_alone(hub: RealHub, desk: Home) -> None:
    await hub.apply(("number", {"key": "+35318001", "name": "Sales line"}))
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_team(app, pilot, "f3")
        select(app, "standard:calls-only")
        await pilot.press("e")
        await on_form(app, pilot, RoleForm)
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(app.screen, PermissionForm) and app.screen.focused is not None)
        await pilot.press("tab", "down", "space", "down", "space", "tab", "tab")
        assert app.screen.query_one("#things", SelectionList).has_focus
        await pilot.press("space", "ctrl+s")
        await wait_until(pilot, lambda: isinstance(app.screen, RoleForm))
        grant = app.screen.query_one(PermissionTable).grants["calls"]
        assert grant == {
            "level": "view", "scope": ["OWN_TEAMS/inbound", "SELF/inbound", "number:+35318001/inbound"],
        }  # fmt: skip
