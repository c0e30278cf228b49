"""What a mouse does in the panes of a board: a press selects, one more opens, a title sorts."""

from textual.pilot import Pilot

from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.screens.caller import CallerDetail
from wallboard_tui.tui.widgets.pane import LinePane
from wallboard_tui.view.view import View

from .conftest import THEMES, StillTerminal, somebody, wait_until


async def the_pane(app: WallboardApp, pilot: Pilot[None], name: str) -> LinePane:
    def shown() -> list[LinePane]:
        board = app.board
        panes = board.panes if board is not None and board.is_mounted and board.leaf else []
        return [pane for pane in panes if pane.kind.name == name and pane.rows]

    await wait_until(pilot, lambda: shown() and shown()[0].lines)
    return shown()[0]


async def test_a_click_selects_the_row_under_it_and_one_more_opens_it(view: View) -> None:
    app = WallboardApp(StillTerminal(me=somebody(panes=("missed",)), view=view), theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        pane = await the_pane(app, pilot, "missed")
        await pilot.click(pane, offset=(10, 4))
        await wait_until(pilot, lambda: pane.choice.selected == pane.rows[2])
        assert pane.has_focus
        assert not isinstance(app.screen, CallerDetail)
        await pilot.click(pane, offset=(40, 4))
        await wait_until(pilot, lambda: isinstance(app.screen, CallerDetail))


async def test_a_click_into_a_list_without_the_focus_takes_the_row_that_was_drawn_there(view: View) -> None:
    app = WallboardApp(StillTerminal(me=somebody(panes=("calls",)), view=view), theme_folders=[THEMES])
    async with app.run_test(size=(120, 20)) as pilot:
        pane = await the_pane(app, pilot, "calls")
        await wait_until(pilot, lambda: pane.has_focus)
        assert len(pane.rows) > pane.size.height
        await pilot.press("end")
        assert pane.choice.selected == pane.rows[-1]
        app.screen.set_focus(None)
        await wait_until(pilot, lambda: not pane.has_focus)
        # Without the focus the list shows its first rows; one of them is what is pressed on.
        await pilot.click(pane, offset=(10, 2))
        await wait_until(pilot, lambda: pane.choice.selected == pane.rows[0] and pane.has_focus)


async def test_a_click_on_a_title_sorts_by_it_and_one_more_the_other_way_round(view: View) -> None:
    app = WallboardApp(StillTerminal(me=somebody(panes=("rollups",)), view=view), theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        pane = await the_pane(app, pilot, "rollups")
        titles = "".join(span.text for span in pane.lines[1])
        await pilot.click(pane, offset=(titles.index("Answered"), 1))
        await wait_until(pilot, lambda: (pane.data.sort, pane.data.descending) == ("answered", True))
        await pilot.click(pane, offset=("".join(span.text for span in pane.lines[1]).index("Answered"), 1))
        await wait_until(pilot, lambda: (pane.data.sort, pane.data.descending) == ("answered", False))
        assert pane.choice.selected is None
