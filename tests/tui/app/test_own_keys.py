"""Fields of forms act on their own keys in the order in which these came, and before the focus goes on."""

import pytest

from wallboard_tui.tui.screens.admin.paged import Pages
from wallboard_tui.tui.screens.admin.person_form import PersonForm
from wallboard_tui.tui.screens.admin.role_form import RoleForm
from wallboard_tui.tui.widgets.permissions import PermissionTable
from wallboard_tui.tui.widgets.ticks import Tick
from wallboard_tui.tui.widgets.toggles import ToggleTable
from wallboard_tui.view.view import View

from .conftest import wait_until
from .team import select
from .test_admin_snapshots import program
from .test_admin_typing import on_list, typed, value


async def test_levels_are_those_of_the_permissions_that_the_keys_went_to_however_fast_they_come(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_list(app, pilot, "f3")
        await pilot.press("n")
        await wait_until(pilot, lambda: isinstance(app.screen, RoleForm) and app.screen.focused is not None)
        typed(app, *"Ab", "enter", "tab", "tab", *"reco", "down", "space", "c", "space", "tab")
        table = app.screen.query_one(PermissionTable)
        await wait_until(pilot, lambda: not table.has_focus and len(table.grants) == 2)
        assert set(table.grants) == {"recordings.download", "calls"}
        app.screen.set_focus(table)
        typed(app, "end", "up", "space", "e", "space", "up", "up", "tab")
        await wait_until(pilot, lambda: not table.has_focus and len(table.grants) == 4)
        assert set(table.grants) == {"recordings.download", "calls", "audit", "export"}


async def test_what_space_switches_is_where_the_focus_was_though_tab_comes_right_behind(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_list(app, pilot, "f4")
        select(app, "eve")
        await pilot.press("e")
        await wait_until(pilot, lambda: isinstance(app.screen, PersonForm) and app.screen.focused is not None)
        boxes = list(app.screen.query(Tick))
        before = [box.value for box in boxes]
        app.screen.set_focus(boxes[0])
        typed(app, *["space", "tab"] * len(boxes))
        await wait_until(pilot, lambda: [box.value for box in boxes] == [not value for value in before])
        app.screen.query_one(Pages).active = "page-toggles"
        table = app.screen.query_one(ToggleTable)
        await wait_until(pilot, lambda: table.focusable and table.row_count)
        app.screen.set_focus(table)
        typed(app, "space", "tab")
        await wait_until(pilot, lambda: not table.has_focus)
        await wait_until(pilot, lambda: len(table.toggles) == 1)


@pytest.mark.parametrize(("section", "keys", "field"), [("f3", ("n",), "name"), ("f4", ("slash",), "search")])
async def test_what_is_mended_in_a_line_of_text_is_mended_where_it_stood(
    view: View, section: str, keys: tuple[str, ...], field: str
) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_list(app, pilot, section)
        await pilot.press(*keys)
        await wait_until(pilot, lambda: app.screen.focused is not None and app.screen.focused.id == field)
        typed(app, *"abx", "backspace", "c", "home", "Z", "end", "d")
        await wait_until(pilot, lambda: value(app, field) == "Zabcd")
