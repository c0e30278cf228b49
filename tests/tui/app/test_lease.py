"""What stands over the board when the lease of what a terminal keeps is over."""

from dataclasses import replace

from textual.widgets import DataTable

from wallboard_tui.tui.messages import ViewReplaced
from wallboard_tui.tui.screens.admin.base import Section
from wallboard_tui.tui.standing import Standing
from wallboard_tui.view.view import View

from .conftest import wait_until
from .test_admin_snapshots import TeamTerminal, program
from .test_snapshots import settled


class CutOff(TeamTerminal):
    """A terminal that knows when it has nothing that it may show."""

    def standing(self) -> Standing:
        return replace(super().standing(), empty=self.view is None)


async def test_team_goes_at_the_end_of_the_lease_and_stays_while_another_view_comes(view: View) -> None:
    app = program(view, kind=CutOff)
    terminal = app.own
    assert isinstance(terminal, CutOff)
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: settled(app))
        await pilot.press("f4")
        await wait_until(pilot, lambda: isinstance(app.screen, Section))
        await wait_until(pilot, lambda: app.screen.query_one("#rows", DataTable).row_count)
        terminal.view = None  # for a moment: the next one is on its way
        app.post_message(ViewReplaced())
        await pilot.pause()
        assert isinstance(app.screen, Section)
        terminal.state, terminal.at = "stale", terminal.at + 3600
        app.post_message(ViewReplaced())
        await wait_until(pilot, lambda: app.screen is app.board)
