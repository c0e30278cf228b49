"""``?``: the keys and what a mouse does, in full at any width; in *Team*, of the section that is open."""

import pytest

from wallboard_tui.tui.actions import ACTIONS, applies
from wallboard_tui.tui.keys import MOUSE
from wallboard_tui.tui.look import Look
from wallboard_tui.tui.screens.admin import SECTIONS
from wallboard_tui.tui.screens.admin.base import Section
from wallboard_tui.tui.screens.admin.help import about_lines, actions_in
from wallboard_tui.tui.screens.help import KEYS_W, Help, key_lines
from wallboard_tui.view.view import View

from .conftest import wait_until
from .team import lines
from .test_admin_snapshots import program
from .test_snapshots import settled


@pytest.mark.parametrize("width", [75, 110])
@pytest.mark.parametrize("pane", ["rollups", "missed", "calls", "agents"])
def test_help_says_every_key_and_what_a_mouse_does_and_cuts_nothing_off(pane: str, width: int) -> None:
    actions = [action for action in ACTIONS if applies(action, pane)]
    lines = ["".join(span.text for span in line) for line in key_lines(actions, {}, width, Look())]
    assert all(len(line) <= width for line in lines)
    said = " ".join(word for line in lines for word in line[KEYS_W if line.startswith("  ") else 0 :].split())
    for action in actions:
        if action.keys:
            assert action.description + (f" Mouse: {action.mouse}." if action.mouse else "") in said
    assert all(f"  {sentence}" in lines for sentence in MOUSE)


@pytest.mark.parametrize("width", [75, 110])
@pytest.mark.parametrize("section", SECTIONS)
def test_help_says_every_key_of_a_section_and_of_no_other(section: str, width: int) -> None:
    actions = actions_in(section)
    assert {one.section for one in actions} == {"", section}
    shown = [*about_lines(section, width, Look()), *key_lines(actions, {}, width, Look())]
    said = ["".join(span.text for span in line) for line in shown]
    assert all(len(line) <= width for line in said)
    assert said[0] == SECTIONS[section][0]
    words = " ".join(word for line in said for word in line[KEYS_W if line.startswith("  ") else 0 :].split())
    for action in actions:
        if action.keys:
            assert action.description in words
    assert not any(action.description in words for action in ACTIONS if action.scope in ("pane", "board"))


async def test_help_in_team_is_about_the_section_and_has_no_key_that_its_reader_has_not(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(110, 40)) as pilot:
        await wait_until(pilot, lambda: settled(app))
        await pilot.press("f3")
        await wait_until(pilot, lambda: isinstance(app.screen, Section))
        await pilot.press("question_mark")
        await wait_until(
            pilot, lambda: isinstance(app.screen, Help) and "Keys of this page" in lines(app, "page-lines")
        )
        assert lines(app, "page-lines").startswith("Roles\n")
        assert "Make a role from scratch." in lines(app, "page-lines")
        assert app.me is not None
        looks = {name: held.model_copy(update={"level": "view"}) for name, held in app.me.permissions.items()}
        app.me = app.me.model_copy(update={"permissions": looks})
        assert isinstance(app.screen, Help)
        app.screen.redraw()
        assert "Put the selected role beside another one." in lines(app, "page-lines")
        assert "Make a role from scratch." not in lines(app, "page-lines")
