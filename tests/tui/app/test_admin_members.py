"""*Team → Members* against a real hub: found, marked, changed at once, added, edited by two, disabled, looked at."""

import pytest
from textual.widgets import Checkbox, DataTable, Input, Select, SelectionList, Static

from wallboard_tui.client.administration import Administration
from wallboard_tui.client.errors import HubError
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.model.administration import Edit
from wallboard_tui.tui.screens.admin.editing import Meanwhiles
from wallboard_tui.tui.screens.admin.give import Give
from wallboard_tui.tui.screens.admin.members import Members
from wallboard_tui.tui.screens.admin.person_form import PersonForm
from wallboard_tui.tui.screens.admin.removing import Remove
from wallboard_tui.tui.screens.admin.roles import Roles
from wallboard_tui.tui.screens.admin.sure import Sure
from wallboard_tui.tui.screens.admin.tabs import Tabs
from wallboard_tui.tui.widgets.footer import Footer
from wallboard_tui.tui.widgets.toggles import ToggleTable

from ...real_hub import PASSWORD, RealHub
from .conftest import wait_until
from .live import program
from .team import change, foreseen, lines, note, of_person, off_form, on_form, open_team, said, select, staff

pytestmark = pytest.mark.timeout(180)


async def test_people_are_found_filtered_marked_and_get_another_role_together(hub: RealHub, desk: Home) -> None:
    await staff(hub)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f4")
        table = app.screen.query_one("#rows", DataTable)

        def shown() -> list[str]:
            return [str(key.value) for key in table.rows]

        everybody = shown()
        assert {"ann", "dan", "eve", "rex"} <= set(everybody)
        await pilot.press("slash", *"wal")
        await wait_until(pilot, lambda: shown() == ["dan"])
        await pilot.press("escape")
        await wait_until(pilot, lambda: shown() == everybody)
        app.screen.query_one("#filter-team", Select).value = "north"
        await wait_until(pilot, lambda: shown() == ["eve"])
        app.screen.query_one("#filter-team", Select).value = Select.NULL
        app.screen.query_one("#filter-role", Select).value = "standard:agent"
        await wait_until(pilot, lambda: shown() == ["dan", "eve"])
        select(app, "dan")
        await pilot.press("space", "space")
        assert "2 people are marked" in said(app)
        await pilot.press("r")
        await on_form(app, pilot, Give)
        app.screen.query_one("#role", Select).value = "standard:calls-only"
        await wait_until(pilot, lambda: "Dan Walsh" in lines(app, "form-lines") and "Eve" in lines(app, "form-lines"))
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        await wait_until(pilot, lambda: "Saved." in said(app))
    assert {(await of_person(hub, key)).doc["role"] for key in ("dan", "eve")} == {"standard:calls-only"}


async def test_what_a_person_may_do_is_said_with_where_each_part_comes_from(hub: RealHub, desk: Home) -> None:
    await staff(hub)
    grant = {"calls": {"level": "view", "scope": ["number:+35318001"]}}
    await change(hub, Edit(kind="person", key="eve", set={"grants": grant, "toggles": {"view_wallboard": True}}))
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f4")
        select(app, "eve")
        await wait_until(pilot, lambda: "Eve Nolan" in lines(app, "detail"), 30)
        told = lines(app, "detail")
        assert "from role Agent: view own; from grant" in told
        assert "view number Sales line" in told
        assert "from toggle View Wallboard" in told
        assert "from floor Agent: view own" in told
        assert "View Wallboard: on" in told


async def test_somebody_is_added_with_team_and_gets_a_one_time_code(hub: RealHub, desk: Home) -> None:
    await staff(hub)
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_team(app, pilot, "f4")
        await pilot.press("n")
        await on_form(app, pilot, PersonForm)
        await pilot.press(*"Una Fox", "ctrl+s")
        await wait_until(pilot, lambda: "Choose a role" in note(app, "role"))
        app.screen.query_one("#role", Select).value = "standard:agent"
        app.screen.query_one("#extension", Input).value = "1x"
        await wait_until(pilot, lambda: "digits" in note(app, "extension"))
        app.screen.query_one("#extension", Input).value = "121"
        app.screen.query_one("#joined", SelectionList).select("north")
        await wait_until(pilot, lambda: "caller-id" in note(app, "caller_ids"), 30)
        app.screen.query_one("#pin", Input).value = "4711"
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        await wait_until(pilot, lambda: "One-time code for Una Fox (signs in as una.fox)" in said(app), 30)
        code = said(app).partition("una.fox):")[2].split()[0]
    row = await of_person(hub, "una.fox")
    assert (row.doc["extension"], row.teams, row.has_pin) == ("121", ("north",), True)
    async with HubClient(hub.home.address) as una:
        with pytest.raises(HubError, match="password"):
            await una.sign_in("una.fox", code)


async def test_what_somebody_else_saved_first_is_said_field_by_field(hub: RealHub, desk: Home) -> None:
    await staff(hub)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f4")
        select(app, "eve")
        await pilot.press("e")
        await on_form(app, pilot, PersonForm)
        app.screen.query_one("#extension", Input).value = "130"
        app.screen.query_one("#name", Input).value = "Eve Nolan-Ryan"
        await change(hub, Edit(kind="person", key="eve", set={"extension": "140", "email": "eve@example.org"}))
        await foreseen(app, pilot)
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: isinstance(app.screen, Meanwhiles) and app.screen.is_mounted, 30)
        rows = app.screen.query_one("#meanwhile-rows", DataTable)
        await wait_until(pilot, lambda: rows.row_count == 2)
        told = {str(rows.get_row_at(n)[0]): [str(cell) for cell in rows.get_row_at(n)[1:]] for n in range(2)}
        assert told == {
            "Extension": ["120", "140", "130", "yours"],
            "Mail": ["–", "eve@example.org", "not changed by you", "theirs"],
        }
        rows.move_cursor(row=list(told).index("Extension"))
        await pilot.press("space", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, PersonForm))
        assert app.screen.query_one("#extension", Input).value == "140"
        assert app.screen.query_one("#name", Input).value == "Eve Nolan-Ryan"
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
    doc = (await of_person(hub, "eve")).doc
    assert (doc["name"], doc["extension"], doc["email"]) == ("Eve Nolan-Ryan", "140", "eve@example.org")


async def test_the_board_that_somebody_begins_with_is_chosen_on_their_form(hub: RealHub, desk: Home) -> None:
    await staff(hub)
    page = {"name": "Calls", "rows": [{"height": 1, "panes": [{"pane": "calls"}]}]}
    await hub.apply(
        ("board", {"key": "floor", "name": "Floor", "priority": 9, "pages": [page]}),
        ("board", {"key": "quiet", "name": "Quiet", "pages": [page]}),
        ("credential", {"key": "eve", "password": PASSWORD}),
    )
    async with HubClient(hub.home.address) as eve:
        assert (await eve.sign_in("eve", PASSWORD)).boards[0]["key"] == "floor"
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_team(app, pilot, "f4")
        select(app, "eve")
        await pilot.press("e")
        await on_form(app, pilot, PersonForm)
        board = app.screen.query_one("#board", Select)
        assert board.value is Select.NULL
        board.value = "quiet"
        await wait_until(pilot, lambda: "nobody's access changes" in lines(app, "form-lines").replace("\n", " "), 30)
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        await wait_until(pilot, lambda: "Quiet" in lines(app, "detail"), 30)
    assert (await of_person(hub, "eve")).doc["board"] == "quiet"
    async with HubClient(hub.home.address) as eve:
        assert (await eve.sign_in("eve", PASSWORD)).boards[0]["key"] == "quiet"


async def test_a_refusal_stands_beside_the_field_and_what_was_typed_stays(hub: RealHub, desk: Home) -> None:
    await staff(hub)
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f4")
        select(app, "eve")
        await pilot.press("e")
        await on_form(app, pilot, PersonForm)
        app.screen.query_one("#report_mail", Checkbox).value = True
        app.screen.query_one("#role", Select).value = "standard:calls-only"
        await wait_until(pilot, lambda: note(app, "report_mail").startswith("schedule:"), 30)
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: isinstance(app.screen, PersonForm) and app.screen._refused, 30)
        assert app.screen.query_one("#report_mail", Checkbox).value
        assert "Refused (schedule)" in lines(app, "form-lines")
        table = app.screen.query_one(ToggleTable)
        assert table.row_count


async def test_disabling_asks_once_and_ends_the_session(hub: RealHub, desk: Home) -> None:
    app = program(hub, desk)
    async with HubClient(hub.home.address) as rex:
        await rex.sign_in("rex", PASSWORD)
        async with app.run_test(size=(160, 48)) as pilot:
            await open_team(app, pilot, "f4")
            select(app, "rex")
            await pilot.press("d")
            await wait_until(pilot, lambda: isinstance(app.screen, Sure))
            await pilot.press("enter")
            await off_form(app, pilot)
            await wait_until(pilot, lambda: "Disabled" in lines(app, "detail"), 30)
        with pytest.raises(HubError) as error:
            await rex.me()
    assert error.value.signed_out


async def test_a_refusal_of_many_at_once_stays_to_be_read_and_they_stay_marked(hub: RealHub, desk: Home) -> None:
    await staff(hub)
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_team(app, pilot, "f4")
        members = app.screen
        assert isinstance(members, Members)
        before = members.office
        await pilot.press("a", "d")
        await wait_until(pilot, lambda: isinstance(app.screen, Sure))
        await pilot.press("enter")
        await wait_until(pilot, lambda: "last-admin: Nobody would be left" in said(app), 30)
        await wait_until(pilot, lambda: members.office is not before, 30)
        await pilot.pause()
        assert "last-admin" in said(app)
        assert {"ann", "dan", "eve", "rex"} <= members.marked
    assert not (await of_person(hub, "eve")).doc.get("disabled")


async def test_who_may_only_look_at_people_is_offered_nothing_to_change(hub: RealHub, desk: Home) -> None:
    role = {"key": "custom:looker", "name": "Looker", "grants": {"users": {"level": "view"}}}
    await hub.apply(
        ("role", role),
        ("person", {"key": "leo", "name": "Leo", "role": "custom:looker"}),
        ("credential", {"key": "leo", "password": PASSWORD}),
    )
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_team(app, pilot, "f2", "leo")
        await wait_until(pilot, lambda: "You can look and not change" in lines(app, "detail"), 30)
        assert not [one.id for one in app.open_actions() if one.id.startswith("members.") and one.level == "manage"]
        assert "admin.roles" not in {one.id for one in app.open_actions()}
        await pilot.press("n", "e", "d", "x", "r", "c")
        await pilot.pause()
        assert app.screen.query_one("#rows", DataTable)
        assert not app.screen.query(Static).filter("#form-title")


async def test_a_person_is_removed_once_it_was_said_what_stays(hub: RealHub, desk: Home) -> None:
    await staff(hub)
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_team(app, pilot, "f4")
        select(app, "eve")
        await pilot.press("x")
        await on_form(app, pilot, Remove)
        assert "nobody else ever gets it" in str(app.screen.query(".hint").first(Static).content)
        await wait_until(pilot, lambda: "Eve Nolan" in lines(app, "form-lines"), 30)
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        # What stood behind the form is up to date before it goes: the next key acts on what is there.
        assert "eve" not in {str(key.value) for key in app.screen.query_one("#rows", DataTable).rows}
        assert said(app).startswith("Removed.")
        await pilot.press("x")
        await on_form(app, pilot, Remove)
        assert "Eve" not in str(app.screen.query_one("#form-title", Static).content)
    async with HubClient(hub.home.address, operator=True) as operator:
        assert "eve" not in {row.key for row in await Administration(operator).people()}


async def test_the_mouse_does_what_the_keys_do(hub: RealHub, desk: Home) -> None:
    await staff(hub)
    app = program(hub, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_team(app, pilot, "f4")
        footer = app.screen.query_one(Footer)
        await wait_until(pilot, lambda: len(footer.lines) == 2)
        texts = ["".join(span.text for span in line) for line in footer.lines]
        assert " x Remove" in texts[0] + texts[1]
        table = app.screen.query_one("#rows", DataTable)
        await pilot.click("#rows", offset=(6, 1 + table.get_row_index("dan")))
        await wait_until(pilot, lambda: "Dan Walsh" in lines(app, "detail"), 30)
        row = next(y for y, text in enumerate(texts) if "e Edit" in text)
        await pilot.click(Footer, offset=(texts[row].index("e Edit") + 2, row))
        await on_form(app, pilot, PersonForm)
        assert app.screen.query_one("#name", Input).value == "Dan Walsh"
        await pilot.press("escape")
        await off_form(app, pilot)
        tabs = app.screen.query_one(Tabs)
        place = "".join(span.text for span in tabs.lines[0]).index("Roles")
        await pilot.click(Tabs, offset=(place, 0))
        await wait_until(pilot, lambda: isinstance(app.screen, Roles))
