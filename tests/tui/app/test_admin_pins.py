"""PINs in the form of a person, against a real hub: alone, refused, and with the rest of what was changed."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from wallboard_tui.client.home import Home
from wallboard_tui.model.administration import Edit
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.screens.admin.person_form import PersonForm

from ...real_hub import RealHub
from .conftest import wait_until
from .live import program
from .team import change, lines, note, of_person, off_form, on_form, open_team, said, select, staff, turn

pytestmark = pytest.mark.timeout(180)


async def phone_of(app: WallboardApp, pilot: Pilot[None], key: str) -> None:
    select(app, key)
    await pilot.press("e")
    await on_form(app, pilot, PersonForm)
    await turn(app, pilot, "extension")


async def test_a_pin_is_set_without_anything_else_and_one_that_is_refused_leaves_the_rest_saved(
    hub: RealHub, desk: Home
) -> None:
    await staff(hub)
    await change(hub, Edit(kind="person", key="eve", set={"extension": "152"}))
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f4")
        await phone_of(app, pilot, "eve")
        app.screen.query_one("#pin", Input).value = "4712"
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        assert said(app) == "Saved."
        assert (await of_person(hub, "eve")).has_pin

        await phone_of(app, pilot, "dan")  # has no extension, so gets no PIN
        app.screen.query_one("#email", Input).value = "dan@example.org"
        app.screen.query_one("#pin", Input).value = "4713"
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: "has no extension" in note(app, "extension"), 30)
        assert "Everything else is saved." in lines(app, "form-lines").replace("\n", " ")
        assert (await of_person(hub, "dan")).doc["email"] == "dan@example.org"
        app.screen.query_one("#pin", Input).value = ""
        app.screen.query_one("#email", Input).value = "dan.two@example.org"
        await wait_until(pilot, lambda: not note(app, "extension"))
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        assert said(app).startswith("Saved.")
        row = await of_person(hub, "dan")
        assert (row.doc["email"], row.has_pin) == ("dan.two@example.org", False)
