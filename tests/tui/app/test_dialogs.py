"""What stands over the board: its footer says its own keys, and a click on one does what the key does."""

import pytest
from textual.pilot import Pilot

from wallboard_tui.tui.actions import BY_ID
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.screens.board import BoardScreen
from wallboard_tui.tui.screens.signin import SignIn
from wallboard_tui.tui.widgets.footer import Footer
from wallboard_tui.view.view import View

from .conftest import THEMES, StillTerminal, footer_of, somebody, wait_until


def drawn(app: WallboardApp) -> bool:
    """Whether a board with rows is in front."""
    board = app.board
    return board is not None and bool(board.panes) and bool(board.panes[0].rows) and "Help" in footer_of(app)


async def click_on(app: WallboardApp, pilot: Pilot[None], word: str) -> None:
    """Presses the mouse on a word of the last line."""
    await pilot.click(app.screen.query_one(Footer), offset=(footer_of(app).index(word), 0))


@pytest.mark.parametrize(
    ("keys", "said", "leave"),
    [
        (("question_mark",), " ↑ ↓ Scroll  Esc Close", "Close"),
        (("down", "enter"), " ↑ ↓ Scroll  Esc Close", "Close"),
        (("down", "w"), " ↑ ↓ Scroll  Esc Close", "Close"),
        (("slash",), " Enter Done  Esc Leave it", "Leave it"),
        (("t",), " ↑ ↓ Look  Enter Keep  Esc Leave it", "Keep"),
        (("ctrl+p",), " ↑ ↓ Choose  Enter Do it  Esc Leave it", "Leave it"),
    ],
)
async def test_a_dialog_says_its_own_keys_in_the_last_line_and_a_click_does_them(
    view: View, keys: tuple[str, ...], said: str, leave: str
) -> None:
    app = WallboardApp(StillTerminal(me=somebody(panes=("calls",)), view=view), theme_folders=[THEMES])
    async with app.run_test(size=(120, 30)) as pilot:
        await wait_until(pilot, lambda: drawn(app))
        board = footer_of(app)
        assert "Zoom" in board
        await pilot.press(*keys)
        try:
            await wait_until(pilot, lambda: footer_of(app) == said, 2)
        except BaseException:
            print(app.screen, [footer_of(app)], said)
            raise
        await click_on(app, pilot, leave)
        await wait_until(pilot, lambda: isinstance(app.screen, BoardScreen))
        assert footer_of(app) == board


async def test_a_click_on_a_key_that_ends_the_board_is_done_and_nothing_waits_for_itself(view: View) -> None:
    terminal = StillTerminal(me=somebody(panes=("calls",)), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(120, 30)) as pilot:
        await wait_until(pilot, lambda: drawn(app))
        board = app.board
        assert board is not None
        # As a click on it would say, were there room for it in the footer.
        board.post_message(Footer.Chosen(BY_ID["app.sign_out"]))
        await wait_until(pilot, lambda: isinstance(app.screen, SignIn))
        assert terminal.signed_out
        await wait_until(pilot, lambda: not board.is_running)
