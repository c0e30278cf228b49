"""PINs in the form of a person, against a real hub: alone, refused, and with the rest of what was changed."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from wallboard_tui.client.administration import Administration
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
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


async def test_a_pin_is_set_without_anything_else_and_one_that_is_taken_leaves_the_rest_saved(
    hub: RealHub, desk: Home
) -> None:
    await staff(hub)
    extensions = {"dan": "151", "eve": "152"}
    await change(hub, *(Edit(kind="person", key=key, set={"extension": one}) for key, one in extensions.items()))
    async with HubClient(hub.home.address, operator=True) as operator:
        await Administration(operator).set_pin("dan", "4711")
    app = program(hub, desk)
    async with app.run_test(size=(160, 48)) as pilot:
        await open_team(app, pilot, "f4")
        await phone_of(app, pilot, "eve")
        app.screen.query_one("#pin", Input).value = "4712"
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        assert said(app) == "Saved."
        assert (await of_person(hub, "eve")).has_pin

        await phone_of(app, pilot, "eve")
        app.screen.query_one("#extension", Input).value = "177"
        app.screen.query_one("#pin", Input).value = "4711"
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: note(app, "pin").startswith("pin: Somebody has this PIN already."), 30)
        assert "Everything else is saved." in lines(app, "form-lines").replace("\n", " ")
        assert (await of_person(hub, "eve")).doc["extension"] == "177"
        app.screen.query_one("#pin", Input).value = "4713"
        await wait_until(pilot, lambda: not note(app, "pin"))
        await pilot.press("ctrl+s")
        await off_form(app, pilot)
        assert said(app).startswith("Saved.")
