"""What tests of *Team* do on screen, and beside it on the hub."""

from textual.pilot import Pilot
from textual.widgets import DataTable, Static

from wallboard_tui.client.administration import Administration
from wallboard_tui.client.hub import HubClient
from wallboard_tui.model.administration import Edit, PersonRow, Saved
from wallboard_tui.model.base import Doc
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.screens.admin.base import Section
from wallboard_tui.tui.screens.admin.form import Form
from wallboard_tui.tui.widgets.lines import LineWidget

from ...real_hub import RealHub
from .conftest import wait_until
from .live import header, sign_in

VIEW_ALL = {"level": "view", "scope": ["ALL"]}


def lines(app: WallboardApp, id: str) -> str:
    """What a widget of lines shows."""
    found = app.screen.query(f"#{id}").results(LineWidget)
    return "\n".join("".join(span.text for span in line) for widget in found for line in widget.lines)


def note(app: WallboardApp, field: str) -> str:
    return str(app.screen.query_one(f"#note-{field}", Static).content)


def said(app: WallboardApp) -> str:
    return str(app.screen.query_one("#said", Static).content)


async def open_team(app: WallboardApp, pilot: Pilot[None], key: str, person: str = "ann") -> None:
    """Signs in and opens a section, which has its list."""
    await sign_in(app, pilot, person)
    await wait_until(pilot, lambda: "● live" in header(app), 30)
    await pilot.press(key)
    await wait_until(pilot, lambda: isinstance(app.screen, Section), 30)
    await wait_until(pilot, lambda: app.screen.query_one("#rows", DataTable).row_count, 30)


async def on_form(app: WallboardApp, pilot: Pilot[None], kind: type[Form]) -> None:
    """The form is there, and has said what it begins with: it takes keys."""
    await wait_until(pilot, lambda: isinstance(app.screen, kind) and lines(app, "form-lines"), 30)


async def foreseen(app: WallboardApp, pilot: Pilot[None]) -> None:
    """What saving would mean stands on the form."""
    await wait_until(pilot, lambda: isinstance(app.screen, Form) and app.screen._foresight.known, 30)


async def off_form(app: WallboardApp, pilot: Pilot[None]) -> None:
    await wait_until(pilot, lambda: isinstance(app.screen, Section), 30)


async def turn(app: WallboardApp, pilot: Pilot[None], field: str) -> None:
    """The next page of a form, whose first field has the focus."""
    await pilot.press("ctrl+pagedown")
    await wait_until(pilot, lambda: app.screen.focused is not None and app.screen.focused.id == field)


def select(app: WallboardApp, key: str) -> None:
    screen = app.screen
    assert isinstance(screen, Section)
    screen.select(key)


async def change(hub: RealHub, *edits: Edit) -> Saved:
    """What somebody else does meanwhile."""
    async with HubClient(hub.home.address, operator=True) as operator:
        return await Administration(operator).change(edits)


async def of_role(hub: RealHub, key: str) -> Doc:
    async with HubClient(hub.home.address, operator=True) as operator:
        return next(row.doc for row in await Administration(operator).roles() if row.key == key)


async def of_person(hub: RealHub, key: str) -> PersonRow:
    async with HubClient(hub.home.address, operator=True) as operator:
        return next(row for row in await Administration(operator).people() if row.key == key)


async def staff(hub: RealHub) -> None:
    """A team with two agents, and a number."""
    await hub.apply(
        ("person", {"key": "eve", "name": "Eve Nolan", "role": "standard:agent", "extension": "120"}),
        ("person", {"key": "dan", "name": "Dan Walsh", "role": "standard:agent"}),
        ("team", {"key": "north", "name": "North", "members": ["eve"]}),
        ("number", {"key": "+35318001", "name": "Sales line"}),
    )
